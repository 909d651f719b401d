//! What is to be known, at the moment when it is told, of what happened.

use std::sync::Arc;

use madang_model::row::Row;
use madang_model::{Body, ContactId, PersonId, Seq, WorkspaceId};
use madang_store::contacts::{self, ContactRecord};
use madang_store::db::Conn;
use madang_store::log::{self, SpaceRecord};
use madang_store::people;
use madang_store::webhooks::WebhookEvent;

use super::{Told, told_as};
use crate::app::App;
use crate::error::Result;

/// What an address is told, with what is to be known of it at this moment.
#[derive(Debug, Clone)]
pub struct Telling {
    pub event: &'static str,
    /// When it happened.
    pub at_us: i64,
    pub about: About,
}

#[derive(Debug, Clone)]
pub enum About {
    Contact(Box<ContactRecord>),
    /// Known as `into` from here on.
    Merged {
        contact: ContactId,
        into: ContactId,
    },
    Gone(ContactId),
    Space(Box<InSpace>),
    /// Somebody tries whether it works.
    Nothing,
}

/// Something that happened in a space.
#[derive(Debug, Clone)]
pub struct InSpace {
    pub space: SpaceRecord,
    pub seq: Seq,
    pub by: Who,
    pub what: Happened,
}

#[derive(Debug, Clone)]
pub enum Happened {
    /// As it reads at this moment.
    Message(Box<Row>),
    Removed {
        message: Seq,
        thread: Option<Seq>,
    },
    Reaction {
        message: Seq,
        emoji: String,
    },
    Joined {
        person: Who,
        role: &'static str,
    },
    Left(Who),
    /// It is about the space itself.
    Space,
}

/// A person, as others know them.
#[derive(Debug, Clone)]
pub struct Who {
    pub id: PersonId,
    pub name: String,
    pub bot: bool,
}

impl App {
    /// What is to be known at this moment of what happened; nothing, if what it is about is gone.
    pub(super) async fn telling(self: &Arc<Self>, event: WebhookEvent) -> Result<Option<Telling>> {
        let app = self.clone();
        self.db
            .read(move |conn| match event.space.0 {
                0 => of_contact(conn, &event),
                _ => app.of_space(conn, &event),
            })
            .await
    }

    fn of_space(&self, conn: &mut Conn, event: &WebhookEvent) -> Result<Option<Telling>> {
        let Some(space) = log::space(conn, event.space)? else { return Ok(None) };
        let house = space.facts.workspace;
        let found = log::event(conn, &self.keyring, house, event.space, event.seq)?;
        let Some((name, stored)) = found.and_then(|it| Some((told_as(&it.body)?, it))) else {
            return Ok(None);
        };
        let mut message = |seq: Seq| -> Result<Option<Happened>> {
            let row = log::row(conn, &self.keyring, &space, seq)?;
            let stands = row.filter(|it| it.message().is_some_and(|it| !it.removed));
            Ok(stands.map(|it| Happened::Message(Box::new(it))))
        };
        let what = match stored.body {
            Body::MessagePosted(_) => message(stored.seq)?,
            Body::MessageEdited { message: seq, .. } => message(seq)?,
            Body::MessageRemoved { message, thread } => Some(Happened::Removed { message, thread }),
            Body::ReactionAdded { message, emoji } | Body::ReactionRemoved { message, emoji } => {
                Some(Happened::Reaction { message, emoji })
            }
            Body::MemberJoined { person, role } => {
                Some(Happened::Joined { person: who(conn, house, person)?, role: role.as_str() })
            }
            Body::MemberLeft { person } => Some(Happened::Left(who(conn, house, person)?)),
            _ => Some(Happened::Space),
        };
        let Some(what) = what else { return Ok(None) };
        let by = who(conn, house, stored.author)?;
        let about = About::Space(Box::new(InSpace { space, seq: stored.seq, by, what }));
        Ok(Some(Telling { event: name, at_us: stored.at_us, about }))
    }
}

fn of_contact(conn: &mut Conn, event: &WebhookEvent) -> Result<Option<Telling>> {
    let told: Told = serde_json::from_str(&event.about).map_err(anyhow::Error::from)?;
    let about = match told {
        Told::ContactCreated { contact } | Told::ContactChanged { contact } => {
            match contacts::one(conn, contact)? {
                Some(record) => About::Contact(Box::new(record)),
                None => return Ok(None),
            }
        }
        Told::ContactMerged { contact, into } => About::Merged { contact, into },
        Told::ContactErased { contact } => About::Gone(contact),
        Told::Test => About::Nothing,
    };
    Ok(Some(Telling { event: told.event(), at_us: event.at_us, about }))
}

/// Somebody whose name was erased has none any more, and is who they were.
fn who(conn: &mut Conn, house: WorkspaceId, person: PersonId) -> Result<Who> {
    let found = people::by_id(conn, house, person)?;
    Ok(found.map_or_else(
        || Who { id: person, name: String::new(), bot: false },
        |it| Who { id: person, name: it.name, bot: it.bot },
    ))
}
