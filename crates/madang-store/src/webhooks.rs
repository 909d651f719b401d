//! Addresses outside that are told what happens, and what they are still to be told, each in its order.

use madang_model::{WebhookId, WorkspaceId};

use crate::db::{Conn, Row, Tx};
use crate::error::{Result, StoreError};
use crate::{sql, values};

sql! {
    const INSERT = "INSERT INTO webhooks (id, workspace, url, secret, events, active, created_at, changed_at, tries, due_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $7, 0, 0)";
    /// Whatever went wrong before is no matter of the new address.
    const CHANGE = "UPDATE webhooks SET url = $2, secret = $3, events = $4, active = $5, changed_at = $6,
        failing_since = NULL, tries = 0, due_at = 0 WHERE id = $1";
    const REMOVE = "DELETE FROM webhooks WHERE id = $1";
    const ONE = "SELECT id, url, secret, events, active, created_at, asked_at, status, fault, failing_since, tries,
        (SELECT count(*) FROM webhook_events e WHERE e.webhook = webhooks.id) FROM webhooks WHERE id = $1";
    const OF_HOUSE = "SELECT id, url, secret, events, active, created_at, asked_at, status, fault, failing_since, tries,
        (SELECT count(*) FROM webhook_events e WHERE e.webhook = webhooks.id) FROM webhooks WHERE workspace = $1
        ORDER BY id";
    const CLAIM = "UPDATE webhooks SET due_at = $2 WHERE active = TRUE AND due_at <= $1
        AND EXISTS (SELECT 1 FROM webhook_events e WHERE e.webhook = webhooks.id) RETURNING id";
    const IS_DUE = "SELECT 1 FROM webhooks w WHERE w.active = TRUE AND w.due_at <= $1
        AND EXISTS (SELECT 1 FROM webhook_events e WHERE e.webhook = w.id) LIMIT 1";
    const TELL = "INSERT INTO webhook_events (id, webhook, event, about, at_us) VALUES ($1, $2, $3, $4, $5)";
    const FIRST = "SELECT id, event, about, at_us FROM webhook_events WHERE webhook = $1 ORDER BY id LIMIT 1";
    const TOLD = "DELETE FROM webhook_events WHERE id = $1";
    const FORGET = "DELETE FROM webhook_events WHERE webhook = $1";
    const TAKEN = "UPDATE webhooks SET asked_at = $2, status = $3, fault = NULL, failing_since = NULL, tries = 0,
        due_at = 0 WHERE id = $1";
    const FAILED = "UPDATE webhooks SET asked_at = $2, status = $3, fault = $4,
        failing_since = coalesce(failing_since, $2), tries = tries + 1, due_at = $5 WHERE id = $1";
    const ASKED = "UPDATE webhooks SET asked_at = $2, status = $3, fault = $4 WHERE id = $1";
    const STOP = "UPDATE webhooks SET active = FALSE WHERE id = $1";
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookRecord {
    pub id: WebhookId,
    pub url: String,
    /// Sealed.
    pub secret: String,
    /// The events it is told of.
    pub events: Vec<String>,
    pub active: bool,
    pub created_at: i64,
    /// How it went the last time.
    pub asked_at: Option<i64>,
    pub status: Option<i64>,
    pub fault: Option<String>,
    /// Since when nothing was taken, and how often it was tried since.
    pub failing_since: Option<i64>,
    pub tries: i64,
    /// How much it is still to be told.
    pub waiting: i64,
}

/// What an address is to be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookEvent {
    pub id: i64,
    pub event: String,
    /// JSON.
    pub about: String,
    pub at_us: i64,
}

fn read(row: &Row) -> Result<WebhookRecord> {
    let events: String = row.get(3)?;
    Ok(WebhookRecord {
        id: row.get(0)?,
        url: row.get(1)?,
        secret: row.get(2)?,
        events: serde_json::from_str(&events)
            .map_err(|error| StoreError::Corrupt(format!("a webhook does not parse: {error}")))?,
        active: row.get(4)?,
        created_at: row.get(5)?,
        asked_at: row.get(6)?,
        status: row.get(7)?,
        fault: row.get(8)?,
        failing_since: row.get(9)?,
        tries: row.get(10)?,
        waiting: row.get(11)?,
    })
}

fn text(events: &[String]) -> String {
    serde_json::to_string(events).expect("words become JSON")
}

/// # Errors
/// What the engine said.
pub fn insert(tx: &mut Tx, workspace: WorkspaceId, hook: &WebhookRecord) -> Result<()> {
    let events = text(&hook.events);
    tx.exec(
        INSERT,
        values![hook.id, workspace, &hook.url, &hook.secret, events, hook.active, hook.created_at],
    )?;
    Ok(())
}

/// Where it leads, what it is told of, what it is signed with, and whether it is asked.
///
/// # Errors
/// What the engine said.
pub fn change(tx: &mut Tx, hook: &WebhookRecord, now_us: i64) -> Result<()> {
    let events = text(&hook.events);
    tx.exec(CHANGE, values![hook.id, &hook.url, &hook.secret, events, hook.active, now_us])?;
    Ok(())
}

/// # Errors
/// What the engine said.
pub fn remove(tx: &mut Tx, hook: WebhookId) -> Result<()> {
    tx.exec(FORGET, values![hook])?;
    tx.exec(REMOVE, values![hook])?;
    Ok(())
}

/// # Errors
/// What the engine said.
pub fn one(conn: &mut Conn, hook: WebhookId) -> Result<Option<WebhookRecord>> {
    conn.row(ONE, values![hook])?.map(|row| read(&row)).transpose()
}

/// # Errors
/// What the engine said.
pub fn of_house(conn: &mut Conn, workspace: WorkspaceId) -> Result<Vec<WebhookRecord>> {
    conn.rows(OF_HOUSE, values![workspace])?.iter().map(read).collect()
}

/// Something an address is to be told, after all that it is to be told already.
///
/// # Errors
/// What the engine said.
pub fn tell(tx: &mut Tx, hook: WebhookId, event: &WebhookEvent) -> Result<()> {
    tx.exec(TELL, values![event.id, hook, &event.event, &event.about, event.at_us])?;
    Ok(())
}

/// Whether any is due.
///
/// # Errors
/// What the engine said.
pub fn is_due(conn: &mut Conn, now_us: i64) -> Result<bool> {
    Ok(conn.row(IS_DUE, values![now_us])?.is_some())
}

/// Those that are due; nobody else takes them before `lease_until`.
///
/// # Errors
/// What the engine said.
pub fn claim(tx: &mut Tx, now_us: i64, lease_until: i64) -> Result<Vec<WebhookId>> {
    tx.rows(CLAIM, values![now_us, lease_until])?.iter().map(|row| row.get(0)).collect()
}

/// What an address is told next.
///
/// # Errors
/// What the engine said.
pub fn first(conn: &mut Conn, hook: WebhookId) -> Result<Option<WebhookEvent>> {
    let read = |row: Row| {
        Ok(WebhookEvent { id: row.get(0)?, event: row.get(1)?, about: row.get(2)?, at_us: row.get(3)? })
    };
    conn.row(FIRST, values![hook])?.map(read).transpose()
}

/// It was told this.
///
/// # Errors
/// What the engine said.
pub fn taken(tx: &mut Tx, hook: WebhookId, event: i64, status: Option<i64>, now_us: i64) -> Result<()> {
    tx.exec(TOLD, values![event])?;
    tx.exec(TAKEN, values![hook, now_us, status])?;
    Ok(())
}

/// It did not take it; it is tried again at `again_at`.
///
/// # Errors
/// What the engine said.
pub fn failed(
    tx: &mut Tx,
    hook: WebhookId,
    status: Option<i64>,
    fault: &str,
    now_us: i64,
    again_at: i64,
) -> Result<()> {
    tx.exec(FAILED, values![hook, now_us, status, fault, again_at])?;
    Ok(())
}

/// How a test went, which changes nothing else.
///
/// # Errors
/// What the engine said.
pub fn asked(
    tx: &mut Tx,
    hook: WebhookId,
    status: Option<i64>,
    fault: Option<&str>,
    now_us: i64,
) -> Result<()> {
    tx.exec(ASKED, values![hook, now_us, status, fault])?;
    Ok(())
}

/// It is asked no more, and what it was to be told is let go.
///
/// # Errors
/// What the engine said.
pub fn stop(tx: &mut Tx, hook: WebhookId) -> Result<()> {
    tx.exec(FORGET, values![hook])?;
    tx.exec(STOP, values![hook])?;
    Ok(())
}
