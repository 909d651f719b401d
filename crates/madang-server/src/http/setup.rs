//! The first day of a house.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use madang_app::{App, SetUp};
use madang_model::Refusal;

use crate::auth::{self, Caller};
use crate::endpoint;
use crate::error::Result;
use crate::extract::Json;
use crate::router::{Doors, Endpoint, Policy};
use crate::wire::house::{HouseBegun, SetUpHouse, SetupState};
use crate::wire::person::Person;

pub fn endpoints() -> Vec<Endpoint> {
    vec![endpoint!(state, __path_state, Policy::Anyone), endpoint!(set_up, __path_set_up, Policy::Opening)]
}

/// Whether the house waits for its first day, and what stands on its door after that.
#[utoipa::path(get, path = "/api/v1/setup", tag = "opening", responses((status = 200, body = SetupState)))]
async fn state(State(app): State<Arc<App>>, caller: Option<Caller>) -> Result<Json<SetupState>> {
    let secure = is_secure(&app);
    let front = app.front().await?.map(Into::into);
    Ok(Json(SetupState {
        needed: app.needs_set_up().await?,
        secure,
        mail: app.mailer.is_configured(),
        front,
        signed_in: caller.is_some(),
    }))
}

/// Whether the house is reached by https or on this machine: phones and cameras need that, and push.
pub(super) fn is_secure(app: &App) -> bool {
    let url = &app.config.public_url;
    let on_this_machine =
        ["http://127.0.0.1", "http://localhost", "http://[::1]"].iter().any(|it| url.starts_with(it));
    url.starts_with("https://") || on_this_machine
}

/// Makes the workspace, its owner and a first space, and signs the owner in.
#[utoipa::path(post, path = "/api/v1/setup", tag = "opening", request_body = SetUpHouse, responses((status = 201, body = HouseBegun)))]
async fn set_up(
    State(doors): State<Doors>,
    headers: HeaderMap,
    Json(body): Json<SetUpHouse>,
) -> Result<Response> {
    let first = SetUp {
        workspace: body.workspace.clone(),
        email: body.email,
        name: body.name,
        password: body.password,
        language: body.language,
        device: device(&headers),
        for_program: false,
    };
    let begun = doors.app.set_up(first).await?;
    let me = Person::from(&doors.app.person(begun.owner).await?);
    let workspace = doors.app.workspace().await?.ok_or(Refusal::NotSetUp)?.into();
    let cookie = auth::cookie(&begun.secret, auth::is_secure(&doors));
    Ok((StatusCode::CREATED, [(header::SET_COOKIE, cookie)], Json(HouseBegun { me, workspace }))
        .into_response())
}

/// What a device is called when nobody named it: its browser and system.
pub(super) fn device(headers: &HeaderMap) -> String {
    let agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let first = |words: &[(&str, &'static str)]| {
        words.iter().find(|(word, _)| agent.contains(word)).map(|(_, name)| *name)
    };
    let browser = first(&[
        ("SamsungBrowser", "Samsung Internet"),
        ("Edg", "Edge"),
        ("Firefox", "Firefox"),
        ("Chrom", "Chrome"),
        ("Safari", "Safari"),
    ]);
    let system = first(&[
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "Mac"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        (Some(browser), Some(system)) => format!("{browser} · {system}"),
        (Some(name), None) | (None, Some(name)) => name.to_owned(),
        (None, None) => agent.chars().take(40).collect(),
    }
}
