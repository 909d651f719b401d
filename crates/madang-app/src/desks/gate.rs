//! Who is kept out of desks, and who shows first that coming costs them something.
//!
//! A network and an address are kept as keyed hashes: the list says whom it was made for, and no more. The proof of work
//! is that of ALTCHA (SHA-256): the house signs a puzzle, keeps nothing of it, and takes its answer once.

use std::net::IpAddr;
use std::sync::Arc;

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use madang_model::audit::{Act, Object};
use madang_model::desk::ticket::{State, TicketCommand};
use madang_model::permission::{HouseRight, may_in_house};
use madang_model::{Command, PersonId, Refusal, SpaceId, WorkspaceId, limits};
use madang_store::blocks::{self, BlockRecord, Kept};
use madang_store::db::{Conn, Tx};
use madang_store::{contacts, log, people, sessions};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::after::{address_of, served};
use crate::app::App;
use crate::audit::by;
use crate::error::Result;
use crate::people::workspace;

const SECOND_US: i64 = 1_000_000;
const DAY_US: i64 = 24 * 3_600 * SECOND_US;
/// The largest number that a puzzle hides: half of it is tried on average, a second or two on a phone.
const LARGEST: u64 = 100_000;
/// How long a puzzle is good.
const GOOD_SECONDS: i64 = 600;
const ALGORITHM: &str = "SHA-256";

/// A puzzle, in the words of ALTCHA.
#[derive(Debug, Clone, Serialize)]
pub struct Challenge {
    pub algorithm: &'static str,
    pub challenge: String,
    pub maxnumber: u64,
    pub salt: String,
    pub signature: String,
}

/// Its answer: base64 of JSON.
#[derive(Deserialize)]
struct Answer {
    algorithm: String,
    challenge: String,
    number: u64,
    salt: String,
    signature: String,
}

impl App {
    /// Keeps the visitor of a ticket out of all desks, for some days or for good: their network, their address and
    /// whom a site says they are. Their visit is over.
    ///
    /// # Errors
    /// `TooLong`, `Invalid`, a refusal of the ticket, or what the store said.
    pub async fn block_visitor(
        self: &Arc<Self>,
        person: PersonId,
        space: SpaceId,
        reason: &str,
        days: Option<u32>,
    ) -> Result<()> {
        let reason = reason.replace('\0', "").trim().to_owned();
        if reason.chars().count() > limits::TICKET_SUBJECT_CHARS {
            return Err(Refusal::TooLong { what: "the reason", limit: limits::TICKET_SUBJECT_CHARS }.into());
        }
        if days.is_some_and(|it| !(1..=3_650).contains(&it)) {
            return Err(Refusal::Invalid { what: "days", why: "give 1 to 3650".into() }.into());
        }
        let (app, by) = (self.clone(), by(person));
        let visitor = self
            .db
            .write(move |tx| -> Result<PersonId> {
                let record = served(tx, person, space)?;
                let visitor = record.ticket.visitor;
                let now_us = app.clock.now_us();
                let until = days.map(|it| now_us + i64::from(it) * DAY_US);
                let marks = app.marks_of(tx, &record)?;
                if record.ticket.state != State::Closed {
                    app.run_in(tx, person, space, None, &Command::Ticket(TicketCommand::Close))?;
                }
                let house = workspace(tx)?.id;
                for (kind, shown, mark) in marks {
                    let (kind, reason, id) = (kind.as_str().to_owned(), reason.clone(), app.ids.next());
                    let block = BlockRecord { id, kind, shown, reason, by: person, at: now_us, until };
                    blocks::insert(tx, house, &block, &mark)?;
                }
                sessions::end_all(tx, visitor)?;
                let about = json!({"until": until, "reason": reason});
                app.write_down(tx, by, Act::VisitorBlocked, visitor, about)?;
                Ok(visitor)
            })
            .await?;
        self.forget_sessions_of(visitor);
        self.end_call_of(space);
        self.desks_changed();
        Ok(())
    }

    /// All by which the visitor of a ticket could come again.
    fn marks_of(&self, conn: &mut Conn, record: &log::TicketRecord) -> Result<Vec<(Kept, String, [u8; 32])>> {
        let house = workspace(conn)?.id;
        let visitor = record.ticket.visitor;
        let name = people::by_id(conn, house, visitor)?.map(|it| it.name).unwrap_or_default();
        let mut marks = Vec::new();
        if let Some(network) = blocks::network_of(conn, visitor)?.and_then(|it| it.try_into().ok()) {
            marks.push((Kept::Network, name.clone(), network));
        }
        if let Some(email) = address_of(conn, record)? {
            let mark = self.mark_of(Kept::Email, &email);
            marks.push((Kept::Email, email, mark));
        }
        if let Some(id) = contacts::of_person(conn, visitor)?.and_then(|it| it.facts.external_id) {
            marks.push((Kept::Identity, name, self.mark_of(Kept::Identity, &id)));
        }
        Ok(marks)
    }

    /// Who is kept out, for whoever manages desks.
    ///
    /// # Errors
    /// `NotAllowed`, or what the store said.
    pub async fn blocks(self: &Arc<Self>, person: PersonId) -> Result<Vec<BlockRecord>> {
        let now_us = self.clock.now_us();
        self.db
            .read(move |conn| {
                let house = workspace(conn)?.id;
                may_in_house(log::standing_in_house(conn, house, person)?, HouseRight::ManageDesks)?;
                Ok(blocks::all(conn, house, now_us)?)
            })
            .await
    }

    /// Lets somebody in again; nothing happens if they are.
    ///
    /// # Errors
    /// `NotAllowed`, or what the store said.
    pub async fn unblock(self: &Arc<Self>, person: PersonId, block: i64) -> Result<()> {
        let (app, by) = (self.clone(), by(person));
        self.db
            .write(move |tx| -> Result<()> {
                let house = workspace(tx)?.id;
                may_in_house(log::standing_in_house(tx, house, person)?, HouseRight::ManageDesks)?;
                let Some(shown) = blocks::remove(tx, house, block)? else { return Ok(()) };
                app.write_down(tx, by, Act::VisitorUnblocked, Object::Nothing, json!({"name": shown}))
            })
            .await
    }

    /// Remembers from where a visit was begun.
    pub(super) fn came_from(&self, tx: &mut Tx, visitor: PersonId, from: Option<IpAddr>) -> Result<()> {
        let Some(from) = from else { return Ok(()) };
        let mark = self.mark_of(Kept::Network, &from.to_string());
        Ok(blocks::came_from(tx, visitor, &mark, self.clock.now_us())?)
    }

    pub(super) fn let_in_network(
        &self,
        conn: &mut Conn,
        house: WorkspaceId,
        from: Option<IpAddr>,
    ) -> Result<()> {
        from.map_or(Ok(()), |from| self.lets_in(conn, house, Kept::Network, &from.to_string()))
    }

    pub(super) fn let_in_address(&self, conn: &mut Conn, house: WorkspaceId, email: &str) -> Result<()> {
        self.lets_in(conn, house, Kept::Email, email)
    }

    pub(super) fn let_in_identity(&self, conn: &mut Conn, house: WorkspaceId, id: &str) -> Result<()> {
        self.lets_in(conn, house, Kept::Identity, id)
    }

    fn lets_in(&self, conn: &mut Conn, house: WorkspaceId, kind: Kept, what: &str) -> Result<()> {
        match blocks::is_out(conn, house, kind, &self.mark_of(kind, what), self.clock.now_us())? {
            true => Err(Refusal::KeptOut.into()),
            false => Ok(()),
        }
    }

    fn mark_of(&self, kind: Kept, what: &str) -> [u8; 32] {
        self.desk_seal.mark(&format!("{}|{what}", kind.as_str()))
    }

    /// A puzzle for who wants to come to this desk.
    ///
    /// # Errors
    /// `NotFound`, `DeskEnded`, or what the store said.
    pub async fn challenge(self: &Arc<Self>, key: &str) -> Result<Challenge> {
        self.desk_front(key).await?;
        let mut bytes = [0u8; 24];
        getrandom::fill(&mut bytes).map_err(|error| anyhow::anyhow!("no randomness: {error}"))?;
        let (salt, number) = bytes.split_at(16);
        let number = u64::from_le_bytes(number.try_into().expect("eight bytes are left")) % (LARGEST + 1);
        let expires = self.clock.now_us() / SECOND_US + GOOD_SECONDS;
        // The `&` ends what the number follows, so that no digit goes from one to the other.
        let salt = format!("{}?expires={expires}&desk={key}&", hex(salt));
        let challenge = hex(&Sha256::digest(format!("{salt}{number}").as_bytes()));
        let signature = hex(hmac::sign(&self.proof_key(), challenge.as_bytes()).as_ref());
        Ok(Challenge { algorithm: ALGORITHM, challenge, maxnumber: LARGEST, salt, signature })
    }

    fn proof_key(&self) -> hmac::Key {
        hmac::Key::new(hmac::HMAC_SHA256, &self.desk_seal.mark("proof of work"))
    }

    /// Takes the answer to a puzzle, once.
    pub(super) fn take_proof(&self, tx: &mut Tx, key: &str, proof: &str) -> Result<()> {
        let answer = STANDARD.decode(proof).ok().and_then(|it| serde_json::from_slice::<Answer>(&it).ok());
        let answer = answer.filter(|it| it.algorithm == ALGORITHM && it.salt.len() < 200);
        let Some(answer) = answer else { return Err(Refusal::ProofNeeded.into()) };
        let digest = Sha256::digest(format!("{}{}", answer.salt, answer.number).as_bytes());
        let signed = unhex(&answer.signature)
            .is_some_and(|it| hmac::verify(&self.proof_key(), answer.challenge.as_bytes(), &it).is_ok());
        let said = |name: &str| {
            let parameters = answer.salt.split_once('?').map_or("", |(_, it)| it);
            parameters.split('&').find_map(|it| it.strip_prefix(name)).map(str::to_owned)
        };
        let expires: i64 = said("expires=").and_then(|it| it.parse().ok()).unwrap_or(0);
        let fits = hex(&digest) == answer.challenge && signed && said("desk=").as_deref() == Some(key);
        if !fits || expires * SECOND_US <= self.clock.now_us() {
            return Err(Refusal::ProofNeeded.into());
        }
        match blocks::use_proof(tx, &digest.into(), expires * SECOND_US)? {
            true => Ok(()),
            false => Err(Refusal::ProofNeeded.into()),
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let even = text.len().is_multiple_of(2) && text.is_ascii();
    even.then(|| {
        (0..text.len())
            .step_by(2)
            .map(|at| u8::from_str_radix(&text[at..at + 2], 16))
            .collect::<Result<_, _>>()
            .ok()
    })
    .flatten()
}
