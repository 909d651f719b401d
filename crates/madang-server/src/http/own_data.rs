//! What the house holds of oneself, as a file.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use futures_util::{StreamExt, stream};
use madang_app::App;
use madang_model::SpaceId;
use madang_model::register::Key;
use serde_json::{Value, json};

use crate::auth::Caller;
use crate::endpoint;
use crate::error::Result;
use crate::router::{Endpoint, Policy};
use crate::wire::person::Person;

pub fn endpoints() -> Vec<Endpoint> {
    vec![endpoint!(take, __path_take, Policy::Oneself)]
}

/// Everything that is kept of the caller, one JSON object a line: the person, devices, tokens, settings, spaces, and
/// every message they wrote. It comes as it is read.
#[utoipa::path(get, path = "/api/v1/me/data", tag = "me", responses((status = 200, description = "JSON lines")))]
async fn take(State(app): State<Arc<App>>, caller: Caller) -> Result<Response> {
    let head = about(&app, caller).await?;
    app.take_own_data(caller.person).await?;
    let person = caller.person;
    let steps = stream::unfold(Some((SpaceId(0), 0)), move |after| {
        let app = app.clone();
        async move {
            match app.own_messages(person, after?).await {
                Ok((messages, next)) => {
                    let lines = messages.into_iter().map(|it| {
                        line(&json!({"type": "message", "space": it.space, "space_name": it.space_name, "row": it.row}))
                    });
                    Some((Ok(lines.collect::<String>()), next))
                }
                // The body ends unfinished, so that half of it is not taken for all.
                Err(error) => Some((Err(std::io::Error::other(error)), None)),
            }
        }
    });
    // Fused: what compresses the body asks once more after its end.
    let body = stream::iter([Ok(head)]).chain(steps).fuse();
    let mut response = Body::from_stream(body).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/jsonl; charset=utf-8"));
    let name = HeaderValue::from_static("attachment; filename=\"my-data.jsonl\"");
    headers.insert(header::CONTENT_DISPOSITION, name);
    Ok(response)
}

async fn about(app: &Arc<App>, caller: Caller) -> Result<String> {
    let record = app.person(caller.person).await?;
    let settings = app.register(caller.person, Key::Settings).await?.map_or(Value::Null, |it| it.value);
    let mut text = line(&json!({
        "type": "person", "person": Person::from(&record), "language": record.language, "settings": settings,
    }));
    for (kind, found) in
        [("device", app.my_sessions(caller.person).await?), ("token", app.my_tokens(caller.person).await?)]
    {
        for it in found {
            text += &line(&json!({
                "type": kind, "label": it.label, "created_at": it.created_at, "seen_at": it.seen_at,
            }));
        }
    }
    let mut after = None;
    loop {
        let spaces = app.my_spaces(caller.person, after, 200).await?;
        for it in &spaces {
            let (facts, role) = (&it.space.facts, it.me.map(|me| me.role));
            text += &line(&json!({
                "type": "space", "space": facts.id, "name": facts.name, "kind": facts.kind, "role": role,
            }));
        }
        match spaces.last() {
            Some(last) => after = Some(last.space.facts.id),
            None => return Ok(text),
        }
    }
}

fn line(value: &Value) -> String {
    format!("{value}\n")
}
