//! What a recorder says is to be written down, and what there is in the end.

use std::str::FromStr;

use madang_model::ParticipantId;

use crate::rtc::Coded;
use crate::track::{NoSuchWord, TrackName};

/// In order of time. Times are microseconds since the recording began.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Note {
    /// A file begins. Its frames carry the same number.
    Began(Began),
    Frame {
        file: u32,
        at_us: i64,
        key: bool,
        data: Vec<u8>,
    },
    Muted {
        track: TrackName,
        at_us: i64,
        muted: bool,
    },
    Speaker {
        at_us: i64,
        participant: Option<ParticipantId>,
    },
    Ended {
        at_us: i64,
        why: Stopped,
    },
}

/// A file, before the first frame is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Began {
    pub file: u32,
    pub track: TrackName,
    pub coded: Coded,
    pub at_us: i64,
    /// Of its first picture.
    pub size: Option<(u16, u16)>,
    /// By how many degrees players must turn it clockwise.
    pub rotation: u16,
    /// What a decoder must know before the first frame.
    pub private: Vec<u8>,
}

impl Began {
    pub fn name(&self) -> String {
        // WebM (its guidelines, 1.1) knows neither H.264 nor AAC; Matroska does.
        let kind = if self.coded == Coded::H264 { "mkv" } else { "webm" };
        format!("{}.{kind}", self.file)
    }
}

/// Why nothing more is recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stopped {
    /// It was asked for.
    Asked,
    CallOver,
    /// The process ended without a word.
    CutOff,
    DiskFull,
    /// The disk could not keep up.
    DiskSlow,
    DiskBroken,
    /// A bug.
    Broke,
}

impl Stopped {
    const ALL: [Self; 7] = [
        Self::Asked,
        Self::CallOver,
        Self::CutOff,
        Self::DiskFull,
        Self::DiskSlow,
        Self::DiskBroken,
        Self::Broke,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::CallOver => "call_over",
            Self::CutOff => "cut_off",
            Self::DiskFull => "disk_full",
            Self::DiskSlow => "disk_slow",
            Self::DiskBroken => "disk_broken",
            Self::Broke => "broke",
        }
    }
}

impl FromStr for Stopped {
    type Err = NoSuchWord;

    fn from_str(text: &str) -> Result<Self, NoSuchWord> {
        Self::ALL.into_iter().find(|it| it.as_str() == text).ok_or(NoSuchWord)
    }
}

/// What lies in the folder of a recording that is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rest {
    pub why: Stopped,
    pub lasted_ms: i64,
    pub files: Vec<RestFile>,
    /// Who spoke most, from when on.
    pub speakers: Vec<(i64, Option<ParticipantId>)>,
}

/// One file of it. Milliseconds since the recording began.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RestFile {
    pub name: String,
    pub track: TrackName,
    /// `opus`, `vp8` or `h264`.
    pub codec: &'static str,
    pub at_ms: i64,
    pub lasted_ms: i64,
    pub bytes: u64,
    pub size: Option<(u16, u16)>,
    pub rotation: u16,
    /// When the track was muted or turned off, until when.
    pub muted: Vec<(i64, i64)>,
}
