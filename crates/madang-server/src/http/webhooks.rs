//! Webhooks: which addresses outside are told what happens.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use madang_app::App;
use madang_app::webhooks::EVENTS;
use madang_model::WebhookId;
use madang_model::permission::HouseRight;
use serde::Deserialize;

use crate::auth::Caller;
use crate::endpoint;
use crate::error::Result;
use crate::extract::{Json, Path, Query};
use crate::router::{Endpoint, Policy};
use crate::wire::webhooks::{
    self, SetWebhook, WebhookAnswer, WebhookDeliveries, WebhookDelivery, WebhookTested, Webhooks,
};

/// Deliveries of one answer.
const PAGE: i64 = 50;

#[derive(Debug, Deserialize)]
struct Before {
    cursor: Option<WebhookId>,
}

pub fn endpoints() -> Vec<Endpoint> {
    let manage = Policy::House(HouseRight::ManageWebhooks);
    vec![
        endpoint!(list, __path_list, manage),
        endpoint!(create, __path_create, manage),
        endpoint!(change, __path_change, manage),
        endpoint!(remove, __path_remove, manage),
        endpoint!(test, __path_test, manage),
        endpoint!(deliveries, __path_deliveries, manage),
        endpoint!(replay, __path_replay, manage),
    ]
}

/// The addresses that are told, and how it went with each the last time.
#[utoipa::path(get, path = "/api/v1/webhooks", tag = "administration", responses((status = 200, body = Webhooks)))]
async fn list(State(app): State<Arc<App>>, caller: Caller) -> Result<Json<Webhooks>> {
    let all = app.webhooks(caller.person).await?;
    Ok(Json(Webhooks { webhooks: all.into_iter().map(Into::into).collect(), events: EVENTS.to_vec() }))
}

/// Another address is told. What its requests are signed with is shown this once.
#[utoipa::path(post, path = "/api/v1/webhooks", tag = "administration", request_body = SetWebhook, responses((status = 201, body = WebhookAnswer)))]
async fn create(
    State(app): State<Arc<App>>,
    caller: Caller,
    Json(body): Json<SetWebhook>,
) -> Result<(StatusCode, Json<WebhookAnswer>)> {
    let made = app.create_webhook(caller.person, body.try_into()?).await?;
    Ok((StatusCode::CREATED, Json(WebhookAnswer { webhook: made.into() })))
}

/// Changes an address, switches it on or off, or gives it another key.
#[utoipa::path(patch, path = "/api/v1/webhooks/{webhook}", tag = "administration", params(("webhook" = String, Path)), request_body = SetWebhook, responses((status = 200, body = WebhookAnswer)))]
async fn change(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(webhook): Path<WebhookId>,
    Json(body): Json<SetWebhook>,
) -> Result<Json<WebhookAnswer>> {
    let changed = app.change_webhook(caller.person, webhook, body.try_into()?).await?;
    Ok(Json(WebhookAnswer { webhook: changed.into() }))
}

/// An address is told no more.
#[utoipa::path(delete, path = "/api/v1/webhooks/{webhook}", tag = "administration", params(("webhook" = String, Path)), responses((status = 204)))]
async fn remove(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(webhook): Path<WebhookId>,
) -> Result<StatusCode> {
    app.remove_webhook(caller.person, webhook).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What the address was told, and is still to be told, newest first. What is over is kept for three days.
#[utoipa::path(get, path = "/api/v1/webhooks/{webhook}/deliveries", tag = "administration", params(("webhook" = String, Path), ("cursor" = Option<String>, Query, description = "`next_cursor` of the answer before")), responses((status = 200, body = WebhookDeliveries)))]
async fn deliveries(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(webhook): Path<WebhookId>,
    Query(before): Query<Before>,
) -> Result<Json<WebhookDeliveries>> {
    let before = before.cursor.map_or(i64::MAX, |it| it.0);
    let found = app.webhook_deliveries(caller.person, webhook, before, PAGE).await?;
    let full = found.len() as i64 == PAGE;
    let deliveries: Vec<WebhookDelivery> = found.into_iter().map(Into::into).collect();
    let next_cursor = deliveries.last().filter(|_| full).map(|it| it.id.clone());
    Ok(Json(WebhookDeliveries { deliveries, next_cursor }))
}

/// Tells the address something once more, under the id that it had.
#[utoipa::path(post, path = "/api/v1/webhooks/{webhook}/deliveries/{delivery}/replay", tag = "administration", params(("webhook" = String, Path), ("delivery" = String, Path)), responses((status = 204)))]
async fn replay(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((webhook, delivery)): Path<(WebhookId, WebhookId)>,
) -> Result<StatusCode> {
    app.replay_webhook_delivery(caller.person, webhook, delivery.0).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Sends an event of the type `test` at once, and tells how it went.
#[utoipa::path(post, path = "/api/v1/webhooks/{webhook}/test", tag = "administration", params(("webhook" = String, Path)), responses((status = 200, body = WebhookTested)))]
async fn test(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(webhook): Path<WebhookId>,
) -> Result<Json<WebhookTested>> {
    Ok(Json(app.test_webhook(caller.person, webhook, webhooks::body).await?.into()))
}
