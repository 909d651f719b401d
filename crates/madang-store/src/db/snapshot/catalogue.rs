//! Which tables and columns there are, asked of the engine's own catalogue.

use super::{Column, Conn, Engine, Kind, quoted};
use crate::error::{Result, StoreError};
use crate::values;

/// A table as the engine describes it.
pub(super) struct Found {
    pub(super) name: String,
    pub(super) columns: Vec<Column>,
    /// The primary key's columns in order; all columns when there is none.
    pub(super) key: Vec<String>,
}

const SQLITE_TABLES: &str = "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' \
    AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name";
/// Hidden columns are 1, generated ones 2 and 3.
const SQLITE_COLUMNS: &str =
    "SELECT name, upper(type), pk FROM pragma_table_xinfo($1) WHERE hidden = 0 ORDER BY cid";

const POSTGRES_TABLES: &str = "SELECT CAST(table_name AS TEXT) FROM information_schema.tables \
    WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' ORDER BY table_name";
const POSTGRES_COLUMNS: &str = "SELECT CAST(c.column_name AS TEXT), upper(CAST(c.data_type AS TEXT)), \
    CAST(coalesce(k.ordinal_position, 0) AS BIGINT) FROM information_schema.columns c \
    LEFT JOIN information_schema.table_constraints t ON t.table_schema = c.table_schema \
        AND t.table_name = c.table_name AND t.constraint_type = 'PRIMARY KEY' \
    LEFT JOIN information_schema.key_column_usage k ON k.constraint_schema = t.constraint_schema \
        AND k.constraint_name = t.constraint_name AND k.table_name = c.table_name \
        AND k.column_name = c.column_name \
    WHERE c.table_schema = current_schema() AND CAST(c.table_name AS TEXT) = $1 AND c.is_generated = 'NEVER' \
    ORDER BY c.ordinal_position";

/// All tables but the migration runner's and those in `except`, by name.
pub(super) fn tables(conn: &mut Conn, except: &[&str]) -> Result<Vec<Found>> {
    let (tables, columns) = match conn.engine() {
        Engine::Sqlite => (SQLITE_TABLES, SQLITE_COLUMNS),
        Engine::Postgres => (POSTGRES_TABLES, POSTGRES_COLUMNS),
    };
    let mut found = Vec::new();
    for row in conn.rows(tables, values![])? {
        let name: String = row.get(0)?;
        if name != "migrations" && !except.contains(&name.as_str()) {
            found.push(table(conn, columns, name)?);
        }
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(found)
}

fn table(conn: &mut Conn, query: &'static str, name: String) -> Result<Found> {
    let mut columns = Vec::new();
    let mut key = Vec::new();
    for row in conn.rows(query, values![&name])? {
        let column: String = row.get(0)?;
        let place: i64 = row.get(2)?;
        if place > 0 {
            key.push((place, column.clone()));
        }
        columns.push(Column { kind: kind(&row.get::<String>(1)?, &name, &column)?, name: column });
    }
    key.sort();
    let mut key: Vec<String> = key.into_iter().map(|(_, column)| column).collect();
    if key.is_empty() {
        key = columns.iter().map(|column| column.name.clone()).collect();
    }
    Ok(Found { name, columns, key })
}

fn kind(declared: &str, table: &str, column: &str) -> Result<Kind> {
    Ok(match declared {
        "BOOLEAN" => Kind::Bool,
        "BIGINT" | "INTEGER" | "SMALLINT" => Kind::I64,
        "DOUBLE PRECISION" => Kind::F64,
        "TEXT" => Kind::Text,
        "BLOB" | "BYTEA" => Kind::Blob,
        other => {
            return Err(StoreError::Snapshot(format!(
                "column {table}.{column} is {other}: the portable types are BOOLEAN, BIGINT, DOUBLE PRECISION, TEXT \
                 and BLOB"
            )));
        }
    })
}

/// `"a", "b"`.
pub(super) fn list<'a>(names: impl Iterator<Item = &'a String>, after: &str) -> Result<String> {
    let parts: Result<Vec<String>> = names.map(|name| Ok(format!("{}{after}", quoted(name)?))).collect();
    Ok(parts?.join(", "))
}
