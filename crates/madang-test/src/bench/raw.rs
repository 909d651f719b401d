//! Raw SQLite with the settings of the product: what the disk and the library
//! allow when nothing else is done. Runs as a process of its own.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Result;
use rusqlite::{Connection, params};

use super::machine::{SERVER_CORE, pin};

/// Opens a log with one table: durable at each commit.
pub fn open(file: &Path) -> Result<Connection> {
    let conn = Connection::open(file)?;
    conn.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -16384;
         CREATE TABLE IF NOT EXISTS lines (space INTEGER NOT NULL, seq INTEGER NOT NULL, at_us INTEGER NOT NULL,
            client_id TEXT NOT NULL, text TEXT NOT NULL, PRIMARY KEY (space, seq));",
    )?;
    Ok(conn)
}

/// Appends one line.
pub fn append(conn: &Connection, seq: i64, at_us: i64, client_id: &str, text: &str) -> Result<()> {
    let mut insert = conn.prepare_cached(
        "INSERT INTO lines (space, seq, at_us, client_id, text) VALUES (1, ?1, ?2, ?3, ?4)",
    )?;
    insert.execute(params![seq, at_us, client_id, text])?;
    Ok(())
}

/// The newest line's number.
pub fn head(conn: &Connection) -> Result<i64> {
    Ok(conn.query_row("SELECT coalesce(max(seq), 0) FROM lines", [], |row| row.get(0))?)
}

/// Commits groups of `group` rows; gives rows a second.
pub fn write(file: &Path, group: i64, time: Duration) -> Result<f64> {
    pin(SERVER_CORE)?;
    let conn = open(file)?;
    let mut seq = head(&conn)?;
    let first = seq;
    let begun = Instant::now();
    while begun.elapsed() < time {
        conn.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
        for _ in 0..group {
            seq += 1;
            append(&conn, seq, seq, &format!("b{seq}"), &"x".repeat(100))?;
        }
        conn.prepare_cached("COMMIT")?.execute([])?;
    }
    Ok((seq - first) as f64 / begun.elapsed().as_secs_f64())
}

/// Reads `count` rows by 64, as pages are read; gives milliseconds for the newest page and for all.
pub fn read(file: &Path, count: i64) -> Result<(f64, f64)> {
    pin(SERVER_CORE)?;
    let conn = open(file)?;
    conn.execute_batch("BEGIN IMMEDIATE")?;
    for seq in head(&conn)? + 1..=count {
        append(&conn, seq, seq, &format!("b{seq}"), &"x".repeat(100))?;
    }
    conn.execute_batch("COMMIT")?;
    drop(conn);
    let conn = open(file)?;
    let begun = Instant::now();
    let mut newest = 0.0;
    for page in (0..=count / 64).rev() {
        let mut select = conn.prepare_cached(
            "SELECT seq, at_us, client_id, text FROM lines WHERE space = 1 AND seq BETWEEN ?1 AND ?2",
        )?;
        let mut rows = select.query([page * 64, page * 64 + 63])?;
        let mut bytes = 0;
        while let Some(row) = rows.next()? {
            bytes += row.get_ref(3)?.as_str()?.len();
        }
        std::hint::black_box(bytes);
        if newest == 0.0 {
            newest = begun.elapsed().as_secs_f64() * 1e3;
        }
    }
    Ok((newest, begun.elapsed().as_secs_f64() * 1e3))
}
