//! Asking those who have not read.

use serde_json::json;

use crate::cast::{does, guest};
use crate::talk::{add, house, new_space, post};

#[tokio::test(flavor = "multi_thread")]
async fn reminders_go_to_those_who_have_not_read_and_are_the_authors_to_send() {
    let house = house().await;
    let space = new_space(&house, &house.token, "closed").await;
    let (joon, joons) = house.member("joon").expect("joon");
    let (_, minas) = house.member("mina").expect("mina");
    for name in ["joon", "mina"] {
        add(&house, &space, &format!("{name}@example.com")).await;
    }
    let (sam, sams) = guest(&house, &space, "sam").await;
    let seq = post(&house, &joons, &space, "읽어 주세요").await;
    let path = format!("/spaces/{space}/messages/{seq}/remind");
    does(&house, &minas, "PUT", &format!("/spaces/{space}/read"), Some(json!({"seq": seq}))).await;
    // Neither another member nor a guest reminds people of somebody else's message; a host does.
    for token in [&minas, &sams] {
        let (status, answer) = house.ask(Some(token), "POST", &path, Some(json!({}))).await.expect("asked");
        assert_eq!((status, &answer["error"]["code"]), (403, &json!("not_allowed")));
    }
    let reminded = does(&house, &joons, "POST", &path, Some(json!({}))).await;
    let me = does(&house, &house.token, "GET", "/me", None).await;
    let mut asked: Vec<_> = reminded["event"]["body"]["people"].as_array().expect("people").clone();
    asked.sort_by_key(ToString::to_string);
    let mut unread = vec![me["me"]["id"].clone(), json!(sam)];
    unread.sort_by_key(ToString::to_string);
    assert_eq!(asked, unread, "mina has read it, and joon {joon} wrote it");
    assert_eq!(reminded["people"], 2);
    let list = house.activity_of(&sams, 2).await.expect("sam hears of it");
    let kinds: Vec<_> =
        list["items"].as_array().expect("items").iter().map(|it| it["kind"].clone()).collect();
    assert!(kinds.contains(&json!("reminder")), "{kinds:?}");
    does(&house, &house.token, "POST", &path, Some(json!({}))).await;
    // Once everybody has read, there is nobody to ask and nothing to say.
    for token in [&house.token, &sams] {
        does(&house, token, "PUT", &format!("/spaces/{space}/read"), Some(json!({"seq": seq + 10}))).await;
    }
    let nobody = does(&house, &joons, "POST", &path, Some(json!({}))).await;
    assert_eq!((&nobody["people"], &nobody["event"]), (&json!(0), &json!(null)));
    does(&house, &joons, "DELETE", &format!("/spaces/{space}/messages/{seq}"), None).await;
    let (status, answer) = house.ask(Some(&joons), "POST", &path, Some(json!({}))).await.expect("asked");
    assert_eq!((status, &answer["error"]["code"]), (409, &json!("message_removed")));
}
