//! Files: handed over at an address of their own (`upload.rs`), then said where they belong.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use bytes::Bytes;
use futures_util::stream;
use madang_app::apps::{GrantKind, WhichFiles};
use madang_app::records::FileRecord;
use madang_app::{NewMessage, Summary};
use madang_model::{Command, Event, FileId, FileRef, Refusal, SpaceId, UploadId};
use serde_json::{Value, json};

use super::asked::{answer, paging, root_of};
use crate::args::Args;
use crate::call::Call;
use crate::fail::{Answer, Fail};
use crate::methods::Method;
use crate::{id, method, shapes};

pub(super) static METHODS: &[Method] = &[
    method!("files.getUploadURLExternal", BotOrUser, ["files:write"], get_upload_url),
    method!("files.completeUploadExternal", BotOrUser, ["files:write"], complete_upload),
    method!("files.upload", BotOrUser, ["files:write"], upload),
    method!("files.info", BotOrUser, ["files:read"], info),
    method!("files.list", BotOrUser, ["files:read"], list, "up to ten thousand are counted"),
    method!(
        "files.sharedPublicURL",
        User,
        ["files:write"],
        share,
        "where the workspace allows it (`public_files`); the address is shown this once"
    ),
    method!("files.revokePublicURL", User, ["files:write"], unshare),
    method!("files.delete", BotOrUser, ["files:write"], delete),
];

async fn get_upload_url(call: &Call) -> Answer {
    let length = call
        .args
        .number("length")
        .filter(|it| *it > 0)
        .ok_or_else(|| Fail::argument("length", "must be greater than 0"))?;
    let name = call.args.required("filename")?;
    let state = call.slack.app.begin_upload(call.person(), &name, "", length).await?;
    let (url, file) = call.slack.upload_address(call.person(), state.upload.id)?;
    answer(json!({"upload_url": url, "file_id": file}))
}

/// A file that is named before it is posted: by the id of its upload, which the file has too.
async fn uploaded(call: &Call, named: &str) -> Result<FileRef, Fail> {
    let missing = || Fail::new("file_not_found");
    let number = id::number("F", named).ok_or_else(missing)?;
    match call.slack.app.uploaded_file(call.person(), UploadId(number)).await {
        Ok(file) => Ok(file),
        Err(madang_app::Error::Refusal(Refusal::UploadMoved { .. })) => {
            Err(Fail::new("file_upload_incomplete"))
        }
        Err(madang_app::Error::Refusal(_)) => {
            let record = call.slack.app.file(call.person(), FileId(number)).await.map_err(|_| missing())?;
            Ok(record.file)
        }
        Err(error) => Err(error.into()),
    }
}

/// The conversations that `channel_id`, `channels` or `channel` name.
async fn destinations(call: &Call) -> Result<Vec<Summary>, Fail> {
    let mut names = call.args.list("channels");
    names.extend(call.args.list("channel_id"));
    names.extend(call.args.list("channel"));
    let mut found: Vec<Summary> = Vec::new();
    for name in names {
        let person = match name.starts_with(['U', 'W']) {
            true => call.slack.person_called(&name).await?,
            false => None,
        };
        let summary = match person {
            Some(person) => call.slack.app.direct(call.person(), vec![person]).await?,
            None => {
                let space = match call.slack.space_called(&name).await? {
                    Some(space) => Some(space),
                    None => call.slack.app.space_named(call.person(), name.trim_start_matches('#')).await?,
                };
                let space = space.ok_or_else(|| Fail::new("channel_not_found"))?;
                call.slack.app.space(call.person(), space).await?
            }
        };
        if !found.iter().any(|it| it.space.facts.id == summary.space.facts.id) {
            found.push(summary);
        }
    }
    Ok(found)
}

/// Posts files into the conversations that are named: into the first itself, into the others as forwards of it.
async fn shared(call: &Call, files: &[FileRef]) -> Result<Vec<String>, Fail> {
    let places = destinations(call).await?;
    let mut shown_in = Vec::new();
    let mut first: Option<std::sync::Arc<Event>> = None;
    for summary in &places {
        let space = summary.space.facts.id;
        let mut args = Args(call.args.0.clone());
        let comment = call.args.text("initial_comment").unwrap_or_default();
        args.0.insert("text".into(), json!(comment));
        let (mut text, mut part) = (String::new(), None);
        if !comment.is_empty() || args.is_given("blocks") {
            let composed = call.slack.compose(&args, call.app_id()).await?;
            (text, part) = (composed.text, composed.part);
        }
        let thread = match call.args.text("thread_ts") {
            Some(_) => {
                let seq = call.message(space, "thread_ts", "thread_not_found").await?;
                Some(root_of(&call.slack.app.message(call.person(), space, seq).await?))
            }
            None => None,
        };
        let mut new = NewMessage { text, thread, app: part, ..NewMessage::default() };
        match &first {
            None => new.files = files.iter().map(|it| it.id).collect(),
            Some(event) => new.forward = Some((event.space, event.seq)),
        }
        let event = call.slack.app.post(call.person(), space, new).await?;
        shown_in.push(shapes::channel_id(&summary.space));
        first.get_or_insert(event);
    }
    Ok(shown_in)
}

async fn complete_upload(call: &Call) -> Answer {
    let listed = call.args.json("files", "invalid_arguments")?;
    let Some(Value::Array(listed)) = listed else {
        return Err(Fail::argument("files", "missing required field: files"));
    };
    let mut files = Vec::new();
    let mut titles = Vec::new();
    for it in &listed {
        let named = it["id"].as_str().ok_or_else(|| Fail::new("file_not_found"))?;
        files.push(uploaded(call, named).await?);
        titles.push(it["title"].as_str().map(str::to_owned));
    }
    let shown_in = shared(call, &files).await?;
    let house = call.house().await?;
    let shown: Vec<Value> = files
        .iter()
        .zip(titles)
        .map(|(file, title)| {
            let mut shape = shapes::file(file, call.person(), &house, &shown_in);
            if let Some(title) = title.filter(|it| !it.is_empty()) {
                shape["title"] = json!(title);
            }
            shape
        })
        .collect();
    answer(json!({"files": shown}))
}

/// A file of what came with the call.
pub(super) async fn taken_in(call: &Call, name: &str, content: Bytes) -> Result<FileRef, Fail> {
    let length = i64::try_from(content.len()).unwrap_or(i64::MAX);
    let app = &call.slack.app;
    let state = app.begin_upload(call.person(), name, "", length).await?;
    let parts = stream::iter([Ok::<_, std::convert::Infallible>(content)]);
    app.take_in(call.person(), state.upload.id, 0, Some(length), parts).await?;
    Ok(app.uploaded_file(call.person(), state.upload.id).await?)
}

/// The way of old senders: the content comes with the call.
async fn upload(call: &Call) -> Answer {
    let content = match (&call.file, call.args.text("content")) {
        (Some(file), _) => file.content.clone(),
        (None, Some(text)) => Bytes::from(text),
        (None, None) => return Err(Fail::new("no_file_data")),
    };
    let given = call.file.as_ref().and_then(|it| it.name.clone());
    let name = call.args.text("filename").or(given).or_else(|| call.args.text("title"));
    let name = name.unwrap_or_else(|| "Untitled".to_owned());
    let file = taken_in(call, &name, content).await?;
    let shown_in = shared(call, std::slice::from_ref(&file)).await?;
    let mut shape = shapes::file(&file, call.person(), &call.house().await?, &shown_in);
    if let Some(title) = call.args.text("title") {
        shape["title"] = json!(title);
    }
    answer(json!({"file": shape}))
}

async fn record(call: &Call) -> Result<FileRecord, Fail> {
    let missing = || Fail::new("file_not_found");
    let named = call.args.text("file").ok_or_else(missing)?;
    let number = id::number("F", &named).ok_or_else(missing)?;
    Ok(call.slack.app.file(call.person(), FileId(number)).await?)
}

async fn shown(call: &Call, record: &FileRecord) -> Result<Value, Fail> {
    let mut shown_in = Vec::new();
    let mut shares = json!({});
    if let Some(space) = record.space {
        let summary = call.slack.app.space(call.person(), space).await?;
        let channel = shapes::channel_id(&summary.space);
        if let Some(seq) = record.message
            && let Ok(row) = call.slack.app.message(call.person(), space, seq).await
        {
            let kind = if channel.starts_with('C') { "public" } else { "private" };
            let share = json!([{"ts": crate::ts::written(row.at), "channel_name": summary.space.facts.name}]);
            shares = json!({ kind: { channel.clone(): share } });
        }
        shown_in.push(channel);
    }
    let mut shape = shapes::file(&record.file, record.uploader, &call.house().await?, &shown_in);
    shape["shares"] = shares;
    shape["public_url_shared"] = json!(call.slack.app.is_file_shared(record.file.id).await?);
    Ok(shape)
}

async fn info(call: &Call) -> Answer {
    let record = record(call).await?;
    answer(json!({
        "file": shown(call, &record).await?,
        "comments": [],
        "response_metadata": {"next_cursor": ""},
    }))
}

/// What a type of Slack's means; none for one that there is not.
fn is_of_type(file: &FileRef, kind: &str) -> bool {
    let media = file.media_type.as_str();
    match kind {
        "all" => true,
        "images" => media.starts_with("image/"),
        "zips" => media == "application/zip",
        "pdfs" => media == "application/pdf",
        "snippets" => media.starts_with("text/"),
        // Documents of Slack's and Google's own: there are none.
        _ => false,
    }
}

/// Seconds, as numbers or with a fraction.
fn seconds(call: &Call, argument: &str) -> Option<i64> {
    call.args.text(argument)?.split('.').next()?.parse::<i64>().ok()?.checked_mul(1_000_000)
}

async fn list(call: &Call) -> Answer {
    let space = match call.args.is_given("channel") {
        true => Some(call.joined("channel", "read").await?.space.facts.id),
        false => None,
    };
    let by = match call.args.is_given("user") {
        true => Some(call.person_of("user").await?),
        false => None,
    };
    let which = WhichFiles {
        space,
        // A bot sees what is shared where it is.
        open: call.grant.kind != GrantKind::Bot,
        by,
        since_us: seconds(call, "ts_from").unwrap_or(0),
        until_us: seconds(call, "ts_to").unwrap_or(i64::MAX),
    };
    let mut all = call.slack.app.shared_files(call.person(), which).await?;
    let types = call.args.list("types");
    if !types.is_empty() {
        all.retain(|it| types.iter().any(|kind| is_of_type(&it.file, kind)));
    }
    let (from, count, paging) = paging(call, all.len());
    let house = call.house().await?;
    let mut channels: HashMap<SpaceId, String> = HashMap::new();
    let mut files = Vec::new();
    for it in all.iter().skip(from).take(count) {
        let Some(space) = it.space else { continue };
        if let Entry::Vacant(unknown) = channels.entry(space) {
            let place = call.slack.app.place(call.person(), space).await?;
            unknown.insert(shapes::channel_id(&place));
        }
        files.push(shapes::file(&it.file, it.uploader, &house, &[channels[&space].clone()]));
    }
    answer(json!({"files": files, "paging": paging}))
}

/// What keeps a file from having an address that opens for everybody, in Slack's words.
fn not_public(error: madang_app::Error) -> Fail {
    match error {
        madang_app::Error::Refusal(Refusal::NotOffered | Refusal::NotAllowed(_)) => Fail::new("not_allowed"),
        other => other.into(),
    }
}

async fn share(call: &Call) -> Answer {
    let record = record(call).await?;
    let made = call.slack.app.share_file(call.person(), record.file.id).await.map_err(not_public)?;
    let secret = made.ok_or_else(|| Fail::new("already_public"))?;
    let mut file = shown(call, &record).await?;
    let name = shapes::in_address(&record.file.name);
    file["permalink_public"] = json!(format!("{}/files/pub/{secret}/{name}", call.house().await?.url));
    answer(json!({"file": file, "comments": []}))
}

async fn unshare(call: &Call) -> Answer {
    let record = record(call).await?;
    call.slack.app.unshare_file(call.person(), record.file.id).await.map_err(not_public)?;
    answer(json!({"file": shown(call, &record).await?}))
}

/// A file goes with its message here: the message goes with it.
async fn delete(call: &Call) -> Answer {
    let record = record(call).await?;
    if record.uploader != call.person() {
        return Err(Fail::new("cant_delete_file"));
    }
    match (record.space, record.message) {
        (Some(space), Some(message)) => {
            call.slack.app.run(call.person(), space, None, Command::RemoveMessage { message }).await?;
        }
        _ => {
            call.slack.app.cancel_upload(call.person(), UploadId(record.file.id.0)).await?;
        }
    }
    answer(json!({}))
}
