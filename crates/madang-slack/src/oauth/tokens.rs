//! Tokens for a code, the next token for one that ends, and one that ends for one that does not.

use madang_app::apps::{Fetched, Made, NoTokens};
use madang_app::records::AppRecord;
use serde_json::{Map, Value, json};

use super::client::{manifest_of, proven};
use crate::call::Call;
use crate::fail::{Answer, Fail};
use crate::{id, provision};

pub(super) async fn access(call: &Call) -> Answer {
    let record = proven(call).await?;
    match call.args.text("grant_type").as_deref() {
        None | Some("authorization_code") => {}
        Some("refresh_token") => {
            let refresh = call.args.required("refresh_token")?;
            let made = call.slack.app.fetch_next(record.id, &refresh).await?.map_err(why)?;
            return one(call, &record, &made).await;
        }
        Some(_) => return Err(Fail::new("invalid_grant_type")),
    }
    let fetched = fetched(call, &record).await?;
    let mut answer = beginning(call, &record).await?;
    if let Some(bot) = &fetched.bot {
        put_token(&mut answer, bot);
        answer.insert("bot_user_id".into(), json!(id::written("U", bot.person.0)));
    }
    let mut user = Map::from_iter([("id".into(), json!(id::written("U", fetched.code.person.0)))]);
    if let Some(made) = &fetched.person {
        put_token(&mut user, made);
    }
    answer.insert("authed_user".into(), Value::Object(user));
    if let Some((hook, secret)) = &fetched.hook {
        let app = &call.slack.app;
        let space = app.space(fetched.code.person, hook.space).await?;
        let url = provision::webhook_url(app, hook.id.0, secret).await?;
        let about = json!({
            "channel": format!("#{}", space.space.facts.name),
            "channel_id": id::written("C", hook.space.0),
            "configuration_url": format!("{}/admin/apps/{}", app.config.public_url, record.id),
            "url": url,
        });
        answer.insert("incoming_webhook".into(), about);
    }
    Ok(answer)
}

pub(super) async fn exchange(call: &Call) -> Answer {
    let record = proven(call).await?;
    let token = call.args.required("token")?;
    let made = call.slack.app.exchange_token(record.id, &token).await?;
    one(call, &record, &made.map_err(|_| Fail::new("invalid_token"))?).await
}

/// Fetches the tokens for the code of a call.
pub(super) async fn fetched(call: &Call, record: &AppRecord) -> Result<Fetched, Fail> {
    let code = call.args.text("code").ok_or_else(|| Fail::new("invalid_code"))?;
    let (redirect, verifier) = (call.args.text("redirect_uri"), call.args.text("code_verifier"));
    let ends = manifest_of(record)?.settings.token_rotation_enabled;
    call.slack.app.fetch_tokens(record.id, &code, redirect, verifier, ends).await?.map_err(why)
}

/// One token, at the top of the answer.
async fn one(call: &Call, record: &AppRecord, made: &Made) -> Answer {
    let mut answer = beginning(call, record).await?;
    put_token(&mut answer, made);
    let whose = id::written("U", made.person.0);
    match made.kind {
        madang_app::apps::GrantKind::Bot => answer.insert("bot_user_id".into(), json!(whose)),
        _ => answer.insert("authed_user".into(), json!({"id": whose})),
    };
    Ok(answer)
}

async fn beginning(call: &Call, record: &AppRecord) -> Answer {
    let workspace = call.slack.app.workspace().await?.ok_or_else(|| Fail::new("team_not_found"))?;
    Ok(Map::from_iter([
        ("app_id".into(), json!(id::written("A", record.id.0))),
        ("team".into(), json!({"id": id::written("T", workspace.id.0), "name": workspace.name})),
        ("enterprise".into(), Value::Null),
        ("is_enterprise_install".into(), json!(false)),
    ]))
}

fn put_token(answer: &mut Map<String, Value>, made: &Made) {
    answer.insert("access_token".into(), json!(made.token));
    answer.insert("token_type".into(), json!(made.kind.as_str()));
    answer.insert("scope".into(), json!(made.scopes.join(",")));
    if let Some((refresh, seconds)) = &made.next {
        answer.insert("refresh_token".into(), json!(refresh));
        answer.insert("expires_in".into(), json!(seconds));
    }
}

fn why(none: NoTokens) -> Fail {
    Fail::new(match none {
        NoTokens::CodeUnknown => "invalid_code",
        NoTokens::CodeUsed => "code_already_used",
        NoTokens::OtherRedirect => "bad_redirect_uri",
        NoTokens::VerifierWrong => "invalid_code_verifier",
        NoTokens::RefreshUnknown => "invalid_refresh_token",
    })
}
