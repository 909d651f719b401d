//! Writing a snapshot.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;

use super::catalogue::{self, Found};
use super::format::{Rows, meant};
use super::{Conn, MANIFEST, Manifest, Table, quoted};
use crate::db::migrate;
use crate::disk;
use crate::error::{Result, StoreError};
use crate::values;

pub(super) fn save(conn: &mut Conn, directory: &Path, except: &[&str]) -> Result<Manifest> {
    disk::make_directory(directory).map_err(|error| failed(directory, &error))?;
    let mut entries = fs::read_dir(directory).map_err(|error| failed(directory, &error))?;
    if entries.next().is_some() {
        return Err(failed(directory, &"the folder is not empty"));
    }
    let schema = migrate::taken(conn)?;
    let mut tables = Vec::new();
    for found in catalogue::tables(conn, except)? {
        tables.push(table(conn, directory, found)?);
    }
    let manifest = Manifest { format: 1, schema, tables };
    let text = serde_json::to_vec_pretty(&manifest).map_err(|error| failed(directory, &error))?;
    // Last: a folder without a manifest is not a snapshot.
    File::create_new(directory.join(MANIFEST))
        .and_then(|mut file| file.write_all(&text).and_then(|()| file.sync_all()))
        .and_then(|()| disk::sync_directory(directory))
        .map_err(|error| failed(directory, &error))?;
    Ok(manifest)
}

fn table(conn: &mut Conn, directory: &Path, found: Found) -> Result<Table> {
    let file = directory.join(format!("{}.rows", found.name));
    let out = File::create_new(&file).map_err(|error| failed(&file, &error))?;
    let mut rows = Rows::new(BufWriter::with_capacity(1 << 18, out));
    let text = format!(
        "SELECT {} FROM {} ORDER BY {}",
        catalogue::list(found.columns.iter().map(|column| &column.name), "")?,
        quoted(&found.name)?,
        catalogue::list(found.key.iter(), " NULLS FIRST")?,
    );
    conn.each_text(&text, values![], |row| {
        let values: Vec<_> = row
            .into_values()
            .into_iter()
            .zip(&found.columns)
            .map(|(value, c)| meant(value, c.kind))
            .collect();
        rows.push(&values).map_err(|error| failed(&file, &error))
    })?;
    let count = rows.count;
    let (sha256, out) = rows.finish();
    out.into_inner()
        .map_err(std::io::IntoInnerError::into_error)
        .and_then(|out| out.sync_all())
        .map_err(|error| failed(&file, &error))?;
    Ok(Table { name: found.name, columns: found.columns, rows: count, sha256 })
}

fn failed(file: &Path, why: &dyn std::fmt::Display) -> StoreError {
    StoreError::Snapshot(format!("the backup cannot be written to {}: {why}", file.display()))
}
