//! What clients of people ask at their start: who they are, what there is, and what is new of it.

use madang_app::Summary;
use madang_app::records::PersonRecord;
use madang_model::PersonId;
use serde_json::{Map, Value, json};

use super::asked::answer;
use super::conversations::visible;
use super::history;
use crate::call::Call;
use crate::fail::{Answer, Fail};
use crate::methods::Method;
use crate::scopes::Conversation;
use crate::{method, shapes, ts};

pub(super) static METHODS: &[Method] = &[
    method!("client.counts", User, ["client"], counts, "conversations; threads are counted with them"),
    method!("client.userBoot", User, ["client"], boot, "no preferences, and no sections of one's own"),
    method!("conversations.view", User, [], view),
    method!(
        "team.preferences.list",
        BotOrUser,
        ["team.preferences:read", "team:read"],
        preferences,
        "what holds for every house"
    ),
];

/// A time before everything.
const NEVER: &str = "0000000000.000000";

/// What is new in a conversation.
async fn count(call: &Call, summary: &Summary) -> Result<Value, Fail> {
    let space = summary.space.facts.id;
    let latest = summary.last.as_ref().map_or_else(|| NEVER.to_owned(), |it| ts::written(it.at));
    let me = summary.me.ok_or_else(|| Fail::new("not_in_channel"))?;
    let last_read = match me.unread {
        0 => latest.clone(),
        _ => {
            let times = call.slack.app.times_of(call.person(), space, vec![me.read]).await?;
            times.get(&me.read).map_or_else(|| NEVER.to_owned(), |(at, _)| ts::written(*at))
        }
    };
    Ok(json!({
        "id": shapes::channel_id(&summary.space),
        "last_read": last_read,
        "latest": latest,
        "updated": latest,
        "mention_count": me.mentions,
        "has_unreads": me.unread > 0,
    }))
}

async fn counts(call: &Call) -> Answer {
    let (mut channels, mut mpims, mut ims) = (Vec::new(), Vec::new(), Vec::new());
    let (mut mentions, mut direct) = (0, 0);
    for summary in visible(call, false).await?.iter().filter(|it| it.me.is_some()) {
        let me = summary.me.ok_or_else(|| Fail::new("internal_error"))?;
        let counted = count(call, summary).await?;
        match shapes::kind_of(&summary.space) {
            Conversation::Channel | Conversation::Group => {
                mentions += me.mentions;
                channels.push(counted);
            }
            Conversation::Mpim => {
                direct += me.unread;
                mpims.push(counted);
            }
            Conversation::Im => {
                direct += me.unread;
                ims.push(counted);
            }
        }
    }
    answer(json!({
        "channels": channels,
        "mpims": mpims,
        "ims": ims,
        "threads": {"has_unreads": false, "mention_count": 0, "unread_count": 0},
        "channel_badges": {
            "channels": mentions, "dms": direct, "app_dms": 0, "thread_mentions": 0, "thread_unreads": 0,
        },
    }))
}

async fn boot(call: &Call) -> Answer {
    let house = call.house().await?;
    let me = call.slack.app.person(call.person()).await?;
    let summaries: Vec<Summary> =
        visible(call, false).await?.into_iter().filter(|it| it.me.is_some()).collect();
    let is_im = |it: &&Summary| shapes::kind_of(&it.space) == Conversation::Im;
    let (ims, channels): (Vec<&Summary>, Vec<&Summary>) = summaries.iter().partition(is_im);
    let own = |list: Vec<&Summary>| list.into_iter().cloned().collect::<Vec<Summary>>();
    let groups = call.slack.app.teams(call.person()).await?;
    let mine = groups.iter().filter(|it| it.members.contains(&me.id));
    let mut person = shapes::user(&me, &house, true, None);
    person["prefs"] = json!({});
    answer(json!({
        "self": person,
        "team": {
            "id": house.team(),
            "name": house.name,
            "domain": house.domain(),
            "url": format!("{}/", house.url),
            "prefs": {},
        },
        "channels": call.channels(&own(channels)).await?,
        "ims": call.channels(&own(ims)).await?,
        "is_open": [],
        "subteams": {"self": mine.map(|it| shapes::group_id(it.id)).collect::<Vec<String>>()},
        "starred": [],
        "channels_priority": {},
        "prefs": {},
        "dnd": {"dnd_enabled": false, "next_dnd_start_ts": 1, "next_dnd_end_ts": 1, "snooze_enabled": false},
        "cache_ts": call.slack.app.clock.now_us() / 1_000_000,
    }))
}

/// A conversation with its newest messages and who wrote them.
async fn view(call: &Call) -> Answer {
    let summary = call.conversation("channel", "read").await?;
    let mut seen = history::history(call).await?;
    let messages = seen.remove("messages").unwrap_or_default();
    let authors = messages.as_array().into_iter().flatten().filter_map(|it| it["user"].as_str());
    let authors: Vec<PersonId> =
        authors.filter_map(|it| crate::id::number(crate::place::PEOPLE, it)).map(PersonId).collect();
    let house = call.house().await?;
    let (addresses, bots) = (call.may("users:read.email"), call.slack.bots().await?);
    let people = call.people(authors).await?;
    let shown = |it: &PersonRecord| shapes::user(it, &house, addresses, bots.get(&it.id).copied());
    let people: Vec<Value> = people.values().map(shown).collect();
    let has_more = seen.remove("has_more").unwrap_or_default();
    let metadata = seen.remove("response_metadata").unwrap_or_default();
    answer(json!({
        "channel": call.channel(&summary).await?,
        "history": {"messages": messages, "has_more": has_more},
        "users": people,
        "response_metadata": metadata,
    }))
}

async fn preferences(_: &Call) -> Answer {
    Ok(Map::from_iter([
        // Whoever wrote something changes it whenever they like, and takes it back.
        ("msg_edit_window_mins".into(), json!(-1)),
        ("allow_message_deletion".into(), json!(true)),
        ("display_real_names".into(), json!(true)),
        ("disable_file_uploads".into(), json!("allow_all")),
        ("who_can_post_general".into(), json!("ra")),
    ]))
}
