//! People go, and calls end: the last one left, a host ended it, the house closes.

use std::sync::Arc;

use madang_model::CallId;
use madang_model::call::end;
use madang_store::log;

use super::call::{Call, Participant};
use super::news::{News, RingOver};
use crate::app::App;
use crate::error::Result;

impl App {
    /// Takes devices out of a call at once.
    pub(super) fn drop_out(self: &Arc<Self>, call: CallId, whom: impl Fn(&Participant) -> bool) {
        let now_us = self.clock.now_us();
        let gone = self.calls.change(call, |it| {
            let ids: Vec<_> = it.participants.iter().filter(|it| whom(it)).map(|it| it.id).collect();
            it.waiting.retain(|it| !whom(it));
            Ok(ids.into_iter().filter_map(|id| it.take_out(id, now_us)).collect::<Vec<_>>())
        });
        let (Ok(gone), Ok(media)) = (gone, self.calls.media()) else { return };
        for participant in &gone {
            media.leave(call, participant.id);
        }
        if let Some(call) = self.calls.get(call).filter(|_| !gone.is_empty()) {
            self.note_who_is_in(&call);
        }
    }

    /// Whoever calls and hangs up before anybody answered has ended the call: it rings for nobody.
    pub(super) async fn end_if_nobody_will_come(self: &Arc<Self>, call: CallId) {
        let Some(running) = self.calls.get(call) else { return };
        let alone = running.took_part.len() <= 1 && !running.called.is_empty();
        if running.participants.is_empty() && alone {
            self.end_call(call, true).await;
        }
    }

    /// Ends a call: nobody is in it any more, nothing rings, and the log says how it was. Unless `tell`, devices are
    /// left to find out, which begin it again when they do.
    pub(super) async fn end_call(self: &Arc<Self>, call: CallId, tell: bool) {
        let Some(mut over) = self.calls.take(call) else { return };
        if let Ok(media) = self.calls.media() {
            media.end(call);
        }
        let now_us = self.clock.now_us();
        let rang: Vec<_> = std::mem::take(&mut over.ringing).into_iter().collect();
        over.ended = Some(now_us);
        if tell {
            self.hush(&over, RingOver::Cancelled, rang);
            self.calls.tell(News::State(Box::new(over.clone())));
        }
        let (app, id) = (self.clone(), over.id);
        let written = self.db.write(move |tx| app.write_end(tx, &over, now_us)).await;
        if let Err(error) = written {
            // It is written at the next start, or when the next call begins in the space.
            tracing::error!(%error, call.id = %id, "The end of a call could not be written down");
        }
    }

    fn write_end(&self, tx: &mut madang_store::db::Tx, call: &Call, now_us: i64) -> Result<()> {
        // A space that was erased meanwhile has no log.
        let Some(record) = log::space_locked(tx, call.space)? else { return Ok(()) };
        let running = log::running_in(tx, call.space)?;
        self.append(tx, &record, call.by, None, end(running, call.seq, call.ending(now_us)))?;
        Ok(())
    }

    /// Writes down the end of every call, for a house that closes.
    pub async fn close_calls(self: &Arc<Self>) {
        for call in self.calls.some(|_| true) {
            self.end_call(call.id, false).await;
        }
    }
}
