//! A backup taken while people write, and what devices and erased things make of a restore.

use std::path::Path;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

use crate::door::{Door, madang, said, serve, set_up};

struct Owner<'a> {
    door: &'a Door,
    token: &'a str,
    client: reqwest::Client,
}

impl Owner<'_> {
    fn new<'a>(door: &'a Door, token: &'a str) -> Owner<'a> {
        Owner { door, token, client: reqwest::Client::new() }
    }

    async fn ask(&self, method: &str, path: &str, body: Option<Value>) -> (u16, Value) {
        let url = format!("{}/api/v1{path}", self.door.origin);
        let mut request = self.client.request(method.parse().expect("a method"), url).bearer_auth(self.token);
        if let Some(body) = body {
            request = request.json(&body);
        }
        let answer = request.send().await.expect("answered");
        (answer.status().as_u16(), answer.json().await.unwrap_or(Value::Null))
    }

    async fn post(&self, space: &str, text: &str) -> i64 {
        let (status, answer) =
            self.ask("POST", &format!("/spaces/{space}/messages"), Some(json!({"text": text}))).await;
        assert_eq!(status, 201, "{answer}");
        answer["event"]["seq"].as_i64().expect("a seq")
    }

    /// Says hello with what a device knows, and gives the welcome.
    async fn hello(&self, hello: Value) -> Value {
        let url = format!("{}/api/v1/socket", self.door.origin.replacen("http", "ws", 1));
        let mut request = url.into_client_request().expect("a request");
        request
            .headers_mut()
            .insert("authorization", format!("Bearer {}", self.token).parse().expect("a header"));
        let (mut socket, _) = tokio_tungstenite::connect_async(request).await.expect("connected");
        socket.send(Message::text(hello.to_string())).await.expect("sent");
        let welcome = socket.next().await.expect("a frame").expect("connected");
        serde_json::from_str(welcome.to_text().expect("text")).expect("JSON")
    }
}

fn run(data: &Path, arguments: &[&str]) -> String {
    let output = madang(data, arguments);
    assert!(output.status.success(), "{arguments:?}: {}", said(&output));
    String::from_utf8(output.stdout).expect("text")
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_restore_devices_begin_anew_and_nothing_after_the_backup_is_taken_for_known() {
    let place = tempfile::tempdir().expect("a folder");
    let path = |name: &str| place.path().join(name);
    let text = |name: &str| path(name).display().to_string();
    let (token, space) = set_up(&path("old"));
    let door = serve(&path("old"), &[]).await.expect("it serves");
    let owner = Owner::new(&door, &token);
    let before = owner.post(&space, "이전").await;
    run(&path("old"), &["backup", &text("kept")]);
    let after = owner.post(&space, "이후").await;
    let hello = |epoch: &Value| json!({"type": "hello", "device": "d", "epoch": epoch, "rev": 0, "heads": [[space, after]]});
    let epoch = owner.hello(hello(&json!(0))).await["epoch"].clone();
    assert!(!epoch.is_null(), "a welcome tells the epoch");
    assert_eq!(door.stop().await, Some(0));

    run(&path("new"), &["restore", &text("kept"), "--root-key", &text("old/root.key")]);
    let door = serve(&path("new"), &[]).await.expect("it serves");
    let owner = Owner::new(&door, &token);
    let welcome = owner.hello(hello(&epoch)).await;
    assert_ne!(welcome["epoch"], epoch, "so the device drops what it holds: {welcome}");
    let (_, log) = owner.ask("GET", &format!("/spaces/{space}/events?after=0"), None).await;
    let events = log["events"].as_array().expect("events");
    let last = events.last().expect("the message before the backup");
    assert_eq!(last["seq"], before);
    assert!(!log.to_string().contains("이후"));
    // The same number stands for something else, which the epoch keeps apart.
    assert_eq!(owner.post(&space, "새로").await, after);
}

/// With MADANG_TEST_PG the old house and the new one are on PostgreSQL.
#[tokio::test(flavor = "multi_thread")]
async fn somebody_erased_after_the_backup_is_nobody_after_a_restore() {
    let house = crate::talk::house().await;
    let (joon_id, joon) = house.member("joon").expect("joon");
    let garden = crate::talk::new_space(&house, &house.token, "closed").await;
    crate::talk::add(&house, &garden, "joon@example.com").await;
    crate::talk::post(&house, &joon, &garden, "준의 글").await;
    let kept = crate::talk::post(&house, &house.token, &garden, "나리의 글").await;
    let place = tempfile::tempdir().expect("a folder");
    let text = |name: &str| place.path().join(name).display().to_string();
    house.command(&["backup", &text("kept")]).expect("backed up");
    let erase = json!({"messages": true});
    crate::cast::does(&house, &house.token, "POST", &format!("/people/{joon_id}/erase"), Some(erase)).await;

    // The journal of the old data folder holds ids, and nothing that anybody wrote.
    let journal = std::fs::read_to_string(house.data().join("erasures.jsonl")).expect("a journal");
    assert!(journal.contains("\"person\"") && !journal.contains("joon@example.com"), "{journal}");
    let key = house.data().join("root.key").display().to_string();
    let erasures = house.data().join("erasures.jsonl").display().to_string();
    let database = madang_test::Database::make().expect("a database");
    let url = database.as_ref().map(|it| it.url().expect("its address"));
    let on: Vec<&str> = url.iter().flat_map(|url| ["--database-url", url.as_str()]).collect();
    let new = place.path().join("new");
    let kept_at = text("kept");
    let restore = ["restore", kept_at.as_str(), "--root-key", &key, "--erasures", &erasures];
    run(&new, &[&restore[..], &on[..]].concat());

    let door = serve(&new, &on).await.expect("it serves");
    let owner = Owner::new(&door, &house.token);
    assert_eq!(Owner::new(&door, &joon).ask("GET", "/me", None).await.0, 401, "his token opens nothing");
    let log = format!("/spaces/{garden}/events?after=0&limit=500");
    let erased = async || {
        for _ in 0..20_000 {
            let (_, answer) = owner.ask("GET", &log, None).await;
            let all = answer["events"].as_array().expect("events").clone();
            let left = all.iter().any(|it| it["type"] == "member.left" && it["body"]["person"] == joon_id);
            if left && all.iter().any(|it| it["type"] == "message.removed") {
                return answer;
            }
        }
        panic!("nothing is erased again");
    };
    let answer = erased().await;
    assert!(!answer.to_string().contains("준의 글") && answer.to_string().contains("나리의 글"), "{answer}");
    let posted = answer["events"].as_array().expect("events").iter().find(|it| it["seq"] == kept);
    assert_eq!(posted.expect("nari's message")["body"]["text"], "나리의 글");
    let (_, log) = owner.ask("GET", "/audit?limit=200", None).await;
    assert!(!log.to_string().contains("joon"), "neither his name nor his address is anywhere: {log}");
    let (_, check) = owner.ask("GET", "/audit/check", None).await;
    assert_eq!(check["whole"], true, "{check}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_under_load_holds_what_was_acknowledged_before_it() {
    let place = tempfile::tempdir().expect("a folder");
    let path = |name: &str| place.path().join(name);
    let text = |name: &str| path(name).display().to_string();
    let (token, space) = set_up(&path("old"));
    let door = serve(&path("old"), &[]).await.expect("it serves");
    let owner = Owner::new(&door, &token);
    let (stop, mut first) = (tokio::sync::watch::channel(false), tokio::sync::watch::channel(0_i64));
    let writing = async {
        while !*stop.1.borrow() {
            let seq = owner.post(&space, "부하").await;
            let _ = first.0.send(seq);
        }
    };
    let data = path("old");
    let backing_up = async {
        first.1.wait_for(|seq| *seq > 5).await.expect("somebody writes");
        let acknowledged = *first.1.borrow();
        let kept = text("kept");
        tokio::task::spawn_blocking(move || run(&data, &["backup", &kept])).await.expect("it runs");
        let _ = stop.0.send(true);
        acknowledged
    };
    let (acknowledged, ()) = tokio::join!(backing_up, writing);
    assert_eq!(door.stop().await, Some(0));
    run(&path("new"), &["restore", &text("kept"), "--root-key", &text("old/root.key")]);
    let door = serve(&path("new"), &[]).await.expect("it serves");
    let (_, log) = Owner::new(&door, &token)
        .ask("GET", &format!("/spaces/{space}/events?after=0&limit=500"), None)
        .await;
    let seqs: Vec<i64> =
        log["events"].as_array().expect("events").iter().filter_map(|it| it["seq"].as_i64()).collect();
    assert!(seqs.last().is_some_and(|last| *last >= acknowledged), "{seqs:?} after {acknowledged}");
    assert_eq!(seqs, (1..=seqs.len() as i64).collect::<Vec<_>>(), "a prefix, without a gap");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_of_sqlite_goes_into_postgresql_and_people_go_on_there() {
    let Ok(server) = std::env::var("MADANG_TEST_PG") else {
        eprintln!("MADANG_TEST_PG is not set: nothing was restored into PostgreSQL");
        return;
    };
    let place = tempfile::tempdir().expect("a folder");
    let path = |name: &str| place.path().join(name);
    let text = |name: &str| path(name).display().to_string();
    let (token, space) = set_up(&path("old"));
    let door = serve(&path("old"), &[]).await.expect("it serves");
    let seq = Owner::new(&door, &token).post(&space, "이사").await;
    run(&path("old"), &["backup", &text("kept")]);
    assert_eq!(door.stop().await, Some(0));
    let name = format!("madang_restore_{}", std::process::id());
    on_server(&server, format!("CREATE DATABASE {name}")).await;
    let (before, after) = server.rsplit_once('/').expect("a URL with a database");
    let options = after.split_once('?').map_or(String::new(), |(_, rest)| format!("?{rest}"));
    let url = format!("{before}/{name}{options}");
    run(
        &path("new"),
        &["restore", &text("kept"), "--root-key", &text("old/root.key"), "--database-url", &url],
    );
    let door = serve(&path("new"), &["--database-url", &url]).await.expect("it serves");
    let owner = Owner::new(&door, &token);
    let (_, log) = owner.ask("GET", &format!("/spaces/{space}/events?after={}", seq - 1), None).await;
    assert_eq!(log["events"][0]["body"]["text"], "이사", "{log}");
    assert_eq!(owner.post(&space, "도착").await, seq + 1);
    let again = madang(&path("new"), &["restore", &text("kept"), "--database-url", &url]);
    assert!(said(&again).contains("another madang works with"), "{}", said(&again));
    assert_eq!(door.stop().await, Some(0));
    let again = madang(&path("new"), &["restore", &text("kept"), "--database-url", &url]);
    assert!(said(&again).contains("is not empty"), "{}", said(&again));
    on_server(&server, format!("DROP DATABASE {name} WITH (FORCE)")).await;
}

/// The client of PostgreSQL waits for its server, and must not do so on a task.
async fn on_server(server: &str, statement: String) {
    let server = server.to_owned();
    let done = tokio::task::spawn_blocking(move || {
        postgres::Client::connect(&server, postgres::NoTls)?.batch_execute(&statement)
    });
    done.await.expect("it runs").expect("the server does it");
}
