//! Packets in the order in which they were sent. What is sent anew after a loss comes late and is waited for.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::rtc::Packet;

/// A packet that comes anew takes two round trips at most, or will not help anybody who watches either.
const PATIENCE: Duration = Duration::from_millis(400);
/// Against a sender who leaves a gap on purpose: a large picture in one layer has 300.
const MOST: usize = 1024;
/// Numbers that jump so far are those of a stream that begins anew.
const JUMP: u64 = 4096;

/// What of a packet is written down.
#[derive(Debug, Clone)]
pub struct Piece {
    pub seq: u64,
    pub time: u32,
    pub marker: bool,
    pub begins: bool,
    pub key: bool,
    /// The number of the picture, where the codec has one.
    pub picture: Option<u16>,
    pub at: Instant,
    pub payload: Arc<[u8]>,
    /// Of a voice: with those sent once more, oldest first.
    pub sounds: Vec<(u32, Arc<[u8]>)>,
}

impl Piece {
    pub fn of(packet: &Packet, is_sound: bool) -> Self {
        Self {
            seq: packet.seq,
            time: packet.time,
            marker: packet.marker,
            begins: packet.begins_frame(),
            key: packet.picture.key,
            picture: packet.picture.id,
            at: packet.at,
            payload: packet.payload.clone(),
            sounds: if is_sound { packet.sounds() } else { Vec::new() },
        }
    }
}

#[derive(Debug, Default)]
pub struct Order {
    next: Option<u64>,
    waiting: BTreeMap<u64, Piece>,
}

impl Order {
    pub fn push(&mut self, piece: Piece) {
        match self.next {
            Some(next) if piece.seq.abs_diff(next) > JUMP => {
                self.waiting.clear();
                self.next = Some(piece.seq);
            }
            // It was given up, or came twice.
            Some(next) if piece.seq < next => return,
            None => self.next = Some(piece.seq),
            _ => {}
        }
        self.waiting.insert(piece.seq, piece);
    }

    /// The next in order, and whether some are missing before it.
    pub fn pop(&mut self, now: Instant) -> Option<(Piece, bool)> {
        let (&first, piece) = self.waiting.first_key_value()?;
        let missing = self.next != Some(first);
        let given_up = now.saturating_duration_since(piece.at) >= PATIENCE || self.waiting.len() >= MOST;
        if missing && !given_up {
            return None;
        }
        self.next = Some(first + 1);
        self.waiting.remove(&first).map(|piece| (piece, missing))
    }

    /// Nothing more will come.
    pub fn give_up(&mut self) -> Option<(Piece, bool)> {
        let (&first, _) = self.waiting.first_key_value()?;
        let missing = self.next != Some(first);
        self.next = Some(first + 1);
        self.waiting.remove(&first).map(|piece| (piece, missing))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(arrivals: &[(u64, u64)], until: u64) -> Vec<(u64, bool)> {
        let start = Instant::now();
        let mut order = Order::default();
        let mut out = Vec::new();
        for &(at, seq) in arrivals {
            let at = start + Duration::from_millis(at);
            order.push(Piece::of(&Packet::of_test(seq, 0, 0, at), false));
            while let Some((piece, missing)) = order.pop(at) {
                out.push((piece.seq, missing));
            }
        }
        while let Some((piece, missing)) = order.pop(start + Duration::from_millis(until)) {
            out.push((piece.seq, missing));
        }
        out
    }

    #[test]
    fn what_overtook_waits_for_what_is_sent_anew() {
        let plain = |seqs: &[u64]| seqs.iter().map(|seq| (*seq, false)).collect::<Vec<_>>();
        assert_eq!(run(&[(0, 1), (1, 2), (2, 3)], 3), plain(&[1, 2, 3]));
        assert_eq!(run(&[(0, 1), (1, 3), (2, 4), (90, 2)], 91), plain(&[1, 2, 3, 4]));
        assert_eq!(run(&[(0, 1), (1, 3)], 300), plain(&[1]), "it may come still");
        assert_eq!(run(&[(0, 1), (1, 3), (2, 4)], 500), [(1, false), (3, true), (4, false)]);
        assert_eq!(run(&[(0, 1), (1, 3), (500, 4), (600, 2)], 700), [(1, false), (3, true), (4, false)]);
        assert_eq!(run(&[(0, 5), (1, 5)], 2), plain(&[5]), "what comes twice counts once");
        assert_eq!(run(&[(0, 5), (1, 90_000), (2, 90_001)], 3), plain(&[5, 90_000, 90_001]));
    }
}
