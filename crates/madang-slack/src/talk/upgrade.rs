//! Opening a socket (`apps.connections.open`, <https://docs.slack.dev/apis/events-api/using-socket-mode>), and what goes
//! over it.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::header::{
    CONNECTION, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_VERSION, UPGRADE,
};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use futures_util::{SinkExt, StreamExt};
use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper_util::rt::TokioIo;
use madang_model::{AppId, SessionId};
use serde_json::{Map, Value, json};
use tokio::sync::mpsc;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};

use super::sockets::Line;
use super::tickets::{Socket, Ticket};
use crate::call::Call;
use crate::fail::{Answer, Fail};
use crate::{Slack, id};

/// How often we say that we are there. Clients give up after 30 seconds without it.
pub(crate) const PING: Duration = Duration::from_secs(10);
/// Whoever says nothing for so long is gone.
const SILENCE: Duration = Duration::from_secs(60);
/// Bytes of what an app says: an answer with a view.
const INBOUND: usize = 1 << 20;
/// Envelopes that wait to be written.
const WAITING: usize = 64;

/// `apps.connections.open`.
pub(crate) async fn open(call: &Call) -> Answer {
    let app = call.app().await?;
    if call.slack.sockets.count(app.id) >= super::sockets::MOST {
        return Err(Fail::new("too_many_websockets"));
    }
    let known = call.slack.known_of(app)?;
    if !known.manifest.settings.socket_mode_enabled {
        return Err(Fail::new("access_denied").with_messages(vec![
            "Socket Mode is not turned on for this app: set settings.socket_mode_enabled in its manifest"
                .into(),
        ]));
    }
    let word = call.slack.ticket(Ticket {
        socket: Socket::Link,
        person: call.person(),
        session: call.grant.session,
        app: Some(known.record.id),
    })?;
    let base = call.slack.app.config.public_url.replacen("http", "ws", 1);
    let app_id = id::written("A", known.record.id.0);
    // With a question mark in any case: one client adds to it without looking.
    Ok(Map::from_iter([("url".into(), json!(format!("{base}/link/?ticket={word}&app_id={app_id}")))]))
}

/// The address that `open` gave: a ticket is good for one socket. No origin is asked for, because some clients send one.
pub(crate) async fn listen(State(slack): State<Slack>, mut request: Request) -> Response {
    let ticket = slack.admitted(&request, Socket::Link);
    let Some((app, session)) = ticket.and_then(|it| Some((it.app?, it.session))) else {
        return (StatusCode::FORBIDDEN, "this ticket is over: call apps.connections.open again")
            .into_response();
    };
    let Some(mut response) = switched(&request) else {
        return (StatusCode::BAD_REQUEST, "this address speaks WebSocket, version 13").into_response();
    };
    let on_upgrade = hyper::upgrade::on(&mut request);
    tokio::spawn(serve(slack, app, session, on_upgrade));
    *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    response
}

/// The answer to an opening handshake (RFC 6455, 4.2).
pub(crate) fn switched(request: &Request) -> Option<Response> {
    let headers = request.headers();
    let key = headers.get(SEC_WEBSOCKET_KEY)?.to_str().ok()?;
    if headers.get(SEC_WEBSOCKET_VERSION)?.to_str().ok()? != "13" {
        return None;
    }
    let mut response = StatusCode::SWITCHING_PROTOCOLS.into_response();
    let answer = response.headers_mut();
    answer.insert(CONNECTION, HeaderValue::from_static("Upgrade"));
    answer.insert(UPGRADE, HeaderValue::from_static("websocket"));
    let accept = HeaderValue::from_str(&derive_accept_key(key.as_bytes())).ok()?;
    answer.insert(SEC_WEBSOCKET_ACCEPT, accept);
    Some(response)
}

pub(crate) async fn stream(on_upgrade: OnUpgrade) -> Option<WebSocketStream<TokioIo<Upgraded>>> {
    let upgraded = on_upgrade.await.ok()?;
    let mut config = WebSocketConfig::default();
    config.max_message_size = Some(INBOUND);
    config.max_frame_size = Some(INBOUND);
    Some(WebSocketStream::from_raw_socket(TokioIo::new(upgraded), Role::Server, Some(config)).await)
}

async fn serve(slack: Slack, app: AppId, session: SessionId, on_upgrade: OnUpgrade) {
    let Some(mut socket) = stream(on_upgrade).await else { return };
    let (out, mut waiting) = mpsc::channel(WAITING);
    let line = Arc::new(Line::new(slack.sockets.next_id(), session, out));
    if !slack.sockets.add(app, line.clone()) {
        let bye = json!({"type": "disconnect", "reason": "too_many_websockets"}).to_string();
        let _ = socket.send(Message::text(bye)).await;
        return;
    }
    // It may have ended before it could be cut off.
    let lives = matches!(slack.app.session_lives(session).await, Ok(true));
    let hello = json!({
        "type": "hello",
        "num_connections": slack.sockets.count(app),
        "debug_info": {"host": "madang", "build_number": 1, "approximate_connection_time": 86_400},
        "connection_info": {"app_id": id::written("A", app.0)},
    });
    if lives && socket.send(Message::text(hello.to_string())).await.is_ok() {
        if let Err(error) = slack.app.wake_app(app).await {
            tracing::warn!(%error, "What waits for an app could not be woken");
        }
        let mut heard = tokio::time::Instant::now();
        let mut ping = tokio::time::interval(PING);
        loop {
            tokio::select! {
                said = socket.next() => {
                    heard = tokio::time::Instant::now();
                    match said {
                        Some(Ok(Message::Text(text))) => hear(&line, &text),
                        Some(Ok(Message::Close(_)) | Err(_)) | None => break,
                        // Pings are answered by the library, with what was in them.
                        Some(Ok(_)) => {}
                    }
                }
                frame = waiting.recv() => {
                    let Some(frame) = frame else { break };
                    if socket.send(Message::text(frame)).await.is_err() {
                        break;
                    }
                }
                _ = ping.tick() => {
                    if heard.elapsed() > SILENCE {
                        let bye = json!({"type": "disconnect", "reason": "link_disabled"}).to_string();
                        let _ = socket.send(Message::text(bye)).await;
                        break;
                    }
                    if socket.send(Message::Ping("madang".into())).await.is_err() {
                        break;
                    }
                }
                () = line.over.notified() => {
                    let bye = json!({"type": "disconnect", "reason": "link_disabled"}).to_string();
                    let _ = socket.send(Message::text(bye)).await;
                    break;
                }
                () = slack.stopping.notified() => {
                    let bye = json!({"type": "disconnect", "reason": "refresh_requested"}).to_string();
                    let _ = socket.send(Message::text(bye)).await;
                    break;
                }
            }
        }
    }
    slack.sockets.remove(app, line.id);
}

/// `{envelope_id, payload?}`; an empty payload is none.
fn hear(line: &Line, text: &str) {
    let Ok(said) = serde_json::from_str::<Value>(text) else { return };
    let Some(envelope) = said["envelope_id"].as_str() else { return };
    let payload = said.get("payload").filter(|it| !it.is_null() && *it != &json!({})).cloned();
    line.taken(envelope, payload);
}
