//! What a participant may send and see. Kept here, whatever the client does.

use crate::track::{Kind, Source};

/// A policy of the call and the person.
///
/// What may not be sent is answered `inactive` in the SDP and dropped if it comes nevertheless.
/// `see` is about pictures: who may not see gets no video forwarded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rights {
    pub microphone: bool,
    pub camera: bool,
    /// The screen and its sound.
    pub screen: bool,
    pub see: bool,
}

impl Rights {
    pub const ALL: Self = Self { microphone: true, camera: true, screen: true, see: true };

    pub fn may_send(self, source: Source) -> bool {
        match source {
            Source::Microphone => self.microphone,
            Source::Camera => self.camera,
            Source::Screen | Source::ScreenAudio => self.screen,
        }
    }

    pub fn may_receive(self, kind: Kind) -> bool {
        kind == Kind::Audio || self.see
    }
}
