//! The log has one door: which SQL may write events and what follows from them in the same transaction.

use super::line_at;
use crate::house::Text;
use crate::source::{is_test_file, layers};

/// Where events are added. Nothing else may do it (invariant 1).
const DOOR: &str = "crates/madang-store/src/log/append.rs";

/// Where the core views are kept, in the transaction that appends (invariant 1).
const BEHIND_THE_DOOR: &str = "crates/madang-store/src/log/";

const ADDS_EVENTS: &[&str] = &["INTO events"];

const WRITES_CORE_VIEWS: &[&str] = &[
    "INTO messages",
    "UPDATE messages",
    "DELETE FROM messages",
    "INTO reactions",
    "UPDATE reactions",
    "DELETE FROM reactions",
];

/// The one place where a whole space goes away, after its keys (erasure by law).
const ERASURE: &str = "crates/madang-store/src/log/erase.rs";

/// Events are never changed (invariant 2).
const CHANGES_EVENTS: &[&str] = &["UPDATE events", "DELETE FROM events", "TRUNCATE events"];

pub fn check(texts: &[Text]) -> Vec<String> {
    let mut findings = one_door(texts);
    findings.extend(never_changed(texts));
    findings
}

fn one_door(texts: &[Text]) -> Vec<String> {
    let mut findings = Vec::new();
    for (text, sql) in sql(texts) {
        if text.path != DOOR {
            findings.extend(found(
                text,
                &sql,
                ADDS_EVENTS,
                "adds events past the log's append (invariant 1)",
            ));
        }
        if !text.path.starts_with(BEHIND_THE_DOOR) {
            let why = "writes what only the log's append may write (invariant 1)";
            findings.extend(found(text, &sql, WRITES_CORE_VIEWS, why));
        }
    }
    findings
}

fn never_changed(texts: &[Text]) -> Vec<String> {
    sql(texts)
        .filter(|(text, _)| text.path != ERASURE)
        .flat_map(|(text, sql)| found(text, &sql, CHANGES_EVENTS, "changes events (invariant 2)"))
        .collect()
}

/// Product files with the texts they hold; SQL stands in texts.
fn sql(texts: &[Text]) -> impl Iterator<Item = (&Text, String)> {
    texts
        .iter()
        .filter(|text| text.path.starts_with("crates/") && text.path.ends_with(".rs"))
        .filter(|text| !is_test_file(&text.path) && !text.path.starts_with("crates/madang-test/"))
        .map(|text| (text, layers(&text.body).strings))
}

fn found(text: &Text, sql: &str, words: &[&str], why: &str) -> Vec<String> {
    words
        .iter()
        .flat_map(|word| sql.match_indices(word))
        // `events_by_day` would be another table.
        .filter(|(offset, word)| {
            !sql[offset + word.len()..].starts_with(|one: char| one.is_alphanumeric() || one == '_')
        })
        .map(|(offset, word)| format!("{}:{}: `{word}` {why}", text.path, line_at(sql, offset)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{DOOR, never_changed, one_door};
    use crate::house::{Text, texts};

    fn one(path: &str, sql: &str) -> Vec<Text> {
        vec![Text { path: path.to_owned(), body: format!("const SQL: &str = \"{sql}\";") }]
    }

    #[test]
    fn invariant_1_shared_content_enters_by_append_alone() {
        let house = texts().unwrap();
        assert_eq!(one_door(&house), Vec::<String>::new());
        // The door is where this test thinks it is.
        let door = house.iter().find(|text| text.path == DOOR).unwrap();
        assert!(door.body.contains("INSERT INTO events"));

        assert_eq!(one_door(&one("crates/madang-store/src/people.rs", "INSERT INTO events (a)")).len(), 1);
        assert_eq!(one_door(&one("crates/madang-store/src/log/views.rs", "INSERT INTO events (a)")).len(), 1);
        assert_eq!(one_door(&one("crates/madang-app/src/a.rs", "UPDATE messages SET a = 1")).len(), 1);
        assert_eq!(
            one_door(&one("crates/madang-store/src/log/views.rs", "UPDATE messages SET a = 1")).len(),
            0
        );
    }

    #[test]
    fn invariant_2_an_event_is_never_changed() {
        assert_eq!(never_changed(&texts().unwrap()), Vec::<String>::new());
        assert_eq!(never_changed(&one(DOOR, "UPDATE events SET payload = $1")).len(), 1);
        assert_eq!(never_changed(&one(DOOR, "UPDATE events_seen SET a = 1")).len(), 0);
    }
}
