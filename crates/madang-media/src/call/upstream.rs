//! What is lost on the way to the server: one number over all that a participant sends.

use crate::rtc::Mid;
use crate::track::Layer;

/// The worst of what comes: a voice shows what the line loses, pictures what sending again did not
/// mend. A report tells of some seconds and comes at its own time for each layer, so what was known
/// counts on.
#[derive(Debug, Default)]
pub struct Upstream {
    layers: Vec<Known>,
}

#[derive(Debug)]
struct Known {
    mid: Mid,
    layer: Layer,
    packets: u64,
    share: f32,
    comes: bool,
}

/// How much of a new report is believed, each second.
const NEW: f32 = 0.3;

impl Upstream {
    /// One layer's report. `packets`: since it began.
    pub fn report(&mut self, mid: Mid, layer: Layer, packets: u64, loss: Option<f32>) {
        let place = self.layers.iter().position(|it| (it.mid, it.layer) == (mid, layer));
        let place = place.unwrap_or_else(|| {
            self.layers.push(Known { mid, layer, packets: 0, share: 0.0, comes: false });
            self.layers.len() - 1
        });
        let known = &mut self.layers[place];
        known.comes = packets > known.packets;
        known.packets = packets;
        known.share += (loss.unwrap_or(known.share) - known.share) * NEW;
    }

    /// The share lost, 0 to 1, of what still comes.
    pub fn share(&self) -> f32 {
        self.layers.iter().filter(|it| it.comes).map(|it| it.share).fold(0.0, f32::max)
    }
}

#[cfg(test)]
mod tests {
    use super::Upstream;
    use crate::track::Layer::{F, Q};

    #[test]
    fn the_worst_of_what_still_comes_counts_and_one_report_is_not_all() {
        let mut upstream = Upstream::default();
        upstream.report("0".into(), Q, 100, Some(1.0));
        for round in 1..=20 {
            upstream.report("0".into(), F, round * 300, Some(0.1));
            upstream.report("1".into(), F, round * 50, Some(0.05));
            // It stopped long ago, and its last report stands.
            upstream.report("0".into(), Q, 100, Some(1.0));
        }
        assert!((0.09..0.11).contains(&upstream.share()), "{}", upstream.share());
        upstream.report("0".into(), F, 6300, Some(0.0));
        assert!((0.06..0.08).contains(&upstream.share()), "{}", upstream.share());
    }
}
