//! Where files are handed over and fetched: `/upload/v1/…`, an address that says all by itself, `/files-pri/…`, with a
//! token, and `/files/pub/…`, for whoever knows it. And where permalinks lead.

use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Path, Query, Request, State};
use axum::http::header::{
    AUTHORIZATION, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE,
    LOCATION, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use futures_util::stream;
use madang_app::Small;
use madang_app::records::FileRecord;
use madang_model::{FileId, PersonId, Refusal, UploadId};
use serde::Deserialize;

use crate::fail::Fail;
use crate::{Slack, id, parts, ts};

/// Bytes of an upload that comes as a form, whose frame must be read before its content.
const FORM: usize = 64 << 20;

pub(crate) fn router<S: Clone + Send + Sync + 'static>(slack: &Slack) -> Router<S> {
    Router::new()
        .route("/upload/v1/{way}", any(upload))
        .route("/files-pri/{file}/{name}", get(content))
        .route("/files/pub/{secret}/{name}", get(public))
        .route("/archives/{channel}/{message}", get(permalink))
        .layer(DefaultBodyLimit::disable())
        .with_state(slack.clone())
}

impl Slack {
    /// The address at which a file is handed over, and the id that it will have.
    ///
    /// # Errors
    /// When nothing can be sealed.
    pub(crate) fn upload_address(
        &self,
        person: PersonId,
        upload: UploadId,
    ) -> Result<(String, String), Fail> {
        let way = self.app.upload_way(person, upload)?;
        let url = format!("{}/upload/v1/{way}", self.app.config.public_url);
        Ok((url, id::written("F", upload.0)))
    }
}

fn said(status: StatusCode, words: impl Into<String>) -> Response {
    (status, [(CONTENT_TYPE, "text/plain; charset=utf-8")], words.into()).into_response()
}

/// Takes the bytes in, in any of the ways that clients send them: raw, under whatever media type, or in a form. The answer
/// is text: some clients look for its first two letters.
async fn upload(State(slack): State<Slack>, Path(way): Path<String>, request: Request) -> Response {
    let Some((person, upload)) = slack.app.upload_behind(&way) else {
        return said(StatusCode::NOT_FOUND, "no such upload");
    };
    let kind = request.headers().get(CONTENT_TYPE).and_then(|it| it.to_str().ok()).unwrap_or_default();
    let taken = match multer::parse_boundary(kind) {
        Ok(boundary) => match axum::body::to_bytes(request.into_body(), FORM).await {
            Ok(body) => match parts::fields(boundary, body).await {
                Ok((_, Some(file))) => {
                    let whole = stream::iter([Ok::<_, axum::Error>(file.content)]);
                    slack.app.take_in(person, upload, 0, None, whole).await
                }
                Ok((_, None)) | Err(_) => return said(StatusCode::BAD_REQUEST, "no file in the form"),
            },
            Err(_) => {
                return said(StatusCode::PAYLOAD_TOO_LARGE, "too large for a form: send the bytes alone");
            }
        },
        Err(_) => {
            let bytes = request.into_body().into_data_stream();
            slack.app.take_in(person, upload, 0, None, bytes).await
        }
    };
    match taken {
        Ok(state) if state.offset == state.upload.length => {
            said(StatusCode::OK, format!("OK - {}", state.upload.length))
        }
        Ok(state) => said(
            StatusCode::BAD_REQUEST,
            format!("{} of {} bytes came: ask for another address", state.offset, state.upload.length),
        ),
        Err(madang_app::Error::Refusal(Refusal::UploadMoved { .. })) => {
            said(StatusCode::CONFLICT, "bytes came before: ask for another address")
        }
        Err(madang_app::Error::Refusal(refusal)) => {
            // More came than was said: what fits is not the file that was meant.
            if matches!(refusal, Refusal::TooLarge { .. })
                && let Err(error) = slack.app.cancel_upload(person, upload).await
            {
                tracing::warn!(%error, "An upload that was too large could not be given up");
            }
            said(StatusCode::BAD_REQUEST, refusal.to_string())
        }
        Err(error) => {
            tracing::error!(%error, "An upload broke");
            said(StatusCode::INTERNAL_SERVER_ERROR, "something broke: try again")
        }
    }
}

#[derive(Deserialize)]
struct Asked {
    thumb: Option<u32>,
    /// Old programs put their token here, as Slack's own `?t=` links do.
    t: Option<String>,
}

/// A file for whoever may have it. Without a token one is led to the web client, as from Slack's own addresses.
async fn content(
    State(slack): State<Slack>,
    Path((named, _name)): Path<(String, String)>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Response {
    let bearer = headers.get(AUTHORIZATION).and_then(|it| it.to_str().ok()).and_then(|it| it.split_once(' '));
    let secret = bearer.map(|(_, secret)| secret.trim().to_owned()).or(asked.t);
    let Some(secret) = secret else {
        return (StatusCode::FOUND, [(LOCATION, "/".to_owned())]).into_response();
    };
    match served(&slack, &secret, &named, asked.thumb).await {
        Ok(response) => response,
        Err(fail) if fail.is_fault => said(StatusCode::INTERNAL_SERVER_ERROR, "internal_error"),
        Err(fail) if fail.code == "invalid_auth" => said(StatusCode::UNAUTHORIZED, "invalid_auth"),
        Err(fail) if fail.code == "missing_scope" => said(StatusCode::FORBIDDEN, "missing_scope"),
        Err(_) => said(StatusCode::NOT_FOUND, "file_not_found"),
    }
}

async fn served(slack: &Slack, secret: &str, named: &str, thumb: Option<u32>) -> Result<Response, Fail> {
    let grant = slack.grant_behind(secret).await?.ok_or_else(|| Fail::new("invalid_auth"))?;
    slack.front.admits(grant.person)?;
    if grant.scopes.as_ref().is_some_and(|it| !crate::scopes::gives(it, "files:read")) {
        return Err(Fail::new("missing_scope"));
    }
    let file = named.rsplit('-').next().and_then(|it| id::number("F", it));
    let file = file.ok_or_else(|| Fail::new("file_not_found"))?;
    let record = slack.app.file(grant.person, FileId(file)).await?;
    let response = match thumb.filter(|_| record.file.thumb) {
        Some(width) => {
            let made = slack.app.small(&record, Small::wide(width)).await?;
            ([(CONTENT_TYPE, madang_app::small_type(&made))], made).into_response()
        }
        None => whole(slack, &record).await?,
    };
    Ok(harmless(response))
}

/// A file for whoever knows its address, while that holds.
async fn public(State(slack): State<Slack>, Path((secret, _name)): Path<(String, String)>) -> Response {
    let found = async {
        let record = slack.app.shared_file(&secret).await?;
        whole(&slack, &record).await
    };
    match found.await {
        Ok(response) => {
            let mut response = harmless(response);
            // Nobody is to find it who was not given it.
            let noindex = axum::http::HeaderValue::from_static("noindex, nofollow");
            response.headers_mut().insert("x-robots-tag", noindex);
            response
        }
        Err(fail) if fail.is_fault => said(StatusCode::INTERNAL_SERVER_ERROR, "internal_error"),
        Err(_) => said(StatusCode::NOT_FOUND, "file_not_found"),
    }
}

async fn whole(slack: &Slack, record: &FileRecord) -> Result<Response, Fail> {
    let size = u64::try_from(record.file.size).unwrap_or_default();
    let bytes = slack.app.content(record, 0..size).await?;
    let kind = record.file.media_type.clone();
    let frame = [(CONTENT_TYPE, kind), (CONTENT_LENGTH, size.to_string())];
    Ok((frame, Body::from_stream(bytes)).into_response())
}

fn harmless(mut response: Response) -> Response {
    // Somebody else's words: they run nothing, whoever opens them.
    let headers = response.headers_mut();
    for (name, value) in [
        (CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (CONTENT_DISPOSITION, "attachment"),
        (CACHE_CONTROL, "private, no-cache"),
    ] {
        headers.insert(name, axum::http::HeaderValue::from_static(value));
    }
    response
}

/// `/archives/C…/p1700000000123456` leads to the message in the web client, which asks who it is.
async fn permalink(State(slack): State<Slack>, Path((channel, message)): Path<(String, String)>) -> Response {
    let to = match place(&slack, &channel, &message).await {
        Ok(Some(to)) => to,
        Ok(None) | Err(_) => "/".to_owned(),
    };
    (StatusCode::FOUND, [(LOCATION, to)]).into_response()
}

async fn place(slack: &Slack, channel: &str, message: &str) -> Result<Option<String>, Fail> {
    let Some(space) = slack.space_called(channel).await? else { return Ok(None) };
    let at = message.strip_prefix('p').and_then(|digits| {
        let (seconds, micros) = digits.split_at_checked(digits.len().checked_sub(6)?)?;
        ts::read(&format!("{seconds}.{micros}"))
    });
    let seq = match at {
        Some(at) => slack.app.seq_at(space, at).await?,
        None => None,
    };
    Ok(Some(match seq {
        Some(seq) => format!("/s/{space}/m/{seq}"),
        None => format!("/s/{space}"),
    }))
}
