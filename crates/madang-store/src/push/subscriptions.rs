//! Where a device is told while Madang is closed there. A subscription belongs to a session and is only seen while
//! that lives.

use madang_model::{PersonId, SessionId};

use crate::db::{Conn, Row, Tx};
use crate::error::Result;
use crate::{sql, values};

sql! {
    const PUT = "INSERT INTO push_subscriptions (session, person, endpoint, p256dh, auth, created_at)
        VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (session) DO UPDATE SET endpoint = excluded.endpoint,
        p256dh = excluded.p256dh, auth = excluded.auth, created_at = excluded.created_at, told_at = NULL,
        last_error = NULL";
    const LET_GO = "DELETE FROM push_subscriptions WHERE endpoint = $1 AND session <> $2";
    const SAME = "SELECT 1 FROM push_subscriptions WHERE session = $1 AND endpoint = $2 AND p256dh = $3 AND auth = $4";
    const FORGET = "DELETE FROM push_subscriptions WHERE session = $1";
    const FORGET_THIS = "DELETE FROM push_subscriptions WHERE session = $1 AND endpoint = $2";
    const ONE = "SELECT p.session, p.person, p.endpoint, p.p256dh, p.auth FROM push_subscriptions p
        JOIN sessions s ON s.id = p.session WHERE p.session = $1 AND s.expires_at > $2";
    const OF_PERSON = "SELECT p.session, p.person, p.endpoint, p.p256dh, p.auth FROM push_subscriptions p
        JOIN sessions s ON s.id = p.session WHERE p.person = $1 AND s.expires_at > $2 ORDER BY p.session";
    const ANY = "SELECT 1 FROM push_subscriptions LIMIT 1";
    const TAKEN = "UPDATE push_subscriptions SET told_at = $2, last_error = NULL WHERE session = $1";
    const FAILED = "UPDATE push_subscriptions SET last_error = $2 WHERE session = $1";
    const ENDPOINTS = "SELECT endpoint FROM push_subscriptions ORDER BY created_at DESC LIMIT 1000";
    const HEALTH = "SELECT count(*), CAST(coalesce(sum(CASE WHEN last_error IS NULL THEN 0 ELSE 1 END), 0) AS BIGINT),
        max(told_at), max(last_error) FROM push_subscriptions";
}

/// How to reach one device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscription {
    pub session: SessionId,
    pub person: PersonId,
    pub endpoint: String,
    /// Its public key, an uncompressed point.
    pub p256dh: Vec<u8>,
    pub auth: Vec<u8>,
}

/// How push is doing in the whole house.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Health {
    pub devices: i64,
    pub failing: i64,
    /// When a push service last took something, in microseconds.
    pub told_at: Option<i64>,
    pub last_error: Option<String>,
}

fn read(row: &Row) -> Result<Subscription> {
    Ok(Subscription {
        session: row.get(0)?,
        person: row.get(1)?,
        endpoint: row.get(2)?,
        p256dh: row.get(3)?,
        auth: row.get(4)?,
    })
}

/// Keeps how to reach the session's device. Whoever signed in last in a browser is the one it tells.
///
/// # Errors
/// What the engine said.
pub fn put(tx: &mut Tx, new: &Subscription, now_us: i64) -> Result<()> {
    let n = new;
    if tx.row(SAME, values![n.session, &n.endpoint, &n.p256dh[..], &n.auth[..]])?.is_some() {
        return Ok(());
    }
    tx.exec(LET_GO, values![&n.endpoint, n.session])?;
    tx.exec(PUT, values![n.session, n.person, &n.endpoint, &n.p256dh[..], &n.auth[..], now_us])?;
    Ok(())
}

/// Forgets how to reach the session's device; with `endpoint` only if it is still that one. False when there was
/// nothing to forget.
///
/// # Errors
/// What the engine said.
pub fn forget(tx: &mut Tx, session: SessionId, endpoint: Option<&str>) -> Result<bool> {
    let gone = match endpoint {
        Some(endpoint) => tx.exec(FORGET_THIS, values![session, endpoint])?,
        None => tx.exec(FORGET, values![session])?,
    };
    Ok(gone > 0)
}

/// # Errors
/// What the engine said.
pub fn by_session(conn: &mut Conn, session: SessionId, now_us: i64) -> Result<Option<Subscription>> {
    conn.row(ONE, values![session, now_us])?.map(|row| read(&row)).transpose()
}

/// The person's devices that can be told.
///
/// # Errors
/// What the engine said.
pub fn of_person(conn: &mut Conn, person: PersonId, now_us: i64) -> Result<Vec<Subscription>> {
    conn.rows(OF_PERSON, values![person, now_us])?.iter().map(read).collect()
}

/// Whether anybody wants to be told at all.
///
/// # Errors
/// What the engine said.
pub fn has_any(conn: &mut Conn) -> Result<bool> {
    Ok(conn.row(ANY, values![])?.is_some())
}

/// Notes that the push service took something for the device.
///
/// # Errors
/// What the engine said.
pub fn taken(tx: &mut Tx, session: SessionId, now_us: i64) -> Result<()> {
    tx.exec(TAKEN, values![session, now_us])?;
    Ok(())
}

/// Notes why it did not.
///
/// # Errors
/// What the engine said.
pub fn failed(tx: &mut Tx, session: SessionId, why: &str) -> Result<()> {
    tx.exec(FAILED, values![session, why])?;
    Ok(())
}

/// The addresses of the newest thousand devices, for whoever wants to know which push services there are.
///
/// # Errors
/// What the engine said.
pub fn endpoints(conn: &mut Conn) -> Result<Vec<String>> {
    conn.rows(ENDPOINTS, values![])?.iter().map(|row| row.get(0)).collect()
}

/// # Errors
/// What the engine said.
pub fn all_health(conn: &mut Conn) -> Result<Health> {
    let Some(row) = conn.row(HEALTH, values![])? else { return Ok(Health::default()) };
    Ok(Health { devices: row.get(0)?, failing: row.get(1)?, told_at: row.get(2)?, last_error: row.get(3)? })
}
