//! Whoever means ill: nothing that comes from outside breaks a call or makes it grow.

use std::net::SocketAddr;
use std::time::Duration;

use proptest::prelude::*;

use super::bench::Bench;
use super::link::Dice;
use crate::call::Call;
use crate::config::Limits;
use crate::offer::Refused;
use crate::rights::Rights;
use crate::rtc::tests::client::Client;
use crate::rtc::{Datagram, Ground, Way};
use crate::track::{Kind, Layer, Source};
use madang_model::{CallId, ParticipantId};

/// Two who see each other, and what the first sent meanwhile.
fn recorded(seed: u64) -> (Bench, Vec<Vec<u8>>) {
    let mut bench = Bench::new(seed);
    bench.record = Some(Vec::new());
    bench.join(1);
    bench.join(1);
    bench.all_want(1, 180);
    bench.run(3.0);
    let sent = bench.record.take().unwrap();
    (bench, sent)
}

/// One of the usual ways in which a datagram goes wrong.
fn broken(datagram: &[u8], dice: &mut Dice) -> Vec<u8> {
    let mut out = datagram.to_vec();
    let mut at = |length: usize| (dice.throw() * length.max(1) as f64) as usize;
    match at(5) {
        0 => out.truncate(at(out.len())),
        1 => out.extend_from_slice(&datagram[..at(datagram.len())]),
        2 => (0..4).for_each(|_| {
            let place = at(out.len());
            if let Some(byte) = out.get_mut(place) {
                *byte = at(256) as u8;
            }
        }),
        3 => {
            // The head is where lengths and counts stand.
            let place = at(out.len().min(24));
            if let Some(byte) = out.get_mut(place) {
                *byte ^= 1 << at(8);
            }
        }
        _ => {
            let from = at(out.len());
            out[from..].fill(0xff);
        }
    }
    out
}

#[test]
fn broken_datagrams_of_every_kind_harm_nobody() {
    let (mut bench, sent) = recorded(70);
    assert!(
        sent.iter().any(|it| it[0] < 4)
            && sent.iter().any(|it| (20..64).contains(&it[0]))
            && sent.iter().any(|it| it[0] >= 128)
    );
    let mut dice = Dice::new(71);
    for round in 0..30 {
        for step in 0..100 {
            let datagram = broken(&sent[(round * 97 + step * 31) % sent.len()], &mut dice);
            bench.strike(0, &datagram);
        }
        bench.run(0.1);
    }
    bench.look_anew();
    bench.run(2.0);
    assert!(bench.longest_pause() < Duration::from_millis(500), "{:?}", bench.longest_pause());
    let heard = [0, 1].map(|seat| bench.seats[seat].client.ears[0].1.packets);
    assert!(heard.iter().all(|packets| *packets > 80), "{heard:?} of 100 packets");
}

#[test]
fn what_is_sent_again_is_heard_once() {
    let (mut bench, sent) = recorded(72);
    let frames = bench.seats[1].client.eyes[0].1.frames;
    let before = bench.seats[1].down.sent;
    sent.iter().for_each(|datagram| bench.strike(0, datagram));
    bench.run(0.05);
    assert!(bench.seats[1].client.eyes[0].1.frames <= frames + 3);
    assert!(bench.seats[1].down.sent - before < 60, "nothing is multiplied");
}

#[test]
fn a_client_with_keys_that_sends_nonsense_harms_nobody() {
    let (mut bench, _) = recorded(73);
    let mut dice = Dice::new(74);
    for _ in 0..300 {
        let length = (dice.throw() * 60.0) as usize;
        let payload: Vec<u8> = (0..length).map(|_| (dice.throw() * 256.0) as u8).collect();
        bench.seats[0].client.send_raw(Source::Camera, Layer::Q, &payload);
        bench.seats[0].client.send_raw(Source::Microphone, Layer::F, &payload);
        bench.run(0.01);
    }
    bench.look_anew();
    bench.run(2.0);
    let here = &bench.seats[0].client.eyes[0].1;
    assert!(here.pause(bench.now) < Duration::from_millis(500), "the other is seen");
    assert!(bench.calls[&CallId(1)].participants.len() == 2);
}

#[test]
fn an_offer_that_names_lines_wrongly_is_refused() {
    let now = std::time::Instant::now();
    let server: SocketAddr = "192.0.2.1:3478".parse().unwrap();
    let ground = Ground::new(true, &[(Way::Udp, server)]);
    let limits = Limits { participants_per_call: 1, ..Limits::default() };
    let mut call = Call::new(now, CallId(1));
    let (_, good) = Client::offer(now, 1, "10.0.0.1:5000".parse().unwrap(), true, (3, 4));
    let mut join = |change: &dyn Fn(&mut crate::offer::Offer), limits: &Limits| {
        let mut offer = good.clone();
        change(&mut offer);
        call.join(now, &ground, limits, ParticipantId(1), Rights::ALL, &offer).map(|_| ())
    };
    let bad = |result: Result<(), Refused>| matches!(result, Err(Refused::BadOffer(_)));
    assert!(bad(join(&|it| it.sdp.clear(), &limits)));
    assert!(bad(join(&|it| it.sdp = "v=0\r\n".to_owned(), &limits)));
    assert!(bad(join(&|it| it.sdp.push_str(&"a=x\r\n".repeat(20_000)), &limits)));
    assert!(bad(join(&|it| it.publish[0].1 = Source::Screen, &limits)), "sound is no picture");
    assert!(bad(join(&|it| it.publish[1].0 = "nowhere".to_owned(), &limits)));
    assert!(bad(join(&|it| it.receive.push(it.receive[0].clone()), &limits)), "named twice");
    assert!(bad(join(&|it| it.receive[0].1 = Kind::Video, &limits)));
    assert!(bad(join(&|_| {}, &Limits { lines: 3, ..limits })));
    assert!(join(&|_| {}, &limits).is_ok());
    assert!(join(&|_| {}, &limits).is_ok(), "the same again replaces itself");
    let (_, another) = Client::offer(now, 2, "10.0.0.2:5000".parse().unwrap(), true, (3, 4));
    let full = call.join(now, &ground, &limits, ParticipantId(2), Rights::ALL, &another);
    assert_eq!(full.map(|_| ()), Err(Refused::Full));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn no_offer_breaks_a_call(cuts in proptest::collection::vec((0usize..6000, 0usize..40, "[ -~\r\n]{0,12}"), 1..6)) {
        let now = std::time::Instant::now();
        let ground = Ground::new(true, &[(Way::Udp, "192.0.2.1:3478".parse().unwrap())]);
        let mut call = Call::new(now, CallId(1));
        let (_, good) = Client::offer(now, 1, "10.0.0.1:5000".parse().unwrap(), true, (1, 1));
        let mut offer = good.clone();
        for (at, length, put) in cuts {
            let at = at % offer.sdp.len().max(1);
            let end = (at + length).min(offer.sdp.len());
            offer.sdp.replace_range(at.min(offer.sdp.len())..end, &put);
        }
        let _ = call.join(now, &ground, &Limits::default(), ParticipantId(1), Rights::ALL, &offer);
        let joined = call.join(now, &ground, &Limits::default(), ParticipantId(2), Rights::ALL, &good);
        prop_assert!(joined.is_ok());
        prop_assert!(call.participants.len() <= 2);
    }

    #[test]
    fn no_stranger_breaks_a_call(bytes in proptest::collection::vec(any::<u8>(), 0..300), first in any::<u8>()) {
        let now = std::time::Instant::now();
        let server: SocketAddr = "192.0.2.1:3478".parse().unwrap();
        let ground = Ground::new(true, &[(Way::Udp, server)]);
        let mut call = Call::new(now, CallId(1));
        let (_, good) = Client::offer(now, 1, "10.0.0.1:5000".parse().unwrap(), false, (1, 1));
        call.join(now, &ground, &Limits::default(), ParticipantId(1), Rights::ALL, &good).unwrap();
        let mut contents = bytes;
        contents.insert(0, first);
        let from = "203.0.113.9:999".parse().unwrap();
        let taken = call.receive(now, ParticipantId(1), Datagram { way: Way::Udp, from, to: server, contents: &contents });
        prop_assert!(!taken);
        call.flush(now);
        prop_assert!(!call.is_empty());
    }
}
