//! Contacts: what the house knows of somebody outside, which visitors they are, and what was written down of them.
//!
//! Whoever was merged keeps nothing but where they went, so that every other question here is about those who stay.

mod find;
mod notes;

pub use find::{attributes, found, named, tagged_with};
pub use notes::{NoteRecord, add_note, change_note, note, notes, remove_note};

use madang_model::contact::{ContactConsent, ContactFacts};
use madang_model::{ContactId, PersonId, WorkspaceId};

use crate::db::{Conn, Row, Statement, Tx};
use crate::error::{Result, StoreError};
use crate::people::fold;
use crate::{sql, values};

sql! {
    const INSERT = "INSERT INTO contacts (id, workspace, name, name_folded, email, phone, company, external_id,
        attributes, tags, consents, found_by, created_at, changed_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, '[]', $11, $12, $12)";
    const ONE = "SELECT id, workspace, name, email, email_proven_at, phone, company, external_id, attributes, tags,
        consents, created_at, changed_at, name_folded FROM contacts WHERE id = $1 AND merged_into IS NULL";
    const OF_PERSON = "SELECT c.id, c.workspace, c.name, c.email, c.email_proven_at, c.phone, c.company, c.external_id,
        c.attributes, c.tags, c.consents, c.created_at, c.changed_at, c.name_folded
        FROM contact_people p JOIN contacts c ON c.id = p.contact WHERE p.person = $1";
    const BY_EMAIL = "SELECT id, workspace, name, email, email_proven_at, phone, company, external_id, attributes, tags,
        consents, created_at, changed_at, name_folded FROM contacts
        WHERE workspace = $1 AND email = $2 AND merged_into IS NULL";
    const BY_EXTERNAL_ID = "SELECT id, workspace, name, email, email_proven_at, phone, company, external_id,
        attributes, tags, consents, created_at, changed_at, name_folded FROM contacts
        WHERE workspace = $1 AND external_id = $2 AND merged_into IS NULL";
    const WENT_TO = "SELECT merged_into FROM contacts WHERE id = $1";
    /// An address that changes is not proven any more.
    const CHANGE = "UPDATE contacts SET name = $2, name_folded = $3, email_proven_at =
        CASE WHEN email = $4 THEN email_proven_at END, email = $4, phone = $5, company = $6, external_id = $7,
        attributes = $8, tags = $9, found_by = $10, changed_at = $11 WHERE id = $1";
    const PROVE = "UPDATE contacts SET email_proven_at = $2 WHERE id = $1";
    const CONSENTS = "UPDATE contacts SET consents = $2, changed_at = $3 WHERE id = $1";
    const TOUCH = "UPDATE contacts SET changed_at = $2 WHERE id = $1";
    const LINK = "INSERT INTO contact_people (person, contact, said_by) VALUES ($1, $2, $3)
        ON CONFLICT (person) DO UPDATE SET contact = excluded.contact, said_by = excluded.said_by";
    const UNLINK = "DELETE FROM contact_people WHERE person = $1";
    const PEOPLE = "SELECT person FROM contact_people WHERE contact = $1 ORDER BY person";
    const SHOWED = "SELECT person FROM contact_people WHERE contact = $1 AND said_by IS NULL ORDER BY person";
    const PEOPLE_MOVE = "UPDATE contact_people SET contact = $2, said_by = $3 WHERE contact = $1";
    const SAID = "UPDATE contact_people SET said_by = coalesce(said_by, $2) WHERE contact = $1";
    const NOTES_MOVE = "UPDATE contact_notes SET contact = $2 WHERE contact = $1";
    const MERGED_MOVE = "UPDATE contacts SET merged_into = $2 WHERE merged_into = $1";
    const EMPTY = "UPDATE contacts SET name = '', name_folded = '', email = NULL, email_proven_at = NULL, phone = NULL,
        company = NULL, external_id = NULL, attributes = '{}', tags = '[]', consents = '[]', found_by = '',
        changed_at = $3, merged_into = $2 WHERE id = $1";
    const PEOPLE_GONE = "DELETE FROM contact_people WHERE contact = $1";
    const NOTES_GONE = "DELETE FROM contact_notes WHERE contact = $1";
    const MERGED_GONE = "DELETE FROM contacts WHERE merged_into = $1";
    const GONE = "DELETE FROM contacts WHERE id = $1";
    const COUNT = "SELECT count(*) FROM contacts WHERE workspace = $1 AND merged_into IS NULL";
}

/// Every statement about contacts, for the portability test.
pub(crate) fn statements() -> Vec<Statement> {
    [ALL, find::ALL, notes::ALL].concat()
}

/// Somebody outside, as the house knows them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContactRecord {
    pub id: ContactId,
    pub workspace: WorkspaceId,
    pub facts: ContactFacts,
    /// When somebody showed that they read what is sent to the address.
    pub email_proven_at: Option<i64>,
    /// Oldest first; the last word about each thing counts.
    pub consents: Vec<ContactConsent>,
    pub created_at: i64,
    pub changed_at: i64,
    /// Their place in the list.
    pub name_folded: String,
}

/// What makes a contact. The facts are checked already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewContact {
    pub id: ContactId,
    pub workspace: WorkspaceId,
    pub facts: ContactFacts,
}

/// The columns that all questions here ask for, in this order.
fn read(row: &Row) -> Result<ContactRecord> {
    Ok(ContactRecord {
        id: row.get(0)?,
        workspace: row.get(1)?,
        facts: ContactFacts {
            name: row.get(2)?,
            email: row.get(3)?,
            phone: row.get(5)?,
            company: row.get(6)?,
            external_id: row.get(7)?,
            attributes: json(&row.get::<String>(8)?)?,
            tags: json(&row.get::<String>(9)?)?,
        },
        email_proven_at: row.get(4)?,
        consents: json(&row.get::<String>(10)?)?,
        created_at: row.get(11)?,
        changed_at: row.get(12)?,
        name_folded: row.get(13)?,
    })
}

fn json<T: serde::de::DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text)
        .map_err(|error| StoreError::Corrupt(format!("a contact does not parse: {error}")))
}

fn text<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("what is kept of a contact has only text keys")
}

/// # Errors
/// `Unique` when the address or the external id is somebody else's.
pub fn insert(tx: &mut Tx, new: &NewContact, now_us: i64) -> Result<()> {
    let facts = &new.facts;
    tx.exec(
        INSERT,
        values![
            new.id,
            new.workspace,
            &facts.name,
            fold(facts.shown()),
            facts.email.clone(),
            facts.phone.clone(),
            facts.company.clone(),
            facts.external_id.clone(),
            text(&facts.attributes),
            text(&facts.tags),
            facts.found_by(),
            now_us
        ],
    )?;
    Ok(())
}

/// # Errors
/// What the engine said.
pub fn one(conn: &mut Conn, contact: ContactId) -> Result<Option<ContactRecord>> {
    conn.row(ONE, values![contact])?.map(|row| read(&row)).transpose()
}

/// The contact that a visitor is.
///
/// # Errors
/// What the engine said.
pub fn of_person(conn: &mut Conn, person: PersonId) -> Result<Option<ContactRecord>> {
    conn.row(OF_PERSON, values![person])?.map(|row| read(&row)).transpose()
}

/// `email` must be folded. Whether it is proven stands in the record.
///
/// # Errors
/// What the engine said.
pub fn by_email(conn: &mut Conn, workspace: WorkspaceId, email: &str) -> Result<Option<ContactRecord>> {
    conn.row(BY_EMAIL, values![workspace, email])?.map(|row| read(&row)).transpose()
}

/// # Errors
/// What the engine said.
pub fn by_external_id(
    conn: &mut Conn,
    workspace: WorkspaceId,
    external_id: &str,
) -> Result<Option<ContactRecord>> {
    conn.row(BY_EXTERNAL_ID, values![workspace, external_id])?.map(|row| read(&row)).transpose()
}

/// The one into whom a contact was merged.
///
/// # Errors
/// What the engine said.
pub fn went_to(conn: &mut Conn, contact: ContactId) -> Result<Option<ContactId>> {
    conn.row(WENT_TO, values![contact])?.map_or(Ok(None), |row| row.get(0))
}

/// Writes down other facts. They are checked already.
///
/// # Errors
/// `Unique` when the address or the external id is somebody else's.
pub fn change(tx: &mut Tx, contact: ContactId, facts: &ContactFacts, now_us: i64) -> Result<()> {
    tx.exec(
        CHANGE,
        values![
            contact,
            &facts.name,
            fold(facts.shown()),
            facts.email.clone(),
            facts.phone.clone(),
            facts.company.clone(),
            facts.external_id.clone(),
            text(&facts.attributes),
            text(&facts.tags),
            facts.found_by(),
            now_us
        ],
    )?;
    Ok(())
}

/// Somebody showed that they read what is sent to this address: it is the contact's, and proven. Nothing happens if
/// the contact is not there.
///
/// # Errors
/// `Unique` when the address is somebody else's: merge with them.
pub fn prove_email(tx: &mut Tx, contact: ContactId, email: &str, now_us: i64) -> Result<()> {
    let Some(record) = one(tx, contact)? else { return Ok(()) };
    let facts = ContactFacts { email: Some(email.to_owned()), ..record.facts };
    change(tx, contact, &facts, now_us)?;
    tx.exec(PROVE, values![contact, now_us])?;
    Ok(())
}

/// Says anew what a contact agreed to.
///
/// # Errors
/// What the engine said.
pub fn set_consents(tx: &mut Tx, contact: ContactId, consents: &[ContactConsent], now_us: i64) -> Result<()> {
    tx.exec(CONSENTS, values![contact, text(&consents), now_us])?;
    Ok(())
}

/// The visitor is this contact, and no other: they have shown it.
///
/// # Errors
/// What the engine said.
pub fn link(tx: &mut Tx, contact: ContactId, person: PersonId) -> Result<()> {
    tx.exec(LINK, values![person, contact, None::<PersonId>])?;
    Ok(())
}

/// Somebody says that the visitor is this contact. Who was linked to it before stays as they were.
///
/// # Errors
/// What the engine said.
pub fn link_by(tx: &mut Tx, contact: ContactId, person: PersonId, by: PersonId) -> Result<()> {
    if of_person(tx, person)?.is_none_or(|it| it.id != contact) {
        tx.exec(LINK, values![person, contact, by])?;
    }
    Ok(())
}

/// The visitor is nobody's contact.
///
/// # Errors
/// What the engine said.
pub fn unlink(tx: &mut Tx, person: PersonId) -> Result<()> {
    tx.exec(UNLINK, values![person])?;
    Ok(())
}

/// The visitors who are this contact, who came first first.
///
/// # Errors
/// What the engine said.
pub fn people_of(conn: &mut Conn, contact: ContactId) -> Result<Vec<PersonId>> {
    conn.rows(PEOPLE, values![contact])?.iter().map(|row| row.get(0)).collect()
}

/// The visitors who have shown that they are this contact, and of whom it was not said by somebody else. Whoever shows
/// that they are the contact may come into the visits of these, and of no others.
///
/// # Errors
/// What the engine said.
pub fn people_who_showed(conn: &mut Conn, contact: ContactId) -> Result<Vec<PersonId>> {
    conn.rows(SHOWED, values![contact])?.iter().map(|row| row.get(0)).collect()
}

/// What is known of `goes` is known of `stays` from here on, as somebody says; `goes` only says so.
///
/// # Errors
/// What the engine said.
pub fn merge(
    tx: &mut Tx,
    stays: &ContactRecord,
    goes: &ContactRecord,
    by: PersonId,
    now_us: i64,
) -> Result<()> {
    tx.exec(PEOPLE_MOVE, values![goes.id, stays.id, by])?;
    // What shows that somebody is the one would otherwise lead them into the visits of the other.
    if goes.email_proven_at.is_some() || goes.facts.external_id.is_some() {
        tx.exec(SAID, values![stays.id, by])?;
    }
    tx.exec(NOTES_MOVE, values![goes.id, stays.id])?;
    tx.exec(MERGED_MOVE, values![goes.id, stays.id])?;
    // First: an address is of one contact alone.
    tx.exec(EMPTY, values![goes.id, stays.id, now_us])?;
    let facts = stays.facts.clone().joined_with(goes.facts.clone());
    let proven = stays.email_proven_at.filter(|_| stays.facts.email.is_some());
    let proven = proven.or(goes.email_proven_at.filter(|_| facts.email == goes.facts.email));
    change(tx, stays.id, &facts, now_us)?;
    tx.exec(PROVE, values![stays.id, proven])?;
    let mut consents = [stays.consents.as_slice(), &goes.consents].concat();
    consents.sort_by_key(|it| it.at);
    set_consents(tx, stays.id, &consents, now_us)
}

/// Nothing is known of them any more, nor of who was merged into them. False if nothing was.
///
/// # Errors
/// What the engine said.
pub fn erase(tx: &mut Tx, contact: ContactId) -> Result<bool> {
    tx.exec(PEOPLE_GONE, values![contact])?;
    tx.exec(NOTES_GONE, values![contact])?;
    tx.exec(MERGED_GONE, values![contact])?;
    Ok(tx.exec(GONE, values![contact])? > 0)
}

/// How many there are.
///
/// # Errors
/// What the engine said.
pub fn count(conn: &mut Conn, workspace: WorkspaceId) -> Result<i64> {
    conn.row(COUNT, values![workspace])?.map_or(Ok(0), |row| row.get(0))
}

/// Something about them changed that stands elsewhere: a note, or who they are.
///
/// # Errors
/// What the engine said.
pub fn touch(tx: &mut Tx, contact: ContactId, now_us: i64) -> Result<()> {
    tx.exec(TOUCH, values![contact, now_us])?;
    Ok(())
}
