//! Links that stand above a conversation.

use serde_json::{Value, json};

use crate::calls::hears;
use crate::cast::does;
use crate::talk::{add, house, new_space, socket};

#[tokio::test(flavor = "multi_thread")]
async fn a_bookmark_stands_above_a_conversation_for_everybody_in_it() {
    let house = house().await;
    let space = new_space(&house, &house.token, "closed").await;
    let (_, joon) = house.member("joon").expect("joon");
    let path = format!("/spaces/{space}/bookmarks");
    let wish =
        json!({"client_id": "b1", "title": " 계획 ", "link": "https://example.com/plan", "emoji": ":tada:"});
    let (status, said) = house.ask(Some(&joon), "POST", &path, Some(wish.clone())).await.expect("asked");
    assert_eq!((status, &said["error"]["code"]), (404, &json!("not_found")));
    add(&house, &space, "joon@example.com").await;
    let mut device = socket(&house, &joon).await.expect("connected");
    let made = does(&house, &house.token, "POST", &path, Some(wish.clone())).await;
    assert_eq!((&made["title"], &made["emoji"]), (&json!("계획"), &json!("tada")));
    let told = hears(&mut device, "event", |frame| frame["event"]["type"] == "bookmark.added").await;
    assert_eq!(told["event"]["body"]["id"], made["id"]);
    // A repeat is the same one.
    assert_eq!(does(&house, &house.token, "POST", &path, Some(wish)).await, made);
    let other = json!({"title": "Board", "link": "http://example.com/board"});
    let other = does(&house, &joon, "POST", &path, Some(other)).await;
    let one = format!("{path}/{}", made["id"].as_str().expect("an id"));
    let changed = does(&house, &joon, "PATCH", &one, Some(json!({"title": "새 계획", "emoji": null}))).await;
    assert_eq!(
        (&changed["title"], &changed["emoji"], &changed["link"], &changed["by"]),
        (&json!("새 계획"), &Value::Null, &made["link"], &made["by"])
    );
    let told = hears(&mut device, "event", |frame| frame["event"]["type"] == "bookmark.changed").await;
    assert_eq!(told["event"]["body"]["emoji"], Value::Null);
    let listed = does(&house, &joon, "GET", &path, None).await;
    assert_eq!(listed["bookmarks"], json!([changed, other]));
    for (wrong, code) in [
        (json!({"title": "x", "link": "javascript:alert(1)"}), "invalid"),
        (json!({"title": " ", "link": "https://example.com"}), "invalid"),
        (json!({"title": "x".repeat(256), "link": "https://example.com"}), "too_long"),
        (json!({"title": "x", "link": "https://example.com", "emoji": "no such"}), "invalid"),
    ] {
        let (_, said) = house.ask(Some(&joon), "POST", &path, Some(wrong.clone())).await.expect("asked");
        assert_eq!(said["error"]["code"], code, "{wrong}");
    }
    let (status, _) = house.ask(Some(&joon), "DELETE", &one, None).await.expect("asked");
    assert_eq!(status, 204);
    hears(&mut device, "event", |frame| frame["event"]["type"] == "bookmark.removed").await;
    let (status, said) = house.ask(Some(&joon), "DELETE", &one, None).await.expect("asked");
    assert_eq!((status, &said["error"]["code"]), (404, &json!("not_found")));
    // It goes along with whoever reads the history, and not with the space's end.
    let page = does(&house, &joon, "GET", &format!("/spaces/{space}/pages/0"), None).await;
    let kinds: Vec<&str> =
        page["rows"].as_array().expect("rows").iter().filter_map(|it| it["type"].as_str()).collect();
    assert!(kinds.contains(&"bookmark.added") && kinds.contains(&"bookmark.removed"), "{kinds:?}");
}
