//! Moving in from another house: looked at in a dry run, then brought.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use madang_app::App;
use madang_app::import::Ask;
use madang_model::Refusal;
use madang_model::permission::HouseRight;
use madang_model::refusal::Thing;
use serde_json::json;

use crate::auth::Caller;
use crate::endpoint;
use crate::error::Result;
use crate::extract::{Json, Path};
use crate::router::{Endpoint, Policy};
use crate::wire::imports::{ImportAnswer, Imports, NewImport, RunImport};

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        endpoint!(list, __path_list, Policy::House(HouseRight::Import)),
        endpoint!(begin, __path_begin, Policy::House(HouseRight::Import)),
        endpoint!(run, __path_run, Policy::House(HouseRight::Import)),
        endpoint!(stop, __path_stop, Policy::House(HouseRight::Import)),
    ]
}

/// The newest imports, and how far they are.
#[utoipa::path(get, path = "/api/v1/imports", tag = "administration", responses((status = 200, body = Imports)))]
async fn list(State(app): State<Arc<App>>, caller: Caller) -> Result<Json<Imports>> {
    let imports = app.imports(caller.person).await?;
    Ok(Json(Imports { imports: imports.into_iter().map(Into::into).collect() }))
}

/// Takes in an export and looks at it in a dry run, which brings nothing.
#[utoipa::path(post, path = "/api/v1/imports", tag = "administration", request_body = NewImport, responses((status = 201, body = ImportAnswer)))]
async fn begin(
    State(app): State<Arc<App>>,
    caller: Caller,
    Json(new): Json<NewImport>,
) -> Result<(StatusCode, Json<ImportAnswer>)> {
    let ask = Ask { source: new.source.word().to_owned(), file: new.file, about: json!(new.about) };
    let run = app.ask_for_import(caller.person, ask).await?;
    Ok((StatusCode::CREATED, Json(ImportAnswer { import: run.into() })))
}

/// Runs an import for real, or dry once more; on from where it was stopped or failed.
#[utoipa::path(post, path = "/api/v1/imports/{import}/run", tag = "administration", params(("import" = String, Path)), request_body = RunImport, responses((status = 200, body = ImportAnswer)))]
async fn run(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
    Json(ask): Json<RunImport>,
) -> Result<Json<ImportAnswer>> {
    let about = ask.about.map(|it| json!(it));
    let run = app.run_import(caller.person, number(&id)?, ask.dry_run, about).await?;
    Ok(Json(ImportAnswer { import: run.into() }))
}

/// Stops an import that runs or waits; takes one that has ended from the list.
#[utoipa::path(delete, path = "/api/v1/imports/{import}", tag = "administration", params(("import" = String, Path)), responses((status = 204)))]
async fn stop(State(app): State<Arc<App>>, caller: Caller, Path(id): Path<String>) -> Result<StatusCode> {
    app.stop_import(caller.person, number(&id)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn number(id: &str) -> Result<i64, Refusal> {
    id.parse().map_err(|_| Refusal::NotFound(Thing::File))
}
