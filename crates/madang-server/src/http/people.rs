//! People of the house.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use madang_app::{Added, App};
use madang_model::permission::{HouseRight, Role};
use madang_model::{PersonId, Refusal};

use crate::auth::Caller;
use crate::endpoint;
use crate::error::Result;
use crate::extract::{Json, Path, Query};
use crate::router::{Endpoint, Policy};
use crate::wire::house::{ChangeRole, ErasePerson, Invite, Invited, ListPeople, People, PersonAnswer};
use crate::wire::person::Person;

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        endpoint!(list, __path_list, Policy::Oneself),
        endpoint!(invite, __path_invite, Policy::House(HouseRight::InviteMember)),
        endpoint!(change, __path_change, Policy::House(HouseRight::ManagePeople)),
        endpoint!(remove, __path_remove, Policy::House(HouseRight::ManagePeople)),
        endpoint!(deactivate, __path_deactivate, Policy::House(HouseRight::ManagePeople)),
        endpoint!(reactivate, __path_reactivate, Policy::House(HouseRight::ManagePeople)),
        endpoint!(sign_out, __path_sign_out, Policy::House(HouseRight::ManagePeople)),
        endpoint!(erase, __path_erase, Policy::House(HouseRight::ErasePeople)),
    ]
}

/// People one may see: all of the house, or for a guest those of shared spaces.
#[utoipa::path(get, path = "/api/v1/people", tag = "people", params(ListPeople), responses((status = 200, body = People)))]
async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    Query(query): Query<ListPeople>,
) -> Result<Json<People>> {
    if let Some(ids) = query.ids {
        let ids: Vec<PersonId> = ids.split(',').take(200).filter_map(|id| id.parse().ok()).collect();
        let found = app.people_by_ids(caller.person, ids).await?;
        return Ok(Json(People { people: found.iter().map(Person::from).collect(), next_cursor: None }));
    }
    let limit = query.limit.unwrap_or(100).clamp(1, 500);
    let after = query.cursor.as_deref().map(cursor).transpose()?.unwrap_or((String::new(), PersonId(0)));
    let part = query.q.unwrap_or_default();
    let found = match query.state.as_deref() {
        Some("deactivated") => app.deactivated(caller.person, part, after, limit).await?,
        _ => app.people(caller.person, part, after, limit).await?,
    };
    let last = found.last().filter(|_| found.len() as i64 == limit);
    let next_cursor = last.map(|it| format!("{}.{}", it.id, madang_model::name::fold(&it.name)));
    Ok(Json(People { people: found.iter().map(Person::from).collect(), next_cursor }))
}

/// Adds somebody by address: at once if the house knows them, else by invitation.
#[utoipa::path(post, path = "/api/v1/people", tag = "people", request_body = Invite, responses((status = 200, body = Invited)))]
async fn invite(
    State(app): State<Arc<App>>,
    caller: Caller,
    Json(body): Json<Invite>,
) -> Result<Json<Invited>> {
    Ok(Json(match app.invite(caller.person, &body.email, role(&body.role)?).await? {
        Added::In(person, _) => Invited { person: Some(Person::from(&*person)), invitation: None },
        Added::Invited(invitation) => Invited { person: None, invitation: Some((*invitation).into()) },
    }))
}

/// Gives somebody another role.
#[utoipa::path(patch, path = "/api/v1/people/{id}", tag = "people", params(("id" = String, Path)), request_body = ChangeRole, responses((status = 200, body = PersonAnswer)))]
async fn change(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<PersonId>,
    Json(body): Json<ChangeRole>,
) -> Result<Json<PersonAnswer>> {
    let person = app.change_role(caller.person, id, role(&body.role)?).await?;
    Ok(Json(PersonAnswer { person: Person::from(&person) }))
}

/// Takes somebody, by id or address, out of the house and all its spaces.
#[utoipa::path(delete, path = "/api/v1/people/{id}", tag = "people", params(("id" = String, Path)), responses((status = 204)))]
async fn remove(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(named): Path<String>,
) -> Result<StatusCode> {
    app.remove_person(caller.person, &named).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes somebody out for a while: signed out everywhere within a second; what they wrote and where they are stays.
#[utoipa::path(post, path = "/api/v1/people/{id}/deactivate", tag = "administration", params(("id" = String, Path)), responses((status = 200, body = PersonAnswer)))]
async fn deactivate(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<PersonId>,
) -> Result<Json<PersonAnswer>> {
    let person = app.deactivate(caller.person, id).await?;
    Ok(Json(PersonAnswer { person: Person::from(&person) }))
}

/// Takes them back as they were.
#[utoipa::path(post, path = "/api/v1/people/{id}/reactivate", tag = "administration", params(("id" = String, Path)), responses((status = 200, body = PersonAnswer)))]
async fn reactivate(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<PersonId>,
) -> Result<Json<PersonAnswer>> {
    let person = app.reactivate(caller.person, id).await?;
    Ok(Json(PersonAnswer { person: Person::from(&person) }))
}

/// Ends every session and token of somebody.
#[utoipa::path(post, path = "/api/v1/people/{id}/sign-out", tag = "administration", params(("id" = String, Path)), responses((status = 204)))]
async fn sign_out(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<PersonId>,
) -> Result<StatusCode> {
    app.sign_out_everywhere(caller.person, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Erases what the house knows of somebody, for good; their messages too, if asked for.
#[utoipa::path(post, path = "/api/v1/people/{id}/erase", tag = "administration", params(("id" = String, Path)), request_body = ErasePerson, responses((status = 204)))]
async fn erase(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<PersonId>,
    Json(body): Json<ErasePerson>,
) -> Result<StatusCode> {
    app.erase_person(caller.person, id, body.messages).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn role(text: &str) -> Result<Role, Refusal> {
    Role::to_give(text)
        .ok_or_else(|| Refusal::Invalid { what: "role", why: "it is owner, admin, member or guest".into() })
}

fn cursor(text: &str) -> Result<(String, PersonId), Refusal> {
    let invalid = || Refusal::Invalid { what: "cursor", why: "use next_cursor of the last answer".into() };
    let (id, name) = text.split_once('.').ok_or_else(invalid)?;
    Ok((name.to_owned(), id.parse().map_err(|_| invalid())?))
}
