//! Apps: what is installed, what opens it, what it was told.

use axum::extract::State;
use axum::http::StatusCode;
use madang_app::apps::GrantKind;
use madang_model::permission::HouseRight;
use madang_model::{AppId, PersonId, Refusal, SessionId, SpaceId, WebhookId};
use madang_slack::fail::Fail;
use madang_slack::provision;
use serde::Deserialize;

use crate::auth::Caller;
use crate::endpoint;
use crate::error::Result;
use crate::extract::{Json, Path, Query};
use crate::router::{Doors, Endpoint, Policy};
use crate::wire::apps::{
    AppDeliveries, AppHookAnswer, AppSecretAnswer, AppTokenAnswer, InstallApp, InstalledApp,
    InstalledAppAnswer, InstalledApps, NewAppHook, NewAppToken, NewInstalledApp,
};

/// Deliveries of one answer.
const PAGE: i64 = 50;

pub fn endpoints() -> Vec<Endpoint> {
    let manage = Policy::House(HouseRight::ManageApps);
    vec![
        endpoint!(list, __path_list, manage),
        endpoint!(install, __path_install, manage),
        endpoint!(one, __path_one, manage),
        endpoint!(change, __path_change, manage),
        endpoint!(remove, __path_remove, manage),
        endpoint!(new_token, __path_new_token, manage),
        endpoint!(end_token, __path_end_token, manage),
        endpoint!(new_secret, __path_new_secret, manage),
        endpoint!(new_hook, __path_new_hook, manage),
        endpoint!(remove_hook, __path_remove_hook, manage),
        endpoint!(deliveries, __path_deliveries, manage),
        endpoint!(replay, __path_replay, manage),
        endpoint!(resume, __path_resume, manage),
    ]
}

/// What Slack's door says of a manifest, as this one says it.
fn wrong(fail: Fail) -> Refusal {
    Refusal::Invalid { what: "manifest", why: fail.said() }
}

async fn look(doors: &Doors, id: AppId) -> Result<InstalledApp> {
    let record = doors.app.installed(id).await?;
    let grants = doors.app.grants_of_app(id).await?;
    let hooks = doors.app.hooks_of_app(id).await?;
    Ok(InstalledApp::new(record, grants, hooks, doors.slack.sockets.count(id)))
}

async fn manages(doors: &Doors, person: PersonId) -> Result<()> {
    Ok(doors.app.asks_house(person, HouseRight::ManageApps).await?)
}

/// The apps that are installed.
#[utoipa::path(get, path = "/api/v1/apps", tag = "administration", responses((status = 200, body = InstalledApps)))]
async fn list(State(doors): State<Doors>, caller: Caller) -> Result<Json<InstalledApps>> {
    manages(&doors, caller.person).await?;
    let mut apps = Vec::new();
    for record in doors.app.apps().await? {
        apps.push(look(&doors, record.id).await?);
    }
    Ok(Json(InstalledApps { apps }))
}

/// Installs an app from a manifest in Slack's format. What opens it is shown this once.
#[utoipa::path(post, path = "/api/v1/apps", tag = "administration", request_body = InstallApp, responses((status = 201, body = NewInstalledApp)))]
async fn install(
    State(doors): State<Doors>,
    caller: Caller,
    Json(body): Json<InstallApp>,
) -> Result<(StatusCode, Json<NewInstalledApp>)> {
    manages(&doors, caller.person).await?;
    let person = Some(caller.person);
    let made = provision::install(&doors.app, person, &body.text(), person, &[]).await.map_err(wrong)?;
    let app = look(&doors, made.installed.record.id).await?;
    let credentials = made.shown(doors.app.workspace_id().await?.0);
    Ok((StatusCode::CREATED, Json(NewInstalledApp { app, credentials })))
}

/// One app.
#[utoipa::path(get, path = "/api/v1/apps/{app}", tag = "administration", params(("app" = String, Path)), responses((status = 200, body = InstalledAppAnswer)))]
async fn one(
    State(doors): State<Doors>,
    caller: Caller,
    Path(app): Path<AppId>,
) -> Result<Json<InstalledAppAnswer>> {
    manages(&doors, caller.person).await?;
    Ok(Json(InstalledAppAnswer { app: look(&doors, app).await? }))
}

/// Gives an app another manifest. Tokens that it has keep the scopes that they have.
#[utoipa::path(put, path = "/api/v1/apps/{app}", tag = "administration", params(("app" = String, Path)), request_body = InstallApp, responses((status = 200, body = InstalledAppAnswer)))]
async fn change(
    State(doors): State<Doors>,
    caller: Caller,
    Path(app): Path<AppId>,
    Json(body): Json<InstallApp>,
) -> Result<Json<InstalledAppAnswer>> {
    manages(&doors, caller.person).await?;
    let wished = provision::wished(&body.text()).map_err(wrong)?;
    doors.app.change_app(Some(caller.person), app, wished.wish).await?;
    Ok(Json(InstalledAppAnswer { app: look(&doors, app).await? }))
}

/// Ends an app: its tokens open nothing any more. What it said stays.
#[utoipa::path(delete, path = "/api/v1/apps/{app}", tag = "administration", params(("app" = String, Path)), responses((status = 204)))]
async fn remove(State(doors): State<Doors>, caller: Caller, Path(app): Path<AppId>) -> Result<StatusCode> {
    doors.app.remove_app(Some(caller.person), app).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Another token, with the scopes of the manifest. Shown this once.
#[utoipa::path(post, path = "/api/v1/apps/{app}/tokens", tag = "administration", params(("app" = String, Path)), request_body = NewAppToken, responses((status = 201, body = AppTokenAnswer)))]
async fn new_token(
    State(doors): State<Doors>,
    caller: Caller,
    Path(app): Path<AppId>,
    Json(body): Json<NewAppToken>,
) -> Result<(StatusCode, Json<AppTokenAnswer>)> {
    manages(&doors, caller.person).await?;
    let why = || Refusal::Invalid { what: "kind", why: "it is bot, app or user".into() };
    let kind = GrantKind::parse(&body.kind).ok_or_else(why)?;
    let wished = provision::wished(&doors.app.installed(app).await?.manifest).map_err(wrong)?;
    let scopes = match kind {
        GrantKind::Bot => wished.bot_scopes,
        GrantKind::User => wished.user_scopes,
        GrantKind::Agent => return Err(why().into()),
        GrantKind::App => provision::APP_SCOPES.map(ToOwned::to_owned).to_vec(),
    };
    let person = Some(caller.person);
    let (_, token) = doors.app.grant_app(person, app, kind, person, scopes).await?;
    Ok((StatusCode::CREATED, Json(AppTokenAnswer { token })))
}

/// Ends a token of an app.
#[utoipa::path(delete, path = "/api/v1/apps/{app}/tokens/{token}", tag = "administration", params(("app" = String, Path), ("token" = String, Path)), responses((status = 204)))]
async fn end_token(
    State(doors): State<Doors>,
    caller: Caller,
    Path((app, token)): Path<(AppId, SessionId)>,
) -> Result<StatusCode> {
    doors.app.end_grant(Some(caller.person), app, token).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What the app is told is signed with another secret from here on. Shown this once.
#[utoipa::path(post, path = "/api/v1/apps/{app}/secret", tag = "administration", params(("app" = String, Path)), responses((status = 200, body = AppSecretAnswer)))]
async fn new_secret(
    State(doors): State<Doors>,
    caller: Caller,
    Path(app): Path<AppId>,
) -> Result<Json<AppSecretAnswer>> {
    let signing_secret = doors.app.new_signing_secret(caller.person, app).await?;
    Ok(Json(AppSecretAnswer { signing_secret }))
}

/// An address at which anybody who knows it posts into a space, as the app's bot. Shown this once.
#[utoipa::path(post, path = "/api/v1/apps/{app}/webhooks", tag = "administration", params(("app" = String, Path)), request_body = NewAppHook, responses((status = 201, body = AppHookAnswer)))]
async fn new_hook(
    State(doors): State<Doors>,
    caller: Caller,
    Path(app): Path<AppId>,
    Json(body): Json<NewAppHook>,
) -> Result<(StatusCode, Json<AppHookAnswer>)> {
    manages(&doors, caller.person).await?;
    let why = || Refusal::NotFound(madang_model::refusal::Thing::Space);
    let space: SpaceId = body.space.parse().map_err(|_| why())?;
    let (hook, secret) = doors.app.create_app_hook(Some(caller.person), app, space).await?;
    let url = provision::webhook_url(&doors.app, hook.id.0, &secret).await.map_err(wrong)?;
    Ok((StatusCode::CREATED, Json(AppHookAnswer { url })))
}

/// Nobody posts at that address any more.
#[utoipa::path(delete, path = "/api/v1/apps/{app}/webhooks/{webhook}", tag = "administration", params(("app" = String, Path), ("webhook" = String, Path)), responses((status = 204)))]
async fn remove_hook(
    State(doors): State<Doors>,
    caller: Caller,
    Path((app, webhook)): Path<(AppId, WebhookId)>,
) -> Result<StatusCode> {
    doors.app.remove_app_hook(caller.person, app, webhook).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Debug, Deserialize)]
struct Before {
    cursor: Option<i64>,
}

/// What the app was told, and is still to be told, newest first; kept for three days.
#[utoipa::path(get, path = "/api/v1/apps/{app}/deliveries", tag = "administration", params(("app" = String, Path), ("cursor" = Option<i64>, Query, description = "`next_cursor` of the answer before")), responses((status = 200, body = AppDeliveries)))]
async fn deliveries(
    State(doors): State<Doors>,
    caller: Caller,
    Path(app): Path<AppId>,
    Query(before): Query<Before>,
) -> Result<Json<AppDeliveries>> {
    let before = before.cursor.unwrap_or(i64::MAX);
    let found = doors.app.app_deliveries(caller.person, app, before, PAGE).await?;
    let next_cursor = match found.last() {
        Some(last) if found.len() as i64 == PAGE => Some(last.id.to_string()),
        _ => None,
    };
    Ok(Json(AppDeliveries { deliveries: found.into_iter().map(Into::into).collect(), next_cursor }))
}

/// Tells the app something once more.
#[utoipa::path(post, path = "/api/v1/apps/{app}/deliveries/{delivery}/replay", tag = "administration", params(("app" = String, Path), ("delivery" = i64, Path)), responses((status = 204)))]
async fn replay(
    State(doors): State<Doors>,
    caller: Caller,
    Path((app, delivery)): Path<(AppId, i64)>,
) -> Result<StatusCode> {
    doors.app.replay_delivery(caller.person, app, delivery).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// An app to which nothing was told any more is told again, with all that waited.
#[utoipa::path(post, path = "/api/v1/apps/{app}/resume", tag = "administration", params(("app" = String, Path)), responses((status = 204)))]
async fn resume(State(doors): State<Doors>, caller: Caller, Path(app): Path<AppId>) -> Result<StatusCode> {
    doors.app.resume_app(caller.person, app).await?;
    Ok(StatusCode::NO_CONTENT)
}
