//! What a crate's sources must never contain, whatever its manifest says.

use super::{line_at, rust_of};
use crate::house::Text;
use crate::source::{is_test_file, layers, without_tests};

/// Invariant 5: time and fresh ids are arguments of the model.
const CLOCK_LOTS_AND_WORLD: &[&str] = &[
    "std::time",
    "SystemTime",
    "Instant",
    "std::fs",
    "std::net",
    "std::env",
    "std::thread",
    "std::process",
    "rand::",
    "getrandom",
    "RandomState",
    "Timestamp::now",
    "Zoned::now",
    // These read the zones of the machine.
    "TimeZone::get",
    "TimeZone::system",
    "tz::db",
    "tokio",
];

/// SQL as it stands in a text. Upper case, as all our SQL is.
const SQL: &[&str] = &["SELECT ", "INSERT INTO ", "DELETE FROM ", "CREATE TABLE ", "UPDATE "];

const WITHOUT_SQL: &[&str] = &["madang-model", "madang-media", "madang-slack", "madang-server"];

/// Invariant 8: the shapes of outer JSON live only behind these doors.
const DOORS: &[&str] = &["crates/madang-server/", "crates/madang-slack/", "crates/madang-test/"];

pub fn check(texts: &[Text]) -> Vec<String> {
    let mut findings = pure_model(texts);
    findings.extend(sql(texts));
    findings.extend(outer_json(texts));
    findings
}

fn pure_model(texts: &[Text]) -> Vec<String> {
    let mut findings = Vec::new();
    for text in product(rust_of(texts, "madang-model")) {
        let code = without_tests(&layers(&text.body).code);
        findings.extend(found(
            text,
            &code,
            CLOCK_LOTS_AND_WORLD,
            "is not for the model: take it as an argument (invariant 5)",
        ));
    }
    findings
}

fn sql(texts: &[Text]) -> Vec<String> {
    let mut findings = Vec::new();
    for krate in WITHOUT_SQL {
        for text in product(rust_of(texts, krate)) {
            let strings = layers(&text.body).strings;
            findings.extend(found(text, &strings, SQL, "is SQL: it belongs in madang-store"));
        }
    }
    findings
}

fn outer_json(texts: &[Text]) -> Vec<String> {
    let mut findings = Vec::new();
    for text in texts.iter().filter(|text| text.path.starts_with("crates/") && text.path.ends_with(".rs")) {
        if DOORS.iter().any(|door| text.path.starts_with(door)) {
            continue;
        }
        let code = layers(&text.body).code;
        findings.extend(found(
            text,
            &code,
            &["ToSchema", "utoipa"],
            "describes outer JSON: it belongs in madang-server (invariant 8)",
        ));
    }
    findings
}

fn product(texts: Vec<&Text>) -> impl Iterator<Item = &Text> {
    texts.into_iter().filter(|text| !is_test_file(&text.path))
}

fn found(text: &Text, layer: &str, words: &[&str], why: &str) -> Vec<String> {
    words
        .iter()
        .filter_map(|word| layer.find(word).map(|offset| (word, line_at(layer, offset))))
        .map(|(word, line)| format!("{}:{line}: `{}` {why}", text.path, word.trim()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{outer_json, pure_model, sql};
    use crate::house::{Text, texts};

    fn one(path: &str, body: &str) -> Vec<Text> {
        vec![Text { path: path.to_owned(), body: body.to_owned() }]
    }

    #[test]
    fn invariant_5_the_model_reads_no_clock_and_draws_no_lot() {
        assert_eq!(pure_model(&texts().unwrap()), Vec::<String>::new());
        let clock = one("crates/madang-model/src/a.rs", "fn a() { let now = std::time::SystemTime::now(); }");
        assert!(!pure_model(&clock).is_empty());
        let talk = one("crates/madang-model/src/a.rs", "// An Instant would be wrong here.\n");
        assert!(pure_model(&talk).is_empty());
    }

    #[test]
    fn invariant_8_the_shapes_of_outer_json_live_only_behind_the_doors() {
        assert_eq!(outer_json(&texts().unwrap()), Vec::<String>::new());
        let shape = "#[derive(Serialize, utoipa::ToSchema)] struct A;";
        assert!(!outer_json(&one("crates/madang-app/src/a.rs", shape)).is_empty());
        assert!(outer_json(&one("crates/madang-server/src/wire.rs", shape)).is_empty());
    }

    #[test]
    fn the_door_holds_no_sql() {
        assert!(!sql(&one("crates/madang-server/src/a.rs", "let q = \"SELECT 1\";")).is_empty());
        assert!(sql(&one("crates/madang-store/src/a.rs", "let q = \"SELECT 1\";")).is_empty());
    }
}
