//! Real traffic, broken where its structure is, for as long as `MADANG_FUZZ_SECONDS` says: a second
//! with all other tests, minutes with `make soak`. What fails says its seed, which is one run.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use madang_model::{CallId, ParticipantId};

use super::bench::Bench;
use super::link::Dice;
use crate::call::Call;
use crate::config::Limits;
use crate::offer::Offer;
use crate::rights::Rights;
use crate::rtc::tests::client::Client;
use crate::rtc::{Datagram, Ground, Way};
use crate::track::{Layer, Source};

/// Where a run begins, and until when rounds of it go on.
struct Time {
    seed: u64,
    until: Instant,
}

impl Time {
    fn new() -> Self {
        let ask = |name| std::env::var(name).ok().and_then(|it| it.parse::<f64>().ok());
        let seconds = ask("MADANG_FUZZ_SECONDS").unwrap_or(1.0);
        let seed = ask("MADANG_FUZZ_SEED").map_or(1, |it| it as u64);
        Self { seed, until: Instant::now() + Duration::from_secs_f64(seconds) }
    }

    /// One round at least, each with dice of its own.
    fn rounds(self, mut round: impl FnMut(&mut Dice)) {
        for seed in self.seed.. {
            let dice = &mut Dice::new(seed);
            let went = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| round(dice)));
            assert!(went.is_ok(), "MADANG_FUZZ_SEED={seed} does it again");
            if Instant::now() > self.until {
                return;
            }
        }
    }
}

fn below(dice: &mut Dice, most: usize) -> usize {
    (dice.throw() * most.max(1) as f64) as usize
}

/// Of what was really sent: one of each kind, so that rare ones come as often as media.
#[derive(Default)]
struct Corpus {
    stun: Vec<Vec<u8>>,
    dtls: Vec<Vec<u8>>,
    rtp: Vec<Vec<u8>>,
    rtcp: Vec<Vec<u8>>,
}

impl Corpus {
    /// Two meet and talk; what the first sends is kept.
    fn record(bench: &mut Bench) -> Self {
        let sent = bench.record.take().unwrap();
        let mut corpus = Self::default();
        for datagram in sent {
            let kind = match datagram[..] {
                [0..=3, ..] => &mut corpus.stun,
                [20..=63, ..] => &mut corpus.dtls,
                [128..=191, 192..=223, ..] => &mut corpus.rtcp,
                _ => &mut corpus.rtp,
            };
            if kind.len() < 200 {
                kind.push(datagram);
            }
        }
        assert!([&corpus.stun, &corpus.dtls, &corpus.rtp, &corpus.rtcp].iter().all(|it| !it.is_empty()));
        corpus
    }

    fn broken(&self, dice: &mut Dice) -> Vec<u8> {
        let kinds = [&self.stun, &self.dtls, &self.rtp, &self.rtcp];
        let kind = below(dice, kinds.len());
        let mut out = kinds[kind][below(dice, kinds[kind].len())].clone();
        for _ in 0..=below(dice, 3) {
            match kind {
                0 => break_stun(&mut out, dice),
                1 => break_bytes(&mut out, dice, 13),
                2 => break_rtp(&mut out, dice),
                _ => break_rtcp(&mut out, dice),
            }
            if dice.throw() < 0.2 {
                break_bytes(&mut out, dice, usize::MAX);
            }
        }
        out
    }
}

/// Numbers at which readers of lengths and counts go wrong.
fn odd(dice: &mut Dice) -> u16 {
    let odd = [0, 1, 3, 4, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0x8000, 0xfffc, 0xffff];
    odd[below(dice, odd.len())]
}

fn put(out: &mut [u8], at: usize, value: u16) {
    if let Some(place) = out.get_mut(at..at.saturating_add(2)) {
        place.copy_from_slice(&value.to_be_bytes());
    }
}

/// Cut short, made longer, a bit or a byte of its first ones changed.
fn break_bytes(out: &mut Vec<u8>, dice: &mut Dice, first: usize) {
    let at = below(dice, out.len().min(first));
    match below(dice, 4) {
        0 => out.truncate(at.max(1)),
        1 => out.extend_from_within(at.min(out.len())..),
        2 => _ = out.get_mut(at).map(|it| *it ^= 1 << below(dice, 8)),
        _ => _ = out.get_mut(at).map(|it| *it = below(dice, 256) as u8),
    }
    out.truncate(3_000);
}

/// RFC 8489, 5 and 14: the length of the whole, and kind and length of one attribute.
fn break_stun(out: &mut Vec<u8>, dice: &mut Dice) {
    let (mut at, target) = (20, below(dice, 8));
    for _ in 0..target {
        let Some(&[a, b]) = out.get(at + 2..at + 4) else { break };
        at += 4 + usize::from(u16::from_be_bytes([a, b])).next_multiple_of(4);
    }
    match below(dice, 5) {
        0 => put(out, 2, odd(dice)),
        1 => put(out, at, odd(dice)),
        2 => put(out, at + 2, odd(dice)),
        3 => put(out, 0, below(dice, 0x4000) as u16),
        _ => {
            let again: Vec<u8> = out.get(at..).unwrap_or_default().to_vec();
            out.extend(again);
        }
    }
}

/// RFC 3550, 5.1 and RFC 8285: version, padding, sources, marker and format, number, time, whose it
/// is, and the extensions with their lengths.
fn break_rtp(out: &mut [u8], dice: &mut Dice) {
    match below(dice, 7) {
        0 => _ = out.get_mut(0).map(|it| *it ^= 1 << below(dice, 8)),
        1 => _ = out.get_mut(1).map(|it| *it = below(dice, 256) as u8),
        2 => put(out, 2, odd(dice)),
        3 => put(out, 8 + 2 * below(dice, 2), odd(dice)),
        4 => put(out, 12 + 2 * below(dice, 2), odd(dice)),
        5 => _ = out.get_mut(16).map(|it| *it = below(dice, 256) as u8),
        _ => _ = out.last_mut().map(|it| *it = below(dice, 256) as u8),
    }
}

/// RFC 3550, 6.4: count, kind and length in words; and several in one.
fn break_rtcp(out: &mut Vec<u8>, dice: &mut Dice) {
    match below(dice, 5) {
        0 => _ = out.get_mut(0).map(|it| *it = 0x80 | below(dice, 64) as u8),
        1 => _ = out.get_mut(1).map(|it| *it = 192 + below(dice, 32) as u8),
        2 => put(out, 2, odd(dice)),
        3 => put(out, 4, odd(dice)),
        _ => out.extend_from_within(..),
    }
    out.truncate(3_000);
}

/// Two calls of two, warmed up; what the first seat sent is recorded from its first packet on.
fn two_calls(seed: u64) -> (Bench, Corpus) {
    let mut bench = Bench::new(seed);
    bench.record = Some(Vec::new());
    for call in [1, 1, 2, 2] {
        bench.join(call);
    }
    bench.all_want(1, 180);
    bench.all_want(2, 180);
    bench.run(3.0);
    let corpus = Corpus::record(&mut bench);
    (bench, corpus)
}

#[test]
fn broken_stun_dtls_rtp_and_rtcp_break_no_call_and_make_none_grow() {
    Time::new().rounds(|dice| {
        let (mut bench, corpus) = two_calls(90);
        for _ in 0..20 {
            for _ in 0..50 {
                bench.strike(0, &corpus.broken(dice));
            }
            bench.run(0.05);
        }
        let sent: u64 = bench.seats.iter().map(|it| it.down.sent).sum();
        bench.look_anew();
        bench.run(2.0);
        let later: u64 = bench.seats.iter().map(|it| it.down.sent).sum();
        assert!(later - sent < 4_000, "{} datagrams in two seconds: nothing is multiplied", later - sent);
        assert_eq!(bench.calls.values().map(|it| it.participants.len()).collect::<Vec<_>>(), [2, 2]);
        assert!(bench.longest_pause() < Duration::from_millis(500), "{:?}", bench.longest_pause());
    });
}

/// What opens: the client seals it with its own keys, so that it reaches what reads payloads.
#[test]
fn payloads_of_every_kind_under_the_right_key_break_no_call() {
    Time::new().rounds(|dice| {
        let (mut bench, _) = two_calls(91);
        let heads: [&[u8]; 4] = [
            // A descriptor of VP8 with all it may have; RED of two blocks; STAP-A and FU-A of H.264.
            &[0x90, 0xf0, 0x80, 1, 2, 3, 0x10, 0, 0, 0x9d, 1, 0x2a],
            &[0xef, 0, 0, 2, 111, 1, 2],
            &[24, 0, 2, 0x67, 1, 0, 2, 0x65, 1],
            &[28, 0x85, 1, 2],
        ];
        for _ in 0..100 {
            let mut payload = heads[below(dice, heads.len())].to_vec();
            break_bytes(&mut payload, dice, usize::MAX);
            payload.extend((0..below(dice, 40)).map(|_| below(dice, 256) as u8));
            bench.seats[0].client.send_raw(Source::Camera, Layer::Q, &payload);
            bench.seats[0].client.send_raw(Source::Microphone, Layer::F, &payload);
            bench.run(0.01);
        }
        bench.look_anew();
        bench.run(2.0);
        let there = bench.seats[0].client.eyes[0].1.pause(bench.now);
        assert!(there < Duration::from_millis(500), "the other is seen: {there:?}");
        let elsewhere = [2, 3].map(|seat| bench.seats[seat].client.eyes[0].1.longest);
        assert!(elsewhere.iter().all(|it| *it < Duration::from_millis(500)), "{elsewhere:?}");
    });
}

/// Lines of an offer that are doubled, dropped, swapped, cut and given odd numbers.
#[test]
fn broken_offers_are_answered_or_refused_and_leave_the_call_as_it_was() {
    let now = Instant::now();
    let server: SocketAddr = "192.0.2.1:3478".parse().unwrap();
    let ground = Ground::new(true, &[(Way::Udp, server)]);
    let address = "10.0.0.1:5000".parse().unwrap();
    let (_, good) = Client::offer(now, 1, address, true, (3, 4));
    let odd = ["", "0", "-1", "65536", "4294967296", "99999999999999999999", "a=b", "\u{ac00}", "*"];
    Time::new().rounds(|dice| {
        let mut call = Call::new(now, CallId(1));
        let mut join = |who: i64, offer: &Offer| {
            call.join(now, &ground, &Limits::default(), ParticipantId(who), Rights::ALL, offer)
        };
        assert!(join(1, &good).is_ok());
        for _ in 0..20 {
            let mut lines: Vec<String> = good.sdp.lines().map(str::to_owned).collect();
            for _ in 0..=below(dice, 4) {
                let (at, other) = (below(dice, lines.len()), below(dice, lines.len()));
                match below(dice, 5) {
                    0 => lines[at] = lines[other].clone(),
                    1 => _ = lines.remove(at),
                    2 => lines.swap(at, other),
                    3 => lines[at] = lines[at].chars().take(below(dice, 20)).collect(),
                    _ => {
                        let mut words: Vec<&str> = lines[at].split(' ').collect();
                        let word = below(dice, words.len());
                        words[word] = odd[below(dice, odd.len())];
                        lines[at] = words.join(" ");
                    }
                }
            }
            let mut offer = good.clone();
            offer.sdp = lines.join("\r\n") + "\r\n";
            // Answered or refused, it is all the same.
            let _ = join(2, &offer);
        }
        assert!(join(3, &good).is_ok());
        assert!(call.participants.len() <= 3);
    });
}

/// The same load in the first call, with and without a flood from its first participant: the second
/// call sees as many pictures and hears as many voices, as soon.
#[test]
fn a_flood_from_one_participant_does_not_disturb_another_call() {
    let heard = |flood: bool| {
        let (mut bench, corpus) = two_calls(92);
        let media: Vec<&Vec<u8>> = corpus.rtp.iter().chain(&corpus.rtcp).collect();
        bench.look_anew();
        for step in 0..300 {
            let many = if flood { 60 } else { 0 };
            (0..many).for_each(|it| bench.strike(0, media[(step * 7 + it) % media.len()]));
            bench.run(0.01);
        }
        [2, 3].map(|seat| {
            let client = &bench.seats[seat].client;
            let (eye, ear) = (&client.eyes[0].1, &client.ears[0].1);
            (eye.frames, ear.packets, eye.pause(bench.now).max(ear.longest))
        })
    };
    let (quiet, flooded) = (heard(false), heard(true));
    for ((frames, packets, _), (with_frames, with_packets, pause)) in quiet.into_iter().zip(flooded) {
        assert!(frames > 100 && packets > 140, "{frames} frames, {packets} packets in three seconds");
        assert!(with_frames + 3 >= frames && with_packets + 3 >= packets, "{quiet:?} {flooded:?}");
        assert!(pause < Duration::from_millis(200), "{pause:?}");
    }
}

/// What a stranger sends costs the same however much they have sent, and is kept nowhere.
#[test]
fn strangers_leave_nothing_behind_in_a_call() {
    let (mut bench, corpus) = two_calls(93);
    let mut dice = Dice::new(94);
    let before: Vec<u64> = bench.seats.iter().map(|it| it.down.sent).collect();
    let from = "203.0.113.9:999".parse().unwrap();
    let to = "192.0.2.1:3478".parse().unwrap();
    for _ in 0..2_000 {
        let mut contents = corpus.broken(&mut dice);
        // Its proof is broken for certain.
        contents.iter_mut().rev().take(8).for_each(|it| *it ^= 0x55);
        let (now, (call, id)) = (bench.now, bench.call(0));
        call.receive(now, id, Datagram { way: Way::Udp, from, to, contents: &contents });
    }
    bench.run(0.05);
    let answered: u64 = bench.seats.iter().zip(before).map(|(it, before)| it.down.sent - before).sum();
    assert!(answered < 200, "{answered} datagrams after 2000 of a stranger");
    assert_eq!(bench.calls[&CallId(1)].participants.len(), 2);
}
