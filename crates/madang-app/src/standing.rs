//! Where a space stands, for whoever comes new or comes back: facts of its log, read when they are asked for.

use std::sync::Arc;

use madang_model::position::page_of;
use madang_model::row::Row;
use madang_model::standing::{Standing, standing};
use madang_model::{FileId, PersonId, Seq, SpaceId};
use madang_store::files::{self, FileRecord};
use madang_store::log;

use crate::app::App;
use crate::error::Result;
use crate::reading::readable_with_sight;

/// So many of the newest pages are looked at: 512 seqs.
const PAGES: i64 = 8;
const FILES: i64 = 5;
const PINS: usize = 5;

/// What stands, with the rows of the messages that it names.
#[derive(Debug)]
pub struct Stands {
    pub standing: Standing,
    pub pinned: Vec<Seq>,
    pub files: Vec<FileRecord>,
    pub rows: Vec<Row>,
}

impl App {
    /// Where the space stands.
    ///
    /// # Errors
    /// `NotFound` for who may not read it, or what the store said.
    pub async fn stands(self: &Arc<Self>, person: PersonId, space: SpaceId) -> Result<Stands> {
        let app = self.clone();
        let now_us = self.clock.now_us();
        self.db
            .read(move |conn| {
                let (record, outside) = readable_with_sight(conn, person, space)?;
                let last = page_of(record.facts.head);
                let mut rows = Vec::new();
                for page in (last - PAGES + 1).max(0)..=last {
                    rows.extend(log::page(conn, &app.keyring, &record, page)?.rows);
                }
                let mut pinned = log::pinned(conn, &app.keyring, &record)?;
                rows.retain(|row| !outside || !row.staff);
                pinned.retain(|row| !outside || !row.staff);
                pinned.truncate(PINS);
                let mut files = files::of_space(conn, space, FileId(i64::MAX), FILES)?;
                if outside {
                    let kept = files::in_notes(conn, space)?;
                    files.retain(|it| !kept.contains(&it.file.id));
                }
                let standing = standing(&rows, now_us);
                let named = |row: &Row| {
                    let of = |seqs: &[Seq]| seqs.contains(&row.seq);
                    of(&standing.questions)
                        || of(&standing.decisions)
                        || of(&standing.open)
                        || standing.awaited.iter().any(|(_, seq)| *seq == row.seq)
                };
                rows.retain(named);
                let pins: Vec<Seq> = pinned.iter().map(|row| row.seq).collect();
                rows.extend(pinned.into_iter().filter(|row| !named(row)));
                Ok(Stands { pinned: pins, files, rows, standing })
            })
            .await
    }
}
