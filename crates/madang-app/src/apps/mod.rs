//! Apps: integrations that are installed here. What they are (`install`), what their tokens may (`grants`; those of AI
//! agents: `agents`), at which addresses anybody posts for them (`hooks`), what they are to be told (`tell`), what they
//! show somebody (`views`).
//!
//! Which shapes all that has outside is known to the door that speaks them. Decision 41.

mod agents;
mod by_person;
mod calls;
mod grants;
mod history;
mod hooks;
mod install;
mod names;
mod oauth;
mod remote_files;
mod tell;
mod upload_ways;
mod views;

pub use agents::AGENT_SCOPES;
pub use by_person::{Placed, WhichFiles};
pub(crate) use grants::Fresh;
pub use grants::{Grant, GrantKind, fresh_word};
pub use history::{Stretch, Window};
pub use install::{AppWish, Installed};
pub use oauth::{Fetched, Leave, Made, NoTokens};
pub use remote_files::{RemoteFile, RemoteName, WhichRemote};
pub use tell::{Told, Waiting};
pub use views::NewView;

use madang_model::permission::{HouseRight, may_in_house};
use madang_model::{PersonId, WorkspaceId};
use madang_store::db::Conn;
use madang_store::log;

use crate::error::Result;
use crate::people::workspace;

/// Whoever manages apps, in this transaction; gives the house. Nobody is named by the command line, which may all.
fn manager(conn: &mut Conn, person: Option<PersonId>) -> Result<WorkspaceId> {
    let house = workspace(conn)?.id;
    if let Some(person) = person {
        may_in_house(log::standing_in_house(conn, house, person)?, HouseRight::ManageApps)?;
    }
    Ok(house)
}
