//! End-to-end encrypted calls: who can take part, what is off in them, and how the keys of the call travel.
//!
//! The house never has a key. Devices publish a public key with their join; one of them makes the secret of an epoch and
//! hands it in sealed to each of the others. The house only sees to it that an epoch is for exactly who is there, and
//! that of two who make one at the same time one wins: what a delivery service does for MLS (RFC 9420, 14).

use std::collections::BTreeSet;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use madang_model::{CallId, ParticipantId, PersonId, Refusal};

use super::call::{Call, Participant};
use super::news::News;
use crate::app::App;
use crate::error::Result;

/// Bytes of a point of P-256, uncompressed (RFC 9180, 7.1.1).
const POINT: usize = 65;
/// Bytes of one sealed secret: encapsulated key, secret and tag take some 120.
const SEALED: usize = 512;

/// What keeps a call end-to-end encrypted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Seal {
    /// None until the first keys were made.
    pub epoch: Option<Epoch>,
}

/// Who has the keys of this moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Epoch {
    /// From 1, one more with everybody who comes or goes.
    pub n: u32,
    pub by: ParticipantId,
    pub members: Vec<ParticipantId>,
}

/// The secret of an epoch, sealed to one device. The house cannot open it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenKey {
    pub epoch: u32,
    pub from: ParticipantId,
    pub members: Vec<ParticipantId>,
    pub sealed: String,
}

/// The secret of a new epoch, as the device that made it hands it in.
#[derive(Debug, Clone)]
pub struct Keys {
    pub epoch: u32,
    /// For each of the others.
    pub sealed: Vec<(ParticipantId, String)>,
}

/// What needs to hear or see a call, and cannot where it is end-to-end encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    Recording,
    /// A program that sends or shows without a browser (WHIP, WHEP).
    Stream,
    Phone,
}

impl Call {
    /// Whether this may be done with the call: the one place that says so.
    ///
    /// # Errors
    /// `OffInSealedCall`.
    pub fn allows(&self, what: Use) -> Result<(), Refusal> {
        match what {
            Use::Recording | Use::Stream | Use::Phone if self.seal.is_some() => Err(Refusal::OffInSealedCall),
            _ => Ok(()),
        }
    }

    /// The public key under which a device is let in: none where none is needed.
    pub(super) fn accepts_key(&self, key: Option<&str>) -> Result<Option<String>, Refusal> {
        if self.seal.is_none() {
            return Ok(None);
        }
        let key = key.ok_or(Refusal::CallSealed)?;
        match URL_SAFE_NO_PAD.decode(key) {
            Ok(bytes) if bytes.len() == POINT && bytes[0] == 4 => Ok(Some(key.to_owned())),
            _ => Err(Refusal::Invalid {
                what: "public_key",
                why: "it is a point of P-256, uncompressed, in base64url".into(),
            }),
        }
    }

    /// Takes in the keys of a new epoch. Gives to whom each goes.
    fn begin_epoch(
        &mut self,
        by: ParticipantId,
        keys: Keys,
    ) -> Result<Vec<(Participant, GivenKey)>, Refusal> {
        let seal = self.seal.as_mut().ok_or(Refusal::KeysStale)?;
        let members: BTreeSet<ParticipantId> = self.participants.iter().map(|it| it.id).collect();
        let named: BTreeSet<ParticipantId> = keys.sealed.iter().map(|(to, _)| *to).chain([by]).collect();
        let next = seal.epoch.as_ref().map_or(1, |it| it.n + 1);
        if keys.epoch != next || named != members || keys.sealed.len() + 1 != members.len() {
            return Err(Refusal::KeysStale);
        }
        let members: Vec<ParticipantId> = members.into_iter().collect();
        seal.epoch = Some(Epoch { n: keys.epoch, by, members: members.clone() });
        let mut given = Vec::new();
        for (to, sealed) in keys.sealed {
            let them = self.participant(to)?;
            let key = GivenKey { epoch: keys.epoch, from: by, members: members.clone(), sealed };
            them.given = Some(key.clone());
            given.push((them.clone(), key));
        }
        Ok(given)
    }
}

impl App {
    /// Hands the secret of a new epoch to everybody in the call.
    ///
    /// # Errors
    /// `CallOver`, `ParticipantGone`, `KeysStale` when somebody was faster or people came or went, `TooLong`, a refusal
    /// of the space, or what the store said.
    pub async fn give_keys(
        self: &Arc<Self>,
        person: PersonId,
        call: CallId,
        participant: ParticipantId,
        keys: Keys,
    ) -> Result<()> {
        self.may_be_in(person, call).await?.own(person, participant)?;
        if keys.sealed.iter().any(|(_, sealed)| sealed.len() > SEALED) {
            return Err(Refusal::TooLong { what: "a sealed key", limit: SEALED }.into());
        }
        let given = self.calls.change(call, |it| {
            it.own(person, participant)?;
            it.begin_epoch(participant, keys)
        })?;
        for (them, key) in given {
            self.calls.tell(News::Key { call, participant: them.id, to: them.seat, key });
        }
        Ok(())
    }
}

impl Participant {
    /// The newest key that it was given.
    pub fn last_key(&self) -> Option<&GivenKey> {
        self.given.as_ref()
    }
}

#[cfg(test)]
mod tests {
    use madang_model::SpaceId;

    use super::*;

    #[test]
    fn nothing_that_hears_or_sees_may_be_done_with_a_sealed_call() {
        let mut call = Call::new(CallId(7), SpaceId(9), 5, 1_000, PersonId(1), true);
        for what in [Use::Recording, Use::Stream, Use::Phone] {
            assert_eq!(call.allows(what), Ok(()));
        }
        call.seal = Some(Seal::default());
        for what in [Use::Recording, Use::Stream, Use::Phone] {
            assert_eq!(call.allows(what), Err(Refusal::OffInSealedCall));
        }
    }
}
