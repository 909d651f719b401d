//! Accepting an invitation: what its bearer is shown, and coming in.

use std::sync::Arc;

use madang_model::audit::Act;
use madang_model::permission::Role;
use madang_model::{Command, PersonId, Refusal, SpaceId, WorkspaceId, name};
use madang_store::db::{Conn, Tx};
use madang_store::people::{self, NewPerson, PersonRecord};
use madang_store::secrets::{self, SecretRecord};
use madang_store::{log, spaces};
use serde_json::json;

use super::{check_inviter, keep_out};
use crate::app::App;
use crate::audit::{by, by_somebody};
use crate::error::Result;
use crate::password;
use crate::people::{space_role, workspace};
use crate::session::{Kind, Session, hash_of};

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
    /// What an invitation's link shows.
    ///
    /// # Errors
    /// `LinkInvalid`, or what the store said.
    pub async fn offer(self: &Arc<Self>, secret: &str) -> Result<Offer> {
        let (hash, now_us) = (hash_of(secret), self.clock.now_us());
        self.db
            .read(move |conn| {
                let house = workspace(conn)?;
                let record = valid(conn, &hash, now_us)?;
                let email = record.email.clone().ok_or(Refusal::LinkInvalid)?;
                let inviter = match record.inviter {
                    Some(id) => people::by_id(conn, house.id, id)?.map(|it| it.name),
                    None => None,
                };
                let space = match record.space {
                    Some(space) => log::space(conn, space)?.map(|it| it.facts.name),
                    None => None,
                };
                let known = people::by_email(conn, house.id, &email)?;
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
        let (app, hash, by, now_us) = (self.clone(), hash_of(secret), by_somebody(), self.clock.now_us());
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
                let about =
                    json!({"by": "invitation", "role": record.role.map(Role::as_str), "email": email});
                app.write_down(tx, by.person(person), Act::PersonJoined, person, about)?;
                Ok((Session { id, person, is_token: false, is_visit: false }, secret, space))
            })
            .await
    }

    /// Accepts an invitation as the signed-in person it is for.
    ///
    /// # Errors
    /// `LinkInvalid` for anybody else, or what the store said.
    pub async fn accept(self: &Arc<Self>, person: PersonId, secret: &str) -> Result<Option<SpaceId>> {
        let (app, hash, by, now_us) = (self.clone(), hash_of(secret), by(person), self.clock.now_us());
        self.db
            .write(move |tx| {
                let house = workspace(tx)?.id;
                let record = valid(tx, &hash, now_us)?;
                let email = record.email.clone().ok_or(Refusal::LinkInvalid)?;
                let me = people::by_id(tx, house, person)?.ok_or(Refusal::NotSignedIn)?;
                if me.email.as_deref() != Some(email.as_str()) {
                    return Err(Refusal::LinkInvalid.into());
                }
                let space = app.let_in(tx, house, person, &email, &record)?;
                let about = json!({"by": "invitation", "role": record.role.map(Role::as_str)});
                app.write_down(tx, by, Act::PersonJoined, person, about)?;
                Ok(space)
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
        keep_out(people::by_id(tx, house, person)?.as_ref())?;
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

/// The invitation behind a secret, if its inviter may still invite.
fn valid(conn: &mut Conn, hash: &[u8; 32], now_us: i64) -> Result<SecretRecord> {
    let record = secrets::by_token(conn, "invitation", hash, now_us)?.ok_or(Refusal::LinkInvalid)?;
    let house = record.workspace.ok_or(Refusal::LinkInvalid)?;
    let inviter = record.inviter.ok_or(Refusal::LinkInvalid)?;
    let role = record.role.unwrap_or(Role::Guest);
    check_inviter(conn, house, inviter, record.space, role).map_err(|_| Refusal::LinkInvalid)?;
    Ok(record)
}
