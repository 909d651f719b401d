//! Spaces as people see them: making them, listing them, what each looks like
//! in a list.

use std::collections::HashMap;
use std::sync::Arc;

use madang_model::audit::Act;
use madang_model::permission::{HouseRight, Right, SpaceRole, may, may_in_house};
use madang_model::refusal::Thing;
use madang_model::register::Involvement;
use madang_model::space::{SpaceKind, create};
use madang_model::{Command, Event, PersonId, Refusal, Seq, SpaceId, TeamId, limits};
use madang_store::db::{Conn, Tx};
use madang_store::log::{self, SpaceRecord};
use madang_store::spaces::{self, MineRecord};
use madang_store::{house, teams};
use serde_json::json;

use crate::app::App;
use crate::audit::by;
use crate::error::Result;
use crate::settings::may_here;
use crate::text;

/// A space as one person sees it in a list.
#[derive(Debug, Clone)]
pub struct Summary {
    pub space: SpaceRecord,
    pub team: Option<TeamId>,
    /// Of a direct space: everybody in it.
    pub people: Vec<PersonId>,
    pub me: Option<MySide>,
    pub last: Option<Last>,
}

/// The person's own side of a space.
#[derive(Debug, Clone, Copy)]
pub struct MySide {
    pub role: SpaceRole,
    pub joined: Seq,
    pub level: Involvement,
    pub read: Seq,
    pub unread: i64,
    pub mentions: i64,
}

/// The newest message of the main line.
#[derive(Debug, Clone)]
pub struct Last {
    pub seq: Seq,
    pub at: i64,
    pub author: PersonId,
    pub text: String,
    pub files: usize,
}

/// What a new space is to be.
#[derive(Debug, Clone)]
pub struct NewSpace {
    pub client_id: Option<String>,
    pub name: String,
    pub kind: SpaceKind,
    pub description: String,
    pub team: Option<TeamId>,
}

impl App {
    /// Makes an open or closed space with the person as its host.
    ///
    /// # Errors
    /// A refusal, or what the store said.
    pub async fn create_space(self: &Arc<Self>, person: PersonId, new: NewSpace) -> Result<Summary> {
        if new.kind == SpaceKind::Direct {
            return Err(Refusal::Invalid {
                what: "kind",
                why: "direct spaces are begun with people, at /directs".into(),
            }
            .into());
        }
        new.client_id.as_deref().map(crate::run::check_client_id).transpose()?;
        let (app, by) = (self.clone(), by(person));
        self.write_once(move |tx| {
            if let Some(client_id) = new.client_id.as_deref()
                && let Some(event) = log::first_answer(tx, &app.keyring, person, client_id)?
            {
                return app.summary(tx, person, event.space);
            }
            let id = app.create_space_in(tx, person, &new)?;
            app.write_down(tx, by, Act::SpaceCreated, id, json!({"kind": new.kind.as_str()}))?;
            app.summary(tx, person, id)
        })
        .await
    }

    /// As `create_space`, inside the caller's transaction.
    pub(crate) fn create_space_in(&self, tx: &mut Tx, person: PersonId, new: &NewSpace) -> Result<SpaceId> {
        let workspace = house::workspaces(tx)?.into_iter().next().ok_or(Refusal::NotSetUp)?.id;
        let role = log::standing_in_house(tx, workspace, person)?;
        may_here(tx, role, HouseRight::CreateSpace)?;
        if new.description.chars().count() > limits::DESCRIPTION_CHARS {
            return Err(Refusal::TooLong { what: "the description", limit: limits::DESCRIPTION_CHARS }.into());
        }
        let mut people = Vec::new();
        if let Some(team) = new.team {
            for member in crate::teams::furnished(tx, person, team)?.members {
                if let Some(role) = log::standing_in_house(tx, workspace, member)? {
                    people.push((member, spaces::role_in_space(role)));
                }
            }
        }
        let bodies = create(person, new.kind, &new.name, &people)?;
        let id = SpaceId(self.ids.next());
        spaces::insert(tx, id, workspace, new.kind, &first_name(&bodies), None, self.clock.now_us())?;
        spaces::describe(tx, id, new.description.replace('\0', "").trim())?;
        if let Some(team) = new.team {
            teams::add_space(tx, team, id)?;
        }
        let record = log::space(tx, id)?.expect("it was inserted in this transaction");
        self.append(tx, &record, person, new.client_id.as_deref(), bodies)?;
        Ok(id)
    }

    /// The space as this person sees it.
    pub(crate) fn summary(&self, conn: &mut Conn, person: PersonId, space: SpaceId) -> Result<Summary> {
        let mine = match spaces::mine_one(conn, person, space)? {
            Some(mine) => mine,
            None => {
                let record = log::space(conn, space)?.ok_or(Refusal::NotFound(Thing::Space))?;
                MineRecord { space: record, me: None }
            }
        };
        // Deleted spaces are shown to those who can restore them.
        let actor = log::standing(conn, &mine.space.facts, person)?;
        let right = if mine.space.facts.deleted_until.is_some() { Right::Restore } else { Right::Read };
        may(&actor, right, &mine.space.facts)?;
        self.summarize(conn, person, vec![mine])?.pop().ok_or_else(|| Refusal::NotFound(Thing::Space).into())
    }

    /// Fills in what a list shows of each space.
    pub(crate) fn summarize(
        &self,
        conn: &mut Conn,
        person: PersonId,
        records: Vec<MineRecord>,
    ) -> Result<Vec<Summary>> {
        let directs: Vec<SpaceId> = records
            .iter()
            .filter(|it| it.space.facts.kind == SpaceKind::Direct)
            .map(|it| it.space.facts.id)
            .collect();
        let mut people: HashMap<SpaceId, Vec<PersonId>> = HashMap::new();
        if !directs.is_empty() {
            for (space, person) in spaces::people_of(conn, &directs)? {
                people.entry(space).or_default().push(person);
            }
        }
        let mut summaries = Vec::with_capacity(records.len());
        for record in records {
            let id = record.space.facts.id;
            let me = match record.me {
                Some(side) => {
                    let (unread, mentions) = if side.read_seq >= record.space.facts.head {
                        (0, 0)
                    } else {
                        spaces::unread(conn, id, person, side.read_seq)?
                    };
                    Some(MySide {
                        role: side.role,
                        joined: side.joined_seq,
                        level: side.level,
                        read: side.read_seq,
                        unread,
                        mentions,
                    })
                }
                None => None,
            };
            let last = self.last(conn, &record.space)?;
            let team = teams::of_space(conn, id)?;
            summaries.push(Summary {
                team,
                people: people.remove(&id).unwrap_or_default(),
                me,
                last,
                space: record.space,
            });
        }
        Ok(summaries)
    }

    pub(crate) fn last(&self, conn: &mut Conn, space: &SpaceRecord) -> Result<Option<Last>> {
        let Some(seq) = space.last_message else { return Ok(None) };
        let Some(row) = log::row(conn, &self.keyring, space, seq)? else { return Ok(None) };
        let files = row.message().map_or(0, |message| message.files.len());
        Ok(Some(Last { seq, at: row.at, author: row.author, text: text::beginning(&row), files }))
    }

    /// One space.
    ///
    /// # Errors
    /// `NotFound`, or what the store said.
    pub async fn space(self: &Arc<Self>, person: PersonId, space: SpaceId) -> Result<Summary> {
        let app = self.clone();
        self.db.read(move |conn| app.summary(conn, person, space)).await
    }

    /// The person's spaces in id order, after an id, at most 200.
    ///
    /// # Errors
    /// What the store said.
    pub async fn my_spaces(
        self: &Arc<Self>,
        person: PersonId,
        after: Option<SpaceId>,
        limit: i64,
    ) -> Result<Vec<Summary>> {
        let app = self.clone();
        self.db
            .read(move |conn| {
                let records = spaces::mine(conn, person, after.unwrap_or(SpaceId(0)), limit.clamp(1, 200))?;
                let visible = records.into_iter().filter(|record| shown(conn, person, record)).collect();
                app.summarize(conn, person, visible)
            })
            .await
    }

    /// Open spaces that the person could join, in id order, at most 200.
    ///
    /// # Errors
    /// `NotAllowed` for guests, or what the store said.
    pub async fn open_spaces(
        self: &Arc<Self>,
        person: PersonId,
        after: Option<SpaceId>,
        limit: i64,
    ) -> Result<Vec<Summary>> {
        let workspace = self.workspace_id().await?;
        let app = self.clone();
        self.db
            .read(move |conn| {
                may_in_house(log::standing_in_house(conn, workspace, person)?, HouseRight::SeePeople)?;
                let records =
                    spaces::open(conn, workspace, person, after.unwrap_or(SpaceId(0)), limit.clamp(1, 200))?;
                app.summarize(conn, person, records)
            })
            .await
    }

    /// Runs a command that changes the space itself, and shows the space after it.
    ///
    /// # Errors
    /// A refusal, or what the store said.
    pub async fn change_space(
        self: &Arc<Self>,
        person: PersonId,
        space: SpaceId,
        command: Command,
    ) -> Result<(Summary, Option<Arc<Event>>)> {
        let app = self.clone();
        self.db
            .write(move |tx| {
                let event = app.run_in(tx, person, space, None, &command)?.into_iter().next();
                Ok((app.summary(tx, person, space)?, event))
            })
            .await
    }
}

/// A deleted space is listed only for those who can restore it.
pub(crate) fn shown(conn: &mut Conn, person: PersonId, record: &MineRecord) -> bool {
    if record.space.facts.deleted_until.is_none() {
        return true;
    }
    log::standing(conn, &record.space.facts, person)
        .is_ok_and(|actor| may(&actor, Right::Restore, &record.space.facts).is_ok())
}

/// The name as `create` checked it.
fn first_name(bodies: &[madang_model::Body]) -> String {
    match bodies.first() {
        Some(madang_model::Body::SpaceCreated { name, .. }) => name.clone(),
        _ => String::new(),
    }
}
