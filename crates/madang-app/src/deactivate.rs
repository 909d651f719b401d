//! Out of the house for a while, and back; and signed out everywhere.
//!
//! Whoever is deactivated is out as if removed: sessions, sockets and tokens
//! end within a second and nothing lets them in. But they stay in their spaces
//! and teams, so that taking them back needs no hands.

use std::sync::Arc;

use madang_model::audit::Act;
use madang_model::permission::{HouseRight, Role, may_change_role, may_in_house};
use madang_model::refusal::Thing;
use madang_model::{PersonId, Refusal, WorkspaceId};
use madang_store::db::Tx;
use madang_store::people::{self, PersonRecord};
use madang_store::{house, log, sessions};
use serde_json::Value;

use crate::app::App;
use crate::audit::by;
use crate::error::Result;
use crate::people::{forget_ways_in, keep_an_owner, workspace};

impl App {
    /// Takes somebody out for a while. What they wrote stays, and their places in spaces and teams.
    ///
    /// # Errors
    /// `NotAllowed`, `NotFound`, `LastOwner`, or what the store said.
    pub async fn deactivate(self: &Arc<Self>, actor: PersonId, person: PersonId) -> Result<PersonRecord> {
        let (app, by, now_us) = (self.clone(), by(actor), self.clock.now_us());
        let record = self
            .db
            .write(move |tx| -> Result<PersonRecord> {
                let (house, record) = managed(tx, actor, person)?;
                if record.standing().is_some() {
                    keep_an_owner(tx, house, &record, None)?;
                    sessions::end_all(tx, person)?;
                    forget_ways_in(tx, &record, now_us)?;
                    people::deactivate(tx, house, person, now_us)?;
                    app.write_down(tx, by, Act::PersonDeactivated, person, Value::Null)?;
                }
                found(tx, house, person)
            })
            .await?;
        self.forget_sessions_of(person);
        Ok(record)
    }

    /// Takes somebody back as they were. They sign in with the password they had.
    ///
    /// # Errors
    /// `NotAllowed`, `NotFound`, or what the store said.
    pub async fn reactivate(self: &Arc<Self>, actor: PersonId, person: PersonId) -> Result<PersonRecord> {
        let (app, by, now_us) = (self.clone(), by(actor), self.clock.now_us());
        self.db
            .write(move |tx| {
                let (house, _) = managed(tx, actor, person)?;
                if people::reactivate(tx, house, person, now_us)? {
                    app.write_down(tx, by, Act::PersonReactivated, person, Value::Null)?;
                }
                found(tx, house, person)
            })
            .await
    }

    /// Ends every session and token of somebody.
    ///
    /// # Errors
    /// `NotAllowed`, `NotFound`, or what the store said.
    pub async fn sign_out_everywhere(self: &Arc<Self>, actor: PersonId, person: PersonId) -> Result<()> {
        let (app, by) = (self.clone(), by(actor));
        self.db
            .write(move |tx| -> Result<()> {
                managed(tx, actor, person)?;
                sessions::end_all(tx, person)?;
                app.write_down(tx, by, Act::SessionsEnded, person, Value::Null)
            })
            .await?;
        self.forget_sessions_of(person);
        Ok(())
    }

    /// Those who are out for a while, by name, after a cursor of `(folded name, id)`.
    ///
    /// # Errors
    /// `NotAllowed`, or what the store said.
    pub async fn deactivated(
        self: &Arc<Self>,
        reader: PersonId,
        part: String,
        after: (String, PersonId),
        limit: i64,
    ) -> Result<Vec<PersonRecord>> {
        self.db
            .read(move |conn| {
                let house = workspace(conn)?.id;
                may_in_house(log::standing_in_house(conn, house, reader)?, HouseRight::ManagePeople)?;
                Ok(people::deactivated(conn, house, &part, &after, limit.clamp(1, 500))?)
            })
            .await
    }
}

/// Somebody whom `actor` may manage: an owner only by an owner, also while they are out for a while.
fn managed(tx: &mut Tx, actor: PersonId, person: PersonId) -> Result<(WorkspaceId, PersonRecord)> {
    let house = workspace(tx)?.id;
    house::lock_people(tx, house)?;
    let mine = log::standing_in_house(tx, house, actor)?;
    may_in_house(mine, HouseRight::ManagePeople)?;
    let record = people::by_id(tx, house, person)?.ok_or(Refusal::NotFound(Thing::Person))?;
    let role: Role = record.kept_role().ok_or(Refusal::NotFound(Thing::Person))?;
    may_change_role(mine.ok_or(Refusal::NotSignedIn)?, Some(role), None)?;
    Ok((house, record))
}

fn found(tx: &mut Tx, house: WorkspaceId, person: PersonId) -> Result<PersonRecord> {
    Ok(people::by_id(tx, house, person)?.ok_or(Refusal::NotFound(Thing::Person))?)
}
