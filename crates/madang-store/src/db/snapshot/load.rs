//! Reading a snapshot into an empty database.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use super::catalogue;
use super::format::Reading;
use super::{Engine, Manifest, Table, Tx, quoted};
use crate::db::{Value, migrate};
use crate::error::{Result, StoreError};
use crate::values;

/// Rows in one statement: enough to hide the round trip, far below either engine's limit of parameters.
const TOGETHER: usize = 64;

const FOREIGN_KEYS: &str = "SELECT CAST(conrelid AS regclass)::text, quote_ident(conname) FROM pg_constraint
    WHERE contype = 'f' AND connamespace = CAST(current_schema() AS regnamespace)";

pub(super) fn load(tx: &mut Tx, directory: &Path) -> Result<Manifest> {
    let manifest = Manifest::read(directory)?;
    let schema = migrate::taken(tx)?;
    if schema != manifest.schema {
        return Err(StoreError::Snapshot(format!(
            "the backup is of schema {} and this database at {schema}: restore it with the version that made it",
            manifest.schema
        )));
    }
    check_tables(tx, &manifest)?;
    let constraints = defer_foreign_keys(tx)?;
    for table in &manifest.tables {
        fill(tx, directory, table)?;
    }
    restore_foreign_keys(tx, &constraints)?;
    Ok(manifest)
}

/// Every table of the snapshot exists here with these columns, and is empty.
fn check_tables(tx: &mut Tx, manifest: &Manifest) -> Result<()> {
    let here = catalogue::tables(tx, &[])?;
    for table in &manifest.tables {
        let same = here.iter().any(|found| found.name == table.name && found.columns == table.columns);
        if !same {
            return Err(StoreError::Snapshot(format!(
                "table {} of the backup is not in this schema",
                table.name
            )));
        }
        let mut empty = true;
        tx.each_text(&format!("SELECT 1 FROM {} LIMIT 1", quoted(&table.name)?), values![], |_| {
            empty = false;
            Ok(())
        })?;
        if !empty {
            return Err(StoreError::Snapshot(format!(
                "table {} is not empty: restore into a fresh data directory or schema",
                table.name
            )));
        }
    }
    Ok(())
}

fn fill(tx: &mut Tx, directory: &Path, table: &Table) -> Result<()> {
    let file = directory.join(format!("{}.rows", table.name));
    let damaged = |error: &dyn std::fmt::Display| {
        StoreError::Snapshot(format!("{} of the backup cannot be read: {error}", file.display()))
    };
    let input = File::open(&file).map_err(|error| damaged(&error))?;
    let mut rows = Reading::new(BufReader::with_capacity(1 << 18, input));
    let mut count = 0;
    let mut group: Vec<Value> = Vec::new();
    let whole = insert(table, TOGETHER)?;
    while let Some(row) = rows.next(table.columns.len()).map_err(|error| damaged(&error))? {
        count += 1;
        group.extend(row);
        if group.len() == TOGETHER * table.columns.len() {
            tx.exec_text(&whole, &group)?;
            group.clear();
        }
    }
    if !group.is_empty() {
        tx.exec_text(&insert(table, group.len() / table.columns.len())?, &group)?;
    }
    if rows.finish() == table.sha256 && count == table.rows {
        return Ok(());
    }
    Err(damaged(&"its checksum is not the manifest's"))
}

fn insert(table: &Table, rows: usize) -> Result<String> {
    let width = table.columns.len();
    let row = |row: usize| {
        let parameters: Vec<String> =
            (1..=width).map(|column| format!("${}", row * width + column)).collect();
        format!("({})", parameters.join(", "))
    };
    let rows: Vec<String> = (0..rows).map(row).collect();
    let columns = catalogue::list(table.columns.iter().map(|column| &column.name), "")?;
    Ok(format!("INSERT INTO {} ({columns}) VALUES {}", quoted(&table.name)?, rows.join(", ")))
}

/// Tables come in the order of their names, so references are checked when all rows are there.
fn defer_foreign_keys(tx: &mut Tx) -> Result<Vec<(String, String)>> {
    if tx.engine() == Engine::Sqlite {
        tx.batch("PRAGMA defer_foreign_keys = ON")?;
        return Ok(Vec::new());
    }
    let rows = tx.rows(FOREIGN_KEYS, values![])?;
    let constraints: Result<Vec<(String, String)>> =
        rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect();
    let constraints = constraints?;
    for (table, constraint) in &constraints {
        tx.batch(&format!(
            "ALTER TABLE {table} ALTER CONSTRAINT {constraint} DEFERRABLE INITIALLY DEFERRED"
        ))?;
    }
    Ok(constraints)
}

fn restore_foreign_keys(tx: &mut Tx, constraints: &[(String, String)]) -> Result<()> {
    if tx.engine() == Engine::Sqlite {
        return Ok(());
    }
    tx.batch("SET CONSTRAINTS ALL IMMEDIATE")?;
    for (table, constraint) in constraints {
        tx.batch(&format!("ALTER TABLE {table} ALTER CONSTRAINT {constraint} NOT DEFERRABLE"))?;
    }
    Ok(())
}
