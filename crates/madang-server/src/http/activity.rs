//! Activity: what concerns oneself.

use std::sync::Arc;

use axum::extract::State;
use madang_app::{App, Line};
use madang_model::Refusal;

use crate::auth::Caller;
use crate::endpoint;
use crate::error::Result;
use crate::extract::{Json, Query};
use crate::router::{Endpoint, Policy};
use crate::wire::messages::{ActivityItem, ActivityList, Paged};
use crate::wire::register::{RegisterAnswer, SetActivityRead};

pub fn endpoints() -> Vec<Endpoint> {
    vec![endpoint!(list, __path_list, Policy::Oneself), endpoint!(read, __path_read, Policy::Oneself)]
}

/// Mentions, replies, reactions, invitations into spaces, reminders; newest first.
#[utoipa::path(get, path = "/api/v1/activity", tag = "activity", params(Paged), responses((status = 200, body = ActivityList)))]
async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    Query(query): Query<Paged>,
) -> Result<Json<ActivityList>> {
    let before: Option<i64> =
        query.cursor.as_deref().map(str::parse).transpose().map_err(|_| Refusal::Invalid {
            what: "cursor",
            why: "use next_cursor of the last answer".into(),
        })?;
    let limit = query.limit.unwrap_or(50).clamp(1, 100);
    let (lines, more) = app.activity(caller.person, before, limit).await?;
    let next_cursor = more.map(|at_us| at_us.to_string());
    Ok(Json(ActivityList { items: lines.into_iter().map(item).collect(), next_cursor }))
}

/// Marks everything up to a time as seen.
#[utoipa::path(put, path = "/api/v1/activity/read", tag = "activity", request_body = SetActivityRead, responses((status = 200, body = RegisterAnswer)))]
async fn read(
    State(app): State<Arc<App>>,
    caller: Caller,
    Json(body): Json<SetActivityRead>,
) -> Result<Json<RegisterAnswer>> {
    Ok(Json(app.read_activity(caller.person, body.at).await?.into()))
}

fn item(line: Line) -> ActivityItem {
    let record = line.record;
    ActivityItem {
        id: match record.kind.as_str() {
            "due" => format!("{}-{}-due", record.space, record.seq),
            _ => format!("{}-{}", record.space, record.seq),
        },
        kind: record.kind,
        space: record.space.to_string(),
        seq: record.seq,
        message: record.message,
        actor: record.actor.to_string(),
        at: record.at_us,
        text: line.text,
        emoji: line.emoji,
        thread: line.thread,
        also: line.also,
    }
}
