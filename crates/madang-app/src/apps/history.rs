//! The history of a space as other clients page through it: by time, newest first, and as much at once as they ask for.

use std::collections::HashMap;
use std::sync::Arc;

use madang_model::row::Row;
use madang_model::{PersonId, Seq, SpaceId};
use madang_store::log::{self, SpaceRecord};

use crate::app::App;
use crate::error::Result;
use crate::reading::readable_with_sight;

/// The most rows at once.
const MOST: i64 = 1_000;

/// Which part of a history.
#[derive(Debug, Clone, Copy, Default)]
pub struct Window {
    /// Only what stands before this seq.
    pub before: Option<Seq>,
    /// Microseconds since 1970.
    pub oldest: Option<i64>,
    pub latest: Option<i64>,
    /// Whether what happened at these very times belongs to it.
    pub inclusive: bool,
    pub limit: i64,
}

/// A part of a history, newest first.
#[derive(Debug, Clone)]
pub struct Stretch {
    pub rows: Vec<Row>,
    /// Where the next part begins: what stands before this seq.
    pub next: Option<Seq>,
}

impl Window {
    fn holds(&self, at_us: i64) -> bool {
        let from = self.oldest.is_none_or(|oldest| at_us > oldest || (self.inclusive && at_us == oldest));
        let to = self.latest.is_none_or(|latest| at_us < latest || (self.inclusive && at_us == latest));
        from && to
    }
}

impl App {
    /// The main line of a space within a window.
    ///
    /// # Errors
    /// `NotFound` for who may not read it, or what the store said.
    pub async fn history(
        self: &Arc<Self>,
        person: PersonId,
        space: SpaceId,
        window: Window,
    ) -> Result<Stretch> {
        let app = self.clone();
        let limit = window.limit.clamp(1, MOST);
        self.db
            .read(move |conn| {
                let (record, outside) = readable_with_sight(conn, person, space)?;
                // Times grow with seqs: what is asked by time is found by the messages around it.
                let after = match window.oldest {
                    Some(oldest) => log::last_up_to(conn, space, oldest - 1)?.unwrap_or(0),
                    None => 0,
                };
                let mut before = record.facts.head + 1;
                if let Some(latest) = window.latest {
                    before = log::first_from(conn, space, latest + 1)?.unwrap_or(before);
                }
                before = window.before.map_or(before, |it| it.min(before));
                let mut rows: Vec<Row> = Vec::new();
                // What happened beside messages may fall out at both ends, so it is read until there is enough.
                let mut next = None;
                while before > after + 1 {
                    let read = log::line(conn, &app.keyring, &record, (after, before), limit + 1)?;
                    let (count, last) = (read.len(), read.last().map(|it| it.seq));
                    rows.extend(read.into_iter().filter(|it| window.holds(it.at) && !(outside && it.staff)));
                    if rows.len() as i64 > limit {
                        rows.truncate(limit as usize);
                        next = rows.last().map(|it| it.seq);
                        break;
                    }
                    match last {
                        Some(last) if count as i64 > limit => before = last,
                        _ => break,
                    }
                }
                Ok(Stretch { rows, next })
            })
            .await
    }

    /// A space as it is kept, for whoever reads it.
    ///
    /// # Errors
    /// As `history`.
    pub async fn place(self: &Arc<Self>, person: PersonId, space: SpaceId) -> Result<SpaceRecord> {
        self.db.read(move |conn| Ok(readable_with_sight(conn, person, space)?.0)).await
    }

    /// When these messages were posted, and by whom; for whoever reads the space.
    ///
    /// # Errors
    /// As `history`.
    pub async fn times_of(
        self: &Arc<Self>,
        person: PersonId,
        space: SpaceId,
        seqs: Vec<Seq>,
    ) -> Result<HashMap<Seq, (i64, PersonId)>> {
        if seqs.is_empty() {
            return Ok(HashMap::new());
        }
        self.db
            .read(move |conn| {
                readable_with_sight(conn, person, space)?;
                let times = log::times(conn, space, &seqs)?;
                Ok(times.into_iter().map(|(seq, at, author)| (seq, (at, author))).collect())
            })
            .await
    }
}
