//! Followers: readers of the log, each with its own durable cursor.
//!
//! A follower reads events outside the writer, works out what they mean, and
//! writes that together with its cursor in one transaction, only if the cursor
//! has not moved meanwhile. So it may be stopped, doubled or rewound, and the
//! result is the same (invariant 4). The writer calls nobody: followers wake
//! on hints and look for themselves every few seconds.

mod activity;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use madang_model::{Event, Seq, SpaceId, WorkspaceId};
use madang_store::bus::{Announcement, Heard};
use madang_store::db::{Conn, Tx};
use madang_store::{cursors, log};

use crate::app::App;
use crate::error::Result;

/// Events of one step.
const STEP: i64 = 256;
/// How long a follower waits for a hint before it looks by itself.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long it gathers hints before a step.
const GATHER: Duration = Duration::from_millis(30);

/// A reader of the log that keeps a view.
pub(crate) trait Follower: Send + Sync + 'static {
    /// Its name in the table of cursors and in the log.
    const NAME: &'static str;
    /// What one step writes.
    type Work: Send + 'static;

    /// Works out what the events mean. Reads only.
    fn prepare(&self, app: &App, conn: &mut Conn, events: &[Event]) -> Result<Self::Work>;

    /// Writes it. Counts once per event whatever happens; may be tried again.
    fn keep(&self, app: &App, tx: &mut Tx, work: &Self::Work) -> Result<()>;

    /// Empties the view, so that reading from the beginning builds it anew.
    fn clear(&self, tx: &mut Tx) -> Result<()>;
}

/// Names of all followers, for the command line.
pub const NAMES: &[&str] = &[activity::Activity::NAME];

impl App {
    /// Runs every follower until the process ends.
    pub async fn follow(self: Arc<Self>) {
        run(self, Arc::new(activity::Activity)).await;
    }

    /// Reads on until no follower is behind. For tests and for a clean stop.
    ///
    /// # Errors
    /// What the store said.
    pub async fn catch_up(self: &Arc<Self>) -> Result<()> {
        while step_all(self, &Arc::new(activity::Activity)).await? {}
        Ok(())
    }

    /// How many events each follower has still to read.
    ///
    /// # Errors
    /// What the store said.
    pub async fn behind(self: &Arc<Self>) -> Result<Vec<(&'static str, i64)>> {
        self.db.read(|conn| NAMES.iter().map(|name| Ok((*name, cursors::lag(conn, name)?))).collect()).await
    }

    /// Empties the view of the named follower and sends it back to the
    /// beginning; false if there is no such follower.
    ///
    /// # Errors
    /// What the store said.
    pub async fn rebuild(self: &Arc<Self>, name: &str) -> Result<bool> {
        if name != activity::Activity::NAME {
            return Ok(false);
        }
        self.db
            .write(move |tx| -> Result<()> {
                activity::Activity.clear(tx)?;
                Ok(cursors::rewind(tx, activity::Activity::NAME)?)
            })
            .await?;
        Ok(true)
    }
}

/// Reads on for ever: everything that is behind at first and every few seconds,
/// and in between the spaces that hints name.
async fn run<F: Follower>(app: Arc<App>, follower: Arc<F>) {
    let mut hints = app.bus.subscribe();
    let mut named: Option<BTreeSet<SpaceId>> = None;
    loop {
        if let Err(error) = read_on(&app, &follower, named.take()).await {
            tracing::error!(follower.name = F::NAME, %error, "A follower could not go on, it tries again");
            tokio::time::sleep(PATIENCE).await;
            continue;
        }
        let mut spaces = BTreeSet::new();
        match tokio::time::timeout(PATIENCE, hints.next()).await {
            Ok(None) => return,
            Ok(Some(heard)) if note(&heard, &mut spaces) => {}
            // Silence, or lost hints: look everywhere.
            _ => continue,
        }
        // More comes when something comes: one step for many events.
        let gathering = tokio::time::sleep(GATHER);
        tokio::pin!(gathering);
        let complete = loop {
            tokio::select! {
                () = &mut gathering => break true,
                heard = hints.next() => match heard {
                    None => return,
                    Some(heard) if note(&heard, &mut spaces) => {}
                    Some(_) => break false,
                },
            }
        };
        named = complete.then_some(spaces);
    }
}

/// Notes the spaces a hint names; false when hints were lost.
fn note(heard: &Heard, spaces: &mut BTreeSet<SpaceId>) -> bool {
    let Heard::Batch(batch) = heard else { return false };
    for announcement in batch.iter() {
        if let Announcement::Event(event) = announcement {
            spaces.insert(event.space);
        }
    }
    true
}

async fn read_on<F: Follower>(
    app: &Arc<App>,
    follower: &Arc<F>,
    named: Option<BTreeSet<SpaceId>>,
) -> Result<()> {
    let Some(spaces) = named else {
        while step_all(app, follower).await? {}
        return Ok(());
    };
    for space in spaces {
        let workspace = app
            .db
            .read(move |conn| -> Result<_> { Ok(log::space(conn, space)?.map(|it| it.facts.workspace)) })
            .await?;
        if let Some(workspace) = workspace {
            while step(app, follower.clone(), space, workspace).await? {}
        }
    }
    Ok(())
}

/// One step in every space where the follower is behind; false if in none.
async fn step_all<F: Follower>(app: &Arc<App>, follower: &Arc<F>) -> Result<bool> {
    let behind = app.db.read(|conn| cursors::behind(conn, F::NAME, 256)).await?;
    for (space, workspace) in &behind {
        step(app, follower.clone(), *space, *workspace).await?;
    }
    Ok(!behind.is_empty())
}

/// One step in one space; false when there was nothing to read.
async fn step<F: Follower>(
    app: &Arc<App>,
    follower: Arc<F>,
    space: SpaceId,
    workspace: WorkspaceId,
) -> Result<bool> {
    let (house, reader) = (app.clone(), follower.clone());
    let prepared = app
        .db
        .read(move |conn| -> Result<Option<(Seq, Seq, F::Work)>> {
            let from = cursors::peek(conn, F::NAME, space)?;
            let events = log::events(conn, &house.keyring, workspace, space, from, STEP)?;
            let Some(last) = events.last().map(|event| event.seq) else { return Ok(None) };
            Ok(Some((from, last, reader.prepare(&house, conn, &events)?)))
        })
        .await?;
    let Some((from, to, work)) = prepared else { return Ok(false) };
    let house = app.clone();
    app.db
        .write(move |tx| -> Result<()> {
            // Another process, or a rebuild, was here in between: begin again.
            if cursors::get(tx, F::NAME, space)? != from {
                return Ok(());
            }
            follower.keep(&house, tx, &work)?;
            Ok(cursors::set(tx, F::NAME, space, to)?)
        })
        .await?;
    Ok(true)
}
