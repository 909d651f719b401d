//! Where the house can be reached just now, and how far the run has come.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::{Result, bail};
use madang_model::{PersonId, Seq, SpaceId};
use tokio::sync::{Mutex, watch};

use super::files::Files;

/// A client that got no answer tries again after this, or as soon as the house has another address.
const AGAIN: Duration = Duration::from_millis(40);

/// What became of a command that carried a `client_id`.
#[derive(Debug, Clone, Default)]
pub struct Fate {
    /// The seqs that were answered; all the same, or something was doubled.
    pub answered: BTreeSet<(SpaceId, Seq)>,
    /// It was sent without waiting for the answer, so it may have run unseen.
    pub unseen: bool,
}

/// What all devices share.
pub struct World {
    /// `http://127.0.0.1:PORT` of the process that serves; another one after each restart.
    origin: watch::Sender<String>,
    pub client: reqwest::Client,
    /// The first space of the house.
    pub main: SpaceId,
    /// Steps that were taken.
    pub taken: watch::Sender<usize>,
    /// Every space that was ever answered, for whoever wants to knock.
    pub spaces: Mutex<Vec<SpaceId>>,
    /// Commands by author and client id.
    pub journal: Mutex<BTreeMap<(PersonId, String), Fate>>,
    pub files: Files,
    numbered: AtomicUsize,
    /// What broke first, if anything did.
    broken: watch::Sender<Option<String>>,
}

impl World {
    pub fn new(origin: &str, main: SpaceId) -> Result<World> {
        let client = reqwest::Client::builder().timeout(Duration::from_secs(30)).build()?;
        Ok(World {
            origin: watch::Sender::new(origin.to_owned()),
            client,
            main,
            taken: watch::Sender::new(0),
            spaces: Mutex::new(vec![main]),
            journal: Mutex::default(),
            files: Files::default(),
            numbered: AtomicUsize::new(0),
            broken: watch::Sender::new(None),
        })
    }

    pub fn origin(&self) -> String {
        self.origin.borrow().clone()
    }

    pub fn moved_to(&self, origin: &str) {
        self.origin.send_replace(origin.to_owned());
    }

    /// Waits until the house has another address than this one, or a moment.
    pub async fn again(&self, than: &str) {
        let mut origin = self.origin.subscribe();
        // Running out of time is one of the two things that are waited for.
        let _ = tokio::time::timeout(AGAIN, origin.wait_for(|now| now != than)).await;
    }

    pub fn step_taken(&self) {
        self.taken.send_modify(|taken| *taken += 1);
    }

    /// Waits until so many steps were taken.
    pub async fn steps(&self, count: usize) -> Result<()> {
        let mut taken = self.taken.subscribe();
        let mut broken = self.broken.subscribe();
        tokio::select! {
            _ = taken.wait_for(|taken| *taken >= count) => Ok(()),
            what = broken.wait_for(Option::is_some) => bail!("{:?}", what.map(|it| it.clone())),
        }
    }

    /// A number that nothing else has.
    pub fn number(&self) -> usize {
        self.numbered.fetch_add(1, Ordering::Relaxed)
    }

    /// Notes what went wrong; the first one counts.
    pub fn broke(&self, what: String) {
        self.broken.send_if_modified(|first| {
            let is_first = first.is_none();
            if is_first {
                *first = Some(what);
            }
            is_first
        });
    }

    /// # Errors
    /// What broke.
    pub fn is_whole(&self) -> Result<()> {
        match self.broken.borrow().clone() {
            Some(what) => bail!(what),
            None => Ok(()),
        }
    }
}
