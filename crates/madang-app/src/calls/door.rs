//! What the house asks of the media server, which it does not know: whoever serves gives it one.

use std::path::PathBuf;

use futures_util::future::BoxFuture;
use madang_model::{CallId, ParticipantId};

/// Where a track comes from. A participant sends at most one of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    Microphone,
    Camera,
    Screen,
    ScreenAudio,
}

impl Source {
    pub const ALL: [Source; 4] = [Source::Microphone, Source::Camera, Source::Screen, Source::ScreenAudio];

    pub fn as_str(self) -> &'static str {
        match self {
            Source::Microphone => "microphone",
            Source::Camera => "camera",
            Source::Screen => "screen",
            Source::ScreenAudio => "screen_audio",
        }
    }

    pub fn parse(text: &str) -> Option<Source> {
        Source::ALL.into_iter().find(|it| it.as_str() == text)
    }
}

/// What somebody sends: whose, and from where.
pub type Track = (ParticipantId, Source);

/// What a participant may send and see: a policy of the call and the person, kept by the media server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CallRights {
    pub microphone: bool,
    pub camera: bool,
    pub screen: bool,
    pub see: bool,
}

impl CallRights {
    pub const ALL: CallRights = CallRights { microphone: true, camera: true, screen: true, see: true };
}

/// How a device wants to connect: SDP, and what each of its m-lines (by mid) is for.
#[derive(Debug, Clone)]
pub struct CallOffer {
    pub sdp: String,
    pub publish: Vec<(String, Source)>,
    /// Whether each is for pictures, else for sound.
    pub receive: Vec<(String, bool)>,
}

#[derive(Debug, Clone)]
pub struct CallAnswer {
    pub sdp: String,
    pub slots: Slots,
}

/// What one slot of a participant holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    pub mid: String,
    pub track: Option<Track>,
    /// Why there is nothing to see or hear.
    pub why: Option<&'static str>,
}

/// What a participant gets and is asked for; the whole of it each time, and only a greater `n` counts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Slots {
    pub n: u64,
    pub slots: Vec<Slot>,
    /// Which layers somebody wants of what this participant may send.
    pub send: Vec<(Source, Vec<&'static str>)>,
    pub speaker: Option<ParticipantId>,
    /// "good", "fair" or "poor".
    pub quality: &'static str,
    /// What was done so that the call goes on.
    pub did: Option<&'static str>,
}

/// What a participant wants to see in one slot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Want {
    pub mid: String,
    pub track: Option<Track>,
    /// Pixels as shown.
    pub height: u32,
    /// 0 to 3, what matters most is served first.
    pub priority: u8,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wants {
    pub slots: Vec<Want>,
    pub low_data: bool,
}

/// How the connection of a participant is.
#[derive(Debug, Clone, PartialEq)]
pub struct Measured {
    pub participant: ParticipantId,
    /// Shares of packets lost on the way to the server and from it, 0 to 1.
    pub loss_up: f32,
    pub loss_down: f32,
    pub round_trip: Option<std::time::Duration>,
    pub jitter: std::time::Duration,
    /// What the way to the participant is thought to carry, in bits a second.
    pub estimate: u64,
    /// Bytes.
    pub received: u64,
    pub sent: u64,
    /// How often a picture stood still for more than half a second.
    pub freezes: u64,
    /// "udp" or "tcp".
    pub way: Option<&'static str>,
}

/// Why the media server says no.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MediaRefused {
    CallOver,
    ParticipantGone,
    BadOffer(String),
    Full,
    Stopped,
}

/// What there is of a recording that is over. Times are milliseconds since it began.
#[derive(Debug, Clone)]
pub struct Remains {
    /// A word: `asked`, `call_over`, `cut_off`, `disk_full`, `disk_slow`, `disk_broken` or `broke`.
    pub why: &'static str,
    pub lasted_ms: i64,
    pub files: Vec<RecordedFile>,
    /// Who spoke most, from when on.
    pub speakers: Vec<(i64, Option<ParticipantId>)>,
}

/// One file in its folder.
#[derive(Debug, Clone)]
pub struct RecordedFile {
    pub name: String,
    pub track: Track,
    /// `opus`, `vp8` or `h264`.
    pub codec: &'static str,
    pub at_ms: i64,
    pub lasted_ms: i64,
    pub bytes: u64,
    /// Pixels of its first picture.
    pub size: Option<(u16, u16)>,
    /// Degrees by which it is turned clockwise to be upright.
    pub rotation: u16,
    /// When it was muted or off, until when.
    pub muted: Vec<(i64, i64)>,
}

/// The media server.
pub trait MediaDoor: Send + Sync {
    /// Lets a participant in; the first of a call begins it.
    fn join(
        &self,
        call: CallId,
        participant: ParticipantId,
        rights: CallRights,
        offer: CallOffer,
    ) -> BoxFuture<'static, Result<CallAnswer, MediaRefused>>;
    /// What the lines of an offer are for that names none: WHIP and WHEP.
    ///
    /// # Errors
    /// `BadOffer`.
    fn read_unnamed(&self, sdp: String) -> Result<CallOffer, MediaRefused>;
    /// An offer of somebody who is in, after a change of network.
    fn renegotiate(
        &self,
        call: CallId,
        participant: ParticipantId,
        sdp: String,
    ) -> BoxFuture<'static, Result<String, MediaRefused>>;
    fn want(&self, call: CallId, participant: ParticipantId, wants: Wants);
    /// What somebody may do, and what of it a host muted.
    fn allow(&self, call: CallId, participant: ParticipantId, rights: CallRights, muted: Vec<Source>);
    /// What somebody says that they send.
    fn sends(&self, call: CallId, participant: ParticipantId, sources: Vec<Source>);
    fn leave(&self, call: CallId, participant: ParticipantId);
    fn end(&self, call: CallId);
    /// Begins to record a call into a folder that is there, in files of `most` bytes at most.
    fn record(
        &self,
        call: CallId,
        folder: PathBuf,
        most: u64,
    ) -> BoxFuture<'static, Result<(), MediaRefused>>;
    /// Ends it. That all of it is on the disk is said by `MediaSaid::Recorded`.
    fn stop_recording(&self, call: CallId);
    /// Makes what lies in the folder of a recording that is over, or was cut off, fit to be played. May be repeated.
    fn finish_recording(&self, folder: PathBuf) -> BoxFuture<'static, std::io::Result<Remains>>;
    /// The newest numbers of everybody in a call.
    fn numbers(&self, call: CallId) -> BoxFuture<'static, Vec<Measured>>;
}
