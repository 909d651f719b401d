//! The numbers of a slot go on without a break, whatever is bound to it.
//!
//! Sequence numbers, times and VP8's picture numbers of the bound track are moved by an offset
//! that is set anew at every switch. Gaps on the way *to* the server keep their place, so that
//! what comes again late still fits; they are no loss on the way to the receiver, because that is
//! estimated from the transport-wide numbers alone, which the server gives itself.

use std::time::{Duration, Instant};

use crate::rtc::{Numbered, Packet};

/// Where a slot begins to count. Small, so that the receiver's rollover counter starts at zero
/// (RFC 3711, 3.3.1).
const FIRST: u64 = 1;

#[derive(Debug, Default)]
pub struct Rewrite {
    source: Option<Offsets>,
    last: Option<Last>,
}

#[derive(Debug, Clone, Copy)]
struct Offsets {
    /// What came before this number belongs to the time before the switch.
    first: u64,
    seq: u64,
    time: u32,
    picture: u16,
    base: u8,
}

#[derive(Debug, Clone, Copy)]
struct Last {
    numbered: Numbered,
    at: Instant,
}

/// VP8 counts pictures in 15 bits, or in 7.
const PICTURES: u16 = 0x8000;
const FEW_PICTURES: u16 = 0x80;

impl Rewrite {
    /// Lets another stream begin with this packet: a keyframe, or any of a voice.
    pub fn switch(&mut self, packet: &Packet) {
        let offsets = match &self.last {
            None => Offsets { first: packet.seq, seq: FIRST, time: 0, picture: 0, base: 0 },
            Some(last) => {
                let elapsed = packet.at.saturating_duration_since(last.at);
                let time = last.numbered.time.wrapping_add(ticks(elapsed, packet.format.clock()).max(1));
                let picture = last.numbered.picture.map_or(0, |id| id.wrapping_add(1));
                let base = last.numbered.base.map_or(0, |base| base.wrapping_add(1));
                Offsets {
                    first: packet.seq,
                    seq: last.numbered.seq + 1,
                    time: time.wrapping_sub(packet.time),
                    picture: picture.wrapping_sub(packet.picture.id.unwrap_or(0)),
                    base: base.wrapping_sub(packet.picture.base.unwrap_or(0)),
                }
            }
        };
        self.source = Some(offsets);
    }

    /// The numbers under which the packet goes on. None: it is from before the switch.
    pub fn number(&mut self, packet: &Packet) -> Option<Numbered> {
        let source = self.source.as_ref()?;
        let seq = packet.seq.checked_sub(source.first)? + source.seq;
        let numbered = Numbered {
            seq,
            time: packet.time.wrapping_add(source.time),
            picture: packet.picture.id.map(|id| wrapped(id.wrapping_add(source.picture), packet)),
            base: packet.picture.base.map(|base| base.wrapping_add(source.base)),
        };
        if self.last.as_ref().is_none_or(|last| last.numbered.seq < seq) {
            let before = self.last.map(|last| last.numbered);
            let kept = Numbered {
                picture: numbered.picture.or(before.and_then(|before| before.picture)),
                base: numbered.base.or(before.and_then(|before| before.base)),
                ..numbered
            };
            self.last = Some(Last { numbered: kept, at: packet.at });
        }
        Some(numbered)
    }
}

fn wrapped(id: u16, packet: &Packet) -> u16 {
    id % if packet.picture.long { PICTURES } else { FEW_PICTURES }
}

fn ticks(elapsed: Duration, clock: u32) -> u32 {
    (elapsed.as_micros() * u128::from(clock) / 1_000_000) as u32
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::Rewrite;
    use crate::rtc::Packet;

    /// The numbers under which packets of streams go on, each named by (stream's number of it,
    /// time, picture, milliseconds).
    fn check(switches: &[&[(u64, u32, u16, u64)]]) -> Vec<(u64, u32, u16)> {
        let start = Instant::now();
        let mut rewrite = Rewrite::default();
        let mut out = Vec::new();
        for stream in switches {
            let packet = |&(seq, time, id, ms): &(u64, u32, u16, u64)| {
                Packet::of_test(seq, time, id, start + Duration::from_millis(ms))
            };
            rewrite.switch(&packet(&stream[0]));
            for packet in stream.iter().map(packet) {
                if let Some(it) = rewrite.number(&packet) {
                    out.push((it.seq, it.time, it.picture.unwrap()));
                }
            }
        }
        out
    }

    #[test]
    fn a_switch_goes_on_where_the_other_stream_ended() {
        let out = check(&[
            &[(500, 9000, 30, 0), (501, 9000, 30, 0), (502, 12000, 31, 33)],
            &[(70, 100, 7000, 66), (71, 3100, 7001, 99)],
        ]);
        // 33 ms at 90 kHz are 2970 ticks.
        assert_eq!(out, [(1, 9000, 30), (2, 9000, 30), (3, 12000, 31), (4, 14970, 32), (5, 17970, 33)]);
    }

    #[test]
    fn a_gap_keeps_its_place_so_that_what_comes_late_fits() {
        let out = check(&[&[(10, 0, 1, 0), (12, 0, 1, 1), (11, 0, 1, 40)]]);
        assert_eq!(out.iter().map(|it| it.0).collect::<Vec<_>>(), [1, 3, 2]);
    }

    #[test]
    fn what_comes_from_before_the_switch_is_dropped() {
        let out = check(&[&[(10, 0, 1, 0)], &[(900, 5, 5, 10), (899, 5, 4, 11), (901, 6, 6, 12)]]);
        assert_eq!(out.iter().map(|it| it.0).collect::<Vec<_>>(), [1, 2, 3]);
    }

    #[test]
    fn numbers_run_over_their_ends() {
        let out = check(&[&[(1, u32::MAX, 0x7fff, 0)], &[(65_535, 5, 3, 1), (65_536, 6, 4, 2)]]);
        assert_eq!(out[1].2, 0);
        assert_eq!(out[1].1, 89);
        assert_eq!(out[2].0, 3);
    }
}
