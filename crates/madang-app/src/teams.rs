//! Teams: whoever joins a team comes into all its spaces; a space that a team
//! gets takes in all its people. Leaving a team leaves no space: people have
//! got to know each other there, and a host can still remove them.

use std::sync::Arc;

use madang_model::audit::Act;
use madang_model::permission::{HouseRight, Right, Role, SpaceRole, may, may_furnish_team, may_in_house};
use madang_model::refusal::Thing;
use madang_model::{Body, PersonId, Refusal, SpaceId, TeamId, name};
use madang_store::db::{Conn, Tx};
use madang_store::log;
use madang_store::teams::{self, TeamRecord};
use serde_json::json;

use crate::app::App;
use crate::audit::by;
use crate::error::Result;
use crate::people::{space_role, workspace};

impl App {
    /// All teams of the house, with their people and those of their spaces
    /// that the person may see.
    ///
    /// # Errors
    /// `NotAllowed` for guests, or what the store said.
    pub async fn teams(self: &Arc<Self>, person: PersonId) -> Result<Vec<TeamRecord>> {
        self.db
            .read(move |conn| {
                let house = workspace(conn)?.id;
                may_in_house(log::standing_in_house(conn, house, person)?, HouseRight::SeePeople)?;
                let mut found = teams::all(conn, house)?;
                for team in &mut found {
                    let mut visible = Vec::with_capacity(team.spaces.len());
                    for space in &team.spaces {
                        if let Some(record) = log::space(conn, *space)?
                            && may(&log::standing(conn, &record.facts, person)?, Right::Read, &record.facts)
                                .is_ok()
                        {
                            visible.push(*space);
                        }
                    }
                    team.spaces = visible;
                }
                Ok(found)
            })
            .await
    }

    /// # Errors
    /// `NotAllowed`, what is wrong with the name, or what the store said.
    pub async fn create_team(self: &Arc<Self>, person: PersonId, team_name: &str) -> Result<TeamRecord> {
        let (app, team_name, by) = (self.clone(), name::checked(team_name)?, by(person));
        let done = self
            .db
            .write(move |tx| {
                let house = workspace(tx)?.id;
                may_in_house(log::standing_in_house(tx, house, person)?, HouseRight::ManageTeams)?;
                let id = TeamId(app.ids.next());
                teams::insert(tx, id, house, &team_name, app.clock.now_us())?;
                app.write_down(tx, by, Act::TeamMade, id, json!({"name": team_name}))?;
                app.tell_apps(tx, "subteam_created", &json!({"team": id}))?;
                found(tx, id)
            })
            .await;
        self.apps_are_told();
        done
    }

    /// # Errors
    /// `NotAllowed`, `NotFound`, what is wrong with the name, or what the store said.
    pub async fn rename_team(
        self: &Arc<Self>,
        person: PersonId,
        team: TeamId,
        team_name: &str,
    ) -> Result<TeamRecord> {
        let (app, team_name, by) = (self.clone(), name::checked(team_name)?, by(person));
        let done = self
            .db
            .write(move |tx| {
                let was = managed(tx, person, team)?.name;
                teams::rename(tx, team, &team_name)?;
                app.write_down(tx, by, Act::TeamRenamed, team, json!({"was": was, "name": team_name}))?;
                app.tell_apps(tx, "subteam_updated", &json!({"team": team}))?;
                found(tx, team)
            })
            .await;
        self.apps_are_told();
        done
    }

    /// # Errors
    /// `NotAllowed`, `NotFound`, or what the store said.
    pub async fn delete_team(self: &Arc<Self>, person: PersonId, team: TeamId) -> Result<()> {
        let (app, by) = (self.clone(), by(person));
        let done = self
            .db
            .write(move |tx| {
                let was = managed(tx, person, team)?.name;
                teams::delete(tx, team)?;
                app.tell_apps(tx, "subteam_updated", &json!({"team": team, "name": was}))?;
                app.write_down(tx, by, Act::TeamDeleted, team, json!({"name": was}))
            })
            .await;
        self.apps_are_told();
        done
    }

    /// Takes somebody into a team, and so into its spaces.
    ///
    /// # Errors
    /// `NotAllowed`, `NotFound`, or what the store said.
    pub async fn join_team(
        self: &Arc<Self>,
        actor: PersonId,
        team: TeamId,
        person: PersonId,
    ) -> Result<TeamRecord> {
        let (app, by) = (self.clone(), by(actor));
        let done = self
            .db
            .write(move |tx| {
                let record = managed(tx, actor, team)?;
                let standing = log::standing_in_house(tx, record.workspace, person)?;
                let standing = standing.filter(|role| *role != Role::Visitor);
                let role = space_role(Some(standing.ok_or(Refusal::NotFound(Thing::Person))?));
                teams::add_person(tx, team, person)?;
                for space in record.spaces {
                    app.bring_in(tx, actor, space, &[(person, role)])?;
                }
                app.write_down(tx, by, Act::TeamJoined, team, json!({"person": person.to_string()}))?;
                app.tell_of_member(tx, (team, person), true)?;
                found(tx, team)
            })
            .await;
        self.apps_are_told();
        done
    }

    /// # Errors
    /// `NotAllowed`, `NotFound`, or what the store said.
    pub async fn leave_team(
        self: &Arc<Self>,
        actor: PersonId,
        team: TeamId,
        person: PersonId,
    ) -> Result<TeamRecord> {
        let (app, by) = (self.clone(), by(actor));
        let done = self
            .db
            .write(move |tx| {
                managed(tx, actor, team)?;
                teams::remove_person(tx, team, person)?;
                app.write_down(tx, by, Act::TeamLeft, team, json!({"person": person.to_string()}))?;
                app.tell_of_member(tx, (team, person), false)?;
                found(tx, team)
            })
            .await;
        self.apps_are_told();
        done
    }

    /// Tells apps who came into a team, or left it.
    fn tell_of_member(&self, tx: &mut Tx, (team, person): (TeamId, PersonId), came: bool) -> Result<()> {
        let about = json!({"team": team, "person": person, "came": came});
        self.tell_apps(tx, "subteam_members_changed", &about)?;
        self.tell_apps(tx, if came { "subteam_self_added" } else { "subteam_self_removed" }, &about)
    }

    /// Gives a space to a team: all its people come in.
    ///
    /// # Errors
    /// `NotInTeam`, `NotAllowed`, `NotFound`, a refusal of the space, or what the store said.
    pub async fn give_space(
        self: &Arc<Self>,
        actor: PersonId,
        team: TeamId,
        space: SpaceId,
    ) -> Result<TeamRecord> {
        let (app, by) = (self.clone(), by(actor));
        self.db
            .write(move |tx| {
                let record = furnished(tx, actor, team)?;
                changeable(tx, actor, space)?;
                teams::add_space(tx, team, space)?;
                let mut people = Vec::with_capacity(record.members.len());
                for person in record.members {
                    if let Some(role) = log::standing_in_house(tx, record.workspace, person)? {
                        people.push((person, space_role(Some(role))));
                    }
                }
                app.bring_in(tx, actor, space, &people)?;
                app.write_down(tx, by, Act::TeamGivenSpace, team, json!({"space": space.to_string()}))?;
                found(tx, team)
            })
            .await
    }

    /// # Errors
    /// `NotAllowed`, `NotFound`, or what the store said.
    pub async fn take_space(
        self: &Arc<Self>,
        actor: PersonId,
        team: TeamId,
        space: SpaceId,
    ) -> Result<TeamRecord> {
        let (app, by) = (self.clone(), by(actor));
        self.db
            .write(move |tx| {
                furnished(tx, actor, team)?;
                changeable(tx, actor, space)?;
                teams::remove_space(tx, team, space)?;
                app.write_down(tx, by, Act::TeamTakenSpace, team, json!({"space": space.to_string()}))?;
                found(tx, team)
            })
            .await
    }

    /// Adds people who are not in the space. The team decided; whoever manages
    /// teams need not be in every space of theirs.
    fn bring_in(
        &self,
        tx: &mut Tx,
        actor: PersonId,
        space: SpaceId,
        people: &[(PersonId, SpaceRole)],
    ) -> Result<()> {
        let Some(record) = log::space_locked(tx, space)? else { return Ok(()) };
        if record.facts.deleted_until.is_some() {
            return Ok(());
        }
        let mut bodies = Vec::new();
        for &(person, role) in people {
            if log::standing(tx, &record.facts, person)?.membership.is_none() {
                bodies.push(Body::MemberJoined { person, role });
            }
        }
        self.append(tx, &record, actor, None, bodies)?;
        Ok(())
    }
}

fn managed(tx: &mut Tx, person: PersonId, team: TeamId) -> Result<TeamRecord> {
    let house = workspace(tx)?.id;
    may_in_house(log::standing_in_house(tx, house, person)?, HouseRight::ManageTeams)?;
    found(tx, team)
}

/// The team, for whoever may give it spaces and take them.
pub(crate) fn furnished(tx: &mut Tx, person: PersonId, team: TeamId) -> Result<TeamRecord> {
    let house = workspace(tx)?.id;
    let role = log::standing_in_house(tx, house, person)?;
    may_in_house(role, HouseRight::SeePeople)?;
    let record = found(tx, team)?;
    may_furnish_team(role, record.members.contains(&person))?;
    Ok(record)
}

fn found(conn: &mut Conn, team: TeamId) -> Result<TeamRecord> {
    Ok(teams::one(conn, team)?.ok_or(Refusal::NotFound(Thing::Team))?)
}

fn changeable(tx: &mut Tx, person: PersonId, space: SpaceId) -> Result<()> {
    let record = log::space(tx, space)?.ok_or(Refusal::NotFound(Thing::Space))?;
    let actor = log::standing(tx, &record.facts, person)?;
    may(&actor, Right::Change, &record.facts)?;
    Ok(may(&actor, Right::AddPeople, &record.facts).or_else(|refusal| match refusal {
        Refusal::NotAMember => Ok(()),
        other => Err(other),
    })?)
}
