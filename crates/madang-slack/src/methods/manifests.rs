//! Apps by their manifests, and whether what an app would send is right.

use madang_model::AppId;
use madang_model::permission::HouseRight;
use serde_json::{Value, json};

use super::asked::answer;
use crate::blocks::{Fill, check_blocks};
use crate::call::Call;
use crate::fail::{Answer, Fail};
use crate::methods::Method;
use crate::{id, manifest, method, provision};

pub(super) static METHODS: &[Method] = &[
    method!("apps.manifest.validate", Any, [], validate),
    method!("apps.manifest.create", User, [], create),
    method!("apps.manifest.update", User, [], update),
    method!("apps.manifest.export", User, [], export),
    method!("apps.manifest.delete", User, [], delete),
    method!("blocks.validate", Any, [], validate_blocks),
];

/// The manifest of a call, as text, once it is right.
fn read(call: &Call) -> Result<String, Fail> {
    let text = call.args.text("manifest");
    let text = text.ok_or_else(|| Fail::argument("manifest", "missing required field: manifest"))?;
    manifest::read_text(&text).map_err(provision::invalid)?;
    Ok(text)
}

async fn validate(call: &Call) -> Answer {
    read(call)?;
    answer(json!({}))
}

/// Whoever manages apps in the administration manages them here, and no app does.
async fn manages(call: &Call) -> Result<(), Fail> {
    if call.app_id().is_some() {
        return Err(Fail::new("not_allowed_token_type"));
    }
    call.slack
        .app
        .asks_house(call.person(), HouseRight::ManageApps)
        .await
        .map_err(|_| Fail::new("no_permission"))
}

async fn create(call: &Call) -> Answer {
    manages(call).await?;
    let manifest = read(call)?;
    let app = &call.slack.app;
    let made = provision::install(app, Some(call.person()), &manifest, Some(call.person()), &[]).await?;
    let house = call.house().await?;
    let shown = made.shown(house.id.0);
    let client = shown["client_id"].as_str().unwrap_or_default();
    answer(json!({
        "app_id": shown["app_id"],
        "credentials": {
            "client_id": client,
            "client_secret": shown["client_secret"],
            "verification_token": shown["verification_token"],
            "signing_secret": shown["signing_secret"],
        },
        "oauth_authorize_url": format!("{}/oauth/v2/authorize?client_id={client}", house.url),
    }))
}

fn app(call: &Call) -> Result<AppId, Fail> {
    let missing = || Fail::new("invalid_app_id");
    let named = call.args.text("app_id").ok_or_else(missing)?;
    id::number("A", &named).map(AppId).ok_or_else(missing)
}

async fn update(call: &Call) -> Answer {
    manages(call).await?;
    let id = app(call)?;
    let wished = provision::wished(&read(call)?)?;
    let was = call.slack.app.installed(id).await.map_err(|_| Fail::new("invalid_app_id"))?;
    call.slack.app.change_app(Some(call.person()), id, wished.wish).await?;
    let scopes = |manifest: &Value| manifest.pointer("/oauth_config/scopes").cloned();
    let before: Value = serde_json::from_str(&was.manifest).unwrap_or_default();
    let after = call.slack.app.installed(id).await?;
    let after: Value = serde_json::from_str(&after.manifest).unwrap_or_default();
    answer(
        json!({"app_id": id::written("A", id.0), "permissions_updated": scopes(&before) != scopes(&after)}),
    )
}

async fn export(call: &Call) -> Answer {
    manages(call).await?;
    let record = call.slack.app.installed(app(call)?).await.map_err(|_| Fail::new("invalid_app_id"))?;
    let manifest: Value = serde_json::from_str(&record.manifest).unwrap_or_default();
    answer(json!({"manifest": manifest}))
}

async fn delete(call: &Call) -> Answer {
    manages(call).await?;
    let id = app(call)?;
    call.slack.app.installed(id).await.map_err(|_| Fail::new("invalid_app_id"))?;
    call.slack.app.remove_app(Some(call.person()), id).await?;
    answer(json!({}))
}

async fn validate_blocks(call: &Call) -> Answer {
    let blocks = call.args.json("blocks", "invalid_blocks_format")?.unwrap_or_default();
    check_blocks(&blocks, &mut Fill::new("validate"))?;
    answer(json!({}))
}
