//! Spaces of the other house: made empty, closed up when their history is in.

use madang_model::permission::SpaceRole;
use madang_model::space::{SpaceKind, create};
use madang_model::{Body, PersonId, SpaceId, limits};
use madang_store::db::Tx;
use madang_store::imports::{self, Kind};
use madang_store::{log, spaces};

use super::people::short;
use super::{Export, Import, Loss, OldSpace};
use crate::app::App;
use crate::error::Result;
use crate::people::workspace;

impl<E: Export> Import<E> {
    pub(super) async fn bring_spaces(&mut self, spaces: &[OldSpace]) -> Result<()> {
        for old in spaces {
            let (app, house, by) = (self.app.clone(), self.house.clone(), self.by);
            let creator = old.creator.as_ref().and_then(|key| self.people.get(key)).copied().unwrap_or(by);
            let people = self.people_of(old);
            let space = old.clone();
            let (id, made) =
                self.app.write_once(move |tx| make(&app, tx, &house, &space, creator, &people)).await?;
            self.spaces.insert(old.key.clone(), id);
            self.report.new_spaces += u64::from(made);
        }
        Ok(())
    }

    fn people_of(&self, old: &OldSpace) -> Vec<PersonId> {
        let mut people: Vec<PersonId> =
            old.people.iter().filter_map(|key| self.people.get(key)).copied().collect();
        people.sort_unstable();
        people.dedup();
        people
    }

    /// The history is in: the people come in, and an archived space is archived.
    pub(super) async fn close_up(&mut self, old: &OldSpace, id: SpaceId) -> Result<()> {
        let (app, house, by, people) = (self.app.clone(), self.house.clone(), self.by, self.people_of(old));
        let host = old.creator.as_ref().and_then(|key| self.people.get(key)).copied();
        let (key, archived) = (old.key.clone(), old.archived);
        let nobody = self
            .app
            .db
            .write(move |tx| -> Result<bool> {
                if imports::find(tx, &house, Kind::Done, &key)?.is_some() {
                    return Ok(false);
                }
                let Some(record) = log::space_locked(tx, id)? else { return Ok(false) };
                let mut bodies = Vec::new();
                for &person in &people {
                    if log::standing(tx, &record.facts, person)?.membership.is_some() {
                        continue;
                    }
                    let Some(role) = log::standing_in_house(tx, record.facts.workspace, person)? else {
                        continue;
                    };
                    let role = match spaces::role_in_space(role) {
                        SpaceRole::Member if host == Some(person) && record.direct_key.is_none() => {
                            SpaceRole::Host
                        }
                        role => role,
                    };
                    bodies.push(Body::MemberJoined { person, role });
                }
                let nobody = record.facts.members == 0 && bodies.is_empty();
                if archived && !record.facts.archived {
                    bodies.push(Body::SpaceArchived {});
                }
                let events = app.append(tx, &record, by, None, bodies)?;
                let head = events.last().map_or(record.facts.head, |it| it.seq);
                imports::keep(tx, &house, Kind::Done, &key, head)?;
                Ok(nobody && record.facts.kind != SpaceKind::Open)
            })
            .await?;
        if nobody {
            self.report.lose(&old.name, vec![(Loss::NobodyLeft, old.key.clone())]);
        }
        Ok(())
    }
}

/// The space here, and whether it was made now.
fn make(
    app: &App,
    tx: &mut Tx,
    house: &str,
    old: &OldSpace,
    creator: PersonId,
    people: &[PersonId],
) -> Result<(SpaceId, bool)> {
    if let Some(id) = imports::find(tx, house, Kind::Space, &old.key)? {
        return Ok((SpaceId(id), false));
    }
    let workspace = workspace(tx)?.id;
    let direct_key = match old.kind {
        SpaceKind::Direct if (2..=limits::DIRECT_PEOPLE).contains(&people.len()) => {
            Some(crate::directs::key_of(people))
        }
        _ => None,
    };
    // Two people who write to each other here already keep that space; the old words get one beside it.
    let direct_key = match direct_key {
        Some(key) if spaces::direct(tx, workspace, &key)?.is_none() => Some(key),
        _ => None,
    };
    let (kind, name) = match (&direct_key, old.kind) {
        (Some(_), _) => (SpaceKind::Direct, String::new()),
        (None, SpaceKind::Direct) => (SpaceKind::Closed, short(&old.name, &old.key)),
        (None, kind) => (kind, short(&old.name, &old.key)),
    };
    let mut bodies = create(creator, kind, &name, &[])?;
    bodies.truncate(1);
    let at_us = old.created_us.unwrap_or_else(|| app.clock.now_us());
    let id = SpaceId(app.ids.next());
    spaces::insert(tx, id, workspace, kind, &name, direct_key.as_deref(), at_us)?;
    let description: String =
        old.description.replace('\0', "").chars().take(limits::DESCRIPTION_CHARS).collect();
    spaces::describe(tx, id, description.trim())?;
    let record = log::space(tx, id)?.expect("it was inserted in this transaction");
    log::append(tx, &app.keyring, &record, creator, None, at_us, bodies)?;
    imports::keep(tx, house, Kind::Space, &old.key, id.0)?;
    Ok((id, true))
}
