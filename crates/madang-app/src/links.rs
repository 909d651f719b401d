//! Join links: whoever has one comes into its space as a guest with just a
//! name, and may make an account of it later.

use std::sync::Arc;

use madang_model::audit::{Act, Object};
use madang_model::permission::{HouseRight, Right, Role, may};
use madang_model::refusal::Thing;
use madang_model::settings::check_link;
use madang_model::{Command, PersonId, Refusal, SpaceId, name};
use madang_store::db::{Conn, Tx};
use madang_store::links::{self, LinkRecord};
use madang_store::people::{self, NewPerson, PersonRecord};
use madang_store::secrets::{self, SecretRecord};
use madang_store::{house, log};
use serde_json::json;

use crate::app::App;
use crate::audit::{by, by_somebody};
use crate::error::Result;
use crate::people::{space_role, workspace};
use crate::session::{Kind, Session, fresh_secret, hash_of};
use crate::settings::may_here;
use crate::sign_in::blank;
use crate::{attempts, mail, password};

/// A confirmation of an address works for a day.
const CONFIRM_US: i64 = 24 * 3_600 * 1_000_000;
/// Links of one space.
pub(crate) const LINKS: usize = 50;

/// What the bearer of a link is shown.
#[derive(Debug, Clone)]
pub struct Door {
    pub workspace: String,
    pub space: SpaceId,
    pub space_name: String,
    pub members: i64,
    pub inviter: String,
}

impl App {
    /// Makes a link into a space. Its address is shown this once. What is not given is as the house has chosen; 0 is
    /// for ever, and for any number.
    ///
    /// # Errors
    /// A refusal of the space, or what the store said.
    pub async fn create_link(
        self: &Arc<Self>,
        person: PersonId,
        space: SpaceId,
        expires_in: Option<i64>,
        uses: Option<i64>,
    ) -> Result<(LinkRecord, String)> {
        check_link(expires_in, uses)?;
        let (app, secret, by, now_us) = (self.clone(), fresh_secret("")?, by(person), self.clock.now_us());
        self.db
            .write(move |tx| {
                inviter(tx, person, space)?;
                let usual = house::settings(tx)?;
                let expires_in = Some(expires_in.unwrap_or(usual.link_expires_in)).filter(|it| *it != 0);
                let uses = Some(uses.unwrap_or(usual.link_uses)).filter(|it| *it != 0);
                if links::of_space(tx, space)?.len() >= LINKS {
                    return Err(Refusal::TooMany { what: "links", limit: LINKS }.into());
                }
                let link = LinkRecord {
                    id: app.ids.next(),
                    space,
                    created_by: person,
                    created_at: now_us,
                    expires_at: expires_in.map(|seconds| now_us + seconds * 1_000_000),
                    uses_left: uses,
                    used: 0,
                };
                links::insert(tx, &link, &hash_of(&secret))?;
                let about = json!({"space": space.to_string(), "until": link.expires_at, "uses": uses});
                app.write_down(tx, by, Act::LinkMade, Object::Link(link.id), about)?;
                Ok((link, format!("{}/j/{secret}", app.config.public_url)))
            })
            .await
    }

    /// The links into a space.
    ///
    /// # Errors
    /// A refusal of the space, or what the store said.
    pub async fn links(self: &Arc<Self>, person: PersonId, space: SpaceId) -> Result<Vec<LinkRecord>> {
        self.db
            .read(move |conn| {
                host(conn, person, space)?;
                Ok(links::of_space(conn, space)?)
            })
            .await
    }

    /// Ends a link.
    ///
    /// # Errors
    /// `NotFound`, a refusal of the space, or what the store said.
    pub async fn revoke_link(self: &Arc<Self>, person: PersonId, space: SpaceId, link: i64) -> Result<()> {
        let (app, by) = (self.clone(), by(person));
        self.db
            .write(move |tx| {
                host(tx, person, space)?;
                if !links::revoke(tx, space, link)? {
                    return Err(Refusal::NotFound(Thing::Link).into());
                }
                let about = json!({"space": space.to_string()});
                app.write_down(tx, by, Act::LinkRevoked, Object::Link(link), about)
            })
            .await
    }

    /// What a link shows before somebody joins.
    ///
    /// # Errors
    /// `LinkInvalid`, or what the store said.
    pub async fn door(self: &Arc<Self>, secret: &str) -> Result<Door> {
        let (hash, now_us) = (hash_of(secret), self.clock.now_us());
        self.db
            .read(move |conn| {
                let house = workspace(conn)?;
                let link = valid(conn, &hash, now_us)?;
                let space = log::space(conn, link.space)?.ok_or(Refusal::LinkInvalid)?;
                let inviter =
                    people::by_id(conn, house.id, link.created_by)?.map(|it| it.name).unwrap_or_default();
                Ok(Door {
                    workspace: house.name,
                    space: link.space,
                    space_name: space.facts.name,
                    members: space.facts.members,
                    inviter,
                })
            })
            .await
    }

    /// Joins by a link as a new guest with just a name.
    ///
    /// # Errors
    /// `LinkInvalid`, what is wrong with the name, or what the store said.
    pub async fn join_as_guest(
        self: &Arc<Self>,
        secret: &str,
        guest_name: &str,
        language: &str,
        device: &str,
    ) -> Result<(Session, String, SpaceId)> {
        let guest_name = name::checked(guest_name)?;
        let (app, hash, by, now_us) = (self.clone(), hash_of(secret), by_somebody(), self.clock.now_us());
        let (language, device) = (if language == "ko" { "ko" } else { "en" }, device.to_owned());
        self.db
            .write(move |tx| {
                let link = valid(tx, &hash, now_us)?;
                let house = workspace(tx)?.id;
                let new = NewPerson {
                    id: PersonId(app.ids.next()),
                    email: None,
                    name: guest_name.clone(),
                    password_hash: None,
                    bot: false,
                    language: language.into(),
                };
                people::insert(tx, &new, now_us)?;
                people::set_role(tx, house, new.id, Role::Guest, now_us)?;
                app.enter_by(tx, &link, new.id)?;
                let (id, secret) = app.open_session(tx, new.id, Kind::Browser, &device)?;
                let about = json!({"by": "link", "role": "guest", "link": link.id.to_string()});
                app.write_down(tx, by.person(new.id), Act::PersonJoined, new.id, about)?;
                Ok((Session { id, person: new.id, is_token: false, is_visit: false }, secret, link.space))
            })
            .await
    }

    /// Joins by a link as oneself. Whoever is in already uses nothing up.
    ///
    /// # Errors
    /// `LinkInvalid`, or what the store said.
    pub async fn join_by_link(self: &Arc<Self>, person: PersonId, secret: &str) -> Result<SpaceId> {
        let (app, hash, now_us) = (self.clone(), hash_of(secret), self.clock.now_us());
        self.db
            .write(move |tx| {
                let link = valid(tx, &hash, now_us)?;
                let space = log::space(tx, link.space)?.ok_or(Refusal::LinkInvalid)?;
                if log::standing(tx, &space.facts, person)?.membership.is_none() {
                    app.enter_by(tx, &link, person)?;
                }
                Ok(link.space)
            })
            .await
    }

    fn enter_by(&self, tx: &mut Tx, link: &LinkRecord, person: PersonId) -> Result<()> {
        if !links::use_once(tx, link.id)? {
            return Err(Refusal::LinkInvalid.into());
        }
        let house = workspace(tx)?.id;
        let role = space_role(log::standing_in_house(tx, house, person)?);
        self.run_in(tx, link.created_by, link.space, None, &Command::AddMember { person, role })?;
        Ok(())
    }

    /// Begins to make an account of a guest by link: the address is confirmed
    /// by a link. True if it was mailed, false if it only went to the log.
    ///
    /// # Errors
    /// `EmailTaken`, `WeakPassword`, or what the store said.
    pub async fn make_account(
        self: &Arc<Self>,
        person: PersonId,
        email: &str,
        new_password: String,
    ) -> Result<bool> {
        let email = name::email(email)?;
        let record = self.person(person).await?;
        if record.email.is_some() {
            return Err(Refusal::EmailTaken.into());
        }
        password::check(&new_password, &[&email, &record.name])?;
        let now_us = self.clock.now_us();
        self.attempts.count(attempts::ACCOUNT, &person.to_string(), now_us)?;
        self.attempts.count(attempts::LETTER, &email, now_us)?;
        let kept = password::hash(new_password).await?;
        let secret = fresh_secret("")?;
        let url = format!("{}/confirm/{secret}", self.config.public_url);
        let letter = mail::confirmation(&record.language, &email, &url);
        let app = self.clone();
        self.db
            .write(move |tx| -> Result<()> {
                secrets::forget(tx, person, "confirm")?;
                let waiting = SecretRecord {
                    person: Some(person),
                    email: Some(email.clone()),
                    password_hash: Some(kept.clone()),
                    ..blank(app.ids.next(), "confirm", now_us, now_us + CONFIRM_US)
                };
                secrets::insert(tx, &waiting, &hash_of(&secret))?;
                app.post_letter(tx, &letter)
            })
            .await?;
        Ok(self.mailer.is_configured())
    }

    /// Confirms an address: the guest has an account and keeps everything.
    ///
    /// # Errors
    /// `LinkInvalid`, `EmailTaken`, or what the store said.
    pub async fn confirm(self: &Arc<Self>, secret: &str, device: &str) -> Result<(Session, String)> {
        let (app, hash, by, now_us) = (self.clone(), hash_of(secret), by_somebody(), self.clock.now_us());
        let device = device.to_owned();
        self.db
            .write(move |tx| {
                let record = secrets::by_token(tx, "confirm", &hash, now_us)?.ok_or(Refusal::LinkInvalid)?;
                let (Some(person), Some(email), Some(kept)) =
                    (record.person, &record.email, &record.password_hash)
                else {
                    return Err(Refusal::LinkInvalid.into());
                };
                let house = workspace(tx)?.id;
                if people::by_email(tx, house, email)?.is_some() {
                    return Err(Refusal::EmailTaken.into());
                }
                if !secrets::use_up(tx, record.id)? {
                    return Err(Refusal::LinkInvalid.into());
                }
                people::set_password(tx, person, kept)?;
                people::set_email(tx, person, email, now_us)?;
                let (id, secret) = app.open_session(tx, person, Kind::Browser, &device)?;
                app.write_down(tx, by.person(person), Act::AccountMade, person, json!({"email": email}))?;
                Ok((Session { id, person, is_token: false, is_visit: false }, secret))
            })
            .await
    }

    /// Whether the person has an account, or is a guest with just a name.
    pub fn has_account(record: &PersonRecord) -> bool {
        record.email.is_some()
    }
}

/// Links are for those who may add people.
fn host(conn: &mut Conn, person: PersonId, space: SpaceId) -> Result<()> {
    let record = log::space(conn, space)?.ok_or(Refusal::NotFound(Thing::Space))?;
    Ok(may(&log::standing(conn, &record.facts, person)?, Right::AddPeople, &record.facts)?)
}

/// New ones, and those that let somebody in, are for those who may invite guests too.
pub(crate) fn inviter(conn: &mut Conn, person: PersonId, space: SpaceId) -> Result<()> {
    host(conn, person, space)?;
    let house = workspace(conn)?.id;
    let role = log::standing_in_house(conn, house, person)?;
    may_here(conn, role, HouseRight::InviteGuest)
}

/// The link behind a secret, if it is good and its maker may still invite people.
fn valid(conn: &mut Conn, hash: &[u8; 32], now_us: i64) -> Result<LinkRecord> {
    let link = links::by_token(conn, hash)?.filter(|it| it.is_good(now_us)).ok_or(Refusal::LinkInvalid)?;
    inviter(conn, link.created_by, link.space).map_err(|_| Refusal::LinkInvalid)?;
    Ok(link)
}
