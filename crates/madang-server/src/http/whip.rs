//! WHIP (RFC 9725) and WHEP (draft-ietf-wish-whep): one request with an offer, and a program sends to the call of its
//! space, or shows it. Who it is, and for which space, says its bearer token.

use axum::extract::State;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, ETAG, IF_MATCH, LINK, LOCATION};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use madang_app::calls::StreamRecord;
use madang_model::{ParticipantId, Refusal};

use crate::endpoint;
use crate::error::Result;
use crate::extract::{Path, Text};
use crate::router::{Doors, Endpoint, Policy};
use crate::wire::calls::IceServer;

const SDP: &str = "application/sdp";
/// RFC 8840, 9.
const FRAGMENT: &str = "application/trickle-ice-sdpfrag";
const ACCEPT_POST: HeaderName = HeaderName::from_static("accept-post");

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        endpoint!(send, __path_send, Policy::Opening),
        endpoint!(send_takes, __path_send_takes, Policy::Anyone),
        endpoint!(send_trickles, __path_send_trickles, Policy::Opening),
        endpoint!(send_ends, __path_send_ends, Policy::Opening),
        endpoint!(show, __path_show, Policy::Opening),
        endpoint!(show_takes, __path_show_takes, Policy::Anyone),
        endpoint!(show_trickles, __path_show_trickles, Policy::Opening),
        endpoint!(show_ends, __path_show_ends, Policy::Opening),
    ]
}

/// Sends to the call that runs in the token's space (WHIP). The body is an SDP offer, the answer its answer.
#[utoipa::path(post, path = "/api/v1/whip", tag = "calls", responses((status = 201)))]
async fn send(State(doors): State<Doors>, headers: HeaderMap, Text(body): Text) -> Result<Response> {
    begin(&doors, &headers, body, false).await
}

/// Shows the call that runs in the token's space (WHEP). The body is an SDP offer, the answer its answer.
#[utoipa::path(post, path = "/api/v1/whep", tag = "calls", responses((status = 201)))]
async fn show(State(doors): State<Doors>, headers: HeaderMap, Text(body): Text) -> Result<Response> {
    begin(&doors, &headers, body, true).await
}

/// What a program may send to here.
#[utoipa::path(options, path = "/api/v1/whip", tag = "calls", responses((status = 204)))]
async fn send_takes() -> Response {
    takes()
}

/// What a program may send to here.
#[utoipa::path(options, path = "/api/v1/whep", tag = "calls", responses((status = 204)))]
async fn show_takes() -> Response {
    takes()
}

/// Candidates of a program that came after its offer.
#[utoipa::path(patch, path = "/api/v1/whip/{participant}", tag = "calls", params(("participant" = String, Path)), responses((status = 204)))]
async fn send_trickles(
    State(doors): State<Doors>,
    headers: HeaderMap,
    Path(participant): Path<ParticipantId>,
) -> Result<Response> {
    trickle(&doors, &headers, participant, false).await
}

/// Candidates of a program that came after its offer.
#[utoipa::path(patch, path = "/api/v1/whep/{participant}", tag = "calls", params(("participant" = String, Path)), responses((status = 204)))]
async fn show_trickles(
    State(doors): State<Doors>,
    headers: HeaderMap,
    Path(participant): Path<ParticipantId>,
) -> Result<Response> {
    trickle(&doors, &headers, participant, true).await
}

/// A program leaves the call.
#[utoipa::path(delete, path = "/api/v1/whip/{participant}", tag = "calls", params(("participant" = String, Path)), responses((status = 200)))]
async fn send_ends(
    State(doors): State<Doors>,
    headers: HeaderMap,
    Path(participant): Path<ParticipantId>,
) -> Result<StatusCode> {
    end(&doors, &headers, participant, false).await
}

/// A program leaves the call.
#[utoipa::path(delete, path = "/api/v1/whep/{participant}", tag = "calls", params(("participant" = String, Path)), responses((status = 200)))]
async fn show_ends(
    State(doors): State<Doors>,
    headers: HeaderMap,
    Path(participant): Path<ParticipantId>,
) -> Result<StatusCode> {
    end(&doors, &headers, participant, true).await
}

async fn stream(doors: &Doors, headers: &HeaderMap, shows: bool) -> Result<StreamRecord> {
    let value = headers.get(AUTHORIZATION).and_then(|it| it.to_str().ok()).unwrap_or_default();
    // RFC 6750, 2.1.
    let token = value.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
    let (_, token) = token.ok_or(Refusal::StreamUnknown)?;
    Ok(doors.app.stream_of(token.trim(), shows).await?)
}

fn is(headers: &HeaderMap, kind: &str) -> bool {
    let said = headers.get(CONTENT_TYPE).and_then(|it| it.to_str().ok()).unwrap_or_default();
    said.split(';').next().is_some_and(|it| it.trim().eq_ignore_ascii_case(kind))
}

async fn begin(doors: &Doors, headers: &HeaderMap, offer: String, shows: bool) -> Result<Response> {
    let stream = stream(doors, headers, shows).await?;
    if !is(headers, SDP) {
        return Ok((StatusCode::UNSUPPORTED_MEDIA_TYPE, [(ACCEPT_POST, SDP)]).into_response());
    }
    let person = stream.person;
    let joined = doors.app.join_stream(stream, offer).await?;
    let place = format!("/api/v1/{}/{}", if shows { "whep" } else { "whip" }, joined.participant);
    let head =
        [(CONTENT_TYPE, SDP.to_owned()), (LOCATION, place), (ETAG, format!("\"{}\"", joined.participant))];
    let mut answer = (StatusCode::CREATED, head, joined.answer).into_response();
    for link in doors.relays(person).iter().flat_map(links) {
        answer.headers_mut().append(LINK, link);
    }
    Ok(answer)
}

/// RFC 9725, 4.6: one link for each address of a relay.
fn links(server: &IceServer) -> Vec<HeaderValue> {
    let secret = match (&server.username, &server.credential) {
        (Some(name), Some(credential)) => {
            format!("; username=\"{name}\"; credential=\"{credential}\"; credential-type=\"password\"")
        }
        _ => String::new(),
    };
    let link = |url: &String| HeaderValue::from_str(&format!("<{url}>; rel=\"ice-server\"{secret}")).ok();
    server.urls.iter().filter_map(link).collect()
}

fn takes() -> Response {
    (StatusCode::NO_CONTENT, [(ACCEPT_POST, SDP)]).into_response()
}

/// RFC 9725, 4.3. Where a program is reached shows by what comes from it, so its candidates need not be kept; a new way
/// for the same session (ICE restart) is a new session here.
async fn trickle(
    doors: &Doors,
    headers: &HeaderMap,
    participant: ParticipantId,
    shows: bool,
) -> Result<Response> {
    let stream = stream(doors, headers, shows).await?;
    doors.app.stream_is_in(&stream, participant)?;
    let status = match headers.get(IF_MATCH).and_then(|it| it.to_str().ok()) {
        _ if !is(headers, FRAGMENT) => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        None => StatusCode::PRECONDITION_REQUIRED,
        Some("*") => StatusCode::UNPROCESSABLE_ENTITY,
        Some(tag) if tag.trim_matches('"') == participant.to_string() => StatusCode::NO_CONTENT,
        Some(_) => StatusCode::PRECONDITION_FAILED,
    };
    Ok(status.into_response())
}

async fn end(
    doors: &Doors,
    headers: &HeaderMap,
    participant: ParticipantId,
    shows: bool,
) -> Result<StatusCode> {
    let stream = stream(doors, headers, shows).await?;
    doors.app.stream_is_in(&stream, participant)?;
    doors.app.leave_stream(&stream, participant);
    Ok(StatusCode::OK)
}
