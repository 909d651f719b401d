//! What has gone wrong in houses like this one, tried on ours (the numbers are those of SECURITY.md).

use serde_json::{Value, json};

use crate::cast::{does, guest, last, link};
use crate::talk::{add, house, new_space, post};

/// T3: a way in leads where it was made for, and through its own door only.
#[tokio::test(flavor = "multi_thread")]
async fn a_secret_opens_its_own_door_only() {
    let house = house().await;
    let space = new_space(&house, &house.token, "closed").await;
    let link = link(&house, &house.token, &space).await;
    let body = json!({"email": "dara@example.com"});
    let added = does(&house, &house.token, "POST", &format!("/spaces/{space}/members"), Some(body)).await;
    let invitation = last(added["invitation"]["url"].as_str().expect("a link")).to_owned();
    let body = Some(json!({"name": "보라", "password": "나무 아래 새 비밀번호"}));
    let doors = [
        ("/join/", &invitation),
        ("/confirm/", &invitation),
        ("/password-reset/", &invitation),
        ("/invitations/", &link),
        ("/confirm/", &link),
        ("/password-reset/", &link),
    ];
    for (door, secret) in doors {
        for secret in [secret.clone(), format!("{secret}x"), secret.to_lowercase(), format!("{secret}%00")] {
            let path = format!("{door}{secret}");
            let (status, answer) = house.ask(None, "POST", &path, body.clone()).await.expect("asked");
            assert_eq!((status, &answer["error"]["code"]), (404, &json!("link_invalid")), "{path}");
        }
    }
    // Somebody else who is signed in cannot take an invitation that is not theirs, nor raise the role in it.
    let (_, mina) = house.member("mina").expect("mina");
    let path = format!("/invitations/{invitation}");
    let (status, answer) =
        house.ask(Some(&mina), "POST", &path, Some(json!({"role": "owner"}))).await.expect("asked");
    assert_eq!((status, &answer["error"]["code"]), (404, &json!("link_invalid")));
    let smuggled =
        json!({"name": "다라", "password": "나무 아래 새 비밀번호", "role": "owner", "space": house.space});
    let (status, me) = house.ask(None, "POST", &path, Some(smuggled)).await.expect("asked");
    assert_eq!((status, &me["me"]["role"]), (200, &json!("guest")), "{me}");
}

/// T5: whoever was removed finds nothing of the space in any list, nor that what they kept is still right.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_a_space_is_left_for_whoever_was_removed() {
    let house = house().await;
    let space = new_space(&house, &house.token, "closed").await;
    let (joon, token) = house.member("joon").expect("joon");
    add(&house, &space, "joon@example.com").await;
    let seq = post(&house, &house.token, &space, &format!("<@{joon}> 첫 비밀")).await;
    house.activity_of(&token, 2).await.expect("joon hears of it");
    let page = house.url(&format!("/spaces/{space}/pages/0"));
    let kept = house.client.get(&page).bearer_auth(&token).send().await.expect("asked");
    let tag = kept.headers()["etag"].clone();
    does(&house, &house.token, "DELETE", &format!("/spaces/{space}/members/{joon}"), None).await;
    let message = format!("/spaces/{space}/messages/{seq}");
    does(&house, &house.token, "PATCH", &message, Some(json!({"text": format!("<@{joon}> 새 비밀")}))).await;
    let again = house.client.get(&page).bearer_auth(&token).header("if-none-match", tag).send().await;
    assert_eq!(again.expect("asked").status(), 404);
    let (_, api) = house.ask(None, "GET", "/openapi.json", None).await.expect("asked");
    for (path, methods) in api["paths"].as_object().expect("paths") {
        let Some(under) = path.strip_prefix("/api/v1").filter(|_| methods.get("get").is_some()) else {
            continue;
        };
        let under = under.replace("{id}", &space).replace("{seq}", &seq.to_string()).replace("{n}", "0");
        let (_, answer) = house.ask(Some(&token), "GET", &under, None).await.expect("asked");
        let text = answer.to_string();
        assert!(!text.contains("비밀"), "{under} still tells {text}");
        let registers = under == "/registers";
        assert!(
            registers || under.contains(&space) || !text.contains(&space),
            "{under} still names it: {text}"
        );
    }
}

/// T7: what was removed is in no answer, not even in the events that tell of it.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_removed_is_told_nowhere() {
    let house = house().await;
    let space = new_space(&house, &house.token, "closed").await;
    let (joon, token) = house.member("joon").expect("joon");
    add(&house, &space, "joon@example.com").await;
    let root = post(&house, &house.token, &space, &format!("<@{joon}> 비밀 하나")).await;
    let under = format!("/spaces/{space}/messages/{root}");
    does(&house, &house.token, "PATCH", &under, Some(json!({"text": "비밀 둘"}))).await;
    does(&house, &house.token, "PUT", &format!("{under}/pin"), Some(json!({}))).await;
    let reply = json!({"text": "답", "thread": root});
    does(&house, &token, "POST", &format!("/spaces/{space}/messages"), Some(reply)).await;
    house.activity_of(&token, 2).await.expect("joon hears of it");
    does(&house, &house.token, "DELETE", &under, None).await;
    let paths =
        ["/events", "/pages/0", "/pins", "", &format!("/messages/{root}"), &format!("/threads/{root}")];
    let paths = paths.iter().map(|path| format!("/spaces/{space}{path}"));
    for path in paths.chain(["/spaces".into(), "/activity".into(), "/registers".into()]) {
        for token in [&house.token, &token] {
            let answer = does(&house, token, "GET", &path, None).await;
            assert!(!answer.to_string().contains("비밀"), "{path} still tells {answer}");
        }
    }
}

/// T8: ids of what somebody may not see are of no use anywhere.
#[tokio::test(flavor = "multi_thread")]
async fn ids_of_foreign_things_are_of_no_use() {
    let house = house().await;
    let foreign = new_space(&house, &house.token, "closed").await;
    let seq = post(&house, &house.token, &foreign, "비밀").await;
    let (_, mina) = house.member("mina").expect("mina");
    let own = new_space(&house, &mina, "closed").await;
    let messages = format!("/spaces/{own}/messages");
    let tries = [
        ("POST", messages.clone(), json!({"forward": {"space": foreign, "seq": seq}}), "not_found"),
        ("POST", messages.clone(), json!({"forward": {"space": "../..", "seq": seq}}), "not_found"),
        ("POST", messages.clone(), json!({"text": "x", "thread": seq + 40}), "not_found"),
        ("POST", messages.clone(), json!({"files": ["0000000000001"]}), "file_not_usable"),
        ("POST", messages.clone(), json!({"files": ["../etc/passwd"]}), "file_not_usable"),
        ("PATCH", "/me".into(), json!({"picture": "0000000000001"}), "file_not_usable"),
        ("PATCH", format!("/spaces/{own}"), json!({"picture": "0000000000001"}), "file_not_usable"),
        (
            "POST",
            "/spaces".into(),
            json!({"name": "x", "kind": "closed", "team": "0000000000001"}),
            "not_found",
        ),
        ("POST", format!("/spaces/{own}/members"), json!({"person": "0000000000001"}), "invalid"),
        ("POST", "/directs".into(), json!({"people": ["0000000000001"]}), "not_found"),
    ];
    for (method, path, body, code) in tries {
        let (status, answer) =
            house.ask(Some(&mina), method, &path, Some(body.clone())).await.expect("asked");
        assert_eq!(answer["error"]["code"], code, "{method} {path} {body} is {status}: {answer}");
    }
    // One's client id is one's own: the same one of somebody else gives nothing of theirs.
    let wish = json!({"client_id": "one wish", "text": "비밀"});
    let theirs = does(&house, &house.token, "POST", &format!("/spaces/{foreign}/messages"), Some(wish)).await;
    let mine =
        does(&house, &mina, "POST", &messages, Some(json!({"client_id": "one wish", "text": "나"}))).await;
    assert_ne!(theirs["event"]["space"], mine["event"]["space"]);
}

/// T21: nobody says for somebody else what they have read, and nobody has read what is not there.
#[tokio::test(flavor = "multi_thread")]
async fn read_marks_cannot_be_forged() {
    let house = house().await;
    let space = new_space(&house, &house.token, "closed").await;
    let (joon, token) = house.member("joon").expect("joon");
    add(&house, &space, "joon@example.com").await;
    let seq = post(&house, &house.token, &space, "읽어 주세요").await;
    let path = format!("/spaces/{space}/read");
    let forged = json!({"seq": i64::MAX, "person": joon, "author": joon});
    let mine = does(&house, &house.token, "PUT", &path, Some(forged)).await;
    let head = mine["register"]["value"]["seq"].as_i64().expect("a seq");
    assert!(head <= seq + 1, "not beyond the head: {mine}");
    let markers = does(&house, &token, "GET", &format!("/spaces/{space}/markers"), None).await;
    let joons =
        markers["markers"].as_array().expect("pairs").iter().find(|it| it[0] == joon.as_str()).cloned();
    assert!(joons.is_some_and(|it| it[1].as_i64() < Some(seq)), "joon has read nothing: {markers}");
    let twice = house
        .client
        .patch(house.url("/me/settings"))
        .bearer_auth(&token)
        .header("content-type", "application/json")
        .body(r#"{"theme":"dark","theme":"light"}"#);
    let answer = twice.send().await.expect("asked");
    assert_eq!(answer.status(), 422, "one key with two values is two things to two readers");
}

/// T22: nothing that is somebody's is kept by a cache on the way.
#[tokio::test(flavor = "multi_thread")]
async fn no_cache_keeps_what_is_somebodys() {
    let house = house().await;
    let seq = post(&house, &house.token, &house.space, "안녕").await;
    let (_, api) = house.ask(None, "GET", "/openapi.json", None).await.expect("asked");
    // What leads elsewhere is an answer too.
    let client =
        reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().expect("a client");
    for (path, methods) in api["paths"].as_object().expect("paths") {
        if methods.get("get").is_none() {
            continue;
        }
        let path = path.replace("{id}", &house.space).replace("{seq}", &seq.to_string()).replace("{n}", "0");
        let answer = client.get(house.page(&path)).bearer_auth(&house.token).send().await.expect("asked");
        let cache = answer.headers()["cache-control"].to_str().expect("text");
        assert!(cache.contains("no-store") || cache.starts_with("private"), "{path} says {cache}");
    }
}

/// T10 and T12: what a guest sends beside the fields they may set changes nothing.
#[tokio::test(flavor = "multi_thread")]
async fn fields_that_are_not_ones_own_to_set_change_nothing() {
    let house = house().await;
    let space = new_space(&house, &house.token, "closed").await;
    let (sam, token) = guest(&house, &space, "sam").await;
    let claims = json!({"name": "샘", "role": "owner", "email": "nari@example.com", "id": "0000000000001", "bot": true, "active": false, "account": false});
    does(&house, &token, "PATCH", "/me", Some(claims)).await;
    let me = does(&house, &token, "GET", "/me", None).await;
    let kept = (&me["me"]["id"], &me["me"]["role"], &me["me"]["email"], &me["me"]["active"]);
    assert_eq!(kept, (&json!(sam), &json!("guest"), &json!("sam@example.com"), &json!(true)), "{me}");
    assert_eq!(me["me"].get("bot"), None::<&Value>);
}
