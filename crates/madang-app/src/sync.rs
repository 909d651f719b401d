//! What a device is told when it connects: only what differs from what it has.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use madang_model::permission::{HouseRight, Role, may_in_house};
use madang_model::{PersonId, Seq, SessionId, SpaceId, WorkspaceId};
use madang_store::people::PersonRecord;
use madang_store::registers::{self, Register};
use madang_store::spaces;
use madang_store::{house, log, people};

use crate::app::App;
use crate::error::Result;
use crate::people::without_addresses;
use crate::spaces::Summary;

/// What a device says it has.
#[derive(Debug, Clone, Default)]
pub struct Hello {
    pub epoch: i64,
    pub rev: i64,
    pub heads: Vec<(SpaceId, Seq)>,
    /// The one of its last welcome.
    pub people_at: i64,
}

/// What differs from it.
#[derive(Debug, Clone)]
pub struct Welcome {
    pub epoch: i64,
    pub rev: i64,
    pub now: i64,
    pub me: PersonRecord,
    pub spaces: Vec<Summary>,
    /// Every space the person is in, whether it differs or not.
    pub mine: HashSet<SpaceId>,
    pub gone: Vec<SpaceId>,
    pub registers: Vec<Register>,
    pub people: Vec<PersonRecord>,
    /// The time of the newest change of a profile that is in here, or that the device had.
    pub people_at: i64,
}

/// Of whom and of what a person's devices are told.
#[derive(Debug, Clone)]
pub struct Sight {
    /// Everybody in the house with their address, or else those in the same spaces without it.
    pub everybody: bool,
    pub spaces: Vec<SpaceId>,
}

/// A person as others see them.
#[derive(Debug, Clone)]
pub struct Profile {
    pub whole: PersonRecord,
    /// Without the address, for guests.
    pub without: PersonRecord,
    /// Where guests see them.
    pub spaces: HashSet<SpaceId>,
}

impl App {
    /// Answers a device's hello, from one snapshot.
    ///
    /// # Errors
    /// What the store said.
    pub async fn welcome(self: &Arc<Self>, person: PersonId, hello: Hello) -> Result<Welcome> {
        let app = self.clone();
        self.db.read(move |conn| app.welcome_in(conn, person, hello)).await
    }

    fn welcome_in(
        &self,
        conn: &mut madang_store::db::Conn,
        person: PersonId,
        hello: Hello,
    ) -> Result<Welcome> {
        let now = self.clock.now_us();
        let knows_nothing = hello.epoch != self.epoch();
        let hello = if knows_nothing { Hello::default() } else { hello };
        let workspace = house::workspaces(conn)?.into_iter().next().map_or(WorkspaceId(0), |it| it.id);
        let me = people::by_id(conn, workspace, person)?.ok_or(madang_model::Refusal::NotSignedIn)?;
        let known: HashMap<SpaceId, Seq> = hello.heads.iter().copied().collect();
        let heads = spaces::heads(conn, person)?;
        let mut differing = Vec::new();
        for (space, head, _, _) in &heads {
            if known.get(space) != Some(head)
                && let Some(record) = spaces::mine_one(conn, person, *space)?
                && crate::spaces::shown(conn, person, &record)
            {
                differing.push(record);
            }
        }
        let mine: HashSet<SpaceId> = heads.iter().map(|(space, ..)| *space).collect();
        let newcomers = newcomers(conn, &me, &heads, &known, hello.people_at)?;
        let people = self.changed_people(conn, workspace, &me, hello.people_at, &newcomers)?;
        let gone = known.keys().filter(|space| !mine.contains(space)).copied().collect();
        Ok(Welcome {
            epoch: self.epoch(),
            rev: registers::rev(conn, person)?,
            now,
            spaces: self.summarize(conn, person, differing)?,
            mine,
            gone,
            registers: registers::after(conn, person, hello.rev)?,
            people,
            people_at: people::newest_change(conn)?,
            me,
        })
    }

    /// People whom `me` may see and whose profile changed after a time, and those who came newly into sight: of
    /// them the device may hold what they once were.
    fn changed_people(
        &self,
        conn: &mut madang_store::db::Conn,
        workspace: WorkspaceId,
        me: &PersonRecord,
        after_us: i64,
        newcomers: &HashSet<PersonId>,
    ) -> Result<Vec<PersonRecord>> {
        // A new role shows other people, and more or less of them.
        let after_us = if me.changed_at > after_us { 0 } else { after_us };
        let mut changed = people::changed_after(conn, workspace, after_us)?;
        if !sees_everybody(me.standing()) && !changed.is_empty() {
            let known = people::sharing_a_space(conn, me.id)?;
            changed.retain(|it| known.contains(&it.id) || it.id == me.id);
        }
        if changed.iter().any(|it| it.role == Some(Role::Visitor)) {
            let known = people::sharing_a_space(conn, me.id)?;
            changed.retain(|it| it.role != Some(Role::Visitor) || known.contains(&it.id) || it.id == me.id);
        }
        let told: HashSet<PersonId> = changed.iter().map(|it| it.id).collect();
        let rest: Vec<PersonId> = newcomers.difference(&told).copied().collect();
        if !rest.is_empty() {
            changed.extend(people::by_ids(conn, workspace, &rest)?);
        }
        Ok(without_addresses(me.id, me.standing(), changed))
    }

    /// What a device with this session is told of from here on.
    ///
    /// # Errors
    /// `NotSignedIn` when the session has ended, asked of the store and not of memory; what the store said.
    pub async fn sight(self: &Arc<Self>, person: PersonId, session: SessionId) -> Result<Sight> {
        self.db
            .read(move |conn| {
                let workspaces = house::workspaces(conn)?;
                let workspace = workspaces.first().map_or(WorkspaceId(0), |it| it.id);
                let role = log::standing_in_house(conn, workspace, person)?;
                if role.is_none() || !madang_store::sessions::exists(conn, session)? {
                    return Err(madang_model::Refusal::NotSignedIn.into());
                }
                let spaces = spaces::heads(conn, person)?.into_iter().map(|(space, ..)| space).collect();
                Ok(Sight { everybody: sees_everybody(role), spaces })
            })
            .await
    }

    /// A person as members and as guests see them.
    ///
    /// # Errors
    /// What the store said.
    pub async fn profile(self: &Arc<Self>, person: PersonId) -> Result<Option<Profile>> {
        self.db.read(move |conn| profile(conn, person)).await
    }

    /// As `profile`, for the fan-out's own thread.
    ///
    /// # Errors
    /// What the store said.
    pub fn profile_now(&self, person: PersonId) -> Result<Option<Profile>> {
        self.db.read_blocking(move |conn| profile(conn, person))
    }

    /// Everybody else in the space as a guest sees them.
    ///
    /// # Errors
    /// What the store said.
    pub async fn company(self: &Arc<Self>, guest: PersonId, space: SpaceId) -> Result<Vec<PersonRecord>> {
        self.db
            .read(move |conn| {
                let workspace =
                    house::workspaces(conn)?.into_iter().next().map_or(WorkspaceId(0), |it| it.id);
                let mut company = people::in_space(conn, workspace, space)?;
                company.retain(|it| it.id != guest);
                Ok(without_addresses(guest, None, company))
            })
            .await
    }

    /// Those of the sessions that have ended, asked of the store and not of memory.
    ///
    /// # Errors
    /// What the store said.
    pub async fn ended_among(self: &Arc<Self>, mut sessions: Vec<SessionId>) -> Result<Vec<SessionId>> {
        self.db
            .read(move |conn| {
                let mut alive = Vec::with_capacity(sessions.len());
                for some in sessions.chunks(500) {
                    alive.extend(madang_store::sessions::alive(conn, some)?);
                }
                alive.sort_unstable();
                sessions.retain(|it| alive.binary_search(it).is_err());
                Ok(sessions)
            })
            .await
    }

    /// The events strictly between two seqs, for the fan-out's own thread.
    ///
    /// # Errors
    /// What the store said.
    pub fn events_between(
        &self,
        space: SpaceId,
        after: Seq,
        before: Seq,
    ) -> Result<Vec<madang_model::Event>> {
        let keyring = self.keyring.clone();
        self.db.read_blocking(move |conn| {
            let Some(record) = log::space(conn, space)? else { return Ok(Vec::new()) };
            let mut events =
                log::events(conn, &keyring, record.facts.workspace, space, after, before - after - 1)?;
            events.retain(|event| event.seq < before);
            Ok(events)
        })
    }

    /// Whether read marks are shown in a space of this size.
    ///
    /// # Errors
    /// What the store said.
    pub async fn shows_receipts(self: &Arc<Self>, space: SpaceId) -> Result<bool> {
        self.db
            .read(move |conn| {
                Ok(log::space(conn, space)?
                    .is_some_and(|it| it.facts.members <= madang_model::limits::RECEIPT_MEMBERS))
            })
            .await
    }
}

/// Whether whoever has this role knows all people of the house.
fn sees_everybody(role: Option<Role>) -> bool {
    may_in_house(role, HouseRight::SeePeople).is_ok()
}

fn profile(conn: &mut madang_store::db::Conn, person: PersonId) -> Result<Option<Profile>> {
    let workspace = house::workspaces(conn)?.into_iter().next().map_or(WorkspaceId(0), |it| it.id);
    let Some(whole) = people::by_id(conn, workspace, person)? else { return Ok(None) };
    let without = PersonRecord { email: None, ..whole.clone() };
    Ok(Some(Profile { whole, without, spaces: people::spaces_of(conn, person)?.into_iter().collect() }))
}

/// Whom a guest's device does not know yet as they are: everybody in a space that it does not hold, and whoever
/// came into one after the head that it knows. Members know everybody.
fn newcomers(
    conn: &mut madang_store::db::Conn,
    me: &PersonRecord,
    heads: &[spaces::Head],
    known: &HashMap<SpaceId, Seq>,
    people_at: i64,
) -> Result<HashSet<PersonId>> {
    let mut newcomers = HashSet::new();
    if sees_everybody(me.standing()) {
        // But for visitors at desks, who are known to those who help them.
        let helped = log::helped_by(conn, me.id)?;
        newcomers.extend(helped.into_iter().filter(|(space, _)| !known.contains_key(space)).map(|it| it.1));
        return Ok(newcomers);
    }
    for (space, head, ..) in heads {
        let seen = known.get(space).copied().unwrap_or(0);
        if seen < *head {
            newcomers.extend(people::joined_after(conn, *space, seen)?);
        }
        // A device may know of a coming in from an answer over HTTP, and have been cut off before it was told who
        // that is.
        newcomers.extend(people::joined_since(conn, *space, people_at)?);
    }
    newcomers.remove(&me.id);
    Ok(newcomers)
}
