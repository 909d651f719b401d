//! People: who may see whom, profiles, roles, and leaving the house.

use std::sync::Arc;

use madang_model::audit::{Act, Object};
use madang_model::permission::{HouseRight, Right, Role, SpaceRole, may, may_change_role, may_in_house};
use madang_model::refusal::Thing;
use madang_model::{Body, FileId, PersonId, Refusal, SpaceId, WorkspaceId, name};
use madang_store::db::{Conn, Tx};
use madang_store::house::{self, WorkspaceRecord};
use madang_store::people::{self, PersonRecord};
use madang_store::secrets::{self, SecretRecord};
use madang_store::spaces::{self, MemberRecord};
use madang_store::{StoreError, log, meetings, outer_calendars, sessions, teams};
use serde_json::json;

use crate::app::App;
use crate::audit::by;
use crate::error::Result;

/// The workspace of this house, inside a transaction.
pub(crate) fn workspace(conn: &mut Conn) -> Result<WorkspaceRecord> {
    Ok(house::workspaces(conn)?.into_iter().next().ok_or(Refusal::NotSetUp)?)
}

/// Those of `ids` whom `person` may see.
pub(crate) fn seen_by(
    conn: &mut Conn,
    workspace: WorkspaceId,
    person: PersonId,
    ids: Vec<PersonId>,
) -> Result<Vec<PersonId>> {
    if may_in_house(log::standing_in_house(conn, workspace, person)?, HouseRight::SeePeople).is_ok() {
        return Ok(ids);
    }
    let known = people::sharing_a_space(conn, person)?;
    Ok(ids.into_iter().filter(|id| *id == person || known.contains(id)).collect())
}

/// Takes the addresses of others away where `viewer` may not see them. Every
/// list of people that leaves for somebody comes through here.
pub(crate) fn without_addresses(
    viewer: PersonId,
    role: Option<Role>,
    mut people: Vec<PersonRecord>,
) -> Vec<PersonRecord> {
    if may_in_house(role, HouseRight::SeeAddresses).is_err() {
        people.iter_mut().filter(|it| it.id != viewer).for_each(|it| it.email = None);
    }
    people
}

impl App {
    /// People whom `person` may see, by name, after a cursor of `(folded name, id)`.
    ///
    /// # Errors
    /// What the store said.
    pub async fn people(
        self: &Arc<Self>,
        person: PersonId,
        part: String,
        after: (String, PersonId),
        limit: i64,
    ) -> Result<Vec<PersonRecord>> {
        self.db
            .read(move |conn| {
                let workspace = workspace(conn)?.id;
                let role = log::standing_in_house(conn, workspace, person)?;
                if may_in_house(role, HouseRight::SeePeople).is_ok() {
                    return Ok(people::of_house(conn, workspace, &part, &after, limit.clamp(1, 500))?);
                }
                let known = people::sharing_a_space(conn, person)?;
                let folded = name::fold(&part);
                let mut found = people::by_ids(conn, workspace, &known)?;
                found.retain(|it| it.standing().is_some() && name::fold(&it.name).contains(&folded));
                found.sort_by_key(|it| (name::fold(&it.name), it.id));
                found.retain(|it| (name::fold(&it.name), it.id) > after);
                found.truncate(limit.clamp(1, 500) as usize);
                Ok(without_addresses(person, role, found))
            })
            .await
    }

    /// These people, as far as `person` may see them.
    ///
    /// # Errors
    /// What the store said.
    pub async fn people_by_ids(
        self: &Arc<Self>,
        person: PersonId,
        ids: Vec<PersonId>,
    ) -> Result<Vec<PersonRecord>> {
        self.db
            .read(move |conn| {
                let workspace = workspace(conn)?.id;
                let ids = seen_by(conn, workspace, person, ids)?;
                let mut found = people::by_ids(conn, workspace, &ids)?;
                found.retain(|it| it.role.is_some());
                let role = log::standing_in_house(conn, workspace, person)?;
                Ok(without_addresses(person, role, found))
            })
            .await
    }

    /// One person of the house with their address, whoever asks: for oneself,
    /// and for callers that asked for leave.
    ///
    /// # Errors
    /// `NotFound`, or what the store said.
    pub async fn person(self: &Arc<Self>, id: PersonId) -> Result<PersonRecord> {
        self.db
            .read(move |conn| {
                let workspace = workspace(conn)?.id;
                people::by_id(conn, workspace, id)?.ok_or_else(|| Refusal::NotFound(Thing::Person).into())
            })
            .await
    }

    /// Finds somebody by id or e-mail address whom `person` may see.
    ///
    /// # Errors
    /// `NotFound`, or what the store said.
    pub async fn person_named(self: &Arc<Self>, person: PersonId, named: &str) -> Result<PersonId> {
        let named = named.to_owned();
        self.db
            .read(move |conn| {
                let workspace = workspace(conn)?.id;
                let found = find(conn, workspace, &named)?.ok_or(Refusal::NotFound(Thing::Person))?;
                let seen = seen_by(conn, workspace, person, vec![found.id])?;
                seen.first().copied().ok_or_else(|| Refusal::NotFound(Thing::Person).into())
            })
            .await
    }

    /// Changes one's own name or language.
    ///
    /// # Errors
    /// What is wrong with the name, or what the store said.
    pub async fn change_profile(
        self: &Arc<Self>,
        person: PersonId,
        new_name: Option<String>,
        language: Option<String>,
    ) -> Result<PersonRecord> {
        let new_name = new_name.map(|it| name::checked(&it)).transpose()?;
        let now_us = self.clock.now_us();
        self.db
            .write(move |tx| -> Result<()> {
                if let Some(new_name) = &new_name {
                    people::rename(tx, person, new_name, now_us)?;
                }
                if let Some(language) = &language {
                    people::set_language(tx, person, if language == "ko" { "ko" } else { "en" })?;
                }
                Ok(())
            })
            .await?;
        self.person(person).await
    }

    /// Sets or takes away one's own picture.
    ///
    /// # Errors
    /// `FileNotUsable`, or what the store said.
    pub async fn set_my_picture(self: &Arc<Self>, person: PersonId, file: Option<FileId>) -> Result<()> {
        let (app, now_us) = (self.clone(), self.clock.now_us());
        self.db
            .write(move |tx| -> Result<()> {
                if let Some(file) = file {
                    app.use_as_picture(tx, person, file)?;
                }
                Ok(people::set_picture(tx, person, file, now_us)?)
            })
            .await
    }

    /// Everybody in a space with who they are, and the open invitations into
    /// it as far as `person` may see them.
    ///
    /// # Errors
    /// `NotFound`, or what the store said.
    pub async fn members(
        self: &Arc<Self>,
        person: PersonId,
        space: SpaceId,
    ) -> Result<(Vec<(MemberRecord, PersonRecord)>, Vec<SecretRecord>)> {
        let now_us = self.clock.now_us();
        self.db
            .read(move |conn| {
                let record = crate::reading::readable(conn, person, space)?;
                let house = record.facts.workspace;
                let members = spaces::members(conn, space)?;
                let ids: Vec<PersonId> = members.iter().map(|it| it.person).collect();
                let actor = log::standing(conn, &record.facts, person)?;
                let known = without_addresses(person, actor.role, people::by_ids(conn, house, &ids)?);
                let with_person = |it: MemberRecord| {
                    known.iter().find(|person| person.id == it.person).map(|person| (it, person.clone()))
                };
                let members = members.into_iter().filter_map(with_person).collect();
                let mut invited = secrets::invitations(conn, house, now_us)?;
                let sees = may(&actor, Right::AddPeople, &record.facts).is_ok();
                invited.retain(|it| sees && it.space == Some(space));
                Ok((members, invited))
            })
            .await
    }

    /// A person's role in a space, if they are in it.
    ///
    /// # Errors
    /// What the store said.
    pub async fn space_role_of(
        self: &Arc<Self>,
        person: PersonId,
        space: SpaceId,
    ) -> Result<Option<SpaceRole>> {
        self.db
            .read(move |conn| {
                let Some(record) = log::space(conn, space)? else { return Ok(None) };
                Ok(log::standing(conn, &record.facts, person)?.membership)
            })
            .await
    }

    /// Gives somebody another role in the house.
    ///
    /// # Errors
    /// `NotAllowed`, `LastOwner`, or what the store said.
    pub async fn change_role(
        self: &Arc<Self>,
        actor: PersonId,
        person: PersonId,
        role: Role,
    ) -> Result<PersonRecord> {
        let (app, by, now_us) = (self.clone(), by(actor), self.clock.now_us());
        self.db
            .write(move |tx| {
                let workspace = workspace(tx)?.id;
                // Before anybody is looked at: two owners who lower each other must not both find another owner.
                house::lock_people(tx, workspace)?;
                let mine = log::standing_in_house(tx, workspace, actor)?;
                may_in_house(mine, HouseRight::ManagePeople)?;
                let mine = mine.ok_or(Refusal::NotSignedIn)?;
                let record = people::by_id(tx, workspace, person)?.filter(|it| it.standing().is_some());
                let record = record.ok_or(Refusal::NotFound(Thing::Person))?;
                may_change_role(mine, record.standing(), Some(role))?;
                keep_an_owner(tx, workspace, &record, Some(role))?;
                people::set_role(tx, workspace, person, role, now_us)?;
                let was = record.standing().map(Role::as_str);
                app.write_down(
                    tx,
                    by,
                    Act::RoleChanged,
                    person,
                    json!({"from_role": was, "role": role.as_str()}),
                )?;
                people::by_id(tx, workspace, person)?.ok_or_else(|| Refusal::NotFound(Thing::Person).into())
            })
            .await
    }

    /// Takes somebody out of the house and of all its spaces. Their sessions
    /// end, what they wrote stays.
    ///
    /// # Errors
    /// `NotAllowed`, `LastOwner`, `NotFound`, or what the store said.
    pub async fn remove_person(self: &Arc<Self>, actor: PersonId, named: &str) -> Result<()> {
        let (app, named, by) = (self.clone(), named.to_owned(), by(actor));
        let removed = self
            .db
            .write(move |tx| -> Result<PersonId> {
                let workspace = workspace(tx)?.id;
                house::lock_people(tx, workspace)?;
                let mine = log::standing_in_house(tx, workspace, actor)?;
                may_in_house(mine, HouseRight::ManagePeople)?;
                let record = find(tx, workspace, &named)?.filter(|it| it.kept_role().is_some());
                let record = record.ok_or(Refusal::NotFound(Thing::Person))?;
                may_change_role(mine.ok_or(Refusal::NotSignedIn)?, record.kept_role(), None)?;
                app.remove_person_in(tx, workspace, actor, &record)?;
                app.write_down(tx, by, Act::PersonRemoved, record.id, json!({"email": record.email}))?;
                Ok(record.id)
            })
            .await?;
        self.forget_sessions_of(removed);
        Ok(())
    }

    /// As `remove_person`, for a caller that asked for leave already.
    pub(crate) fn remove_person_in(
        &self,
        tx: &mut Tx,
        workspace: WorkspaceId,
        actor: PersonId,
        record: &PersonRecord,
    ) -> Result<()> {
        keep_an_owner(tx, workspace, record, None)?;
        for space in people::spaces_of(tx, record.id)? {
            if let Some(space) = log::space_locked(tx, space)? {
                self.append(tx, &space, actor, None, vec![Body::MemberLeft { person: record.id }])?;
            }
        }
        teams::remove_everywhere(tx, record.id)?;
        sessions::end_all(tx, record.id)?;
        forget_ways_in(tx, record, self.clock.now_us())?;
        Ok(people::remove_from_house(tx, workspace, record.id, self.clock.now_us())?)
    }

    /// Gives the workspace another name.
    ///
    /// # Errors
    /// `NotAllowed`, what is wrong with the name, or what the store said.
    pub async fn rename_workspace(
        self: &Arc<Self>,
        person: PersonId,
        new_name: &str,
    ) -> Result<WorkspaceRecord> {
        let new_name = name::checked(new_name)?;
        let (app, by) = (self.clone(), by(person));
        let done = self
            .db
            .write(move |tx| {
                let found = workspace(tx)?;
                may_in_house(log::standing_in_house(tx, found.id, person)?, HouseRight::ChangeWorkspace)?;
                house::rename_workspace(tx, found.id, &new_name)?;
                app.tell_apps(tx, "team_rename", &json!({"name": new_name}))?;
                let names = json!({"was": found.name, "name": new_name});
                app.write_down(tx, by, Act::WorkspaceRenamed, Object::Nothing, names)?;
                Ok(WorkspaceRecord { name: new_name.clone(), ..found })
            })
            .await;
        self.apps_are_told();
        done
    }
}

/// Somebody by id or address; an address is folded first.
pub(crate) fn find(conn: &mut Conn, workspace: WorkspaceId, named: &str) -> Result<Option<PersonRecord>> {
    if let Ok(id) = named.parse::<PersonId>() {
        return Ok(people::by_id(conn, workspace, id)?.filter(|it| it.role.is_some()));
    }
    match name::email(named) {
        Ok(email) => Ok(people::by_email(conn, workspace, &email)?.filter(|it| it.role.is_some())),
        Err(_) => Ok(None),
    }
}

/// The role in a space that somebody with this standing gets.
pub(crate) fn space_role(standing: Option<Role>) -> SpaceRole {
    standing.map_or(SpaceRole::Guest, madang_store::spaces::role_in_space)
}

/// Links that were sent to somebody before they were removed lead nowhere;
/// whoever wants them back invites them anew.
pub(crate) fn forget_ways_in(tx: &mut Tx, record: &PersonRecord, now_us: i64) -> Result<(), StoreError> {
    for kind in ["reset", "confirm"] {
        secrets::forget(tx, record.id, kind)?;
    }
    meetings::forget_feed(tx, record.id)?;
    outer_calendars::forget(tx, record.id)?;
    let Some(email) = &record.email else { return Ok(()) };
    for invitation in secrets::invitations_of(tx, email, now_us)? {
        secrets::use_up(tx, invitation.id)?;
    }
    Ok(())
}

pub(crate) fn keep_an_owner(
    tx: &mut Tx,
    workspace: WorkspaceId,
    record: &PersonRecord,
    to: Option<Role>,
) -> Result<()> {
    let stops = record.standing() == Some(Role::Owner) && to != Some(Role::Owner);
    if stops && people::owners(tx, workspace)? <= 1 {
        return Err(Refusal::LastOwner.into());
    }
    Ok(())
}
