//! The audit log, for those who run the house.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use futures_util::{StreamExt, stream};
use madang_app::{App, AuditQuery};
use madang_model::permission::HouseRight;
use madang_model::refusal::Thing;
use madang_model::{PersonId, Refusal};

use crate::auth::Caller;
use crate::endpoint;
use crate::error::Result;
use crate::extract::{Json, Query};
use crate::router::{Endpoint, Policy};
use crate::wire::audit::{AgentUses, Audit, AuditCheck, AuditEntry, CSV_HEAD, ListAgentUses, ListAudit};

/// Entries of an export that are fetched in one go.
const STEP: i64 = 200;

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        endpoint!(list, __path_list, Policy::House(HouseRight::ReadAudit)),
        endpoint!(export, __path_export, Policy::House(HouseRight::ReadAudit)),
        endpoint!(check, __path_check, Policy::House(HouseRight::ReadAudit)),
        endpoint!(agents, __path_agents, Policy::House(HouseRight::ReadAudit)),
    ]
}

/// What was done in the house, newest first.
#[utoipa::path(get, path = "/api/v1/audit", tag = "administration", params(ListAudit), responses((status = 200, body = Audit)))]
async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    Query(query): Query<ListAudit>,
) -> Result<Json<Audit>> {
    let limit = query.limit.unwrap_or(50).clamp(1, 200);
    let before = query.cursor.as_deref().map(cursor).transpose()?;
    let found = app.audit(caller.person, asked(&query)?, before, limit).await?;
    let next_cursor =
        found.last().filter(|_| found.len() as i64 == limit).map(|it| it.record.seq.to_string());
    Ok(Json(Audit { entries: found.into_iter().map(Into::into).collect(), next_cursor }))
}

/// What AI agents changed, newest first: of each token the last thousand uses.
#[utoipa::path(get, path = "/api/v1/audit/agents", tag = "administration", params(ListAgentUses), responses((status = 200, body = AgentUses)))]
async fn agents(
    State(app): State<Arc<App>>,
    caller: Caller,
    Query(query): Query<ListAgentUses>,
) -> Result<Json<AgentUses>> {
    let limit = query.limit.unwrap_or(50).clamp(1, 200);
    let before = query.cursor.as_deref().map(cursor).transpose()?.unwrap_or(i64::MAX);
    let found = app.agent_uses(caller.person, query.token, before, limit).await?;
    let next_cursor = found.last().filter(|_| found.len() as i64 == limit).map(|it| it.id.to_string());
    Ok(Json(AgentUses { uses: found.into_iter().map(Into::into).collect(), next_cursor }))
}

/// The same as a file: CSV for spreadsheets, or one JSON object a line. It comes as it is read, however long it is.
#[utoipa::path(get, path = "/api/v1/audit/export", tag = "administration", params(ListAudit), responses((status = 200, description = "CSV or JSON lines")))]
async fn export(
    State(app): State<Arc<App>>,
    caller: Caller,
    Query(query): Query<ListAudit>,
) -> Result<Response> {
    let (as_csv, name, media_type) = match query.format.as_deref() {
        None | Some("csv") => (true, "audit.csv", "text/csv; charset=utf-8"),
        Some("jsonl") => (false, "audit.jsonl", "application/jsonl; charset=utf-8"),
        Some(_) => {
            return Err(Refusal::Invalid { what: "format", why: "it is csv or jsonl".into() }.into());
        }
    };
    let asked = asked(&query)?;
    // The first step before anything is answered: a refusal is still one then.
    let first = app.audit(caller.person, asked.clone(), None, STEP).await?;
    app.export_audit(caller.person, if as_csv { "csv" } else { "jsonl" }).await?;
    let head = if as_csv { CSV_HEAD } else { "" };
    let steps = stream::unfold(Some(first), move |step| {
        let (app, asked) = (app.clone(), asked.clone());
        async move {
            let step = step?;
            let last = step.last().map(|it| it.record.seq)?;
            let lines: String = step
                .into_iter()
                .map(AuditEntry::from)
                .map(|it| if as_csv { it.csv_line() } else { it.json_line() })
                .collect();
            // A fault ends the body unfinished, so that half an export is not taken for a whole one.
            match app.audit(caller.person, asked, Some(last), STEP).await {
                Ok(next) => Some((Ok(lines), Some(next))),
                Err(error) => Some((Err(std::io::Error::other(error)), None)),
            }
        }
    });
    // Fused: what compresses the body asks once more after its end.
    let body = stream::iter([Ok(head.to_owned())]).chain(steps).fuse();
    let mut response = Body::from_stream(body).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    let disposition = format!("attachment; filename=\"{name}\"");
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_str(&disposition).expect("a name of ours"));
    Ok(response)
}

/// Whether no entry was changed and none is missing.
#[utoipa::path(get, path = "/api/v1/audit/check", tag = "administration", responses((status = 200, body = AuditCheck)))]
async fn check(State(app): State<Arc<App>>, caller: Caller) -> Result<Json<AuditCheck>> {
    Ok(Json(app.verify_audit(caller.person).await?.into()))
}

fn asked(query: &ListAudit) -> Result<AuditQuery, Refusal> {
    let person: Option<PersonId> =
        query.person.as_deref().map(str::parse).transpose().map_err(|_| Refusal::NotFound(Thing::Person))?;
    Ok(AuditQuery { person, kind: query.kind.clone(), from_us: query.from, until_us: query.until })
}

fn cursor(text: &str) -> Result<i64, Refusal> {
    text.parse()
        .map_err(|_| Refusal::Invalid { what: "cursor", why: "use next_cursor of the last answer".into() })
}
