//! What takes room in the house, for those who run it. A closed space that the
//! reader is not in has its numbers and no name, and conversations are one sum:
//! running the house opens no door.

use std::sync::Arc;

use madang_model::permission::{HouseRight, may_in_house};
use madang_model::{PersonId, SpaceId};
use madang_store::log::{self, SpaceRecord};
use madang_store::storage::{self, Use};

use crate::app::App;
use crate::error::Result;
use crate::house_spaces::sees;
use crate::people::workspace;

/// A space with what it holds.
#[derive(Debug, Clone)]
pub struct SpaceUse {
    pub space: SpaceRecord,
    /// Whether the reader may know more of it than its size.
    pub seen: bool,
    pub used: Use,
}

/// A part of the list, the largest first.
#[derive(Debug, Clone)]
pub struct StorageUse {
    pub spaces: Vec<SpaceUse>,
    pub conversations: Use,
    /// Pictures, and what is not posted yet.
    pub outside_spaces: Use,
    /// Bytes and id after which the next part begins, unless this was the last.
    pub next: Option<(i64, SpaceId)>,
}

impl App {
    /// What takes room, after a place in the list.
    ///
    /// # Errors
    /// `NotAllowed`, or what the store said.
    pub async fn storage_use(
        self: &Arc<Self>,
        reader: PersonId,
        after: Option<(i64, SpaceId)>,
        limit: i64,
    ) -> Result<StorageUse> {
        self.db
            .read(move |conn| {
                let house = workspace(conn)?.id;
                may_in_house(log::standing_in_house(conn, house, reader)?, HouseRight::SeeOverview)?;
                let limit = limit.clamp(1, 200);
                let found = storage::largest(conn, house, after.unwrap_or((i64::MAX, SpaceId(0))), limit)?;
                let last = found.last().filter(|_| found.len() as i64 == limit);
                let next = last.map(|(space, used)| (used.bytes, space.facts.id));
                let mut spaces = Vec::with_capacity(found.len());
                for (space, used) in found {
                    spaces.push(SpaceUse { seen: sees(conn, reader, &space)?, space, used });
                }
                let conversations = storage::conversations(conn, house)?;
                Ok(StorageUse { spaces, conversations, outside_spaces: storage::outside_spaces(conn)?, next })
            })
            .await
    }
}
