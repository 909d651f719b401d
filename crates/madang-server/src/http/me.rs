//! Oneself: profile, settings, password, devices.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use madang_app::App;
use madang_model::register::Key;
use madang_model::{FileId, Refusal, SessionId};
use serde_json::json;

use crate::auth::Caller;
use crate::endpoint;
use crate::error::Result;
use crate::extract::{Json, Path};
use crate::router::{Endpoint, Policy};
use crate::wire::house::{
    ChangeMe, ChangePassword, Changes, MakeAccount, Me, MeWithAccount, MyProfile, Session, Sessions, Settings,
};
use crate::wire::person::Person;

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        endpoint!(show, __path_show, Policy::Oneself),
        endpoint!(change, __path_change, Policy::Oneself),
        endpoint!(settings, __path_settings, Policy::Oneself),
        endpoint!(password, __path_password, Policy::Oneself),
        endpoint!(account, __path_account, Policy::Oneself),
        endpoint!(sessions, __path_sessions, Policy::Oneself),
        endpoint!(end_session, __path_end_session, Policy::Oneself),
    ]
}

/// Oneself, the workspace, and one's settings.
#[utoipa::path(get, path = "/api/v1/me", tag = "me", responses((status = 200, body = MyProfile)))]
async fn show(State(app): State<Arc<App>>, caller: Caller) -> Result<Json<MyProfile>> {
    let record = app.person(caller.person).await?;
    let workspace = app.workspace().await?.ok_or(Refusal::NotSetUp)?;
    let settings = app.register(caller.person, Key::Settings).await?.map_or_else(|| json!({}), |it| it.value);
    let me = MeWithAccount { account: App::has_account(&record), person: Person::from(&record) };
    Ok(Json(MyProfile { me, workspace: workspace.into(), settings }))
}

/// Changes one's name, language or picture.
#[utoipa::path(patch, path = "/api/v1/me", tag = "me", request_body = ChangeMe, responses((status = 200, body = Me)))]
async fn change(State(app): State<Arc<App>>, caller: Caller, Json(body): Json<ChangeMe>) -> Result<Json<Me>> {
    if let Some(picture) = body.picture {
        let file: Option<FileId> =
            picture.as_deref().map(str::parse).transpose().map_err(|_| Refusal::FileNotUsable)?;
        app.set_my_picture(caller.person, file).await?;
    }
    let record = app.change_profile(caller.person, body.name, body.language).await?;
    Ok(Json(Me { me: Person::from(&record), space: None }))
}

/// Changes settings key by key; null takes a key away.
#[utoipa::path(patch, path = "/api/v1/me/settings", tag = "me", request_body = Object, responses((status = 200, body = Settings)))]
async fn settings(
    State(app): State<Arc<App>>,
    caller: Caller,
    Json(Changes(body)): Json<Changes>,
) -> Result<Json<Settings>> {
    let register = app.change_settings(caller.person, body).await?;
    Ok(Json(Settings { settings: register.value }))
}

/// Changes one's password; other devices are signed out, and one's tokens end unless they are kept.
#[utoipa::path(post, path = "/api/v1/me/password", tag = "me", request_body = ChangePassword, responses((status = 204)))]
async fn password(
    State(app): State<Arc<App>>,
    caller: Caller,
    Json(body): Json<ChangePassword>,
) -> Result<StatusCode> {
    app.change_password(caller.person, caller.session, body.current, body.password, body.keep_tokens).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Makes an account of a guest with just a name; the address is confirmed by a link.
#[utoipa::path(post, path = "/api/v1/me/account", tag = "me", request_body = MakeAccount, responses((status = 204)))]
async fn account(
    State(app): State<Arc<App>>,
    caller: Caller,
    Json(body): Json<MakeAccount>,
) -> Result<StatusCode> {
    app.make_account(caller.person, &body.email, body.password).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The devices that are signed in.
#[utoipa::path(get, path = "/api/v1/me/sessions", tag = "me", responses((status = 200, body = Sessions)))]
async fn sessions(State(app): State<Arc<App>>, caller: Caller) -> Result<Json<Sessions>> {
    let found = app.my_sessions(caller.person).await?;
    let sessions = found
        .into_iter()
        .map(|it| Session {
            current: it.id == caller.session,
            id: it.id.to_string(),
            device: it.label,
            created_at: it.created_at,
            seen_at: it.seen_at,
        })
        .collect();
    Ok(Json(Sessions { sessions }))
}

/// Signs one of them out; it is cut off within a second.
#[utoipa::path(delete, path = "/api/v1/me/sessions/{id}", tag = "me", params(("id" = String, Path)), responses((status = 204)))]
async fn end_session(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<SessionId>,
) -> Result<StatusCode> {
    app.end_session(caller.person, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
