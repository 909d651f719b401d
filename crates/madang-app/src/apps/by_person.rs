//! What people did wherever whoever asks may read: the messages to which somebody reacted, and files.

use std::collections::HashMap;
use std::sync::Arc;

use madang_model::row::Row;
use madang_model::space::{SpaceFacts, SpaceKind};
use madang_model::{PersonId, Seq, SpaceId};
use madang_store::db::Conn;
use madang_store::files::{self, FileRecord, Shared};
use madang_store::log::{self, SpaceRecord};
use madang_store::spaces;

use crate::app::App;
use crate::error::Result;
use crate::people::workspace;
use crate::reading::{readable, readable_or_none, readable_with_sight, row_for};

/// Messages that are looked at, the newest reactions first.
const REACTED: i64 = 10_000;
/// Files that are looked at, newest first.
const FILES: i64 = 10_000;

/// A message, and the space in which it stands.
pub type Placed = (SpaceRecord, Row);

/// Which files.
#[derive(Debug, Clone, Copy)]
pub struct WhichFiles {
    /// In this space alone.
    pub space: Option<SpaceId>,
    /// Also in open spaces that whoever asks is not in.
    pub open: bool,
    pub by: Option<PersonId>,
    /// Microseconds since 1970, both included.
    pub since_us: i64,
    pub until_us: i64,
}

impl App {
    /// The messages to which `by` reacted and which `person` may read: what stands at `from` and after it, and how many
    /// there are.
    ///
    /// # Errors
    /// What the store said.
    pub async fn reacted(
        self: &Arc<Self>,
        person: PersonId,
        by: PersonId,
        from: usize,
        count: usize,
    ) -> Result<(Vec<Placed>, usize)> {
        let app = self.clone();
        self.db
            .read(move |conn| {
                let mut spaces: HashMap<SpaceId, Option<SpaceRecord>> = HashMap::new();
                let mut readable: Vec<(SpaceRecord, Seq)> = Vec::new();
                for (space, message) in log::reacted_by(conn, by, REACTED)? {
                    let record = match spaces.get(&space) {
                        Some(known) => known.clone(),
                        None => {
                            let record = readable_or_none(conn, person, space)?;
                            spaces.insert(space, record.clone());
                            record
                        }
                    };
                    readable.extend(record.map(|it| (it, message)));
                }
                let total = readable.len();
                let mut page = Vec::new();
                for (record, message) in readable.into_iter().skip(from).take(count) {
                    let row = log::row(conn, &app.keyring, &record, message)?;
                    let row = row_for(conn, person, &record, row)?;
                    page.extend(row.map(|it| (record, it)));
                }
                Ok((page, total))
            })
            .await
    }

    /// The files that were shared where the person may read, newest first: at most ten thousand of them.
    ///
    /// # Errors
    /// `NotFound` for a space that they may not read, or what the store said.
    pub async fn shared_files(
        self: &Arc<Self>,
        person: PersonId,
        which: WhichFiles,
    ) -> Result<Vec<FileRecord>> {
        self.db
            .read(move |conn| {
                let places = match which.space {
                    Some(space) => vec![readable(conn, person, space)?.facts],
                    None => all_readable(conn, person, which.open)?,
                };
                let mut hidden = Vec::new();
                for ticket in places.iter().filter(|it| it.kind == SpaceKind::Ticket) {
                    if readable_with_sight(conn, person, ticket.id)?.1 {
                        hidden.extend(files::in_notes(conn, ticket.id)?);
                    }
                }
                let places: Vec<SpaceId> = places.iter().map(|it| it.id).collect();
                let (since_us, until_us) = (which.since_us, which.until_us);
                let asked = Shared { by: which.by, since_us, until_us, limit: FILES };
                let mut found = files::shared(conn, &places, asked)?;
                found.retain(|it| !hidden.contains(&it.file.id));
                Ok(found)
            })
            .await
    }
}

/// The spaces that a person is in, and the open ones.
fn all_readable(conn: &mut Conn, person: PersonId, open: bool) -> Result<Vec<SpaceFacts>> {
    let mut known = spaces::mine(conn, person, SpaceId(0), i64::MAX)?;
    if open {
        let house = workspace(conn)?.id;
        known.extend(spaces::open(conn, house, person, SpaceId(0), i64::MAX)?);
    }
    let mut places = Vec::with_capacity(known.len());
    for space in known.into_iter().map(|it| it.space.facts.id) {
        places.extend(readable_or_none(conn, person, space)?.map(|it| it.facts));
    }
    Ok(places)
}
