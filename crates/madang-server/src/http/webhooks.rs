//! Webhooks: which addresses outside are told what happens.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use madang_app::App;
use madang_app::webhooks::EVENTS;
use madang_model::WebhookId;
use madang_model::permission::HouseRight;

use crate::auth::Caller;
use crate::endpoint;
use crate::error::Result;
use crate::extract::{Json, Path};
use crate::router::{Endpoint, Policy};
use crate::wire::webhooks::{self, SetWebhook, WebhookAnswer, WebhookTested, Webhooks};

pub fn endpoints() -> Vec<Endpoint> {
    let manage = Policy::House(HouseRight::ManageWebhooks);
    vec![
        endpoint!(list, __path_list, manage),
        endpoint!(create, __path_create, manage),
        endpoint!(change, __path_change, manage),
        endpoint!(remove, __path_remove, manage),
        endpoint!(test, __path_test, manage),
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
    let made = app.create_webhook(caller.person, body.into()).await?;
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
    let changed = app.change_webhook(caller.person, webhook, body.into()).await?;
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

/// Sends an event of the type `test` at once, and tells how it went.
#[utoipa::path(post, path = "/api/v1/webhooks/{webhook}/test", tag = "administration", params(("webhook" = String, Path)), responses((status = 200, body = WebhookTested)))]
async fn test(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(webhook): Path<WebhookId>,
) -> Result<Json<WebhookTested>> {
    Ok(Json(app.test_webhook(caller.person, webhook, webhooks::body).await?.into()))
}
