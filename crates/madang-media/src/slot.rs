//! Where tracks are received, as it is said to the participant: what they want, what they get.

use madang_model::ParticipantId;

use crate::quality::Quality;
use crate::track::{Layer, Source, TrackName};

/// What a participant wants to see. The whole of it each time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wants {
    /// Video slots. Those not named here hold nothing. Audio slots are bound by the server.
    pub slots: Vec<Want>,
    /// Only the smallest layers, and less of them.
    pub low_data: bool,
    /// Whose voice is never crowded out of the audio slots by louder ones.
    pub pinned: Option<ParticipantId>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Want {
    pub mid: String,
    pub track: Option<TrackName>,
    /// In pixels as shown: more is never sent where a smaller layer has as many.
    pub height: u32,
    /// 0 to 3; what is most important is served first.
    pub priority: u8,
}

/// What a participant gets and is asked for. The whole of it each time; only a greater `n` counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slots {
    pub n: u64,
    pub slots: Vec<Bound>,
    /// Which layers somebody wants of what this participant may send. An empty list: of that, none.
    pub send: Vec<(Source, Vec<Layer>)>,
    pub speaker: Option<ParticipantId>,
    pub quality: Quality,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bound {
    pub mid: String,
    pub track: Option<TrackName>,
    /// Why there is nothing to see or hear, though a track is bound or wanted.
    pub why: Option<Why>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// Nobody sends it.
    Nobody,
    /// It is muted, by its sender or by the host.
    Muted,
    /// There is no bandwidth for it.
    Bandwidth,
}

impl Why {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Nobody => "nobody",
            Self::Muted => "muted",
            Self::Bandwidth => "bandwidth",
        }
    }
}
