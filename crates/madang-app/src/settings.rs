//! What those who run the house choose for everybody in it, and how the house
//! looks before anybody is signed in.

use std::sync::Arc;

use madang_model::audit::{Act, Object};
use madang_model::permission::{HouseRight, Role, may_in_house};
use madang_model::settings::{HouseSettings, may_by_settings};
use madang_model::{FileId, PersonId, Refusal};
use madang_store::db::Conn;
use madang_store::files::{self, FileRecord};
use madang_store::{house, log};
use serde_json::{Map, Value, json};

use crate::app::App;
use crate::audit::by;
use crate::error::Result;
use crate::people::workspace;

/// What a person should know of the settings, so that nothing is offered that would be refused.
#[derive(Debug, Clone, Copy)]
pub struct Allowed {
    pub create_spaces: bool,
    pub invite_guests: bool,
    pub record_calls: bool,
    pub largest_file: i64,
    pub link_expires_in: i64,
    pub link_uses: i64,
}

/// What everybody sees who comes to the door.
#[derive(Debug, Clone)]
pub struct Front {
    pub name: String,
    pub welcome: String,
    pub logo: Option<FileId>,
}

/// Decides by the role somebody has and by what was chosen.
pub(crate) fn may_here(conn: &mut Conn, role: Option<Role>, right: HouseRight) -> Result<()> {
    Ok(may_by_settings(role, right, &house::settings(conn)?)?)
}

impl App {
    /// # Errors
    /// `NotAllowed`, or what the store said.
    pub async fn house_settings(
        self: &Arc<Self>,
        reader: PersonId,
    ) -> Result<(HouseSettings, Option<FileId>)> {
        self.asks_house(reader, HouseRight::ChangeWorkspace).await?;
        self.db.read(|conn| Ok((house::settings(conn)?, house::logo(conn)?))).await
    }

    /// Changes what `change` changes; every value that became another one is written down with what it was.
    ///
    /// # Errors
    /// `NotAllowed`, what is wrong with a value, or what the store said.
    pub async fn change_house_settings(
        self: &Arc<Self>,
        person: PersonId,
        change: impl Fn(HouseSettings) -> HouseSettings + Send + 'static,
    ) -> Result<HouseSettings> {
        let (app, by) = (self.clone(), by(person));
        let settings = self
            .db
            .write(move |tx| -> Result<HouseSettings> {
                let found = workspace(tx)?.id;
                // One after the other: what one reads, no other changes meanwhile.
                house::lock_people(tx, found)?;
                may_in_house(log::standing_in_house(tx, found, person)?, HouseRight::ChangeWorkspace)?;
                let was = house::settings(tx)?;
                let settings = change(was.clone()).checked()?;
                if settings != was {
                    house::set_settings(tx, &settings)?;
                    let said = differences(&was, &settings);
                    app.write_down(tx, by, Act::SettingsChanged, Object::Nothing, said)?;
                }
                Ok(settings)
            })
            .await?;
        self.heed(&settings);
        Ok(settings)
    }

    /// What of the settings works without being asked each time.
    pub(crate) fn heed(&self, settings: &HouseSettings) {
        self.vapid.set_contact(&settings.push_contact);
    }

    /// Sets or takes away the workspace's picture.
    ///
    /// # Errors
    /// `NotAllowed`, `FileNotUsable`, or what the store said.
    pub async fn set_logo(self: &Arc<Self>, person: PersonId, file: Option<FileId>) -> Result<()> {
        let (app, by) = (self.clone(), by(person));
        self.db
            .write(move |tx| {
                let found = workspace(tx)?.id;
                house::lock_people(tx, found)?;
                may_in_house(log::standing_in_house(tx, found, person)?, HouseRight::ChangeWorkspace)?;
                if let Some(file) = file {
                    app.use_as_picture(tx, person, file)?;
                }
                let was = house::logo(tx)?;
                if was == file {
                    return Ok(());
                }
                house::set_logo(tx, file)?;
                let text = |it: Option<FileId>| it.map(|it| it.to_string());
                let said = json!({"logo": {"was": text(was), "now": text(file)}});
                app.write_down(tx, by, Act::SettingsChanged, Object::Nothing, said)
            })
            .await
    }

    /// The workspace's picture, for everybody.
    ///
    /// # Errors
    /// What the store said.
    pub async fn logo(self: &Arc<Self>) -> Result<Option<FileRecord>> {
        self.db
            .read(|conn| {
                let Some(logo) = house::logo(conn)? else { return Ok(None) };
                Ok(files::by_id(conn, logo)?.filter(|it| !it.removed && it.used_as == "picture"))
            })
            .await
    }

    /// What stands on the pages before sign-in; none before the first day.
    ///
    /// # Errors
    /// What the store said.
    pub async fn front(self: &Arc<Self>) -> Result<Option<Front>> {
        self.db
            .read(|conn| {
                let Some(found) = house::workspaces(conn)?.into_iter().next() else { return Ok(None) };
                let welcome = house::settings(conn)?.welcome;
                Ok(Some(Front { name: found.name, welcome, logo: house::logo(conn)? }))
            })
            .await
    }

    /// What of the settings concerns `person`.
    ///
    /// # Errors
    /// What the store said.
    pub async fn allowed(self: &Arc<Self>, person: PersonId) -> Result<Allowed> {
        let server = self.config.upload_limit;
        self.db
            .read(move |conn| {
                let found = workspace(conn)?.id;
                let role = log::standing_in_house(conn, found, person)?;
                let settings = house::settings(conn)?;
                let may = |right| may_by_settings(role, right, &settings).is_ok();
                Ok(Allowed {
                    create_spaces: may(HouseRight::CreateSpace),
                    invite_guests: may(HouseRight::InviteGuest),
                    record_calls: settings.record_calls,
                    largest_file: settings.largest_file(server),
                    link_expires_in: settings.link_expires_in,
                    link_uses: settings.link_uses,
                })
            })
            .await
    }

    /// The largest file that is taken in.
    ///
    /// # Errors
    /// What the store said.
    pub async fn largest_file(self: &Arc<Self>) -> Result<i64> {
        let server = self.config.upload_limit;
        self.db.read(move |conn| Ok(house::settings(conn)?.largest_file(server))).await
    }
}

/// The values that are not the same any more, each with what it was.
fn differences(was: &HouseSettings, now: &HouseSettings) -> Value {
    let values = |it: &HouseSettings| match serde_json::to_value(it) {
        Ok(Value::Object(values)) => values,
        _ => Map::new(),
    };
    let (before, after) = (values(was), values(now));
    let changed = after.into_iter().filter(|(name, value)| before.get(name) != Some(value));
    changed.map(|(name, value)| (name.clone(), json!({"was": before.get(&name), "now": value}))).collect()
}

/// Says no when a file is larger than what was chosen.
pub(crate) fn fits(conn: &mut Conn, length: i64, server: i64) -> Result<()> {
    let limit = house::settings(conn)?.largest_file(server);
    if length > limit { Err(Refusal::TooLarge { limit }.into()) } else { Ok(()) }
}
