//! Films on the disk: whole, cut off at any byte, finished twice.

use std::fs::{self, File};
use std::path::Path;

use madang_model::ParticipantId;

use crate::record::ebml::{self, id};
use crate::record::{Began, Film, JOURNAL, Journal, Note, Stopped, finish};
use crate::rtc::Coded;
use crate::track::{Source, TrackName};

fn began(file: u32, coded: Coded, at_us: i64) -> Began {
    let source = if coded == Coded::Opus { Source::Microphone } else { Source::Camera };
    Began {
        file,
        track: TrackName { participant: ParticipantId(9), source },
        coded,
        at_us,
        size: (coded != Coded::Opus).then_some((64, 36)),
        rotation: if coded == Coded::Vp8 { 90 } else { 0 },
        private: Vec::new(),
    }
}

/// Ten seconds of each, as they are written while nothing has ended yet.
fn write(folder: &Path) {
    let mut journal = Journal::new(File::create(folder.join(JOURNAL)).unwrap());
    for (began, every, keys) in
        [(began(1, Coded::Vp8, 1_500_000), 40_000, 50), (began(2, Coded::Opus, 250_000), 20_000, 1)]
    {
        journal.note(&Note::Began(began.clone())).unwrap();
        let mut film = Film::begin(File::create(folder.join(began.name())).unwrap(), &began).unwrap();
        for frame in 0..10_000_000 / every {
            let data = [frame as u8; 50];
            let at_us = began.at_us + frame * every;
            film.frame(at_us, frame % keys == 0, began.coded != Coded::Opus, &data).unwrap();
        }
        film.flush().unwrap();
    }
    let track = began(1, Coded::Vp8, 0).track;
    journal.note(&Note::Muted { track, at_us: 3_000_000, muted: true }).unwrap();
    journal.note(&Note::Muted { track, at_us: 4_000_000, muted: false }).unwrap();
    journal.note(&Note::Muted { track, at_us: 9_000_000, muted: true }).unwrap();
}

/// The elements of the segment: where each is, and its contents. The length of the segment is checked.
fn segment(bytes: &[u8]) -> Vec<(u64, u32, &[u8])> {
    let (_, length, head) = ebml::read_head(bytes).unwrap();
    let rest = &bytes[head + length.unwrap() as usize..];
    let (name, length, head) = ebml::read_head(rest).unwrap();
    assert_eq!((name, length), (id::SEGMENT, Some((rest.len() - head) as u64)));
    let rest = &rest[head..];
    let start = rest.as_ptr() as u64;
    let found: Vec<_> = ebml::children(rest)
        .map(|(name, contents)| (contents.as_ptr() as u64 - start, name, contents))
        .collect();
    let (at, _, last) = *found.last().unwrap();
    assert_eq!(at + last.len() as u64, rest.len() as u64, "nothing is left over");
    found
}

/// Times of the frames in milliseconds, and whether one can begin there.
fn frames(segment: &[(u64, u32, &[u8])]) -> Vec<(u64, bool, u8)> {
    let clusters = segment.iter().filter(|(_, name, _)| *name == id::CLUSTER);
    let of = |contents: &[u8]| {
        let (_, time) = ebml::children(contents).find(|(name, _)| *name == id::TIMESTAMP).unwrap();
        let begins = ebml::read_number(time);
        let blocks = ebml::children(contents).filter(|(name, _)| *name == id::SIMPLE_BLOCK);
        let frame = |block: &[u8]| {
            let since = u64::from(u16::from_be_bytes([block[1], block[2]]));
            assert!(since < 1000, "a cluster is short");
            (begins + since, block[3] & 0x80 != 0, block[4])
        };
        blocks.map(|(_, block)| frame(block)).collect::<Vec<_>>()
    };
    clusters.flat_map(|(.., contents)| of(contents)).collect()
}

#[test]
fn a_film_that_is_finished_says_how_long_it_is_and_where_one_can_begin() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path());
    let rest = finish(folder.path()).unwrap();
    assert_eq!((rest.why, rest.lasted_ms), (Stopped::CutOff, 11_500), "until the last frame");
    let [picture, sound] = &rest.files[..] else { panic!("{rest:?}") };
    assert_eq!((picture.at_ms, picture.lasted_ms, picture.rotation), (1_500, 10_000, 90));
    assert_eq!((sound.at_ms, sound.lasted_ms, sound.size), (250, 10_000, None));
    assert_eq!(picture.muted, [(3_000, 4_000), (9_000, 11_500)]);
    for file in &rest.files {
        let bytes = fs::read(folder.path().join(&file.name)).unwrap();
        assert_eq!(bytes.len() as u64, file.bytes);
        let segment = segment(&bytes);
        let frames = frames(&segment);
        let every = if file.size.is_some() { 40 } else { 20 };
        for (index, (ms, _, data)) in frames.iter().enumerate() {
            assert_eq!((*ms, *data), (index as u64 * every, index as u8));
        }
        assert_eq!(frames.len() as u64, 10_000 / every);
        // Each place that is named is there, and one can begin at it.
        let (.., cues) = segment.iter().find(|(_, name, _)| *name == id::CUES).unwrap();
        let mut count = 0;
        for (_, point) in ebml::children(cues) {
            let (_, places) = ebml::children(point).find(|(name, _)| *name == id::CUE_PLACES).unwrap();
            let (_, at) = ebml::children(places).find(|(name, _)| *name == id::CUE_CLUSTER).unwrap();
            let at = ebml::read_number(at);
            let is_there = segment.iter().any(|(begins, name, contents)| {
                *name == id::CLUSTER
                    && *begins == at + ebml::head(id::CLUSTER, contents.len() as u64).len() as u64
            });
            assert!(is_there, "{at}");
            count += 1;
        }
        assert_eq!(count, if file.size.is_some() { 5 } else { 2 });
    }
}

#[test]
fn a_film_that_was_cut_off_anywhere_loses_less_than_two_seconds_and_finishes_twice_alike() {
    let whole = tempfile::tempdir().unwrap();
    write(whole.path());
    let bytes = fs::read(whole.path().join("1.webm")).unwrap();
    let mut before = 0;
    for cut in (0..bytes.len()).step_by(61).chain([bytes.len()]) {
        let folder = tempfile::tempdir().unwrap();
        fs::copy(whole.path().join(JOURNAL), folder.path().join(JOURNAL)).unwrap();
        fs::write(folder.path().join("1.webm"), &bytes[..cut]).unwrap();
        let rest = finish(folder.path()).unwrap();
        let Some(file) = rest.files.first() else {
            assert!(!folder.path().join("1.webm").exists(), "what has no frame is removed");
            assert!(cut < 2_000);
            continue;
        };
        let first = fs::read(folder.path().join("1.webm")).unwrap();
        let kept = frames(&segment(&first)).len();
        // Of the bytes that were there, no more is lost than one cluster.
        assert!(kept >= before && file.lasted_ms <= kept as i64 * 40);
        let there = frames_in(&bytes[..cut]);
        assert!(there - kept <= 21, "{cut}: {kept} of {there}");
        before = kept;
        let written = folder.path().join("1.webm").metadata().unwrap().modified().unwrap();
        assert_eq!(finish(folder.path()).unwrap().files, rest.files);
        assert_eq!(
            folder.path().join("1.webm").metadata().unwrap().modified().unwrap(),
            written,
            "untouched"
        );
        assert_eq!(fs::read(folder.path().join("1.webm")).unwrap(), first);
    }
    assert!(before == 250);
}

/// How many frames have begun in what is there.
fn frames_in(bytes: &[u8]) -> usize {
    bytes.windows(3).filter(|window| *window == [id::SIMPLE_BLOCK as u8, 0x80 | 54, 0x81]).count()
}

#[test]
fn a_folder_without_anything_in_it_is_an_empty_recording() {
    let folder = tempfile::tempdir().unwrap();
    let rest = finish(folder.path()).unwrap();
    assert_eq!((rest.files.len(), rest.lasted_ms, rest.why), (0, 0, Stopped::CutOff));
}
