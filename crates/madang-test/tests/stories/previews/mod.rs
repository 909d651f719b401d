//! What links lead to: asked once by the house, the same for everybody, and harmless whatever the site sends.

mod site;

use madang_test::House;
use serde_json::{Value, json};

use crate::cast::does;
use crate::talk::{add, new_space, post};
use site::Site;

/// A house that may ask a site on this machine.
async fn house() -> House {
    let mut house = House::set_up().expect("a house");
    house.options.extend(["--outgoing-allowed".into(), "127.0.0.1".into()]);
    house.start().await.expect("it serves");
    house
}

/// What the links of a message lead to, once every site has answered or was given up.
async fn previews(house: &House, token: &str, space: &str, seq: i64) -> Value {
    loop {
        let answer =
            does(house, token, "GET", &format!("/spaces/{space}/messages/{seq}/previews"), None).await;
        if answer.get("pending").is_none() {
            return answer;
        }
    }
}

fn titles(answer: &Value) -> Vec<&str> {
    let found = answer["previews"].as_array().expect("a list");
    found.iter().map(|it| it["title"].as_str().expect("a title")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_is_shown_with_what_it_leads_to_and_the_site_learns_of_no_reader() {
    let (site, mut house) = (Site::open().await, house().await);
    let (_, joon) = house.member("joon").expect("joon");
    let space = new_space(&house, &house.token, "closed").await;
    add(&house, &space, "joon@example.com").await;
    let text = format!("보세요: {} 그리고 {}", site.url("/page#part"), site.url("/euc-kr"));
    let seq = post(&house, &house.token, &space, &text).await;

    let shown = previews(&house, &house.token, &space, seq).await;
    let first = &shown["previews"][0];
    assert_eq!(titles(&shown), ["봄 & 정원", "마당"]);
    assert_eq!((&first["description"], &first["site"]), (&json!("꽃이 피는 순서"), &json!("정원 신문")));
    assert_eq!(
        (&first["href"], &first["picture"]),
        (&json!(site.url("/page#part")), &json!({"width": 320, "height": 160}))
    );
    assert_eq!(shown["previews"][1]["site"], "127.0.0.1");

    // The same for everybody, for a newcomer and after a restart, and the site is asked no more.
    assert_eq!(previews(&house, &joon, &space, seq).await, shown);
    house.stop().await.expect("it ends");
    house.start().await.expect("it serves");
    let (_, mina) = house.member("mina").expect("mina");
    add(&house, &space, "mina@example.com").await;
    assert_eq!(previews(&house, &mina, &space, seq).await, shown);
    let key = first["key"].as_str().expect("a key");
    let path = house.url(&format!("/spaces/{space}/messages/{seq}/previews/{key}"));
    let answer = house.client.get(path).bearer_auth(&mina).send().await.expect("asked");
    assert_eq!(answer.headers()["content-type"], "image/jpeg");
    let made = image::load_from_memory(&answer.bytes().await.expect("a picture")).expect("a picture of ours");
    assert_eq!((made.width(), made.height()), (320, 160));

    for path in ["/page", "/picture", "/euc-kr"] {
        let asked = site.asked(path);
        assert_eq!(asked.len(), 1, "{path} is asked once");
        let headers = &asked[0].headers;
        assert!(headers["user-agent"].starts_with("Madang/"));
        for tells in ["cookie", "referer", "authorization", "accept-language", "x-forwarded-for", "origin"] {
            assert!(!headers.contains_key(tells), "{path} is told {tells}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_a_site_does_harms_nobody() {
    let (site, house) = (Site::open().await, house().await);
    let space = new_space(&house, &house.token, "closed").await;
    // What is shown of each link, and whether with a picture.
    let nothing: Option<(&str, bool)> = None;
    for (path, expected) in [
        ("/moved", Some(("봄 & 정원", true))),
        ("/own", Some(("페이지", true))),
        ("/huge", Some(("Long", false))),
        ("/late", nothing),
        ("/slow", nothing),
        ("/inside", nothing),
        ("/other-port", nothing),
        ("/file", nothing),
        ("/loop", nothing),
        ("/squeezed", nothing),
        ("/gone", nothing),
        ("/data", nothing),
        ("/broken", nothing),
        ("/svg", Some(("페이지", false))),
        ("/html-as-picture", Some(("페이지", false))),
        ("/bomb", Some(("페이지", false))),
        ("/picture-inside", Some(("페이지", false))),
        ("/picture-huge", Some(("페이지", false))),
    ] {
        let seq = post(&house, &house.token, &space, &site.url(path)).await;
        let shown = previews(&house, &house.token, &space, seq).await;
        let first = shown["previews"].get(0);
        let found = first.map(|it| (it["title"].as_str().expect("a title"), it.get("picture").is_some()));
        assert_eq!(found, expected, "{path}");
    }
    // Inside our own network nothing is asked, however it is written.
    for link in [
        "http://10.0.0.1/",
        "https://localhost/",
        "https://169.254.169.254/",
        "https://[::1]/",
        "http://2130706434/",
    ] {
        let seq = post(&house, &house.token, &space, link).await;
        assert_eq!(titles(&previews(&house, &house.token, &space, seq).await), Vec::<&str>::new(), "{link}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_author_takes_a_preview_away_for_everybody() {
    let (site, house) = (Site::open().await, house().await);
    let (_, joon) = house.member("joon").expect("joon");
    let space = new_space(&house, &house.token, "closed").await;
    add(&house, &space, "joon@example.com").await;
    let (one, two) = (site.url("/page"), site.url("/euc-kr"));
    let seq =
        post(&house, &joon, &space, &format!("{one} {two} `{}` <{}>", site.url("/code"), site.url("/quiet")))
            .await;
    let shown = previews(&house, &joon, &space, seq).await;
    assert_eq!(titles(&shown), ["봄 & 정원", "마당"]);
    let key = shown["previews"][0]["key"].as_str().expect("a key");
    let path = format!("/spaces/{space}/messages/{seq}/previews/{key}");

    let (status, refused) = house.ask(Some(&house.token), "DELETE", &path, None).await.expect("asked");
    assert_eq!((status, &refused["error"]["code"]), (403, &json!("not_the_author")));
    let asked = format!("{path}?client_id=away");
    let edited = does(&house, &joon, "DELETE", &asked, None).await;
    assert_eq!(edited["event"]["type"], "message.edited");
    let text = format!("<{one}> {two} `{}` <{}>", site.url("/code"), site.url("/quiet"));
    assert_eq!(edited["event"]["body"]["text"], text);
    // The first answer again; another wish for the same is fulfilled.
    assert_eq!(does(&house, &joon, "DELETE", &asked, None).await, edited);
    assert_eq!(does(&house, &joon, "DELETE", &path, None).await["event"], Value::Null);
    assert_eq!(titles(&previews(&house, &house.token, &space, seq).await), ["마당"]);
    let (status, _) = house.ask(Some(&joon), "GET", &path, None).await.expect("asked");
    assert_eq!(status, 404, "its picture is given to nobody");
    assert!(site.asked("/code").is_empty() && site.asked("/quiet").is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn previews_are_for_who_may_read_the_message_and_a_workspace_may_show_none() {
    let (site, house) = (Site::open().await, house().await);
    let (_, joon) = house.member("joon").expect("joon");
    let closed = new_space(&house, &house.token, "closed").await;
    let open = new_space(&house, &house.token, "open").await;
    let link = site.url("/page");
    let seq = post(&house, &house.token, &closed, &link).await;
    let other = post(&house, &house.token, &open, "안녕").await;
    let shown = previews(&house, &house.token, &closed, seq).await;
    let key = shown["previews"][0]["key"].as_str().expect("a key");

    // Neither what a link leads to nor its picture, from outside or through a message without the link.
    for path in [
        format!("/spaces/{closed}/messages/{seq}/previews"),
        format!("/spaces/{closed}/messages/{seq}/previews/{key}"),
        format!("/spaces/{open}/messages/{other}/previews/{key}"),
    ] {
        let (status, _) = house.ask(Some(&joon), "GET", &path, None).await.expect("asked");
        assert_eq!(status, 404, "{path}");
    }
    // Of a removed message nothing is left.
    let removed = post(&house, &house.token, &closed, &link).await;
    does(&house, &house.token, "DELETE", &format!("/spaces/{closed}/messages/{removed}"), None).await;
    assert_eq!(titles(&previews(&house, &house.token, &closed, removed).await), Vec::<&str>::new());

    let off = Some(json!({"previews": false}));
    let (status, refused) = house.ask(Some(&joon), "PATCH", "/workspace", off.clone()).await.expect("asked");
    assert_eq!((status, &refused["error"]["code"]), (403, &json!("not_allowed")));
    assert_eq!(does(&house, &house.token, "PATCH", "/workspace", off).await["workspace"]["previews"], false);
    assert_eq!(does(&house, &joon, "GET", "/workspace", None).await["workspace"]["previews"], false);
    let seq = post(&house, &house.token, &closed, &site.url("/own")).await;
    assert_eq!(previews(&house, &house.token, &closed, seq).await, json!({"previews": [], "off": true}));
    assert!(site.asked("/own").is_empty(), "nobody is asked");
    let audit = does(&house, &house.token, "GET", "/audit", None).await;
    assert_eq!(audit["entries"][0]["act"], "settings.changed");
    assert_eq!(audit["entries"][0]["details"], json!({"previews": false}));
}

/// What the house hands out for the address of a picture: status, type and body.
async fn outside(house: &House, token: Option<&str>, url: &str) -> (u16, String, Vec<u8>) {
    let mut asked = house.url("/pictures/outside").parse::<reqwest::Url>().expect("an address");
    asked.query_pairs_mut().append_pair("url", url);
    let mut request = house.client.get(asked).header("accept-language", "en");
    if let Some(token) = token {
        request = request.bearer_auth(token);
    }
    let answer = request.send().await.expect("asked");
    let content_type =
        answer.headers().get("content-type").and_then(|it| it.to_str().ok()).unwrap_or_default();
    let content_type = content_type.to_owned();
    (answer.status().as_u16(), content_type, answer.bytes().await.expect("a body").to_vec())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_from_outside_comes_from_the_house_and_nothing_else_does() {
    let (site, house) = (Site::open().await, house().await);
    let (_, joon) = house.member("joon").expect("joon");
    let link = site.url("/picture");
    assert_eq!(outside(&house, None, &link).await.0, 401, "for who is signed in");
    for token in [&joon, &house.token, &joon] {
        let (status, content_type, made) = outside(&house, Some(token), &link).await;
        let made = image::load_from_memory(&made).expect("a picture of ours");
        assert_eq!((status, content_type.as_str(), made.width()), (200, "image/jpeg", 640));
    }
    let asked = site.asked("/picture");
    assert_eq!(asked.len(), 1, "the site is asked once");
    for tells in ["cookie", "referer", "authorization", "accept-language", "x-forwarded-for", "origin"] {
        assert!(!asked[0].headers.contains_key(tells), "it is told {tells}");
    }
    for (path, status) in [
        ("/drawing.svg", 404),
        ("/page", 404),
        ("/bomb.png", 404),
        ("/huge", 404),
        ("/gone", 404),
        ("/inside", 404),
        ("/other-port", 404),
        ("/file", 404),
        ("/loop", 404),
        ("/broken", 404),
    ] {
        let (said, _, body) = outside(&house, Some(&joon), &site.url(path)).await;
        assert_eq!(said, status, "{path}: {}", String::from_utf8_lossy(&body));
    }
    for (link, code) in [
        ("http://10.0.0.1/camera.jpg", "invalid"),
        ("https://[::1]/x.png", "invalid"),
        ("https://somebody:secret@pictures.example/x.png", "invalid"),
        ("file:///etc/passwd", "invalid"),
        ("data:image/png;base64,AAAA", "invalid"),
        ("kein Bild", "invalid"),
        (&format!("https://pictures.example/{}", "x".repeat(3_000)), "too_long"),
    ] {
        let (status, _, body) = outside(&house, Some(&joon), link).await;
        let said: Value = serde_json::from_slice(&body).expect("a reason");
        assert_eq!((status, &said["error"]["code"]), (422, &json!(code)), "{link}");
    }
    // Where the workspace asks nobody outside, nothing is handed out either.
    does(&house, &house.token, "PATCH", "/workspace", Some(json!({"previews": false}))).await;
    assert_eq!(outside(&house, Some(&joon), &link).await.0, 404);
}
