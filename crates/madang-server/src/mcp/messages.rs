//! Tools about messages: reading, finding, posting, reacting.

use madang_app::{NewMessage, Question, What};
use madang_model::row::Row;
use madang_model::{Command, PersonId, Refusal, Seq, SpaceId};
use rmcp::handler::server::wrapper::Parameters;
use rmcp::model::CallToolResult;
use rmcp::{schemars, tool, tool_router};
use serde::Deserialize;
use serde_json::{Value, json};

use super::Tools;
use super::outcome::answered;
use super::said::{self, Names};
use super::spaces::{cursor, space_id};
use super::who::Who;
use crate::error::Result;

/// Messages of one answer, unless fewer are asked for.
const USUAL: usize = 50;
const MOST: usize = 200;
/// Rows of one page of a space's history.
const PAGE: i64 = 64;

#[derive(Deserialize, schemars::JsonSchema)]
struct ReadHistory {
    /// The id of the space.
    space: String,
    /// Only what stands before this seq; without it, the newest.
    before: Option<Seq>,
    /// 1 to 200, 50 without it.
    limit: Option<usize>,
}

#[derive(Deserialize, schemars::JsonSchema)]
struct OneMessage {
    /// The id of the space.
    space: String,
    /// The seq of the message.
    message: Seq,
}

#[derive(Deserialize, schemars::JsonSchema)]
struct Search {
    /// Words, "phrases", -words, and the filters from: in: has: before: after: on:
    query: String,
    /// "messages", "files", "names" (people and spaces) or "all" [default: all].
    kind: Option<String>,
    /// True: what fits best first, and not what is newest.
    #[serde(default)]
    best: bool,
    /// From `next_cursor` of the answer before.
    cursor: Option<String>,
    /// 1 to 100, 20 without it.
    limit: Option<i64>,
    /// Where days begin and end, such as Asia/Seoul [default: UTC].
    time_zone: Option<String>,
}

#[derive(Deserialize, schemars::JsonSchema)]
struct Post {
    /// The id of the space.
    space: String,
    /// In Slack's mrkdwn, with Markdown's links.
    text: String,
    /// The seq of the message to which it replies.
    thread: Option<Seq>,
    /// A reply that is shown in the space too.
    #[serde(default)]
    also: bool,
    /// Any text that is new for each message: sent again with the same one, it is posted once.
    client_id: Option<String>,
}

#[derive(Deserialize, schemars::JsonSchema)]
struct React {
    /// The id of the space.
    space: String,
    /// The seq of the message.
    message: Seq,
    /// An emoji, or the name of one, such as "tada".
    emoji: String,
    /// True: takes the reaction back.
    #[serde(default)]
    remove: bool,
}

#[tool_router(router = message_tools, vis = "pub(super)")]
impl Tools {
    /// Reads the history of a space, oldest first: messages of the main line (replies are read with read_thread) and
    /// what else happened. `more` says that older ones come before; go on with `before` = the first seq.
    #[tool(annotations(title = "Read a space", read_only_hint = true, open_world_hint = false))]
    async fn read_history(&self, who: Who, Parameters(asked): Parameters<ReadHistory>) -> CallToolResult {
        let reading = async {
            let limit = asked.limit.unwrap_or(USUAL).clamp(1, MOST);
            self.history(who.person, space_id(&asked.space)?, asked.before, limit).await
        };
        answered(&who, "read_history", reading).await
    }

    /// Reads a message and all replies to it.
    #[tool(annotations(title = "Read a thread", read_only_hint = true, open_world_hint = false))]
    async fn read_thread(&self, who: Who, Parameters(asked): Parameters<OneMessage>) -> CallToolResult {
        let reading = async {
            let (root, replies) = self.app.thread(who.person, space_id(&asked.space)?, asked.message).await?;
            let rows: Vec<Row> = std::iter::once(root).chain(replies).collect();
            let names = Names::in_rows(&self.app, who.person, &rows).await?;
            Ok(json!({"messages": rows.iter().map(|it| said::row(it, &names)).collect::<Vec<_>>()}))
        };
        answered(&who, "read_thread", reading).await
    }

    /// Finds messages, files (by name and by what is written in them), people and spaces that one may see. Korean is
    /// found with particles attached.
    #[tool(annotations(title = "Search", read_only_hint = true, open_world_hint = false))]
    async fn search(&self, who: Who, Parameters(asked): Parameters<Search>) -> CallToolResult {
        answered(&who, "search", self.found(&who, asked)).await
    }

    /// Posts a message, or a reply with `thread`.
    #[tool(annotations(title = "Post a message", destructive_hint = false, open_world_hint = false))]
    async fn post_message(&self, who: Who, Parameters(asked): Parameters<Post>) -> CallToolResult {
        let posting = async {
            let new = NewMessage {
                client_id: asked.client_id,
                text: asked.text,
                thread: asked.thread,
                also: asked.also,
                ..NewMessage::default()
            };
            let event = self.app.post(who.person, space_id(&asked.space)?, new).await?;
            Ok(json!({"space": event.space, "seq": event.seq, "at": said::time(event.at_us)}))
        };
        answered(&who, "post_message", posting).await
    }

    /// Adds a reaction to a message, or takes one's own back.
    #[tool(annotations(
        title = "React",
        destructive_hint = false,
        idempotent_hint = true,
        open_world_hint = false
    ))]
    async fn react(&self, who: Who, Parameters(asked): Parameters<React>) -> CallToolResult {
        let reacting = async {
            let (message, emoji) = (asked.message, asked.emoji);
            let command = match asked.remove {
                true => Command::RemoveReaction { message, emoji },
                false => Command::AddReaction { message, emoji },
            };
            let event = self.app.run(who.person, space_id(&asked.space)?, None, command).await?;
            Ok(json!({"changed": event.is_some()}))
        };
        answered(&who, "react", reacting).await
    }
}

impl Tools {
    /// The newest rows of the main line before a seq, oldest first.
    pub(super) async fn history(
        &self,
        person: PersonId,
        space: SpaceId,
        before: Option<Seq>,
        limit: usize,
    ) -> Result<Value> {
        let head = self.app.space(person, space).await?.space.facts.head;
        let end = before.unwrap_or(Seq::MAX).clamp(1, head + 1);
        let (mut rows, mut page) = (Vec::new(), (end - 1) / PAGE);
        loop {
            let mut found = self.app.page(person, space, page).await?.rows;
            found.retain(|it| it.seq < end && is_in_main_line(it));
            rows.extend(found.into_iter().rev());
            if rows.len() > limit || page == 0 {
                break;
            }
            page -= 1;
        }
        let more = rows.len() > limit;
        rows.truncate(limit);
        rows.reverse();
        let names = Names::in_rows(&self.app, person, &rows).await?;
        let said: Vec<Value> = rows.iter().map(|it| said::row(it, &names)).collect();
        Ok(json!({"space": space, "messages": said, "more": more}))
    }

    async fn found(&self, who: &Who, asked: Search) -> Result<Value> {
        let person = who.person;
        let what = match asked.kind.as_deref() {
            None | Some("all") => What::All,
            Some("messages") => What::Messages,
            Some("files") => What::Files,
            Some("names") => What::Names,
            Some(_) => {
                let why = "it is all, messages, files or names".into();
                return Err(Refusal::Invalid { what: "kind", why }.into());
            }
        };
        let question = Question {
            text: asked.query,
            what,
            best: asked.best,
            before: asked.cursor.as_deref().map(cursor).transpose()?,
            limit: asked.limit.unwrap_or(20).clamp(1, 100),
            time_zone: asked.time_zone,
        };
        let mut answer = self.app.search(person, question).await?;
        let seen = answer.messages.iter().map(|it| it.space).chain(answer.files.iter().map(|it| it.space));
        let shut = self.shut(who, "search", &seen.collect::<Vec<_>>()).await?;
        answer.messages.retain(|it| !shut.contains(&it.space));
        answer.files.retain(|it| !shut.contains(&it.space));
        if who.rights.lacks("list_files").is_some() {
            answer.files.clear();
        }
        if who.rights.lacks("list_people").is_some() {
            answer.people.clear();
        }
        answer.spaces.retain(|it| who.rights.lacks_in("search", &it.space).is_none());
        let mut ids: Vec<PersonId> = answer.messages.iter().map(|it| it.row.author).collect();
        ids.extend(answer.spaces.iter().flat_map(|it| it.people.iter().copied()));
        let names = Names::of(&self.app, person, ids).await?;
        let messages = answer.messages.iter().map(|it| {
            let mut said = said::row(&it.row, &names);
            said["space"] = json!(it.space);
            said
        });
        let files = answer.files.iter().map(|it| {
            let mut said = said::file(&it.file);
            said["space"] = json!(it.space);
            said["seq"] = it.seq.into();
            said
        });
        Ok(json!({
            "messages": messages.collect::<Vec<_>>(),
            "files": files.collect::<Vec<_>>(),
            "people": answer.people.iter().map(said::person).collect::<Vec<_>>(),
            "spaces": answer.spaces.iter().map(|it| said::space(it, &names)).collect::<Vec<_>>(),
            "unclear": answer.unclear,
            "suggestion": answer.suggestion,
            "next_cursor": answer.next.map(|it| it.to_string()),
        }))
    }
}

/// Replies stand in their thread, unless they were told to everybody.
fn is_in_main_line(row: &Row) -> bool {
    row.message().is_none_or(|it| it.thread.is_none() || it.also)
}
