//! The keys of an end-to-end encrypted call, on their way between devices: the house passes on what it cannot open.

use madang_app::calls as app;
use madang_model::{CallId, ParticipantId, Refusal};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Who has the keys of this moment.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Epoch {
    pub n: u32,
    /// The participant who made it.
    pub by: String,
    /// Participants.
    pub members: Vec<String>,
}

impl From<&app::Epoch> for Epoch {
    fn from(it: &app::Epoch) -> Epoch {
        Epoch { n: it.n, by: it.by.to_string(), members: names(&it.members) }
    }
}

fn names(participants: &[ParticipantId]) -> Vec<String> {
    participants.iter().map(ToString::to_string).collect()
}

/// The secret of a new epoch, sealed to each of the others.
#[derive(Debug, Deserialize, ToSchema)]
pub struct GiveKeys {
    /// One more than the epoch of this moment; 1 for the first.
    pub epoch: u32,
    pub keys: Vec<SealedKey>,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct SealedKey {
    pub participant: String,
    /// In base64url; nobody but that participant can open it.
    pub sealed: String,
}

impl GiveKeys {
    /// # Errors
    /// `Invalid`.
    pub fn read(self) -> Result<app::Keys, Refusal> {
        let sealed = self.keys.into_iter().map(|it| match it.participant.parse() {
            Ok(participant) => Ok((participant, it.sealed)),
            Err(_) => {
                Err(Refusal::Invalid { what: "participant", why: "give the id of a participant".into() })
            }
        });
        Ok(app::Keys { epoch: self.epoch, sealed: sealed.collect::<Result<_, _>>()? })
    }
}

/// For the device of one participant.
#[derive(Serialize)]
#[serde(tag = "type", rename = "call_key")]
pub struct KeyFrame<'a> {
    call: String,
    participant: String,
    epoch: u32,
    from: String,
    members: Vec<String>,
    sealed: &'a str,
}

impl<'a> KeyFrame<'a> {
    pub fn new(call: CallId, participant: ParticipantId, key: &'a app::GivenKey) -> KeyFrame<'a> {
        KeyFrame {
            call: call.to_string(),
            participant: participant.to_string(),
            epoch: key.epoch,
            from: key.from.to_string(),
            members: names(&key.members),
            sealed: &key.sealed,
        }
    }
}
