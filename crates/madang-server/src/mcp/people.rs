//! Tools about people.

use madang_model::PersonId;
use rmcp::handler::server::wrapper::Parameters;
use rmcp::model::CallToolResult;
use rmcp::{schemars, tool, tool_router};
use serde::Deserialize;
use serde_json::json;

use super::Tools;
use super::outcome::answered;
use super::said;
use super::who::Who;

/// People of one answer.
const PAGE: i64 = 100;

#[derive(Deserialize, schemars::JsonSchema)]
struct ListPeople {
    /// A part of the name; without it, everybody whom one may see.
    name: Option<String>,
}

#[derive(Deserialize, schemars::JsonSchema)]
struct Nothing {}

#[tool_router(router = people_tools, vis = "pub(super)")]
impl Tools {
    /// Says who one is here.
    #[tool(annotations(title = "Who am I", read_only_hint = true, open_world_hint = false))]
    async fn whoami(&self, who: Who, Parameters(Nothing {}): Parameters<Nothing>) -> CallToolResult {
        let asking = async {
            let workspace = self.app.workspace().await?;
            Ok(
                json!({"me": said::person(&self.app.person(who.person).await?), "workspace": workspace.map(|it| it.name)}),
            )
        };
        answered(&who, "whoami", asking).await
    }

    /// Lists people by a part of their name, at most a hundred.
    #[tool(annotations(title = "List people", read_only_hint = true, open_world_hint = false))]
    async fn list_people(&self, who: Who, Parameters(asked): Parameters<ListPeople>) -> CallToolResult {
        let listing = async {
            let beginning = (String::new(), PersonId(0));
            let part = asked.name.unwrap_or_default();
            let found = self.app.people(who.person, part, beginning, PAGE).await?;
            let people: Vec<_> = found.iter().map(said::person).collect();
            Ok(json!({"people": people, "more": people.len() as i64 == PAGE}))
        };
        answered(&who, "list_people", listing).await
    }
}
