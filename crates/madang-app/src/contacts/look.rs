//! Contacts as those see them who help: lists, and one with all that was between them and the house.

use std::sync::Arc;

use madang_model::desk::round::{self, Round};
use madang_model::permission::{Right, may};
use madang_model::{ContactId, PersonId, SpaceId, WorkspaceId, limits};
use madang_store::contacts::{self, ContactRecord, NoteRecord};
use madang_store::db::Conn;
use madang_store::log::{self, TicketRecord};
use madang_store::people::{self, PersonRecord};
use madang_store::{StoreError, desks};

use super::{found, seer};
use crate::app::App;
use crate::error::Result;

/// Rounds of a contact that are told.
const ROUNDS: usize = 100;
/// Events of one ticket that are read for them.
const EVENTS: i64 = 500;
/// The contacts whose tags are offered.
const TAGGED: i64 = 2_000;

/// Some contacts.
#[derive(Debug, Clone)]
pub struct ContactList {
    pub contacts: Vec<ContactRecord>,
    /// Of all contacts; asked for with the first page.
    pub tags: Vec<String>,
    pub total: i64,
}

/// A round of one of a contact's tickets.
#[derive(Debug, Clone)]
pub struct RoundLook {
    pub space: SpaceId,
    pub number: i64,
    pub desk_name: String,
    /// Whether who asks may read the ticket; if not, nothing that was said in it is told.
    pub readable: bool,
    pub subject: String,
    pub round: Round,
}

/// One contact.
#[derive(Debug, Clone)]
pub struct ContactLook {
    pub record: ContactRecord,
    /// Newest first.
    pub notes: Vec<NoteRecord>,
    pub rounds: Vec<RoundLook>,
    /// The visitors they were.
    pub visitors: Vec<PersonId>,
    /// Everybody of the house who is named here, without addresses.
    pub people: Vec<PersonRecord>,
}

impl App {
    /// Contacts by name, after another one, of whom all words of the question are known.
    ///
    /// # Errors
    /// `NotAllowed`, or what the store said.
    pub async fn contacts(
        self: &Arc<Self>,
        person: PersonId,
        question: &str,
        tag: Option<String>,
        after: Option<ContactId>,
        limit: i64,
    ) -> Result<ContactList> {
        let question = question.to_owned();
        self.db
            .read(move |conn| {
                let house = seer(conn, person)?;
                let is_first = after.is_none();
                let after = after.map(|it| found(conn, it)).transpose()?;
                let after = after.map_or((String::new(), ContactId(0)), |it| (it.name_folded, it.id));
                let contacts =
                    contacts::found(conn, house, &question, tag.as_deref(), &after, limit.clamp(1, 500))?;
                let (tags, total) = match is_first {
                    true => (contacts::tagged_with(conn, house, TAGGED)?, contacts::count(conn, house)?),
                    false => (Vec::new(), 0),
                };
                Ok(ContactList { contacts, tags, total })
            })
            .await
    }

    /// One contact, or the one into whom they were merged.
    ///
    /// # Errors
    /// `NotAllowed`, `NotFound`, or what the store said.
    pub async fn contact(self: &Arc<Self>, person: PersonId, contact: ContactId) -> Result<ContactLook> {
        let app = self.clone();
        self.db
            .read(move |conn| {
                let house = seer(conn, person)?;
                let record = found(conn, contact)?;
                app.contact_in(conn, house, person, record)
            })
            .await
    }

    pub(super) fn contact_in(
        &self,
        conn: &mut Conn,
        house: WorkspaceId,
        person: PersonId,
        record: ContactRecord,
    ) -> Result<ContactLook> {
        let notes = contacts::notes(conn, record.id, limits::CONTACT_NOTES)?;
        let visitors = contacts::people_of(conn, record.id)?;
        let rounds = self.rounds_of(conn, house, person, &visitors)?;
        let agents = rounds.iter().filter_map(|it| it.round.agent);
        let mut named: Vec<PersonId> = agents.chain(notes.iter().map(|it| it.author)).collect();
        named.extend(record.consents.iter().map(|it| it.by));
        named.sort_unstable();
        named.dedup();
        let mut people = people::by_ids(conn, house, &named)?;
        people.iter_mut().for_each(|it| it.email = None);
        Ok(ContactLook { notes, rounds, visitors, people, record })
    }

    /// The rounds of all tickets of these visitors, newest first.
    pub(super) fn rounds_of(
        &self,
        conn: &mut Conn,
        house: WorkspaceId,
        person: PersonId,
        visitors: &[PersonId],
    ) -> Result<Vec<RoundLook>> {
        let mut all = Vec::new();
        for visitor in visitors {
            for ticket in log::tickets_of_visitor(conn, *visitor)? {
                all.extend(self.rounds_in(conn, house, person, &ticket)?);
            }
        }
        all.sort_by_key(|it| std::cmp::Reverse(it.round.opened_at));
        all.truncate(ROUNDS);
        Ok(all)
    }

    fn rounds_in(
        &self,
        conn: &mut Conn,
        house: WorkspaceId,
        person: PersonId,
        ticket: &TicketRecord,
    ) -> Result<Vec<RoundLook>> {
        let Some(space) = log::space(conn, ticket.space)? else { return Ok(Vec::new()) };
        let actor = log::standing(conn, &space.facts, person)?;
        let readable = may(&actor, Right::Read, &space.facts).is_ok();
        let events = match log::events_of_ticket(conn, &self.keyring, house, ticket.space, EVENTS) {
            // What was said there is gone for good, and nothing of it is told.
            Err(StoreError::Erased) => return Ok(Vec::new()),
            events => events?,
        };
        let mut looks = Vec::new();
        for mut round in round::rounds(&events) {
            let desk = desks::one(conn, round.desk)?;
            if !readable {
                round.comment.clear();
            }
            looks.push(RoundLook {
                space: ticket.space,
                number: ticket.number,
                desk_name: desk.map(|it| it.settings.name).unwrap_or_default(),
                readable,
                subject: if readable { ticket.ticket.subject.clone() } else { String::new() },
                round,
            });
        }
        Ok(looks)
    }
}
