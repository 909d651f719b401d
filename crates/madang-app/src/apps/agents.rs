//! Tokens of AI agents, which allow less than their person may, and what was done with them.

use std::sync::Arc;

use madang_model::audit::Act;
use madang_model::permission::{HouseRight, may_in_house};
use madang_model::{PersonId, Refusal, Seq, SessionId, SpaceId};
use madang_store::apps::grants::{self, GrantRecord};
use madang_store::apps::uses::{self, NewUse, UseRecord};
use madang_store::log;
use serde_json::json;

use super::{Fresh, GrantKind};
use crate::app::App;
use crate::audit::by;
use crate::error::Result;
use crate::people::workspace;

/// What an agent's token may be made for.
pub const AGENT_SCOPES: [&str; 4] = ["read", "write", "files", "tickets"];

fn agent_scopes(given: &[String]) -> Result<Vec<String>, Refusal> {
    let known: Vec<String> =
        AGENT_SCOPES.iter().filter(|it| given.iter().any(|one| one == *it)).map(|it| (*it).into()).collect();
    if known.is_empty() || given.iter().any(|it| !AGENT_SCOPES.contains(&it.as_str())) {
        let why = format!("they are some of {}", AGENT_SCOPES.join(", "));
        return Err(Refusal::Invalid { what: "scopes", why });
    }
    Ok(known)
}

impl App {
    /// A token for an AI agent of this person, which may some of what they may.
    ///
    /// # Errors
    /// `Invalid` for scopes that there are not, or what the store said.
    pub async fn create_agent_token(
        self: &Arc<Self>,
        person: PersonId,
        label: String,
        scopes: Vec<String>,
    ) -> Result<(SessionId, String)> {
        let scopes = agent_scopes(&scopes)?;
        let label: String = label.chars().filter(|c| !c.is_control()).take(80).collect();
        let (app, by) = (self.clone(), by(person));
        self.db
            .write(move |tx| {
                let fresh = Fresh {
                    app: None,
                    person,
                    kind: GrantKind::Agent,
                    label: label.clone(),
                    prefix: "mda_",
                    expires_at: None,
                };
                let made = app.keep_grant(tx, fresh, &scopes)?;
                let about = json!({"label": label, "scopes": scopes});
                app.write_down(tx, by, Act::TokenMade, made.0, about)?;
                Ok(made)
            })
            .await
    }

    /// What the person's tokens with scopes may.
    ///
    /// # Errors
    /// What the store said.
    pub async fn my_grants(self: &Arc<Self>, person: PersonId) -> Result<Vec<GrantRecord>> {
        self.db.read(move |conn| -> Result<_> { Ok(grants::of_person(conn, person)?) }).await
    }

    /// Writes down, before it is done, that an agent changes something.
    ///
    /// # Errors
    /// What the store said: then it is not done.
    pub async fn agent_begins(
        self: &Arc<Self>,
        session: SessionId,
        tool: &'static str,
        space: Option<SpaceId>,
        message: Option<Seq>,
    ) -> Result<i64> {
        let new = NewUse { id: self.ids.next(), session, tool, space, message, at_us: self.clock.now_us() };
        self.db.write(move |tx| -> Result<()> { Ok(uses::begin(tx, &new)?) }).await?;
        Ok(new.id)
    }

    /// How it went: `done`, or the code of a refusal.
    ///
    /// # Errors
    /// What the store said.
    pub async fn agent_ends(self: &Arc<Self>, id: i64, outcome: String, message: Option<Seq>) -> Result<()> {
        self.db.write(move |tx| -> Result<()> { Ok(uses::end(tx, id, &outcome, message)?) }).await
    }

    /// What agents did, the newest before `before`, with one token or with all.
    ///
    /// # Errors
    /// `NotAllowed`, or what the store said.
    pub async fn agent_uses(
        self: &Arc<Self>,
        person: PersonId,
        token: Option<SessionId>,
        before: i64,
        limit: i64,
    ) -> Result<Vec<UseRecord>> {
        self.db
            .read(move |conn| -> Result<_> {
                let house = workspace(conn)?.id;
                may_in_house(log::standing_in_house(conn, house, person)?, HouseRight::ReadAudit)?;
                Ok(uses::before(conn, token, before, limit)?)
            })
            .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_are_those_that_there_are_each_once() {
        let check =
            |given: &[&str]| agent_scopes(&given.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>());
        assert_eq!(check(&["tickets", "read", "read"]).ok(), Some(vec!["read".into(), "tickets".into()]));
        assert!(check(&[]).is_err() && check(&["read", "everything"]).is_err());
    }
}
