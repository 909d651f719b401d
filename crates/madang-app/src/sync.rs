//! What a device is told when it connects: only what differs from what it has.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use madang_model::{PersonId, Seq, SessionId, SpaceId, WorkspaceId};
use madang_store::people::PersonRecord;
use madang_store::registers::{self, Register};
use madang_store::spaces;
use madang_store::{house, log, people};

use crate::app::App;
use crate::error::Result;
use crate::people::without_addresses;
use crate::spaces::Summary;

/// A change gets its time before it is committed, so a device may have been greeted in between: what is
/// little older than its last greeting is told again. A minute in microseconds.
const OVERLAP_US: i64 = 60 * 1_000_000;

/// What a device says it has.
#[derive(Debug, Clone, Default)]
pub struct Hello {
    pub epoch: i64,
    pub rev: i64,
    pub heads: Vec<(SpaceId, Seq)>,
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
}

/// Who is told of a changed profile, and what.
#[derive(Debug, Clone)]
pub struct Watchers {
    pub whole: PersonRecord,
    pub members: Vec<PersonId>,
    /// Without the address.
    pub without: PersonRecord,
    pub guests: Vec<PersonId>,
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
        let gone = known.keys().filter(|space| !mine.contains(space)).copied().collect();
        Ok(Welcome {
            epoch: self.epoch(),
            rev: registers::rev(conn, person)?,
            now,
            spaces: self.summarize(conn, person, differing)?,
            mine,
            gone,
            registers: registers::after(conn, person, hello.rev)?,
            people: self.changed_people(conn, workspace, &me, hello.people_at - OVERLAP_US)?,
            me,
        })
    }

    /// People whom `me` may see and whose profile changed after a time.
    fn changed_people(
        &self,
        conn: &mut madang_store::db::Conn,
        workspace: WorkspaceId,
        me: &PersonRecord,
        after_us: i64,
    ) -> Result<Vec<PersonRecord>> {
        // A new role shows other people, and more or less of them.
        let after_us = if me.changed_at > after_us { 0 } else { after_us };
        let mut changed = people::changed_after(conn, workspace, after_us)?;
        if changed.is_empty() {
            return Ok(changed);
        }
        use madang_model::permission::{HouseRight, may_in_house};
        if may_in_house(me.standing(), HouseRight::SeePeople).is_err() {
            let known = people::sharing_a_space(conn, me.id)?;
            changed.retain(|it| known.contains(&it.id) || it.id == me.id);
        }
        Ok(without_addresses(me.id, me.standing(), changed))
    }

    /// The spaces whose frames a device of this person is to get.
    ///
    /// # Errors
    /// What the store said.
    pub async fn spaces_to_follow(self: &Arc<Self>, person: PersonId) -> Result<Vec<SpaceId>> {
        self.db
            .read(move |conn| {
                let workspaces = house::workspaces(conn)?;
                let workspace = workspaces.first().map_or(WorkspaceId(0), |it| it.id);
                if log::standing_in_house(conn, workspace, person)?.is_none() {
                    return Ok(Vec::new());
                }
                Ok(spaces::heads(conn, person)?.into_iter().map(|(space, ..)| space).collect())
            })
            .await
    }

    /// A person as members see them, as guests do, and who sees them: whom to
    /// tell of a changed profile. The person is among the first.
    ///
    /// # Errors
    /// What the store said.
    pub async fn watchers_of(self: &Arc<Self>, person: PersonId) -> Result<Option<Watchers>> {
        self.db
            .read(move |conn| {
                let workspace =
                    house::workspaces(conn)?.into_iter().next().map_or(WorkspaceId(0), |it| it.id);
                let Some(whole) = people::by_id(conn, workspace, person)? else { return Ok(None) };
                let mut members = people::not_guests(conn, workspace)?;
                members.push(person);
                members.sort_unstable();
                members.dedup();
                let mut guests = people::sharing_a_space(conn, person)?;
                guests.retain(|it| members.binary_search(it).is_err());
                let without = PersonRecord { email: None, ..whole.clone() };
                Ok(Some(Watchers { whole, members, without, guests }))
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
