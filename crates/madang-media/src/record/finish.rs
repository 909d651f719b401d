//! Makes of what lies in the folder of a recording what can be played and sought: after its end, or after a crash.
//!
//! It may be broken off at any moment and begun again: it cuts off and fills in, and changes no frame.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::Path;

use super::ebml::{self, element, elements, float, id, id_bytes, number, void};
use super::journal;
use super::note::{Began, Note, Rest, RestFile, Stopped};
use super::scan::{Found, scan};
use super::webm::SEEK_ROOM;
use crate::rtc::Coded;
use crate::track::TrackName;

/// A sound can begin anywhere; so many milliseconds apart is near enough.
const CUES_MS: u64 = 5_000;

/// # Errors
/// What the disk said.
pub fn finish(folder: &Path) -> io::Result<Rest> {
    let text = match fs::read_to_string(folder.join(journal::NAME)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        text => text?,
    };
    let notes = journal::read(&text);
    let mut files = Vec::new();
    for note in &notes {
        if let Note::Began(began) = note
            && let Some(file) = film(folder, began)?
        {
            files.push(file);
        }
    }
    let end = |file: &RestFile| file.at_ms + file.lasted_ms;
    let written = files.iter().map(end).max().unwrap_or(0);
    let ended = notes.iter().rev().find_map(|note| match note {
        Note::Ended { at_us, why } => Some((at_us / 1000, *why)),
        _ => None,
    });
    let (lasted_ms, why) = ended.unwrap_or((written, Stopped::CutOff));
    let muted = spans(&notes, lasted_ms);
    for file in &mut files {
        file.muted = muted.get(&file.track).cloned().unwrap_or_default();
    }
    let speakers = notes.iter().filter_map(|note| match note {
        Note::Speaker { at_us, participant } => Some((at_us / 1000, *participant)),
        _ => None,
    });
    Ok(Rest { why, lasted_ms, files, speakers: speakers.collect() })
}

/// When each track was muted, until when.
fn spans(notes: &[Note], end_ms: i64) -> BTreeMap<TrackName, Vec<(i64, i64)>> {
    let mut spans: BTreeMap<TrackName, Vec<(i64, i64)>> = BTreeMap::new();
    for note in notes {
        let Note::Muted { track, at_us, muted } = note else { continue };
        let of = spans.entry(*track).or_default();
        match of.last_mut().filter(|_| !muted) {
            Some(last) => last.1 = at_us / 1000,
            None if *muted => of.push((at_us / 1000, end_ms)),
            None => {}
        }
    }
    spans
}

/// None: nothing was written of it, or nothing whole; then it is removed.
fn film(folder: &Path, began: &Began) -> io::Result<Option<RestFile>> {
    let path = folder.join(began.name());
    let mut file = match File::options().read(true).write(true).open(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        file => file?,
    };
    let found = match scan(&mut file) {
        Ok(found) if !found.clusters.is_empty() => found,
        Err(error) if !matches!(error.kind(), io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof) => {
            return Err(error);
        }
        _ => {
            fs::remove_file(&path)?;
            return Ok(None);
        }
    };
    let is_picture = began.coded != Coded::Opus;
    let cues = cues(&found, is_picture);
    let bytes = found.end + cues.len() as u64;
    // The last frame lasts too: about as long as those before it do.
    let lasted_ms = found.last_ms + if is_picture { 40 } else { 20 };
    // One that is finished is not touched: others may read it by now.
    if !found.finished {
        file.set_len(found.end)?;
        file.seek(SeekFrom::Start(found.end))?;
        file.write_all(&cues)?;
        put(&mut file, found.room, &places(&found))?;
        put(&mut file, found.duration, &float(id::DURATION, lasted_ms as f64))?;
        file.sync_all()?;
        // Last, because it says that it is done.
        let length = (bytes - found.segment) | 1 << 56;
        put(&mut file, found.segment - 8, &length.to_be_bytes())?;
        file.sync_all()?;
    }
    Ok(Some(RestFile {
        name: began.name(),
        track: began.track,
        codec: journal::coded(began.coded),
        at_ms: began.at_us / 1000,
        lasted_ms: lasted_ms as i64,
        bytes,
        size: began.size,
        rotation: began.rotation,
        muted: Vec::new(),
    }))
}

fn put(file: &mut File, at: u64, bytes: &[u8]) -> io::Result<()> {
    file.seek(SeekFrom::Start(at))?;
    file.write_all(bytes)
}

/// RFC 9559, 5.1.5: where one can begin.
fn cues(found: &Found, is_picture: bool) -> Vec<u8> {
    let mut points = Vec::new();
    let mut last = None;
    for cluster in found.clusters.iter().filter(|cluster| cluster.key) {
        if !is_picture && last.is_some_and(|last| cluster.ms < last + CUES_MS) {
            continue;
        }
        last = Some(cluster.ms);
        let places = [number(id::CUE_TRACK, 1), number(id::CUE_CLUSTER, cluster.at - found.segment)];
        points.push(elements(
            id::CUE_POINT,
            &[number(id::CUE_TIME, cluster.ms), elements(id::CUE_PLACES, &places)],
        ));
    }
    elements(id::CUES, &points)
}

/// RFC 9559, 5.1.1: what lies where, in the room that was kept for it.
fn places(found: &Found) -> Vec<u8> {
    let place = |name: u32, at: u64| {
        let at = element(id::SEEK_POSITION, &(at - found.segment).to_be_bytes());
        elements(id::SEEK, &[element(id::SEEK_ID, &id_bytes(name)), at])
    };
    let mut all = elements(
        id::SEEK_HEAD,
        &[place(id::INFO, found.info), place(id::TRACKS, found.tracks), place(id::CUES, found.end)],
    );
    all.extend(void(SEEK_ROOM - all.len()));
    debug_assert_eq!(all.len(), SEEK_ROOM);
    debug_assert!(ebml::read_head(&all).is_some());
    all
}
