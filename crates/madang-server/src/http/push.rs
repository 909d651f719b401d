//! Web Push: how this device is told while Madang is closed on it. A subscription belongs to the session that gives
//! it, and ends with it.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use madang_app::{App, Device, Session};

use crate::auth::Caller;
use crate::endpoint;
use crate::error::Result;
use crate::extract::Json;
use crate::router::{Endpoint, Policy};
use crate::wire::push::{PushState, PushTest, PushTried, Subscription};

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        endpoint!(show, __path_show, Policy::Oneself),
        endpoint!(subscribe, __path_subscribe, Policy::Oneself),
        endpoint!(unsubscribe, __path_unsubscribe, Policy::Oneself),
        endpoint!(test, __path_test, Policy::Oneself),
    ]
}

/// The key to subscribe with, and whether this device is told.
#[utoipa::path(get, path = "/api/v1/me/push", tag = "push", responses((status = 200, body = PushState)))]
async fn show(State(app): State<Arc<App>>, caller: Caller) -> Result<Json<PushState>> {
    let subscribed = app.is_subscribed(caller.session).await?;
    Ok(Json(PushState { key: app.push_key().to_owned(), subscribed }))
}

/// Tells this device from here on; the body is what `PushSubscription.toJSON()` gives.
#[utoipa::path(put, path = "/api/v1/me/push", tag = "push", request_body = Subscription, responses((status = 204)))]
async fn subscribe(
    State(app): State<Arc<App>>,
    caller: Caller,
    Json(body): Json<Subscription>,
) -> Result<StatusCode> {
    let device = Device { endpoint: body.endpoint, p256dh: body.keys.p256dh, auth: body.keys.auth };
    let session = Session {
        id: caller.session,
        person: caller.person,
        is_token: caller.is_token,
        is_visit: caller.is_visit,
    };
    app.subscribe(session, device).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Tells this device nothing any more.
#[utoipa::path(delete, path = "/api/v1/me/push", tag = "push", responses((status = 204)))]
async fn unsubscribe(State(app): State<Arc<App>>, caller: Caller) -> Result<StatusCode> {
    app.unsubscribe(caller.session).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Sends this device a notification that says that notifications arrive.
#[utoipa::path(post, path = "/api/v1/me/push/test", tag = "push", request_body = PushTest, responses((status = 200, body = PushTried)))]
async fn test(
    State(app): State<Arc<App>>,
    caller: Caller,
    Json(body): Json<PushTest>,
) -> Result<Json<PushTried>> {
    Ok(Json(app.try_push(caller.session, body.mark).await?.into()))
}
