//! Everything that is not the same text on SQLite and PostgreSQL, and nothing else.
//!
//! Statements are written once with `$1` parameters. Tokens in braces become the engine's own words.

/// Which database is underneath.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// One node, a file of ours.
    Sqlite,
    /// Several nodes, a server.
    Postgres,
}

/// Token, SQLite's words, PostgreSQL's words.
///
/// - `{for_update}` locks the rows read until the transaction ends (SQLite has one writer anyway).
/// - `{skip_locked}` the same for claiming jobs: rows that others hold are passed over.
/// - `{c}` on a text column: sort by bytes whatever the database's collation says.
const TOKENS: &[(&str, &str, &str)] = &[
    // Stronger, two writers that hold the key of the row by a foreign key would wait for each other.
    ("{for_update}", "", "FOR NO KEY UPDATE"),
    ("{skip_locked}", "", "FOR UPDATE SKIP LOCKED"),
    ("{c}", "", "COLLATE \"C\""),
];

/// The text that `engine` is given for `sql`.
#[must_use]
pub fn render(engine: Engine, sql: &str) -> String {
    let mut text = sql.to_owned();
    for (token, sqlite, postgres) in TOKENS {
        if text.contains(token) {
            text = text.replace(token, if engine == Engine::Sqlite { sqlite } else { postgres });
        }
    }
    text = id_sets(engine, &text);
    if engine == Engine::Sqlite { numbered(&text) } else { text }
}

/// `{ids:$1}`: the ids of a JSON array parameter (`Value::ids`) as a subquery.
fn id_sets(engine: Engine, sql: &str) -> String {
    let mut out = String::with_capacity(sql.len());
    let mut rest = sql;
    while let Some((before, after)) = rest.split_once("{ids:") {
        let Some((parameter, tail)) = after.split_once('}') else { break };
        out.push_str(before);
        out.push_str(&match engine {
            Engine::Sqlite => format!("(SELECT value FROM json_each({parameter}))"),
            Engine::Postgres => {
                format!("(SELECT CAST(value AS BIGINT) FROM json_array_elements_text(CAST(CAST({parameter} AS TEXT) AS JSON)))")
            }
        });
        rest = tail;
    }
    out.push_str(rest);
    out
}

/// `$N` becomes `?N`: rusqlite takes `$N` for a *name* and binds names by first appearance, so that
/// `SELECT $2, $1` would come out swapped.
fn numbered(sql: &str) -> String {
    let mut out = String::with_capacity(sql.len());
    let mut quoted = false;
    let mut characters = sql.chars().peekable();
    while let Some(c) = characters.next() {
        if c == '\'' {
            quoted = !quoted;
        }
        let parameter = c == '$' && !quoted && characters.peek().is_some_and(char::is_ascii_digit);
        out.push(if parameter { '?' } else { c });
    }
    out
}

/// A migration for `engine`: lines that open with `--sqlite ` or `--postgres ` are that engine's alone.
#[must_use]
pub fn script(engine: Engine, text: &str) -> String {
    let own = if engine == Engine::Sqlite { "--sqlite " } else { "--postgres " };
    let lines: Vec<&str> =
        text.lines().map(|line| line.trim_start().strip_prefix(own).unwrap_or(line)).collect();
    render(engine, &lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_become_numbers_and_quoted_text_stays() {
        assert_eq!(render(Engine::Sqlite, "SELECT $2, '$1', $1"), "SELECT ?2, '$1', ?1");
        assert_eq!(render(Engine::Postgres, "SELECT $2, '$1'"), "SELECT $2, '$1'");
    }

    #[test]
    fn tokens_become_the_engines_words() {
        assert_eq!(render(Engine::Sqlite, "SELECT 1 {for_update}"), "SELECT 1 ");
        assert_eq!(render(Engine::Postgres, "SELECT 1 {skip_locked}"), "SELECT 1 FOR UPDATE SKIP LOCKED");
        assert_eq!(
            render(Engine::Sqlite, "x IN {ids:$1} AND y = $2"),
            "x IN (SELECT value FROM json_each(?1)) AND y = ?2"
        );
    }

    #[test]
    fn marked_lines_belong_to_one_engine() {
        let text = "CREATE TABLE a (b TEXT);\n--sqlite PRAGMA x;\n--postgres SET y = 1;";
        assert!(script(Engine::Sqlite, text).ends_with("\nPRAGMA x;\n--postgres SET y = 1;"));
        assert!(script(Engine::Postgres, text).ends_with("\nSET y = 1;"));
    }
}
