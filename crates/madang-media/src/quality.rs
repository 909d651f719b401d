//! How the connection of a participant does, in three words, and what was done about it.

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quality {
    pub state: State,
    pub did: Option<Did>,
}

impl Quality {
    pub const GOOD: Self = Self { state: State::Good, did: None };
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    Poor,
    Fair,
    Good,
}

impl State {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Poor => "poor",
            Self::Fair => "fair",
            Self::Good => "good",
        }
    }
}

/// What the server did so that the call goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Did {
    /// Some pictures come smaller than they are shown.
    FewerPixels,
    /// Some pictures do not come, so that voices do.
    NoVideo,
    /// What this participant sends arrives badly: less of it is asked for.
    SentLess,
}

impl Did {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::FewerPixels => "fewer_pixels",
            Self::NoVideo => "no_video",
            Self::SentLess => "sent_less",
        }
    }
}
