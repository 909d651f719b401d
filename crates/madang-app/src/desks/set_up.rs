//! Making desks, and saying who stands at them.

use std::sync::Arc;

use madang_model::audit::{Act, Object};
use madang_model::desk::DeskSettings;
use madang_model::hours::Open;
use madang_model::permission::{HouseRight, Role, may_in_house};
use madang_model::refusal::Thing;
use madang_model::{DeskId, PersonId, Refusal, TeamId, limits};
use madang_store::db::{Conn, Tx};
use madang_store::desks::{self, AgentRecord, DeskRecord};
use madang_store::{identities, log, teams};
use serde_json::json;

use crate::app::App;
use crate::audit::by;
use crate::error::Result;
use crate::people::workspace;

/// A desk as those see it who manage it or stand at it.
#[derive(Debug, Clone)]
pub struct Desk {
    pub record: DeskRecord,
    pub agents: Vec<AgentRecord>,
    pub teams: Vec<TeamId>,
    pub open: Open,
    /// Visitors who wait.
    pub waiting: i64,
    /// Whether who asks stands at it.
    pub mine: bool,
    /// Where it takes mail, if mail comes in.
    pub mail: Option<String>,
    /// When the secret was made by which sites say who is signed in there (microseconds).
    pub secret_at: Option<i64>,
}

/// A desk as everybody sees it.
#[derive(Debug, Clone)]
pub struct DeskFront {
    pub record: DeskRecord,
    pub workspace: String,
    pub open: Open,
    pub waiting: i64,
    /// Whether mail goes out.
    pub mail: bool,
    /// Where a time is booked while it is closed.
    pub booking: Option<String>,
}

/// Letters and digits that nobody takes for another (Crockford), for what is typed from paper.
const KEY: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const KEY_CHARS: usize = 12;

pub(crate) fn fresh_key() -> Result<String> {
    let mut bytes = [0u8; KEY_CHARS];
    getrandom::fill(&mut bytes).map_err(|error| anyhow::anyhow!("no randomness: {error}"))?;
    Ok(bytes.iter().map(|byte| char::from(KEY[usize::from(byte & 31)])).collect())
}

/// How the hours of a desk are at a moment. What was kept was checked; a zone that a later table of zones does not know
/// any more is never open.
pub(super) fn open_at(settings: &DeskSettings, now_us: i64) -> Open {
    settings.hours.read().map_or(Open::From(None), |calendar| calendar.at(now_us))
}

/// Whoever manages desks, in this transaction.
pub(super) fn manager(conn: &mut Conn, person: PersonId) -> Result<()> {
    let workspace = workspace(conn)?.id;
    Ok(may_in_house(log::standing_in_house(conn, workspace, person)?, HouseRight::ManageDesks)?)
}

/// A desk that takes visitors or did.
pub(super) fn found(conn: &mut Conn, desk: DeskId) -> Result<DeskRecord> {
    Ok(desks::one(conn, desk)?.ok_or(Refusal::NotFound(Thing::Desk))?)
}

impl App {
    /// The desks at which somebody stands; all of them for whoever manages desks.
    ///
    /// # Errors
    /// What the store said.
    pub async fn desks(self: &Arc<Self>, person: PersonId) -> Result<Vec<Desk>> {
        let app = self.clone();
        self.db
            .read(move |conn| {
                let house = workspace(conn)?.id;
                may_in_house(log::standing_in_house(conn, house, person)?, HouseRight::BeAgent)?;
                let manages = manager(conn, person).is_ok();
                let mine = desks::of_agent(conn, person)?;
                let mut all = Vec::new();
                for record in desks::of_house(conn, house)?.into_iter().filter(|it| it.ended_at.is_none()) {
                    if manages || mine.contains(&record.id) {
                        all.push(app.desk_in(conn, person, record)?);
                    }
                }
                Ok(all)
            })
            .await
    }

    /// One desk, for who stands at it or manages desks.
    ///
    /// # Errors
    /// `NotFound`, or what the store said.
    pub async fn desk(self: &Arc<Self>, person: PersonId, desk: DeskId) -> Result<Desk> {
        let app = self.clone();
        self.db
            .read(move |conn| {
                let record = found(conn, desk)?;
                if !desks::of_agent(conn, person)?.contains(&desk) && manager(conn, person).is_err() {
                    return Err(Refusal::NotFound(Thing::Desk).into());
                }
                app.desk_in(conn, person, record)
            })
            .await
    }

    pub(crate) fn desk_in(&self, conn: &mut Conn, person: PersonId, record: DeskRecord) -> Result<Desk> {
        Ok(Desk {
            agents: desks::agents(conn, record.id)?,
            teams: desks::teams(conn, record.id)?,
            open: open_at(&record.settings, self.clock.now_us()),
            waiting: log::waiting_at(conn, record.id)?,
            mine: desks::standing(conn, record.id)?.iter().any(|it| it.agent.person == person),
            mail: self.mail_of(&record.key),
            secret_at: identities::get(conn, record.id)?.map(|(_, at)| at),
            record,
        })
    }

    /// Makes a desk. Nobody stands at it yet.
    ///
    /// # Errors
    /// What is wrong with the settings, `NotAllowed`, or what the store said.
    pub async fn create_desk(self: &Arc<Self>, person: PersonId, settings: DeskSettings) -> Result<Desk> {
        let settings = settings.checked()?;
        let (app, by, now_us, key) = (self.clone(), by(person), self.clock.now_us(), fresh_key()?);
        self.db
            .write(move |tx| {
                manager(tx, person)?;
                let house = workspace(tx)?.id;
                let there = desks::of_house(tx, house)?;
                if there.iter().filter(|it| it.ended_at.is_none()).count() >= limits::DESKS {
                    return Err(Refusal::TooMany { what: "desks", limit: limits::DESKS }.into());
                }
                let (id, settings) = (DeskId(app.ids.next()), settings.clone());
                let record = DeskRecord { id, workspace: house, key: key.clone(), settings, ended_at: None };
                desks::insert(tx, &record, now_us)?;
                let about = json!({"name": record.settings.name});
                app.write_down(tx, by, Act::DeskMade, Object::Desk(id), about)?;
                app.desk_in(tx, person, record)
            })
            .await
    }

    /// Changes what a desk is.
    ///
    /// # Errors
    /// As `create_desk`; `DeskEnded`.
    pub async fn change_desk(
        self: &Arc<Self>,
        person: PersonId,
        desk: DeskId,
        settings: DeskSettings,
    ) -> Result<Desk> {
        let settings = settings.checked()?;
        let (app, by, now_us) = (self.clone(), by(person), self.clock.now_us());
        let changed = self
            .db
            .write(move |tx| {
                let record = managed(tx, person, desk)?;
                desks::change(tx, desk, &settings, now_us)?;
                let about = json!({"name": settings.name});
                app.write_down(tx, by, Act::DeskChanged, Object::Desk(desk), about)?;
                app.desk_in(tx, person, DeskRecord { settings: settings.clone(), ..record })
            })
            .await?;
        self.desks_changed();
        Ok(changed)
    }

    /// Says anew who stands at a desk, by name and by team.
    ///
    /// # Errors
    /// `NotFound` for a person or team that is not there, a guest included; `DeskEnded`, `NotAllowed`, or what the
    /// store said.
    pub async fn staff_desk(
        self: &Arc<Self>,
        person: PersonId,
        desk: DeskId,
        agents: Vec<AgentRecord>,
        team_ids: Vec<TeamId>,
    ) -> Result<Desk> {
        if agents.len() > limits::DESK_AGENTS {
            return Err(Refusal::TooMany { what: "agents", limit: limits::DESK_AGENTS }.into());
        }
        let (app, by) = (self.clone(), by(person));
        let changed = self
            .db
            .write(move |tx| {
                let record = managed(tx, person, desk)?;
                let agents = known_agents(tx, &record, &agents)?;
                let mut there = Vec::new();
                for team in &team_ids {
                    teams::one(tx, *team)?.ok_or(Refusal::NotFound(Thing::Team))?;
                    if !there.contains(team) {
                        there.push(*team);
                    }
                }
                desks::staff(tx, desk, &agents, &there)?;
                let people: Vec<String> = agents.iter().map(|it| it.person.to_string()).collect();
                let about = json!({"agents": people, "teams": there.len()});
                app.write_down(tx, by, Act::DeskStaffed, Object::Desk(desk), about)?;
                app.desk_in(tx, person, record)
            })
            .await?;
        self.desks_changed();
        Ok(changed)
    }

    /// Ends a desk: it takes no visitors any more; its tickets stay with those who stand at it.
    ///
    /// # Errors
    /// `NotFound`, `NotAllowed`, or what the store said.
    pub async fn end_desk(self: &Arc<Self>, person: PersonId, desk: DeskId) -> Result<()> {
        let (app, by, now_us) = (self.clone(), by(person), self.clock.now_us());
        self.db
            .write(move |tx| {
                manager(tx, person)?;
                let record = found(tx, desk)?;
                if desks::end(tx, desk, now_us)? {
                    let about = json!({"name": record.settings.name});
                    app.write_down(tx, by, Act::DeskEnded, Object::Desk(desk), about)?;
                }
                Ok(())
            })
            .await
    }

    /// A desk as its public address shows it.
    ///
    /// # Errors
    /// `NotFound`, `DeskEnded`, or what the store said.
    pub async fn desk_front(self: &Arc<Self>, key: &str) -> Result<DeskFront> {
        let (app, key) = (self.clone(), key.to_owned());
        self.db.read(move |conn| app.front_in(conn, &key)).await
    }

    /// The desks that anybody of the house may ask, in the order of their names.
    ///
    /// # Errors
    /// What the store said.
    pub async fn desk_fronts(self: &Arc<Self>) -> Result<Vec<DeskFront>> {
        let app = self.clone();
        self.db
            .read(move |conn| {
                let house = workspace(conn)?.id;
                let mut records = desks::of_house(conn, house)?;
                records.retain(|it| it.ended_at.is_none());
                records.sort_by(|a, b| a.settings.name.cmp(&b.settings.name));
                records.iter().map(|it| app.front_in(conn, &it.key)).collect()
            })
            .await
    }

    pub(super) fn front_in(&self, conn: &mut Conn, key: &str) -> Result<DeskFront> {
        let record = desks::by_key(conn, key)?.ok_or(Refusal::NotFound(Thing::Desk))?;
        if record.ended_at.is_some() {
            return Err(Refusal::DeskEnded.into());
        }
        Ok(DeskFront {
            workspace: workspace(conn)?.name,
            open: open_at(&record.settings, self.clock.now_us()),
            waiting: log::waiting_at(conn, record.id)?,
            mail: self.mailer.is_configured(),
            booking: self.booking_address(conn, record.settings.booking.as_deref())?,
            record,
        })
    }

    /// Has who waits looked at again: somebody else may be asked from here on.
    pub(super) fn desks_changed(&self) {
        self.new_tickets.notify_one();
    }
}

/// A desk that goes on, for whoever manages desks.
pub(super) fn managed(tx: &mut Tx, person: PersonId, desk: DeskId) -> Result<DeskRecord> {
    manager(tx, person)?;
    let record = found(tx, desk)?;
    if record.ended_at.is_some() { Err(Refusal::DeskEnded.into()) } else { Ok(record) }
}

/// The agents, each once, with words that the desk knows.
fn known_agents(tx: &mut Tx, desk: &DeskRecord, agents: &[AgentRecord]) -> Result<Vec<AgentRecord>> {
    let mut known: Vec<AgentRecord> = Vec::new();
    for agent in agents {
        let role = log::standing_in_house(tx, desk.workspace, agent.person)?;
        if role.is_none_or(|role| role < Role::Member) {
            return Err(Refusal::NotFound(Thing::Person).into());
        }
        if known.iter().any(|it| it.person == agent.person) {
            continue;
        }
        let mut agent = agent.clone();
        agent.skills.retain(|it| desk.settings.skills.contains(it));
        agent.languages.retain(|it| desk.settings.languages.contains(it));
        known.push(agent);
    }
    Ok(known)
}
