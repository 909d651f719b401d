//! All calls that run in this process.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, OnceLock};

use madang_model::{CallId, ParticipantId, Refusal, SpaceId};
use parking_lot::Mutex;
use tokio::sync::{Notify, mpsc};

use super::call::Call;
use super::door::MediaDoor;
use super::news::News;
use crate::app::App;

/// Running calls, the media server that carries them, and who is told of them.
#[derive(Default)]
pub(crate) struct Calls {
    running: Mutex<HashMap<CallId, Call>>,
    /// Those that changed since they were told of.
    changed: Mutex<BTreeSet<CallId>>,
    /// Wakes whoever tells of them.
    pub(super) news_there: Notify,
    /// Calls begin one after the other, so that a space gets one.
    pub(super) starting: tokio::sync::Mutex<()>,
    media: OnceLock<Arc<dyn MediaDoor>>,
    listener: OnceLock<mpsc::UnboundedSender<News>>,
}

impl Calls {
    pub(crate) fn media(&self) -> Result<&Arc<dyn MediaDoor>, Refusal> {
        self.media.get().ok_or(Refusal::CallsOff)
    }

    pub(super) fn tell(&self, news: News) {
        if let Some(listener) = self.listener.get() {
            // Whoever listened is gone with the process.
            let _ = listener.send(news);
        }
    }

    pub(super) fn is_idle(&self) -> bool {
        self.running.lock().is_empty()
    }

    pub(super) fn count(&self) -> usize {
        self.running.lock().len()
    }

    pub(super) fn get(&self, id: CallId) -> Option<Call> {
        self.running.lock().get(&id).cloned()
    }

    /// Looks at a running call where it stands: for what comes many times a second.
    pub(super) fn look<T>(&self, id: CallId, at: impl FnOnce(&Call) -> Option<T>) -> Option<T> {
        self.running.lock().get(&id).and_then(at)
    }

    pub(super) fn in_space(&self, space: SpaceId) -> Option<Call> {
        self.running.lock().values().find(|it| it.space == space).cloned()
    }

    /// Those that fit.
    pub(super) fn some(&self, fits: impl Fn(&Call) -> bool) -> Vec<Call> {
        self.running.lock().values().filter(|it| fits(it)).cloned().collect()
    }

    pub(super) fn begin(&self, call: Call) {
        let id = call.id;
        self.running.lock().insert(id, call);
        self.note(id);
    }

    /// Takes a call away; none if it was taken before, so an end happens once.
    pub(super) fn take(&self, id: CallId) -> Option<Call> {
        self.running.lock().remove(&id)
    }

    /// Changes a running call, and has everybody told of it.
    pub(super) fn change<T>(
        &self,
        id: CallId,
        with: impl FnOnce(&mut Call) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        let done = with(self.running.lock().get_mut(&id).ok_or(Refusal::CallOver)?)?;
        self.note(id);
        Ok(done)
    }

    /// Changes what nobody else is told of.
    pub(super) fn touch(&self, id: CallId, participant: ParticipantId, with: impl FnOnce(&mut Call)) {
        if let Some(call) = self.running.lock().get_mut(&id)
            && call.participants.iter().any(|it| it.id == participant)
        {
            with(call);
        }
    }

    fn note(&self, id: CallId) {
        self.changed.lock().insert(id);
        self.news_there.notify_one();
    }

    /// How those that changed are at this moment.
    pub(super) fn take_changed(&self) -> Vec<Call> {
        let changed = std::mem::take(&mut *self.changed.lock());
        let running = self.running.lock();
        changed.iter().filter_map(|id| running.get(id).cloned()).collect()
    }
}

impl App {
    /// Gives the house a media server; without one calls are off.
    pub fn carry_calls(&self, media: Arc<dyn MediaDoor>) {
        // The first one stays: calls that run on it would be lost.
        let _ = self.calls.media.set(media);
    }

    /// Whether calls can be made.
    pub fn can_call(&self) -> bool {
        self.calls.media.get().is_some()
    }

    /// Calls that run, and devices in them.
    pub fn call_counts(&self) -> (usize, usize) {
        let running = self.calls.running.lock();
        (running.len(), running.values().map(|it| it.participants.len()).sum())
    }

    /// What devices are to be told of calls from here on; for whoever tells them, once.
    ///
    /// # Panics
    /// When it is asked for twice.
    pub fn hear_of_calls(&self) -> mpsc::UnboundedReceiver<News> {
        let (sender, receiver) = mpsc::unbounded_channel();
        assert!(self.calls.listener.set(sender).is_ok(), "calls are told of in one place");
        receiver
    }
}
