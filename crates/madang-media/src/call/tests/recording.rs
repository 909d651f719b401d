//! What is recorded of a call, in virtual time, over bad lines.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use madang_model::{CallId, ParticipantId};

use super::bench::Bench;
use crate::record::{Began, Note, Stopped};
use crate::rights::Rights;
use crate::rtc::Coded;
use crate::rtc::tests::client::Stamp;
use crate::track::{Layer, Source, TrackName};

const NO_LIMIT: u64 = u64::MAX;

/// A file, and its frames: when, whether one can begin there, what stands in them.
type Recorded = (Began, Vec<(i64, bool, Vec<Stamp>)>);

/// The files of a recording by their number.
fn films(bench: &Bench) -> BTreeMap<u32, Recorded> {
    let mut films: BTreeMap<u32, Recorded> = BTreeMap::new();
    for (_, note) in &bench.notes {
        match note {
            Note::Began(began) => _ = films.insert(began.file, (began.clone(), Vec::new())),
            Note::Frame { file, at_us, key, data } => {
                let (_, frames) = films.get_mut(file).expect("a film begins before its frames");
                frames.push((*at_us, *key, Stamp::all_in(data)));
            }
            _ => {}
        }
    }
    films
}

fn of(bench: &Bench, seat: usize, source: Source) -> Vec<Recorded> {
    let track = TrackName { participant: bench.seats[seat].id, source };
    films(bench).into_values().filter(|(began, _)| began.track == track).collect()
}

fn record(bench: &mut Bench, seat: usize) {
    let now = bench.now;
    bench.call(seat).0.record(now, NO_LIMIT);
}

fn stop(bench: &mut Bench, seat: usize) {
    let now = bench.now;
    bench.call(seat).0.stop_recording(now, Stopped::Asked);
    bench.run(0.01);
}

/// Every frame is whole and of one picture, a keyframe begins, no frame is missing that a later one needs, and time
/// runs on.
fn is_sound(seat: u64, film: &Recorded) {
    let (began, frames) = film;
    let mut last = None;
    for (index, (at_us, key, stamps)) in frames.iter().enumerate() {
        let first = stamps.first().expect("a frame has its stamps");
        assert!(stamps.iter().all(|it| it.sender == seat), "of somebody else: {first:?}");
        assert!(*at_us >= began.at_us);
        if began.coded == Coded::Vp8 {
            let parts: Vec<u8> = stamps.iter().map(|it| it.index).collect();
            assert_eq!(parts, (0..first.count).collect::<Vec<_>>(), "{first:?} is not whole");
            assert!(stamps.iter().all(|it| (it.frame, it.layer) == (first.frame, first.layer)));
            assert_eq!(*key, first.key);
            assert!(index > 0 || *key, "begins in the middle");
        }
        if let Some((last_us, frame, layer)) = last {
            assert!(*at_us > last_us, "time runs back at {index}");
            let goes_on = (first.frame, first.layer) == (frame + 1, layer);
            assert!(goes_on || *key, "{first:?} needs what is missing after {frame} of layer {layer}");
        }
        last = Some((*at_us, first.frame, first.layer));
    }
}

#[test]
fn a_recording_has_each_track_whole_though_the_lines_lose_and_reorder() {
    let mut bench = Bench::new(61);
    let (nari, joon) = (bench.join(1), bench.join(1));
    for seat in [nari, joon] {
        bench.seats[seat].up.loss = 0.03;
        bench.seats[seat].up.bursts = (0.002, 6.0);
        bench.seats[seat].up.jitter = Duration::from_millis(15);
        bench.seats[seat].up.reorder = 0.02;
    }
    bench.run(2.0);
    record(&mut bench, nari);
    bench.run(20.0);
    stop(&mut bench, nari);
    let mut seen = 0;
    for seat in [nari, joon] {
        for source in [Source::Microphone, Source::Camera] {
            let found = of(&bench, seat, source);
            assert_eq!(found.len(), 1, "one file of {seat} {source}");
            is_sound(seat as u64 + 1, &found[0]);
            let (began, frames) = &found[0];
            assert!(began.at_us < 2_000_000, "{seat} {source} begins after {} us", began.at_us);
            let end = frames.last().unwrap().0;
            assert!(end > 19_000_000, "{seat} {source} ends at {end} us");
            // Voices are sent once and lost; pictures come anew.
            let whole = if source == Source::Camera { 25 } else { 50 } * 18;
            assert!(frames.len() > whole * 9 / 10, "{seat} {source}: {} frames", frames.len());
            let measured = (end - began.at_us) as f64;
            let first = &frames[0].2[0];
            let last = &frames.last().unwrap().2[0];
            if source == Source::Microphone {
                let said = f64::from(last.frame - first.frame) * 20_000.0;
                assert!((measured - said).abs() < 60_000.0, "the clock of {seat}: {measured} for {said}");
            }
            seen += 1;
        }
    }
    assert_eq!(seen, 4);
    let ended = bench.notes.iter().rev().find_map(|(_, note)| match note {
        Note::Ended { at_us, why } => Some((*at_us, *why)),
        _ => None,
    });
    assert_eq!(ended, Some((20_000_000, Stopped::Asked)));
}

#[test]
fn a_recording_takes_the_tallest_layer_and_asks_for_it_though_nobody_watches() {
    let mut bench = Bench::new(62);
    let (nari, joon) = (bench.join(1), bench.join(1));
    bench.run(2.0);
    assert!(!bench.seats[nari].client.on.contains(&(Source::Camera, Layer::F)), "nobody watches");
    record(&mut bench, joon);
    bench.run(4.0);
    // Its line carries the large picture no more.
    bench.seats[nari].told.as_mut().unwrap().send = vec![(Source::Camera, vec![Layer::Q])];
    bench.seats[nari].client.estimate = 200_000;
    bench.run(4.0);
    bench.seats[nari].client.estimate = 3_000_000;
    bench.run(4.0);
    stop(&mut bench, joon);
    let found = of(&bench, nari, Source::Camera);
    assert_eq!(found.len(), 1);
    is_sound(nari as u64 + 1, &found[0]);
    let mut layers: Vec<u8> = found[0].1.iter().map(|(.., stamps)| stamps[0].layer).collect();
    layers.dedup();
    assert_eq!(layers, [Layer::Q, Layer::F, Layer::Q, Layer::F].map(|it| it as u8), "the small one at first");
    let large = found[0].1.iter().filter(|(.., stamps)| stamps[0].layer == Layer::F as u8).count();
    // Four seconds at 25 a second: it was bad for as long, and took a while to be found good again.
    assert!(large > 100, "{large} of {}", found[0].1.len());
    bench.run(6.0);
    assert!(!bench.seats[nari].client.on.contains(&(Source::Camera, Layer::F)), "nobody watches any more");
}

#[test]
fn nothing_is_recorded_of_whoever_is_muted_or_may_not_be_seen() {
    let mut bench = Bench::new(63);
    let nari = bench.join(1);
    let dara = bench.join_as(1, Rights { camera: false, ..Rights::ALL }, true, (3, 4));
    record(&mut bench, nari);
    bench.run(2.0);
    let now = bench.now;
    let (call, id) = bench.call(nari);
    call.allow(now, id, Rights::ALL, vec![Source::Microphone, Source::Camera]);
    for _ in 0..200 {
        bench.seats[dara].told = None;
        bench.seats[dara].client.on = Layer::ALL.iter().map(|&layer| (Source::Camera, layer)).collect();
        bench.seats[dara].client.on.push((Source::Microphone, Layer::F));
        bench.seats[nari].told = None;
        bench.seats[nari].client.on = vec![(Source::Microphone, Layer::F), (Source::Camera, Layer::F)];
        bench.run(0.01);
    }
    let now = bench.now;
    let (call, id) = bench.call(nari);
    call.allow(now, id, Rights::ALL, vec![]);
    bench.run(2.0);
    stop(&mut bench, nari);
    assert!(of(&bench, dara, Source::Camera).is_empty(), "a visitor is never seen");
    assert!(of(&bench, dara, Source::Microphone)[0].1.len() > 250, "and heard");
    for source in [Source::Microphone, Source::Camera] {
        let film = &of(&bench, nari, source)[0];
        is_sound(nari as u64 + 1, film);
        let within = film.1.iter().filter(|(at, ..)| (2_100_000..3_950_000).contains(at)).count();
        assert_eq!(within, 0, "{source} while she was muted");
        assert!(film.1.iter().any(|(at, ..)| *at > 5_000_000), "{source} after it");
        let track = TrackName { participant: ParticipantId(1), source };
        let said: Vec<_> = bench
            .notes
            .iter()
            .filter_map(|(_, note)| match note {
                Note::Muted { track: of, at_us, muted } if *of == track => Some((*at_us, *muted)),
                _ => None,
            })
            .collect();
        let [.., (from, true), (until, false)] = said[..] else { panic!("{source}: {said:?}") };
        assert!((1_900_000..2_200_000).contains(&from) && (3_900_000..4_200_000).contains(&until));
    }
}

#[test]
fn recordings_of_two_calls_share_nothing_and_end_with_their_calls() {
    let mut bench = Bench::new(64);
    let seats: Vec<usize> = (0..4).map(|it| bench.join(1 + it % 2)).collect();
    record(&mut bench, seats[0]);
    bench.run(3.0);
    let now = bench.now;
    bench.calls.get_mut(&CallId(1)).unwrap().end(now);
    bench.seats[seats[0]].here = false;
    bench.seats[seats[2]].here = false;
    bench.run(1.0);
    assert!(bench.notes.iter().all(|(call, _)| *call == CallId(1)));
    assert!(matches!(bench.notes.last(), Some((_, Note::Ended { why: Stopped::CallOver, .. }))));
    let senders: BTreeSet<i64> = films(&bench).values().map(|(began, _)| began.track.participant.0).collect();
    assert_eq!(senders, BTreeSet::from([1, 3]));
    for (began, frames) in films(&bench).into_values() {
        is_sound(began.track.participant.0 as u64, &(began, frames));
    }
}
