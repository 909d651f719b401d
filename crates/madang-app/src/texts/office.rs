//! The text of office documents: a zip of XML in all of them (Word, Excel, PowerPoint, OpenDocument, Hangul's HWPX).

use std::io::{BufReader, Cursor, Read};

use quick_xml::Reader;
use quick_xml::events::{BytesRef, Event};
use zip::ZipArchive;

use super::inside::Text;

/// What one part of a document may unfold to.
const PART: u64 = 64 << 20;
/// What all of them may unfold to.
const WHOLE: u64 = 128 << 20;
/// Parts of a document that are looked at.
const MOST_PARTS: usize = 2_000;

pub(super) fn read(bytes: &[u8], text: &mut Text) {
    let Ok(mut zip) = ZipArchive::new(Cursor::new(bytes)) else { return };
    let mut left = WHOLE;
    for name in parts(&zip) {
        if text.is_full() || left == 0 {
            return;
        }
        let Ok(part) = zip.by_name(&name) else { continue };
        // The directory of the zip may lie about the length: what comes out is counted.
        let mut counted = part.take(PART.min(left));
        let room = counted.limit();
        words(BufReader::new(&mut counted), name == "content.xml", text);
        left -= room - counted.limit();
    }
}

/// The parts in which text stands, in the order in which people read them.
fn parts<R: Read + std::io::Seek>(zip: &ZipArchive<R>) -> Vec<String> {
    let mut names: Vec<String> = zip
        .file_names()
        .filter_map(|name| Some(name.ok()?.into_owned()))
        .filter(|name| holds_text(name))
        .collect();
    // `slide2.xml` before `slide10.xml`.
    names.sort_by_key(|name| (name.len(), name.clone()));
    names.truncate(MOST_PARTS);
    names
}

fn holds_text(name: &str) -> bool {
    let numbered = |folder: &str| {
        name.strip_prefix(folder).is_some_and(|rest| rest.ends_with(".xml") && !rest.contains('/'))
    };
    matches!(
        name,
        "word/document.xml"
            | "word/footnotes.xml"
            | "word/endnotes.xml"
            | "word/comments.xml"
            | "xl/sharedStrings.xml"
            | "content.xml"
    ) || ["xl/worksheets/", "ppt/slides/", "ppt/notesSlides/", "Contents/section"]
        .iter()
        .any(|it| numbered(it))
}

/// The text of one part. Words are cut into runs anywhere, so only what ends a line or a cell parts them. Text stands
/// in `t` in Word, Excel, PowerPoint and HWPX, and in paragraphs in OpenDocument (`open`).
fn words(source: impl std::io::BufRead, open: bool, text: &mut Text) {
    let is_run = |tag: &str| if open { matches!(tag, "p" | "h") } else { tag == "t" };
    let mut reader = Reader::from_reader(source);
    let mut buffer = Vec::new();
    let mut inside = 0_u32;
    while !text.is_full() {
        buffer.clear();
        // What cannot be read ends the part; what came before it was text all the same.
        let Ok(event) = reader.read_event_into(&mut buffer) else { return };
        match event {
            Event::Eof => return,
            Event::Start(tag) => inside += u32::from(is_run(tag.local_name().as_ref())),
            Event::End(tag) => {
                inside = inside.saturating_sub(u32::from(is_run(tag.local_name().as_ref())));
                ends(tag.local_name().as_ref(), text);
            }
            Event::Empty(tag) => ends(tag.local_name().as_ref(), text),
            Event::Text(piece) if inside > 0 => text.push(&piece.xml10_content()),
            Event::CData(piece) if inside > 0 => text.push(&piece.xml10_content()),
            Event::GeneralRef(name) if inside > 0 => text.push(&character(&name)),
            _ => {}
        }
    }
}

fn ends(tag: &str, text: &mut Text) {
    match tag {
        "p" | "h" | "si" | "is" | "br" | "cr" | "line-break" | "lineBreak" => text.gap(),
        "tab" | "s" => text.push(" "),
        _ => {}
    }
}

fn character(name: &BytesRef<'_>) -> String {
    if let Ok(Some(found)) = name.resolve_char_ref() {
        return found.to_string();
    }
    // A name of the document's own is left out: what it would unfold to is not looked at.
    quick_xml::escape::resolve_predefined_entity(name).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;

    fn zipped(parts: &[(&str, &[u8])]) -> Vec<u8> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in parts {
            zip.start_file(*name, SimpleFileOptions::default()).expect("begun");
            zip.write_all(content).expect("written");
        }
        zip.finish().expect("finished").into_inner()
    }

    fn told(parts: &[(&str, &[u8])]) -> String {
        super::super::read_text(&zipped(parts)).trim().to_owned()
    }

    #[test]
    fn words_are_whole_however_they_were_cut_into_runs() {
        let document = "<w:document><w:body><w:p><w:r><w:t>회</w:t></w:r><w:r><w:instrText>PAGE</w:instrText><w:t>의록</w:t>\
            </w:r><w:r><w:tab/><w:t>A &amp; B</w:t></w:r></w:p><w:p><w:r><w:t>예산</w:t></w:r></w:p></w:body></w:document>";
        assert_eq!(told(&[("word/document.xml", document.as_bytes())]), "회의록 A & B\n예산");
    }

    #[test]
    fn cells_slides_and_pages_are_read_in_their_order() {
        let strings = "<sst><si><t>품목</t></si><si><r><t>합</t></r><r><t>계</t></r></si></sst>";
        assert_eq!(told(&[("xl/sharedStrings.xml", strings.as_bytes())]), "품목\n합계");
        let slide = |word: &str| format!("<p:sld><a:p><a:r><a:t>{word}</a:t></a:r></a:p></p:sld>");
        let (second, tenth) = (slide("둘째"), slide("열째"));
        let parts =
            [("ppt/slides/slide10.xml", tenth.as_bytes()), ("ppt/slides/slide2.xml", second.as_bytes())];
        assert_eq!(told(&parts), "둘째\n열째");
        let open = "<office:body><text:h>제목</text:h><text:p>글<text:span>자</text:span><text:s/>둘</text:p></office:body>";
        assert_eq!(told(&[("content.xml", open.as_bytes())]), "제목\n글자 둘");
        let hangul = "<hs:sec><hp:p><hp:run><hp:t>한글 문서</hp:t></hp:run></hp:p></hs:sec>";
        assert_eq!(told(&[("Contents/section0.xml", hangul.as_bytes())]), "한글 문서");
        assert_eq!(told(&[("other.xml", b"<t>nothing</t>")]), "");
    }

    #[test]
    fn a_document_that_unfolds_without_end_is_cut_off() {
        // A gigabyte of one letter, were it written out; here as much as may be taken from a part, and more.
        let long = vec![b' '; usize::try_from(PART).expect("it fits") + (1 << 20)];
        let end = b"<a><t>never reached</t></a>".as_slice();
        assert_eq!(told(&[("content.xml", &[long.as_slice(), end].concat())]), "");
        // Names that stand for names that stand for names.
        let laughs = "<!DOCTYPE x [<!ENTITY a 'ha'><!ENTITY b '&a;&a;'>]><x><t>&b;ok</t></x>";
        assert_eq!(told(&[("word/document.xml", laughs.as_bytes())]), "ok");
        // Deep, and never closed.
        let deep = format!("<t>{}", "<t>깊".repeat(20_000));
        assert!(told(&[("word/document.xml", deep.as_bytes())]).starts_with("깊깊"));
    }
}
