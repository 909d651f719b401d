#!/usr/bin/env bash
# Makes the documents that the search stories post: a PDF printed by Chromium, a Word document and a table as older
# Korean spreadsheets save it. They are kept, because a print differs a little each time.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
page=$(mktemp --suffix .html)
trap 'rm -f "$page"' EXIT
cat >"$page" <<'HTML'
<!doctype html><meta charset="utf-8"><title>회의록</title>
<style>body { font: 12pt "Noto Sans CJK KR", sans-serif } h1 { letter-spacing: .02em }</style>
<h1>2026년 하반기 회의록</h1>
<p>제주 연수원에서 열린 회의에서 <b>냉난방기 교체</b>를 정했습니다. Budget approved: quarterly maintenance.</p>
<p style="break-before: page">둘째 쪽: 다음 모임은 춘천에서 합니다.</p>
HTML
chromium --headless --no-sandbox --disable-gpu --no-pdf-header-footer --print-to-pdf=minutes.pdf "file://$page" 2>/dev/null
python3 - <<'PY'
import zipfile

types = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>"""
rels = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>"""
document = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t xml:space="preserve">구내</w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>식당</w:t></w:r><w:r><w:t>에서 알립니다.</w:t></w:r></w:p><w:p><w:r><w:t>운영 시간이 바뀝니다.</w:t></w:r></w:p></w:body></w:document>"""
with zipfile.ZipFile("notice.docx", "w", zipfile.ZIP_DEFLATED) as docx:
    for name, text in [("[Content_Types].xml", types), ("_rels/.rels", rels), ("word/document.xml", document)]:
        docx.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), text, zipfile.ZIP_DEFLATED)
open("stock.csv", "wb").write("품목,수량\n돗자리,12\n".encode("cp949"))
PY
