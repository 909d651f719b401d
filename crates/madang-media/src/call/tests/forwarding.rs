//! Who gets what from whom.

use std::time::Duration;

use madang_model::ParticipantId;

use super::bench::Bench;
use crate::call::guarded;
use crate::event::Event;
use crate::rights::Rights;
use crate::slot::{Wants, Why};
use crate::track::{Layer, Source};

#[test]
fn two_see_and_hear_each_other_in_full() {
    let mut bench = Bench::new(1);
    let (nari, joon) = (bench.join(1), bench.join(1));
    bench.all_want(1, 720);
    bench.run(15.0);
    assert_eq!(bench.shows(nari, 0), Some((2, Layer::F)));
    assert_eq!(bench.shows(joon, 0), Some((1, Layer::F)));
    bench.look_anew();
    bench.run(5.0);
    assert!(bench.longest_pause() < Duration::from_millis(200), "{:?}", bench.longest_pause());
    let ear = &bench.seats[nari].client.ears[0].1;
    assert!(ear.packets >= 245 && ear.senders == [2], "{ear:?}");
}

#[test]
fn a_sender_is_asked_only_for_layers_that_somebody_wants() {
    let mut bench = Bench::new(2);
    let (nari, joon, mina) = (bench.join(1), bench.join(1), bench.join(1));
    let asked = |bench: &Bench| {
        let send = &bench.seats[nari].told.as_ref().unwrap().send;
        send.iter().find(|(source, _)| *source == Source::Camera).unwrap().1.clone()
    };
    bench.run(1.0);
    assert_eq!(asked(&bench), []);
    bench.want(joon, &[nari], 170);
    bench.run(3.0);
    assert_eq!(asked(&bench), [Layer::Q]);
    bench.want(mina, &[nari], 720);
    bench.run(12.0);
    assert_eq!(asked(&bench), [Layer::Q, Layer::F]);
    bench.want(mina, &[], 0);
    bench.run(6.0);
    assert_eq!(asked(&bench), [Layer::Q], "nobody wants the large one any more");
    bench.want(joon, &[], 0);
    bench.run(6.0);
    assert_eq!(asked(&bench), []);
    assert_eq!(bench.seats[nari].client.on, [(Source::Microphone, Layer::F)]);
}

#[test]
fn nothing_crosses_from_one_call_to_another() {
    let mut bench = Bench::new(3);
    for step in 0..12 {
        bench.join(1 + step % 3);
    }
    for call in 1..=3 {
        bench.all_want(call, 180);
    }
    bench.run(4.0);
    // Those of one call ask for pictures of another, and are refused without a word.
    bench.want(0, &[1, 2, 4], 720);
    bench.run(2.0);
    for (index, seat) in bench.seats.iter().enumerate() {
        let own = |sender: &u64| (*sender as usize - 1) % 3 == index % 3;
        assert!(seat.client.eyes.iter().all(|(_, it)| it.senders.iter().all(own)), "{index} sees");
        assert!(seat.client.ears.iter().all(|(_, it)| it.senders.iter().all(own)), "{index} hears");
        assert!(seat.client.ears.iter().any(|(_, it)| it.packets > 100));
    }
}

#[test]
fn the_loudest_three_are_heard_and_whoever_is_pinned() {
    let mut bench = Bench::new(4);
    let seats: Vec<usize> = (0..7).map(|_| bench.join(1)).collect();
    for &seat in &seats {
        bench.seats[seat].client.loudness = if (1..=3).contains(&seat) { -25 } else { -80 };
    }
    bench.run(4.0);
    bench.look_anew();
    bench.run(2.0);
    let heard = |bench: &Bench| {
        let ears = bench.seats[0].client.ears.iter().map(|(_, ear)| ear);
        let told = bench.seats[0].told.as_ref().unwrap();
        let bound =
            told.slots.iter().filter_map(|slot| slot.track).filter(|it| it.source == Source::Microphone);
        let mut bound: Vec<i64> = bound.map(|it| it.participant.0 - 1).collect();
        bound.sort_unstable();
        (ears.filter(|ear| ear.packets > 80).count(), bound)
    };
    assert_eq!(heard(&bench), (3, vec![1, 2, 3]));
    let now = bench.now;
    let (call, id) = bench.call(0);
    call.want(now, id, Wants { pinned: Some(ParticipantId(7)), ..Wants::default() });
    bench.run(1.0);
    assert!(heard(&bench).1.contains(&6), "{:?}", heard(&bench));
    let speaker = bench.events.iter().rev().find_map(|event| match event {
        Event::Speaker { participant, .. } => *participant,
        _ => None,
    });
    assert!(matches!(speaker, Some(ParticipantId(2..=4))), "{speaker:?}");
}

#[test]
fn whoever_is_muted_by_the_host_is_dropped_at_the_entrance() {
    let mut bench = Bench::new(5);
    let (nari, joon) = (bench.join(1), bench.join(1));
    bench.all_want(1, 180);
    bench.run(3.0);
    let now = bench.now;
    let (call, id) = bench.call(nari);
    call.allow(now, id, Rights::ALL, vec![Source::Microphone, Source::Camera]);
    bench.run(0.5);
    bench.look_anew();
    let frames = bench.seats[joon].client.eyes[0].1.frames;
    bench.run(2.0);
    assert_eq!(bench.seats[joon].client.ears[0].1.packets, 0);
    assert_eq!(bench.seats[joon].client.eyes[0].1.frames, frames);
    let told = bench.seats[joon].told.as_ref().unwrap();
    assert!(told.slots.iter().any(|slot| slot.why == Some(Why::Muted)), "{told:?}");
    let now = bench.now;
    let (call, id) = bench.call(nari);
    call.allow(now, id, Rights::ALL, vec![]);
    bench.run(2.0);
    assert!(bench.seats[joon].client.ears[0].1.packets > 50);
    assert!(bench.seats[joon].client.eyes[0].1.frames > frames + 20);
}

#[test]
fn invariant_10_a_visitors_camera_is_neither_negotiated_nor_forwarded() {
    let mut bench = Bench::new(6);
    let joon = bench.join(1);
    let rights = Rights { camera: false, ..Rights::ALL };
    let dara = bench.join_as(1, rights, true, (3, 4));
    bench.all_want(1, 720);
    bench.run(2.0);
    // A changed client sends nevertheless, in every layer.
    for _ in 0..300 {
        bench.seats[dara].told = None;
        bench.seats[dara].client.on = Layer::ALL.iter().map(|&layer| (Source::Camera, layer)).collect();
        bench.seats[dara].client.on.push((Source::Microphone, Layer::F));
        bench.run(0.01);
    }
    let (_, screen) = &bench.seats[joon].client.eyes[0];
    assert_eq!((screen.frames, screen.senders.len()), (0, 0));
    assert!(bench.seats[joon].client.ears[0].1.packets > 200, "she is heard");
    assert_eq!(bench.shows(dara, 0).map(|it| it.0), Some(1), "and sees");
}

#[test]
fn who_may_not_see_gets_no_pictures() {
    let mut bench = Bench::new(7);
    let joon = bench.join(1);
    let dara = bench.join_as(1, Rights { see: false, ..Rights::ALL }, true, (3, 4));
    bench.all_want(1, 720);
    bench.run(4.0);
    assert_eq!(bench.shows(dara, 0), None);
    assert!(bench.seats[dara].client.ears[0].1.packets > 100);
    assert!(bench.shows(joon, 0).is_some());
}

#[test]
fn invariant_9_what_breaks_one_participant_ends_that_one_and_nobody_else() {
    let mut bench = Bench::new(8);
    let (nari, joon, mina) = (bench.join(1), bench.join(1), bench.join(1));
    bench.all_want(1, 180);
    bench.run(3.0);
    let (call, id) = bench.call(nari);
    let participant = call.participants.get_mut(&id).unwrap();
    let broke = guarded::<()>(participant, |_| panic!("a bug that shows with one participant"));
    assert!(broke.is_err());
    call.gone(id);
    bench.seats[nari].here = false;
    bench.look_anew();
    bench.run(3.0);
    assert!(
        bench
            .events
            .iter()
            .any(|event| matches!(event, Event::Gone { participant, .. } if *participant == id))
    );
    for seat in [joon, mina] {
        let eyes = &bench.seats[seat].client.eyes;
        let other = if seat == joon { 3 } else { 2 };
        let sees = eyes.iter().find(|(_, it)| it.shows.is_some_and(|shown| shown.0 == other)).unwrap();
        assert!(sees.1.pause(bench.now) < Duration::from_millis(300));
    }
}

#[test]
fn invariant_9_media_has_no_lock_outside_the_driver() {
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/src");
    let mut folders = vec![std::path::PathBuf::from(source)];
    let mut read = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            let driver = path.components().any(|part| part.as_os_str() == "driver");
            let words = ["Mut\u{65}x", "RwL\u{6f}ck", "RefC\u{65}ll", "At\u{6f}mic", "On\u{63}eLock"];
            let found = words.iter().find(|word| text.contains(**word));
            assert!(driver || found.is_none(), "{}: {found:?}", path.display());
            let core = path.components().any(|part| part.as_os_str() == "call" || part.as_os_str() == "rtc");
            let test = path.components().any(|part| part.as_os_str() == "tests");
            let clock = text.split("#[cfg(test)]").next().unwrap_or_default().contains("Instant::now");
            assert!(!core || test || !clock, "{} reads the clock", path.display());
            read += 1;
        }
    }
    assert!(read > 20);
}

#[test]
fn a_switch_of_who_is_shown_takes_one_keyframe() {
    let mut bench = Bench::new(9);
    let (nari, joon, mina) = (bench.join(1), bench.join(1), bench.join(1));
    bench.all_want(1, 180);
    bench.run(3.0);
    for _ in 0..5 {
        bench.want(nari, &[mina], 180);
        bench.run(1.0);
        assert_eq!(bench.shows(nari, 0).map(|it| it.0), Some(3));
        bench.want(nari, &[joon], 180);
        bench.run(1.0);
        assert_eq!(bench.shows(nari, 0).map(|it| it.0), Some(2));
    }
}

#[test]
fn whoever_falls_silent_is_lost_then_gone_and_whoever_closes_is_gone_at_once() {
    let mut bench = Bench::new(10);
    let (nari, joon) = (bench.join(1), bench.join(1));
    bench.run(2.0);
    let (lost, id) = (|event: &Event| matches!(event, Event::Lost { .. }), bench.seats[nari].id);
    bench.seats[nari].up.cut = true;
    bench.run(6.0);
    assert_eq!(bench.events.iter().filter(|event| lost(event)).count(), 1);
    bench.seats[nari].up.cut = false;
    bench.run(3.0);
    assert!(
        matches!(bench.events.last(), Some(Event::Connected { participant, .. }) if *participant == id),
        "{:?}",
        bench.events
    );
    bench.seats[nari].up.cut = true;
    bench.run(21.0);
    assert!(
        bench
            .events
            .iter()
            .any(|event| matches!(event, Event::Gone { participant, .. } if *participant == id))
    );
    bench.events.clear();
    let id = bench.seats[joon].id;
    bench.seats[joon].client.close();
    bench.run(1.0);
    assert!(matches!(bench.events.first(), Some(Event::Gone { participant, .. }) if *participant == id));
    assert!(bench.calls.values().all(|call| call.is_empty()));
}

/// Two talk and see each other; the first of them is elsewhere, and three seconds later all is as before.
fn comes_back_within_three_seconds(seed: u64, is_elsewhere: fn(&mut Bench, usize)) {
    let mut bench = Bench::new(seed);
    let (nari, joon) = (bench.join(1), bench.join(1));
    bench.all_want(1, 180);
    bench.run(4.0);
    is_elsewhere(&mut bench, nari);
    bench.run(3.0);
    bench.look_anew();
    bench.run(2.0);
    assert!(bench.longest_pause() < Duration::from_millis(500), "{:?}", bench.longest_pause());
    assert!(bench.seats[joon].client.ears[0].1.packets > 90);
    assert!(bench.seats[nari].client.ears[0].1.packets > 90);
}

#[test]
fn a_new_address_after_a_restart_of_ice_brings_media_back_within_three_seconds() {
    comes_back_within_three_seconds(11, Bench::move_to_another_network);
}

#[test]
fn a_client_whose_nat_gave_it_another_port_is_found_within_three_seconds() {
    comes_back_within_three_seconds(12, Bench::rebind);
}
