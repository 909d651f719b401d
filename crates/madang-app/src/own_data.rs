//! What the house holds of oneself, to take along: everybody's right, and
//! nobody's but their own.

use std::sync::Arc;

use madang_model::audit::Act;
use madang_model::permission::{Right, may};
use madang_model::row::Row;
use madang_model::{PersonId, Seq, SpaceId};
use madang_store::{StoreError, log};
use serde_json::Value;

use crate::app::App;
use crate::audit::by;
use crate::error::Result;

/// Messages that are read in one go.
const STEP: i64 = 200;

/// A message of one's own.
#[derive(Debug, Clone)]
pub struct OwnMessage {
    pub space: SpaceId,
    /// None where one may not read any more.
    pub space_name: Option<String>,
    pub seq: Seq,
    pub row: Row,
}

impl App {
    /// Writes down that somebody takes their own data along.
    ///
    /// # Errors
    /// What the store said.
    pub async fn take_own_data(self: &Arc<Self>, person: PersonId) -> Result<()> {
        let (app, by) = (self.clone(), by(person));
        self.db.write(move |tx| app.write_down(tx, by, Act::OwnDataTaken, person, Value::Null)).await
    }

    /// The next of one's own messages, wherever they were written; where to go on from, unless these were the last.
    ///
    /// # Errors
    /// What the store said.
    pub async fn own_messages(
        self: &Arc<Self>,
        person: PersonId,
        after: (SpaceId, Seq),
    ) -> Result<(Vec<OwnMessage>, Option<(SpaceId, Seq)>)> {
        let app = self.clone();
        self.db
            .read(move |conn| {
                let places = log::written_by(conn, person, after, STEP)?;
                let next = places.last().copied().filter(|_| places.len() as i64 == STEP);
                let mut found = Vec::with_capacity(places.len());
                for (space, seq) in places {
                    let Some(record) = log::space(conn, space)? else { continue };
                    let reads =
                        may(&log::standing(conn, &record.facts, person)?, Right::Read, &record.facts).is_ok();
                    match log::row(conn, &app.keyring, &record, seq) {
                        Ok(Some(row)) => {
                            let space_name = reads.then(|| record.facts.name.clone());
                            found.push(OwnMessage { space, space_name, seq, row });
                        }
                        // Nobody reads any more what was erased.
                        Ok(None) | Err(StoreError::Erased) => {}
                        Err(error) => return Err(error.into()),
                    }
                }
                Ok((found, next))
            })
            .await
    }
}
