//! Searching, with the old pages by numbers.

use std::collections::HashMap;

use madang_app::{FoundFile, FoundMessage, Numbered, Question, Summary, What};
use madang_model::SpaceId;
use serde_json::{Value, json};

use super::asked::{answer, paging};
use crate::call::Call;
use crate::fail::{Answer, Fail};
use crate::methods::Method;
use crate::{method, shapes, ts};

pub(super) static METHODS: &[Method] = &[
    method!("search.messages", User, ["search:read"], messages, "up to a thousand are counted"),
    method!("search.files", User, ["search:read"], files, "up to a thousand are counted"),
    method!("search.all", User, ["search:read"], all, "up to a thousand of each are counted"),
];

async fn ask(call: &Call, what: What) -> Result<(String, Numbered), Fail> {
    let text = call.args.text("query").ok_or_else(|| Fail::new("no_query"))?;
    let question = Question {
        text: text.clone(),
        what,
        best: call.args.text("sort").as_deref() == Some("score"),
        before: None,
        limit: 100,
        time_zone: None,
    };
    let (from, count, _) = paging(call, 0);
    Ok((text, call.slack.app.search_numbered(call.person(), question, from, count).await?))
}

/// The spaces of what was found, each looked up once.
#[derive(Default)]
struct Places(HashMap<SpaceId, Summary>);

impl Places {
    async fn of(&mut self, call: &Call, space: SpaceId) -> Result<Summary, Fail> {
        if let Some(known) = self.0.get(&space) {
            return Ok(known.clone());
        }
        let summary = call.slack.app.space(call.person(), space).await?;
        self.0.insert(space, summary.clone());
        Ok(summary)
    }
}

async fn message_matches(call: &Call, found: &[FoundMessage], total: usize) -> Result<Value, Fail> {
    let (from, _, paging) = paging(call, total);
    let (mut places, house) = (Places::default(), call.house().await?);
    let mut matches = Vec::new();
    for hit in found {
        let summary = places.of(call, hit.space).await?;
        let mut shown = call.one_shown(&summary, &hit.row).await?;
        let channel = call.channel(&summary).await?;
        shown["iid"] = json!(ts::written(hit.row.at));
        shown["permalink"] =
            json!(format!("{}/archives/{}/p{}", house.url, shapes::channel_id(&summary.space), hit.row.at));
        shown["channel"] = channel;
        matches.push(shown);
    }
    let pagination = json!({"total_count": total, "page": paging["page"], "per_page": paging["count"],
        "page_count": paging["pages"], "first": from + 1, "last": from + matches.len()});
    Ok(json!({"total": total, "paging": paging, "pagination": pagination, "matches": matches}))
}

async fn file_matches(call: &Call, found: &[FoundFile], total: usize) -> Result<Value, Fail> {
    let (_, _, paging) = paging(call, total);
    let (mut places, house) = (Places::default(), call.house().await?);
    let mut matches = Vec::new();
    for hit in found {
        let summary = places.of(call, hit.space).await?;
        let shown_in = [shapes::channel_id(&summary.space)];
        matches.push(shapes::file(&hit.file, hit.author, &house, &shown_in));
    }
    Ok(json!({"total": total, "paging": paging, "matches": matches}))
}

async fn messages(call: &Call) -> Answer {
    let (query, found) = ask(call, What::Messages).await?;
    let messages = message_matches(call, &found.messages, found.messages_total).await?;
    answer(json!({"query": query, "messages": messages}))
}

async fn files(call: &Call) -> Answer {
    let (query, found) = ask(call, What::Files).await?;
    let files = file_matches(call, &found.files, found.files_total).await?;
    answer(json!({"query": query, "files": files}))
}

async fn all(call: &Call) -> Answer {
    let (query, found) = ask(call, What::All).await?;
    let messages = message_matches(call, &found.messages, found.messages_total).await?;
    let files = file_matches(call, &found.files, found.files_total).await?;
    answer(
        json!({"query": query, "messages": messages, "files": files, "posts": {"total": 0, "matches": []}}),
    )
}
