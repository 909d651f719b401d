//! Help for people of the house: which desks they may ask, as any visitor may.

use axum::extract::State;

use crate::auth::Caller;
use crate::endpoint;
use crate::error::Result;
use crate::extract::Json;
use crate::router::{Doors, Endpoint, Policy};
use crate::wire::visits::{Askable, AskableDesks};

pub fn endpoints() -> Vec<Endpoint> {
    vec![endpoint!(desks, __path_desks, Policy::Oneself)]
}

/// The desks of the house that one may ask, with the addresses of their pages.
#[utoipa::path(get, path = "/api/v1/help", tag = "desks", responses((status = 200, body = AskableDesks)))]
async fn desks(State(doors): State<Doors>, _: Caller) -> Result<Json<AskableDesks>> {
    let fronts = doors.app.desk_fronts().await?;
    let askable = |it| Askable::new(it, &doors.app.config.public_url);
    Ok(Json(AskableDesks { desks: fronts.into_iter().map(askable).collect() }))
}
