//! Contacts: what the house knows of somebody outside.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use madang_app::{App, WhoIsIt};
use madang_model::permission::{HouseRight, Right};
use madang_model::refusal::Thing;
use madang_model::{ContactId, Refusal, SpaceId};

use crate::auth::Caller;
use crate::endpoint;
use crate::error::Result;
use crate::extract::{Json, Path, Query};
use crate::router::{Endpoint, Policy};
use crate::wire::contacts::{
    ContactAnswer, Contacts, ListContacts, MergeContact, SayConsent, SayWhoItIs, SetContact, TicketContact,
    WriteNote,
};

/// Contacts of one answer.
const PAGE: i64 = 50;

pub fn endpoints() -> Vec<Endpoint> {
    let serve = Policy::Space(Right::Serve);
    vec![
        endpoint!(list, __path_list, Policy::Contacts),
        endpoint!(create, __path_create, Policy::Contacts),
        endpoint!(one, __path_one, Policy::Contacts),
        endpoint!(change, __path_change, Policy::Contacts),
        endpoint!(note, __path_note, Policy::Contacts),
        endpoint!(change_note, __path_change_note, Policy::Contacts),
        endpoint!(remove_note, __path_remove_note, Policy::Contacts),
        endpoint!(consent, __path_consent, Policy::Contacts),
        endpoint!(merge, __path_merge, Policy::Contacts),
        endpoint!(erase, __path_erase, Policy::House(HouseRight::ErasePeople)),
        endpoint!(of_ticket, __path_of_ticket, serve),
        endpoint!(say_who, __path_say_who, serve),
    ]
}

/// Contacts in the order of their names, of whom all words of the question are known.
#[utoipa::path(get, path = "/api/v1/contacts", tag = "contacts", params(ListContacts), responses((status = 200, body = Contacts)))]
async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    Query(query): Query<ListContacts>,
) -> Result<Json<Contacts>> {
    let limit = query.limit.unwrap_or(PAGE).clamp(1, 100);
    let cursor = query.cursor.map(|it| contact_id(&it)).transpose()?;
    let question = query.q.unwrap_or_default();
    let tag = query.tag.filter(|it| !it.is_empty());
    Ok(Json(Contacts::new(app.contacts(caller.person, &question, tag, cursor, limit).await?, limit)))
}

/// Writes somebody down.
#[utoipa::path(post, path = "/api/v1/contacts", tag = "contacts", request_body = SetContact, responses((status = 201, body = ContactAnswer)))]
async fn create(
    State(app): State<Arc<App>>,
    caller: Caller,
    Json(body): Json<SetContact>,
) -> Result<(StatusCode, Json<ContactAnswer>)> {
    let made = app.create_contact(caller.person, body.into()).await?;
    Ok((StatusCode::CREATED, Json(made.into())))
}

/// One contact with notes, consents and the rounds of their tickets. Who was merged answers with who they are now.
#[utoipa::path(get, path = "/api/v1/contacts/{contact}", tag = "contacts", params(("contact" = String, Path)), responses((status = 200, body = ContactAnswer)))]
async fn one(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(contact): Path<ContactId>,
) -> Result<Json<ContactAnswer>> {
    Ok(Json(app.contact(caller.person, contact).await?.into()))
}

/// Says anew what is known of a contact. An address that changes is not proven any more.
#[utoipa::path(put, path = "/api/v1/contacts/{contact}", tag = "contacts", params(("contact" = String, Path)), request_body = SetContact, responses((status = 200, body = ContactAnswer)))]
async fn change(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(contact): Path<ContactId>,
    Json(body): Json<SetContact>,
) -> Result<Json<ContactAnswer>> {
    Ok(Json(app.change_contact(caller.person, contact, body.into()).await?.into()))
}

/// Writes a note about a contact.
#[utoipa::path(post, path = "/api/v1/contacts/{contact}/notes", tag = "contacts", params(("contact" = String, Path)), request_body = WriteNote, responses((status = 201, body = ContactAnswer)))]
async fn note(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(contact): Path<ContactId>,
    Json(body): Json<WriteNote>,
) -> Result<(StatusCode, Json<ContactAnswer>)> {
    let look = app.note_contact(caller.person, contact, &body.text).await?;
    Ok((StatusCode::CREATED, Json(look.into())))
}

/// Other words for a note of one's own.
#[utoipa::path(put, path = "/api/v1/contacts/{contact}/notes/{note}", tag = "contacts", params(("contact" = String, Path), ("note" = String, Path)), request_body = WriteNote, responses((status = 200, body = ContactAnswer)))]
async fn change_note(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((contact, note)): Path<(ContactId, String)>,
    Json(body): Json<WriteNote>,
) -> Result<Json<ContactAnswer>> {
    let look = app.change_note(caller.person, contact, note_id(&note)?, Some(&body.text)).await?;
    Ok(Json(look.into()))
}

/// Takes a note of one's own away.
#[utoipa::path(delete, path = "/api/v1/contacts/{contact}/notes/{note}", tag = "contacts", params(("contact" = String, Path), ("note" = String, Path)), responses((status = 200, body = ContactAnswer)))]
async fn remove_note(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((contact, note)): Path<(ContactId, String)>,
) -> Result<Json<ContactAnswer>> {
    Ok(Json(app.change_note(caller.person, contact, note_id(&note)?, None).await?.into()))
}

/// Writes down that a contact agreed to something, or agrees no more. Nothing said before is lost.
#[utoipa::path(post, path = "/api/v1/contacts/{contact}/consents", tag = "contacts", params(("contact" = String, Path)), request_body = SayConsent, responses((status = 201, body = ContactAnswer)))]
async fn consent(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(contact): Path<ContactId>,
    Json(body): Json<SayConsent>,
) -> Result<(StatusCode, Json<ContactAnswer>)> {
    let SayConsent { to, given, words } = body;
    let look = app.contact_consents(caller.person, contact, to, given, words).await?;
    Ok((StatusCode::CREATED, Json(look.into())))
}

/// Two contacts were one person: what is known of the one in the body is known of the one in the path from here on, and
/// so are their visitors and notes. Where both know something, the one in the path is right.
#[utoipa::path(post, path = "/api/v1/contacts/{contact}/merge", tag = "contacts", params(("contact" = String, Path)), request_body = MergeContact, responses((status = 200, body = ContactAnswer)))]
async fn merge(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(contact): Path<ContactId>,
    Json(body): Json<MergeContact>,
) -> Result<Json<ContactAnswer>> {
    Ok(Json(app.merge_contacts(caller.person, contact, contact_id(&body.contact)?).await?.into()))
}

/// Erases a contact for good: what is known of them, and the visitors they were with all that they wrote.
#[utoipa::path(post, path = "/api/v1/contacts/{contact}/erase", tag = "contacts", params(("contact" = String, Path)), responses((status = 204)))]
async fn erase(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(contact): Path<ContactId>,
) -> Result<StatusCode> {
    app.erase_contact(caller.person, contact).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Who the visitor of a ticket is, and how they were helped before, at any desk.
#[utoipa::path(get, path = "/api/v1/tickets/{id}/contact", tag = "contacts", params(("id" = String, Path)), responses((status = 200, body = TicketContact)))]
async fn of_ticket(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(space): Path<SpaceId>,
) -> Result<Json<TicketContact>> {
    Ok(Json(app.contact_of_ticket(caller.person, space).await?.into()))
}

/// Says who the visitor of a ticket is.
#[utoipa::path(put, path = "/api/v1/tickets/{id}/contact", tag = "contacts", params(("id" = String, Path)), request_body = SayWhoItIs, responses((status = 200, body = TicketContact)))]
async fn say_who(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(space): Path<SpaceId>,
    Json(body): Json<SayWhoItIs>,
) -> Result<Json<TicketContact>> {
    let who = match (body.contact, body.new) {
        (Some(contact), None) => WhoIsIt::Known(contact_id(&contact)?),
        (None, Some(new)) => WhoIsIt::New(new.into()),
        (None, None) => WhoIsIt::Nobody,
        (Some(_), Some(_)) => {
            let why = "name a contact or write one down, not both".into();
            return Err(Refusal::Invalid { what: "contact", why }.into());
        }
    };
    Ok(Json(app.say_who_it_is(caller.person, space, who).await?.into()))
}

fn contact_id(text: &str) -> Result<ContactId, Refusal> {
    text.parse().map_err(|_| Refusal::NotFound(Thing::Contact))
}

fn note_id(text: &str) -> Result<i64, Refusal> {
    text.parse().map_err(|_| Refusal::NotFound(Thing::Note))
}
