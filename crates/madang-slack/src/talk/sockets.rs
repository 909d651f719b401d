//! Socket Mode: apps that connect to us. Each thing is said on one of an app's sockets, in turn.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use madang_model::{AppId, SessionId};
use parking_lot::Mutex;
use serde_json::{Value, json};
use tokio::sync::{Notify, mpsc, oneshot};

use super::{Missed, Reply, Said};

/// Sockets of one app, as many as Slack allows.
pub const MOST: usize = 10;
/// Bytes of an envelope: what the smallest client takes.
const ENVELOPE: usize = 512 << 10;

/// One open socket.
pub(super) struct Line {
    pub(super) id: usize,
    /// The token by which it was opened.
    session: SessionId,
    /// The token has ended. Kept until whoever serves the socket looks.
    pub(super) over: Notify,
    pub(super) out: mpsc::Sender<String>,
    /// Who waits for which envelope to be taken.
    waiting: Mutex<HashMap<String, oneshot::Sender<Option<Value>>>>,
}

impl Line {
    pub(super) fn new(id: usize, session: SessionId, out: mpsc::Sender<String>) -> Line {
        Line { id, session, over: Notify::new(), out, waiting: Mutex::default() }
    }

    /// The app has taken an envelope.
    pub(super) fn taken(&self, envelope: &str, payload: Option<Value>) {
        if let Some(waiting) = self.waiting.lock().remove(envelope) {
            let _ = waiting.send(payload);
        }
    }
}

/// The sockets that are open.
#[derive(Default)]
pub struct Sockets {
    lines: Mutex<HashMap<AppId, Vec<Arc<Line>>>>,
    turn: AtomicUsize,
}

impl Sockets {
    /// How many sockets of the app are open.
    #[must_use]
    pub fn count(&self, app: AppId) -> usize {
        self.lines.lock().get(&app).map_or(0, Vec::len)
    }

    pub(super) fn next_id(&self) -> usize {
        self.turn.fetch_add(1, Ordering::Relaxed)
    }

    /// Takes a socket in; false when the app has enough of them.
    pub(super) fn add(&self, app: AppId, line: Arc<Line>) -> bool {
        let mut lines = self.lines.lock();
        let those = lines.entry(app).or_default();
        if those.len() >= MOST {
            return false;
        }
        those.push(line);
        true
    }

    pub(super) fn remove(&self, app: AppId, id: usize) {
        let mut lines = self.lines.lock();
        if let Some(those) = lines.get_mut(&app) {
            those.retain(|it| it.id != id);
            if those.is_empty() {
                lines.remove(&app);
            }
        }
    }

    /// The tokens by which sockets were opened.
    pub(super) fn sessions(&self) -> Vec<SessionId> {
        let lines = self.lines.lock();
        let mut all: Vec<SessionId> = lines.values().flatten().map(|it| it.session).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// This token has ended: its sockets are cut off.
    pub(super) fn cut(&self, session: SessionId) {
        self.lines
            .lock()
            .values()
            .flatten()
            .filter(|it| it.session == session)
            .for_each(|it| it.over.notify_one());
    }

    /// Says something on one socket of the app, and waits until it is taken.
    pub(super) async fn say(&self, app: AppId, said: Said, most: Duration) -> Result<Reply, Missed> {
        let line = self.in_turn(app).ok_or(Missed::NotConnected)?;
        let failed =
            |reason, why: &str| Missed::Failed { status: None, reason, why: why.to_owned(), no_retry: false };
        let envelope = format!("{}-{}", line.id, self.next_id());
        let mut frame = json!({
            "envelope_id": envelope,
            "type": said.kind.word(),
            "payload": said.payload,
            "accepts_response_payload": said.kind != super::Kind::Events,
        });
        if said.kind == super::Kind::Events {
            frame["retry_attempt"] = json!(said.retry.as_ref().map_or(0, |it| it.number));
            frame["retry_reason"] = json!(said.retry.map(|it| it.reason).unwrap_or_default());
        }
        let frame = frame.to_string();
        if frame.len() > ENVELOPE {
            return Err(Missed::Failed {
                status: None,
                reason: "unknown_error",
                why: format!("it is longer than {ENVELOPE} bytes, which clients of Socket Mode do not take"),
                no_retry: true,
            });
        }
        let (taken, waiting) = oneshot::channel();
        line.waiting.lock().insert(envelope.clone(), taken);
        if line.out.send(frame).await.is_err() {
            line.waiting.lock().remove(&envelope);
            return Err(failed("connection_failed", "its socket was closed"));
        }
        let answer = tokio::time::timeout(most, waiting).await;
        line.waiting.lock().remove(&envelope);
        match answer {
            Ok(Ok(body)) => Ok(Reply { status: None, body, no_retry: false }),
            Ok(Err(_)) => Err(failed("connection_failed", "its socket was closed before it took it")),
            Err(_) => Err(failed("http_timeout", "it did not take it within 3 seconds")),
        }
    }

    fn in_turn(&self, app: AppId) -> Option<Arc<Line>> {
        let lines = self.lines.lock();
        let those = lines.get(&app).filter(|it| !it.is_empty())?;
        those.get(self.next_id() % those.len()).cloned()
    }
}
