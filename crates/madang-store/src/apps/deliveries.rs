//! What apps are to be told, and for some days what they were: in order in each space, and each thing once.

use madang_model::{AppId, Seq, SpaceId};

use crate::db::{Conn, Row, Tx};
use crate::error::Result;
use crate::{sql, values};

sql! {
    const INSERT = "INSERT INTO app_deliveries (id, app, space, seq, kind, about, at_us, state, run_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, 'waiting', 0)";
    const TOLD = "SELECT seq FROM app_told WHERE app = $1 AND space = $2";
    const SET_TOLD = "INSERT INTO app_told (app, space, seq) VALUES ($1, $2, $3)
        ON CONFLICT (app, space) DO UPDATE SET seq = excluded.seq";
    /// The first that waits in each space: those after it wait for it, unless it was put aside.
    const DUE = "SELECT d.id, d.app, d.space, d.seq, d.kind, d.about, d.at_us, d.state, d.part, d.single, d.tries, d.status, d.fault
        FROM app_deliveries d JOIN apps a ON a.id = d.app
        WHERE d.state = 'waiting' AND d.run_at <= $1 AND a.suspended_at IS NULL AND (d.aside OR d.id = (SELECT min(f.id)
            FROM app_deliveries f WHERE f.app = d.app AND f.space = d.space AND f.state = 'waiting' AND f.aside = FALSE))
        ORDER BY d.id LIMIT $2";
    const TAKEN = "UPDATE app_deliveries SET state = 'taken', status = $2, fault = NULL, run_at = $3 WHERE id = $1";
    const NOTHING = "DELETE FROM app_deliveries WHERE id = $1";
    const PART = "UPDATE app_deliveries SET part = $2, tries = 0, run_at = 0, aside = FALSE WHERE id = $1";
    const ASIDE = "INSERT INTO app_deliveries (id, app, space, seq, kind, about, at_us, state, part, single, tries, aside,
        run_at, status, fault) SELECT $2, app, space, seq, kind, about, at_us, 'waiting', part, TRUE, 1, TRUE, $3, $4, $5
        FROM app_deliveries WHERE id = $1";
    const AGAIN = "UPDATE app_deliveries SET tries = tries + 1, run_at = $2, status = $3, fault = $4, aside = $5
        WHERE id = $1";
    const FAILED = "UPDATE app_deliveries SET state = 'failed', tries = tries + 1, status = $2, fault = $3, run_at = $4
        WHERE id = $1";
    /// All that waits for the app: what is not due is not looked at.
    const LATER = "UPDATE app_deliveries SET run_at = $2 WHERE app = $1 AND state = 'waiting' AND run_at < $2";
    const REPLAY = "UPDATE app_deliveries SET state = 'waiting', part = 0, tries = 0, run_at = 0, fault = NULL,
        aside = TRUE WHERE app = $1 AND id = $2 AND state <> 'waiting'";
    const SOON = "UPDATE app_deliveries SET run_at = 0 WHERE app = $1 AND id = $2 AND state = 'waiting'";
    const WAKE = "UPDATE app_deliveries SET run_at = 0 WHERE app = $1 AND state = 'waiting'";
    const OF_APP = "SELECT id, app, space, seq, kind, about, at_us, state, part, single, tries, status, fault FROM app_deliveries
        WHERE app = $1 AND id < $2 ORDER BY id DESC LIMIT $3";
    const ONE = "SELECT id, app, space, seq, kind, about, at_us, state, part, single, tries, status, fault FROM app_deliveries
        WHERE id = $1";
    const OUTCOMES = "SELECT count(*), coalesce(sum(CASE WHEN state = 'taken' THEN 1 ELSE 0 END), 0)
        FROM app_deliveries WHERE app = $1 AND state <> 'waiting' AND run_at > $2";
    const OLD = "DELETE FROM app_deliveries WHERE id IN (SELECT id FROM app_deliveries WHERE at_us < $1 LIMIT 1000)";
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryRecord {
    pub id: i64,
    pub app: AppId,
    /// Where it happened; 0 for what stands in no log.
    pub space: SpaceId,
    pub seq: Seq,
    /// The kind of our event, or the name of what stands in no log.
    pub kind: String,
    /// JSON, for what stands in no log.
    pub about: String,
    pub at_us: i64,
    pub state: String,
    /// How many of its parts were told.
    pub part: i64,
    /// It stands for this part alone.
    pub single: bool,
    pub tries: i64,
    pub status: Option<i64>,
    pub fault: Option<String>,
}

/// What is to be told anew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDelivery {
    pub id: i64,
    pub app: AppId,
    pub space: SpaceId,
    pub seq: Seq,
    pub kind: String,
    pub about: String,
    pub at_us: i64,
}

fn read(row: &Row) -> Result<DeliveryRecord> {
    Ok(DeliveryRecord {
        id: row.get(0)?,
        app: row.get(1)?,
        space: row.get(2)?,
        seq: row.get(3)?,
        kind: row.get(4)?,
        about: row.get(5)?,
        at_us: row.get(6)?,
        state: row.get(7)?,
        part: row.get(8)?,
        single: row.get(9)?,
        tries: row.get(10)?,
        status: row.get(11)?,
        fault: row.get(12)?,
    })
}

/// # Errors
/// What the engine said.
pub fn insert(tx: &mut Tx, new: &NewDelivery) -> Result<()> {
    tx.exec(INSERT, values![new.id, new.app, new.space, new.seq, &new.kind, &new.about, new.at_us])?;
    Ok(())
}

/// Up to which event of the space the app was told.
///
/// # Errors
/// What the engine said.
pub fn told(conn: &mut Conn, app: AppId, space: SpaceId) -> Result<Seq> {
    conn.row(TOLD, values![app, space])?.map_or(Ok(0), |row| row.get(0))
}

/// # Errors
/// What the engine said.
pub fn set_told(tx: &mut Tx, app: AppId, space: SpaceId, seq: Seq) -> Result<()> {
    tx.exec(SET_TOLD, values![app, space, seq])?;
    Ok(())
}

/// What is due: of each app and space the first.
///
/// # Errors
/// What the engine said.
pub fn due(conn: &mut Conn, now_us: i64, limit: i64) -> Result<Vec<DeliveryRecord>> {
    conn.rows(DUE, values![now_us, limit])?.iter().map(read).collect()
}

/// # Errors
/// What the engine said.
pub fn taken(tx: &mut Tx, id: i64, status: Option<i64>, now_us: i64) -> Result<()> {
    tx.exec(TAKEN, values![id, status, now_us])?;
    Ok(())
}

/// It concerns the app in nothing.
///
/// # Errors
/// What the engine said.
pub fn nothing(tx: &mut Tx, id: i64) -> Result<()> {
    tx.exec(NOTHING, values![id])?;
    Ok(())
}

/// So many of its parts were taken; the next is due at once.
///
/// # Errors
/// What the engine said.
pub fn part(tx: &mut Tx, id: i64, parts: i64) -> Result<()> {
    tx.exec(PART, values![id, parts])?;
    Ok(())
}

/// The part that it is at was not taken: it waits by itself from here on, as `new`.
///
/// # Errors
/// What the engine said.
pub fn part_aside(
    tx: &mut Tx,
    id: i64,
    new: i64,
    run_at: i64,
    status: Option<i64>,
    fault: &str,
) -> Result<()> {
    tx.exec(ASIDE, values![id, new, run_at, status, fault])?;
    Ok(())
}

/// It was not taken. `aside`: what comes after it goes on meanwhile.
///
/// # Errors
/// What the engine said.
pub fn again(tx: &mut Tx, id: i64, run_at: i64, status: Option<i64>, fault: &str, aside: bool) -> Result<()> {
    tx.exec(AGAIN, values![id, run_at, status, fault, aside])?;
    Ok(())
}

/// # Errors
/// What the engine said.
pub fn failed(tx: &mut Tx, id: i64, status: Option<i64>, fault: &str, now_us: i64) -> Result<()> {
    tx.exec(FAILED, values![id, status, fault, now_us])?;
    Ok(())
}

/// Not tried: there is nobody to tell the app's things to at this moment.
///
/// # Errors
/// What the engine said.
pub fn later(tx: &mut Tx, app: AppId, run_at: i64) -> Result<()> {
    tx.exec(LATER, values![app, run_at])?;
    Ok(())
}

/// Tells it once more, and what waits at once; false when there is none.
///
/// # Errors
/// What the engine said.
pub fn replay(tx: &mut Tx, app: AppId, id: i64) -> Result<bool> {
    Ok(tx.exec(REPLAY, values![app, id])? > 0 || tx.exec(SOON, values![app, id])? > 0)
}

/// Whatever waits for this app is due.
///
/// # Errors
/// What the engine said.
pub fn wake(tx: &mut Tx, app: AppId) -> Result<()> {
    tx.exec(WAKE, values![app])?;
    Ok(())
}

/// The newest before `before`.
///
/// # Errors
/// What the engine said.
pub fn of_app(conn: &mut Conn, app: AppId, before: i64, limit: i64) -> Result<Vec<DeliveryRecord>> {
    conn.rows(OF_APP, values![app, before, limit])?.iter().map(read).collect()
}

/// # Errors
/// What the engine said.
pub fn one(conn: &mut Conn, id: i64) -> Result<Option<DeliveryRecord>> {
    conn.row(ONE, values![id])?.map(|row| read(&row)).transpose()
}

/// How many ended since then, and how many of them were taken.
///
/// # Errors
/// What the engine said.
pub fn outcomes(conn: &mut Conn, app: AppId, since: i64) -> Result<(i64, i64)> {
    match conn.row(OUTCOMES, values![app, since])? {
        Some(row) => Ok((row.get(0)?, row.get(1)?)),
        None => Ok((0, 0)),
    }
}

/// Forgets what happened before `before`, told or not; true when there may be more.
///
/// # Errors
/// What the engine said.
pub fn forget_old(tx: &mut Tx, before: i64) -> Result<bool> {
    Ok(tx.exec(OLD, values![before])? > 0)
}
