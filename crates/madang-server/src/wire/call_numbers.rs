//! How the connections of everybody in a call are, for its hosts.

use madang_app::calls as app;
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
pub struct CallNumbers {
    pub participants: Vec<ParticipantNumbers>,
}

/// How the connection of a participant is, over the last five seconds.
#[derive(Debug, Serialize, ToSchema)]
pub struct ParticipantNumbers {
    pub participant: String,
    /// Share of packets lost on the way to the server, 0 to 1.
    pub loss_up: f32,
    /// Share of packets lost on the way to the participant.
    pub loss_down: f32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub round_trip_ms: Option<f64>,
    pub jitter_ms: f64,
    /// What the way to the participant is thought to carry, in bits a second.
    pub estimate: u64,
    /// Bytes since they joined.
    pub received: u64,
    pub sent: u64,
    /// How often a picture stood still for more than half a second.
    pub freezes: u64,
    /// `udp` or `tcp`, once connected.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub way: Option<&'static str>,
}

impl From<app::Measured> for ParticipantNumbers {
    fn from(it: app::Measured) -> ParticipantNumbers {
        ParticipantNumbers {
            participant: it.participant.to_string(),
            loss_up: it.loss_up,
            loss_down: it.loss_down,
            round_trip_ms: it.round_trip.map(|it| it.as_secs_f64() * 1_000.0),
            jitter_ms: it.jitter.as_secs_f64() * 1_000.0,
            estimate: it.estimate,
            received: it.received,
            sent: it.sent,
            freezes: it.freezes,
            way: it.way,
        }
    }
}
