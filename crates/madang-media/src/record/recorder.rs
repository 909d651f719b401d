//! The recorder of a call: all its tracks, who was muted when, who spoke.

use std::collections::BTreeMap;
use std::time::Instant;

use madang_model::ParticipantId;

use super::note::{Note, Stopped};
use super::reel::{Desk, Reel};
use crate::rtc::Packet;
use crate::track::{Layer, TrackName};

pub struct Recorder {
    began: Instant,
    /// Bytes of a file, after which another one begins.
    most: u64,
    files: u32,
    reels: BTreeMap<TrackName, Reel>,
    muted: BTreeMap<TrackName, bool>,
    speaker: Option<ParticipantId>,
    notes: Vec<Note>,
}

impl Recorder {
    pub fn new(now: Instant, most: u64) -> Self {
        Self {
            began: now,
            most,
            files: 0,
            reels: BTreeMap::new(),
            muted: BTreeMap::new(),
            speaker: None,
            notes: Vec::new(),
        }
    }

    /// A packet that was let in.
    pub fn hear(&mut self, now: Instant, track: TrackName, packet: &Packet) {
        let Some(coded) = packet.coded() else { return };
        let new = || Reel::new(track, coded);
        let mut reel = self.reels.remove(&track).filter(|reel| reel.coded() == coded).unwrap_or_else(new);
        reel.hear(packet, &mut self.desk(now));
        self.reels.insert(track, reel);
    }

    pub fn round(&mut self, now: Instant) {
        self.each(now, |reel, desk| reel.round(desk));
    }

    /// Muted by somebody, or not sent.
    pub fn mute(&mut self, now: Instant, track: TrackName, muted: bool) {
        if self.muted.insert(track, muted).unwrap_or(false) != muted {
            let at_us = self.desk(now).at_us();
            self.notes.push(Note::Muted { track, at_us, muted });
        }
    }

    pub fn speaks(&mut self, now: Instant, speaker: Option<ParticipantId>) {
        if self.speaker != speaker {
            self.speaker = speaker;
            let at_us = self.desk(now).at_us();
            self.notes.push(Note::Speaker { at_us, participant: speaker });
        }
    }

    /// Those who are not here any more have left. What comes under the same id later is another file.
    pub fn keep(&mut self, now: Instant, here: impl Fn(ParticipantId) -> bool) {
        let left = self.reels.keys().filter(|track| !here(track.participant)).copied();
        for track in left.collect::<Vec<_>>() {
            if let Some(mut reel) = self.reels.remove(&track) {
                reel.end(&mut self.desk(now));
            }
        }
    }

    pub fn end(&mut self, now: Instant, why: Stopped) {
        self.each(now, |reel, desk| reel.end(desk));
        self.reels.clear();
        let at_us = self.desk(now).at_us();
        self.notes.push(Note::Ended { at_us, why });
    }

    /// Of which tracks keyframes are needed, in which layer.
    pub fn waits(&self, now: Instant) -> Vec<(TrackName, Layer)> {
        self.reels.iter().filter_map(|(track, reel)| Some((*track, reel.waits(now)?))).collect()
    }

    pub fn take(&mut self) -> Vec<Note> {
        std::mem::take(&mut self.notes)
    }

    fn each(&mut self, now: Instant, act: impl Fn(&mut Reel, &mut Desk<'_>)) {
        let mut reels = std::mem::take(&mut self.reels);
        let mut desk = self.desk(now);
        reels.values_mut().for_each(|reel| act(reel, &mut desk));
        self.reels = reels;
    }

    fn desk(&mut self, now: Instant) -> Desk<'_> {
        Desk { began: self.began, now, files: &mut self.files, most: self.most, notes: &mut self.notes }
    }
}
