//! What stands before every tool: whether the token may use it there, and that what it changes is written down.

use madang_app::records::SpaceRecord;
use madang_model::refusal::Thing;
use madang_model::{FileId, Refusal, Seq, SpaceId};
use rmcp::model::{CallToolResponse, CallToolResult, ContentBlock, JsonObject};

use super::Tools;
use super::rights::Rights;
use super::who::Who;
use crate::error::Result;
use crate::words;

/// Which of the arguments of a tool name a space.
const SPACES: [&str; 2] = ["space", "ticket"];

/// Where a tool is used, as far as its arguments tell.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Place {
    space: Option<SpaceId>,
    message: Option<Seq>,
    file: Option<FileId>,
}

impl Place {
    pub(super) fn named(arguments: Option<&JsonObject>) -> Place {
        let Some(given) = arguments else { return Place::default() };
        let id = |name: &str| given.get(name)?.as_str();
        Place {
            space: SPACES.iter().find_map(|it| id(it)?.parse().ok()),
            message: ["message", "thread"].iter().find_map(|it| given.get(*it)?.as_i64()),
            file: id("file").and_then(|it| it.parse().ok()),
        }
    }
}

impl Tools {
    /// Why a token may not use a tool there, if it may not. What is not there, the tool says itself.
    pub(super) async fn missing(&self, who: &Who, tool: &str, place: Place) -> Result<Option<String>> {
        if let Some(scope) = who.rights.lacks(tool) {
            return Ok(Some(scope));
        }
        if who.rights == Rights::All {
            return Ok(None);
        }
        let space = match (place.space, place.file) {
            (None, Some(file)) => self.space_of_file(who, file).await?,
            (space, _) => space,
        };
        let Some(space) = space else { return Ok(None) };
        Ok(self.place_of(who, space).await?.and_then(|it| who.rights.lacks_in(tool, &it)))
    }

    async fn space_of_file(&self, who: &Who, file: FileId) -> Result<Option<SpaceId>> {
        match self.app.file(who.person, file).await {
            Ok(record) => Ok(record.space),
            Err(madang_app::Error::Refusal(Refusal::NotFound(Thing::File))) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    pub(super) async fn place_of(&self, who: &Who, space: SpaceId) -> Result<Option<SpaceRecord>> {
        match self.app.place(who.person, space).await {
            Ok(record) => Ok(Some(record)),
            Err(madang_app::Error::Refusal(_)) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Of these spaces those of which the token may read nothing with this tool.
    pub(super) async fn shut(&self, who: &Who, tool: &str, spaces: &[SpaceId]) -> Result<Vec<SpaceId>> {
        let mut shut = Vec::new();
        if who.rights == Rights::All {
            return Ok(shut);
        }
        let mut spaces = spaces.to_vec();
        spaces.sort_unstable();
        spaces.dedup();
        for space in spaces {
            let place = self.place_of(who, space).await?;
            if place.is_none_or(|it| who.rights.lacks_in(tool, &it).is_some()) {
                shut.push(space);
            }
        }
        Ok(shut)
    }

    /// Writes down, before it is done, what is about to be changed; gives under which number.
    pub(super) async fn begins(&self, who: &Who, tool: &'static str, place: Place) -> Result<i64> {
        Ok(self.app.agent_begins(who.session, tool, place.space, place.message).await?)
    }

    /// Writes down how it went. That this could not be written takes nothing back, and is told in the log of the process.
    pub(super) async fn ended(&self, id: i64, answer: &CallToolResponse) {
        let (outcome, message) = outcome(answer);
        if let Err(error) = self.app.agent_ends(id, outcome, message).await {
            tracing::error!(%error, "What came of an agent's use of a tool could not be written down");
        }
    }
}

/// `done`, or the code of a refusal, and the message that came of it.
fn outcome(answer: &CallToolResponse) -> (String, Option<Seq>) {
    let CallToolResponse::Complete(result) = answer else { return ("done".into(), None) };
    if result.is_error == Some(true) {
        let words = result.content.first().and_then(|it| it.as_text()).map(|it| it.text.as_str());
        let code = words.and_then(|it| it.split_once(':')).map_or("internal", |it| it.0);
        return (code.to_owned(), None);
    }
    let seq = result.structured_content.as_ref().and_then(|it| it["seq"].as_i64());
    ("done".into(), seq)
}

/// What an agent reads of a scope that its token lacks.
pub(super) fn missing_scope(who: &Who, scope: &str) -> CallToolResult {
    let sentence = words::missing_scope(scope, who.rights.there(), who.language);
    CallToolResult::error(vec![ContentBlock::text(format!("missing_scope: {sentence}"))])
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn what_came_of_a_tool_is_told_by_its_code() {
        let done = CallToolResult::structured(json!({"seq": 7}));
        assert_eq!(outcome(&CallToolResponse::Complete(done)), ("done".into(), Some(7)));
        let refused = CallToolResult::error(vec![ContentBlock::text("not_a_member: you are not in it")]);
        assert_eq!(outcome(&CallToolResponse::Complete(refused)), ("not_a_member".into(), None));
    }

    #[test]
    fn a_place_is_what_the_arguments_name() {
        let space = SpaceId(7).to_string();
        let arguments = json!({"ticket": space, "thread": 3, "file": "x"});
        let Value::Object(arguments) = arguments else { unreachable!("it is one") };
        let place = Place::named(Some(&arguments));
        assert_eq!((place.space, place.message, place.file), (Some(SpaceId(7)), Some(3), None));
    }
}
