//! RTM for old bots (<https://docs.slack.dev/legacy/legacy-rtm-api>): events as they happen, over a socket of their own,
//! and messages back. Nothing is kept for whoever is not connected.

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use futures_util::{SinkExt, StreamExt};
use hyper::upgrade::OnUpgrade;
use madang_app::NewMessage;
use madang_app::records::{Announcement, Heard};
use madang_model::Event;
use serde_json::{Map, Value, json};
use tokio_tungstenite::tungstenite::Message;

use super::tickets::{Socket, Ticket};
use super::upgrade::{PING, stream, switched};
use crate::args::Args;
use crate::call::Call;
use crate::events::Seen;
use crate::fail::{Answer, Fail};
use crate::{Slack, shapes, ts};

/// `rtm.connect`, and `rtm.start` without its lists.
pub(crate) async fn connect(call: &Call) -> Answer {
    let slack = &call.slack;
    let guest = Ticket {
        socket: Socket::Rtm,
        person: call.person(),
        session: call.grant.session,
        app: call.app_id(),
    };
    let word = slack.ticket(guest)?;
    let house = slack.house().await?;
    let me = slack.app.person(call.person()).await?;
    let base = slack.app.config.public_url.replacen("http", "ws", 1);
    Ok(Map::from_iter([
        ("url".into(), json!(format!("{base}/rtm/?ticket={word}"))),
        ("self".into(), json!({"id": shapes::person_id(me.id), "name": shapes::handle(&me.name, '.')})),
        ("team".into(), json!({"id": house.team(), "name": house.name, "domain": house.domain()})),
    ]))
}

pub(crate) async fn listen(State(slack): State<Slack>, mut request: Request) -> Response {
    let Some(guest) = slack.admitted(&request, Socket::Rtm) else {
        return (StatusCode::FORBIDDEN, "this ticket is over: call rtm.connect again").into_response();
    };
    let Some(response) = switched(&request) else {
        return (StatusCode::BAD_REQUEST, "this address speaks WebSocket, version 13").into_response();
    };
    let on_upgrade = hyper::upgrade::on(&mut request);
    tokio::spawn(serve(slack, guest, on_upgrade));
    response
}

async fn serve(slack: Slack, guest: Ticket, on_upgrade: OnUpgrade) {
    // Subscribed before the greeting: nothing falls between.
    let mut news = slack.app.bus.subscribe();
    let Some(mut socket) = stream(on_upgrade).await else { return };
    if socket.send(Message::text(json!({"type": "hello"}).to_string())).await.is_err() {
        return;
    }
    let mut ping = tokio::time::interval(PING);
    loop {
        let frames = tokio::select! {
            said = socket.next() => match said {
                Some(Ok(Message::Text(text))) => hear(&slack, guest, &text).await.into_iter().collect(),
                Some(Ok(Message::Close(_)) | Err(_)) | None => return,
                Some(Ok(_)) => Vec::new(),
            },
            heard = news.next() => match heard {
                Some(Heard::Batch(batch)) => {
                    if is_over(&slack, guest, &batch).await {
                        return;
                    }
                    told(&slack, guest, &batch).await
                }
                // What was missed is read by methods; whoever connects again begins anew.
                Some(Heard::Missed(_)) => {
                    let _ = socket.send(Message::text(json!({"type": "goodbye"}).to_string())).await;
                    return;
                }
                None => return,
            },
            _ = ping.tick() => {
                let lives = matches!(slack.app.session_lives(guest.session).await, Ok(true));
                if !lives || socket.send(Message::Ping("madang".into())).await.is_err() {
                    return;
                }
                Vec::new()
            }
            () = slack.stopping.notified() => {
                let _ = socket.send(Message::text(json!({"type": "goodbye"}).to_string())).await;
                return;
            }
        };
        for frame in frames {
            if socket.send(Message::text(frame.to_string())).await.is_err() {
                return;
            }
        }
    }
}

/// Whether the token has ended, as far as this batch says anything of it.
async fn is_over(slack: &Slack, guest: Ticket, batch: &[Announcement]) -> bool {
    if batch.contains(&Announcement::SessionEnded(guest.session)) {
        return true;
    }
    batch.contains(&Announcement::Outside)
        && !matches!(slack.app.session_lives(guest.session).await, Ok(true))
}

async fn told(slack: &Slack, guest: Ticket, batch: &[Announcement]) -> Vec<Value> {
    let mut frames = Vec::new();
    for one in batch {
        let Announcement::Event(event) = one else { continue };
        match events(slack, guest, event).await {
            Ok(more) => frames.extend(more),
            Err(fail) => tracing::warn!(fail = fail.said(), "An event could not be told to an old bot"),
        }
    }
    frames
}

async fn events(slack: &Slack, guest: Ticket, event: &Event) -> Result<Vec<Value>, Fail> {
    if event.staff {
        return Ok(Vec::new());
    }
    let Ok(summary) = slack.app.space(guest.person, event.space).await else { return Ok(Vec::new()) };
    if summary.me.is_none() {
        return Ok(Vec::new());
    }
    let seen = Seen::new(guest.person, true, summary);
    Ok(slack.events_of(None, &seen, event).await?.into_iter().map(|it| it.event).collect())
}

/// What an old bot says: a message, or that it is there.
async fn hear(slack: &Slack, guest: Ticket, text: &str) -> Option<Value> {
    let said: Value = serde_json::from_str(text).ok()?;
    let number = said.get("id").cloned().unwrap_or(Value::Null);
    match said["type"].as_str() {
        Some("ping") => {
            let mut pong = said.as_object().cloned().unwrap_or_default();
            pong.remove("id");
            pong.insert("type".into(), json!("pong"));
            pong.insert("reply_to".into(), number);
            Some(Value::Object(pong))
        }
        Some("message") => Some(match post(slack, guest, said).await {
            Ok((at, text)) => json!({"ok": true, "reply_to": number, "ts": at, "text": text}),
            Err(fail) => json!({"ok": false, "reply_to": number, "error": {"code": 2, "msg": fail.code}}),
        }),
        _ => None,
    }
}

async fn post(slack: &Slack, guest: Ticket, said: Value) -> Result<(String, String), Fail> {
    slack.front.admits(guest.person)?;
    let args = Args(said.as_object().cloned().unwrap_or_default());
    let channel = args.required("channel")?;
    let space = slack.space_called(&channel).await?.ok_or_else(|| Fail::new("channel_not_found"))?;
    let thread = match args.text("thread_ts").as_deref().and_then(ts::read) {
        Some(at) => slack.app.seq_at(space, at).await?,
        None => None,
    };
    let composed = slack.compose(&args, guest.app).await?;
    let new = NewMessage { text: composed.text, app: composed.part, thread, ..NewMessage::default() };
    let event = slack.app.post(guest.person, space, new).await?;
    Ok((ts::written(event.at_us), args.text("text").unwrap_or_default()))
}
