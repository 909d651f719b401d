//! Where a visitor is and with what: the newest that their browser said, sealed, for who helps and gone with them.

use std::sync::Arc;

use madang_model::desk::device::Device;
use madang_model::desk::ticket::{Page, State};
use madang_model::{DeskId, PersonId, Refusal, SpaceId, WorkspaceId};
use madang_store::StoreError;
use madang_store::db::{Conn, Tx};
use madang_store::seal::Place;
use madang_store::visits::{self, VisitRecord};
use serde::{Deserialize, Serialize};

use super::visit::own_ticket;
use crate::app::App;
use crate::attempts::VISIT_PAGE;
use crate::error::Result;
use crate::people::workspace;

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Whereabouts {
    pub page: Option<Page>,
    pub device: Option<Device>,
}

impl App {
    /// Whoever is helped has gone to another page. Answers whose agents are to be told of what.
    ///
    /// # Errors
    /// `TooFast`, `Invalid` for what is no page of the web, `TicketClosed`, `NotFound`, or what the store said.
    pub async fn visitor_is_at(
        self: &Arc<Self>,
        visitor: PersonId,
        page: Page,
    ) -> Result<(SpaceId, DeskId, Page)> {
        let page = page
            .cleaned()
            .ok_or_else(|| Refusal::Invalid { what: "url", why: "give an address of the web".into() })?;
        self.attempts.count(VISIT_PAGE, &visitor.to_string(), self.clock.now_us())?;
        let app = self.clone();
        self.db
            .write(move |tx| -> Result<_> {
                let record = own_ticket(tx, visitor)?;
                if record.ticket.state == State::Closed {
                    return Err(Refusal::TicketClosed.into());
                }
                app.keep_whereabouts(tx, visitor, record.space, Some(page.clone()), None)?;
                Ok((record.space, record.ticket.desk, page.clone()))
            })
            .await
    }

    /// Keeps what is new of it; the rest stays as it was.
    pub(super) fn keep_whereabouts(
        &self,
        tx: &mut Tx,
        visitor: PersonId,
        space: SpaceId,
        page: Option<Page>,
        device: Option<Device>,
    ) -> Result<()> {
        if page.is_none() && device.is_none() {
            return Ok(());
        }
        let before = self.whereabouts(tx, space)?;
        let now = Whereabouts { page: page.or(before.page), device: device.or(before.device) };
        let plain = serde_json::to_vec(&now).map_err(anyhow::Error::from)?;
        let at_us = self.clock.now_us();
        let said = self.keyring.seal(place(workspace(tx)?.id, space, at_us), &plain)?;
        Ok(visits::keep(tx, space, visitor, &VisitRecord { at_us, said })?)
    }

    /// What is known of it. Nothing after the keys of that day are gone.
    pub(super) fn whereabouts(&self, conn: &mut Conn, space: SpaceId) -> Result<Whereabouts> {
        let Some(kept) = visits::get(conn, space)? else { return Ok(Whereabouts::default()) };
        let house = workspace(conn)?.id;
        match self.keyring.unseal(place(house, space, kept.at_us), &kept.said) {
            Ok(plain) => Ok(serde_json::from_slice(&plain).unwrap_or_default()),
            Err(StoreError::Erased) => Ok(Whereabouts::default()),
            Err(error) => Err(error.into()),
        }
    }
}

/// Of no event: those are counted from 1.
fn place(workspace: WorkspaceId, space: SpaceId, at_us: i64) -> Place {
    Place { workspace: workspace.0, space: space.0, seq: 0, at_us }
}
