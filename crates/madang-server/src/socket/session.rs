//! One device's connection, from the upgrade to the end.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::{Duration, Instant};

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::Stream;
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use madang_model::Refusal;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};

use super::calls::Pace;
use super::frame;
use super::hub::{Device, Hub};
use super::outlet::{Inlet, Outlet};
use crate::auth::{self, Caller, Credential};
use crate::error::{Error, Result};
use crate::router::Doors;
use crate::wire::frames::{ClientFrame, Pong, WelcomeFrame};

/// How long a device may take to say hello.
const HELLO: Duration = Duration::from_secs(10);
/// At most one typing signal in this time per device.
const TYPING: Duration = Duration::from_secs(1);
/// Largest frame a device may send: a hello with thousands of heads fits.
const INBOUND: usize = 256 * 1024;

/// Opens the socket of a device: `hello`, `welcome`, then live frames.
///
/// Described in docs/protocol/sync.md.
#[utoipa::path(get, path = "/api/v1/socket", tag = "sync",
    responses((status = 101, description = "The connection is a WebSocket (RFC 6455)")))]
pub async fn socket(State(doors): State<Doors>, caller: Caller, mut request: Request) -> Result<Response> {
    let headers = request.headers();
    let credential = auth::credential(headers, auth::is_secure(&doors));
    if matches!(credential, Some(Credential::Cookie(_))) && !doors.guard.is_our_origin(headers) {
        return Err(Refusal::ForeignPage.into());
    }
    let key = handshake_key(headers)?;
    let spoken = headers.contains_key(header::SEC_WEBSOCKET_PROTOCOL);
    let on_upgrade = hyper::upgrade::on(&mut request);
    tokio::spawn(serve(doors.hub.clone(), caller, on_upgrade));
    let mut response = StatusCode::SWITCHING_PROTOCOLS.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONNECTION, HeaderValue::from_static("Upgrade"));
    headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
    let accept = HeaderValue::from_str(&derive_accept_key(key.as_bytes())).expect("base64 is a header value");
    headers.insert(header::SEC_WEBSOCKET_ACCEPT, accept);
    if spoken {
        headers.insert(header::SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(auth::PROTOCOL));
    }
    Ok(response)
}

/// Checks the opening handshake (RFC 6455, 4.2.1) and gives its key.
fn handshake_key(headers: &HeaderMap) -> Result<String, Error> {
    let says = |name: header::HeaderName, word: &str| {
        headers.get_all(name).iter().any(|value| {
            value
                .to_str()
                .is_ok_and(|text| text.split(',').any(|part| part.trim().eq_ignore_ascii_case(word)))
        })
    };
    let key = headers.get(header::SEC_WEBSOCKET_KEY).and_then(|key| key.to_str().ok());
    match key {
        Some(key)
            if says(header::CONNECTION, "upgrade")
                && says(header::UPGRADE, "websocket")
                && says(header::SEC_WEBSOCKET_VERSION, "13") =>
        {
            Ok(key.to_owned())
        }
        _ => {
            Err(Refusal::Invalid { what: "request", why: "this address speaks WebSocket, version 13".into() }
                .into())
        }
    }
}

async fn serve(hub: Arc<Hub>, caller: Caller, on_upgrade: OnUpgrade) {
    let Ok(upgraded) = on_upgrade.await else { return };
    let outlet = Outlet::new(TokioIo::new(upgraded));
    let mut config = WebSocketConfig::default();
    config.read_buffer_size = 1024;
    config.write_buffer_size = 0;
    config.max_write_buffer_size = INBOUND;
    config.max_message_size = Some(INBOUND);
    config.max_frame_size = Some(INBOUND);
    let mut inbound =
        WebSocketStream::from_raw_socket(Inlet(outlet.clone()), Role::Server, Some(config)).await;
    let Ok(Some(ClientFrame::Hello(hello))) = tokio::time::timeout(HELLO, next(&mut inbound, &outlet)).await
    else {
        return;
    };
    let device = Device::new(caller.person, caller.session, outlet);
    device.named(hello.device.clone());
    if greet(&hub, &device, hello.into()).await.is_ok() {
        listen(&hub, &device, &mut inbound).await;
    }
    hub.disconnect(&device);
}

/// Follows first and reads after, so that nothing falls between: neither an
/// event, nor a removal (invariant 7).
async fn greet(
    hub: &Arc<Hub>,
    device: &Arc<Device>,
    hello: madang_app::Hello,
) -> Result<(), madang_app::Error> {
    hub.connect(device);
    // After `connect`: a session that ended between it and the upgrade was cut in vain.
    let sight = hub.app.sight(device.person, device.session).await?;
    device.sees(sight.everybody);
    sight.spaces.iter().for_each(|space| hub.follow(*space, device));
    let welcome = hub.app.welcome(device.person, hello).await?;
    // Taken out of a space after the first look and before it was followed: the hub could not know.
    // Whatever is held back for the device may hold more than it may see, so it begins again.
    if !sight.spaces.iter().all(|space| welcome.mine.contains(space)) {
        return Err(Refusal::NotAMember.into());
    }
    let calls = hub.app.calls_in(device.person, &welcome.mine);
    device.outlet.welcome(frame::text(&WelcomeFrame::new(&welcome, calls)));
    hub.catch_up_with_calls(device);
    hub.tell_of_still(device);
    Ok(())
}

async fn listen(hub: &Arc<Hub>, device: &Arc<Device>, inbound: &mut WebSocketStream<Inlet>) {
    let mut last_typing: Option<Instant> = None;
    let mut pace = Pace::new();
    while let Ok(Some(said)) = tokio::time::timeout(hub.silence, next(inbound, &device.outlet)).await {
        match said {
            ClientFrame::Typing { space, thread } => {
                if last_typing.is_none_or(|last| last.elapsed() >= TYPING) {
                    last_typing = Some(Instant::now());
                    hub.typing(space, device.person, thread);
                }
            }
            ClientFrame::CallSignal { call, signal } => {
                if pace.step() {
                    hub.call_signal(device, call, signal);
                }
            }
            ClientFrame::Watch { space, on } => {
                if pace.step() {
                    hub.watch(device, space, on).await;
                }
            }
            ClientFrame::Point { space, word } => {
                if pace.step() {
                    hub.point(device, space, word).await;
                }
            }
            ClientFrame::Sight { visible } => hub.sight(device, visible),
            ClientFrame::Ping => device.outlet.send(&frame::text(&Pong {})),
            ClientFrame::Hello(_) | ClientFrame::Unknown => {}
        }
    }
}

/// The next frame from the device; none when the connection is over. Writes on
/// what waits meanwhile.
async fn next(inbound: &mut WebSocketStream<Inlet>, outlet: &Arc<Outlet>) -> Option<ClientFrame> {
    poll_fn(|cx| {
        if outlet.poll_over(cx).is_ready() {
            return Poll::Ready(None);
        }
        loop {
            match Pin::new(&mut *inbound).poll_next(cx) {
                Poll::Ready(Some(Ok(Message::Text(text)))) => {
                    return Poll::Ready(Some(serde_json::from_str(&text).unwrap_or(ClientFrame::Unknown)));
                }
                Poll::Ready(Some(Ok(Message::Close(_)) | Err(_)) | None) => return Poll::Ready(None),
                Poll::Ready(Some(Ok(_))) => {}
                Poll::Pending => return Poll::Pending,
            }
        }
    })
    .await
}
