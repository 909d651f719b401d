//! What the house holds of oneself, as a file.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use futures_util::{StreamExt, stream};
use madang_app::App;
use madang_model::{PersonId, SpaceId};

use crate::auth::Caller;
use crate::endpoint;
use crate::error::Result;
use crate::export;
use crate::extract::Query;
use crate::router::{Endpoint, Policy};
use crate::wire::exports::OwnData;

pub fn endpoints() -> Vec<Endpoint> {
    vec![endpoint!(take, __path_take, Policy::Oneself)]
}

/// Everything that is kept of the caller, one JSON object a line: the person, devices, tokens, settings, spaces,
/// drafts, saved and scheduled messages, uploads, and every message they wrote. With `files=1` it is a ZIP that holds
/// these lines and the contents of the uploads. It comes as it is read.
#[utoipa::path(get, path = "/api/v1/me/data", tag = "me", params(OwnData), responses((status = 200, description = "JSON lines, or a ZIP")))]
async fn take(State(app): State<Arc<App>>, caller: Caller, Query(asked): Query<OwnData>) -> Result<Response> {
    let head = export::about(&app, caller).await?;
    app.take_own_data(caller.person).await?;
    let (body, media_type, name) = if asked.files == Some(1) {
        (export::send(app, caller.person, head), "application/zip", "attachment; filename=\"my-data.zip\"")
    } else {
        let name = "attachment; filename=\"my-data.jsonl\"";
        (lines(app, caller.person, head), "application/jsonl; charset=utf-8", name)
    };
    let mut response = body.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static(name));
    if asked.files == Some(1) {
        // Packed already, and with no part to be asked for: RFC 9110, 14.3.
        headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("none"));
    }
    Ok(response)
}

fn lines(app: Arc<App>, person: PersonId, head: String) -> Body {
    let steps = stream::unfold(Some((SpaceId(0), 0)), move |after| {
        let app = app.clone();
        async move {
            match app.own_messages(person, after?).await {
                Ok((messages, next)) => {
                    Some((Ok(messages.iter().map(export::message_line).collect::<String>()), next))
                }
                // The body ends unfinished, so that half of it is not taken for all.
                Err(error) => Some((Err(std::io::Error::other(error)), None)),
            }
        }
    });
    // Fused: what compresses the body asks once more after its end.
    Body::from_stream(stream::iter([Ok(head)]).chain(steps).fuse())
}
