//! Who is taken out of a space, of the house, or of their session is out of the call within a second; a call ends with
//! its space.

use std::collections::BTreeSet;
use std::sync::Arc;

use madang_model::permission::Right;
use madang_model::{Body, Event, SessionId};
use madang_store::bus::{Announcement, Heard, Subscription};
use madang_store::sessions;

use super::start::asks;
use crate::app::App;
use crate::error::{Error, Result};

impl App {
    /// Follows what happens until the process ends. `bus` was subscribed to before the first call could begin.
    pub async fn follow_callers(self: Arc<Self>, mut bus: Subscription) {
        while let Some(heard) = bus.next().await {
            if self.calls.is_idle() {
                continue;
            }
            match heard {
                Heard::Batch(batch) => {
                    for announcement in batch.iter() {
                        self.heed_announcement(announcement).await;
                    }
                }
                Heard::Missed(_) => self.look_at_all_callers().await,
            }
        }
    }

    /// What `follow_callers` is to follow.
    pub fn news_for_calls(&self) -> Subscription {
        self.bus.subscribe()
    }

    async fn heed_announcement(self: &Arc<Self>, announcement: &Announcement) {
        match announcement {
            Announcement::Event(event) => self.heed_event(event).await,
            Announcement::SessionEnded(session) => self.take_out_session(*session),
            Announcement::Outside => self.look_at_all_callers().await,
            _ => {}
        }
    }

    async fn heed_event(self: &Arc<Self>, event: &Event) {
        match event.body {
            Body::MemberLeft { person } => {
                let Some(call) = self.calls.in_space(event.space) else { return };
                self.drop_out(call.id, |it| it.person() == person);
                // Their devices are told nothing more of the space, so nothing that would end the ringing there.
                let _ = self.calls.change(call.id, |it| {
                    it.called.remove(&person);
                    Ok(it.ringing.remove(&person))
                });
                self.hush(&call, super::news::RingOver::Cancelled, vec![person]);
            }
            Body::SpaceArchived {} | Body::SpaceDeleted { .. } => {
                if let Some(call) = self.calls.in_space(event.space) {
                    self.end_call(call.id, true).await;
                }
            }
            _ => {}
        }
    }

    fn take_out_session(self: &Arc<Self>, session: SessionId) {
        for call in self.calls.some(|it| it.participants.iter().any(it.is_of(session))) {
            self.drop_out(call.id, call.is_of(session));
        }
    }

    /// Nobody knows what happened: everybody in a call is asked for again.
    async fn look_at_all_callers(self: &Arc<Self>) {
        for call in self.calls.some(|it| !it.participants.is_empty()) {
            let (space, seats) = (call.space, call.seats(|_| true));
            let asked = self
                .db
                .read(move |conn| -> Result<BTreeSet<SessionId>> {
                    let mut out = BTreeSet::new();
                    for seat in seats {
                        let stays = match asks(conn, seat.person, space, Right::Call) {
                            Ok(_) => sessions::exists(conn, seat.session)?,
                            Err(Error::Refusal(_)) => false,
                            Err(error) => return Err(error),
                        };
                        if !stays {
                            out.insert(seat.session);
                        }
                    }
                    Ok(out)
                })
                .await;
            match asked {
                Ok(out) => self.drop_out(call.id, |it| out.contains(&it.seat.session)),
                Err(error) => {
                    tracing::warn!(%error, call.id = %call.id, "Who may be in a call could not be looked up");
                }
            }
        }
    }
}
