//! How the house is: numbers, what wants looking at, and whether mail works.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use madang_app::App;
use madang_model::permission::HouseRight;
use madang_model::refusal::Thing;
use madang_model::{Refusal, SpaceId};
use madang_store::db::Engine;

use crate::auth::Caller;
use crate::cli::doctor;
use crate::endpoint;
use crate::error::Result;
use crate::extract::{Json, Path, Query};
use crate::router::{Doors, Endpoint, Policy};
use crate::wire::overview::{
    Doctor, DoctorLine, HouseLinks, HouseSpaces, ListHouseSpaces, MailTested, Overview, PeopleCount,
    SpacesCount, Storage,
};

/// One look at a time: it reads the whole database.
static LOOKING: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        endpoint!(show, __path_show, Policy::House(HouseRight::SeeOverview)),
        endpoint!(look, __path_look, Policy::House(HouseRight::SeeOverview)),
        endpoint!(mail, __path_mail, Policy::House(HouseRight::SeeOverview)),
        endpoint!(spaces, __path_spaces, Policy::House(HouseRight::SeeOverview)),
        endpoint!(links, __path_links, Policy::House(HouseRight::ManageLinks)),
        endpoint!(revoke, __path_revoke, Policy::House(HouseRight::ManageLinks)),
    ]
}

/// Numbers of people, spaces and bytes.
#[utoipa::path(get, path = "/api/v1/overview", tag = "administration", responses((status = 200, body = Overview)))]
async fn show(State(doors): State<Doors>, caller: Caller) -> Result<Json<Overview>> {
    let found = doors.app.overview(caller.person).await?;
    let numbers = found.numbers;
    Ok(Json(Overview {
        version: env!("CARGO_PKG_VERSION"),
        engine: if doors.app.db.engine() == Engine::Sqlite { "sqlite" } else { "postgres" },
        people: PeopleCount {
            members: numbers.members,
            guests: numbers.guests,
            deactivated: numbers.deactivated,
        },
        spaces: SpacesCount {
            open: numbers.open_spaces,
            closed: numbers.closed_spaces,
            direct: numbers.direct_spaces,
            archived: numbers.archived_spaces,
        },
        storage: Storage {
            database: numbers.database_bytes,
            files: numbers.file_bytes,
            file_count: numbers.files,
            free: madang_store::free_bytes(&doors.config.data),
        },
        mail: found.has_mail,
        backed_up_at: found.backed_up_ms.map(|ms| ms * 1_000),
    }))
}

/// What `madang doctor` sees, with what to do. Takes a while.
#[utoipa::path(get, path = "/api/v1/overview/doctor", tag = "administration", responses((status = 200, body = Doctor)))]
async fn look(State(doors): State<Doors>, caller: Caller) -> Result<Json<Doctor>> {
    doors.app.asks_house(caller.person, HouseRight::SeeOverview).await?;
    let _alone = LOOKING.lock().await;
    let config = doors.config.clone();
    let found = tokio::task::spawn_blocking(move || doctor::findings(&config)).await;
    let found = found.map_err(anyhow::Error::from)??;
    let lines: Vec<DoctorLine> = found
        .into_iter()
        .map(|line| {
            let fine = line.state.is_ok();
            let (Ok(text) | Err(text)) = line.state;
            DoctorLine { about: line.about, fine, text }
        })
        .collect();
    Ok(Json(Doctor { fine: lines.iter().all(|line| line.fine), lines }))
}

/// Sends a real mail to the caller, and tells what became of it.
#[utoipa::path(post, path = "/api/v1/overview/mail", tag = "administration", responses((status = 200, body = MailTested)))]
async fn mail(State(app): State<Arc<App>>, caller: Caller) -> Result<Json<MailTested>> {
    let tested = app.test_mail(caller.person).await?;
    Ok(Json(MailTested {
        sent: tested.complaint.is_none(),
        to: tested.to,
        said: tested.said,
        complaint: tested.complaint,
    }))
}

/// The spaces of the house that the caller may look after.
#[utoipa::path(get, path = "/api/v1/overview/spaces", tag = "administration", params(ListHouseSpaces), responses((status = 200, body = HouseSpaces)))]
async fn spaces(
    State(app): State<Arc<App>>,
    caller: Caller,
    Query(query): Query<ListHouseSpaces>,
) -> Result<Json<HouseSpaces>> {
    let invalid = || Refusal::Invalid { what: "cursor", why: "use next_cursor of the last answer".into() };
    let after: Option<SpaceId> =
        query.cursor.as_deref().map(str::parse).transpose().map_err(|_| invalid())?;
    let found = app.house_spaces(caller.person, after, query.limit.unwrap_or(100)).await?;
    Ok(Json(HouseSpaces {
        spaces: found.spaces.into_iter().map(Into::into).collect(),
        hidden: found.hidden,
        next_cursor: found.next.map(|id| id.to_string()),
    }))
}

/// The join links of the whole house.
#[utoipa::path(get, path = "/api/v1/links", tag = "administration", responses((status = 200, body = HouseLinks)))]
async fn links(State(app): State<Arc<App>>, caller: Caller) -> Result<Json<HouseLinks>> {
    let found = app.house_links(caller.person).await?;
    Ok(Json(HouseLinks { links: found.into_iter().map(Into::into).collect() }))
}

/// Ends any of them.
#[utoipa::path(delete, path = "/api/v1/links/{link}", tag = "administration", params(("link" = String, Path)), responses((status = 204)))]
async fn revoke(State(app): State<Arc<App>>, caller: Caller, Path(link): Path<String>) -> Result<StatusCode> {
    let link = link.parse().map_err(|_| Refusal::NotFound(Thing::Link))?;
    app.revoke_any_link(caller.person, link).await?;
    Ok(StatusCode::NO_CONTENT)
}
