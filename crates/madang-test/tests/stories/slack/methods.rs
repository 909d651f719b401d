//! The methods of the Web API.

use serde_json::{Value, json};

use super::Apps;

fn id<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_else(|| panic!("{pointer} in {value}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bot_says_changes_and_takes_back() {
    let apps = Apps::begun().await;
    let channel = &apps.channel;
    let text = "*done* &lt;3 <https://madang.kr|here>";
    let posted = apps.bot("chat.postMessage", json!({"channel": channel, "text": text})).await;
    let at = id(&posted, "/ts");
    assert_eq!((&posted["channel"], &posted["message"]["text"]), (&json!(channel), &json!(text)));
    for field in ["user", "bot_id", "app_id", "team"] {
        assert!(posted["message"][field].is_string(), "{field}: {posted}");
    }
    assert_eq!(posted["message"]["blocks"][0]["type"], "rich_text");
    let reply = json!({"channel": channel, "thread_ts": at, "text": "under it"});
    let reply = apps.bot("chat.postMessage", reply).await;
    assert_eq!(reply["message"]["thread_ts"], at);
    let blocks = json!([{"type": "section", "text": {"type": "mrkdwn", "text": "*new*"}}]);
    let changed = json!({"channel": channel, "ts": at, "text": "new", "blocks": blocks});
    let changed = apps.bot("chat.update", changed).await;
    assert!(
        changed["message"]["blocks"][0]["block_id"].is_string()
            && changed["message"]["edited"]["ts"].is_string()
    );
    let history = apps.bot("conversations.history", json!({"channel": channel, "limit": 1})).await;
    assert_eq!(
        (&history["messages"][0]["text"], &history["messages"][0]["reply_count"]),
        (&json!("new"), &json!(1))
    );
    let thread = apps.bot("conversations.replies", json!({"channel": channel, "ts": at})).await;
    let texts: Vec<&str> = thread["messages"].as_array().unwrap().iter().map(|it| id(it, "/text")).collect();
    assert_eq!(texts, ["new", "under it"]);
    let link = apps.bot("chat.getPermalink", json!({"channel": channel, "message_ts": at})).await;
    assert!(
        id(&link, "/permalink").ends_with(&format!("/archives/{channel}/p{}", at.replace('.', ""))),
        "{link}"
    );
    let led = apps.house.client.get(id(&link, "/permalink")).send().await.expect("asked");
    assert!(led.url().path().starts_with(&format!("/s/{}/m/", apps.house.space)), "{}", led.url());
    apps.bot("chat.delete", json!({"channel": channel, "ts": id(&reply, "/ts")})).await;
    let thread = apps.bot("conversations.replies", json!({"channel": channel, "ts": at})).await;
    assert_eq!(thread["messages"].as_array().unwrap().len(), 1);
    // What is somebody else's is not the bot's to change.
    let mine = apps.person("chat.postMessage", json!({"channel": channel, "text": "mine"})).await;
    let theirs = json!({"channel": channel, "ts": mine["ts"], "text": "x"});
    assert_eq!(apps.refused("chat.update", theirs).await, "cant_update_message");
    assert_eq!(
        apps.refused("chat.delete", json!({"channel": channel, "ts": mine["ts"]})).await,
        "cant_delete_message"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_is_told_in_the_words_of_slack() {
    let apps = Apps::begun().await;
    let channel = &apps.channel;
    for (method, arguments, error) in [
        ("chat.postMessage", json!({"channel": "C0000", "text": "x"}), "channel_not_found"),
        ("chat.postMessage", json!({"channel": channel}), "no_text"),
        ("chat.postMessage", json!({"channel": channel, "blocks": "[{"}), "invalid_blocks_format"),
        ("chat.postMessage", json!({"channel": channel, "blocks": [{"type": "nothing"}]}), "invalid_blocks"),
        ("chat.postMessage", json!({"channel": channel, "attachments": [1]}), "invalid_attachments"),
        ("chat.update", json!({"channel": channel, "ts": "1.000001", "text": "x"}), "message_not_found"),
        ("conversations.history", json!({"channel": channel, "cursor": "bm9uc2Vuc2U"}), "invalid_cursor"),
        ("conversations.replies", json!({"channel": channel, "ts": "1.5"}), "thread_not_found"),
        ("conversations.list", json!({"types": "secret"}), "invalid_types"),
        ("users.info", json!({"user": "U1"}), "user_not_found"),
        ("users.lookupByEmail", json!({"email": "nobody@example.com"}), "users_not_found"),
        ("reactions.add", json!({"channel": channel, "name": "wave"}), "no_item_specified"),
        ("search.messages", json!({"query": "x"}), "not_allowed_token_type"),
        ("flowers.water", json!({}), "unknown_method"),
    ] {
        assert_eq!(apps.refused(method, arguments.clone()).await, error, "{method} {arguments}");
    }
    let few = Apps::with_scopes(&["channels:read", "chat:write"]).await;
    let answer = few.call(few.bot_token(), "reactions.add", json!({})).await;
    assert_eq!((&answer["error"], &answer["needed"]), (&json!("missing_scope"), &json!("reactions:write")));
    assert_eq!(answer["provided"], "channels:read,chat:write");
    let answer = few.call(few.bot_token(), "conversations.history", json!({"channel": few.channel})).await;
    assert_eq!(answer["error"], "missing_scope");
    let answer = few.call(few.bot_token(), "conversations.list", json!({"types": "public_channel,im"})).await;
    assert_eq!((&answer["error"], &answer["needed"]), (&json!("missing_scope"), &json!("im:read")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_history_is_paged_by_cursor_and_by_time() {
    let apps = Apps::begun().await;
    let channel = &apps.channel;
    let mut sent = Vec::new();
    for n in 0..25 {
        let posted = apps.bot("chat.postMessage", json!({"channel": channel, "text": format!("{n}")})).await;
        sent.push(id(&posted, "/ts").to_owned());
    }
    let mut cursor = String::new();
    let mut read = Vec::new();
    loop {
        let asked = json!({"channel": channel, "limit": 10, "cursor": cursor});
        let page = apps.bot("conversations.history", asked).await;
        let messages = page["messages"].as_array().expect("messages");
        read.extend(messages.iter().map(|it| id(it, "/ts").to_owned()));
        cursor = id(&page, "/response_metadata/next_cursor").to_owned();
        assert_eq!(page["has_more"], !cursor.is_empty());
        if cursor.is_empty() {
            break;
        }
    }
    let texts: Vec<String> = read.iter().filter(|it| sent.contains(it)).cloned().collect();
    assert_eq!(texts, sent.iter().rev().cloned().collect::<Vec<_>>(), "each once, newest first");
    let between = json!({"channel": channel, "oldest": sent[5], "latest": sent[9]});
    let page = apps.bot("conversations.history", between).await;
    let times = |page: &Value| {
        page["messages"].as_array().unwrap().iter().map(|it| id(it, "/ts").to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(times(&page), [sent[8].clone(), sent[7].clone(), sent[6].clone()]);
    let exact = json!({"channel": channel, "oldest": sent[5], "latest": sent[5], "inclusive": true});
    assert_eq!(times(&apps.bot("conversations.history", exact).await), [sent[5].clone()]);
    let joined = apps.bot("conversations.history", json!({"channel": channel, "limit": 1000})).await;
    let subtypes: Vec<&str> =
        joined["messages"].as_array().unwrap().iter().filter_map(|it| it["subtype"].as_str()).collect();
    assert!(subtypes.contains(&"channel_join"), "{subtypes:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn conversations_are_made_joined_and_ended() {
    let apps = Apps::begun().await;
    let made = apps.bot("conversations.create", json!({"name": "plans"})).await;
    let plans = id(&made, "/channel/id").to_owned();
    assert_eq!((&made["channel"]["name"], &made["channel"]["is_private"]), (&json!("plans"), &json!(false)));
    assert_eq!(apps.refused("conversations.create", json!({"name": "plans"})).await, "name_taken");
    let nari = apps.person("auth.test", json!({})).await;
    let nari_id = id(&nari, "/user_id").to_owned();
    apps.bot("conversations.invite", json!({"channel": plans, "users": nari_id})).await;
    let twice = json!({"channel": plans, "users": [nari_id]});
    assert_eq!(apps.refused("conversations.invite", twice).await, "already_in_channel");
    let members = apps.bot("conversations.members", json!({"channel": plans})).await;
    assert_eq!(members["members"].as_array().unwrap().len(), 2);
    let topic = apps.bot("conversations.setTopic", json!({"channel": plans, "topic": "What we do"})).await;
    assert_eq!(topic["channel"]["topic"]["value"], "What we do");
    let renamed = apps.bot("conversations.rename", json!({"channel": plans, "name": "plans-2"})).await;
    assert_eq!(renamed["channel"]["name"], "plans-2");
    apps.bot("conversations.kick", json!({"channel": plans, "user": nari_id})).await;
    apps.person("conversations.join", json!({"channel": plans})).await;
    let again = apps.person("conversations.join", json!({"channel": plans})).await;
    assert_eq!(again["warning"], "already_in_channel");
    apps.bot("conversations.archive", json!({"channel": plans})).await;
    assert_eq!(apps.refused("conversations.archive", json!({"channel": plans})).await, "already_archived");
    let said = json!({"channel": plans, "text": "x"});
    assert_eq!(apps.refused("chat.postMessage", said).await, "is_archived");
    apps.bot("conversations.unarchive", json!({"channel": plans})).await;
    apps.bot("conversations.leave", json!({"channel": plans})).await;
    let direct = apps.bot("conversations.open", json!({"users": nari_id, "return_im": true})).await;
    assert_eq!((&direct["channel"]["is_im"], &direct["channel"]["user"]), (&json!(true), &json!(nari_id)));
    assert!(id(&direct, "/channel/id").starts_with('D'));
    apps.bot("chat.postMessage", json!({"channel": nari_id, "text": "psst"})).await;
    let (joon, _) = apps.house.member("joon").expect("joon");
    let several = apps.bot("conversations.open", json!({"users": format!("{nari_id},{joon}")})).await;
    assert!(id(&several, "/channel/id").starts_with('G'));
    let listed =
        apps.bot("conversations.list", json!({"types": "im,mpim,public_channel,private_channel"})).await;
    let names: Vec<Value> =
        listed["channels"].as_array().unwrap().iter().map(|it| it["id"].clone()).collect();
    assert!(
        names.contains(&direct["channel"]["id"]) && names.contains(&several["channel"]["id"]),
        "{listed}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn people_reactions_and_pins() {
    let apps = Apps::begun().await;
    let channel = &apps.channel;
    let people = apps.bot("users.list", json!({})).await;
    let people = people["members"].as_array().expect("people");
    let nari = people.iter().find(|it| it["is_owner"] == true).expect("nari");
    let bot = people.iter().find(|it| it["is_bot"] == true).expect("bori");
    assert!(nari["profile"]["email"].is_string() && bot["profile"]["bot_id"].is_string());
    let found = apps.bot("users.lookupByEmail", json!({"email": nari["profile"]["email"]})).await;
    assert_eq!(found["user"]["id"], nari["id"]);
    let info = apps.bot("bots.info", json!({"bot": bot["profile"]["bot_id"]})).await;
    assert_eq!((&info["bot"]["app_id"], &info["bot"]["name"]), (&apps.app["app_id"], &json!("bori")));
    let posted = apps.person("chat.postMessage", json!({"channel": channel, "text": "like it?"})).await;
    let message = json!({"channel": channel, "timestamp": posted["ts"], "name": "thumbsup"});
    apps.bot("reactions.add", message.clone()).await;
    assert_eq!(apps.refused("reactions.add", message.clone()).await, "already_reacted");
    let got = apps.bot("reactions.get", message.clone()).await;
    assert_eq!(got["message"]["reactions"], json!([{"name": "+1", "users": [bot["id"]], "count": 1}]));
    apps.bot("reactions.remove", message.clone()).await;
    assert_eq!(apps.refused("reactions.remove", message.clone()).await, "no_reaction");
    apps.bot("pins.add", message.clone()).await;
    assert_eq!(apps.refused("pins.add", message.clone()).await, "already_pinned");
    let pins = apps.bot("pins.list", json!({"channel": channel})).await;
    assert_eq!(pins["items"][0]["message"]["ts"], posted["ts"]);
    apps.bot("pins.remove", message.clone()).await;
    let found = apps.person("stars.add", message.clone()).await;
    assert_eq!(found["ok"], true);
    let stars = apps.person("stars.list", json!({})).await;
    assert_eq!(stars["items"][0]["message"]["text"], "like it?");
    apps.house.caught_up().await.expect("the index is there");
    let found = apps.person("search.messages", json!({"query": "like"})).await;
    assert_eq!(found["messages"]["matches"][0]["ts"], posted["ts"]);
    let group = apps.person("usergroups.create", json!({"name": "Crew"})).await;
    let group = id(&group, "/usergroup/id");
    let set = json!({"usergroup": group, "users": nari["id"]});
    apps.person("usergroups.users.update", set).await;
    let users = apps.bot("usergroups.users.list", json!({"usergroup": group})).await;
    assert_eq!(users["users"], json!([nari["id"]]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_waits_for_its_time() {
    let apps = Apps::begun().await;
    let channel = &apps.channel;
    let soon = jiff::Timestamp::now().as_second() + 3_600;
    let later = json!({"channel": channel, "text": "later &amp; later", "post_at": soon});
    let kept = apps.bot("chat.scheduleMessage", later).await;
    let listed = apps.bot("chat.scheduledMessages.list", json!({})).await;
    let waiting = &listed["scheduled_messages"][0];
    assert_eq!(
        (&waiting["id"], &waiting["text"]),
        (&kept["scheduled_message_id"], &json!("later &amp; later"))
    );
    let gone = json!({"channel": channel, "scheduled_message_id": kept["scheduled_message_id"]});
    apps.bot("chat.deleteScheduledMessage", gone.clone()).await;
    assert_eq!(apps.refused("chat.deleteScheduledMessage", gone).await, "invalid_scheduled_message_id");
    // What it is besides its words waits with it, also when it is moved to another time.
    let root =
        apps.person("chat.postMessage", json!({"channel": channel, "text": "root"})).await["ts"].clone();
    let blocks = json!([{"type": "section", "block_id": "b", "text": {"type": "mrkdwn", "text": "*later*"}}]);
    let rich = json!({"channel": channel, "text": "*later*", "blocks": blocks, "thread_ts": root, "post_at": soon,
        "attachments": [{"color": "#abcdef", "text": "beside"}]});
    let kept = apps.person("chat.scheduleMessage", rich).await;
    assert_eq!(kept["message"]["blocks"][0]["block_id"], "b");
    let (house, path) = (&apps.house, format!("/scheduled/{}", id(&kept, "/scheduled_message_id")));
    let registers = crate::cast::does(house, &house.token, "GET", "/registers", None).await;
    let key = path.trim_start_matches('/');
    let all = registers["registers"].as_array().expect("registers");
    let mut moved = all.iter().find(|it| it["key"] == key).expect("it waits")["value"].clone();
    moved["at"] = json!((soon + 60) * 1_000_000);
    crate::cast::does(house, &house.token, "PUT", &path, Some(moved)).await;
    crate::cast::does(house, &house.token, "POST", &format!("{path}/send"), Some(json!({}))).await;
    let replies = apps.bot("conversations.replies", json!({"channel": channel, "ts": root})).await;
    let sent = &replies["messages"][1];
    assert_eq!(
        (&sent["blocks"][0]["block_id"], &sent["attachments"][0]["text"], &sent["text"]),
        (&json!("b"), &json!("beside"), &json!("*later*"))
    );
    let past = json!({"channel": channel, "text": "x", "post_at": soon - 7_200});
    assert_eq!(apps.refused("chat.scheduleMessage", past).await, "time_in_past");
}
