//! The clock of calls: devices are told of changes, at most five times a second; what rang long enough stops; a call
//! that everybody has left ends.

use std::sync::Arc;
use std::time::Duration;

use super::call::State;
use super::news::News;
use crate::app::App;

/// At most one state of a call in this time.
const BEAT: Duration = Duration::from_millis(200);
/// How long a call waits for somebody to come back: 20 s in microseconds.
const EMPTY_US: i64 = 20_000_000;
/// How long a call waits for the first one, who may be choosing a camera: 2 min.
const FIRST_US: i64 = 120_000_000;
/// Whoever waits to be let in and has not asked again for this long has gone: 60 s.
const WAITING_US: i64 = 60_000_000;
/// How long a device may take to connect: 30 s.
const CONNECTING_US: i64 = 30_000_000;

impl App {
    /// Tells of calls and ends them until the process ends.
    pub async fn watch_calls(self: Arc<Self>) {
        loop {
            // While nothing runs there is nothing to look after; a call that begins wakes it.
            let rest = if self.calls.is_idle() { Duration::from_secs(3_600) } else { Duration::from_secs(1) };
            let _ = tokio::time::timeout(rest, self.calls.news_there.notified()).await;
            for call in self.calls.take_changed() {
                self.steer_displays(&call);
                self.calls.tell(News::State(Box::new(call)));
            }
            self.mind_the_time().await;
            tokio::time::sleep(BEAT).await;
        }
    }

    async fn mind_the_time(self: &Arc<Self>) {
        let now_us = self.clock.now_us();
        self.stop_long_rings(now_us);
        self.mind_recordings(now_us);
        let is_late = |it: &super::call::Participant| {
            it.state == State::Connecting && now_us - it.state_since > CONNECTING_US
        };
        for call in self.calls.some(|it| it.participants.iter().any(is_late)) {
            self.drop_out(call.id, is_late);
        }
        // Whoever waits asks again every few seconds.
        let is_tired = |it: &super::call::Participant| now_us - it.state_since > WAITING_US;
        for call in self.calls.some(|it| it.waiting.iter().any(is_tired)) {
            let _ = self.calls.change(call.id, |it| {
                it.waiting.retain(|it| !is_tired(it));
                Ok(())
            });
        }
        let is_over = |it: &super::call::Call| {
            let patience = if it.took_part.is_empty() { FIRST_US } else { EMPTY_US };
            it.empty_since.is_some_and(|since| now_us - since > patience)
        };
        for call in self.calls.some(is_over) {
            self.end_call(call.id, true).await;
        }
    }
}
