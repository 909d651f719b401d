//! By which mail server the house sends its mails.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use madang_app::App;
use madang_model::permission::HouseRight;

use crate::auth::Caller;
use crate::endpoint;
use crate::error::Result;
use crate::extract::Json;
use crate::router::{Doors, Endpoint, Policy};
use crate::wire::mail::{MailSettings, SetMail};

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        endpoint!(show, __path_show, Policy::House(HouseRight::ManageMail)),
        endpoint!(set, __path_set, Policy::House(HouseRight::ManageMail)),
        endpoint!(forget, __path_forget, Policy::House(HouseRight::ManageMail)),
    ]
}

/// The mail server, without its password, and where it was named.
#[utoipa::path(get, path = "/api/v1/workspace/mail", tag = "administration", responses((status = 200, body = MailSettings)))]
async fn show(State(doors): State<Doors>, caller: Caller) -> Result<Json<MailSettings>> {
    let server = doors.app.mail_server(caller.person).await?;
    Ok(Json(MailSettings::new(server, doors.config.mail_source)))
}

/// Names the mail server. It is used at once.
#[utoipa::path(put, path = "/api/v1/workspace/mail", tag = "administration", request_body = SetMail, responses((status = 200, body = MailSettings), (status = 409, description = "It is named where the server is started", body = crate::error::ErrorBody)))]
async fn set(
    State(doors): State<Doors>,
    caller: Caller,
    Json(body): Json<SetMail>,
) -> Result<Json<MailSettings>> {
    doors.app.asks_house(caller.person, HouseRight::ManageMail).await?;
    let (server, password) = body.checked()?;
    doors.app.set_mail_server(caller.person, Some(server), password).await?;
    show(State(doors), caller).await
}

/// Sends no mails any more.
#[utoipa::path(delete, path = "/api/v1/workspace/mail", tag = "administration", responses((status = 204), (status = 409, description = "It is named where the server is started", body = crate::error::ErrorBody)))]
async fn forget(State(app): State<Arc<App>>, caller: Caller) -> Result<StatusCode> {
    app.set_mail_server(caller.person, None, None).await?;
    Ok(StatusCode::NO_CONTENT)
}
