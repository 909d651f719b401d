//! Contacts as a file: CSV (RFC 4180), as spreadsheets write and read it.

use std::collections::BTreeMap;

use csv::{ReaderBuilder, StringRecord};
use encoding_rs::{EUC_KR, Encoding, UTF_8};
use madang_app::{ContactRow, Imported};
use madang_model::Refusal;
use madang_model::contact::ContactFacts;
use madang_store::contacts::ContactRecord;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::audit::csv_cell;
use crate::words::{self, Language};

/// Lines of one file: all of them are written in one transaction, while everybody else waits.
const LINES: usize = 20_000;
/// Bad lines that are told; of the others how many they are.
const BAD_TOLD: usize = 200;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ImportContacts {
    /// Only looks.
    #[serde(default)]
    pub dry_run: bool,
    /// Bad lines are left out; else nothing is written down as long as there are any.
    #[serde(default)]
    pub leave_out: bool,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct BadLine {
    /// In the file, from 1.
    pub line: u64,
    pub message: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Column {
    pub head: String,
    /// "name", "email", "phone", "company", "external_id", "tags", or "attribute".
    #[serde(rename = "as")]
    pub means: &'static str,
}

/// What came of a file, or would.
#[derive(Debug, Serialize, ToSchema)]
pub struct ContactsImported {
    /// Whether it was written down.
    pub done: bool,
    pub created: usize,
    pub changed: usize,
    /// Known already as they are.
    pub same: usize,
    pub bad: usize,
    /// The first of them.
    pub bad_lines: Vec<BadLine>,
    /// How the file was understood.
    pub columns: Vec<Column>,
}

impl ContactsImported {
    pub fn new(imported: Imported, columns: Vec<Column>, language: Language) -> ContactsImported {
        let told = |(line, refusal): &(u64, Refusal)| BadLine {
            line: *line,
            message: words::refusal(refusal, language),
        };
        ContactsImported {
            done: imported.done,
            created: imported.created,
            changed: imported.changed,
            same: imported.same,
            bad: imported.bad.len(),
            bad_lines: imported.bad.iter().take(BAD_TOLD).map(told).collect(),
            columns,
        }
    }
}

/// A file as it was read.
#[derive(Debug)]
pub struct ContactFile {
    pub columns: Vec<Column>,
    pub rows: Vec<ContactRow>,
}

/// Reads a file in UTF-8, UTF-16 or the encoding of Windows in Korean, with commas, semicolons or tabs.
///
/// # Errors
/// What is wrong with all of it; what is wrong with a line stands in its row.
pub fn read(bytes: &[u8]) -> Result<ContactFile, Refusal> {
    let text = text_of(bytes)?;
    let first = text.lines().next().unwrap_or_default();
    let often = |mark: char| first.matches(mark).count();
    let mark = [',', ';', '\t'].into_iter().max_by_key(|it| (often(*it), *it == ',')).unwrap_or(',');
    let mut reader = ReaderBuilder::new().delimiter(mark as u8).flexible(true).from_reader(text.as_bytes());
    let heads = reader.headers().map_err(|_| unreadable("its first line is not CSV"))?.clone();
    let columns: Vec<Column> = heads.iter().map(column).collect();
    if columns.iter().all(|it| it.means == "attribute") {
        return Err(unreadable("its first line names no column such as name, email, phone or company"));
    }
    let mut rows = Vec::new();
    for record in reader.records() {
        if rows.len() == LINES {
            return Err(Refusal::TooMany { what: "lines of the file", limit: LINES });
        }
        let record = record.map_err(|_| unreadable("it is not CSV"))?;
        if record.iter().all(|it| it.trim().is_empty()) {
            continue;
        }
        let line = record.position().map_or(0, csv::Position::line);
        rows.push(ContactRow { line, facts: facts(&columns, &record) });
    }
    Ok(ContactFile { columns, rows })
}

fn unreadable(why: &str) -> Refusal {
    Refusal::Invalid { what: "file", why: why.into() }
}

fn text_of(bytes: &[u8]) -> Result<String, Refusal> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return decoded(encoding, &bytes[mark..]).ok_or_else(|| unreadable("its text is damaged"));
    }
    let found = decoded(UTF_8, bytes).or_else(|| decoded(EUC_KR, bytes));
    found.ok_or_else(|| unreadable("its text is neither UTF-8 nor CP949"))
}

fn decoded(encoding: &'static Encoding, bytes: &[u8]) -> Option<String> {
    encoding.decode_without_bom_handling_and_without_replacement(bytes).map(std::borrow::Cow::into_owned)
}

fn column(head: &str) -> Column {
    let head = head.trim();
    let folded = madang_model::name::fold(head).replace([' ', '_', '-', '.'], "");
    let means = match folded.as_str() {
        "name" | "fullname" | "이름" | "성명" | "고객명" | "담당자" => "name",
        "email" | "mail" | "emailaddress" | "이메일" | "이메일주소" | "메일" | "메일주소" => {
            "email"
        }
        "phone" | "phonenumber" | "mobile" | "tel" | "telephone" | "전화" | "전화번호" | "휴대폰"
        | "휴대전화" | "연락처" | "핸드폰" => "phone",
        "company" | "organisation" | "organization" | "회사" | "회사명" | "소속" => "company",
        "tags" | "tag" | "태그" => "tags",
        "externalid" | "외부id" | "외부식별자" | "고객번호" => "external_id",
        _ => "attribute",
    };
    Column { head: head.to_owned(), means }
}

fn facts(columns: &[Column], record: &StringRecord) -> Result<ContactFacts, Refusal> {
    if record.len() > columns.len() {
        let why = "it has more columns than the first line".into();
        return Err(Refusal::Invalid { what: "the line", why });
    }
    let mut facts = ContactFacts::default();
    let mut attributes = BTreeMap::new();
    for (column, cell) in columns.iter().zip(record) {
        let cell = unguarded(cell.trim());
        if cell.is_empty() {
            continue;
        }
        match column.means {
            "name" => facts.name = cell.to_owned(),
            "email" => facts.email = Some(cell.to_owned()),
            "phone" => facts.phone = Some(cell.to_owned()),
            "company" => facts.company = Some(cell.to_owned()),
            "external_id" => facts.external_id = Some(cell.to_owned()),
            "tags" => facts.tags.extend(cell.split([',', ';']).map(|it| it.trim().to_owned())),
            _ if column.head.is_empty() => {}
            _ => drop(attributes.insert(column.head.clone(), cell.to_owned())),
        }
    }
    facts.attributes = attributes;
    Ok(facts)
}

/// What `csv_cell` put before a cell that a spreadsheet would compute.
fn unguarded(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if csv_cell(rest).starts_with("\"'") => rest,
        _ => cell,
    }
}

/// The first line. The mark before it tells spreadsheets that the text is UTF-8.
pub fn head(attributes: &[String]) -> String {
    let known = ["name", "email", "phone", "company", "external_id", "tags"];
    let all = known.into_iter().chain(attributes.iter().map(String::as_str));
    format!("\u{feff}{}\r\n", all.map(csv_cell).collect::<Vec<_>>().join(","))
}

/// The line of a contact.
pub fn line(contact: &ContactRecord, attributes: &[String]) -> String {
    let facts = &contact.facts;
    let text = |it: &Option<String>| it.clone().unwrap_or_default();
    let mut cells = vec![
        facts.name.clone(),
        text(&facts.email),
        text(&facts.phone),
        text(&facts.company),
        text(&facts.external_id),
        facts.tags.join("; "),
    ];
    cells.extend(attributes.iter().map(|it| facts.attributes.get(it).cloned().unwrap_or_default()));
    cells.iter().map(|cell| csv_cell(cell)).collect::<Vec<_>>().join(",") + "\r\n"
}

#[cfg(test)]
mod tests {
    use madang_model::{ContactId, WorkspaceId};

    use super::*;

    fn names(file: &ContactFile) -> Vec<String> {
        file.rows.iter().map(|it| it.facts.as_ref().expect("a contact").name.clone()).collect()
    }

    #[test]
    fn a_file_is_read_in_the_encodings_and_with_the_marks_of_spreadsheets() {
        let text = "이름;이메일;등급;태그\n홍길동;HONG@x.example;금;vip, 단골\n\n;;;\n";
        let (cp949, _, _) = EUC_KR.encode(text);
        let with_mark = [b"\xef\xbb\xbf".as_slice(), text.as_bytes()].concat();
        let utf16: Vec<u8> =
            [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        for bytes in [text.as_bytes(), &cp949, &with_mark, &utf16] {
            let file = read(bytes).expect("a file");
            assert_eq!(names(&file), ["홍길동"]);
            let facts = file.rows[0].facts.clone().expect("a contact");
            assert_eq!(facts.attributes["등급"], "금");
            assert_eq!(facts.tags, ["vip", "단골"]);
            assert_eq!(file.rows[0].line, 2);
        }
    }

    #[test]
    fn what_is_no_file_of_contacts_is_refused_and_a_bad_line_is_told() {
        assert!(matches!(read(b"\xff\x00\xff\x81\x20"), Err(Refusal::Invalid { what: "file", .. })));
        assert!(matches!(read(b"color,size\nred,4\n"), Err(Refusal::Invalid { what: "file", .. })));
        let file = read("name,email\n\"two\nlines\",a@b.example\nx,y,z\n".as_bytes()).expect("a file");
        assert_eq!(file.rows[1].line, 4);
        assert!(file.rows[1].facts.is_err());
        let long = format!("name\n{}", "a\n".repeat(LINES + 1));
        assert!(matches!(read(long.as_bytes()), Err(Refusal::TooMany { .. })));
    }

    #[test]
    fn what_is_carried_out_comes_back_as_it_was() {
        let facts = ContactFacts {
            name: "=1+1, \"홍\"".into(),
            email: Some("hong@x.example".into()),
            phone: Some("+82 10-1234-5678".into()),
            company: Some("한빛".into()),
            external_id: Some("u-1".into()),
            attributes: BTreeMap::from([("도시".into(), "서울\n마포".into())]),
            tags: vec!["vip".into(), "단골".into()],
        };
        let record = ContactRecord {
            id: ContactId(1),
            workspace: WorkspaceId(1),
            facts: facts.clone(),
            email_proven_at: None,
            consents: Vec::new(),
            created_at: 1,
            changed_at: 1,
            name_folded: String::new(),
        };
        let attributes = vec!["도시".to_owned(), "등급".to_owned()];
        let file = head(&attributes) + &line(&record, &attributes);
        assert!(file.contains("\"'=1+1"), "no spreadsheet computes it");
        let back = read(file.as_bytes()).expect("a file");
        assert_eq!(back.rows[0].facts, Ok(facts));
    }
}
