//! Conversations: which there are, who is in them, and what becomes of them.

use madang_app::{NewSpace, Summary};
use madang_model::permission::SpaceRole;
use madang_model::space::SpaceKind;
use madang_model::{Command, PersonId, Refusal, SpaceId};
use serde_json::{Value, json};

use super::asked::{answer, next, part};
use crate::call::Call;
use crate::fail::{Answer, Fail};
use crate::method;
use crate::methods::Method;
use crate::scopes::Conversation;
use crate::shapes;

pub(super) static METHODS: &[Method] = &[
    method!("conversations.list", BotOrUser, ["channels:read", "groups:read", "im:read", "mpim:read"], list),
    method!(
        "users.conversations",
        BotOrUser,
        ["channels:read", "groups:read", "im:read", "mpim:read"],
        of_somebody
    ),
    method!("conversations.info", BotOrUser, ["channels:read", "groups:read", "im:read", "mpim:read"], info),
    method!(
        "conversations.members",
        BotOrUser,
        ["channels:read", "groups:read", "im:read", "mpim:read"],
        members
    ),
    method!("conversations.create", BotOrUser, ["channels:manage", "channels:write", "groups:write"], create),
    method!(
        "conversations.open",
        BotOrUser,
        ["im:write", "mpim:write", "channels:manage", "groups:write"],
        open
    ),
    method!(
        "conversations.close",
        BotOrUser,
        ["im:write", "mpim:write", "channels:manage", "groups:write"],
        close,
        "a direct conversation stays in the list: the answer says `no_op`"
    ),
    method!("conversations.join", BotOrUser, ["channels:join", "channels:write"], join),
    method!(
        "conversations.leave",
        BotOrUser,
        ["channels:manage", "channels:write", "groups:write", "im:write", "mpim:write"],
        leave
    ),
    method!(
        "conversations.invite",
        BotOrUser,
        [
            "channels:manage",
            "channels:write",
            "channels:write.invites",
            "groups:write",
            "groups:write.invites"
        ],
        invite
    ),
    method!("conversations.kick", BotOrUser, ["channels:manage", "channels:write", "groups:write"], kick),
    method!("conversations.rename", BotOrUser, ["channels:manage", "channels:write", "groups:write"], rename),
    method!(
        "conversations.archive",
        BotOrUser,
        ["channels:manage", "channels:write", "groups:write"],
        archive
    ),
    method!(
        "conversations.unarchive",
        BotOrUser,
        ["channels:manage", "channels:write", "groups:write"],
        unarchive
    ),
    method!(
        "conversations.setTopic",
        BotOrUser,
        [
            "channels:manage",
            "channels:write",
            "channels:write.topic",
            "groups:write",
            "groups:write.topic",
            "im:write",
            "mpim:write"
        ],
        set_topic,
        "a space has one description, which is its topic and its purpose"
    ),
    method!(
        "conversations.setPurpose",
        BotOrUser,
        [
            "channels:manage",
            "channels:write",
            "channels:write.topic",
            "groups:write",
            "groups:write.topic",
            "im:write",
            "mpim:write"
        ],
        set_purpose,
        "a space has one description, which is its topic and its purpose"
    ),
];

/// All that whoever asks may see, in the order of their ids.
pub(super) async fn visible(call: &Call, with_open: bool) -> Result<Vec<Summary>, Fail> {
    let (app, person) = (&call.slack.app, call.person());
    let mut all = Vec::new();
    let mut after = None;
    loop {
        let page = app.my_spaces(person, after, 200).await?;
        after = page.last().map(|it| it.space.facts.id);
        let full = page.len() == 200;
        all.extend(page);
        if !full {
            break;
        }
    }
    if with_open {
        all.extend(open_spaces(call).await);
    }
    all.retain(|it| it.space.facts.deleted_until.is_none());
    all.sort_by_key(|it| it.space.facts.id);
    all.dedup_by_key(|it| it.space.facts.id);
    Ok(all)
}

/// The open spaces of the house. Guests find none by themselves.
async fn open_spaces(call: &Call) -> Vec<Summary> {
    let mut all = Vec::new();
    let mut after = None;
    while let Ok(page) = call.slack.app.open_spaces(call.person(), after, 200).await {
        after = page.last().map(|it| it.space.facts.id);
        let full = page.len() == 200;
        all.extend(page);
        if !full {
            break;
        }
    }
    all
}

/// The kinds that are asked for, as far as the token may read them.
fn wanted(call: &Call) -> Result<Vec<Conversation>, Fail> {
    let mut types = call.args.list("types");
    if types.is_empty() {
        types.push("public_channel".to_owned());
    }
    let mut kinds = Vec::new();
    for kind in types {
        kinds.push(match kind.as_str() {
            "public_channel" => Conversation::Channel,
            "private_channel" => Conversation::Group,
            "mpim" => Conversation::Mpim,
            "im" => Conversation::Im,
            _ => return Err(Fail::new("invalid_types")),
        });
    }
    for kind in &kinds {
        call.needs(&[kind.scope("read").as_str()])?;
    }
    Ok(kinds)
}

async fn listed(call: &Call, method: &str, mut all: Vec<Summary>) -> Answer {
    let kinds = wanted(call)?;
    let no_archived = call.args.flag("exclude_archived") == Some(true);
    all.retain(|it| kinds.contains(&shapes::kind_of(&it.space)) && !(no_archived && it.space.facts.archived));
    let after = call.cursor_number(method)?.unwrap_or(0);
    let from = all.partition_point(|it| it.space.facts.id.0 <= after);
    let (page, more) = part(&all, from, call.limit(100, 1000));
    let last = page.last().filter(|_| more.is_some()).map(|it| it.space.facts.id.0);
    Ok(object! {"channels": call.channels(&page).await?, "response_metadata": next(method, last)})
}

pub(super) async fn list(call: &Call) -> Answer {
    listed(call, "conversations.list", visible(call, true).await?).await
}

async fn of_somebody(call: &Call) -> Answer {
    let named = match call.args.text("user") {
        Some(_) => Some(call.person_of("user").await?),
        None => None,
    };
    let all = match named.filter(|it| *it != call.person()) {
        None => visible(call, false).await?,
        Some(other) => {
            let mut shared = Vec::new();
            for summary in visible(call, true).await? {
                let inside = call.slack.app.space_role_of(other, summary.space.facts.id).await?;
                if inside.is_some() {
                    shared.push(summary);
                }
            }
            shared
        }
    };
    listed(call, "users.conversations", all).await
}

pub(super) async fn info(call: &Call) -> Answer {
    let summary = call.conversation("channel", "read").await?;
    answer(json!({"channel": call.channel(&summary).await?}))
}

async fn members(call: &Call) -> Answer {
    let summary = call.conversation("channel", "read").await?;
    let (members, _) = call.slack.app.members(call.person(), summary.space.facts.id).await?;
    let mut people: Vec<PersonId> = members.iter().map(|(it, _)| it.person).collect();
    people.sort_unstable();
    let after = call.cursor_number("conversations.members")?.unwrap_or(0);
    let from = people.partition_point(|it| it.0 <= after);
    let (page, more) = part(&people, from, call.limit(100, 1000));
    let last = page.last().filter(|_| more.is_some()).map(|it| it.0);
    let ids: Vec<String> = page.iter().map(|it| shapes::person_id(*it)).collect();
    answer(json!({"members": ids, "response_metadata": next("conversations.members", last)}))
}

pub(super) async fn create(call: &Call) -> Answer {
    let name = call.args.text("name").ok_or_else(|| Fail::new("invalid_name_required"))?;
    let name = name.trim_start_matches('#').trim().to_owned();
    if name.chars().count() > 80 {
        return Err(Fail::new("invalid_name_maxlength"));
    }
    let is_private = call.args.flag("is_private") == Some(true);
    let kind = if is_private { Conversation::Group } else { Conversation::Channel };
    call.needs(&[if is_private { "groups:write" } else { "channels:manage" }])?;
    if call.slack.app.space_named(call.person(), &name).await?.is_some() {
        return Err(Fail::new("name_taken"));
    }
    let new = NewSpace {
        client_id: None,
        name,
        kind: if kind == Conversation::Group { SpaceKind::Closed } else { SpaceKind::Open },
        description: String::new(),
        team: None,
    };
    let summary = call.slack.app.create_space(call.person(), new).await.map_err(|error| match error {
        madang_app::Error::Refusal(Refusal::Invalid { .. } | Refusal::Empty) => Fail::new("invalid_name"),
        other => other.into(),
    })?;
    answer(json!({"channel": call.channel(&summary).await?}))
}

pub(super) async fn open(call: &Call) -> Answer {
    let people = call.people_in("users").await?;
    let summary = if call.args.is_given("channel") && people.is_empty() {
        call.conversation("channel", "").await?
    } else if people.is_empty() {
        return Err(Fail::new("users_list_not_supplied"));
    } else {
        let several = people.iter().filter(|it| **it != call.person()).count() > 1;
        call.needs(&[if several { "mpim:write" } else { "im:write" }])?;
        call.direct_with(people).await?
    };
    let whole = call.args.flag("return_im") == Some(true);
    let id = shapes::channel_id(&summary.space);
    let channel = if whole { call.channel(&summary).await? } else { json!({"id": id}) };
    answer(json!({"channel": channel, "no_op": false, "already_open": false}))
}

pub(super) async fn close(call: &Call) -> Answer {
    call.conversation("channel", "").await?;
    answer(json!({"no_op": true, "already_closed": true}))
}

/// Runs a command in a conversation and shows what it is then.
async fn changed(call: &Call, command: Command) -> Result<Summary, Fail> {
    let summary = call.conversation("channel", "").await?;
    let space = summary.space.facts.id;
    let (summary, _) = call.slack.app.change_space(call.person(), space, command).await?;
    Ok(summary)
}

pub(super) async fn join(call: &Call) -> Answer {
    let before = call.conversation("channel", "").await?;
    if before.space.facts.kind == SpaceKind::Direct {
        return Err(Fail::new("method_not_supported_for_channel_type"));
    }
    let was_in = before.me.is_some();
    let summary = if was_in { before } else { changed(call, Command::JoinSpace).await? };
    let mut done = json!({"channel": call.channel(&summary).await?});
    if was_in {
        done["warning"] = json!("already_in_channel");
        done["response_metadata"] = json!({"warnings": ["already_in_channel"]});
    }
    answer(done)
}

pub(super) async fn leave(call: &Call) -> Answer {
    let summary = call.conversation("channel", "").await?;
    if summary.space.facts.kind == SpaceKind::Direct {
        return Err(Fail::new("method_not_supported_for_channel_type"));
    }
    if summary.me.is_none() {
        return answer(json!({"not_in_channel": true}));
    }
    call.slack.app.run(call.person(), summary.space.facts.id, None, Command::LeaveSpace).await?;
    answer(json!({}))
}

pub(super) async fn invite(call: &Call) -> Answer {
    let summary = call.joined("channel", "").await?;
    let people = call.people_in("users").await?;
    if people.is_empty() {
        return Err(Fail::new("no_user"));
    }
    let force = call.args.flag("force") == Some(true);
    let mut errors: Vec<Value> = Vec::new();
    let mut added = false;
    for person in people {
        match add(call, summary.space.facts.id, person).await {
            Ok(()) => added = true,
            Err(fail) => {
                let id = shapes::person_id(person);
                errors.push(json!({"user": id, "ok": false, "error": fail.code}));
            }
        }
    }
    if let Some(first) = errors.first().filter(|_| !(force && added)) {
        let mut fail = Fail::new(first["error"].as_str().unwrap_or("fatal_error").to_owned());
        fail.more.insert("errors".into(), json!(errors));
        return Err(fail);
    }
    let summary = call.slack.app.space(call.person(), summary.space.facts.id).await?;
    answer(json!({"channel": call.channel(&summary).await?}))
}

async fn add(call: &Call, space: SpaceId, person: PersonId) -> Result<(), Fail> {
    if person == call.person() {
        return Err(Fail::new("cant_invite_self"));
    }
    let command = Command::AddMember { person, role: SpaceRole::Member };
    match call.slack.app.run(call.person(), space, None, command).await {
        Ok(Some(_)) => Ok(()),
        Ok(None) => Err(Fail::new("already_in_channel")),
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn kick(call: &Call) -> Answer {
    let summary = call.joined("channel", "").await?;
    let person = call.person_of("user").await?;
    if person == call.person() {
        return Err(Fail::new("cant_kick_self"));
    }
    let space = summary.space.facts.id;
    if call.slack.app.space_role_of(person, space).await?.is_none() {
        return Err(Fail::new("not_in_channel"));
    }
    call.slack.app.run(call.person(), space, None, Command::RemoveMember { person }).await?;
    answer(json!({}))
}

fn renamed(name: Option<String>, description: Option<String>) -> Command {
    Command::ChangeSpace { name, description, picture: None }
}

pub(super) async fn rename(call: &Call) -> Answer {
    let name = call.args.text("name").ok_or_else(|| Fail::new("invalid_name_required"))?;
    let summary = changed(call, renamed(Some(name.trim_start_matches('#').to_owned()), None)).await?;
    answer(json!({"channel": call.channel(&summary).await?}))
}

pub(super) async fn archive(call: &Call) -> Answer {
    let before = call.conversation("channel", "").await?;
    if before.space.facts.archived {
        return Err(Fail::new("already_archived"));
    }
    changed(call, Command::ArchiveSpace).await?;
    answer(json!({}))
}

pub(super) async fn unarchive(call: &Call) -> Answer {
    let before = call.conversation("channel", "").await?;
    if !before.space.facts.archived {
        return Err(Fail::new("not_archived"));
    }
    changed(call, Command::UnarchiveSpace).await?;
    answer(json!({}))
}

async fn described(call: &Call, argument: &str) -> Result<(Summary, String), Fail> {
    // An empty one takes it away.
    let words = call.args.text(argument).unwrap_or_default();
    let words = crate::text::unescaped(&words);
    let limit = madang_model::limits::DESCRIPTION_CHARS;
    if words.chars().count() > limit {
        return Err(Fail::new("too_long"));
    }
    call.joined("channel", "").await?;
    Ok((changed(call, renamed(None, Some(words.clone()))).await?, words))
}

pub(super) async fn set_topic(call: &Call) -> Answer {
    let (summary, topic) = described(call, "topic").await?;
    answer(json!({"channel": call.channel(&summary).await?, "topic": topic}))
}

pub(super) async fn set_purpose(call: &Call) -> Answer {
    let (summary, purpose) = described(call, "purpose").await?;
    answer(json!({"channel": call.channel(&summary).await?, "purpose": purpose}))
}
