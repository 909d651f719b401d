//! The world of the call bench: a media server, its calls, clients and their lines.

use std::collections::{BTreeMap, HashMap};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use madang_model::{CallId, ParticipantId};

use super::link::{Dice, Link};
use crate::call::Call;
use crate::config::Limits;
use crate::event::Event;
use crate::record::Note;
use crate::rights::Rights;
use crate::rtc::tests::client::Client;
use crate::rtc::{Datagram, Ground, Way};
use crate::slot::{Slots, Want, Wants};
use crate::track::{Layer, Source, TrackName};

pub struct Seat {
    pub call: CallId,
    pub id: ParticipantId,
    pub client: Client,
    /// The address under which the server sees the client.
    pub outside: SocketAddr,
    pub up: Link,
    pub down: Link,
    pub told: Option<Slots>,
    pub here: bool,
}

/// A datagram on its way, up or down the line of a seat. `at` is the client's address.
struct Flight {
    up: bool,
    seat: usize,
    contents: Vec<u8>,
    at: SocketAddr,
}

pub struct Bench {
    pub now: Instant,
    pub calls: BTreeMap<CallId, Call>,
    pub seats: Vec<Seat>,
    pub events: Vec<Event>,
    /// What recorders wrote down.
    pub notes: Vec<(CallId, Note)>,
    /// What the first seat sends, if it is to be kept.
    pub record: Option<Vec<Vec<u8>>>,
    ground: Ground,
    server: SocketAddr,
    dice: Dice,
    /// What is on its way: by arrival, then by the order of leaving.
    flying: BTreeMap<(Instant, u64), Flight>,
    flown: u64,
}

impl Bench {
    pub fn new(seed: u64) -> Self {
        let server: SocketAddr = "192.0.2.1:3478".parse().unwrap();
        Self {
            now: Instant::now(),
            calls: BTreeMap::new(),
            seats: Vec::new(),
            events: Vec::new(),
            notes: Vec::new(),
            record: None,
            ground: Ground::new(true, &[(Way::Udp, server)]),
            server,
            dice: Dice::new(seed),
            flying: BTreeMap::new(),
            flown: 0,
        }
    }

    pub fn dice(&mut self) -> &mut Dice {
        &mut self.dice
    }

    /// Somebody joins over a good line; the index of their seat.
    pub fn join(&mut self, call: i64) -> usize {
        self.join_as(call, Rights::ALL, true, (3, 4))
    }

    pub fn join_as(&mut self, call: i64, rights: Rights, simulcast: bool, slots: (usize, usize)) -> usize {
        let index = self.seats.len();
        let (call, id) = (CallId(call), ParticipantId(index as i64 + 1));
        let address = SocketAddr::from(([10, 0, (index / 250) as u8, (index % 250) as u8 + 1], 5000));
        let (mut client, offer) = Client::offer(self.now, index as u64 + 1, address, simulcast, slots);
        let it = self.calls.entry(call).or_insert_with(|| Call::new(self.now, call));
        let answer = it.join(self.now, &self.ground, &Limits::default(), id, rights, &offer).unwrap();
        client.accept(&answer.sdp);
        let line = Link::new(20_000_000, 20);
        self.seats.push(Seat {
            call,
            id,
            client,
            outside: address,
            up: line.clone(),
            down: line,
            told: Some(answer.slots),
            here: true,
        });
        self.obey(index);
        index
    }

    pub fn leave(&mut self, seat: usize) {
        let it = &mut self.seats[seat];
        it.here = false;
        let (call, id) = (it.call, it.id);
        self.calls.get_mut(&call).unwrap().leave(self.now, id);
    }

    /// From Wi-Fi to mobile: another address, and an ICE restart from there.
    pub fn move_to_another_network(&mut self, seat: usize) {
        let it = &mut self.seats[seat];
        let mut address = it.client.address;
        address.set_port(address.port() + 1);
        let sdp = it.client.move_to(address);
        let call = self.calls.get_mut(&it.call).unwrap();
        let answer = call.renegotiate(self.now, &Limits::default(), it.id, &sdp).unwrap();
        self.seats[seat].client.moved(&answer);
        self.seats[seat].outside = address;
    }

    /// A NAT gives the client another port, and nobody is told.
    pub fn rebind(&mut self, seat: usize) {
        let outside = &mut self.seats[seat].outside;
        outside.set_port(outside.port() + 1000);
    }

    /// A seat wants the cameras of these, as tall as said.
    pub fn want(&mut self, seat: usize, others: &[usize], height: u32) {
        let it = &self.seats[seat];
        let slots = others.iter().zip(&it.client.eyes).map(|(&other, (mid, _))| Want {
            mid: mid.to_string(),
            track: Some(TrackName { participant: self.seats[other].id, source: Source::Camera }),
            height,
            priority: 1,
        });
        let wants = Wants { slots: slots.collect(), ..Wants::default() };
        let (call, id) = (it.call, it.id);
        self.calls.get_mut(&call).unwrap().want(self.now, id, wants);
    }

    /// Everybody of a call wants everybody else.
    pub fn all_want(&mut self, call: i64, height: u32) {
        let seats: Vec<usize> = (0..self.seats.len())
            .filter(|&it| self.seats[it].call == CallId(call) && self.seats[it].here)
            .collect();
        for &seat in &seats {
            let others: Vec<usize> = seats.iter().copied().filter(|&it| it != seat).collect();
            self.want(seat, &others, height);
        }
    }

    /// A datagram that comes from a seat's address, whoever sent it.
    pub fn strike(&mut self, seat: usize, contents: &[u8]) {
        let it = &self.seats[seat];
        let datagram = Datagram { way: Way::Udp, from: it.outside, to: self.server, contents };
        self.calls.get_mut(&it.call).unwrap().receive(self.now, it.id, datagram);
    }

    pub fn call(&mut self, seat: usize) -> (&mut Call, ParticipantId) {
        let it = &self.seats[seat];
        (self.calls.get_mut(&it.call).unwrap(), it.id)
    }

    pub fn run(&mut self, seconds: f64) {
        let end = self.now + Duration::from_secs_f64(seconds);
        loop {
            self.deliver();
            let next = self.next();
            if next >= end {
                self.now = end;
                return;
            }
            // Some of the library's times are in the past once, to say: at once.
            self.now = next.max(self.now);
            self.step();
        }
    }

    fn next(&self) -> Instant {
        let flying = self.flying.first_key_value().map(|((at, _), _)| *at);
        let clients = self.seats.iter().filter(|it| it.here).map(|it| it.client.due());
        let calls = self.calls.values().map(Call::next);
        let far = self.now + Duration::from_secs(1);
        flying.into_iter().chain(clients).chain(calls).fold(far, Instant::min)
    }

    fn step(&mut self) {
        let now = self.now;
        while let Some(entry) = self.flying.first_entry() {
            if entry.key().0 > now {
                break;
            }
            let Flight { up, seat, contents, at } = entry.remove();
            let it = &mut self.seats[seat];
            if up {
                let (call, id, to) = (it.call, it.id, self.server);
                let datagram = Datagram { way: Way::Udp, from: at, to, contents: &contents };
                self.calls.get_mut(&call).unwrap().receive(now, id, datagram);
            } else if at == it.outside {
                it.client.receive(now, self.server, &contents);
            }
        }
        for seat in self.seats.iter_mut().filter(|it| it.here && it.client.due() <= now) {
            seat.client.timeout(now);
        }
        for call in self.calls.values_mut() {
            call.flush(now);
        }
    }

    /// Puts on the lines what has come out, and obeys what was told.
    fn deliver(&mut self) {
        let now = self.now;
        let addresses: HashMap<ParticipantId, usize> =
            self.seats.iter().enumerate().map(|(index, it)| (it.id, index)).collect();
        for call in self.calls.values_mut() {
            for (id, transmit) in call.out.transmits.drain(..) {
                let seat = addresses[&id];
                let arrives = self.seats[seat].down.carry(now, transmit.contents.len(), &mut self.dice);
                if let Some(at) = arrives {
                    self.flown += 1;
                    self.flying.insert(
                        (at, self.flown),
                        Flight { up: false, seat, contents: transmit.contents, at: transmit.to },
                    );
                }
            }
            call.out.left.clear();
            self.events.append(&mut call.out.events);
            let id = call.id;
            self.notes.extend(call.out.notes.drain(..).map(|note| (id, note)));
        }
        for (seat, it) in self.seats.iter_mut().enumerate() {
            for (_, contents) in it.client.transmits.drain(..) {
                if seat == 0
                    && let Some(record) = &mut self.record
                {
                    record.push(contents.clone());
                }
                if let Some(at) = it.up.carry(now, contents.len(), &mut self.dice) {
                    self.flown += 1;
                    self.flying.insert((at, self.flown), Flight { up: true, seat, contents, at: it.outside });
                }
            }
        }
        self.hear_events();
    }

    fn hear_events(&mut self) {
        for event in &self.events {
            let Event::Slots { call, participant, slots } = event else { continue };
            let seat = self.seats.iter_mut().find(|it| it.id == *participant && it.call == *call);
            if let Some(seat) = seat.filter(|it| it.told.as_ref().is_none_or(|told| told.n < slots.n)) {
                seat.told = Some(slots.clone());
            }
        }
        self.events.retain(|event| !matches!(event, Event::Slots { .. } | Event::Numbers { .. }));
        (0..self.seats.len()).for_each(|seat| {
            self.obey(seat);
            self.promise(seat);
        });
    }

    /// What a client was told of its slots is what its user may expect to see.
    fn promise(&mut self, seat: usize) {
        let here: Vec<ParticipantId> = self.seats.iter().filter(|it| it.here).map(|it| it.id).collect();
        let it = &mut self.seats[seat];
        let Some(told) = &it.told else { return };
        for (mid, screen) in &mut it.client.eyes {
            let mid = mid.to_string();
            let bound = told.slots.iter().find(|slot| slot.mid == mid && slot.why.is_none());
            let whose = bound.and_then(|slot| slot.track).map(|track| track.participant);
            screen.promise(self.now, whose.filter(|whose| here.contains(whose)).map(|it| it.0 as u64));
        }
    }

    /// A client sends the layers that somebody wants, as many of them as its way carries. The
    /// smallest goes out whatever is thought of the way, as browsers do: an estimate that nothing is
    /// sent by stays where it is.
    fn obey(&mut self, seat: usize) {
        let it = &mut self.seats[seat];
        let Some(told) = &it.told else { return };
        let mut left = it.client.estimate;
        it.client.on.clear();
        for (source, layers) in &told.send {
            for (at, &layer) in layers.iter().enumerate() {
                let takes =
                    if *source == Source::Camera { crate::rtc::tests::client::rate(layer) } else { 40_000 };
                if at == 0 || takes <= left {
                    it.client.on.push((*source, layer));
                    left = left.saturating_sub(takes);
                }
            }
        }
    }

    /// The layer that a seat's slot shows, and of whom.
    pub fn shows(&self, seat: usize, slot: usize) -> Option<(u64, Layer)> {
        self.seats[seat].client.eyes[slot]
            .1
            .shows
            .map(|(sender, layer, _)| (sender, Layer::ALL[layer as usize]))
    }

    pub fn look_anew(&mut self) {
        let now = self.now;
        self.seats.iter_mut().for_each(|it| it.client.look_anew(now));
    }

    /// The longest that a picture stood still that should move, over all seats.
    pub fn longest_pause(&self) -> Duration {
        let here = self.seats.iter().filter(|it| it.here);
        let eyes = here.flat_map(|seat| &seat.client.eyes);
        eyes.map(|(_, screen)| screen.pause(self.now)).max().unwrap_or_default()
    }
}
