//! Reading what was written: events, pages, threads, pins, files of a space.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use madang_app::App;
use madang_model::permission::Right;
use madang_model::{FileId, Refusal, Seq, SpaceId};

use crate::auth::Caller;
use crate::endpoint;
use crate::error::Result;
use crate::extract::{Json, Path, Query};
use crate::router::{Endpoint, Policy};
use crate::wire::messages::{Events, EventsAfter, OneRow, Page, Paged, Rows, SpaceFile, SpaceFiles, Thread};
use crate::wire::space::Position;

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        endpoint!(events, __path_events, Policy::Space(Right::Read)).for_visitors(),
        endpoint!(page, __path_page, Policy::Space(Right::Read)).for_visitors(),
        endpoint!(message, __path_message, Policy::Space(Right::Read)).for_visitors(),
        endpoint!(thread, __path_thread, Policy::Space(Right::Read)).for_visitors(),
        endpoint!(pins, __path_pins, Policy::Space(Right::Read)),
        endpoint!(files, __path_files, Policy::Space(Right::Read)),
    ]
}

/// The events after a seq, oldest first.
#[utoipa::path(get, path = "/api/v1/spaces/{id}/events", tag = "history", params(("id" = String, Path), EventsAfter), responses((status = 200, body = Events)))]
async fn events(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(space): Path<SpaceId>,
    Query(query): Query<EventsAfter>,
) -> Result<Json<Events>> {
    let (events, seq) = app.events(caller.person, space, query.after, query.limit.unwrap_or(200)).await?;
    Ok(Json(Events { events, head: Position { epoch: app.epoch(), seq } }))
}

/// A folded page of 64 seqs. Answers 304 to an `If-None-Match` that still holds.
#[utoipa::path(get, path = "/api/v1/spaces/{id}/pages/{n}", tag = "history", params(("id" = String, Path), ("n" = i64, Path)), responses((status = 200, body = Page), (status = 304, description = "The caller's copy is still right")))]
async fn page(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((space, n)): Path<(SpaceId, i64)>,
    headers: HeaderMap,
) -> Result<Response> {
    if !(0..=i64::MAX / 64 - 1).contains(&n) {
        return Err(Refusal::Invalid { what: "page", why: "it is the seq divided by 64".into() }.into());
    }
    let folded = app.page(caller.person, space, n).await?;
    let tag = format!("\"{}-{}-{}\"", app.epoch(), n, folded.version);
    let at = HeaderValue::from(folded.at);
    let known = headers.get(header::IF_NONE_MATCH).is_some_and(|value| value.as_bytes() == tag.as_bytes());
    let mut response = if known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        Json(Page {
            space: space.to_string(),
            page: n,
            version: folded.version,
            at: folded.at,
            rows: folded.rows,
        })
        .into_response()
    };
    let headers = response.headers_mut();
    headers.insert(header::ETAG, HeaderValue::from_str(&tag).expect("digits and dashes"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    // A copy that is still right is right up to here.
    headers.insert("madang-at", at);
    Ok(response)
}

/// One message.
#[utoipa::path(get, path = "/api/v1/spaces/{id}/messages/{seq}", tag = "history", params(("id" = String, Path), ("seq" = i64, Path)), responses((status = 200, body = OneRow)))]
async fn message(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((space, seq)): Path<(SpaceId, Seq)>,
) -> Result<Json<OneRow>> {
    Ok(Json(OneRow { row: app.message(caller.person, space, seq).await? }))
}

/// A message and all replies to it.
#[utoipa::path(get, path = "/api/v1/spaces/{id}/threads/{seq}", tag = "history", params(("id" = String, Path), ("seq" = i64, Path)), responses((status = 200, body = Thread)))]
async fn thread(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((space, root)): Path<(SpaceId, Seq)>,
) -> Result<Json<Thread>> {
    let (root, rows) = app.thread(caller.person, space, root).await?;
    Ok(Json(Thread { root, rows }))
}

/// The pinned messages, newest pin first.
#[utoipa::path(get, path = "/api/v1/spaces/{id}/pins", tag = "history", params(("id" = String, Path)), responses((status = 200, body = Rows)))]
async fn pins(State(app): State<Arc<App>>, caller: Caller, Path(space): Path<SpaceId>) -> Result<Json<Rows>> {
    Ok(Json(Rows { rows: app.pins(caller.person, space).await? }))
}

/// Files posted in the space, newest first.
#[utoipa::path(get, path = "/api/v1/spaces/{id}/files", tag = "history", params(("id" = String, Path), Paged), responses((status = 200, body = SpaceFiles)))]
async fn files(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(space): Path<SpaceId>,
    Query(query): Query<Paged>,
) -> Result<Json<SpaceFiles>> {
    let before: Option<FileId> =
        query.cursor.as_deref().map(str::parse).transpose().map_err(|_| Refusal::Invalid {
            what: "cursor",
            why: "use next_cursor of the last answer".into(),
        })?;
    let limit = query.limit.unwrap_or(50).clamp(1, 200);
    let found = app.space_files(caller.person, space, before, limit).await?;
    let next_cursor =
        (found.len() as i64 == limit).then(|| found.last().map(|it| it.file.id.to_string())).flatten();
    let files = found
        .into_iter()
        .map(|it| SpaceFile {
            seq: it.message.unwrap_or(0),
            author: it.uploader.to_string(),
            at: it.created_at,
            file: it.file,
        })
        .collect();
    Ok(Json(SpaceFiles { files, next_cursor }))
}
