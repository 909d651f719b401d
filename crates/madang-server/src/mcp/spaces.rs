//! Tools about spaces.

use madang_app::Summary;
use madang_model::{Command, PersonId, Refusal, SpaceId};
use rmcp::handler::server::wrapper::Parameters;
use rmcp::model::CallToolResult;
use rmcp::{schemars, tool, tool_router};
use serde::Deserialize;
use serde_json::{Value, json};

use super::Tools;
use super::outcome::answered;
use super::said::{self, Names};
use super::who::Who;
use crate::error::Result;

/// Spaces of one answer.
const PAGE: i64 = 50;

#[derive(Deserialize, schemars::JsonSchema)]
struct ListSpaces {
    /// True: the open spaces that one is not in and could join.
    #[serde(default)]
    joinable: bool,
    /// From `next_cursor` of the answer before.
    cursor: Option<String>,
}

#[derive(Deserialize, schemars::JsonSchema)]
pub(super) struct InSpace {
    /// The id of the space.
    pub space: String,
}

#[derive(Deserialize, schemars::JsonSchema)]
struct WithPeople {
    /// Ids or e-mail addresses of the people, without oneself.
    people: Vec<String>,
}

#[tool_router(router = space_tools, vis = "pub(super)")]
impl Tools {
    /// Lists the spaces one is in (rooms, direct conversations and tickets one helps with), with what is unread and
    /// what was said last; or the open ones that one could join.
    #[tool(annotations(title = "List spaces", read_only_hint = true, open_world_hint = false))]
    async fn list_spaces(&self, who: Who, Parameters(asked): Parameters<ListSpaces>) -> CallToolResult {
        answered(&who, "list_spaces", self.spaces_of(&who, asked)).await
    }

    /// Joins an open space.
    #[tool(annotations(
        title = "Join a space",
        destructive_hint = false,
        idempotent_hint = true,
        open_world_hint = false
    ))]
    async fn join_space(&self, who: Who, Parameters(asked): Parameters<InSpace>) -> CallToolResult {
        let joining = async {
            let space = space_id(&asked.space)?;
            self.app.run(who.person, space, None, Command::JoinSpace).await?;
            self.one_space(who.person, space).await
        };
        answered(&who, "join_space", joining).await
    }

    /// Gives the direct conversation with some people, and begins it if there is none.
    #[tool(annotations(
        title = "Open a direct conversation",
        destructive_hint = false,
        idempotent_hint = true,
        open_world_hint = false
    ))]
    async fn open_direct(&self, who: Who, Parameters(asked): Parameters<WithPeople>) -> CallToolResult {
        let opening = async {
            let mut people = Vec::new();
            for named in &asked.people {
                people.push(self.app.person_named(who.person, named).await?);
            }
            let summary = self.app.direct(who.person, people).await?;
            let names = Names::of(&self.app, who.person, summary.people.clone()).await?;
            Ok(said::space(&summary, &names))
        };
        answered(&who, "open_direct", opening).await
    }
}

impl Tools {
    async fn spaces_of(&self, who: &Who, asked: ListSpaces) -> Result<Value> {
        let person = who.person;
        let after = asked.cursor.as_deref().map(cursor).transpose()?;
        let found = match asked.joinable {
            true => self.app.open_spaces(person, after, PAGE).await?,
            false => self.app.my_spaces(person, after, PAGE).await?,
        };
        let next = (found.len() as i64 == PAGE).then(|| found.last().map(|it| it.space.facts.id.to_string()));
        let found: Vec<Summary> =
            found.into_iter().filter(|it| who.rights.lacks_in("list_spaces", &it.space).is_none()).collect();
        let people = found.iter().flat_map(|it| it.people.iter().copied()).collect();
        let names = Names::of(&self.app, person, people).await?;
        let spaces: Vec<Value> = found.iter().map(|it| said::space(it, &names)).collect();
        Ok(json!({"spaces": spaces, "next_cursor": next.flatten()}))
    }

    async fn one_space(&self, person: PersonId, space: SpaceId) -> Result<Value> {
        let summary = self.app.space(person, space).await?;
        let names = Names::of(&self.app, person, summary.people.clone()).await?;
        Ok(said::space(&summary, &names))
    }
}

/// What is no id names no space.
pub(super) fn space_id(text: &str) -> Result<SpaceId, Refusal> {
    text.parse().map_err(|_| Refusal::NotFound(madang_model::refusal::Thing::Space))
}

pub(super) fn cursor<T: std::str::FromStr>(text: &str) -> Result<T, Refusal> {
    text.parse()
        .map_err(|_| Refusal::Invalid { what: "cursor", why: "use next_cursor of the last answer".into() })
}
