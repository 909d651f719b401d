//! The table of methods in the docs, written from the one that answers: docs/protocol/slack-methods.md.

use super::{Method, all};
use crate::events::EVENTS;

/// Every method that Slack's own libraries know, one a line.
const KNOWN: &str = include_str!("known.txt");

/// The page: what there is, in whole or in part, and what is absent.
#[must_use]
pub fn page() -> String {
    let mut methods = all();
    methods.sort_by_key(|it| it.name);
    let mut page = String::from(
        "# Methods of the Slack-compatible API\n\nWritten by a test from the table that answers; \
         [slack.md](slack.md) says the rest. Whatever does not stand here is answered with `unknown_method`.\n\n\
         | Method | Tokens | Scopes (one of) | |\n| --- | --- | --- | --- |\n",
    );
    for method in &methods {
        page.push_str(&line(method));
    }
    let absent: Vec<&str> = KNOWN.lines().filter(|name| !methods.iter().any(|it| it.name == *name)).collect();
    page.push_str(
        "\n## Absent\n\nSlack's libraries know these too. They are answered with `unknown_method`.\n",
    );
    for family in absent.chunk_by(|a, b| family(a) == family(b)) {
        let names: Vec<String> = family.iter().map(|it| format!("`{it}`")).collect();
        page.push_str(&format!("\n- {}", names.join(", ")));
    }
    page.push_str("\n\n## Events\n\nWhat apps may be told of, by the names of their subscriptions. Others that a manifest names never come.\n\n| Event | |\n| --- | --- |\n");
    for (name, partly) in EVENTS {
        let whole = partly.map_or_else(|| "supported".to_owned(), |it| format!("partial: {it}"));
        page.push_str(&format!("| `{name}` | {whole} |\n"));
    }
    page
}

fn family(name: &str) -> &str {
    name.split('.').next().unwrap_or_default()
}

fn line(method: &Method) -> String {
    let tokens = match method.tokens {
        crate::call::Tokens::Anyone => "none",
        crate::call::Tokens::BotOrUser => "bot, user",
        crate::call::Tokens::Bot => "bot",
        crate::call::Tokens::User => "user",
        crate::call::Tokens::App => "app",
        crate::call::Tokens::Any => "any",
    };
    let scopes: Vec<String> = method.scopes.iter().map(|it| format!("`{it}`")).collect();
    let whole = method.partly.map_or_else(|| "supported".to_owned(), |it| format!("partial: {it}"));
    format!("| `{}` | {tokens} | {} | {whole} |\n", method.name, scopes.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_of_methods_says_what_the_table_says() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/protocol/slack-methods.md");
        if std::env::var_os("MADANG_BLESS").is_some() {
            std::fs::write(path, page()).unwrap();
        }
        let kept = std::fs::read_to_string(path).unwrap();
        assert_eq!(
            kept,
            page(),
            "write it anew: MADANG_BLESS=1 cargo test --workspace --lib the_page_of_methods"
        );
    }

    #[test]
    fn every_scope_of_the_table_is_one_that_a_manifest_may_name() {
        for method in all() {
            for scope in method.scopes {
                assert!(crate::scopes::is_known(scope), "{}: {scope}", method.name);
            }
        }
    }

    #[test]
    fn the_methods_that_libraries_know_are_in_order() {
        assert!(KNOWN.lines().is_sorted() && KNOWN.lines().count() > 300);
    }
}
