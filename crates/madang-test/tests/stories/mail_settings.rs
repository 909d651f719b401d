//! The mail server that owners name in the app: used at once, its password told to nobody.

use std::path::Path;

use madang_test::House;
use serde_json::{Value, json};

use crate::cast::does;
use crate::mail::{next, read, sink};
use crate::talk::{add, new_space, post};

/// Nobody types this by chance.
const PASSWORD: &str = "goldfish-behind-the-third-pine";

/// A house without a mail server, which may be told one on this machine.
async fn house() -> House {
    let mut house = House::set_up().expect("a house");
    house.options.extend(["--outgoing-allowed".into(), "127.0.0.1".into()]);
    house.start().await.expect("it serves");
    house
}

fn server(port: u16) -> Value {
    json!({"host": "127.0.0.1", "port": port, "security": "none", "account": "", "from": "한빛 <madang@example.com>"})
}

async fn code(house: &House, token: &str, method: &str, path: &str, body: Option<Value>) -> String {
    let (status, answer) = house.ask(Some(token), method, path, body).await.expect("asked");
    assert!((400..500).contains(&status), "{method} {path} is {status}: {answer}");
    answer["error"]["code"].as_str().expect("a code").to_owned()
}

/// Whether a text lies anywhere in the folder in the open.
fn lies_in(folder: &Path, text: &str) -> bool {
    std::fs::read_dir(folder).expect("a folder").map(|it| it.expect("an entry").path()).any(|path| {
        if path.is_dir() {
            return lies_in(&path, text);
        }
        let bytes = std::fs::read(&path).unwrap_or_default();
        bytes.windows(text.len()).any(|part| part == text.as_bytes())
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_server_that_is_named_in_the_app_is_used_at_once_and_stays_after_a_restart() {
    let (address, mails) = sink();
    let mut house = house().await;
    let shown = does(&house, &house.token, "GET", "/workspace/mail", None).await;
    assert_eq!(shown, json!({"source": "none"}));
    let shown = does(&house, &house.token, "PUT", "/workspace/mail", Some(server(address.port()))).await;
    assert_eq!((&shown["source"], &shown["server"]["has_password"]), (&json!("app"), &json!(false)));

    let tested = does(&house, &house.token, "POST", "/overview/mail", None).await;
    assert_eq!(tested["sent"], true, "{tested}");
    assert!(tested["said"].as_str().is_some_and(|it| it.starts_with("250")), "{tested}");
    let raw = next(&mails);
    let from = read(&raw).from().and_then(|it| it.first()).and_then(|it| it.address().map(str::to_owned));
    assert_eq!(from.as_deref(), Some("madang@example.com"));

    // Invitations go by mail from here on, and no link is shown.
    let invite = async |house: &House, email: &str| {
        let garden = new_space(house, &house.token, "closed").await;
        let path = format!("/spaces/{garden}/members");
        let added = does(house, &house.token, "POST", &path, Some(json!({"email": email}))).await;
        assert!(added["invitation"].get("url").is_none(), "{added}");
    };
    invite(&house, "sam@example.com").await;
    assert!(next(&mails).contains("sam@example.com"));
    assert_eq!(house.stop().await.expect("it stops"), Some(0));
    house.start().await.expect("it serves");
    invite(&house, "dara@example.com").await;
    assert!(next(&mails).contains("dara@example.com"));

    does(&house, &house.token, "DELETE", "/workspace/mail", None).await;
    assert_eq!(does(&house, &house.token, "GET", "/overview", None).await["mail"], false);
    let tested = does(&house, &house.token, "POST", "/overview/mail", None).await;
    assert_eq!(tested["sent"], false);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_away_is_told_by_mail_from_when_a_mail_server_is_named() {
    let (address, mails) = sink();
    let mut house = House::set_up().expect("a house");
    house.options = ["--outgoing-allowed", "127.0.0.1", "--digest-after", "1"].map(str::to_owned).to_vec();
    house.start().await.expect("it serves");
    let (joon, _) = house.member("joon").expect("joon");
    let garden = new_space(&house, &house.token, "closed").await;
    add(&house, &garden, "joon@example.com").await;
    post(&house, &house.token, &garden, &format!("<@{joon}> 씨앗 샀어요?")).await;
    does(&house, &house.token, "PUT", "/workspace/mail", Some(server(address.port()))).await;
    let raw = next(&mails);
    let told = read(&raw).to().and_then(|it| it.first()).and_then(|it| it.address().map(str::to_owned));
    assert_eq!(told.as_deref(), Some("joon@example.com"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_password_of_the_mail_server_is_told_to_nobody_and_kept_sealed() {
    let (address, _mails) = sink();
    let house = house().await;
    let with = |account: &str, password: Option<&str>, host: &str| {
        let mut body = server(address.port());
        (body["account"], body["host"]) = (json!(account), json!(host));
        if let Some(password) = password {
            body["password"] = json!(password);
        }
        Some(body)
    };
    let name = async |body: Option<Value>| does(&house, &house.token, "PUT", "/workspace/mail", body).await;
    let shown = name(with("nari", Some(PASSWORD), "127.0.0.1")).await;
    assert_eq!(shown["server"]["has_password"], true);
    assert!(!shown.to_string().contains(PASSWORD));
    // It stays while the account is the same, and goes to no other.
    let mut other = with("nari", None, "127.0.0.1");
    if let Some(body) = other.as_mut() {
        body["from"] = json!("madang@example.net");
    }
    assert_eq!(name(other).await["server"]["has_password"], true);
    let moved = with("nari", None, "localhost");
    assert_eq!(code(&house, &house.token, "PUT", "/workspace/mail", moved).await, "invalid");
    let tested = does(&house, &house.token, "POST", "/overview/mail", None).await;
    assert_eq!(tested["sent"], false, "the sink knows no accounts: {tested}");
    assert!(!tested.to_string().contains(PASSWORD));

    let log = does(&house, &house.token, "GET", "/audit?kind=settings.changed", None).await;
    let first = &log["entries"][log["entries"].as_array().expect("a list").len() - 1]["details"];
    assert_eq!(first["mail"]["now"]["host"], "127.0.0.1", "{log}");
    assert_eq!((&first["mail"]["was"], &first["new_password"]), (&Value::Null, &json!(true)));
    assert!(!log.to_string().contains(PASSWORD));
    assert!(!lies_in(house.data(), PASSWORD), "it lies in the open");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_owners_name_a_mail_server_and_nothing_inside_is_asked() {
    let house = House::set_up().expect("a house");
    let mut house = house;
    house.start().await.expect("it serves");
    let (joon, token) = house.member("joon").expect("joon");
    does(&house, &house.token, "PATCH", &format!("/people/{joon}"), Some(json!({"role": "admin"}))).await;
    assert_eq!(code(&house, &token, "PUT", "/workspace/mail", Some(server(25))).await, "not_allowed");
    assert_eq!(code(&house, &token, "GET", "/workspace/mail", None).await, "not_allowed");
    for (field, value) in [
        ("host", json!("mail server")),
        ("port", json!(0)),
        ("security", json!("ssl")),
        ("from", json!("nobody")),
    ] {
        let mut body = server(25);
        body[field] = value;
        assert_eq!(
            code(&house, &house.token, "PUT", "/workspace/mail", Some(body)).await,
            "invalid",
            "{field}"
        );
    }
    does(&house, &house.token, "PUT", "/workspace/mail", Some(server(25))).await;
    let tested = does(&house, &house.token, "POST", "/overview/mail", None).await;
    let why = tested["complaint"].as_str().expect("a reason");
    assert!(why.contains("--outgoing-allowed"), "{why}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_mail_server_of_the_start_prevails_and_is_shown_with_where_it_comes_from() {
    let (address, _mails) = sink();
    let mut house = House::set_up().expect("a house");
    let url = format!("smtp://nari:{PASSWORD}@{address}");
    house.options =
        ["--mail-url", &url, "--mail-from", "Madang <madang@example.com>"].map(str::to_owned).to_vec();
    house.start().await.expect("it serves");
    let shown = does(&house, &house.token, "GET", "/workspace/mail", None).await;
    assert_eq!(
        (&shown["source"], &shown["server"]["account"]),
        (&json!("command_line"), &json!("nari")),
        "{shown}"
    );
    assert_eq!(shown["server"]["port"], address.port());
    assert!(!shown.to_string().contains(PASSWORD));
    for (method, body) in [("PUT", Some(server(25))), ("DELETE", None)] {
        assert_eq!(code(&house, &house.token, method, "/workspace/mail", body).await, "mail_is_fixed");
    }
}
