//! A relay that is talked to as a device would, in time that the test makes.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use madang_model::PersonId;
use proptest::prelude::*;

use super::dialogue::{Dialogue, Outcome, SHOWS_WITHIN};
use super::frame::{self, Frame};
use super::message::{
    CHANNEL, DATA, ERROR, FAMILY, HEADER, LIFETIME, Message, NONCE, PEER, REALM, RELAYED, Reply, TRANSPORT,
    USERNAME,
};
use super::relay::{self, Peer, Relay};
use crate::wire::calls::IceServer;

pub(super) const ALLOCATE: u8 = 3;
pub(super) const REFRESH: u8 = 4;
pub(super) const PERMIT: u8 = 8;
pub(super) const BIND: u8 = 9;
pub(super) const TRANSACTION: &[u8] = b"twelve bytes";
pub(super) const NOW_S: i64 = 1_800_000_000;

pub(super) fn media() -> SocketAddr {
    "203.0.113.5:3478".parse().unwrap()
}

pub(super) fn house() -> Arc<Relay> {
    let six = "[2001:db8::5]:3478".parse().unwrap();
    let peers = [media(), six].map(|told| Peer { told, at: told }).to_vec();
    Arc::new(Relay::with("turn:127.0.0.1:8080?transport=tcp".into(), peers))
}

/// A device that talks to the relay, and what it was given.
pub(super) struct Device {
    pub(super) dialogue: Dialogue,
    server: IceServer,
    nonce: String,
    pub(super) now: Instant,
}

impl Device {
    pub(super) fn of(relay: &Arc<Relay>, person: i64) -> Device {
        let now = Instant::now();
        let server = relay.servers(PersonId(person), NOW_S * 1_000_000).remove(0);
        let dialogue = Dialogue::new(relay.clone(), "192.0.2.9:5000".parse().unwrap(), now).unwrap();
        Device { dialogue, server, nonce: String::new(), now }
    }

    fn says(&mut self, bytes: &[u8]) -> Answer {
        let outcome = self.dialogue.receive((self.now, NOW_S), Frame::Message(bytes), |_| {
            Ok::<_, io::Error>("127.0.0.1:40000".parse().unwrap())
        });
        match outcome {
            Outcome::Nothing => Answer::Silence,
            Outcome::Pass(place, contents) => Answer::Passed(place, contents.to_vec()),
            Outcome::End(bytes) if bytes.is_empty() => Answer::Over,
            Outcome::Say(bytes) | Outcome::End(bytes) => {
                let message = Message::read(&bytes).unwrap();
                if let Some(nonce) = message.text(NONCE) {
                    self.nonce = nonce.to_owned();
                }
                match message.value(ERROR) {
                    Some(&[_, _, hundreds, rest, ..]) => {
                        Answer::No(u16::from(hundreds) * 100 + u16::from(rest))
                    }
                    _ => {
                        assert!(message.is_signed_with(&self.key()), "an answer is signed");
                        Answer::Fine
                    }
                }
            }
        }
    }

    fn key(&self) -> [u8; 16] {
        let given = |it: &Option<String>| it.clone().unwrap();
        relay::key(&given(&self.server.username), relay::REALM, &given(&self.server.credential))
    }

    pub(super) fn signed(&self, reply: Reply) -> Vec<u8> {
        let name = self.server.username.as_deref().unwrap();
        let named = reply.with(USERNAME, name.as_bytes()).with(REALM, relay::REALM.as_bytes());
        named.with(NONCE, self.nonce.as_bytes()).signed(&self.key())
    }

    fn asks(&mut self, kind: u8, fill: impl FnOnce(Reply) -> Reply) -> Answer {
        let bytes = self.signed(fill(Reply::new([0, kind], TRANSACTION)));
        self.says(&bytes)
    }

    fn greets(&mut self) -> Answer {
        self.says(&Reply::new([0, ALLOCATE], TRANSACTION).unsigned())
    }

    pub(super) fn allocates(&mut self) -> Answer {
        assert_eq!(self.greets(), Answer::No(401));
        self.asks(ALLOCATE, |it| it.with(TRANSPORT, &[17, 0, 0, 0]))
    }

    fn sends(&mut self, peer: SocketAddr) -> Answer {
        let bytes = Reply::new([0, 0x16], TRANSACTION).address(PEER, peer).with(DATA, b"hello").unsigned();
        self.says(&bytes)
    }

    fn binds(&mut self, number: u16, peer: SocketAddr) -> Answer {
        let [high, low] = number.to_be_bytes();
        self.asks(BIND, |it| it.with(CHANNEL, &[high, low, 0, 0]).address(PEER, peer))
    }

    fn speaks(&mut self, number: u16) -> Option<usize> {
        let frame = Frame::Channel(number, b"hello");
        match self.dialogue.receive((self.now, NOW_S), frame, |_| unreachable!()) {
            Outcome::Pass(place, b"hello") => Some(place),
            _ => None,
        }
    }

    fn hears(&self, place: usize) -> Vec<u8> {
        let mut out = Vec::new();
        self.dialogue.came(self.now, place, b"hello", &mut out);
        out
    }
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Answer {
    Fine,
    No(u16),
    Passed(usize, Vec<u8>),
    Silence,
    Over,
}

#[test]
fn a_device_gets_a_way_to_the_calls_and_back() {
    let relay = house();
    let mut nari = Device::of(&relay, 1);
    assert_eq!(nari.allocates(), Answer::Fine);
    assert_eq!(nari.sends(media()), Answer::Silence, "not permitted yet");
    assert_eq!(nari.asks(PERMIT, |it| it.address(PEER, media())), Answer::Fine);
    assert_eq!(nari.sends(media()), Answer::Passed(0, b"hello".to_vec()));
    let heard = nari.hears(0);
    let message = Message::read(&heard).unwrap();
    assert_eq!((message.peers().unwrap(), message.value(DATA)), (vec![media()], Some(&b"hello"[..])));
    assert_eq!(nari.binds(0x4001, media()), Answer::Fine);
    assert_eq!((nari.speaks(0x4001), nari.speaks(0x4002)), (Some(0), None));
    assert_eq!(frame::first(&nari.hears(0), 64), Ok(Some((Frame::Channel(0x4001, b"hello"), 12))));
    assert_eq!(nari.binds(0x4002, media()), Answer::No(400), "a peer has one channel");
    assert_eq!(nari.asks(REFRESH, |it| it.with(LIFETIME, &[0; 4])), Answer::Fine);
    assert_eq!(nari.speaks(0x4001), None);
    assert_eq!(relay.held().1, 0);
}

#[test]
fn nothing_but_the_calls_is_reached_however_it_is_named() {
    let others = [
        "203.0.113.5:22",
        "127.0.0.1:3478",
        "127.0.0.1:8080",
        "169.254.169.254:80",
        "10.0.0.1:3478",
        "0.0.0.0:3478",
        "[::1]:3478",
        "[::]:3478",
        "[2001:db8::5]:3479",
        "[::ffff:203.0.113.5]:3478",
        "[::ffff:127.0.0.1]:3478",
        "[64:ff9b::cb00:7105]:3478",
        "255.255.255.255:3478",
        "224.0.0.1:3478",
    ];
    let relay = house();
    let mut nari = Device::of(&relay, 1);
    nari.allocates();
    assert_eq!(nari.asks(PERMIT, |it| it.address(PEER, media())), Answer::Fine);
    for other in others {
        let other: SocketAddr = other.parse().unwrap();
        assert_eq!(nari.binds(0x4001, other), Answer::No(403), "{other}");
        assert_eq!(nari.sends(other), Answer::Silence, "{other}");
        if nari.dialogue_knows(other) {
            continue;
        }
        assert_eq!(nari.asks(PERMIT, |it| it.address(PEER, other)), Answer::No(403), "{other}");
        let both = nari.asks(PERMIT, |it| it.address(PEER, media()).address(PEER, other));
        assert_eq!(both, Answer::No(403), "beside a good one: {other}");
    }
    let two = nari.says(
        &Reply::new([0, 0x16], TRANSACTION)
            .address(PEER, media())
            .address(PEER, "127.0.0.1:22".parse().unwrap())
            .with(DATA, b"hello")
            .unsigned(),
    );
    assert_eq!(two, Answer::Silence);
    assert_eq!(
        nari.asks(ALLOCATE, |it| it.with(TRANSPORT, &[17, 0, 0, 0])),
        Answer::No(437),
        "one is enough"
    );
    assert_eq!(
        nari.says(&Reply::new([0, 0x0a], TRANSACTION).unsigned()),
        Answer::Silence,
        "Connect is not spoken"
    );
    for (transport, code) in [(6, 442), (0, 442), (255, 442)] {
        let mut joon = Device::of(&relay, 2);
        joon.greets();
        assert_eq!(joon.asks(ALLOCATE, |it| it.with(TRANSPORT, &[transport, 0, 0, 0])), Answer::No(code));
    }
}

impl Device {
    /// A permission is for an address whatever its port (RFC 8656, 9): with the port of another, nothing is sent.
    fn dialogue_knows(&self, peer: SocketAddr) -> bool {
        house().peers().iter().any(|it| it.told.ip() == peer.ip())
    }
}

#[test]
fn whoever_was_given_nothing_gets_nothing() {
    let relay = house();
    let now_us = NOW_S * 1_000_000;
    let allocate = |device: &mut Device| {
        device.greets();
        device.asks(ALLOCATE, |it| it.with(TRANSPORT, &[17, 0, 0, 0]))
    };
    let mut guesses = Device::of(&relay, 1);
    guesses.server.credential = Some("guess".into());
    assert_eq!(allocate(&mut guesses), Answer::No(401));
    let mut elsewhere = Device::of(&relay, 1);
    elsewhere.server = house().servers(PersonId(1), now_us).remove(0);
    assert_eq!(allocate(&mut elsewhere), Answer::No(401), "of another house, or from before a restart");
    let mut late = Device::of(&relay, 1);
    late.server = relay.servers(PersonId(1), now_us - 13 * 3_600_000_000).remove(0);
    assert_eq!(allocate(&mut late), Answer::No(401), "it has ended");
    let mut renamed = Device::of(&relay, 1);
    renamed.server.username = Some("9999999999:nari".into());
    assert_eq!(allocate(&mut renamed), Answer::No(401));
    let mut replays = Device::of(&relay, 1);
    replays.greets();
    replays.nonce = "of another connection".into();
    assert_eq!(replays.asks(ALLOCATE, |it| it.with(TRANSPORT, &[17, 0, 0, 0])), Answer::No(438));
    let mut nari = Device::of(&relay, 1);
    assert_eq!(nari.allocates(), Answer::Fine);
    nari.server = relay.servers(PersonId(2), now_us).remove(0);
    assert_eq!(nari.asks(REFRESH, |it| it), Answer::No(441), "an allocation is of whoever made it");
    let nothing = [PERMIT, BIND, REFRESH].map(|kind| {
        let mut device = Device::of(&relay, 3);
        device.greets();
        device.asks(kind, |it| it.address(PEER, media()).with(CHANNEL, &[0x40, 1, 0, 0]))
    });
    assert_eq!(nothing, [437, 437, 437].map(Answer::No));
    assert_eq!(relay.held().1, 1);
}

#[test]
fn whoever_shows_nothing_is_let_go_and_leaves_nothing() {
    let relay = house();
    let mut stranger = Device::of(&relay, 1);
    assert_eq!(stranger.dialogue.until(), stranger.now + SHOWS_WITHIN);
    let answers: Vec<Answer> = (0..20).map(|_| stranger.greets()).collect();
    assert_eq!(answers.iter().filter(|it| **it == Answer::No(401)).count(), 8);
    assert_eq!(answers.last(), Some(&Answer::Over));
    assert_eq!(stranger.dialogue.until(), stranger.now + SHOWS_WITHIN, "asking gives no time");
    let crowd: Vec<Option<Dialogue>> = (0..400)
        .map(|_| Dialogue::new(relay.clone(), "192.0.2.9:5000".parse().unwrap(), stranger.now))
        .collect();
    assert_eq!(crowd.iter().flatten().count(), 255);
    drop((crowd, stranger));
    assert_eq!(relay.held(), (0, 0));
}

#[test]
fn an_allocation_lives_as_long_as_it_is_asked_for() {
    let relay = house();
    let mut nari = Device::of(&relay, 1);
    nari.allocates();
    let minutes = |count: u64| Duration::from_secs(count * 60);
    assert_eq!(nari.dialogue.until(), nari.now + minutes(10));
    nari.binds(0x4001, media());
    nari.now += minutes(6);
    assert!(nari.hears(0).is_empty(), "a permission ends after five minutes");
    assert_eq!(nari.asks(REFRESH, |it| it.with(LIFETIME, &u32::MAX.to_be_bytes())), Answer::Fine);
    assert_eq!(nari.dialogue.until(), nari.now + minutes(10), "however long it is wished");
    assert_eq!(nari.binds(0x4001, media()), Answer::Fine);
    assert!(!nari.hears(0).is_empty());
    nari.now += minutes(11);
    assert_eq!(nari.speaks(0x4001), None);
}

#[test]
fn one_person_has_so_many_and_others_have_theirs() {
    let relay = house();
    let mut open = Vec::new();
    let refused = loop {
        let mut device = Device::of(&relay, 1);
        match device.allocates() {
            Answer::Fine => open.push(device),
            refused => break refused,
        }
    };
    assert_eq!((open.len(), refused), (16, Answer::No(486)));
    assert_eq!(Device::of(&relay, 2).allocates(), Answer::Fine);
    open.pop();
    assert_eq!(Device::of(&relay, 1).allocates(), Answer::Fine);
    drop(open);
    assert_eq!(relay.held(), (0, 0));
}

#[test]
fn families_that_media_has_are_given() {
    let mut nari = Device::of(&house(), 1);
    nari.greets();
    let six = |it: Reply| it.with(TRANSPORT, &[17, 0, 0, 0]).with(FAMILY, &[2, 0, 0, 0]);
    assert_eq!(nari.asks(ALLOCATE, six), Answer::Fine);
    let peers = vec![Peer { told: media(), at: media() }];
    let mut joon = Device::of(&Arc::new(Relay::with(String::from("turn:a:1"), peers)), 1);
    joon.greets();
    assert_eq!(joon.asks(ALLOCATE, six), Answer::No(440));
    assert_eq!(
        joon.asks(ALLOCATE, |it| it.with(TRANSPORT, &[17, 0, 0, 0]).with(RELAYED + 2, &[])),
        Answer::No(420)
    );
}

proptest! {
    /// Whatever a device sends, with its key or without: the relay does not break, and passes nothing on to anybody
    /// else than media.
    #[test]
    fn nonsense_breaks_nothing(
        kinds in proptest::collection::vec((0_u8..0x20, proptest::collection::vec((0_u16..0x20, proptest::collection::vec(any::<u8>(), 0..24)), 0..5), any::<bool>()), 1..12),
    ) {
        let relay = house();
        let mut nari = Device::of(&relay, 1);
        nari.allocates();
        for (kind, attributes, is_signed) in kinds {
            let fill = |it: Reply| attributes.iter().fold(it, |it, (kind, value)| it.with(*kind, value));
            let message = fill(Reply::new([0, kind], TRANSACTION));
            let bytes = if is_signed { nari.signed(message) } else { message.unsigned() };
            prop_assert!(bytes.len() >= HEADER);
            let outcome = nari.dialogue.receive((nari.now, NOW_S), Frame::Message(&bytes), |_| {
                Ok::<_, io::Error>("127.0.0.1:40000".parse().unwrap())
            });
            if let Outcome::Pass(place, _) = outcome {
                prop_assert!(place < relay.peers().len());
            }
        }
    }
}
