//! Who is in a space; adding and removing them by address.

use std::sync::Arc;

use axum::extract::State;
use madang_app::{Added, App};
use madang_model::permission::{Right, SpaceRole};
use madang_model::{Refusal, SpaceId};

use crate::auth::Caller;
use crate::endpoint;
use crate::error::Result;
use crate::extract::{Json, Path};
use crate::router::{Endpoint, Policy};
use crate::wire::house::{AddMember, Member, MemberAdded, Members, Membership};
use crate::wire::messages::EventAnswer;
use crate::wire::person::Person;

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        endpoint!(list, __path_list, Policy::Space(Right::Read)),
        endpoint!(add, __path_add, Policy::Space(Right::AddPeople)),
        endpoint!(remove, __path_remove, Policy::Space(Right::RemovePeople)),
    ]
}

/// Everybody in the space, and the invitations into it that are open.
#[utoipa::path(get, path = "/api/v1/spaces/{id}/members", tag = "spaces", params(("id" = String, Path)), responses((status = 200, body = Members)))]
async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(space): Path<SpaceId>,
) -> Result<Json<Members>> {
    let (members, invited) = app.members(caller.person, space).await?;
    let members = members
        .into_iter()
        .map(|(member, person)| Member {
            person: Person::from(&person),
            role: member.role.as_str(),
            joined_at: member.joined_at,
        })
        .collect();
    Ok(Json(Members { members, invited: invited.into_iter().map(Into::into).collect() }))
}

/// Adds somebody: at once if the house knows them, else by invitation as a guest.
#[utoipa::path(post, path = "/api/v1/spaces/{id}/members", tag = "spaces", params(("id" = String, Path)), request_body = AddMember, responses((status = 200, body = MemberAdded)))]
async fn add(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(space): Path<SpaceId>,
    Json(body): Json<AddMember>,
) -> Result<Json<MemberAdded>> {
    let named = body.email.or(body.person).unwrap_or_default();
    let role = match body.role.as_deref() {
        None => SpaceRole::Member,
        Some(text) => SpaceRole::parse(text)
            .ok_or_else(|| Refusal::Invalid { what: "role", why: "it is host, member or guest".into() })?,
    };
    Ok(Json(match app.add_to_space(caller.person, space, &named, role).await? {
        Added::In(person, event) => {
            let role = app.space_role_of(person.id, space).await?.map_or("member", SpaceRole::as_str);
            let membership = Membership { person: Person::from(&*person), role };
            MemberAdded { membership: Some(membership), invitation: None, event }
        }
        Added::Invited(invitation) => {
            MemberAdded { membership: None, invitation: Some((*invitation).into()), event: None }
        }
    }))
}

/// Takes somebody, by id or address, out of the space.
#[utoipa::path(delete, path = "/api/v1/spaces/{id}/members/{person}", tag = "spaces", params(("id" = String, Path), ("person" = String, Path)), responses((status = 200, body = EventAnswer)))]
async fn remove(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((space, named)): Path<(SpaceId, String)>,
) -> Result<Json<EventAnswer>> {
    Ok(Json(app.remove_from_space(caller.person, space, &named).await?.into()))
}
