//! Direct spaces: two or more people, fixed. The same people have one. And one's own notes: a direct space with nobody
//! else in it.

use std::sync::Arc;

use madang_model::permission::{HouseRight, Role, SpaceRole, may_in_house};
use madang_model::refusal::Thing;
use madang_model::space::{SpaceKind, create};
use madang_model::{PersonId, Refusal, SpaceId, WorkspaceId};
use madang_store::db::Tx;
use madang_store::{house, log, people, spaces};

use crate::app::App;
use crate::error::Result;
use crate::spaces::Summary;

impl App {
    /// The direct space of `person` and `others`, made if there is none.
    ///
    /// Everybody must be somebody the person can see: a guest writes only to
    /// people with whom they share a space.
    ///
    /// # Errors
    /// `NotFound` for a person they cannot see, or what the store said.
    pub async fn direct(self: &Arc<Self>, person: PersonId, others: Vec<PersonId>) -> Result<Summary> {
        let app = self.clone();
        self.write_once(move |tx| {
            let workspace = house::workspaces(tx)?.into_iter().next().ok_or(Refusal::NotSetUp)?.id;
            let mine = log::standing_in_house(tx, workspace, person)?;
            may_in_house(mine, HouseRight::StartDirect)?;
            let members = members(tx, workspace, person, mine, &others)?;
            let id = app.direct_in(tx, workspace, person, &members)?;
            app.summary(tx, person, id)
        })
        .await
    }

    /// A person's own notes, made if there are none yet.
    ///
    /// # Errors
    /// `NotAllowed` for who may begin no direct space, or what the store said.
    pub async fn own_notes(self: &Arc<Self>, person: PersonId) -> Result<Summary> {
        let app = self.clone();
        self.write_once(move |tx| {
            let id = app.own_notes_in(tx, person)?;
            app.summary(tx, person, id)
        })
        .await
    }

    /// The space of a person's own notes, if they have any.
    ///
    /// # Errors
    /// What the store said.
    pub async fn own_notes_if_any(self: &Arc<Self>, person: PersonId) -> Result<Option<SpaceId>> {
        self.db
            .read(move |conn| {
                let workspace = house::workspaces(conn)?.into_iter().next().ok_or(Refusal::NotSetUp)?.id;
                Ok(spaces::direct(conn, workspace, &key_of(&[person]))?)
            })
            .await
    }

    pub(crate) fn own_notes_in(&self, tx: &mut Tx, person: PersonId) -> Result<SpaceId> {
        let workspace = house::workspaces(tx)?.into_iter().next().ok_or(Refusal::NotSetUp)?.id;
        may_in_house(log::standing_in_house(tx, workspace, person)?, HouseRight::StartDirect)?;
        if let Some(id) = spaces::direct(tx, workspace, &key_of(&[person]))? {
            return Ok(id);
        }
        // A direct space is called by the others in it: this one has none.
        let language = people::by_ids(tx, workspace, &[person])?.pop().map(|it| it.language);
        let name = if language.as_deref() == Some("ko") { "나에게" } else { "Notes to self" };
        self.direct_called(tx, workspace, person, &[], name)
    }

    fn direct_in(
        &self,
        tx: &mut Tx,
        workspace: WorkspaceId,
        person: PersonId,
        others: &[(PersonId, SpaceRole)],
    ) -> Result<SpaceId> {
        let everybody: Vec<PersonId> = others.iter().map(|(it, _)| *it).chain([person]).collect();
        let key = key_of(&everybody);
        if let Some(id) = spaces::direct(tx, workspace, &key)? {
            return Ok(id);
        }
        self.direct_called(tx, workspace, person, others, "")
    }

    fn direct_called(
        &self,
        tx: &mut Tx,
        workspace: WorkspaceId,
        person: PersonId,
        others: &[(PersonId, SpaceRole)],
        name: &str,
    ) -> Result<SpaceId> {
        let everybody: Vec<PersonId> = others.iter().map(|(it, _)| *it).chain([person]).collect();
        let key = key_of(&everybody);
        let bodies = create(person, SpaceKind::Direct, name, others)?;
        let id = SpaceId(self.ids.next());
        spaces::insert(tx, id, workspace, SpaceKind::Direct, name, Some(&key), self.clock.now_us())?;
        let record = log::space(tx, id)?.expect("it was inserted in this transaction");
        self.append(tx, &record, person, None, bodies)?;
        Ok(id)
    }
}

/// What a direct space of these people is known by.
pub(crate) fn key_of(people: &[PersonId]) -> String {
    let mut people = people.to_vec();
    people.sort_unstable();
    people.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
}

fn members(
    tx: &mut Tx,
    workspace: WorkspaceId,
    person: PersonId,
    mine: Option<Role>,
    others: &[PersonId],
) -> Result<Vec<(PersonId, SpaceRole)>> {
    let sees_all = may_in_house(mine, HouseRight::SeePeople).is_ok();
    let known = if sees_all { Vec::new() } else { people::sharing_a_space(tx, person)? };
    let mut members = Vec::new();
    for &other in others {
        if other == person || members.iter().any(|(it, _)| *it == other) {
            continue;
        }
        let role = log::standing_in_house(tx, workspace, other)?.ok_or(Refusal::NotFound(Thing::Person))?;
        // Whoever is helped at a desk is written to in their ticket.
        if role == Role::Visitor || (!sees_all && !known.contains(&other)) {
            return Err(Refusal::NotFound(Thing::Person).into());
        }
        members.push((other, spaces::role_in_space(role)));
    }
    if members.is_empty() {
        return Err(Refusal::Invalid { what: "people", why: "name at least one other person".into() }.into());
    }
    Ok(members)
}
