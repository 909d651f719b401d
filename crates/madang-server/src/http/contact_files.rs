//! Contacts from a file, and as one.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::rejection::BytesRejection;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use futures_util::{StreamExt, stream};
use madang_app::App;
use madang_model::Refusal;
use madang_model::permission::HouseRight;

use crate::auth::Caller;
use crate::endpoint;
use crate::error::{LANGUAGE, Result};
use crate::extract::{Json, Query};
use crate::router::{Endpoint, Policy};
use crate::wire::contact_files::{self, ContactsImported, ImportContacts};

/// The largest file.
const FILE: usize = 10 << 20;

pub fn endpoints() -> Vec<Endpoint> {
    let import = endpoint!(import, __path_import, Policy::House(HouseRight::MoveContacts));
    vec![
        import.layered(|route| route.layer(DefaultBodyLimit::max(FILE))),
        endpoint!(export, __path_export, Policy::House(HouseRight::MoveContacts)),
    ]
}

/// Brings in contacts from a CSV file, 10 MB and 20,000 lines at most: all of it or nothing. Who is known by an external
/// id or an address is changed by what the file says, everybody else is new; columns that are not known become
/// attributes. A dry run tells what would come of it.
#[utoipa::path(post, path = "/api/v1/contacts/import", tag = "contacts", params(ImportContacts), request_body(content = String, content_type = "text/csv"), responses((status = 200, body = ContactsImported), (status = 413, body = crate::error::ErrorBody), (status = 422, body = crate::error::ErrorBody)))]
async fn import(
    State(app): State<Arc<App>>,
    caller: Caller,
    Query(query): Query<ImportContacts>,
    body: std::result::Result<Bytes, BytesRejection>,
) -> Result<Json<ContactsImported>> {
    app.asks_house(caller.person, HouseRight::MoveContacts).await?;
    let body = body.map_err(|_| Refusal::TooLarge { limit: FILE as i64 })?;
    let reading = tokio::task::spawn_blocking(move || contact_files::read(&body));
    let file = reading.await.map_err(anyhow::Error::from)??;
    let imported = app.import_contacts(caller.person, file.rows, query.dry_run, query.leave_out).await?;
    let language = LANGUAGE.try_with(|it| *it).unwrap_or_default();
    Ok(Json(ContactsImported::new(imported, file.columns, language)))
}

/// All contacts as CSV. It comes as it is read, however long it is.
#[utoipa::path(get, path = "/api/v1/contacts/export", tag = "contacts", responses((status = 200, description = "CSV")))]
async fn export(State(app): State<Arc<App>>, caller: Caller) -> Result<Response> {
    // Before anything is answered: a refusal is still one then.
    let attributes: Arc<[String]> = app.carry_contacts(caller.person).await?.into();
    let first = app.contacts_to_carry(caller.person, None).await?;
    let head = contact_files::head(&attributes);
    let steps = stream::unfold(Some(first), move |step| {
        let (app, attributes) = (app.clone(), attributes.clone());
        async move {
            let step = step?;
            let last = step.last()?.id;
            let lines: String = step.iter().map(|it| contact_files::line(it, &attributes)).collect();
            // A fault ends the body unfinished, so that half a file is not taken for a whole one.
            match app.contacts_to_carry(caller.person, Some(last)).await {
                Ok(next) => Some((Ok(lines), Some(next))),
                Err(error) => Some((Err(std::io::Error::other(error)), None)),
            }
        }
    });
    // Fused: what compresses the body asks once more after its end.
    let body = stream::iter([Ok(head)]).chain(steps).fuse();
    let mut response = Body::from_stream(body).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"));
    let disposition = HeaderValue::from_static("attachment; filename=\"contacts.csv\"");
    headers.insert(header::CONTENT_DISPOSITION, disposition);
    Ok(response)
}
