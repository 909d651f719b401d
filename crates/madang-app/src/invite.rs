//! Adding people by their e-mail address, to the workspace or to one space.
//!
//! Somebody the house knows is added at once. Anybody else gets an invitation:
//! a link that works once, for 14 days, for that address. What the inviter may
//! do is asked again when it is used.

use std::sync::Arc;

use madang_model::permission::{HouseRight, Right, Role, SpaceRole, may, may_in_house};
use madang_model::refusal::Thing;
use madang_model::{Command, Event, PersonId, Refusal, SpaceId, WorkspaceId, name};
use madang_store::db::Tx;
use madang_store::people::{self, NewPerson, PersonRecord};
use madang_store::secrets::{self, SecretRecord};
use madang_store::{log, spaces};

use crate::app::App;
use crate::error::Result;
use crate::people::{find, space_role, workspace};
use crate::session::{Kind, Session, fresh_secret, hash_of};
use crate::sign_in::blank;
use crate::{mail, password};

/// An invitation works for 14 days.
const INVITATION_US: i64 = 14 * 24 * 3_600 * 1_000_000;
/// Invitations of one person in a day.
const PER_DAY: usize = 50;

/// An invitation as its inviter sees it.
#[derive(Debug, Clone)]
pub struct Invitation {
    pub record: SecretRecord,
    /// The link, shown once, when the house cannot mail it.
    pub url: Option<String>,
}

/// What adding somebody came to.
#[derive(Debug, Clone)]
pub enum Added {
    /// They are in; the event is none if they were in before.
    In(Box<PersonRecord>, Option<Arc<Event>>),
    Invited(Box<Invitation>),
}

/// What the bearer of an invitation is shown.
#[derive(Debug, Clone)]
pub struct Offer {
    pub workspace: String,
    pub email: String,
    pub inviter: String,
    pub space: Option<String>,
    pub role: Role,
    /// The address has an account: signing in accepts.
    pub has_account: bool,
}

impl App {
    /// Adds somebody to the workspace.
    ///
    /// # Errors
    /// `NotAllowed`, `TooFast`, what is wrong with the address, or what the store said.
    pub async fn invite(self: &Arc<Self>, actor: PersonId, email: &str, role: Role) -> Result<Added> {
        let email = name::email(email)?;
        let (app, secret) = (self.clone(), fresh_secret("")?);
        self.db
            .write(move |tx| {
                let house = workspace(tx)?;
                check_inviter(tx, house.id, actor, None, role)?;
                if let Some(known) = find(tx, house.id, &email)?.filter(|it| it.standing().is_some()) {
                    return app.promote(tx, house.id, known, role);
                }
                let invitation = app.write_invitation(tx, house.id, actor, &email, None, role, &secret)?;
                Ok(Added::Invited(Box::new(invitation)))
            })
            .await
    }

    /// Adds somebody to a space: by address, or by id for one the inviter can see.
    ///
    /// # Errors
    /// As `invite`, or a refusal of the space.
    pub async fn add_to_space(
        self: &Arc<Self>,
        actor: PersonId,
        space: SpaceId,
        named: &str,
        role: SpaceRole,
    ) -> Result<Added> {
        let (app, named, secret) = (self.clone(), named.to_owned(), fresh_secret("")?);
        self.db
            .write(move |tx| {
                let house = workspace(tx)?;
                if let Some(known) = find(tx, house.id, &named)?.filter(|it| it.standing().is_some()) {
                    let command = Command::AddMember { person: known.id, role };
                    let event = app.run_in(tx, actor, space, None, &command)?.into_iter().next();
                    return Ok(Added::In(Box::new(known), event));
                }
                let email = name::email(&named)?;
                check_inviter(tx, house.id, actor, Some(space), Role::Guest)?;
                let invitation =
                    app.write_invitation(tx, house.id, actor, &email, Some(space), Role::Guest, &secret)?;
                Ok(Added::Invited(Box::new(invitation)))
            })
            .await
    }

    /// Takes somebody out of a space.
    ///
    /// # Errors
    /// `NotFound`, or a refusal of the space.
    pub async fn remove_from_space(
        self: &Arc<Self>,
        actor: PersonId,
        space: SpaceId,
        named: &str,
    ) -> Result<Option<Arc<Event>>> {
        let (app, named) = (self.clone(), named.to_owned());
        self.db
            .write(move |tx| {
                let house = workspace(tx)?.id;
                // The space first: who may not see it learns nothing of people either.
                let record = log::space(tx, space)?.ok_or(Refusal::NotFound(Thing::Space))?;
                may(&log::standing(tx, &record.facts, actor)?, Right::Read, &record.facts)?;
                let person = find(tx, house, &named)?.ok_or(Refusal::NotFound(Thing::Person))?.id;
                Ok(app.run_in(tx, actor, space, None, &Command::RemoveMember { person })?.into_iter().next())
            })
            .await
    }

    /// A known guest becomes a member when a member's invitation says so.
    fn promote(&self, tx: &mut Tx, house: WorkspaceId, known: PersonRecord, role: Role) -> Result<Added> {
        if known.standing().is_some_and(|has| has < role) {
            people::set_role(tx, house, known.id, role, self.clock.now_us())?;
        }
        let known = people::by_id(tx, house, known.id)?.unwrap_or(known);
        Ok(Added::In(Box::new(known), None))
    }

    #[allow(clippy::too_many_arguments)]
    fn write_invitation(
        &self,
        tx: &mut Tx,
        house: WorkspaceId,
        inviter: PersonId,
        email: &str,
        space: Option<SpaceId>,
        role: Role,
        secret: &str,
    ) -> Result<Invitation> {
        let now_us = self.clock.now_us();
        let day = now_us - 24 * 3_600 * 1_000_000;
        let open = secrets::invitations(tx, house, now_us)?;
        if open.iter().filter(|it| it.inviter == Some(inviter) && it.created_at > day).count() >= PER_DAY {
            return Err(Refusal::TooFast { seconds: 3_600 }.into());
        }
        // One invitation for one address and place: a second one replaces it.
        for old in open.iter().filter(|it| it.email.as_deref() == Some(email) && it.space == space) {
            secrets::use_up(tx, old.id)?;
        }
        let record = SecretRecord {
            workspace: Some(house),
            email: Some(email.into()),
            space,
            role: Some(role),
            inviter: Some(inviter),
            mailed: self.mailer.is_configured(),
            ..blank(self.ids.next(), "invitation", now_us, now_us + INVITATION_US)
        };
        secrets::insert(tx, &record, &hash_of(secret))?;
        self.send_invitation(tx, house, record, secret)
    }

    fn send_invitation(
        &self,
        tx: &mut Tx,
        house: WorkspaceId,
        record: SecretRecord,
        secret: &str,
    ) -> Result<Invitation> {
        let url = format!("{}/i/{secret}", self.config.public_url);
        let inviter = match record.inviter {
            Some(id) => people::by_id(tx, house, id)?,
            None => None,
        };
        let place = match record.space {
            Some(space) => log::space(tx, space)?.map(|it| it.facts.name).unwrap_or_default(),
            None => workspace(tx)?.name,
        };
        let (language, name) = inviter.map(|it| (it.language, it.name)).unwrap_or_default();
        let to = record.email.clone().unwrap_or_default();
        self.post_letter(tx, &mail::invitation(&language, &to, &name, &place, &url))?;
        let url = (!self.mailer.is_configured()).then_some(url);
        Ok(Invitation { record, url })
    }

    /// Open invitations of the house.
    ///
    /// # Errors
    /// `NotAllowed`, or what the store said.
    pub async fn invitations(self: &Arc<Self>, person: PersonId) -> Result<Vec<SecretRecord>> {
        let now_us = self.clock.now_us();
        self.db
            .read(move |conn| {
                let house = workspace(conn)?.id;
                let role = log::standing_in_house(conn, house, person)?;
                may_in_house(role, HouseRight::InviteGuest)?;
                let mut open = secrets::invitations(conn, house, now_us)?;
                if may_in_house(role, HouseRight::ManagePeople).is_err() {
                    open.retain(|it| it.inviter == Some(person));
                }
                Ok(open)
            })
            .await
    }

    /// Takes an invitation back. Its inviter can, and who manages people.
    ///
    /// # Errors
    /// `NotFound`, or what the store said.
    pub async fn revoke_invitation(self: &Arc<Self>, person: PersonId, id: i64) -> Result<()> {
        self.db
            .write(move |tx| {
                own_invitation(tx, person, id)?;
                secrets::use_up(tx, id)?;
                Ok(())
            })
            .await
    }

    /// Sends an invitation again, with a new link and a new end.
    ///
    /// # Errors
    /// `NotFound`, or what the store said.
    pub async fn invite_again(self: &Arc<Self>, person: PersonId, id: i64) -> Result<Invitation> {
        let (app, secret, now_us) = (self.clone(), fresh_secret("")?, self.clock.now_us());
        self.attempts.count(&format!("again {id}"), 3, now_us)?;
        self.db
            .write(move |tx| {
                let (house, mut record) = own_invitation(tx, person, id)?;
                record.expires_at = now_us + INVITATION_US;
                secrets::renew(tx, id, &hash_of(&secret), app.mailer.is_configured(), record.expires_at)?;
                app.send_invitation(tx, house, record, &secret)
            })
            .await
    }

    /// What an invitation's link shows.
    ///
    /// # Errors
    /// `LinkInvalid`, or what the store said.
    pub async fn offer(self: &Arc<Self>, secret: &str) -> Result<Offer> {
        let (hash, now_us) = (hash_of(secret), self.clock.now_us());
        self.db
            .write(move |tx| {
                let house = workspace(tx)?;
                let record = valid(tx, &hash, now_us)?;
                let email = record.email.clone().ok_or(Refusal::LinkInvalid)?;
                let inviter = match record.inviter {
                    Some(id) => people::by_id(tx, house.id, id)?.map(|it| it.name),
                    None => None,
                };
                let space = match record.space {
                    Some(space) => log::space(tx, space)?.map(|it| it.facts.name),
                    None => None,
                };
                let known = people::by_email(tx, house.id, &email)?;
                Ok(Offer {
                    workspace: house.name,
                    email,
                    inviter: inviter.unwrap_or_default(),
                    space,
                    role: record.role.unwrap_or(Role::Guest),
                    has_account: known.is_some_and(|it| can_sign_in(&it)),
                })
            })
            .await
    }

    /// Accepts an invitation as a new person, who chooses a name and a
    /// password; the link proves the address.
    ///
    /// # Errors
    /// `LinkInvalid`, `EmailTaken` when signing in is the way, or what is wrong with the input.
    pub async fn accept_as_new(
        self: &Arc<Self>,
        secret: &str,
        person_name: &str,
        new_password: String,
        language: &str,
        device: &str,
    ) -> Result<(Session, String, Option<SpaceId>)> {
        let offer = self.offer(secret).await?;
        if offer.has_account {
            return Err(Refusal::EmailTaken.into());
        }
        let person_name = name::checked(person_name)?;
        password::check(&new_password, &[&offer.email, &person_name])?;
        let kept = password::hash(new_password).await?;
        let (app, hash, now_us) = (self.clone(), hash_of(secret), self.clock.now_us());
        let (language, device) = (if language == "ko" { "ko" } else { "en" }, device.to_owned());
        self.db
            .write(move |tx| {
                let house = workspace(tx)?.id;
                let record = valid(tx, &hash, now_us)?;
                let email = record.email.clone().ok_or(Refusal::LinkInvalid)?;
                let person = match people::by_email(tx, house, &email)? {
                    Some(known) if can_sign_in(&known) => return Err(Refusal::EmailTaken.into()),
                    Some(known) => {
                        people::set_password(tx, known.id, &kept)?;
                        people::rename(tx, known.id, &person_name, now_us)?;
                        known.id
                    }
                    None => {
                        let new = NewPerson {
                            id: PersonId(app.ids.next()),
                            email: Some(email.clone()),
                            name: person_name.clone(),
                            password_hash: Some(kept.clone()),
                            bot: false,
                            language: language.into(),
                        };
                        people::insert(tx, &new, now_us)?;
                        new.id
                    }
                };
                let space = app.let_in(tx, house, person, &email, &record)?;
                let (id, secret) = app.open_session(tx, person, Kind::Browser, &device)?;
                Ok((Session { id, person, is_token: false }, secret, space))
            })
            .await
    }

    /// Accepts an invitation as the signed-in person it is for.
    ///
    /// # Errors
    /// `LinkInvalid` for anybody else, or what the store said.
    pub async fn accept(self: &Arc<Self>, person: PersonId, secret: &str) -> Result<Option<SpaceId>> {
        let (app, hash, now_us) = (self.clone(), hash_of(secret), self.clock.now_us());
        self.db
            .write(move |tx| {
                let house = workspace(tx)?.id;
                let record = valid(tx, &hash, now_us)?;
                let email = record.email.clone().ok_or(Refusal::LinkInvalid)?;
                let me = people::by_id(tx, house, person)?.ok_or(Refusal::NotSignedIn)?;
                if me.email.as_deref() != Some(email.as_str()) {
                    return Err(Refusal::LinkInvalid.into());
                }
                app.let_in(tx, house, person, &email, &record)
            })
            .await
    }

    /// Accepts this invitation and every other one to the same address whose
    /// inviter may still invite. Gives the space of this one.
    pub(crate) fn let_in(
        &self,
        tx: &mut Tx,
        house: WorkspaceId,
        person: PersonId,
        email: &str,
        accepted: &SecretRecord,
    ) -> Result<Option<SpaceId>> {
        let now_us = self.clock.now_us();
        if !secrets::use_up(tx, accepted.id)? {
            return Err(Refusal::LinkInvalid.into());
        }
        self.enter(tx, house, person, accepted)?;
        for other in secrets::invitations_of(tx, email, now_us)? {
            let inviter = other.inviter.ok_or(Refusal::LinkInvalid)?;
            let role = other.role.unwrap_or(Role::Guest);
            if check_inviter(tx, house, inviter, other.space, role).is_ok() {
                secrets::use_up(tx, other.id)?;
                self.enter(tx, house, person, &other)?;
            }
        }
        Ok(accepted.space)
    }

    fn enter(
        &self,
        tx: &mut Tx,
        house: WorkspaceId,
        person: PersonId,
        invitation: &SecretRecord,
    ) -> Result<()> {
        let inviter = invitation.inviter.ok_or(Refusal::LinkInvalid)?;
        let offered = invitation.role.unwrap_or(Role::Guest);
        let has = log::standing_in_house(tx, house, person)?;
        if has.is_none_or(|has| has < offered) {
            people::set_role(tx, house, person, offered, self.clock.now_us())?;
        }
        let standing = log::standing_in_house(tx, house, person)?;
        match invitation.space {
            Some(space) => {
                let command = Command::AddMember { person, role: space_role(standing) };
                self.run_in(tx, inviter, space, None, &command)?;
            }
            None if has.is_none() && standing >= Some(Role::Member) => {
                self.enter_first_space(tx, house, person)?
            }
            None => {}
        }
        Ok(())
    }

    /// A new member finds themselves in the oldest open space.
    fn enter_first_space(&self, tx: &mut Tx, house: WorkspaceId, person: PersonId) -> Result<()> {
        if let Some(first) = spaces::open(tx, house, person, SpaceId(0), 1)?.first() {
            self.run_in(tx, person, first.space.facts.id, None, &Command::JoinSpace)?;
        }
        Ok(())
    }
}

/// Whether signing in is the way to accept. Whoever was removed cannot sign in:
/// the link proves their address, and they choose a new password.
fn can_sign_in(person: &PersonRecord) -> bool {
    person.standing().is_some() && person.password_hash.is_some()
}

/// Whether somebody may invite with this role to this place, now.
fn check_inviter(
    tx: &mut Tx,
    house: WorkspaceId,
    inviter: PersonId,
    space: Option<SpaceId>,
    role: Role,
) -> Result<()> {
    let mine = log::standing_in_house(tx, house, inviter)?;
    let right = if role == Role::Guest { HouseRight::InviteGuest } else { HouseRight::InviteMember };
    may_in_house(mine, right)?;
    if mine.is_some_and(|mine| role > mine) {
        return Err(Refusal::NotAllowed("owner").into());
    }
    match space {
        None if role == Role::Guest => {
            let why = "a guest is invited to a space, not to the whole workspace".into();
            Err(Refusal::Invalid { what: "role", why }.into())
        }
        None => Ok(()),
        Some(space) => {
            let record = log::space(tx, space)?.ok_or(Refusal::NotFound(Thing::Space))?;
            Ok(may(&log::standing(tx, &record.facts, inviter)?, Right::AddPeople, &record.facts)?)
        }
    }
}

/// The invitation behind a secret, if its inviter may still invite.
fn valid(tx: &mut Tx, hash: &[u8; 32], now_us: i64) -> Result<SecretRecord> {
    let record = secrets::by_token(tx, "invitation", hash, now_us)?.ok_or(Refusal::LinkInvalid)?;
    let house = record.workspace.ok_or(Refusal::LinkInvalid)?;
    let inviter = record.inviter.ok_or(Refusal::LinkInvalid)?;
    let role = record.role.unwrap_or(Role::Guest);
    check_inviter(tx, house, inviter, record.space, role).map_err(|_| Refusal::LinkInvalid)?;
    Ok(record)
}

fn own_invitation(tx: &mut Tx, person: PersonId, id: i64) -> Result<(WorkspaceId, SecretRecord)> {
    let house = workspace(tx)?.id;
    let record = secrets::by_id(tx, id)?.filter(|it| it.kind == "invitation" && it.workspace == Some(house));
    let record = record.ok_or(Refusal::NotFound(Thing::Invitation))?;
    let role = log::standing_in_house(tx, house, person)?;
    if record.inviter != Some(person) && may_in_house(role, HouseRight::ManagePeople).is_err() {
        return Err(Refusal::NotFound(Thing::Invitation).into());
    }
    Ok((house, record))
}
