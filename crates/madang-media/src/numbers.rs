//! Measured facts about a participant's connection, for the call's details and for `/metrics`.

use std::time::Duration;

use madang_model::ParticipantId;

#[derive(Debug, Clone, PartialEq)]
pub struct Numbers {
    pub participant: ParticipantId,
    /// Share of packets lost on the way to the server, 0 to 1, over some seconds: of
    /// the worst of the participant's tracks, after what sending again has mended.
    pub loss_up: f32,
    /// Share of packets lost on the way to the participant, 0 to 1.
    pub loss_down: f32,
    pub round_trip: Option<Duration>,
    /// Of what arrives at the server: the worst of the participant's tracks.
    pub jitter: Duration,
    /// What the way to the participant is thought to carry, in bits a second.
    pub estimate: u64,
    /// Bytes received from and sent to the participant since they joined.
    pub received: u64,
    pub sent: u64,
    /// Times a picture bound to one of the slots stood still for more than half a second although
    /// it was sent.
    pub freezes: u64,
    /// `udp` or `tcp`, once connected.
    pub way: Option<&'static str>,
}

impl Numbers {
    pub(crate) fn of(participant: ParticipantId) -> Self {
        Self {
            participant,
            loss_up: 0.0,
            loss_down: 0.0,
            round_trip: None,
            jitter: Duration::ZERO,
            estimate: 0,
            received: 0,
            sent: 0,
            freezes: 0,
            way: None,
        }
    }
}
