//! The audit log: acts are written down in the transaction that does them, and
//! read by those who run the house.
//!
//! Where an act came from is known at the door and nowhere below it, so the
//! door says it once, around all that follows (`asked_from`).

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;

use madang_model::audit::{Act, KINDS, Object};
use madang_model::permission::{HouseRight, Right, may, may_in_house};
use madang_model::{PersonId, Refusal, SpaceId, TeamId, WorkspaceId};
use madang_store::audit::{self, AuditRecord, Check, Filter, Head, NewEntry};
use madang_store::db::{Conn, Tx};
use madang_store::{log, people, teams};
use serde_json::{Map, Value, json};

use crate::app::App;
use crate::error::Result;
use crate::people::workspace;

/// By which door an act came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Way {
    /// HTTP, from this address where it is known.
    Web(Option<IpAddr>),
    /// `madang …` on the machine itself.
    CommandLine,
    /// Nobody asked: the house does it by itself.
    #[default]
    House,
}

tokio::task_local! {
    static WAY: Way;
}

/// Runs `work` as something that came by this way.
pub async fn asked_from<F: Future>(way: Way, work: F) -> F::Output {
    WAY.scope(way, work).await
}

/// Who acts, and by which way.
#[derive(Debug, Clone, Copy)]
pub(crate) struct By {
    person: Option<PersonId>,
    way: Way,
}

/// As `by`, for a person. Ask before the transaction: its closure runs on a thread of the store, which knows no way.
pub(crate) fn by(person: PersonId) -> By {
    By { person: Some(person), ..by_somebody() }
}

/// The one who came by this way, whoever it is.
pub(crate) fn by_somebody() -> By {
    By { person: None, way: WAY.try_with(|way| *way).unwrap_or_default() }
}

impl By {
    pub(crate) fn person(self, person: PersonId) -> By {
        By { person: Some(person), ..self }
    }
}

/// An entry as it is read: with the names that are to be seen today.
#[derive(Debug, Clone)]
pub struct AuditLine {
    pub record: AuditRecord,
    pub actor_name: Option<String>,
    pub object_name: Option<String>,
    /// What the act said of itself; empty once that was erased.
    pub said: Map<String, Value>,
}

/// What is looked for.
#[derive(Debug, Clone, Default)]
pub struct AuditQuery {
    pub person: Option<PersonId>,
    /// An act, or the kind before its dot.
    pub kind: Option<String>,
    pub from_us: Option<i64>,
    pub until_us: Option<i64>,
}

impl App {
    /// Writes an act down, in the transaction that does it, as the last thing there. `more` is a JSON object.
    pub(crate) fn write_down(
        &self,
        tx: &mut Tx,
        by: By,
        act: Act,
        object: impl Into<Object>,
        more: Value,
    ) -> Result<()> {
        let house = workspace(tx)?.id;
        let mut said = match more {
            Value::Object(said) => said,
            _ => Map::new(),
        };
        said.retain(|_, value| !value.is_null());
        match by.way {
            Way::Web(from) => {
                said.insert("way".into(), "web".into());
                if let Some(from) = from {
                    said.insert("from".into(), from.to_canonical().to_string().into());
                }
            }
            Way::CommandLine => drop(said.insert("way".into(), "command_line".into())),
            Way::House => drop(said.insert("way".into(), "house".into())),
        }
        let entry = NewEntry {
            at_us: self.clock.now_us(),
            actor: by.person,
            act,
            object: object.into(),
            // PostgreSQL keeps no U+0000 in texts, so neither do we.
            said: Value::Object(said).to_string().replace("\\u0000", ""),
        };
        Ok(audit::append(tx, house, &entry)?)
    }

    /// Entries before a seq, newest first, at most 200.
    ///
    /// # Errors
    /// `NotAllowed`, what is wrong with the query, or what the store said.
    pub async fn audit(
        self: &Arc<Self>,
        reader: PersonId,
        query: AuditQuery,
        before: Option<i64>,
        limit: i64,
    ) -> Result<Vec<AuditLine>> {
        let filter = checked(query)?;
        self.db
            .read(move |conn| {
                let house = workspace(conn)?.id;
                may_in_house(log::standing_in_house(conn, house, reader)?, HouseRight::ReadAudit)?;
                let rows =
                    audit::page(conn, house, &filter, before.unwrap_or(i64::MAX), limit.clamp(1, 200))?;
                named(conn, house, reader, rows)
            })
            .await
    }

    /// Writes down that the log is carried out of the house; ask before the first page.
    ///
    /// # Errors
    /// `NotAllowed`, or what the store said.
    pub async fn export_audit(self: &Arc<Self>, reader: PersonId, format: &str) -> Result<()> {
        let (app, by, format) = (self.clone(), by(reader), format.to_owned());
        self.db
            .write(move |tx| {
                let house = workspace(tx)?.id;
                may_in_house(log::standing_in_house(tx, house, reader)?, HouseRight::ReadAudit)?;
                app.write_down(tx, by, Act::AuditExported, Object::Nothing, json!({"format": format}))
            })
            .await
    }

    /// Whether every row of the log is as it was written.
    ///
    /// # Errors
    /// `NotAllowed`, or what the store said.
    pub async fn verify_audit(self: &Arc<Self>, reader: PersonId) -> Result<Check> {
        self.asks_house(reader, HouseRight::ReadAudit).await?;
        self.verify_audit_from_outside(None).await
    }

    /// As `verify_audit`, for whoever runs the machine; `known` is a head that was kept elsewhere.
    ///
    /// # Errors
    /// What the store said.
    pub async fn verify_audit_from_outside(self: &Arc<Self>, known: Option<Head>) -> Result<Check> {
        self.db
            .read(move |conn| {
                let house = workspace(conn)?.id;
                Ok(audit::verify(conn, house, known.as_ref())?)
            })
            .await
    }
}

fn checked(query: AuditQuery) -> Result<Filter> {
    let kind = query.kind.unwrap_or_default();
    if !kind.is_empty() && !KINDS.contains(&kind.as_str()) && Act::parse(&kind).is_none() {
        let why = format!("it is one of {}, or an act such as person.removed", KINDS.join(", "));
        return Err(Refusal::Invalid { what: "kind", why }.into());
    }
    Ok(Filter {
        person: query.person,
        kind,
        from_us: query.from_us.unwrap_or(i64::MIN),
        until_us: query.until_us.unwrap_or(i64::MAX),
    })
}

/// Puts names to ids. Spaces that the reader may not see stay without one.
fn named(
    conn: &mut Conn,
    house: WorkspaceId,
    reader: PersonId,
    rows: Vec<AuditRecord>,
) -> Result<Vec<AuditLine>> {
    let mut ids: Vec<PersonId> = rows.iter().filter_map(|row| row.actor).collect();
    let of = |row: &AuditRecord, kind: &str| row.object.filter(|_| row.object_kind == kind);
    ids.extend(rows.iter().filter_map(|row| of(row, "person")).map(PersonId));
    ids.sort_unstable();
    ids.dedup();
    let names: HashMap<i64, String> =
        people::by_ids(conn, house, &ids)?.into_iter().map(|it| (it.id.0, it.name)).collect();
    let (mut spaces, mut named_teams) = (HashMap::new(), HashMap::new());
    for row in &rows {
        if let Some(id) = of(row, "space")
            && !spaces.contains_key(&id)
        {
            spaces.insert(id, space_name(conn, reader, SpaceId(id))?);
        }
        if let Some(id) = of(row, "team")
            && !named_teams.contains_key(&id)
        {
            named_teams.insert(id, teams::one(conn, TeamId(id))?.map(|it| it.name));
        }
    }
    let line = |record: AuditRecord| {
        let said = record.said.as_deref().and_then(|text| serde_json::from_str(text).ok());
        let object_name = record.object.and_then(|id| match record.object_kind.as_str() {
            "person" => names.get(&id).cloned(),
            "space" => spaces.get(&id).cloned().flatten(),
            "team" => named_teams.get(&id).cloned().flatten(),
            _ => None,
        });
        AuditLine {
            actor_name: record.actor.and_then(|it| names.get(&it.0).cloned()),
            object_name,
            said: said.unwrap_or_default(),
            record,
        }
    };
    Ok(rows.into_iter().map(line).collect())
}

fn space_name(conn: &mut Conn, reader: PersonId, space: SpaceId) -> Result<Option<String>> {
    let Some(record) = log::space(conn, space)? else { return Ok(None) };
    let actor = log::standing(conn, &record.facts, reader)?;
    Ok(may(&actor, Right::Read, &record.facts).is_ok().then_some(record.facts.name))
}
