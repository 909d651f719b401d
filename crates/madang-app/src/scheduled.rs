//! Messages to be sent at a time: kept, changed, sent once.
//!
//! The id that the client made becomes the message's client id. So whatever is repeated, by a client or after a
//! crash, the log holds the message once.

use std::sync::Arc;

use madang_model::app_part::AppPart;
use madang_model::refusal::Thing;
use madang_model::register::Key;
use madang_model::space::decide;
use madang_model::{Command, Draft, Event, FileId, FileRef, PersonId, Refusal, Seq, SpaceId, limits};
use madang_store::db::Tx;
use madang_store::registers::{self, Register};
use madang_store::{log, scheduled};
use serde_json::{Value as Json, json};

use crate::app::App;
use crate::error::{Error, Result};
use crate::run::check_client_id;
use crate::saved::check_ahead;

/// A message and when to send it.
#[derive(Debug, Clone)]
pub struct Later {
    pub space: SpaceId,
    pub text: String,
    pub thread: Option<Seq>,
    pub also: bool,
    /// Uploads of one's own that go with it.
    pub files: Vec<FileId>,
    /// What an app gives it besides the text.
    pub app: Option<Box<AppPart>>,
    /// Microseconds since 1970.
    pub at: i64,
}

impl Later {
    fn command(&self, files: Vec<FileRef>) -> Command {
        let (text, thread, also, app) = (self.text.clone(), self.thread, self.also, self.app.clone());
        Command::PostMessage(Draft { text, thread, also, files, app, ..Draft::default() })
    }

    fn value(&self, files: &[FileRef]) -> Json {
        let mut value = json!({"space": self.space, "text": self.text.replace('\0', ""), "at": self.at});
        if let Some(thread) = self.thread {
            value["thread"] = json!(thread);
        }
        if self.also {
            value["also"] = json!(true);
        }
        if let Some(app) = &self.app {
            value["app"] = json!(app);
        }
        if !files.is_empty() {
            value["files"] = json!(files);
        }
        value
    }

    fn read(value: &Json) -> Option<Later> {
        Some(Later {
            space: value["space"].as_str()?.parse().ok()?,
            text: value["text"].as_str()?.to_owned(),
            thread: value["thread"].as_i64(),
            also: value["also"] == true,
            files: files_in(value)?,
            app: value.get("app").map(|it| serde_json::from_value(it.clone())).transpose().ok()?,
            at: value["at"].as_i64()?,
        })
    }
}

/// The ids of the files that a register names; none if it does not say them rightly.
fn files_in(value: &Json) -> Option<Vec<FileId>> {
    let named = value["files"].as_array().map(Vec::as_slice).unwrap_or_default();
    named.iter().map(|file| file["id"].as_str()?.parse().ok()).collect()
}

impl App {
    /// Keeps a message until its time, or changes one that waits. One that was sent already is not kept again.
    ///
    /// # Errors
    /// What would refuse the message at this moment, or what the store said.
    pub async fn schedule(
        self: &Arc<Self>,
        person: PersonId,
        id: String,
        mut later: Later,
    ) -> Result<Register> {
        check_client_id(&id)?;
        let app = self.clone();
        let now_us = self.clock.now_us();
        check_ahead("at", Some(later.at), now_us)?;
        let register = self
            .db
            .write(move |tx| {
                let key = Key::Scheduled(id.clone());
                if app.answered_before(tx, person, later.space, Some(&id))?.is_some() {
                    return Ok(registers::put(tx, person, &key, &Json::Null)?);
                }
                if scheduled::count_others(tx, person, &id)? >= limits::SCHEDULED {
                    let limit = limits::SCHEDULED as usize;
                    return Err(Error::from(Refusal::TooMany { what: "scheduled messages", limit }));
                }
                let before = kept(tx, person, &id)?;
                let created = before.as_ref().and_then(|it| it["created"].as_i64()).unwrap_or(now_us);
                if later.app.is_none() {
                    // Whoever moves it knows nothing of blocks; whoever gives it other words wants these.
                    let before = before.as_ref().and_then(Later::read);
                    later.app = before.filter(|it| it.text == later.text).and_then(|it| it.app);
                }
                let files = app.files_of(tx, person, &later)?;
                let command = later.command(files.clone());
                let (_, scene) =
                    log::scene(tx, later.space, person, &command)?.ok_or(Refusal::NotFound(Thing::Space))?;
                decide(&scene, &command, now_us)?;
                scheduled::put(tx, person, &id, later.space, later.at, &later.files)?;
                let mut value = later.value(&files);
                value["created"] = json!(created);
                Ok(registers::put(tx, person, &key, &value)?)
            })
            .await?;
        self.new_due.notify_one();
        Ok(register)
    }

    /// It is not to be sent.
    ///
    /// # Errors
    /// What the store said.
    pub async fn unschedule(self: &Arc<Self>, person: PersonId, id: String) -> Result<Option<Register>> {
        self.db
            .write(move |tx| {
                let key = Key::Scheduled(id.clone());
                match scheduled::take(tx, person, &id)? {
                    Some(_) => Ok(Some(registers::put(tx, person, &key, &Json::Null)?)),
                    None => Ok(registers::get(tx, person, &key)?),
                }
            })
            .await
    }

    /// Sends it at once. If that is refused it stays as it is. A repeat gives the first answer.
    ///
    /// # Errors
    /// What refuses the message, `NotFound`, or what the store said.
    pub async fn send_scheduled(self: &Arc<Self>, person: PersonId, id: String) -> Result<Arc<Event>> {
        check_client_id(&id)?;
        let app = self.clone();
        self.db
            .write(move |tx| {
                if let Some(event) = log::first_answer(tx, &app.keyring, person, &id)? {
                    return Ok(Arc::new(event));
                }
                let kept = kept(tx, person, &id)?;
                let later = kept.as_ref().and_then(Later::read).ok_or(Refusal::NotFound(Thing::Message))?;
                app.send(tx, person, &id, &later)
            })
            .await
    }

    /// Sends what is due, in the transaction that forgets it: once, whatever happens in between. What the house
    /// refuses stays, with the reason.
    pub(crate) fn send_due(&self, tx: &mut Tx, person: PersonId, id: &str, now_us: i64) -> Result<()> {
        if scheduled::still_due(tx, person, id, now_us)?.is_none() {
            return Ok(());
        }
        let kept = kept(tx, person, id)?;
        let (Some(mut value), Some(later)) = (kept.clone(), kept.as_ref().and_then(Later::read)) else {
            scheduled::take(tx, person, id)?;
            return Ok(());
        };
        match self.send(tx, person, id, &later) {
            Ok(_) => Ok(()),
            // The house decides before anything is written.
            Err(Error::Refusal(refusal)) => {
                scheduled::refused(tx, person, id)?;
                value["refused"] = json!(refusal.code());
                Ok(registers::set(tx, person, &Key::Scheduled(id.to_owned()), &value)?)
            }
            Err(error) => Err(error),
        }
    }

    fn send(&self, tx: &mut Tx, person: PersonId, id: &str, later: &Later) -> Result<Arc<Event>> {
        let event = match self.answered_before(tx, person, later.space, Some(id))? {
            Some(event) => event,
            None => {
                let files = self.files_of(tx, person, later)?;
                let events = self.run_in(tx, person, later.space, Some(id), &later.command(files))?;
                events.into_iter().next().expect("posting adds one event")
            }
        };
        scheduled::take(tx, person, id)?;
        registers::set(tx, person, &Key::Scheduled(id.to_owned()), &Json::Null)?;
        Ok(event)
    }

    /// What goes with it, as long as it is the person's own and nothing else has it.
    fn files_of(&self, tx: &mut Tx, person: PersonId, later: &Later) -> Result<Vec<FileRef>> {
        if later.files.is_empty() { Ok(Vec::new()) } else { self.files_to_attach(tx, person, &later.files) }
    }
}

/// What the register says of a message that waits.
fn kept(tx: &mut Tx, person: PersonId, id: &str) -> Result<Option<Json>> {
    Ok(registers::get(tx, person, &Key::Scheduled(id.to_owned()))?.map(|it| it.value))
}
