//! What those who run the house choose holds for everybody in it, at once.

use madang_test::House;
use serde_json::{Value, json};

use crate::cast::{does, guest, joins, last, link};
use crate::talk::{add, house, new_space};
use crate::uploads::{begin, upload};

/// The smallest PNG that is a picture: one pixel.
const DOT: &[u8] = include_bytes!("dot.png");

async fn refused(house: &House, token: &str, method: &str, path: &str, body: Value) -> String {
    let (status, answer) = house.ask(Some(token), method, path, Some(body)).await.expect("asked");
    assert!((400..500).contains(&status), "{method} {path} is {status}: {answer}");
    answer["error"]["code"].as_str().expect("a code").to_owned()
}

async fn choose(house: &House, what: Value) -> Value {
    does(house, &house.token, "PATCH", "/workspace/settings", Some(what)).await
}

/// What the newest change of settings says of itself in the audit log.
async fn written_down(house: &House) -> Value {
    let log = does(house, &house.token, "GET", "/audit?kind=settings.changed", None).await;
    log["entries"][0]["details"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn who_makes_spaces_and_invites_guests_is_for_the_house_to_choose() {
    let house = house().await;
    let (_, joon) = house.member("joon").expect("joon");
    let garden = new_space(&house, &joon, "closed").await;
    let members = format!("/spaces/{garden}/members");
    let invited = does(&house, &joon, "POST", &members, Some(json!({"email": "sam@example.com"}))).await;
    let old = last(invited["invitation"]["url"].as_str().expect("a link")).to_owned();
    let door = link(&house, &joon, &garden).await;
    let mine = does(&house, &joon, "GET", "/workspace", None).await;
    let all = json!({"create_spaces": true, "invite_guests": true, "record_calls": true});
    assert_eq!(mine["may"], all);

    let strict = json!({"create_spaces": "admin", "invite_guests": "admin"});
    assert_eq!(refused(&house, &joon, "PATCH", "/workspace/settings", strict.clone()).await, "not_allowed");
    choose(&house, strict).await;
    let said = written_down(&house).await;
    assert_eq!(said["create_spaces"], json!({"was": "member", "now": "admin"}), "{said}");
    assert!(said.get("involvement").is_none(), "what stayed is not said: {said}");

    let space = json!({"name": "밭", "kind": "closed"});
    assert_eq!(refused(&house, &joon, "POST", "/spaces", space).await, "not_allowed");
    let dara = json!({"email": "dara@example.com"});
    assert_eq!(refused(&house, &joon, "POST", &members, dara.clone()).await, "not_allowed");
    let links = format!("/spaces/{garden}/links");
    assert_eq!(refused(&house, &joon, "POST", &links, json!({})).await, "not_allowed");
    let id = last(invited["invitation"]["id"].as_str().expect("an id")).to_owned();
    let again = format!("/invitations/{id}/again");
    assert_eq!(refused(&house, &joon, "POST", &again, json!({})).await, "not_allowed");
    // What he gave away before lets nobody in any more, and can still be ended.
    let guest = json!({"name": "샘", "password": "나무 아래 샘", "language": "ko"});
    for (path, body) in
        [(format!("/invitations/{old}"), guest), (format!("/join/{door}"), json!({"name": "다라"}))]
    {
        let (status, answer) = house.ask(None, "POST", &path, Some(body)).await.expect("asked");
        assert_eq!((status, answer["error"]["code"].as_str()), (404, Some("link_invalid")), "{path}");
    }
    let open = does(&house, &joon, "GET", &links, None).await;
    let open = open["links"][0]["id"].as_str().expect("a link").to_owned();
    does(&house, &joon, "DELETE", &format!("{links}/{open}"), None).await;
    // People of the house are added as before, and those who run it go on.
    house.member("mina").expect("mina");
    let mina = json!({"email": "mina@example.com"});
    does(&house, &joon, "POST", &members, Some(mina)).await;
    new_space(&house, &house.token, "closed").await;
    let mine = does(&house, &joon, "GET", "/workspace", None).await;
    let strict = json!({"create_spaces": false, "invite_guests": false, "record_calls": true});
    assert_eq!(mine["may"], strict);

    choose(&house, json!({"invite_guests": "member"})).await;
    does(&house, &joon, "POST", &members, Some(dara)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_comes_into_a_space_hears_as_much_as_the_house_chose() {
    let house = house().await;
    let (joon, token) = house.member("joon").expect("joon");
    choose(&house, json!({"involvement": "mentions"})).await;
    let garden = new_space(&house, &house.token, "closed").await;
    add(&house, &garden, "joon@example.com").await;
    let level = async |space: &str| {
        does(&house, &token, "GET", &format!("/spaces/{space}"), None).await["space"]["me"]["level"].clone()
    };
    assert_eq!(level(&garden).await, "mentions");
    let direct = json!({"people": [joon]});
    let direct = does(&house, &house.token, "POST", "/directs", Some(direct)).await;
    let direct = direct["space"]["id"].as_str().expect("an id").to_owned();
    assert_eq!(level(&direct).await, "everything", "a conversation is heard");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_largest_file_and_how_links_hold_are_for_the_house_to_choose() {
    let house = house().await;
    let (_, joon) = house.member("joon").expect("joon");
    let garden = new_space(&house, &joon, "closed").await;
    let settings =
        choose(&house, json!({"largest_file": 1_000_000, "link_expires_in": 3_600, "link_uses": 1})).await;
    assert_eq!(settings["server_largest_file"], 2_i64 << 30);
    let mine = does(&house, &joon, "GET", "/workspace", None).await;
    assert_eq!((&mine["largest_file"], &mine["link_uses"]), (&json!(1_000_000), &json!(1)));
    assert!(begin(&house, &joon, "a.bin", 1_000_001).await.is_err(), "too large for this house");
    begin(&house, &joon, "a.bin", 1_000_000).await.expect("it fits");

    let links = format!("/spaces/{garden}/links");
    let made = does(&house, &joon, "POST", &links, Some(json!({}))).await["link"].clone();
    let holds = made["expires_at"].as_i64().expect("an end") - made["created_at"].as_i64().expect("a time");
    assert_eq!((holds, &made["uses_left"]), (3_600_000_000, &json!(1)));
    let (_, sam) = joins(&house, last(made["url"].as_str().expect("a link")), "샘").await;
    assert_eq!(does(&house, &sam, "GET", "/workspace", None).await["may"]["create_spaces"], false);
    let free = json!({"expires_in": 0, "uses": 0});
    let free = does(&house, &joon, "POST", &links, Some(free)).await["link"].clone();
    assert!(free.get("expires_at").is_none() && free.get("uses_left").is_none(), "as its maker said: {free}");
    for wrong in [
        json!({"largest_file": 5}),
        json!({"link_expires_in": 1}),
        json!({"link_uses": -1}),
        json!({"create_spaces": "guest"}),
        json!({"invite_guests": "everybody"}),
        json!({"involvement": "all"}),
    ] {
        assert_eq!(
            refused(&house, &house.token, "PATCH", "/workspace/settings", wrong.clone()).await,
            "invalid",
            "{wrong}"
        );
    }
    let long = json!({"welcome": "가".repeat(301)});
    assert_eq!(refused(&house, &house.token, "PATCH", "/workspace/settings", long).await, "too_long");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_comes_to_the_door_sees_whose_it_is() {
    let house = house().await;
    let front = async || house.ask(None, "GET", "/setup", None).await.expect("asked").1["front"].clone();
    let logo = async || {
        let answer = house.client.get(house.url("/logo?w=96")).send().await.expect("asked");
        (answer.status().as_u16(), answer.headers()["content-type"].to_str().expect("text").to_owned())
    };
    assert!(front().await["logo"].is_null() && front().await["name"].is_string());
    assert_eq!(logo().await.0, 404);
    let file = upload(&house, &house.token, "dot.png", DOT).await["id"].clone();
    does(&house, &house.token, "PUT", "/workspace/logo", Some(json!({"file": file}))).await;
    choose(&house, json!({"welcome": "어서 오세요, 한빛입니다."})).await;
    assert_eq!(front().await["welcome"], "어서 오세요, 한빛입니다.");
    assert_eq!(front().await["logo"], file);
    let (status, media) = logo().await;
    assert!(status == 200 && media.starts_with("image/"), "{status} {media}");
    // It is a picture of the house: what nobody uses is cleared away, this stays.
    let (_, sam) = guest(&house, &house.space, "sam").await;
    does(&house, &sam, "GET", &format!("/pictures/{}", file.as_str().expect("an id")), None).await;
    does(&house, &house.token, "PUT", "/workspace/logo", Some(json!({"file": null}))).await;
    assert_eq!(logo().await.0, 404);
    let said = written_down(&house).await;
    assert_eq!(said["logo"]["was"], file, "{said}");
}
