//! Calls: how one is, who is in it, and what is asked of it (docs/protocol/calls.md).

use std::collections::BTreeMap;

use madang_app::calls as app;
use madang_model::Refusal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::call_keys::Epoch;

#[derive(Debug, Deserialize, ToSchema)]
pub struct StartCall {
    /// With cameras.
    #[serde(default)]
    pub video: bool,
    /// Ring the others, where the space is not too large; direct spaces always ring.
    #[serde(default)]
    pub ring: bool,
    /// End-to-end encrypted.
    #[serde(default)]
    pub sealed: bool,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct CallAnswer {
    pub call: Call,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Calls {
    pub calls: Vec<Call>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Call {
    pub id: String,
    pub space: String,
    /// When it began, in microseconds since 1970.
    pub at: i64,
    /// Who began it.
    pub by: String,
    pub video: bool,
    /// Nobody new comes in.
    pub locked: bool,
    /// Guests are not seen, whatever their devices send.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub guests_unseen: bool,
    /// The participant who hosts it.
    pub host: Option<String>,
    pub participants: Vec<Participant>,
    /// Who asks to be let in; told to the host alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waiting: Option<Vec<Participant>>,
    /// The participant who speaks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub speaker: Option<String>,
    /// End-to-end encrypted.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub sealed: bool,
    /// Who has its keys, once they were made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub epoch: Option<Epoch>,
    /// While it is recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recording: Option<CallRecording>,
    /// When it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended: Option<i64>,
}

/// That a call is recorded: by whom, since when.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CallRecording {
    pub id: String,
    pub by: String,
    pub at: i64,
}

/// One device of somebody in a call.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Participant {
    pub id: String,
    pub person: String,
    pub at: i64,
    /// `connecting`, `connected` or `away`.
    pub state: &'static str,
    /// What is being sent.
    pub microphone: bool,
    pub camera: bool,
    pub screen: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub muted_by_host: bool,
    /// Since when the hand is up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hand: Option<i64>,
    /// `good`, `fair` or `poor`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quality: Option<&'static str>,
    /// It is a program, for whoever made its token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub program: Option<Program>,
    /// In a call that is end-to-end encrypted: the public key of this device in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub public_key: Option<String>,
}

/// OBS that sends to a call, a display on a wall that shows it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Program {
    pub name: String,
    /// It shows the call, else it sends to it.
    pub shows: bool,
}

impl Call {
    /// As everybody in the space sees it.
    pub fn new(call: &app::Call) -> Call {
        Call {
            id: call.id.to_string(),
            space: call.space.to_string(),
            at: call.at_us,
            by: call.by.to_string(),
            video: call.video,
            locked: call.locked,
            guests_unseen: !call.guest_cameras,
            host: call.host.as_ref().map(ToString::to_string),
            participants: call.participants.iter().map(Participant::from).collect(),
            waiting: None,
            speaker: call.speaker.as_ref().map(ToString::to_string),
            sealed: call.seal.is_some(),
            epoch: call.seal.as_ref().and_then(|it| it.epoch.as_ref()).map(Epoch::from),
            recording: call.recording.as_ref().map(|it| CallRecording {
                id: it.id.to_string(),
                by: it.by.to_string(),
                at: it.at_us,
            }),
            ended: call.ended,
        }
    }

    /// As the host sees it.
    pub fn for_host(call: &app::Call) -> Call {
        let waiting = call.waiting.iter().map(Participant::from).collect();
        Call { waiting: Some(waiting), ..Call::new(call) }
    }
}

impl From<app::Call> for Call {
    /// Who waits is there for whoever may know.
    fn from(call: app::Call) -> Call {
        if call.waiting.is_empty() { Call::new(&call) } else { Call::for_host(&call) }
    }
}

impl From<&app::Participant> for Participant {
    fn from(it: &app::Participant) -> Participant {
        Participant {
            id: it.id.to_string(),
            person: it.person().to_string(),
            at: it.at_us,
            state: it.state.as_str(),
            microphone: it.microphone,
            camera: it.camera,
            screen: it.screen,
            muted_by_host: !it.muted.is_empty(),
            hand: it.hand,
            quality: it.quality,
            program: it.program.as_ref().map(|it| Program { name: it.name.clone(), shows: it.shows }),
            public_key: it.public_key.clone(),
        }
    }
}

/// What one looks at before one joins.
#[derive(Debug, Serialize, ToSchema)]
pub struct Lobby {
    pub call: Call,
    pub ice_servers: Vec<IceServer>,
    pub slots: SlotCounts,
    pub rights: Rights,
}

/// As `RTCPeerConnection` takes it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct IceServer {
    pub urls: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credential: Option<String>,
}

/// How many slots a device may offer.
#[derive(Debug, Serialize, ToSchema)]
pub struct SlotCounts {
    pub audio: u8,
    pub video: u8,
}

impl SlotCounts {
    pub const USUAL: SlotCounts = SlotCounts { audio: 3, video: 9 };
}

/// What one may send and see, kept by the media server.
#[derive(Debug, Serialize, ToSchema)]
pub struct Rights {
    pub microphone: bool,
    pub camera: bool,
    pub screen: bool,
    pub see: bool,
}

impl From<app::CallRights> for Rights {
    fn from(it: app::CallRights) -> Rights {
        Rights { microphone: it.microphone, camera: it.camera, screen: it.screen, see: it.see }
    }
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct JoinCall {
    /// SDP.
    pub offer: String,
    /// The m-lines on which the device sends.
    pub publish: Vec<Publish>,
    /// The m-lines on which it receives.
    pub receive: Vec<Receive>,
    /// The name of the device in its hello.
    #[serde(default)]
    pub device: String,
    /// Made by the client; the same again is the same participant.
    pub key: String,
    /// What an earlier join of this device gave, to take that place again.
    pub resume: Option<String>,
    #[serde(default)]
    pub microphone: bool,
    #[serde(default)]
    pub camera: bool,
    /// A point of P-256, uncompressed, in base64url, made for this join: needed in a call that is end-to-end encrypted.
    pub public_key: Option<String>,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct Publish {
    pub mid: String,
    /// `microphone`, `camera`, `screen` or `screen_audio`.
    pub source: String,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct Receive {
    pub mid: String,
    /// `audio` or `video`.
    pub kind: String,
}

impl JoinCall {
    /// # Errors
    /// `Invalid` with the word that means nothing.
    pub fn read(self) -> Result<app::Join, Refusal> {
        let publish = self.publish.into_iter().map(|it| Ok((it.mid, source(&it.source)?)));
        let receive = self.receive.into_iter().map(|it| match it.kind.as_str() {
            "audio" => Ok((it.mid, false)),
            "video" => Ok((it.mid, true)),
            _ => Err(Refusal::Invalid { what: "kind", why: "it is audio or video".into() }),
        });
        let (publish, receive) =
            (publish.collect::<Result<_, Refusal>>()?, receive.collect::<Result<_, _>>()?);
        let offer = app::CallOffer { sdp: self.offer, publish, receive };
        let (microphone, camera) = (self.microphone, self.camera);
        let (key, resume, public_key) = (self.key, self.resume, self.public_key);
        Ok(app::Join { offer, key, resume, microphone, camera, public_key })
    }
}

/// # Errors
/// `Invalid`.
pub fn source(word: &str) -> Result<app::Source, Refusal> {
    app::Source::parse(word).ok_or_else(|| Refusal::Invalid {
        what: "source",
        why: "it is microphone, camera, screen or screen_audio".into(),
    })
}

#[derive(Debug, Serialize, ToSchema)]
pub struct JoinedCall {
    pub participant: String,
    /// For coming back to this place.
    pub resume: String,
    /// SDP.
    pub answer: String,
    pub call: Call,
    pub slots: Vec<Slot>,
}

/// What a slot holds.
#[derive(Debug, Serialize, ToSchema)]
pub struct Slot {
    pub mid: String,
    /// `PARTICIPANT/SOURCE`
    pub track: Option<String>,
    /// `nobody`, `muted` or `bandwidth`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<&'static str>,
}

impl From<&app::Slot> for Slot {
    fn from(it: &app::Slot) -> Slot {
        Slot { mid: it.mid.clone(), track: it.track.map(track_name), why: it.why }
    }
}

pub fn track_name((participant, source): app::Track) -> String {
    format!("{participant}/{}", source.as_str())
}

/// # Errors
/// `Invalid`.
pub fn track(name: &str) -> Result<app::Track, Refusal> {
    let invalid = || Refusal::Invalid { what: "track", why: "it is PARTICIPANT/SOURCE".into() };
    let (participant, word) = name.split_once('/').ok_or_else(invalid)?;
    Ok((participant.parse().map_err(|_| invalid())?, app::Source::parse(word).ok_or_else(invalid)?))
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct Reoffer {
    /// SDP.
    pub offer: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Reanswer {
    /// SDP.
    pub answer: String,
}

/// How a participant is to be; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
pub struct ChangeParticipant {
    pub microphone: Option<bool>,
    pub camera: Option<bool>,
    pub screen: Option<bool>,
    pub hand: Option<bool>,
    /// All video slots; one that is not named holds nothing.
    pub slots: Option<Vec<WantedSlot>>,
    pub low_data: Option<bool>,
    /// The name of the device in its hello, when it has another one.
    pub device: Option<String>,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct WantedSlot {
    pub mid: String,
    pub track: Option<String>,
    /// Pixels as shown.
    #[serde(default)]
    pub height: u32,
    /// 0 to 3.
    #[serde(default)]
    pub priority: u8,
}

impl ChangeParticipant {
    /// # Errors
    /// `Invalid`.
    pub fn read(self) -> Result<app::Intent, Refusal> {
        let want = |it: WantedSlot| {
            let track = it.track.as_deref().map(track).transpose()?;
            Ok(app::Want { mid: it.mid, track, height: it.height, priority: it.priority.min(3) })
        };
        let slots = self.slots.map(|it| it.into_iter().map(want).collect::<Result<Vec<_>, Refusal>>());
        Ok(app::Intent {
            microphone: self.microphone,
            camera: self.camera,
            screen: self.screen,
            hand: self.hand,
            slots: slots.transpose()?,
            low_data: self.low_data,
            device: self.device,
        })
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ParticipantAnswer {
    pub participant: Participant,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct Mute {
    /// `microphone`, `camera`, `screen` or `screen_audio`.
    pub source: String,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct ChangeCall {
    pub locked: Option<bool>,
    /// The participant to hand it over to.
    pub host: Option<String>,
    /// Whether guests are not to be seen.
    pub guests_unseen: Option<bool>,
}

impl ChangeCall {
    /// # Errors
    /// `Invalid`.
    pub fn read(self) -> Result<app::Hosting, Refusal> {
        let host = self.host.map(|it| it.parse()).transpose();
        let why = "give the id of a participant".to_owned();
        Ok(app::Hosting {
            locked: self.locked,
            host: host.map_err(|_| Refusal::Invalid { what: "host", why })?,
            guest_cameras: self.guests_unseen.map(|it| !it),
        })
    }
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct React {
    pub emoji: String,
    /// The name of the device in its hello.
    #[serde(default)]
    pub device: String,
}

#[derive(Serialize)]
#[serde(tag = "type", rename = "call")]
pub struct CallFrame {
    pub call: Call,
}

#[derive(Serialize)]
#[serde(tag = "type", rename = "ring")]
pub struct RingFrame {
    pub call: Call,
    pub from: String,
}

impl RingFrame {
    pub fn new(call: &app::Call) -> RingFrame {
        RingFrame { call: Call::new(call), from: call.by.to_string() }
    }
}

#[derive(Serialize)]
#[serde(tag = "type", rename = "ring_over")]
pub struct RingOverFrame {
    pub call: String,
    pub why: &'static str,
}

#[derive(Serialize)]
#[serde(tag = "type", rename = "call_slots")]
pub struct SlotsFrame {
    pub call: String,
    pub participant: String,
    pub n: u64,
    pub slots: Vec<Slot>,
    pub send: BTreeMap<&'static str, Vec<&'static str>>,
    pub speaker: Option<String>,
    pub quality: CallQuality,
}

#[derive(Serialize)]
pub struct CallQuality {
    pub state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub did: Option<&'static str>,
}

impl SlotsFrame {
    pub fn new(
        call: madang_model::CallId,
        participant: madang_model::ParticipantId,
        it: &app::Slots,
    ) -> Self {
        SlotsFrame {
            call: call.to_string(),
            participant: participant.to_string(),
            n: it.n,
            slots: it.slots.iter().map(Slot::from).collect(),
            send: it.send.iter().map(|(source, layers)| (source.as_str(), layers.clone())).collect(),
            speaker: it.speaker.as_ref().map(ToString::to_string),
            quality: CallQuality { state: it.quality, did: it.did },
        }
    }
}
