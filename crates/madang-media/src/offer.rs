//! How one joins: an offer, its answer, or why not.

use crate::slot::Slots;
use crate::track::{Kind, Source};

/// What a client offers when it joins. All m-lines come at once and stay.
#[derive(Debug, Clone)]
pub struct Offer {
    pub sdp: String,
    /// The m-lines (by mid) on which the client sends.
    pub publish: Vec<(String, Source)>,
    /// The m-lines (by mid) on which it receives: its slots, in its own order.
    pub receive: Vec<(String, Kind)>,
}

#[derive(Debug, Clone)]
pub struct Answer {
    pub sdp: String,
    /// What its slots hold at once.
    pub slots: Slots,
}

/// Why the media server says no.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("there is no such call, or it is over")]
    CallOver,
    #[error("this participant has left or was never in the call")]
    ParticipantGone,
    /// The offer cannot be read, or is none that this server can answer.
    #[error("the offer cannot be answered: {0}")]
    BadOffer(String),
    /// The call has as many participants as it may have, or the server as many calls.
    #[error("there is no room for one more")]
    Full,
    /// The media threads have ended: the server is stopping.
    #[error("media is stopped")]
    Stopped,
}

impl Offer {
    /// The offer of a client that names no lines: WHIP (RFC 9725) and WHEP. The first sound that it
    /// sends is its microphone, the first picture its camera, the second of each its screen; what
    /// it only receives are its slots.
    pub fn unnamed(sdp: String) -> Result<Self, Refused> {
        let mut sources =
            [vec![Source::Microphone, Source::ScreenAudio], vec![Source::Camera, Source::Screen]];
        let (mut publish, mut receive) = (Vec::new(), Vec::new());
        for line in crate::rtc::lines(&sdp) {
            let Some(mid) = line.mid else {
                return Err(Refused::BadOffer("an m-line has no mid".to_owned()));
            };
            let left = &mut sources[usize::from(line.kind == Kind::Video)];
            match line.sends {
                true if left.is_empty() => return Err(Refused::BadOffer("it sends too much".to_owned())),
                true => publish.push((mid, left.remove(0))),
                false if line.receives => receive.push((mid, line.kind)),
                false => {}
            }
        }
        Ok(Self { sdp, publish, receive })
    }
}

#[cfg(test)]
mod tests {
    use super::Offer;
    use crate::track::{Kind, Source};

    const SESSION: &str = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n";

    #[test]
    fn what_obs_sends_is_a_microphone_and_a_camera() {
        let sdp = format!(
            "{SESSION}m=audio 9 X 111\r\na=sendonly\r\na=mid:0\r\nm=video 9 X 96\r\na=mid:1\r\na=sendonly\r\n"
        );
        let offer = Offer::unnamed(sdp).unwrap();
        assert_eq!(offer.publish, [("0".to_owned(), Source::Microphone), ("1".to_owned(), Source::Camera)]);
        assert!(offer.receive.is_empty());
    }

    #[test]
    fn what_a_wall_display_receives_are_slots_and_data_is_nobodys() {
        let sdp = format!(
            "{SESSION}m=video 9 X 96\r\na=mid:v\r\na=recvonly\r\nm=audio 9 X 111\r\na=mid:a\r\na=recvonly\r\n\
             m=application 9 X webrtc-datachannel\r\na=mid:d\r\n"
        );
        let offer = Offer::unnamed(sdp).unwrap();
        assert_eq!(offer.receive, [("v".to_owned(), Kind::Video), ("a".to_owned(), Kind::Audio)]);
        assert!(offer.publish.is_empty());
    }

    #[test]
    fn three_cameras_of_one_client_are_too_many() {
        let line = "m=video 9 X 96\r\na=mid:x\r\na=sendonly\r\n";
        assert!(Offer::unnamed(format!("{SESSION}{}", line.repeat(3))).is_err());
        assert!(Offer::unnamed(format!("{SESSION}m=video 9 X 96\r\n")).is_err());
    }
}
