//! What a participant sends: its layers, how much each takes, and when it was asked to begin anew.

use std::time::{Duration, Instant};

use crate::rtc::{Mid, Packet};
use crate::track::{Layer, Source};

/// Longer than any pause of a camera; a screen on which nothing moves is repeated every second.
const FLOWS: Duration = Duration::from_millis(2500);

/// Keyframes are dear: of a small picture twice a second at most, of a large one once.
const KEYFRAMES_SMALL: Duration = Duration::from_millis(500);
const KEYFRAMES_LARGE: Duration = Duration::from_millis(1000);

#[derive(Debug)]
pub struct Track {
    pub mid: Mid,
    source: Source,
    layers: [Stream; 3],
}

#[derive(Debug, Default)]
struct Stream {
    last: Option<Instant>,
    height: Option<u16>,
    meter: Meter,
    asked: Option<Instant>,
    waiting: bool,
}

impl Track {
    pub fn new(mid: Mid, source: Source) -> Self {
        Self { mid, source, layers: Default::default() }
    }

    pub fn heard(&mut self, packet: &Packet) {
        let stream = &mut self.layers[packet.layer as usize];
        stream.last = Some(packet.at);
        stream.meter.add(packet.at, packet.payload.len());
        if packet.picture.key {
            stream.waiting = false;
            stream.height = packet.picture.height.or(stream.height);
        }
    }

    pub fn flows(&self, layer: Layer, now: Instant) -> bool {
        self.layers[layer as usize].last.is_some_and(|last| now.saturating_duration_since(last) < FLOWS)
    }

    pub fn any_flows(&self, now: Instant) -> bool {
        Layer::ALL.into_iter().any(|layer| self.flows(layer, now))
    }

    /// Has this layer ever come? A camera may be sent in fewer than three.
    pub fn known(&self, layer: Layer) -> bool {
        self.layers[layer as usize].last.is_some()
    }

    /// Bits a second that the layer takes, or will take when it is asked for.
    pub fn rate(&self, layer: Layer, now: Instant) -> u64 {
        let nominal = match (self.source, layer) {
            (Source::Microphone, _) => return 40_000,
            (Source::ScreenAudio, _) => return 64_000,
            (Source::Screen, _) => 1_000_000,
            (Source::Camera, Layer::Q) => 120_000,
            (Source::Camera, Layer::H) => 400_000,
            (Source::Camera, Layer::F) => 1_200_000,
        };
        // What just begins has shown little of what it will take.
        match self.layers[layer as usize].meter.rate(now) {
            Some(rate) if self.flows(layer, now) => rate.max(nominal / 4),
            _ => nominal,
        }
    }

    pub fn height(&self, layer: Layer) -> u32 {
        let nominal = match layer {
            Layer::Q => 180,
            Layer::H => 360,
            Layer::F => 720,
        };
        self.layers[layer as usize].height.map_or(nominal, u32::from)
    }

    /// Somebody needs a keyframe of this layer. Asked for when it is not too soon: see [`Self::due`].
    pub fn want_keyframe(&mut self, layer: Layer) {
        self.layers[layer as usize].waiting = true;
    }

    /// The layers for which a keyframe is to be asked now.
    pub fn due(&mut self, now: Instant) -> impl Iterator<Item = Layer> {
        let mut due = [None; 3];
        for (layer, due) in Layer::ALL.into_iter().zip(&mut due) {
            let pause = if layer == Layer::Q { KEYFRAMES_SMALL } else { KEYFRAMES_LARGE };
            let stream = &mut self.layers[layer as usize];
            let rested = stream.asked.is_none_or(|asked| now.saturating_duration_since(asked) >= pause);
            // What does not come cannot begin anew.
            if stream.waiting && rested && stream.last.is_some() {
                stream.asked = Some(now);
                *due = Some(layer);
            }
        }
        due.into_iter().flatten()
    }
}

/// Bits a second over the last whole second, in quarters.
#[derive(Debug, Default)]
struct Meter {
    begun: Option<Instant>,
    quarters: [u64; 4],
    at: usize,
    filled: usize,
}

const QUARTER: Duration = Duration::from_millis(250);

impl Meter {
    fn add(&mut self, now: Instant, bytes: usize) {
        self.roll(now);
        self.quarters[self.at] += bytes as u64;
    }

    fn roll(&mut self, now: Instant) {
        let begun = *self.begun.get_or_insert(now);
        let steps = now.saturating_duration_since(begun).as_millis() / QUARTER.as_millis();
        for _ in 0..steps.min(4) {
            self.at = (self.at + 1) % 4;
            self.quarters[self.at] = 0;
            self.filled = (self.filled + 1).min(4);
        }
        if steps > 0 {
            self.begun = Some(begun + QUARTER * steps as u32);
        }
    }

    /// None until a quarter has passed: too little to say.
    fn rate(&self, now: Instant) -> Option<u64> {
        if self.filled == 0 {
            return None;
        }
        let begun = self.begun?;
        let current = now.saturating_duration_since(begun).min(QUARTER);
        let span = QUARTER * self.filled.min(3) as u32 + current;
        let bytes: u64 = self.quarters.iter().sum();
        // The oldest quarter is gone once all four are filled.
        Some((bytes as u128 * 8_000_000 / span.as_micros().max(1)) as u64)
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::{Meter, Track};
    use crate::rtc::Packet;
    use crate::track::{Layer, Source};

    #[test]
    fn a_meter_shows_what_came_in_the_last_second() {
        let start = Instant::now();
        let mut meter = Meter::default();
        for step in 0..300u64 {
            meter.add(start + Duration::from_millis(step * 10), 500);
        }
        let rate = meter.rate(start + Duration::from_millis(2990)).unwrap();
        assert!((380_000..=420_000).contains(&rate), "{rate}");
    }

    #[test]
    fn keyframes_are_asked_for_once_a_second_and_until_one_comes() {
        let start = Instant::now();
        let at = |ms| start + Duration::from_millis(ms);
        let mut track = Track::new("1".into(), Source::Camera);
        track.want_keyframe(Layer::F);
        assert_eq!(track.due(at(0)).count(), 0, "nothing comes yet");
        track.heard(&Packet::of_test(1, 0, 0, at(0)));
        assert_eq!(track.due(at(1)).collect::<Vec<_>>(), [Layer::F]);
        assert_eq!(track.due(at(500)).count(), 0);
        assert_eq!(track.due(at(1001)).count(), 1);
        let mut key = Packet::of_test(2, 0, 0, at(1100));
        key.picture.key = true;
        track.heard(&key);
        assert_eq!(track.due(at(5000)).count(), 0);
    }
}
