//! Old messages go by themselves: from everywhere where they could be found, and from the disk.

use madang_store::db::{Db, DbConfig};
use madang_store::values;
use madang_test::House;
use serde_json::{Value, json};

use crate::cast::does;
use crate::clock::Clock;
use crate::talk::{PATIENCE, post};
use crate::uploads::{noise, post_files, upload};

/// Messages and files.
async fn hits(house: &House, word: &str) -> usize {
    let found = does(house, &house.token, "GET", &format!("/search?q={word}"), None).await;
    ["messages", "files"].iter().map(|kind| found[kind].as_array().map_or(0, Vec::len)).sum()
}

/// As it lies in the log.
fn payload(house: &House, seq: i64) -> Option<Vec<u8>> {
    let file = house.data().join("madang.db");
    if !file.exists() {
        return None;
    }
    let db = Db::open(&DbConfig::sqlite(file)).expect("it opens");
    let row =
        db.read_blocking(move |conn| conn.row("SELECT payload FROM events WHERE seq = $1", values![seq]));
    row.expect("read").map(|row| row.get(0).expect("bytes"))
}

/// What does not fit on its page lies apart; its end is what only this payload has.
fn lies_there(house: &House, sealed: &[u8]) -> bool {
    ["madang.db", "madang.db-wal"].iter().any(|name| {
        let bytes = std::fs::read(house.data().join(name)).unwrap_or_default();
        bytes.windows(64).any(|part| part == &sealed[sealed.len() - 64..])
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_older_than_its_rule_is_found_nowhere_any_more() {
    let (mut house, clock) = Clock::house().await;
    let space = house.space.clone();
    // Long enough to lie on pages of its own.
    let old = post(&house, &house.token, &space, &format!("quicksilver {}", "long ".repeat(1_500))).await;
    let file = upload(&house, &house.token, "quicksilver.bin", &noise(50_000)).await;
    let (status, sent) = post_files(&house, &house.token, &space, &[&file]).await;
    assert_eq!(status, 201, "{sent}");
    let path = format!("/files/{}/x", file["id"].as_str().expect("an id"));
    let fetched = async |house: &House| {
        let answer = house.client.get(house.url(&path)).bearer_auth(&house.token).send().await;
        answer.expect("asked").status().as_u16()
    };
    assert_eq!(fetched(&house).await, 200);
    house.caught_up().await.expect("the index too");
    assert_eq!(hits(&house, "quicksilver").await, 2, "by its words, and by its file's name");

    let rule = json!({"days": 2, "keep_pinned": false});
    let preview = does(&house, &house.token, "POST", "/retention/preview", Some(rule.clone())).await;
    assert_eq!(preview, json!({"messages": 0}), "all is young");
    does(&house, &house.token, "PUT", "/retention", Some(rule)).await;
    assert_eq!(house.stop().await.expect("it stops"), Some(0));
    let sealed = payload(&house, old);
    assert!(
        sealed.as_deref().is_none_or(|sealed| lies_there(&house, sealed)),
        "it is looked for in the right way"
    );
    clock.put("+3d");
    house.start().await.expect("it serves");

    let row = format!("/spaces/{space}/messages/{old}");
    let until = tokio::time::Instant::now() + PATIENCE;
    while does(&house, &house.token, "GET", &row, None).await["row"]["removed"] != true {
        assert!(tokio::time::Instant::now() < until, "nothing was erased");
        tokio::task::yield_now().await;
    }
    let ran = |log: &Value| log["entries"].as_array().is_some_and(|all| !all.is_empty());
    while !ran(&does(&house, &house.token, "GET", "/audit?kind=retention.ran", None).await) {
        assert!(tokio::time::Instant::now() < until, "nothing tells of it");
        tokio::task::yield_now().await;
    }
    assert_eq!(fetched(&house).await, 404);
    house.caught_up().await.expect("the index too");
    assert_eq!(hits(&house, "quicksilver").await, 0);
    assert_eq!(house.stop().await.expect("it stops"), Some(0));
    if let Some(sealed) = sealed {
        assert!(!lies_there(&house, &sealed), "it is not even sealed on the disk");
        assert_ne!(payload(&house, old), Some(sealed));
    }
}
