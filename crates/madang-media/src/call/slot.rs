//! A slot: the m-line of a receiver, and what is bound to it.

use std::time::{Duration, Instant};

use super::rewrite::Rewrite;
use crate::rtc::{Format, Known, Mid, Packet, Peer};
use crate::track::{Kind, Layer, TrackName};

/// A picture that stands still for so long is seen to stand still.
const FREEZE: Duration = Duration::from_millis(500);

#[derive(Debug)]
pub struct Slot {
    pub mid: Mid,
    pub kind: Kind,
    pub bound: Option<TrackName>,
    /// What the allocator gave, and asks the sender for.
    pub given: Option<Layer>,
    /// Of what is there, the nearest to what was given. Forwarded from its next keyframe on.
    pub target: Option<Layer>,
    pub current: Option<Layer>,
    pub freezes: u64,
    rewrite: Rewrite,
    known: Option<(Format, Option<Known>)>,
    forwarded: Option<Instant>,
    frozen: bool,
}

impl Slot {
    pub fn new(mid: Mid, kind: Kind) -> Self {
        Self {
            mid,
            kind,
            bound: None,
            given: None,
            target: None,
            current: None,
            freezes: 0,
            rewrite: Rewrite::default(),
            known: None,
            forwarded: None,
            frozen: false,
        }
    }

    /// True: it holds another track than before.
    pub fn bind(&mut self, track: Option<TrackName>) -> bool {
        if self.bound == track {
            return false;
        }
        self.bound = track;
        self.given = None;
        self.target = None;
        self.current = None;
        self.known = None;
        self.forwarded = None;
        self.frozen = false;
        true
    }

    /// Nothing is to be forwarded, though the track stays bound.
    pub fn pause(&mut self) {
        self.target = None;
        self.current = None;
        self.forwarded = None;
        self.frozen = false;
    }

    /// Sends the packet on, if it is of the layer that is shown or begins the one to be shown.
    /// `sparing`: without redundancy, which such a line has no room for.
    pub fn forward(&mut self, peer: &mut Peer, packet: &Packet, sparing: bool) -> bool {
        if self.current != Some(packet.layer) {
            let begins = self.kind == Kind::Audio || packet.picture.key;
            if self.target != Some(packet.layer) || !begins {
                return false;
            }
            self.current = Some(packet.layer);
            self.rewrite.switch(packet);
        }
        let Some(known) = self.understood(peer, &packet.format) else {
            return false;
        };
        let Some(numbered) = self.rewrite.number(packet) else {
            return false;
        };
        peer.write(self.mid, &known, packet, numbered, sparing);
        self.forwarded = Some(packet.at);
        self.frozen = false;
        true
    }

    /// Does the receiver know the codec? Asked once for each format.
    fn understood(&mut self, peer: &Peer, format: &Format) -> Option<Known> {
        match &self.known {
            Some((asked, known)) if asked == format => *known,
            _ => {
                let known = peer.understands(self.mid, format);
                self.known = Some((*format, known));
                known
            }
        }
    }

    /// Waits for a keyframe of another layer than the one it shows.
    pub fn waits(&self) -> Option<(TrackName, Layer)> {
        let target =
            self.target.filter(|target| self.kind == Kind::Video && self.current != Some(*target))?;
        Some((self.bound?, target))
    }

    /// Counts once for each time that a picture stands still although it should move.
    pub fn watch(&mut self, now: Instant) {
        let still = self.kind == Kind::Video
            && self.target.is_some()
            && self.forwarded.is_some_and(|at| now.saturating_duration_since(at) > FREEZE);
        if still && !self.frozen {
            self.freezes += 1;
        }
        self.frozen = still;
    }
}
