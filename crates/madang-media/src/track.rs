//! What is sent: tracks, their sources and the layers of a camera.

use std::fmt;
use std::str::FromStr;

use madang_model::ParticipantId;

/// A word that names nothing here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this names no source, layer or track")]
pub struct NoSuchWord;

/// Sound or picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    Audio,
    Video,
}

/// Where a track comes from. A participant sends at most one of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    Microphone,
    Camera,
    Screen,
    ScreenAudio,
}

impl Source {
    pub const ALL: [Self; 4] = [Self::Microphone, Self::Camera, Self::Screen, Self::ScreenAudio];

    pub fn kind(self) -> Kind {
        match self {
            Self::Microphone | Self::ScreenAudio => Kind::Audio,
            Self::Camera | Self::Screen => Kind::Video,
        }
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Microphone => "microphone",
            Self::Camera => "camera",
            Self::Screen => "screen",
            Self::ScreenAudio => "screen_audio",
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Source {
    type Err = NoSuchWord;

    fn from_str(text: &str) -> Result<Self, NoSuchWord> {
        Self::ALL.into_iter().find(|source| source.as_str() == text).ok_or(NoSuchWord)
    }
}

/// A simulcast step, named as its `rid`: a quarter, a half, the full picture.
///
/// A track that is sent in one size only has the layer `F`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Layer {
    Q,
    H,
    F,
}

impl Layer {
    pub const ALL: [Self; 3] = [Self::Q, Self::H, Self::F];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Q => "q",
            Self::H => "h",
            Self::F => "f",
        }
    }
}

impl fmt::Display for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Layer {
    type Err = NoSuchWord;

    fn from_str(text: &str) -> Result<Self, NoSuchWord> {
        Self::ALL.into_iter().find(|layer| layer.as_str() == text).ok_or(NoSuchWord)
    }
}

/// A track by its name on the wire: `<participant>/<source>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TrackName {
    pub participant: ParticipantId,
    pub source: Source,
}

impl fmt::Display for TrackName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.participant, self.source)
    }
}

impl FromStr for TrackName {
    type Err = NoSuchWord;

    fn from_str(text: &str) -> Result<Self, NoSuchWord> {
        let (participant, source) = text.split_once('/').ok_or(NoSuchWord)?;
        Ok(Self { participant: participant.parse().map_err(|_| NoSuchWord)?, source: source.parse()? })
    }
}

#[cfg(test)]
mod tests {
    use super::{Layer, Source, TrackName};
    use madang_model::ParticipantId;

    #[test]
    fn a_track_survives_its_name() {
        for source in Source::ALL {
            let track = TrackName { participant: ParticipantId(1 << 40), source };
            assert_eq!(track.to_string().parse(), Ok(track));
        }
        for bad in ["", "/camera", "0000000000001/", "0000000000001/nose", "0000000000001/camera/x"] {
            assert!(bad.parse::<TrackName>().is_err(), "{bad}");
        }
    }

    #[test]
    fn layers_are_ordered_by_size_and_named_by_their_rid() {
        assert!(Layer::Q < Layer::H && Layer::H < Layer::F);
        assert_eq!("h".parse(), Ok(Layer::H));
    }
}
