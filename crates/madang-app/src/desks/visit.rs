//! Visitors: somebody comes to a desk without an account, and comes back.

use std::net::IpAddr;
use std::sync::Arc;

use madang_model::desk::device::Device;
use madang_model::desk::ticket::{Consent, Opening, Page, TicketCommand, Via, Wants};
use madang_model::desk::{DeskSettings, Proof, Video};
use madang_model::hours::Open;
use madang_model::permission::Role;
use madang_model::refusal::Thing;
use madang_model::space::{SpaceKind, open_ticket};
use madang_model::{Command, DeskId, PersonId, Refusal, SpaceId, name};
use madang_store::contacts;
use madang_store::db::{Conn, Tx};
use madang_store::log::{self, TicketRecord};
use madang_store::people::{self, NewPerson};
use madang_store::spaces;
use madang_store::visit_codes;
use sha2::{Digest, Sha256};

use super::look::VisitLook;
use super::set_up::{DeskFront, open_at};
use crate::app::App;
use crate::attempts::{CROWD, VISIT_AT, VISIT_CODE, VISIT_FROM};
use crate::error::Result;
use crate::people::workspace;
use crate::session::{Kind, Session};

/// A code is good for five minutes, once.
const CODE_US: i64 = 5 * 60 * 1_000_000;

/// What somebody says who comes.
#[derive(Debug, Clone)]
pub struct NewVisit {
    pub name: String,
    pub language: String,
    pub via: Via,
    pub wants: Wants,
    pub skill: Option<String>,
    pub page: Option<Page>,
    /// What the site says of them, signed.
    pub identity: Option<String>,
    /// The network that they come from.
    pub from: Option<IpAddr>,
    /// With what they come.
    pub device: Device,
    /// The answer to a puzzle (`App::challenge`).
    pub proof: Option<String>,
}

/// Somebody who has come, on a device of theirs.
#[derive(Debug, Clone)]
pub struct Arrived {
    pub session: Session,
    /// What the device keeps to be known by.
    pub secret: String,
    pub look: VisitLook,
}

impl App {
    /// Somebody comes to a desk: a visitor, their ticket and its space are made, and the ticket waits.
    ///
    /// # Errors
    /// `NotFound`, `DeskEnded`, `DeskFull`, `NotOffered`, `IdentityWrong`, `IdentityOver`, `TooFast`, what is wrong with
    /// the name, or what the store said.
    pub async fn begin_visit(self: &Arc<Self>, key: &str, new: NewVisit, device: &str) -> Result<Arrived> {
        let (app, key, device) = (self.clone(), key.to_owned(), device.to_owned());
        self.count_visit(&new)?;
        let arrived = self
            .db
            .write(move |tx| -> Result<_> {
                let front = app.front_in(tx, &key)?;
                let desk = front.record.id;
                // What a site says wrongly is said: nobody who is signed in there is helped as a stranger unawares.
                let identity = match &new.identity {
                    Some(token) => Some(app.identified(tx, desk, &key, token)?),
                    None => None,
                };
                app.let_in_network(tx, front.record.workspace, new.from)?;
                let contact = match &identity {
                    Some(identity) => {
                        app.let_in_identity(tx, front.record.workspace, &identity.id)?;
                        Some(app.contact_of(tx, identity, None)?)
                    }
                    None => None,
                };
                if let Some(contact) = contact
                    && let Some(arrived) = app.comes_back(tx, contact, desk, &new, &device)?
                {
                    return Ok(arrived);
                }
                if front.waiting >= i64::from(front.record.settings.waiting_most) {
                    return Err(Refusal::DeskFull.into());
                }
                // Whom a site names is no program that comes in thousands.
                if identity.is_none() {
                    app.wants_proof(tx, &front, &key, new.proof.as_deref())?;
                }
                let named = identity.and_then(|it| it.name).unwrap_or_else(|| new.name.clone());
                let visitor = app.new_visitor(tx, &named, &new.language)?;
                if let Some(contact) = contact {
                    contacts::link(tx, contact, visitor)?;
                }
                app.came_from(tx, visitor, new.from)?;
                let opening = app.opening(&front.record.settings, desk, &new)?;
                let page = opening.page.clone().and_then(Page::cleaned);
                let space = app.open_ticket_in(tx, visitor, opening)?;
                app.keep_whereabouts(tx, visitor, space, page, Some(new.device.clone()))?;
                let (id, secret) = app.open_session(tx, visitor, Kind::Visit, &device)?;
                let look = app.visit_in(tx, visitor, space)?;
                Ok(Arrived { session: Session::of_visit(id, visitor), secret, look })
            })
            .await?;
        self.desks_changed();
        Ok(arrived)
    }

    /// So many visits begin from one network, and on the pages of one site.
    fn count_visit(&self, new: &NewVisit) -> Result<()> {
        let now_us = self.clock.now_us();
        if let Some(from) = new.from {
            self.attempts.count(VISIT_FROM, &from.to_string(), now_us)?;
        }
        let site = new.page.as_ref().and_then(|it| it.url.split('/').nth(2).map(str::to_owned));
        Ok(self.attempts.count(VISIT_AT, &site.unwrap_or_default(), now_us)?)
    }

    /// By the settings of the desk, and by how many come and wait.
    fn wants_proof(&self, tx: &mut Tx, front: &DeskFront, key: &str, proof: Option<&str>) -> Result<()> {
        let settings = &front.record.settings;
        let now_us = self.clock.now_us();
        let half_full = front.waiting * 2 >= i64::from(settings.waiting_most);
        let wanted = match settings.proof {
            Proof::Never => false,
            Proof::Busy => half_full || self.attempts.count(CROWD, key, now_us).is_err(),
            Proof::Always => true,
        };
        match (wanted, proof) {
            (false, _) => Ok(()),
            (true, Some(proof)) => self.take_proof(tx, key, proof),
            (true, None) => Err(Refusal::ProofNeeded.into()),
        }
    }

    pub(super) fn new_visitor(&self, tx: &mut Tx, name: &str, language: &str) -> Result<PersonId> {
        let language = if language.starts_with("ko") { "ko" } else { "en" };
        let given = name::checked_or_empty(name)?;
        let shown = match (given.is_empty(), language) {
            (false, _) => given,
            (true, "ko") => "방문자".into(),
            (true, _) => "Visitor".into(),
        };
        let person = NewPerson {
            id: PersonId(self.ids.next()),
            email: None,
            name: shown,
            password_hash: None,
            bot: false,
            language: language.into(),
        };
        let now_us = self.clock.now_us();
        people::insert(tx, &person, now_us)?;
        let house = workspace(tx)?.id;
        people::set_role(tx, house, person.id, Role::Visitor, now_us)?;
        Ok(person.id)
    }

    fn opening(&self, desk: &DeskSettings, id: DeskId, new: &NewVisit) -> Result<Opening> {
        if new.skill.as_ref().is_some_and(|it| !desk.skills.contains(it)) {
            return Err(Refusal::NotFound(Thing::Desk).into());
        }
        let language = desk.languages.iter().find(|it| new.language.starts_with(it.as_str()));
        let usual = desk.languages.first().map_or("en", String::as_str);
        Ok(Opening {
            desk: id,
            round: 1,
            via: new.via,
            wants: offered_wish(desk, new.wants, self.clock.now_us())?,
            language: language.map_or(usual, String::as_str).to_owned(),
            skill: new.skill.clone(),
            page: new.page.clone(),
        })
    }

    pub(super) fn open_ticket_in(&self, tx: &mut Tx, visitor: PersonId, opening: Opening) -> Result<SpaceId> {
        let house = workspace(tx)?.id;
        let shown = people::by_id(tx, house, visitor)?.map(|it| it.name).unwrap_or_default();
        let bodies = open_ticket(visitor, &shown, opening)?;
        let id = SpaceId(self.ids.next());
        spaces::insert(tx, id, house, SpaceKind::Ticket, &shown, None, self.clock.now_us())?;
        let record = log::space_locked(tx, id)?.expect("it was inserted in this transaction");
        self.append(tx, &record, visitor, None, bodies)?;
        Ok(id)
    }

    /// How the matter of a visitor stands: the newest, if there are several.
    ///
    /// # Errors
    /// `NotFound` for who is no visitor, or what the store said.
    pub async fn visit(self: &Arc<Self>, visitor: PersonId) -> Result<VisitLook> {
        let app = self.clone();
        self.db
            .read(move |conn| {
                let record = own_ticket(conn, visitor)?;
                app.visit_in(conn, visitor, record.space)
            })
            .await
    }

    /// The visitor comes back, or wishes for something else.
    ///
    /// # Errors
    /// `NotOffered`, `DeskEnded`, `DeskFull`, or what the store said.
    pub async fn want(
        self: &Arc<Self>,
        visitor: PersonId,
        wants: Wants,
        via: Via,
        page: Option<Page>,
        device: Option<Device>,
    ) -> Result<VisitLook> {
        let (app, now_us) = (self.clone(), self.clock.now_us());
        self.of_own_ticket(visitor, move |tx, record| {
            let desk = super::set_up::found(tx, record.ticket.desk)?;
            if desk.ended_at.is_some() {
                return Err(Refusal::DeskEnded.into());
            }
            let wants = offered_wish(&desk.settings, wants, now_us)?;
            let now_at = page.clone().and_then(Page::cleaned);
            app.keep_whereabouts(tx, visitor, record.space, now_at, device.clone())?;
            Ok(TicketCommand::Want { wants, via, page: page.clone() })
        })
        .await
    }

    /// The visitor allows something, or withdraws it.
    ///
    /// # Errors
    /// `NotOffered`, `TicketClosed`, or what the store said.
    pub async fn consent(self: &Arc<Self>, visitor: PersonId, to: Consent, given: bool) -> Result<VisitLook> {
        let look = self
            .of_own_ticket(visitor, move |conn, record| {
                let offers = super::set_up::found(conn, record.ticket.desk)?.settings.offers;
                let offered = match to {
                    Consent::Page => offers.page,
                    Consent::Point => offers.page && offers.draw,
                    Consent::Act => offers.page && offers.act,
                    Consent::Camera => offers.camera || offers.video == Video::TwoWay,
                    Consent::Screen => offers.page,
                };
                if given && !offered {
                    return Err(Refusal::NotOffered.into());
                }
                Ok(TicketCommand::Consent { to, given })
            })
            .await?;
        self.visitor_may(look.record.space, &look.record.ticket);
        Ok(look)
    }

    /// The visitor says how it was.
    ///
    /// # Errors
    /// `Invalid`, `TooLong`, or what the store said.
    pub async fn rate(self: &Arc<Self>, visitor: PersonId, stars: u8, comment: String) -> Result<VisitLook> {
        self.of_own_ticket(visitor, move |_, _| Ok(TicketCommand::Rate { stars, comment: comment.clone() }))
            .await
    }

    /// The visitor is done.
    ///
    /// # Errors
    /// What the store said.
    pub async fn close_visit(self: &Arc<Self>, visitor: PersonId) -> Result<VisitLook> {
        let look = self.of_own_ticket(visitor, |_, _| Ok(TicketCommand::Close)).await?;
        self.end_call_of(look.record.space);
        Ok(look)
    }

    async fn of_own_ticket(
        self: &Arc<Self>,
        visitor: PersonId,
        command: impl Fn(&mut Tx, &TicketRecord) -> Result<TicketCommand> + Clone + Send + 'static,
    ) -> Result<VisitLook> {
        let app = self.clone();
        let look = self
            .db
            .write(move |tx| -> Result<_> {
                let record = own_ticket(tx, visitor)?;
                let command = Command::Ticket(command(tx, &record)?);
                app.run_in(tx, visitor, record.space, None, &command)?;
                app.visit_in(tx, visitor, record.space)
            })
            .await?;
        self.desks_changed();
        Ok(look)
    }

    /// A code by which the visitor goes on on another device, and until when it is good.
    ///
    /// # Errors
    /// `NotFound`, or what the store said.
    pub async fn visit_code(self: &Arc<Self>, visitor: PersonId) -> Result<(String, i64)> {
        let (code, expires_at) = (six_digits()?, self.clock.now_us() + CODE_US);
        let kept = code.clone();
        self.db
            .write(move |tx| -> Result<()> {
                let record = own_ticket(tx, visitor)?;
                let desk = record.ticket.desk;
                visit_codes::forget(tx, visitor)?;
                // One in millions: somebody else at this desk was given the same a moment ago.
                match visit_codes::insert(tx, &code_hash(desk, &kept), visitor, desk, expires_at)? {
                    true => Ok(()),
                    false => Err(Refusal::TooFast { seconds: 1 }.into()),
                }
            })
            .await?;
        Ok((code, expires_at))
    }

    /// The same visitor on another device, by a code shown on the first.
    ///
    /// # Errors
    /// `CodeWrong`, `NotFound`, `DeskEnded`, or what the store said.
    pub async fn resume_visit(
        self: &Arc<Self>,
        key: &str,
        code: &str,
        device: &str,
        with: Device,
    ) -> Result<Arrived> {
        let digits: String = code.chars().filter(char::is_ascii_digit).collect();
        let (app, key, device, now_us) =
            (self.clone(), key.to_owned(), device.to_owned(), self.clock.now_us());
        self.attempts.count(VISIT_CODE, &key, now_us)?;
        let name = key.clone();
        let arrived = self
            .db
            .write(move |tx| -> Result<_> {
                let desk = app.front_in(tx, &key)?.record.id;
                let visitor = visit_codes::take(tx, &code_hash(desk, &digits), now_us)?;
                let visitor = visitor.ok_or(Refusal::CodeWrong)?;
                let record = own_ticket(tx, visitor)?;
                app.keep_whereabouts(tx, visitor, record.space, None, Some(with.clone()))?;
                let (id, secret) = app.open_session(tx, visitor, Kind::Visit, &device)?;
                let look = app.visit_in(tx, visitor, record.space)?;
                Ok(Arrived { session: Session::of_visit(id, visitor), secret, look })
            })
            .await?;
        self.attempts.take_back(VISIT_CODE, &name, now_us);
        Ok(arrived)
    }
}

/// What the desk offers of what a visitor wishes for. While it is closed everybody leaves a message.
pub(super) fn offered_wish(desk: &DeskSettings, wants: Wants, now_us: i64) -> Result<Wants, Refusal> {
    if matches!(open_at(desk, now_us), Open::From(_)) {
        return Ok(Wants::Chat);
    }
    match wants {
        Wants::Voice if !desk.offers.voice => Err(Refusal::NotOffered),
        Wants::Video if desk.offers.video == Video::None => Err(Refusal::NotOffered),
        wants => Ok(wants),
    }
}

/// The matter of a visitor: the one that went on last.
pub(super) fn own_ticket(conn: &mut Conn, visitor: PersonId) -> Result<TicketRecord> {
    let all = log::tickets_of_visitor(conn, visitor)?;
    let newest = all.into_iter().max_by_key(|it| it.changed_at);
    newest.ok_or_else(|| Refusal::NotFound(Thing::Ticket).into())
}

pub(super) fn six_digits() -> Result<String> {
    let mut bytes = [0u8; 8];
    getrandom::fill(&mut bytes).map_err(|error| anyhow::anyhow!("no randomness: {error}"))?;
    Ok(format!("{:06}", u64::from_le_bytes(bytes) % 1_000_000))
}

/// With the desk in it: a code that is guessed is guessed for one desk.
fn code_hash(desk: DeskId, code: &str) -> [u8; 32] {
    Sha256::digest(format!("{}|{code}", desk.0).as_bytes()).into()
}
