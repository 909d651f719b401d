//! The one path of a command: load what it may look at, decide, append.
//!
//! All in one transaction; the answer comes after it is durable.

use std::sync::Arc;

use madang_model::audit::Act;
use madang_model::event::Picture;
use madang_model::meeting::MeetingFacts;
use madang_model::refusal::Thing;
use madang_model::register::Key;
use madang_model::row::Row;
use madang_model::space::{decide, named};
use madang_model::{Body, Command, Event, PersonId, Refusal, Seq, SpaceId, limits};
use madang_store::StoreError;
use madang_store::db::Tx;
use madang_store::log::{self, SpaceRecord};
use madang_store::registers;
use serde_json::json;

use crate::app::App;
use crate::audit::by;
use crate::error::{Error, Result};

impl App {
    /// Runs `command` of `person` in `space`.
    ///
    /// The answer is the command's first event; none when its wish was
    /// fulfilled already. With a `client_id` that this person used before, the
    /// first answer is given again and nothing else happens.
    ///
    /// # Errors
    /// A refusal, or what the store said.
    pub async fn run(
        self: &Arc<Self>,
        person: PersonId,
        space: SpaceId,
        client_id: Option<String>,
        command: Command,
    ) -> Result<Option<Arc<Event>>> {
        let (app, by) = (self.clone(), by(person));
        self.write_once(move |tx| {
            if let Some(event) = app.answered_before(tx, person, space, client_id.as_deref())? {
                return Ok(Some(event));
            }
            let events = app.run_in(tx, person, space, client_id.as_deref(), &command)?;
            if let Some(act) = act_of(&command).filter(|_| !events.is_empty()) {
                app.write_down(tx, by, act, space, serde_json::Value::Null)?;
            }
            Ok(events.into_iter().next())
        })
        .await
    }

    /// A write that may meet its own double: on PostgreSQL two requests with
    /// one `client_id` run at the same moment, and the later one fails at the
    /// unique index. Run again, it finds what the first one left.
    pub(crate) async fn write_once<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx) -> Result<T> + Clone + Send + 'static,
    {
        match self.db.write(work.clone()).await {
            Err(Error::Store(StoreError::Unique(_))) => self.db.write(work).await,
            answer => answer,
        }
    }

    /// The answer that this person's `client_id` got the first time.
    pub(crate) fn answered_before(
        &self,
        tx: &mut Tx,
        person: PersonId,
        space: SpaceId,
        client_id: Option<&str>,
    ) -> Result<Option<Arc<Event>>> {
        let Some(client_id) = client_id else { return Ok(None) };
        check_client_id(client_id)?;
        match log::first_answer(tx, &self.keyring, person, client_id)? {
            Some(event) if event.space == space => Ok(Some(Arc::new(event))),
            Some(_) => Err(Refusal::ClientIdReused.into()),
            None => Ok(None),
        }
    }

    /// Decides and appends inside the caller's transaction.
    pub(crate) fn run_in(
        &self,
        tx: &mut Tx,
        person: PersonId,
        space: SpaceId,
        client_id: Option<&str>,
        command: &Command,
    ) -> Result<Vec<Arc<Event>>> {
        let now_us = self.clock.now_us();
        let (record, mut scene) =
            log::scene(tx, space, person, command)?.ok_or(Refusal::NotFound(Thing::Space))?;
        if let (Command::EditMessage { message, .. }, Some(facts)) = (command, &mut scene.message) {
            let row = log::row(tx, &self.keyring, &record, *message)?;
            facts.named = row.as_ref().and_then(Row::message).map_or_else(Vec::new, |it| named(&it.text));
        }
        if let Some(seq) = command.meeting() {
            let found = log::meeting(tx, &self.keyring, &record, seq)?;
            scene.meeting =
                found.map(|it| MeetingFacts { seq, organiser: it.organiser, meeting: it.meeting });
        }
        if command.is_about_bookmarks() {
            let kept = log::bookmarks(tx, &self.keyring, &record)?;
            scene.bookmarks = kept.into_iter().map(|it| it.bookmark).collect();
        }
        let bodies = decide(&scene, command, now_us)?;
        if let Command::ChangeSpace { picture: Some(Picture { file: Some(file) }), .. } = command {
            self.use_as_picture(tx, person, *file)?;
        }
        if let [Body::MessageCounted { message, .. }] = bodies[..] {
            let author = scene.message.map_or(person, |it| it.author);
            return self.cast(tx, &record, person, command, (message, author), bodies);
        }
        self.append(tx, &record, person, client_id, bodies)
    }

    /// A vote in an anonymous poll. The log says how many chose what, in the name of the poll's author and without
    /// the voter's client id; who chose what is known to the voter's own devices, and to the ballots until the end.
    fn cast(
        &self,
        tx: &mut Tx,
        space: &SpaceRecord,
        person: PersonId,
        command: &Command,
        (message, author): (Seq, PersonId),
        bodies: Vec<Body>,
    ) -> Result<Vec<Arc<Event>>> {
        let Command::Vote { options, .. } = command else { return Ok(Vec::new()) };
        let id = space.facts.id;
        let mut options = options.clone();
        options.sort_unstable();
        options.dedup();
        log::cast(tx, id, message, person, &options)?;
        registers::set(tx, person, &Key::Vote(id, message), &json!({"options": options}))?;
        self.append(tx, space, author, None, bodies)
    }

    /// Appends what was decided. `space` comes from this transaction.
    pub(crate) fn append(
        &self,
        tx: &mut Tx,
        space: &SpaceRecord,
        author: PersonId,
        client_id: Option<&str>,
        bodies: Vec<Body>,
    ) -> Result<Vec<Arc<Event>>> {
        let now_us = self.clock.now_us();
        Ok(log::append(tx, &self.keyring, space, author, client_id, now_us, bodies)?)
    }
}

/// What of a space concerns those who run the house too.
fn act_of(command: &Command) -> Option<Act> {
    match command {
        Command::ArchiveSpace => Some(Act::SpaceArchived),
        Command::UnarchiveSpace => Some(Act::SpaceUnarchived),
        Command::DeleteSpace => Some(Act::SpaceDeleted),
        Command::RestoreSpace => Some(Act::SpaceRestored),
        _ => None,
    }
}

pub(crate) fn check_client_id(client_id: &str) -> Result<()> {
    let length = client_id.chars().count();
    if length > limits::CLIENT_ID_CHARS {
        return Err(Refusal::TooLong { what: "client_id", limit: limits::CLIENT_ID_CHARS }.into());
    }
    if length == 0 || client_id.chars().any(char::is_control) {
        let why = "give 1 to 64 printable characters".into();
        return Err(Refusal::Invalid { what: "client_id", why }.into());
    }
    Ok(())
}
