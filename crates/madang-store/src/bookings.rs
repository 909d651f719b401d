//! Booking pages, and the times that guests took at them.

use std::collections::HashMap;

use madang_model::booking::{BookingSettings, Busy, Load};
use madang_model::{BookingId, BookingPageId, PersonId, Seq, SpaceId, WorkspaceId};

use crate::db::{Conn, Row, Tx};
use crate::error::{Result, StoreError};
use crate::{sql, values};

sql! {
    const INSERT_PAGE = "INSERT INTO booking_pages (id, workspace, key, owner, settings, created_at, changed_at)
        VALUES ($1, $2, $3, $4, $5, $6, $6)";
    const CHANGE_PAGE = "UPDATE booking_pages SET settings = $2, changed_at = $3 WHERE id = $1";
    const END_PAGE = "UPDATE booking_pages SET ended_at = $2, changed_at = $2 WHERE id = $1 AND ended_at IS NULL";
    const PAGE = "SELECT id, workspace, key, owner, settings, ended_at FROM booking_pages WHERE id = $1";
    const PAGE_BY_KEY = "SELECT id, workspace, key, owner, settings, ended_at FROM booking_pages WHERE key = $1";
    const PAGES = "SELECT id, workspace, key, owner, settings, ended_at FROM booking_pages
        WHERE workspace = $1 AND ended_at IS NULL ORDER BY id";
    const INSERT = "INSERT INTO bookings (id, page, taker, space, meeting, start_at, end_at, busy_from, busy_to, name, email,
        note, language, zone, client_id, secret_hash, secret, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)";
    const ONE = "SELECT id, page, taker, space, meeting, start_at, end_at, busy_from, busy_to, cancelled, name, email, note,
        language, zone, secret, created_at FROM bookings WHERE id = $1";
    const BY_SECRET = "SELECT id, page, taker, space, meeting, start_at, end_at, busy_from, busy_to, cancelled, name, email,
        note, language, zone, secret, created_at FROM bookings WHERE secret_hash = $1";
    const BY_CLIENT = "SELECT id, page, taker, space, meeting, start_at, end_at, busy_from, busy_to, cancelled, name, email,
        note, language, zone, secret, created_at FROM bookings WHERE page = $1 AND client_id = $2";
    const OF_MEETING = "SELECT id, page, taker, space, meeting, start_at, end_at, busy_from, busy_to, cancelled, name, email,
        note, language, zone, secret, created_at FROM bookings WHERE space = $1 AND meeting = $2";
    const COMING = "SELECT b.id, b.page, b.taker, b.space, b.meeting, b.start_at, b.end_at, b.busy_from, b.busy_to,
        b.cancelled, b.name, b.email, b.note, b.language, b.zone, b.secret, b.created_at FROM bookings b
        JOIN booking_pages p ON p.id = b.page WHERE p.workspace = $1 AND b.end_at > $2 AND b.cancelled = FALSE
        AND ($3 OR b.taker = $4 OR p.owner = $4) ORDER BY b.start_at, b.id LIMIT 500";
    const MOVE = "UPDATE bookings SET start_at = $2, end_at = $3, busy_from = $4, busy_to = $5 WHERE id = $1";
    const CANCEL = "UPDATE bookings SET cancelled = TRUE WHERE id = $1 AND cancelled = FALSE";
    const BUSY = "SELECT busy_from, busy_to FROM bookings WHERE taker = $1 AND busy_to > $2 AND busy_from < $3
        AND cancelled = FALSE AND id <> $4";
    const TAKEN = "SELECT 1 FROM bookings WHERE taker = $1 AND start_at = $2 AND cancelled = FALSE AND id <> $3";
    const STARTS = "SELECT start_at FROM bookings WHERE page = $1 AND taker = $2 AND end_at > $3 AND cancelled = FALSE
        AND id <> $4";
    const LOADS = "SELECT taker, count(*), max(created_at) FROM bookings WHERE page = $1 AND start_at > $2
        AND cancelled = FALSE GROUP BY taker";
    const OF_ADDRESS = "SELECT count(*) FROM bookings WHERE page = $1 AND email = $2 AND end_at > $3 AND cancelled = FALSE";
    const FORGET = "UPDATE bookings SET email = '', note = '' WHERE end_at < $1 AND email <> ''";
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageRecord {
    pub id: BookingPageId,
    pub workspace: WorkspaceId,
    /// What its public address names.
    pub key: String,
    pub owner: PersonId,
    pub settings: BookingSettings,
    /// Microseconds; takes no bookings since.
    pub ended_at: Option<i64>,
}

/// A time that a guest took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BookingRecord {
    pub id: BookingId,
    pub page: BookingPageId,
    pub taker: PersonId,
    pub space: SpaceId,
    /// The event that planned its meeting.
    pub meeting: Seq,
    pub start_us: i64,
    pub end_us: i64,
    pub busy: Busy,
    pub cancelled: bool,
    pub name: String,
    /// Forgotten, as the note, a while after it was over.
    pub email: String,
    pub note: String,
    pub language: String,
    /// The guest's own time zone.
    pub zone: String,
    /// The guest's address of it, sealed.
    pub secret: String,
    pub created_at: i64,
}

/// What only a new one brings.
#[derive(Debug, Clone)]
pub struct Opened {
    pub client_id: String,
    pub secret_hash: [u8; 32],
}

fn page(row: &Row) -> Result<PageRecord> {
    let text: String = row.get(4)?;
    let settings = serde_json::from_str(&text)
        .map_err(|error| StoreError::Corrupt(format!("a booking page does not parse: {error}")))?;
    Ok(PageRecord {
        id: row.get(0)?,
        workspace: row.get(1)?,
        key: row.get(2)?,
        owner: row.get(3)?,
        settings,
        ended_at: row.get(5)?,
    })
}

fn booking(row: &Row) -> Result<BookingRecord> {
    Ok(BookingRecord {
        id: row.get(0)?,
        page: row.get(1)?,
        taker: row.get(2)?,
        space: row.get(3)?,
        meeting: row.get(4)?,
        start_us: row.get(5)?,
        end_us: row.get(6)?,
        busy: Busy { from_us: row.get(7)?, to_us: row.get(8)? },
        cancelled: row.get(9)?,
        name: row.get(10)?,
        email: row.get(11)?,
        note: row.get(12)?,
        language: row.get(13)?,
        zone: row.get(14)?,
        secret: row.get(15)?,
        created_at: row.get(16)?,
    })
}

fn text(settings: &BookingSettings) -> String {
    serde_json::to_string(settings).expect("what is kept of a page has only text keys")
}

/// # Errors
/// `Unique` when the key is taken.
pub fn insert_page(tx: &mut Tx, page: &PageRecord, now_us: i64) -> Result<()> {
    let settings = text(&page.settings);
    tx.exec(INSERT_PAGE, values![page.id, page.workspace, &page.key, page.owner, settings, now_us])?;
    Ok(())
}

/// # Errors
/// What the engine said.
pub fn change_page(tx: &mut Tx, id: BookingPageId, settings: &BookingSettings, now_us: i64) -> Result<()> {
    tx.exec(CHANGE_PAGE, values![id, text(settings), now_us])?;
    Ok(())
}

/// It takes no bookings from here on; false if it did not before.
///
/// # Errors
/// What the engine said.
pub fn end_page(tx: &mut Tx, id: BookingPageId, now_us: i64) -> Result<bool> {
    Ok(tx.exec(END_PAGE, values![id, now_us])? > 0)
}

/// # Errors
/// What the engine said.
pub fn page_by_id(conn: &mut Conn, id: BookingPageId) -> Result<Option<PageRecord>> {
    conn.row(PAGE, values![id])?.map(|row| page(&row)).transpose()
}

/// # Errors
/// What the engine said.
pub fn page_by_key(conn: &mut Conn, key: &str) -> Result<Option<PageRecord>> {
    conn.row(PAGE_BY_KEY, values![key])?.map(|row| page(&row)).transpose()
}

/// All of the house that take bookings, oldest first.
///
/// # Errors
/// What the engine said.
pub fn pages(conn: &mut Conn, workspace: WorkspaceId) -> Result<Vec<PageRecord>> {
    conn.rows(PAGES, values![workspace])?.iter().map(page).collect()
}

/// # Errors
/// `Unique` when somebody else was faster, or this was asked before.
pub fn insert(tx: &mut Tx, it: &BookingRecord, opened: &Opened) -> Result<()> {
    tx.exec(
        INSERT,
        values![
            it.id,
            it.page,
            it.taker,
            it.space,
            it.meeting,
            it.start_us,
            it.end_us,
            it.busy.from_us,
            it.busy.to_us,
            &it.name,
            &it.email,
            &it.note,
            &it.language,
            &it.zone,
            &opened.client_id,
            &opened.secret_hash,
            &it.secret,
            it.created_at
        ],
    )?;
    Ok(())
}

/// # Errors
/// What the engine said.
pub fn one(conn: &mut Conn, id: BookingId) -> Result<Option<BookingRecord>> {
    conn.row(ONE, values![id])?.map(|row| booking(&row)).transpose()
}

/// # Errors
/// What the engine said.
pub fn by_secret(conn: &mut Conn, hash: &[u8; 32]) -> Result<Option<BookingRecord>> {
    conn.row(BY_SECRET, values![hash])?.map(|row| booking(&row)).transpose()
}

/// What a guest's device was answered when it asked for this before.
///
/// # Errors
/// What the engine said.
pub fn by_client(conn: &mut Conn, page: BookingPageId, client_id: &str) -> Result<Option<BookingRecord>> {
    conn.row(BY_CLIENT, values![page, client_id])?.map(|row| booking(&row)).transpose()
}

/// # Errors
/// What the engine said.
pub fn of_meeting(conn: &mut Conn, (space, meeting): (SpaceId, Seq)) -> Result<Option<BookingRecord>> {
    conn.row(OF_MEETING, values![space, meeting])?.map(|row| booking(&row)).transpose()
}

/// Those that are not over, that a person takes or whose page is theirs; or all of the house.
///
/// # Errors
/// What the engine said.
pub fn coming(
    conn: &mut Conn,
    workspace: WorkspaceId,
    (person, all): (PersonId, bool),
    now_us: i64,
) -> Result<Vec<BookingRecord>> {
    conn.rows(COMING, values![workspace, now_us, all, person])?.iter().map(booking).collect()
}

/// # Errors
/// `Unique` when who takes it has another one then.
pub fn set_time(tx: &mut Tx, id: BookingId, (start_us, end_us): (i64, i64), busy: Busy) -> Result<()> {
    tx.exec(MOVE, values![id, start_us, end_us, busy.from_us, busy.to_us])?;
    Ok(())
}

/// False if it was cancelled before.
///
/// # Errors
/// What the engine said.
pub fn cancel(tx: &mut Tx, id: BookingId) -> Result<bool> {
    Ok(tx.exec(CANCEL, values![id])? > 0)
}

/// What the bookings of somebody take, but for one, with what is kept free around them.
///
/// # Errors
/// What the engine said.
pub fn busy(
    conn: &mut Conn,
    taker: PersonId,
    (from_us, to_us): (i64, i64),
    but: Option<BookingId>,
) -> Result<Vec<Busy>> {
    let but = but.map_or(0, |it| it.0);
    let rows = conn.rows(BUSY, values![taker, from_us, to_us, but])?;
    rows.iter().map(|row| Ok(Busy { from_us: row.get(0)?, to_us: row.get(1)? })).collect()
}

/// Whether somebody has a booking, but for one, that begins at a moment.
///
/// # Errors
/// What the engine said.
pub fn is_taken(conn: &mut Conn, taker: PersonId, start_us: i64, but: BookingId) -> Result<bool> {
    Ok(conn.row(TAKEN, values![taker, start_us, but])?.is_some())
}

/// When somebody's bookings of a page begin, but for one, that were not over at a moment.
///
/// # Errors
/// What the engine said.
pub fn starts(
    conn: &mut Conn,
    page: BookingPageId,
    taker: PersonId,
    after_us: i64,
    but: Option<BookingId>,
) -> Result<Vec<i64>> {
    let but = but.map_or(0, |it| it.0);
    conn.rows(STARTS, values![page, taker, after_us, but])?.iter().map(|row| row.get(0)).collect()
}

/// How much each does of a page, of what begins after a moment.
///
/// # Errors
/// What the engine said.
pub fn loads(conn: &mut Conn, page: BookingPageId, after_us: i64) -> Result<HashMap<PersonId, Load>> {
    let rows = conn.rows(LOADS, values![page, after_us])?;
    rows.iter().map(|row| Ok((row.get(0)?, Load { bookings: row.get(1)?, last_us: row.get(2)? }))).collect()
}

/// How many of a page that are not over were made with an address.
///
/// # Errors
/// What the engine said.
pub fn of_address(conn: &mut Conn, page: BookingPageId, email: &str, now_us: i64) -> Result<i64> {
    conn.row(OF_ADDRESS, values![page, email, now_us])?.map_or(Ok(0), |row| row.get(0))
}

/// Forgets addresses and notes of what was over before a moment.
///
/// # Errors
/// What the engine said.
pub fn forget_over(tx: &mut Tx, before_us: i64) -> Result<()> {
    tx.exec(FORGET, values![before_us])?;
    Ok(())
}
