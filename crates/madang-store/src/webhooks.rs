//! Addresses outside that are told what happens, and what they are still to be told, each in its order.

use madang_model::{Seq, SpaceId, WebhookId, WorkspaceId};

use crate::db::{Conn, Row, Tx};
use crate::error::{Result, StoreError};
use crate::{sql, values};

sql! {
    const INSERT = "INSERT INTO webhooks (id, workspace, url, secret, events, spaces, active, since, created_at, changed_at,
        tries, due_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, $8, 0, 0)";
    /// Whatever went wrong before is no matter of the new address.
    const CHANGE = "UPDATE webhooks SET url = $2, secret = $3, events = $4, spaces = $5, active = $6, since = $7,
        changed_at = $8, failing_since = NULL, tries = 0, due_at = 0 WHERE id = $1";
    const REMOVE = "DELETE FROM webhooks WHERE id = $1";
    const ONE = "SELECT id, url, secret, events, spaces, active, since, created_at, asked_at, status, fault, failing_since,
        tries, (SELECT count(*) FROM webhook_events e WHERE e.webhook = webhooks.id AND e.state = 'waiting')
        FROM webhooks WHERE id = $1";
    const OF_HOUSE = "SELECT id, url, secret, events, spaces, active, since, created_at, asked_at, status, fault,
        failing_since, tries, (SELECT count(*) FROM webhook_events e WHERE e.webhook = webhooks.id AND e.state = 'waiting')
        FROM webhooks WHERE workspace = $1 ORDER BY id";
    /// What a follower asks at each step: nothing is counted.
    const WISHES = "SELECT id, events, spaces, since FROM webhooks WHERE workspace = $1 AND active = TRUE ORDER BY id";
    const CLAIM = "UPDATE webhooks SET due_at = $2 WHERE active = TRUE AND due_at <= $1
        AND EXISTS (SELECT 1 FROM webhook_events e WHERE e.webhook = webhooks.id AND e.state = 'waiting') RETURNING id";
    const IS_DUE = "SELECT 1 FROM webhooks w WHERE w.active = TRUE AND w.due_at <= $1
        AND EXISTS (SELECT 1 FROM webhook_events e WHERE e.webhook = w.id AND e.state = 'waiting') LIMIT 1";
    const HOLD = "UPDATE webhooks SET due_at = $2 WHERE id = $1 AND due_at > 0";
    const TELL = "INSERT INTO webhook_events (id, webhook, event, about, at_us, space, seq)
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    const FIRST = "SELECT id, event, about, at_us, space, seq, state, tries, status, fault FROM webhook_events
        WHERE webhook = $1 AND state = 'waiting' ORDER BY id LIMIT $2";
    const OF_HOOK = "SELECT id, event, about, at_us, space, seq, state, tries, status, fault FROM webhook_events
        WHERE webhook = $1 AND id < $2 ORDER BY id DESC LIMIT $3";
    const TOLD = "UPDATE webhook_events SET state = 'taken', tries = tries + 1, status = $2, fault = NULL, ended_at = $3
        WHERE id = $1";
    const REFUSED = "UPDATE webhook_events SET tries = tries + 1, status = $2, fault = $3 WHERE id = $1";
    const GIVEN_UP = "UPDATE webhook_events SET state = 'failed', ended_at = $2 WHERE id = $1";
    /// It was about something that is gone, and told of as such.
    const NOTHING = "DELETE FROM webhook_events WHERE id = $1";
    const FORGET = "DELETE FROM webhook_events WHERE webhook = $1";
    const LET_GO = "UPDATE webhook_events SET state = 'failed', ended_at = $2 WHERE webhook = $1 AND state = 'waiting'";
    const REPLAY = "UPDATE webhook_events SET state = 'waiting', tries = 0, fault = NULL, ended_at = NULL
        WHERE webhook = $1 AND id = $2";
    const SOON = "UPDATE webhooks SET due_at = 0 WHERE id = $1 AND failing_since IS NOT NULL";
    const OLD = "DELETE FROM webhook_events WHERE id IN
        (SELECT id FROM webhook_events WHERE state <> 'waiting' AND ended_at < $1 LIMIT 1000)";
    const TAKEN = "UPDATE webhooks SET asked_at = $2, status = $3, fault = NULL, failing_since = NULL, tries = 0
        WHERE id = $1";
    const FAILED = "UPDATE webhooks SET asked_at = $2, status = $3, fault = $4,
        failing_since = coalesce(failing_since, $2), tries = tries + 1, due_at = $5 WHERE id = $1";
    const ASKED = "UPDATE webhooks SET asked_at = $2, status = $3, fault = $4 WHERE id = $1";
    const STOP = "UPDATE webhooks SET active = FALSE WHERE id = $1";
    const TOLD_TO = "SELECT seq FROM webhook_told WHERE space = $1";
    const SET_TOLD = "INSERT INTO webhook_told (space, seq) VALUES ($1, $2)
        ON CONFLICT (space) DO UPDATE SET seq = excluded.seq WHERE excluded.seq > webhook_told.seq";
    const SET_ALL_TOLD = "INSERT INTO webhook_told (space, seq) SELECT space, seq FROM cursors WHERE follower = $1
        ON CONFLICT (space) DO UPDATE SET seq = excluded.seq WHERE excluded.seq > webhook_told.seq";
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookRecord {
    pub id: WebhookId,
    pub url: String,
    /// Sealed.
    pub secret: String,
    /// The events it is told of.
    pub events: Vec<String>,
    /// Of what happens in spaces: in these, or in every open one.
    pub spaces: Option<Vec<SpaceId>>,
    pub active: bool,
    /// Of what happened from then on.
    pub since: i64,
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

/// What an address wishes to be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    pub webhook: WebhookId,
    pub events: Vec<String>,
    pub spaces: Option<Vec<SpaceId>>,
    pub since: i64,
}

/// What an address is to be told, or was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookEvent {
    pub id: i64,
    pub event: String,
    /// JSON, for what stands in no log.
    pub about: String,
    pub at_us: i64,
    /// The event of a log; both 0 for what stands in none.
    pub space: SpaceId,
    pub seq: Seq,
}

/// How it went with one of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookDelivery {
    pub event: WebhookEvent,
    /// `waiting`, `taken` or `failed`.
    pub state: String,
    pub tries: i64,
    pub status: Option<i64>,
    pub fault: Option<String>,
}

fn read(row: &Row) -> Result<WebhookRecord> {
    Ok(WebhookRecord {
        id: row.get(0)?,
        url: row.get(1)?,
        secret: row.get(2)?,
        events: parsed(&row.get::<String>(3)?)?,
        spaces: row.get::<Option<String>>(4)?.map(|it| parsed(&it)).transpose()?,
        active: row.get(5)?,
        since: row.get(6)?,
        created_at: row.get(7)?,
        asked_at: row.get(8)?,
        status: row.get(9)?,
        fault: row.get(10)?,
        failing_since: row.get(11)?,
        tries: row.get(12)?,
        waiting: row.get(13)?,
    })
}

fn read_delivery(row: &Row) -> Result<WebhookDelivery> {
    Ok(WebhookDelivery {
        event: WebhookEvent {
            id: row.get(0)?,
            event: row.get(1)?,
            about: row.get(2)?,
            at_us: row.get(3)?,
            space: row.get(4)?,
            seq: row.get(5)?,
        },
        state: row.get(6)?,
        tries: row.get(7)?,
        status: row.get(8)?,
        fault: row.get(9)?,
    })
}

fn parsed<T: serde::de::DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text)
        .map_err(|error| StoreError::Corrupt(format!("a webhook does not parse: {error}")))
}

fn text<T: serde::Serialize>(list: &T) -> String {
    serde_json::to_string(list).expect("words become JSON")
}

/// # Errors
/// What the engine said.
pub fn insert(tx: &mut Tx, workspace: WorkspaceId, hook: &WebhookRecord) -> Result<()> {
    let (events, spaces) = (text(&hook.events), hook.spaces.as_ref().map(text));
    tx.exec(
        INSERT,
        values![hook.id, workspace, &hook.url, &hook.secret, events, spaces, hook.active, hook.created_at],
    )?;
    Ok(())
}

/// Where it leads, what it is told of, what it is signed with, and whether it is asked.
///
/// # Errors
/// What the engine said.
pub fn change(tx: &mut Tx, hook: &WebhookRecord, now_us: i64) -> Result<()> {
    let (events, spaces) = (text(&hook.events), hook.spaces.as_ref().map(text));
    tx.exec(
        CHANGE,
        values![hook.id, &hook.url, &hook.secret, events, spaces, hook.active, hook.since, now_us],
    )?;
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

/// What each address that is told at all wishes to be told.
///
/// # Errors
/// What the engine said.
pub fn wishes(conn: &mut Conn, workspace: WorkspaceId) -> Result<Vec<Wish>> {
    let read = |row: &Row| {
        Ok(Wish {
            webhook: row.get(0)?,
            events: parsed(&row.get::<String>(1)?)?,
            spaces: row.get::<Option<String>>(2)?.map(|it| parsed(&it)).transpose()?,
            since: row.get(3)?,
        })
    };
    conn.rows(WISHES, values![workspace])?.iter().map(read).collect()
}

/// Something an address is to be told, after all that it is to be told already.
///
/// # Errors
/// What the engine said.
pub fn tell(tx: &mut Tx, hook: WebhookId, event: &WebhookEvent) -> Result<()> {
    tx.exec(TELL, values![event.id, hook, &event.event, &event.about, event.at_us, event.space, event.seq])?;
    Ok(())
}

/// Up to which event of the space everything was told.
///
/// # Errors
/// What the engine said.
pub fn told(conn: &mut Conn, space: SpaceId) -> Result<Seq> {
    conn.row(TOLD_TO, values![space])?.map_or(Ok(0), |row| row.get(0))
}

/// # Errors
/// What the engine said.
pub fn set_told(tx: &mut Tx, space: SpaceId, seq: Seq) -> Result<()> {
    tx.exec(SET_TOLD, values![space, seq])?;
    Ok(())
}

/// Whatever this follower has read counts as told, in all spaces. Before it is sent back to the beginning, and before
/// anybody wishes for more.
///
/// # Errors
/// What the engine said.
pub fn set_all_told(tx: &mut Tx, follower: &str) -> Result<()> {
    tx.exec(SET_ALL_TOLD, values![follower])?;
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

/// It stays with whoever took it for this long; let go with 0. What waits after a fault goes on waiting.
///
/// # Errors
/// What the engine said.
pub fn hold(tx: &mut Tx, hook: WebhookId, until: i64) -> Result<()> {
    tx.exec(HOLD, values![hook, until])?;
    Ok(())
}

/// What an address is told next, in order.
///
/// # Errors
/// What the engine said.
pub fn first(conn: &mut Conn, hook: WebhookId, limit: i64) -> Result<Vec<WebhookDelivery>> {
    conn.rows(FIRST, values![hook, limit])?.iter().map(read_delivery).collect()
}

/// It was told this.
///
/// # Errors
/// What the engine said.
pub fn taken(tx: &mut Tx, hook: WebhookId, event: i64, status: Option<i64>, now_us: i64) -> Result<()> {
    tx.exec(TOLD, values![event, status, now_us])?;
    tx.exec(TAKEN, values![hook, now_us, status])?;
    Ok(())
}

/// There is nothing to tell of this any more.
///
/// # Errors
/// What the engine said.
pub fn nothing(tx: &mut Tx, event: i64) -> Result<()> {
    tx.exec(NOTHING, values![event])?;
    Ok(())
}

/// It did not take this.
///
/// # Errors
/// What the engine said.
pub fn refused(tx: &mut Tx, event: i64, status: Option<i64>, fault: &str) -> Result<()> {
    tx.exec(REFUSED, values![event, status, fault])?;
    Ok(())
}

/// This is not tried again.
///
/// # Errors
/// What the engine said.
pub fn given_up(tx: &mut Tx, event: i64, now_us: i64) -> Result<()> {
    tx.exec(GIVEN_UP, values![event, now_us])?;
    Ok(())
}

/// It did not take something; it is tried again at `again_at`.
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
pub fn stop(tx: &mut Tx, hook: WebhookId, now_us: i64) -> Result<()> {
    tx.exec(LET_GO, values![hook, now_us])?;
    tx.exec(STOP, values![hook])?;
    Ok(())
}

/// What it was told and is to be told, the newest before `before`.
///
/// # Errors
/// What the engine said.
pub fn deliveries(conn: &mut Conn, hook: WebhookId, before: i64, limit: i64) -> Result<Vec<WebhookDelivery>> {
    conn.rows(OF_HOOK, values![hook, before, limit])?.iter().map(read_delivery).collect()
}

/// Tells it once more, or now; false when there is none.
///
/// # Errors
/// What the engine said.
pub fn replay(tx: &mut Tx, hook: WebhookId, event: i64) -> Result<bool> {
    tx.exec(SOON, values![hook])?;
    Ok(tx.exec(REPLAY, values![hook, event])? > 0)
}

/// Forgets what was over before `before`; true when there may be more.
///
/// # Errors
/// What the engine said.
pub fn forget_old(tx: &mut Tx, before: i64) -> Result<bool> {
    Ok(tx.exec(OLD, values![before])? > 0)
}
