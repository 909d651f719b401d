//! Which app asks, and whether it is that app: its id, and its secret where one is needed.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use axum::http::header::AUTHORIZATION;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use madang_app::apps::Installed;
use madang_app::records::AppRecord;
use madang_model::AppId;

use crate::Slack;
use crate::call::Call;
use crate::fail::Fail;
use crate::manifest::{self, Manifest};

/// The app of a client id, `<house>.<app>`.
pub(super) async fn app_of(slack: &Slack, client_id: &str) -> Result<AppRecord, Fail> {
    let unknown = || Fail::new("invalid_client_id");
    let (house, app) = client_id.split_once('.').ok_or_else(unknown)?;
    if house.parse() != Ok(slack.app.workspace_id().await?.0) {
        return Err(unknown());
    }
    let app = app.parse().map_err(|_| unknown())?;
    slack.app.installed(AppId(app)).await.map_err(|error| match Fail::from(error) {
        fault if fault.is_fault => fault,
        _ => unknown(),
    })
}

/// What its manifest says.
pub(super) fn manifest_of(record: &AppRecord) -> Result<Manifest, Fail> {
    let kept = serde_json::from_str(&record.manifest).map_err(|_| Fail::new("invalid_client_id"))?;
    manifest::read(&kept).map_err(|_| Fail::new("invalid_client_id"))
}

/// The app that asks for itself: by HTTP Basic or by two fields, as its SDK likes.
pub(super) async fn proven(call: &Call) -> Result<AppRecord, Fail> {
    let (id, secret) = match basic(call) {
        Some(pair) => pair,
        None => (
            call.args.text("client_id").ok_or_else(|| Fail::new("invalid_client_id"))?,
            call.args.text("client_secret").ok_or_else(|| Fail::new("bad_client_secret"))?,
        ),
    };
    let record = app_of(&call.slack, &id).await?;
    let Installed { client_secret, record, .. } = call.slack.app.app_secrets(record)?;
    verify_slices_are_equal(client_secret.as_bytes(), secret.as_bytes())
        .map_err(|_| Fail::new("bad_client_secret"))?;
    Ok(record)
}

/// RFC 7617.
fn basic(call: &Call) -> Option<(String, String)> {
    let line = call.headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, pair) = line.split_once(' ')?;
    let pair = STANDARD.decode(pair.trim()).ok().filter(|_| scheme.eq_ignore_ascii_case("basic"))?;
    let (id, secret) =
        String::from_utf8(pair).ok()?.split_once(':').map(|(a, b)| (a.to_owned(), b.to_owned()))?;
    Some((id, secret))
}
