//! How it went at a desk.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use futures_util::{StreamExt, stream};
use madang_app::App;
use madang_model::DeskId;

use crate::auth::Caller;
use crate::endpoint;
use crate::error::Result;
use crate::extract::{Json, Path, Query};
use crate::router::{Endpoint, Policy};
use crate::wire::reports::{AskReport, ROUNDS_HEAD, Report, round_line};

pub fn endpoints() -> Vec<Endpoint> {
    vec![endpoint!(report, __path_report, Policy::Desk), endpoint!(export, __path_export, Policy::Desk)]
}

/// What the rounds that were opened in a stretch of time come to. A round is one opening of a ticket.
#[utoipa::path(get, path = "/api/v1/desks/{id}/report", tag = "desks", params(("id" = String, Path), AskReport), responses((status = 200, body = Report)))]
async fn report(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(desk): Path<DeskId>,
    Query(query): Query<AskReport>,
) -> Result<Json<Report>> {
    Ok(Json(app.desk_report(caller.person, desk, (query.from, query.until)).await?.into()))
}

/// The rounds themselves, as CSV for spreadsheets. It comes as it is read, however long it is.
#[utoipa::path(get, path = "/api/v1/desks/{id}/report/export", tag = "desks", params(("id" = String, Path), AskReport), responses((status = 200, description = "CSV")))]
async fn export(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(desk): Path<DeskId>,
    Query(query): Query<AskReport>,
) -> Result<Response> {
    let (person, when) = (caller.person, (query.from, query.until));
    // The first step before anything is answered: a refusal is still one then.
    let first = app.desk_rounds(person, desk, when, None).await?;
    let steps = stream::unfold(Some(first), move |step| {
        let app = app.clone();
        async move {
            let step = step?;
            let last = step.last()?.clone();
            let lines: String = step.iter().map(round_line).collect();
            // A fault ends the body unfinished, so that half an export is not taken for a whole one.
            match app.desk_rounds(person, desk, when, Some(last)).await {
                Ok(next) => Some((Ok(lines), Some(next))),
                Err(error) => Some((Err(std::io::Error::other(error)), None)),
            }
        }
    });
    // Fused: what compresses the body asks once more after its end.
    let body = stream::iter([Ok(ROUNDS_HEAD.to_owned())]).chain(steps).fuse();
    let mut response = Body::from_stream(body).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"));
    let disposition = HeaderValue::from_static("attachment; filename=\"tickets.csv\"");
    headers.insert(header::CONTENT_DISPOSITION, disposition);
    Ok(response)
}
