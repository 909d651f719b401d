//! Adding people by their e-mail address, to the workspace or to one space.
//!
//! Somebody the house knows is added at once. Anybody else gets an invitation:
//! a link that works once, for 14 days, for that address. What the inviter may
//! do is asked again when it is used.

mod accept;
mod open;

pub use accept::Offer;

use std::sync::Arc;

use madang_model::audit::{Act, Object};
use madang_model::permission::{HouseRight, Right, Role, SpaceRole, may};
use madang_model::refusal::Thing;
use madang_model::{Command, Event, PersonId, Refusal, SpaceId, WorkspaceId, name};
use madang_store::db::{Conn, Tx};
use madang_store::people::{self, PersonRecord};
use madang_store::secrets::{self, SecretRecord};
use madang_store::{house, log};
use serde_json::json;

use crate::app::App;
use crate::audit::by;
use crate::error::Result;
use crate::people::{find, workspace};
use crate::session::{fresh_secret, hash_of};
use crate::settings::may_here;
use crate::sign_in::blank;
use crate::{attempts, mail};

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

impl App {
    /// Adds somebody to the workspace.
    ///
    /// # Errors
    /// `NotAllowed`, `TooFast`, what is wrong with the address, or what the store said.
    pub async fn invite(self: &Arc<Self>, actor: PersonId, email: &str, role: Role) -> Result<Added> {
        let email = name::email(email)?;
        let (app, secret, by) = (self.clone(), fresh_secret("")?, by(actor));
        self.db
            .write(move |tx| {
                let found = workspace(tx)?;
                // Whoever is being removed at this moment is not made a member again.
                house::lock_people(tx, found.id)?;
                check_inviter(tx, found.id, actor, None, role)?;
                if let Some(known) = find(tx, found.id, &email)?.filter(|it| it.standing().is_some()) {
                    let (id, was) = (known.id, known.standing());
                    let added = app.promote(tx, found.id, known, role)?;
                    if was < Some(role) {
                        let roles = json!({"from_role": was.map(Role::as_str), "role": role.as_str()});
                        app.write_down(tx, by, Act::RoleChanged, id, roles)?;
                    }
                    return Ok(added);
                }
                let invitation = app.write_invitation(tx, found.id, actor, &email, None, role, &secret)?;
                let about = json!({"email": email, "role": role.as_str()});
                app.write_down(tx, by, Act::PersonInvited, Object::Invitation(invitation.record.id), about)?;
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
        let (app, named, secret, by) = (self.clone(), named.to_owned(), fresh_secret("")?, by(actor));
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
                let about = json!({"email": email, "role": "guest", "space": space.to_string()});
                app.write_down(tx, by, Act::PersonInvited, Object::Invitation(invitation.record.id), about)?;
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
                // Rights first: who may not remove people must not learn who has an address either.
                let record = log::space(tx, space)?.ok_or(Refusal::NotFound(Thing::Space))?;
                let standing = log::standing(tx, &record.facts, actor)?;
                may(&standing, Right::Read, &record.facts)?;
                let found = find(tx, house, &named)?.map(|it| it.id);
                if found != Some(actor) {
                    may(&standing, Right::RemovePeople, &record.facts)?;
                }
                let person = found.ok_or(Refusal::NotFound(Thing::Person))?;
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
        keep_out(find(tx, house, email)?.as_ref())?;
        let now_us = self.clock.now_us();
        let day = now_us - 24 * 3_600 * 1_000_000;
        let open = secrets::invitations(tx, house, now_us)?;
        if open.iter().filter(|it| it.inviter == Some(inviter) && it.created_at > day).count() >= PER_DAY {
            return Err(Refusal::TooFast { seconds: 3_600 }.into());
        }
        self.attempts.count(attempts::INVITE, &inviter.to_string(), now_us)?;
        self.attempts.count(attempts::LETTER, email, now_us)?;
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
}

/// Whoever was deactivated comes back by the hand of those who manage people, and by no invitation of anybody else.
pub(super) fn keep_out(known: Option<&PersonRecord>) -> Result<()> {
    match known {
        Some(record) if record.deactivated => Err(Refusal::Deactivated.into()),
        _ => Ok(()),
    }
}

/// Whether somebody may invite with this role to this place, now.
fn check_inviter(
    conn: &mut Conn,
    house: WorkspaceId,
    inviter: PersonId,
    space: Option<SpaceId>,
    role: Role,
) -> Result<()> {
    let mine = log::standing_in_house(conn, house, inviter)?;
    let right = if role == Role::Guest { HouseRight::InviteGuest } else { HouseRight::InviteMember };
    may_here(conn, mine, right)?;
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
            let record = log::space(conn, space)?.ok_or(Refusal::NotFound(Thing::Space))?;
            Ok(may(&log::standing(conn, &record.facts, inviter)?, Right::AddPeople, &record.facts)?)
        }
    }
}
