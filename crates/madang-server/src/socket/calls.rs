//! What devices hear of calls: everybody in a space how its call is, whoever is rung that it rings, and each device in
//! a call what its slots hold.

use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;
use madang_app::calls::{Call, News, Seat};
use madang_model::{CallId, SpaceId};
use tokio::sync::mpsc::UnboundedReceiver;

use super::frame;
use super::hub::{Device, Hub};
use crate::wire::call_keys::KeyFrame;
use crate::wire::call_signals::{Said, SignalFrame};
use crate::wire::calls::{self as wire, CallFrame, RingFrame, RingOverFrame, SlotsFrame};

/// Signals that a device may send in a second.
const SIGNALS: f64 = 30.0;

/// How many signals a device may send at this moment.
pub(super) struct Pace {
    left: f64,
    at: Instant,
}

impl Pace {
    pub(super) fn new() -> Pace {
        Pace { left: SIGNALS, at: Instant::now() }
    }

    /// Whether one more goes through.
    pub(super) fn step(&mut self) -> bool {
        let passed = self.at.elapsed().as_secs_f64();
        self.at = Instant::now();
        self.left = (self.left + passed * SIGNALS).min(SIGNALS);
        let goes = self.left >= 1.0;
        if goes {
            self.left -= 1.0;
        }
        goes
    }
}

impl Hub {
    /// Tells devices of calls until the process ends.
    pub(super) fn tell_of_calls(self: Arc<Self>, mut news: UnboundedReceiver<News>) {
        tokio::spawn(async move {
            while let Some(news) = news.recv().await {
                self.tell_of_call(news);
            }
        });
    }

    fn tell_of_call(&self, news: News) {
        match news {
            News::State(call) => self.tell_state(&call),
            News::Ring { call, people } => {
                let block = frame::text(&RingFrame::new(&call));
                let devices = people.into_iter().flat_map(|person| self.devices_of(person));
                devices.filter(|it| it.is_in(call.space)).for_each(|it| it.outlet.send(&block));
            }
            News::RingOver { call, why, people } => {
                let block = frame::text(&RingOverFrame { call: call.to_string(), why: why.as_str() });
                let devices = people.into_iter().flat_map(|person| self.devices_of(person));
                devices.for_each(|it| it.outlet.send(&block));
            }
            News::Slots { call, participant, to, slots } => {
                self.send_to(&to, &frame::text(&SlotsFrame::new(call, participant, &slots)));
            }
            News::Key { call, participant, to, key } => {
                self.send_to(&to, &frame::text(&KeyFrame::new(call, participant, &key)));
            }
            News::Signal { call, from, to, signal } => {
                let block = frame::text(&SignalFrame::new(call, from, &signal));
                to.iter().for_each(|seat| self.send_to(seat, &block));
            }
        }
    }

    fn tell_state(&self, call: &Call) {
        self.broadcast(call.space, &frame::text(&CallFrame { call: wire::Call::new(call) }));
        if call.waiting.is_empty() {
            return;
        }
        let host = call.participants.iter().find(|it| Some(it.id) == call.host);
        let block = frame::text(&CallFrame { call: wire::Call::for_host(call) });
        host.into_iter().for_each(|it| self.send_to(&it.seat, &block));
    }

    fn send_to(&self, seat: &Seat, block: &Bytes) {
        let devices = self.devices_of(seat.person);
        devices.iter().filter(|it| it.is_at(seat)).for_each(|device| device.outlet.send(block));
    }

    /// What a device that has just been welcomed must know at once: what rings, and what its own calls hold.
    pub(super) fn catch_up_with_calls(&self, device: &Device) {
        for call in self.app.ringing(device.person).iter().filter(|it| device.is_in(it.space)) {
            device.outlet.send(&frame::text(&RingFrame::new(call)));
        }
        for (call, participant) in self.app.seated(&device.seat()) {
            if let Some(key) = participant.last_key() {
                device.outlet.send(&frame::text(&KeyFrame::new(call.id, participant.id, key)));
            }
            if let Some(slots) = participant.last_slots() {
                device.outlet.send(&frame::text(&SlotsFrame::new(call.id, participant.id, slots)));
            }
        }
    }

    /// A device in a call shows something to the others.
    pub(super) fn call_signal(&self, device: &Device, call: CallId, said: Said) {
        let seat = device.seat();
        if let Said::AskToUnmute { participant, source } = &said {
            if let Ok(source) = wire::source(source) {
                self.app.ask_to_unmute(&seat, call, *participant, source);
            }
        } else if let Some(signal) = said.shown() {
            self.app.show_in_call(&seat, call, signal);
        }
    }
}

impl Device {
    fn is_in(&self, space: SpaceId) -> bool {
        self.follows_any(&[space].into())
    }

    pub(super) fn seat(&self) -> Seat {
        Seat { person: self.person, session: self.session, device: self.name().to_owned() }
    }

    fn is_at(&self, seat: &Seat) -> bool {
        let same = self.person == seat.person && self.session == seat.session;
        same && (seat.device.is_empty() || seat.device == self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_of_signals_becomes_a_trickle() {
        let mut pace = Pace::new();
        let through = (0..1_000).filter(|_| pace.step()).count();
        assert!((30..60).contains(&through), "{through}");
    }
}
