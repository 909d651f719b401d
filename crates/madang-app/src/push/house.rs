//! How push is doing in the house, and a look at it on all of one's own
//! devices, for those who run it.

use std::collections::HashMap;
use std::sync::Arc;

use madang_model::permission::{HouseRight, may_in_house};
use madang_model::{PersonId, SessionId};
use madang_store::push::{self, Health};
use madang_store::{house, log, sessions};

use super::device::Outcome;
use crate::app::App;
use crate::error::Result;
use crate::people::workspace;

#[derive(Debug, Clone)]
pub struct PushHealth {
    pub health: Health,
    /// Whom push services may write to: who was chosen, else who is named at the start.
    pub contact: String,
    /// Who was chosen in the app; empty for nobody.
    pub chosen: String,
    /// How many of the reader's own devices are told.
    pub mine: usize,
}

/// What became of a look at one device.
#[derive(Debug, Clone)]
pub struct PushTry {
    pub session: SessionId,
    /// What the person calls it.
    pub device: String,
    pub outcome: Outcome,
}

impl App {
    /// # Errors
    /// `NotAllowed`, or what the store said.
    pub async fn push_health(self: &Arc<Self>, reader: PersonId) -> Result<PushHealth> {
        let (contact, now_us) = (self.push_contact(), self.clock.now_us());
        self.db
            .read(move |conn| {
                let found = workspace(conn)?.id;
                may_in_house(log::standing_in_house(conn, found, reader)?, HouseRight::SeeOverview)?;
                Ok(PushHealth {
                    health: push::all_health(conn)?,
                    contact: contact.clone(),
                    chosen: house::settings(conn)?.push_contact,
                    mine: push::of_person(conn, reader, now_us)?.len(),
                })
            })
            .await
    }

    /// Sends each of the person's own devices a notification, and tells what the push services said. `mark` comes
    /// back with it.
    ///
    /// # Errors
    /// `NotAllowed`, or what the store said.
    pub async fn try_push_everywhere(self: &Arc<Self>, person: PersonId, mark: &str) -> Result<Vec<PushTry>> {
        self.asks_house(person, HouseRight::SeeOverview).await?;
        let now_us = self.clock.now_us();
        let names: HashMap<SessionId, String> = self
            .db
            .read(move |conn| -> Result<_> {
                let mut all = sessions::of_person(conn, person, "browser", now_us)?;
                all.extend(sessions::of_person(conn, person, "token", now_us)?);
                Ok(all.into_iter().map(|it| (it.id, it.label)).collect())
            })
            .await?;
        let mut tried = Vec::new();
        for session in self.told_devices(person).await? {
            let outcome = self.try_push(session, mark.to_owned()).await?;
            tried.push(PushTry {
                session,
                device: names.get(&session).cloned().unwrap_or_default(),
                outcome,
            });
        }
        Ok(tried)
    }
}
