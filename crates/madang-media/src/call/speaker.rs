//! Who speaks: loudness smoothed over time, so that a cough wins nothing.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use madang_model::ParticipantId;

/// Loudness is 127 for as loud as can be and 0 for silence (RFC 6464, turned around). A voice into
/// a near microphone is about 95, a quiet room 40 to 60.
const SPEAKS: f32 = 72.0;

/// Who is heard stays heard unless somebody else is louder by this.
const HEARD_BONUS: f32 = 8.0;

/// How long somebody must be the loudest to be the speaker.
const TAKES_OVER: Duration = Duration::from_millis(500);

/// A client that does not tell its loudness and sends is taken for a quiet voice.
const UNTOLD: u8 = 74;

#[derive(Debug, Default)]
pub struct Speakers {
    voices: BTreeMap<ParticipantId, Voice>,
    /// The loudest, as many as anybody can hear at once and one more: nobody hears themselves.
    heard: Vec<ParticipantId>,
    speaker: Option<ParticipantId>,
    challenger: Option<(ParticipantId, Instant)>,
}

#[derive(Debug)]
struct Voice {
    level: f32,
    at: Instant,
}

impl Speakers {
    pub fn hear(&mut self, now: Instant, participant: ParticipantId, loudness: Option<u8>) {
        let voice = self.voices.entry(participant).or_insert(Voice { level: 0.0, at: now });
        let loudness = f32::from(loudness.unwrap_or(UNTOLD));
        // Of packets of 20 ms: up within a tenth of a second, down within half a second.
        let share = if loudness > voice.level { 0.2 } else { 0.04 };
        voice.level += (loudness - voice.level) * share;
        voice.at = now;
    }

    pub fn forget(&mut self, participant: ParticipantId) {
        self.voices.remove(&participant);
        self.heard.retain(|heard| *heard != participant);
        if self.speaker == Some(participant) {
            self.speaker = None;
        }
    }

    /// Ranks anew; `most` is how many can be heard at once. True: another speaker than before.
    pub fn rank(&mut self, now: Instant, most: usize) -> bool {
        for voice in self.voices.values_mut() {
            // Who is silent may send nothing at all (DTX).
            if now.saturating_duration_since(voice.at) > Duration::from_millis(200) {
                voice.level *= 0.8;
            }
        }
        let mut ranked: Vec<(ParticipantId, f32)> = self
            .voices
            .iter()
            .map(|(id, voice)| (*id, voice.level + if self.heard.contains(id) { HEARD_BONUS } else { 0.0 }))
            .collect();
        ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        ranked.truncate(most + 1);
        self.heard = ranked.into_iter().map(|(id, _)| id).collect();
        self.take_over(now)
    }

    fn take_over(&mut self, now: Instant) -> bool {
        let level = |id: &ParticipantId| self.voices.get(id).map_or(0.0, |voice| voice.level);
        let loudest = self.voices.keys().max_by(|a, b| level(a).total_cmp(&level(b))).copied();
        let Some(loudest) = loudest.filter(|id| level(id) > SPEAKS && Some(*id) != self.speaker) else {
            self.challenger = None;
            return false;
        };
        let current = self.speaker.map_or(0.0, |speaker| level(&speaker));
        if level(&loudest) < current + 3.0 {
            self.challenger = None;
            return false;
        }
        match self.challenger {
            Some((id, since)) if id == loudest => {
                if now.saturating_duration_since(since) < TAKES_OVER {
                    return false;
                }
            }
            _ => {
                self.challenger = Some((loudest, now));
                return false;
            }
        }
        self.challenger = None;
        self.speaker = Some(loudest);
        true
    }

    /// The loudest first.
    pub fn heard(&self) -> &[ParticipantId] {
        &self.heard
    }

    pub fn speaker(&self) -> Option<ParticipantId> {
        self.speaker
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::Speakers;
    use madang_model::ParticipantId;

    const NARI: ParticipantId = ParticipantId(1);
    const JOON: ParticipantId = ParticipantId(2);
    const MINA: ParticipantId = ParticipantId(3);

    struct Room {
        now: Instant,
        speakers: Speakers,
    }

    impl Room {
        /// So long do these speak so loud; ranks every 100 ms as a call does.
        fn pass(&mut self, ms: u64, voices: &[(ParticipantId, u8)]) {
            for step in 0..ms / 20 {
                self.now += Duration::from_millis(20);
                for &(id, loudness) in voices {
                    self.speakers.hear(self.now, id, Some(loudness));
                }
                if step % 5 == 4 {
                    self.speakers.rank(self.now, 1);
                }
            }
        }
    }

    #[test]
    fn a_cough_wins_nothing_and_a_voice_takes_over() {
        let mut room = Room { now: Instant::now(), speakers: Speakers::default() };
        room.pass(2000, &[(NARI, 95), (JOON, 40)]);
        assert_eq!(room.speakers.speaker(), Some(NARI));
        room.pass(200, &[(NARI, 90), (JOON, 120)]);
        room.pass(600, &[(NARI, 95), (JOON, 40)]);
        assert_eq!(room.speakers.speaker(), Some(NARI), "a cough");
        room.pass(2000, &[(NARI, 40), (JOON, 95)]);
        assert_eq!(room.speakers.speaker(), Some(JOON));
        room.pass(4000, &[(NARI, 40), (JOON, 40)]);
        assert_eq!(room.speakers.speaker(), Some(JOON), "silence changes nobody");
    }

    #[test]
    fn the_loudest_are_heard_and_stay_when_another_is_as_loud() {
        let mut room = Room { now: Instant::now(), speakers: Speakers::default() };
        room.pass(1000, &[(NARI, 95), (JOON, 94), (MINA, 50)]);
        assert_eq!(room.speakers.heard(), [NARI, JOON]);
        room.pass(3000, &[(NARI, 93), (JOON, 92), (MINA, 95)]);
        assert!(!room.speakers.heard().contains(&MINA), "as loud is not louder");
        room.pass(3000, &[(NARI, 93), (JOON, 60), (MINA, 95)]);
        assert!(room.speakers.heard().contains(&MINA));
        room.speakers.forget(MINA);
        assert!(!room.speakers.heard().contains(&MINA));
    }

    #[test]
    fn who_sends_nothing_falls_silent() {
        let mut room = Room { now: Instant::now(), speakers: Speakers::default() };
        room.pass(1000, &[(NARI, 95)]);
        room.pass(2000, &[(JOON, 80)]);
        assert_eq!(room.speakers.heard()[0], JOON);
        assert_eq!(room.speakers.speaker(), Some(JOON));
    }
}
