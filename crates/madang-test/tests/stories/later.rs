//! What people keep for later: saved messages, reminders, and messages that wait for their time.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use madang_test::House;
use serde_json::{Value, json};

use crate::cast::does;
use crate::talk::{add, house, new_space, next, post, socket};
use crate::uploads::upload;

/// Microseconds since 1970, so many seconds from this moment.
fn in_seconds(seconds: i64) -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970");
    i64::try_from(now.as_micros()).expect("before the year 294,000") + seconds * 1_000_000
}

async fn refused(house: &House, token: &str, method: &str, path: &str, body: Value) -> Value {
    let (_, answer) = house.ask(Some(token), method, path, Some(body)).await.expect("asked");
    answer["error"]["code"].clone()
}

/// The value of a register that the house keeps for whoever has the token.
async fn register(house: &House, token: &str, key: &str) -> Value {
    let all = does(house, token, "GET", "/registers", None).await;
    let found = all["registers"].as_array().expect("registers").iter().find(|it| it["key"] == key);
    found.map_or(Value::Null, |it| it["value"].clone())
}

/// Asks until the register is as it should be.
async fn until(house: &House, token: &str, key: &str, fit: impl Fn(&Value) -> bool) -> Value {
    // By the clock and not by the number of questions: a quick machine asks thousands of them before anything is due.
    let given_up = Instant::now() + Duration::from_secs(60);
    loop {
        let value = register(house, token, key).await;
        if fit(&value) {
            return value;
        }
        assert!(Instant::now() < given_up, "{key} stays {value}");
    }
}

async fn texts(house: &House, token: &str, space: &str) -> Vec<String> {
    let events = does(house, token, "GET", &format!("/spaces/{space}/events?after=0"), None).await;
    let posted =
        events["events"].as_array().expect("events").iter().filter(|it| it["type"] == "message.posted");
    posted.map(|it| it["body"]["text"].as_str().expect("a text").to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_saves_is_theirs_alone_and_equal_on_all_their_devices() {
    let house = house().await;
    let (_, joon) = house.member("joon").expect("joon");
    let space = new_space(&house, &house.token, "closed").await;
    let seq = post(&house, &house.token, &space, "나중에 읽을 글").await;
    let path = format!("/spaces/{space}/messages/{seq}/saved");
    assert_eq!(refused(&house, &joon, "PUT", &path, json!({})).await, "not_found");
    add(&house, &space, "joon@example.com").await;
    let mut device = socket(&house, &joon).await.expect("connected");
    does(&house, &joon, "PUT", &path, Some(json!({}))).await;
    let key = format!("saved/{space}/{seq}");
    let frame = loop {
        let frame = next(&mut device).await.expect("a frame").expect("connected");
        if frame["type"] == "register" && frame["key"] == json!(key) {
            break frame;
        }
    };
    assert!(frame["value"]["at"].as_i64().is_some(), "{frame}");
    let saved = does(&house, &joon, "GET", "/saved", None).await;
    assert_eq!(saved["items"][0]["row"]["text"], "나중에 읽을 글");
    let nobody = does(&house, &house.token, "GET", "/saved", None).await;
    assert_eq!(nobody["items"], json!([]), "it is joon's own");
    // Taken out, removed by its author, or left behind with the space: in each way it is gone from the list.
    does(&house, &joon, "DELETE", &path, None).await;
    assert_eq!(register(&house, &joon, &key).await, Value::Null);
    does(&house, &joon, "PUT", &path, Some(json!({}))).await;
    does(&house, &house.token, "DELETE", &format!("/spaces/{space}/messages/{seq}?client_id=r"), None).await;
    assert_eq!(register(&house, &joon, &key).await, Value::Null);
    assert_eq!(refused(&house, &joon, "PUT", &path, json!({})).await, "message_removed");
    let other = post(&house, &house.token, &space, "또 하나").await;
    does(&house, &joon, "PUT", &format!("/spaces/{space}/messages/{other}/saved"), Some(json!({}))).await;
    does(&house, &joon, "POST", &format!("/spaces/{space}/leave"), Some(json!({}))).await;
    assert_eq!(register(&house, &joon, &format!("saved/{space}/{other}")).await, Value::Null);
    assert_eq!(does(&house, &joon, "GET", "/saved", None).await["items"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reminder_comes_once_also_when_the_house_was_down_at_its_time() {
    let mut house = house().await;
    let (_, joon) = house.member("joon").expect("joon");
    let space = new_space(&house, &house.token, "closed").await;
    add(&house, &space, "joon@example.com").await;
    let seq = post(&house, &house.token, &space, "세 시에 다시 보기").await;
    let path = format!("/spaces/{space}/messages/{seq}/saved");
    does(&house, &joon, "PUT", &path, Some(json!({"remind_at": in_seconds(1)}))).await;
    house.kill().await.expect("killed");
    house.start().await.expect("it serves again");
    let key = format!("saved/{space}/{seq}");
    until(&house, &joon, &key, |it| it["told_at"].is_i64()).await;
    let due = |list: &Value| {
        let items = list["items"].as_array().expect("items").clone();
        items.into_iter().filter(|it| it["kind"] == "due").collect::<Vec<_>>()
    };
    let list = does(&house, &joon, "GET", "/activity", None).await;
    assert_eq!(due(&list).len(), 1, "{list}");
    assert_eq!(
        (&due(&list)[0]["message"], &due(&list)[0]["text"]),
        (&json!(seq), &json!("세 시에 다시 보기"))
    );
    // The list is built anew from the log, and knows of the reminder still; it does not come again.
    house.rebuild().await.expect("rebuilt");
    house.caught_up().await.expect("followers");
    house.kill().await.expect("killed");
    house.start().await.expect("it serves again");
    let list = does(&house, &joon, "GET", "/activity", None).await;
    assert_eq!(due(&list).len(), 1, "{list}");
    let at = due(&list)[0]["at"].as_i64().expect("a time");
    does(&house, &joon, "PUT", "/activity/read", Some(json!({"at": at}))).await;
    assert_eq!(register(&house, &joon, "activity").await["unread"], 0);
    // Another time, another reminder.
    does(&house, &joon, "PUT", &path, Some(json!({"remind_at": in_seconds(0)}))).await;
    until(&house, &joon, "activity", |it| it["unread"] == 1).await;
    does(&house, &joon, "DELETE", &path, None).await;
    assert_eq!(register(&house, &joon, "activity").await["unread"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scheduled_message_is_sent_once_whatever_is_repeated_and_killed() {
    let mut house = house().await;
    let (_, joon) = house.member("joon").expect("joon");
    let space = new_space(&house, &house.token, "closed").await;
    add(&house, &space, "joon@example.com").await;
    let at = in_seconds(1);
    let body = json!({"space": space, "text": "아침이에요", "at": at});
    for _ in 0..2 {
        does(&house, &joon, "PUT", "/scheduled/one", Some(body.clone())).await;
    }
    house.kill().await.expect("killed");
    house.start().await.expect("it serves again");
    until(&house, &joon, "scheduled/one", Value::is_null).await;
    // A device that did not hear of it asks again, and nothing more is sent.
    does(&house, &joon, "PUT", "/scheduled/one", Some(body)).await;
    assert_eq!(register(&house, &joon, "scheduled/one").await, Value::Null);
    let again = does(&house, &joon, "POST", "/scheduled/one/send", Some(json!({}))).await;
    assert_eq!(again["event"]["body"]["text"], "아침이에요", "{again}");
    assert_eq!(texts(&house, &joon, &space).await, ["아침이에요"]);
    let events = does(&house, &joon, "GET", &format!("/spaces/{space}/events?after=0"), None).await;
    let sent = events["events"].as_array().expect("events").last().expect("one").clone();
    assert!(sent["at"].as_i64() >= Some(at), "not before its time: {sent}");
}

#[tokio::test(flavor = "multi_thread")]
async fn files_wait_with_a_scheduled_message_and_go_with_it() {
    let house = house().await;
    let (_, joon) = house.member("joon").expect("joon");
    let space = new_space(&house, &house.token, "closed").await;
    add(&house, &space, "joon@example.com").await;
    let plan = upload(&house, &joon, "plan.txt", b"Monday").await;
    let other = upload(&house, &joon, "other.txt", b"Tuesday").await;
    let foreign = upload(&house, &house.token, "hers.txt", b"Sunday").await;
    let scheduled = |files: &[&Value]| {
        let ids: Vec<&Value> = files.iter().map(|file| &file["id"]).collect();
        json!({"space": space, "text": "", "files": ids, "at": in_seconds(3_600)})
    };
    assert_eq!(
        refused(&house, &joon, "PUT", "/scheduled/a", scheduled(&[&foreign])).await,
        "file_not_usable"
    );
    let wrong = json!({"space": space, "text": "", "files": ["x"], "at": in_seconds(3_600)});
    assert_eq!(refused(&house, &joon, "PUT", "/scheduled/a", wrong).await, "file_not_usable");
    does(&house, &joon, "PUT", "/scheduled/a", Some(scheduled(&[&plan, &other]))).await;
    does(&house, &joon, "PUT", "/scheduled/a", Some(scheduled(&[&plan]))).await;
    let kept = register(&house, &joon, "scheduled/a").await;
    assert_eq!(kept["files"], json!([plan]), "what is shown of it while it waits");

    // What was sent with another message meanwhile does not go twice; the message stays, with the reason.
    does(&house, &joon, "PUT", "/scheduled/b", Some(scheduled(&[&other]))).await;
    let body = json!({"text": "now", "files": [other["id"]]});
    does(&house, &joon, "POST", &format!("/spaces/{space}/messages"), Some(body)).await;
    assert_eq!(refused(&house, &joon, "POST", "/scheduled/b/send", json!({})).await, "file_not_usable");
    let sent = does(&house, &joon, "POST", "/scheduled/a/send", Some(json!({}))).await;
    assert_eq!(sent["event"]["body"]["files"], json!([plan]));
    let id = plan["id"].as_str().expect("an id");
    let url = house.url(&format!("/files/{id}/plan.txt"));
    let answer = house.client.get(url).bearer_auth(&house.token).send().await.expect("asked");
    let content = answer.error_for_status().expect("allowed").bytes().await.expect("read");
    assert_eq!(&content[..], b"Monday", "whoever may read the message has the file");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scheduled_message_is_changed_sent_now_or_given_up_and_refused_where_one_may_not_write() {
    let house = house().await;
    let (_, joon) = house.member("joon").expect("joon");
    let space = new_space(&house, &house.token, "closed").await;
    let scheduled =
        |text: &str, seconds: i64| json!({"space": space, "text": text, "at": in_seconds(seconds)});
    assert_eq!(refused(&house, &joon, "PUT", "/scheduled/a", scheduled("안녕", 60)).await, "not_found");
    add(&house, &space, "joon@example.com").await;
    assert_eq!(refused(&house, &joon, "PUT", "/scheduled/a", scheduled(" ", 60)).await, "empty");
    assert_eq!(
        refused(&house, &joon, "PUT", "/scheduled/a", scheduled("안녕", 500 * 86_400)).await,
        "invalid"
    );
    does(&house, &joon, "PUT", "/scheduled/a", Some(scheduled("내일 봐요", 3_600))).await;
    does(&house, &joon, "PUT", "/scheduled/a", Some(scheduled("모레 봐요", 7_200))).await;
    does(&house, &joon, "PUT", "/scheduled/b", Some(scheduled("보내지 않을 글", 3_600))).await;
    does(&house, &joon, "DELETE", "/scheduled/b", None).await;
    does(&house, &joon, "POST", "/scheduled/a/send", Some(json!({}))).await;
    assert_eq!(texts(&house, &joon, &space).await, ["모레 봐요"]);
    // Who was taken out before the time came finds the message, with the reason; nobody else sees it.
    let me = does(&house, &joon, "GET", "/me", None).await["me"]["id"].as_str().expect("an id").to_owned();
    does(&house, &joon, "PUT", "/scheduled/c", Some(scheduled("너무 늦은 글", 5))).await;
    does(&house, &house.token, "DELETE", &format!("/spaces/{space}/members/{me}"), None).await;
    let kept = until(&house, &joon, "scheduled/c", |it| it["refused"].is_string()).await;
    assert_eq!((&kept["refused"], &kept["text"]), (&json!("not_found"), &json!("너무 늦은 글")));
    assert_eq!(texts(&house, &house.token, &space).await, ["모레 봐요"]);
    assert_eq!(register(&house, &house.token, "scheduled/c").await, Value::Null);
    // Back in, it can be sent.
    add(&house, &space, "joon@example.com").await;
    does(&house, &joon, "POST", "/scheduled/c/send", Some(json!({}))).await;
    assert_eq!(texts(&house, &house.token, &space).await, ["모레 봐요", "너무 늦은 글"]);
}
