//! Followers: readers of the log, each with its own durable cursor.
//!
//! A follower reads events outside the writer, works out what they mean, and
//! writes that together with its cursor in one transaction, only if the cursor
//! has not moved meanwhile. So it may be stopped, doubled or rewound, and the
//! result is the same (invariant 4). A view may live in a database of its own,
//! its cursors with it. The writer calls nobody: followers wake on hints and
//! look for themselves every few seconds. Events that ride along with hints and
//! go on where the cursor stands need not be read and unsealed.

mod activity;
mod apps;
mod push;
mod search;
mod webhooks;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use madang_model::{Event, Seq, SpaceId};
use madang_store::bus::{Announcement, Heard};
use madang_store::db::{Conn, Db, Tx};
use madang_store::{cursors, log};

use crate::app::App;
use crate::error::Result;
use activity::Activity;
use apps::Apps;
use push::Push;
use search::Search;
pub(crate) use webhooks::Webhooks;

/// Events of one step.
const STEP: usize = 256;
/// Spaces looked up at once.
const SPACES: usize = 256;
/// How long a follower waits for a hint before it looks by itself.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long it gathers hints before a step.
const GATHER: Duration = Duration::from_millis(30);

/// Events of each space, as hints brought them.
type Heralds = BTreeMap<SpaceId, Vec<Arc<Event>>>;

/// A reader of the log that keeps a view.
pub(crate) trait Follower: Send + Sync + 'static {
    /// Its name in the table of cursors and in the log.
    const NAME: &'static str;
    /// What one step writes.
    type Work: Send + Sync + 'static;

    /// Where the view and its cursors are kept.
    fn home<'a>(&self, app: &'a App) -> &'a Db {
        &app.db
    }

    /// Whether that is not the database of the log.
    fn lives_apart(&self) -> bool {
        false
    }

    /// Works out what the events mean. Reads only.
    fn prepare(&self, app: &App, conn: &mut Conn, events: &[Arc<Event>]) -> Result<Self::Work>;

    /// Writes it. Counts once per event whatever happens; may be tried again.
    fn keep(&self, app: &App, tx: &mut Tx, work: &Self::Work) -> Result<()>;

    /// Learns that the work is written for good.
    fn kept(&self, _app: &App, _work: &Self::Work) {}

    /// Empties the view, so that reading from the beginning builds it anew.
    fn clear(&self, tx: &mut Tx) -> Result<()>;
}

/// Names of all followers, for the command line.
pub const NAMES: &[&str] = &[Activity::NAME, Search::NAME, Push::NAME, Apps::NAME, Webhooks::NAME];

impl App {
    /// Runs every follower until the process ends.
    pub async fn follow(self: Arc<Self>) {
        tokio::join!(
            run(self.clone(), Arc::new(Activity)),
            run(self.clone(), Arc::new(Search)),
            run(self.clone(), Arc::new(Push)),
            run(self.clone(), Arc::new(Apps)),
            run(self, Arc::new(Webhooks))
        );
    }

    /// Reads on until no follower is behind. For tests and for a clean stop.
    ///
    /// # Errors
    /// What the store said.
    pub async fn catch_up(self: &Arc<Self>) -> Result<()> {
        while step_all(self, &Arc::new(Activity)).await? {}
        while step_all(self, &Arc::new(Search)).await? {}
        while step_all(self, &Arc::new(Push)).await? {}
        while step_all(self, &Arc::new(Apps)).await? {}
        while step_all(self, &Arc::new(Webhooks)).await? {}
        Ok(())
    }

    /// How many events each follower has still to read.
    ///
    /// # Errors
    /// What the store said.
    pub async fn behind(self: &Arc<Self>) -> Result<Vec<(&'static str, i64)>> {
        Ok(vec![
            (Activity::NAME, lag(self, &Activity).await?),
            (Search::NAME, lag(self, &Search).await?),
            (Push::NAME, lag(self, &Push).await?),
            (Apps::NAME, lag(self, &Apps).await?),
            (Webhooks::NAME, lag(self, &Webhooks).await?),
        ])
    }

    /// Empties the view of the named follower and sends it back to the
    /// beginning; false if there is no such follower.
    ///
    /// # Errors
    /// What the store said.
    pub async fn rebuild(self: &Arc<Self>, name: &str) -> Result<bool> {
        match name {
            Activity::NAME => begin_again(self, Activity).await?,
            Search::NAME => begin_again(self, Search).await?,
            Push::NAME => begin_again(self, Push).await?,
            Apps::NAME => begin_again(self, Apps).await?,
            Webhooks::NAME => begin_again(self, Webhooks).await?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

async fn begin_again<F: Follower>(app: &Arc<App>, follower: F) -> Result<()> {
    let home = follower.home(app).clone();
    home.write(move |tx| -> Result<()> {
        follower.clear(tx)?;
        Ok(cursors::rewind(tx, F::NAME)?)
    })
    .await
}

/// How many events the follower has still to read, in all spaces together.
async fn lag<F: Follower>(app: &Arc<App>, follower: &F) -> Result<i64> {
    if !follower.lives_apart() {
        return app.db.read(|conn| -> Result<_> { Ok(cursors::lag(conn, F::NAME)?) }).await;
    }
    Ok(left(app, follower).await?.into_iter().map(|(_, count)| count).sum())
}

/// Spaces in which the follower has something to read, some hundreds at most.
async fn behind<F: Follower>(app: &Arc<App>, follower: &F) -> Result<Vec<SpaceId>> {
    if !follower.lives_apart() {
        return app.db.read(|conn| -> Result<_> { Ok(cursors::behind(conn, F::NAME, SPACES as i64)?) }).await;
    }
    Ok(left(app, follower).await?.into_iter().map(|(space, _)| space).take(SPACES).collect())
}

/// The spaces in which a follower with a database of its own has something to read, and how much.
async fn left<F: Follower>(app: &Arc<App>, follower: &F) -> Result<Vec<(SpaceId, Seq)>> {
    let read = follower.home(app).read(|conn| -> Result<_> { Ok(cursors::all_of(conn, F::NAME)?) }).await?;
    let heads = app.db.read(|conn| -> Result<_> { Ok(cursors::heads(conn)?) }).await?;
    let left = heads.into_iter().map(|(space, head)| (space, head - read.get(&space).copied().unwrap_or(0)));
    Ok(left.filter(|(_, count)| *count > 0).collect())
}

/// Reads on for ever: everything that is behind at first and every few seconds,
/// and in between the spaces that hints name.
async fn run<F: Follower>(app: Arc<App>, follower: Arc<F>) {
    let mut hints = app.bus.subscribe();
    let mut named: Option<Heralds> = None;
    loop {
        if let Err(error) = read_on(&app, &follower, named.take()).await {
            tracing::error!(follower.name = F::NAME, %error, "A follower could not go on, it tries again");
            tokio::time::sleep(PATIENCE).await;
            continue;
        }
        let mut heralds = Heralds::new();
        match tokio::time::timeout(PATIENCE, hints.next()).await {
            Ok(None) => return,
            Ok(Some(heard)) if note(&heard, &mut heralds) => {}
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
                    Some(heard) if note(&heard, &mut heralds) => {}
                    Some(_) => break false,
                },
            }
        };
        named = complete.then_some(heralds);
    }
}

/// Notes what a hint brings; false when hints were lost.
fn note(heard: &Heard, heralds: &mut Heralds) -> bool {
    let Heard::Batch(batch) = heard else { return false };
    for announcement in batch.iter() {
        if let Announcement::Event(event) = announcement {
            heralds.entry(event.space).or_default().push(event.clone());
        }
    }
    true
}

async fn read_on<F: Follower>(app: &Arc<App>, follower: &Arc<F>, named: Option<Heralds>) -> Result<()> {
    let Some(heralds) = named else {
        while step_all(app, follower).await? {}
        return Ok(());
    };
    for (space, events) in heralds {
        // What comes later has a hint of its own.
        let mut is_behind = step(app, follower.clone(), space, events).await?;
        while is_behind {
            is_behind = step(app, follower.clone(), space, Vec::new()).await?;
        }
    }
    Ok(())
}

/// One step in every space where the follower is behind; false if in none.
async fn step_all<F: Follower>(app: &Arc<App>, follower: &Arc<F>) -> Result<bool> {
    let behind = behind(app, &**follower).await?;
    for space in &behind {
        step(app, follower.clone(), *space, Vec::new()).await?;
    }
    Ok(!behind.is_empty())
}

/// One step in one space; true when there may be more to read.
async fn step<F: Follower>(
    app: &Arc<App>,
    follower: Arc<F>,
    space: SpaceId,
    heralds: Vec<Arc<Event>>,
) -> Result<bool> {
    let home = follower.home(app).clone();
    let peek = move |conn: &mut Conn| -> Result<Seq> { Ok(cursors::peek(conn, F::NAME, space)?) };
    let stands = if follower.lives_apart() { Some(home.read(peek).await?) } else { None };
    let (house, reader) = (app.clone(), follower.clone());
    let prepared = app
        .db
        .read(move |conn| -> Result<Option<(Seq, usize, F::Work)>> {
            let from = stands.map_or_else(|| peek(conn), Ok)?;
            let events = match going_on(from, &heralds) {
                [] => from_log(&house, conn, space, from)?,
                heralds => heralds.to_vec(),
            };
            if events.is_empty() {
                return Ok(None);
            }
            Ok(Some((from, events.len(), reader.prepare(&house, conn, &events)?)))
        })
        .await?;
    let Some((from, count, work)) = prepared else { return Ok(false) };
    let work = Arc::new(work);
    let (house, keeper, done) = (app.clone(), follower.clone(), work.clone());
    let is_kept = home
        .write(move |tx| -> Result<bool> {
            // Another process, or a rebuild, was here in between: begin again.
            if cursors::get(tx, F::NAME, space)? != from {
                return Ok(false);
            }
            keeper.keep(&house, tx, &work)?;
            cursors::set(tx, F::NAME, space, from + count as Seq)?;
            Ok(true)
        })
        .await?;
    if is_kept {
        follower.kept(app, &done);
    }
    Ok(!is_kept || count >= STEP)
}

/// Those of the events that go on after `from` without a gap, if all that come later are among them.
fn going_on(from: Seq, events: &[Arc<Event>]) -> &[Arc<Event>] {
    let next = events.iter().position(|event| event.seq == from + 1).unwrap_or(events.len());
    let events = &events[next..];
    let is_whole = events.iter().zip(from + 1..).all(|(event, seq)| event.seq == seq);
    if is_whole { events } else { &[] }
}

fn from_log(app: &App, conn: &mut Conn, space: SpaceId, from: Seq) -> Result<Vec<Arc<Event>>> {
    let Some(record) = log::space(conn, space)? else { return Ok(Vec::new()) };
    let events = log::events(conn, &app.keyring, record.facts.workspace, space, from, STEP as i64)?;
    Ok(events.into_iter().map(Arc::new).collect())
}

#[cfg(test)]
mod tests {
    use madang_model::{Body, PersonId};

    use super::*;

    #[test]
    fn only_what_goes_on_where_the_follower_stands_spares_it_the_log() {
        let event = |seq: &Seq| {
            let body = Body::SpaceArchived {};
            Arc::new(Event {
                space: SpaceId(1),
                seq: *seq,
                at_us: *seq,
                author: PersonId(1),
                client_id: None,
                staff: false,
                body,
            })
        };
        let check = |from: Seq, heard: &[Seq], taken: &[Seq]| {
            let heard: Vec<_> = heard.iter().map(event).collect();
            let taken: Vec<_> = taken.iter().map(event).collect();
            assert_eq!(going_on(from, &heard), taken, "{heard:?} after {from}");
        };
        check(4, &[5, 6, 7], &[5, 6, 7]);
        check(5, &[4, 5, 6, 7], &[6, 7]);
        check(7, &[6, 7], &[]);
        check(3, &[5, 6], &[]);
        check(4, &[5, 7], &[]);
        check(4, &[6, 5, 7], &[]);
        check(4, &[5, 5, 6], &[]);
    }
}
