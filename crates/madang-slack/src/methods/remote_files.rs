//! Files that lie elsewhere: an app names them, and shares them as links.

use madang_app::NewMessage;
use madang_app::apps::{RemoteFile, RemoteName, WhichRemote};
use madang_app::records::RemoteFileRecord;
use madang_model::{AppId, FileId, Refusal};
use serde_json::{Value, json};

use super::asked::{answer, next};
use crate::args::Args;
use crate::call::Call;
use crate::fail::{Answer, Fail};
use crate::methods::Method;
use crate::{id, method, shapes};

pub(super) static METHODS: &[Method] = &[
    method!(
        "files.remote.add",
        Bot,
        ["remote_files:write"],
        add,
        "no preview, and nothing is searched in it"
    ),
    method!(
        "files.remote.update",
        Bot,
        ["remote_files:write"],
        update,
        "no preview, and nothing is searched in it"
    ),
    method!("files.remote.remove", Bot, ["remote_files:write"], remove),
    method!("files.remote.info", BotOrUser, ["remote_files:read"], info),
    method!(
        "files.remote.list",
        BotOrUser,
        ["remote_files:read"],
        list,
        "of the app, wherever it was shared"
    ),
    method!("files.remote.share", BotOrUser, ["remote_files:share"], share, "as a message with a link"),
];

fn app(call: &Call) -> Result<AppId, Fail> {
    call.app_id().ok_or_else(|| Fail::new("not_allowed_token_type"))
}

/// By `file`, or by `external_id`.
fn named(call: &Call) -> Result<RemoteName, Fail> {
    match (call.args.text("file"), call.args.text("external_id")) {
        (Some(_), Some(_)) | (None, None) => Err(Fail::argument("file", "give either file or external_id")),
        (Some(file), None) => {
            let number = id::number("F", &file).ok_or_else(|| Fail::new("file_not_found"))?;
            Ok(RemoteName::Id(FileId(number)))
        }
        (None, Some(name)) => Ok(RemoteName::External(name)),
    }
}

fn fail(error: madang_app::Error) -> Fail {
    let madang_app::Error::Refusal(refusal) = error else { return error.into() };
    let code = match &refusal {
        Refusal::Invalid { what: "external id", .. } => "invalid_external_id",
        Refusal::Invalid { what: "title", .. } => "bad_title",
        Refusal::TooMany { .. } => "too_many_files",
        _ => return refusal.into(),
    };
    Fail::new(code).with_messages(vec![refusal.to_string()])
}

async fn shown(call: &Call, file: &RemoteFileRecord, channels: &[String]) -> Result<Value, Fail> {
    let name = call.slack.app.installed(file.app).await.map(|it| it.name).unwrap_or_default();
    Ok(json!({
        "id": shapes::file_id(file.id),
        "created": file.created_at / 1_000_000,
        "timestamp": file.created_at / 1_000_000,
        "name": file.title,
        "title": file.title,
        "mimetype": "application/octet-stream",
        "filetype": if file.filetype.is_empty() { "remote" } else { &file.filetype },
        "pretty_type": "Remote",
        "user": shapes::person_id(file.created_by),
        "editable": false,
        "size": 0,
        "mode": "external",
        "is_external": true,
        "external_type": "app",
        "external_id": file.external_id,
        "external_url": file.url,
        "url_private": file.url,
        "permalink": file.url,
        "app_id": shapes::app_id(file.app),
        "app_name": name,
        "is_public": false,
        "public_url_shared": false,
        "display_as_bot": false,
        "has_rich_preview": false,
        "file_access": "visible",
        "channels": channels,
        "groups": [],
        "ims": [],
        "comments_count": 0,
    }))
}

async fn put(call: &Call, file: RemoteFile) -> Answer {
    let kept = call.slack.app.put_remote_file(call.person(), app(call)?, file).await.map_err(fail)?;
    answer(json!({"file": shown(call, &kept, &[]).await?}))
}

async fn add(call: &Call) -> Answer {
    let text = |name: &str| call.args.text(name).unwrap_or_default();
    let file = RemoteFile {
        external_id: text("external_id"),
        title: text("title"),
        url: text("external_url"),
        filetype: text("filetype"),
    };
    put(call, file).await
}

async fn update(call: &Call) -> Answer {
    let before = call.slack.app.remote_file(app(call)?, named(call)?).await?;
    let file = RemoteFile {
        external_id: before.external_id,
        title: call.args.text("title").unwrap_or(before.title),
        url: call.args.text("external_url").unwrap_or(before.url),
        filetype: call.args.text("filetype").unwrap_or(before.filetype),
    };
    put(call, file).await
}

async fn remove(call: &Call) -> Answer {
    call.slack.app.remove_remote_file(app(call)?, named(call)?).await?;
    answer(json!({}))
}

async fn info(call: &Call) -> Answer {
    let file = call.slack.app.remote_file(app(call)?, named(call)?).await?;
    answer(json!({"file": shown(call, &file, &[]).await?}))
}

async fn list(call: &Call) -> Answer {
    let moment = |name: &str, usual: i64| {
        call.args.number(name).map_or(usual, |seconds| seconds.saturating_mul(1_000_000))
    };
    let which = WhichRemote {
        before: call.cursor_number("files.remote.list")?.map(FileId),
        since_us: moment("ts_from", 0),
        until_us: moment("ts_to", i64::MAX),
        limit: call.limit(100, 200),
    };
    let found = call.slack.app.remote_files(app(call)?, which).await?;
    let last = found.last().filter(|_| found.len() as i64 == which.limit).map(|it| it.id.0);
    let mut files = Vec::with_capacity(found.len());
    for file in &found {
        files.push(shown(call, file, &[]).await?);
    }
    answer(json!({"files": files, "response_metadata": next("files.remote.list", last)}))
}

/// In each conversation a message with the link.
async fn share(call: &Call) -> Answer {
    let names = call.args.list("channels");
    if names.is_empty() {
        return Err(Fail::argument("channels", "missing required field: channels"));
    }
    let file = call.slack.app.remote_file(app(call)?, named(call)?).await?;
    let mut places = Vec::with_capacity(names.len());
    // Every place is looked up before anything is said in one.
    for name in names {
        let space = call.slack.space_called(&name).await?.ok_or_else(|| Fail::new("channel_not_found"))?;
        places.push(call.slack.app.place(call.person(), space).await?);
    }
    // What would end the address in mrkdwn.
    let url = file.url.replace('|', "%7C").replace('>', "%3E");
    let words = Args(
        json!({"text": format!("<{url}|{}>", crate::text::escaped(&file.title)), "unfurl_links": false})
            .as_object()
            .cloned()
            .unwrap_or_default(),
    );
    let composed = call.slack.compose(&words, call.app_id()).await?;
    let mut channels = Vec::with_capacity(places.len());
    for place in &places {
        let new =
            NewMessage { text: composed.text.clone(), app: composed.part.clone(), ..NewMessage::default() };
        super::chat::post(call, place.facts.id, new).await?;
        channels.push(shapes::channel_id(place));
    }
    answer(json!({"file": shown(call, &file, &channels).await?}))
}
