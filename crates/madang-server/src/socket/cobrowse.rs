//! Shared pages: who looks at which, and what goes from the visitor to them and back. All of it is gone once delivered.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use madang_app::Error;
use madang_model::desk::page::Page;
use madang_model::desk::ticket::Consent;
use madang_model::{PersonId, Refusal, SpaceId};
use parking_lot::Mutex;
use serde_json::{Map, Value, json};

use super::frame;
use super::hub::{Device, Hub};
use super::stills::Stills;
use crate::wire::cobrowse::{PageFrame, PageShown, PointFrame, ShowPage, WatchedFrame};

/// Devices that look at one page.
const WATCHERS: usize = 20;
/// Bytes of one word that is passed on.
const WORD: usize = 8 << 10;
/// How long a look at who may look is trusted.
const TRUST: Duration = Duration::from_secs(1);

/// The pages that somebody looks at.
#[derive(Default)]
pub struct CoBrowse {
    pages: Mutex<HashMap<SpaceId, Arc<Shown>>>,
    pub(super) stills: Stills,
}

#[derive(Default)]
struct Shown {
    watchers: Mutex<Vec<Watcher>>,
    /// Since the last whole snapshot, and whose it was; none before the first.
    page: Mutex<Option<(String, Page)>>,
}

struct Watcher {
    device: Arc<Device>,
    checked: Instant,
    /// It has not taken all that was sent, and needs the page anew.
    behind: bool,
}

impl CoBrowse {
    fn of(&self, space: SpaceId) -> Option<Arc<Shown>> {
        self.pages.lock().get(&space).cloned()
    }

    fn leave(&self, space: SpaceId, device: &Arc<Device>) {
        let mut pages = self.pages.lock();
        let Some(shown) = pages.get(&space) else { return };
        let mut watchers = shown.watchers.lock();
        watchers.retain(|it| !Arc::ptr_eq(&it.device, device));
        let nobody = watchers.is_empty();
        drop(watchers);
        if nobody {
            pages.remove(&space);
        }
    }

    /// A device is gone: it looks at nothing.
    pub(super) fn forget(&self, device: &Arc<Device>) {
        let spaces: Vec<SpaceId> = self.pages.lock().keys().copied().collect();
        spaces.into_iter().for_each(|space| self.leave(space, device));
    }
}

impl Shown {
    fn join(&self, device: &Arc<Device>) -> bool {
        let mut watchers = self.watchers.lock();
        watchers.retain(|it| !Arc::ptr_eq(&it.device, device));
        let free = watchers.len() < WATCHERS;
        if free {
            watchers.push(Watcher { device: device.clone(), checked: Instant::now(), behind: true });
        }
        free
    }

    fn is_watched_by(&self, device: &Arc<Device>) -> bool {
        self.watchers.lock().iter().any(|it| Arc::ptr_eq(&it.device, device))
    }

    /// Hands a frame to all who follow; answers whether somebody needs all of the page, and could take it.
    fn send(&self, block: &Bytes, full: bool) -> bool {
        let mut wants_all = false;
        for watcher in self.watchers.lock().iter_mut() {
            if full || !watcher.behind {
                watcher.behind = !watcher.device.outlet.offer(block);
            } else {
                wants_all |= watcher.device.outlet.takes_more();
            }
        }
        wants_all
    }

    /// Takes in a piece of the page. None for what means nothing without all of it.
    fn check(&self, piece: &ShowPage) -> Result<Option<Vec<Value>>, Refusal> {
        let mut page = self.page.lock();
        if piece.full {
            *page = Some((piece.source.clone(), Page::default()));
        }
        match page.as_mut().filter(|(source, _)| *source == piece.source) {
            Some((_, known)) => match known.check(&piece.events) {
                Ok(events) => Ok(Some(events)),
                Err(_) => {
                    *page = None;
                    Err(Refusal::TooLarge { limit: 0 })
                }
            },
            // How it goes with the page can be told without any of it.
            None if piece.n == 0 => Ok(Some(Page::default().check(&piece.events).unwrap_or_default())),
            None => Ok(None),
        }
    }
}

impl Hub {
    /// A device of an agent begins to look at a visitor's page, or no longer does.
    pub(super) async fn watch(&self, device: &Arc<Device>, space: SpaceId, on: bool) {
        if !on {
            return self.cobrowse.leave(space, device);
        }
        let Ok(visitor) = self.app.looks_at_page(device.person, space, None).await else { return };
        // Under the lock of all: a page that nobody looks at goes under it.
        let joined = self.cobrowse.pages.lock().entry(space).or_default().join(device);
        if joined {
            self.ask_for_all(visitor, space);
        }
    }

    fn ask_for_all(&self, visitor: PersonId, space: SpaceId) {
        let block = frame::text(&WatchedFrame { space, full: true });
        self.devices_of(visitor).iter().for_each(|device| device.outlet.send(&block));
    }

    /// A visitor shows their page. `read` unpacks it, and is not called where nobody looks.
    ///
    /// # Errors
    /// What `read` says, `TooLarge`, or what the store said.
    pub async fn show_page(
        &self,
        space: SpaceId,
        read: impl FnOnce() -> Result<ShowPage, Refusal> + Send + 'static,
    ) -> Result<PageShown, Error> {
        let Some(shown) = self.cobrowse.of(space) else {
            return Ok(PageShown { watching: false, full: false });
        };
        self.look_who_looks(space, &shown).await;
        let checked = tokio::task::spawn_blocking(move || {
            let piece = read()?;
            let Some(events) = shown.check(&piece)? else { return Ok(true) };
            let block = frame::text(&PageFrame { space, n: piece.n, full: piece.full, events: &events });
            Ok::<_, Refusal>(shown.send(&block, piece.full))
        });
        let full =
            checked.await.map_err(|error| anyhow::anyhow!("a page could not be checked: {error}"))??;
        Ok(PageShown { watching: true, full })
    }

    /// Whoever may no longer look is left out within a second (invariant 7).
    async fn look_who_looks(&self, space: SpaceId, shown: &Shown) {
        let due: Vec<Arc<Device>> = {
            let mut watchers = shown.watchers.lock();
            let due = watchers.iter_mut().filter(|it| it.checked.elapsed() >= TRUST);
            due.map(|it| {
                it.checked = Instant::now();
                it.device.clone()
            })
            .collect()
        };
        for device in due {
            if self.app.looks_at_page(device.person, space, None).await.is_err() {
                self.cobrowse.leave(space, &device);
            }
        }
    }

    /// An agent shows something on the page, or the page says what became of it.
    pub(super) async fn point(&self, device: &Arc<Device>, space: SpaceId, mut word: Map<String, Value>) {
        word.remove("type");
        word.remove("space");
        let block = frame::text(&PointFrame { space, word: &word });
        if block.len() > WORD {
            return;
        }
        if self.drawn(device, space, &word, &block) {
            return;
        }
        let kind = word.get("kind").and_then(Value::as_str).unwrap_or_default();
        let Some(shown) = self.cobrowse.of(space) else { return };
        if !shown.is_watched_by(device) {
            let own = self.app.shown_page(device.person).await.is_ok_and(|it| it == space);
            if kind == "clicked" && own {
                shown.watchers.lock().iter().for_each(|it| it.device.outlet.send(&block));
            }
            return;
        }
        let consent = match kind {
            "pointer" | "ink" | "clear" | "show" => Some(Consent::Page),
            // The page asks whether it may be pressed at all where that was not said yet.
            "click" => Some(Consent::Page),
            "ask" => None,
            _ => return,
        };
        let Ok(visitor) = self.app.looks_at_page(device.person, space, consent).await else { return };
        self.devices_of(visitor).iter().for_each(|it| it.outlet.send(&block));
    }

    /// The visitor shows nothing any more: whoever looks is told at once, and what was known of the page is forgotten.
    pub(super) fn page_over(&self, space: SpaceId) {
        let Some(shown) = self.cobrowse.of(space) else { return };
        *shown.page.lock() = None;
        let over = json!({ "type": 5, "timestamp": 0, "data": { "tag": "madang", "payload": { "showing": "over" } } });
        let block = frame::text(&PageFrame { space, n: 0, full: false, events: &[over] });
        shown.watchers.lock().iter().for_each(|it| it.device.outlet.send(&block));
    }
}
