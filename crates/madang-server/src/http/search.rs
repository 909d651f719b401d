//! Finding messages, files, people and spaces.

use std::sync::Arc;

use axum::extract::State;
use madang_app::{App, Question, What};
use madang_model::Refusal;

use crate::auth::Caller;
use crate::endpoint;
use crate::error::Result;
use crate::extract::{Json, Query};
use crate::router::{Endpoint, Policy};
use crate::wire::search::{Found, Search};

pub fn endpoints() -> Vec<Endpoint> {
    vec![endpoint!(search, __path_search, Policy::Oneself)]
}

/// Finds what one may see: words, "phrases", -words, and the filters from: in: has: before: after: on:.
#[utoipa::path(get, path = "/api/v1/search", tag = "search", params(Search), responses((status = 200, body = Found)))]
async fn search(
    State(app): State<Arc<App>>,
    caller: Caller,
    Query(query): Query<Search>,
) -> Result<Json<Found>> {
    let invalid = |what: &'static str, why: &str| Refusal::Invalid { what, why: why.into() };
    let what = match query.kind.as_deref() {
        None | Some("all") => What::All,
        Some("messages") => What::Messages,
        Some("files") => What::Files,
        Some("names") => What::Names,
        Some(_) => return Err(invalid("kind", "it is all, messages, files or names").into()),
    };
    let best = match query.order.as_deref() {
        None | Some("newest") => false,
        Some("best") => true,
        Some(_) => return Err(invalid("order", "it is newest or best").into()),
    };
    let before = query
        .cursor
        .as_deref()
        .map(str::parse)
        .transpose()
        .map_err(|_| invalid("cursor", "use next_cursor of the last answer"))?;
    let limit = query.limit.unwrap_or(20);
    let question = Question { text: query.q, what, best, before, limit, time_zone: query.tz };
    Ok(Json(Found::new(app.search(caller.person, question).await?, app.epoch())))
}
