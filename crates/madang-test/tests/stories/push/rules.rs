//! Whom it reaches, and whom not.

use futures_util::SinkExt;
use serde_json::json;
use tokio_tungstenite::tungstenite::Message;

use super::service::Service;
use super::{another_token, house, mention, space_of, subscribe, tag};
use crate::cast::does;
use crate::talk::{Socket, next, post, socket};

#[tokio::test(flavor = "multi_thread")]
async fn what_is_read_on_another_device_in_time_is_not_told() {
    let mut service = Service::open().await;
    let house = house().await;
    let (joon, token) = house.member("joon").expect("joon");
    let phone = service.device("phone");
    let key = subscribe(&house, &token, &phone).await;
    let (read, removed, told) = (
        space_of(&house, &["joon"]).await,
        space_of(&house, &["joon"]).await,
        space_of(&house, &["joon"]).await,
    );
    let seq = mention(&house, &read, &joon).await;
    does(&house, &token, "PUT", &format!("/spaces/{read}/read"), Some(json!({"seq": seq}))).await;
    let seq = mention(&house, &removed, &joon).await;
    does(&house, &house.token, "DELETE", &format!("/spaces/{removed}/messages/{seq}?client_id=r"), None)
        .await;
    mention(&house, &told, &joon).await;
    let said = phone.reads(&service.next().await, &key);
    // Of the spaces, only this one may keep a notification.
    assert_eq!((tag(&said), &said["unread"]), (told.as_str(), &json!([told])));
    // Nothing else was on its way: what comes next is the next thing that happens.
    let seq = mention(&house, &read, &joon).await;
    let said = phone.reads(&service.next().await, &key);
    assert_eq!((tag(&said), &said["notification"]["data"]["seq"]), (read.as_str(), &json!(seq)));
}

#[tokio::test(flavor = "multi_thread")]
async fn how_much_somebody_wants_to_hear_of_a_space_is_obeyed() {
    let mut service = Service::open().await;
    let house = house().await;
    let (joon, token) = house.member("joon").expect("joon");
    let phone = service.device("phone");
    let key = subscribe(&house, &token, &phone).await;
    let mut spaces = Vec::new();
    for level in ["nothing", "mentions", "everything"] {
        let space = space_of(&house, &["joon"]).await;
        let path = format!("/spaces/{space}/involvement");
        does(&house, &token, "PUT", &path, Some(json!({"level": level}))).await;
        spaces.push(space);
    }
    let [nothing, mentions, everything] = &spaces[..] else { panic!("three spaces") };
    mention(&house, nothing, &joon).await;
    post(&house, &house.token, mentions, "아무도 부르지 않아요").await;
    post(&house, &house.token, everything, "모두에게").await;
    let said = phone.reads(&service.next().await, &key);
    assert_eq!(
        (tag(&said), said["notification"]["title"].as_str()),
        (everything.as_str(), Some("나리 · 정원"))
    );
    mention(&house, mentions, &joon).await;
    assert_eq!(tag(&phone.reads(&service.next().await, &key)), mentions);
    // A reply in a thread of one's own, and a message to oneself alone.
    let root = post(&house, &token, everything, "제 생각은요").await;
    let reply = json!({"text": "좋아요", "thread": root});
    let path = format!("/spaces/{everything}/messages");
    let seq = does(&house, &house.token, "POST", &path, Some(reply)).await["event"]["seq"].clone();
    let said = phone.reads(&service.next().await, &key);
    assert_eq!(said["notification"]["data"]["path"], format!("/s/{everything}/t/{root}/m/{seq}"));
    let direct = does(&house, &house.token, "POST", "/directs", Some(json!({"people": [joon]}))).await;
    let direct = direct["space"]["id"].as_str().expect("an id").to_owned();
    post(&house, &house.token, &direct, "둘이서만").await;
    let said = phone.reads(&service.next().await, &key);
    let notification = &said["notification"];
    assert_eq!(
        (notification["title"].as_str(), notification["body"].as_str()),
        (Some("나리"), Some("둘이서만"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn in_quiet_hours_nothing_is_told_and_later_it_is_counted() {
    let mut service = Service::open().await;
    let house = house().await;
    let (joon, token) = house.member("joon").expect("joon");
    let (mina, minas) = house.member("mina").expect("mina");
    let (phone, other) = (service.device("phone"), service.device("other"));
    let key = subscribe(&house, &token, &phone).await;
    subscribe(&house, &minas, &other).await;
    let space = space_of(&house, &["joon", "mina"]).await;
    let always = json!({"from": "00:00", "to": "00:00", "days": [0, 1, 2, 3, 4, 5, 6], "zone": "Asia/Seoul"});
    does(&house, &token, "PATCH", "/me/settings", Some(json!({"quiet": always}))).await;
    does(&house, &token, "PATCH", "/me", Some(json!({"language": "ko"}))).await;
    post(&house, &house.token, &space, &format!("<@{joon}> <@{mina}> 밤이에요")).await;
    // Mina's quiet hours are not Joon's; when she is told, it was decided about both.
    other.reads(&service.next().await, &key);
    does(&house, &token, "PATCH", "/me/settings", Some(json!({"quiet": null}))).await;
    post(&house, &house.token, &space, &format!("<@{joon}> 아침이에요")).await;
    let mut messages = [service.next().await, service.next().await];
    messages.sort_by(|a, b| b.to.cmp(&a.to));
    let said = phone.reads(&messages[0], &key);
    let notification = &said["notification"];
    assert_eq!(notification["title"], "정원");
    assert_eq!(notification["body"], "새 메시지 2개 · 나리: @joon 아침이에요");
    assert_eq!(notification["lang"], "ko");
}

/// Says whether somebody looks at the device, and waits until the house has heard it.
async fn sight(device: &mut Socket, visible: bool) {
    device.send(Message::text(json!({"type": "sight", "visible": visible}).to_string())).await.expect("said");
    device.send(Message::text(json!({"type": "ping"}).to_string())).await.expect("said");
    while next(device).await.expect("a frame").expect("connected")["type"] != "pong" {}
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_in_use_is_silent_and_the_others_are_told() {
    let mut service = Service::open().await;
    let house = house().await;
    let (joon, token) = house.member("joon").expect("joon");
    let at_desk = another_token(&house, &token).await;
    let (phone, desk) = (service.device("phone"), service.device("desk"));
    let key = subscribe(&house, &token, &phone).await;
    subscribe(&house, &at_desk, &desk).await;
    let space = space_of(&house, &["joon"]).await;
    let mut page = socket(&house, &at_desk).await.expect("connected");
    sight(&mut page, true).await;
    mention(&house, &space, &joon).await;
    phone.reads(&service.next().await, &key);
    // Out of sight, the desk is told too; and likewise once its page is gone.
    sight(&mut page, false).await;
    mention(&house, &space, &joon).await;
    let mut told = [service.next().await.to, service.next().await.to];
    told.sort();
    assert_eq!(told, ["desk", "phone"]);
    sight(&mut page, true).await;
    drop(page);
    let mut page = socket(&house, &at_desk).await.expect("connected");
    sight(&mut page, false).await;
    mention(&house, &space, &joon).await;
    let mut told = [service.next().await.to, service.next().await.to];
    told.sort();
    assert_eq!(told, ["desk", "phone"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reminder_of_ones_own_is_pushed_once_and_waits_for_the_end_of_quiet_hours() {
    let mut service = Service::open().await;
    let house = house().await;
    let (_, token) = house.member("joon").expect("joon");
    let (_, minas) = house.member("mina").expect("mina");
    let (phone, other) = (service.device("phone"), service.device("other"));
    let key = subscribe(&house, &token, &phone).await;
    subscribe(&house, &minas, &other).await;
    let space = space_of(&house, &["joon", "mina"]).await;
    let seq = post(&house, &house.token, &space, "다시 볼 글").await;
    // The message itself is told first, and read.
    for _ in 0..2 {
        service.next().await;
    }
    for token in [&token, &minas] {
        does(&house, token, "PUT", &format!("/spaces/{space}/read"), Some(json!({"seq": seq}))).await;
    }
    let always = json!({"from": "00:00", "to": "00:00", "days": [0, 1, 2, 3, 4, 5, 6], "zone": "Asia/Seoul"});
    does(&house, &minas, "PATCH", "/me/settings", Some(json!({"quiet": always}))).await;
    let path = format!("/spaces/{space}/messages/{seq}/saved");
    for token in [&minas, &token] {
        does(&house, token, "PUT", &path, Some(json!({"remind_at": 1}))).await;
    }
    let message = service.next().await;
    assert_eq!(message.to, "phone", "it is quiet at mina's, always");
    let said = phone.reads(&message, &key);
    let notification = &said["notification"];
    assert_eq!(notification["title"], "You wanted to come back to this · 정원");
    assert_eq!(notification["body"], "나리: 다시 볼 글");
    assert_eq!(notification["tag"], format!("{space}/{seq}"));
    assert_eq!(notification["data"]["path"], format!("/s/{space}/m/{seq}"));
    // Both find it in their lists; nothing more is on its way than the next message.
    for token in [&token, &minas] {
        let list = does(&house, token, "GET", "/activity", None).await;
        assert_eq!(list["items"][0]["kind"], "due", "{list}");
    }
    does(&house, &minas, "PATCH", "/me/settings", Some(json!({"quiet": null}))).await;
    post(&house, &house.token, &space, "그 다음 글").await;
    let mut told = [service.next().await, service.next().await];
    told.sort_by(|a, b| a.to.cmp(&b.to));
    assert_eq!(tag(&other.reads(&told[0], &key)), space);
    assert_eq!(tag(&phone.reads(&told[1], &key)), space);
}
