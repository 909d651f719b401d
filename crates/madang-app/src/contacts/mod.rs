//! Contacts: what the house knows of somebody outside, across all their tickets.
//!
//! Whoever stands at some desk may know of all contacts, and so may whoever manages desks; nobody else. What was said
//! in a ticket stays with those who may read that ticket (`look`). Why so: docs/decisions/0036.

mod carry;
mod change;
mod erase;
mod import;
mod look;
mod of_ticket;

pub use import::{ContactRow, Imported};
pub use look::{ContactList, ContactLook, RoundLook};
pub use of_ticket::{ContactOfTicket, WhoIsIt};

use madang_model::permission::may_see_contacts;
use madang_model::refusal::Thing;
use madang_model::{ContactId, PersonId, Refusal, WorkspaceId};
use madang_store::contacts::{self, ContactRecord};
use madang_store::db::{Conn, Tx};
use madang_store::{desks, house, log};

use crate::error::Result;
use crate::people::workspace;

/// Whoever may know of contacts; gives the house.
fn seer(conn: &mut Conn, person: PersonId) -> Result<WorkspaceId> {
    let house = workspace(conn)?.id;
    let role = log::standing_in_house(conn, house, person)?;
    may_see_contacts(role, !desks::of_agent(conn, person)?.is_empty())?;
    Ok(house)
}

/// As `seer`, for who changes something: one after the other, so that an address that is nobody's stays so.
fn writer(tx: &mut Tx, person: PersonId) -> Result<WorkspaceId> {
    let house = seer(tx, person)?;
    house::lock_people(tx, house)?;
    Ok(house)
}

/// The contact, or the one into whom they were merged.
fn found(conn: &mut Conn, contact: ContactId) -> Result<ContactRecord> {
    let stays = contacts::went_to(conn, contact)?.unwrap_or(contact);
    Ok(contacts::one(conn, stays)?.ok_or(Refusal::NotFound(Thing::Contact))?)
}
