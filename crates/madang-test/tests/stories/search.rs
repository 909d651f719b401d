//! Finding over HTTP: the fixed set of questions, and nobody finds what is not theirs.

use madang_test::House;
use serde_json::{Value, json};

use crate::talk::{PATIENCE, add, house, new_space, post};
use crate::uploads::{post_files, upload};

async fn ask(house: &House, token: &str, question: &[(&str, &str)]) -> Value {
    let query: Vec<String> =
        question.iter().map(|(name, value)| format!("{name}={}", escaped(value))).collect();
    let (status, answer) =
        house.ask(Some(token), "GET", &format!("/search?{}", query.join("&")), None).await.expect("asked");
    assert_eq!(status, 200, "{answer}");
    answer
}

fn escaped(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

fn seqs(answer: &Value) -> Vec<i64> {
    let rows = answer["messages"].as_array().expect("messages");
    rows.iter().map(|found| found["row"]["seq"].as_i64().expect("a seq")).collect()
}

/// The index follows the log: asks until it has come so far.
async fn until_found(house: &House, token: &str, question: &str, expected: &[i64]) {
    let until = tokio::time::Instant::now() + PATIENCE;
    loop {
        let found = seqs(&ask(house, token, &[("q", question)]).await);
        if found == expected {
            return;
        }
        assert!(tokio::time::Instant::now() < until, "{question} finds {found:?} and not {expected:?}");
        tokio::task::yield_now().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_are_found_by_those_who_may_read_them() {
    let house = house().await;
    let (_, joon) = house.member("joon").expect("joon");
    let (_, mina) = house.member("mina").expect("mina");
    let space = new_space(&house, &house.token, "closed").await;
    add(&house, &space, "joon@example.com").await;
    let first = post(&house, &house.token, &space, "내일 대회의실에서 예산을 정합시다").await;
    let second = post(&house, &joon, &space, "Deploying the budget: https://madang.example").await;
    until_found(&house, &joon, "budget", &[second]).await;
    for (question, expected) in [
        ("회의", vec![first]),
        ("회의실 예산", vec![first]),
        ("deploy has:link", vec![second]),
        ("from:joon", vec![second]),
        ("in:정원 예산", vec![first]),
        ("-deploying in:정원", vec![first]),
        ("after:today", vec![]),
    ] {
        assert_eq!(seqs(&ask(&house, &joon, &[("q", question)]).await), expected, "{question}");
        let best = ask(&house, &joon, &[("q", question), ("order", "best")]).await;
        assert_eq!(seqs(&best), expected, "{question}, best first");
        // Mina is of the house, and not in the space.
        let nothing = ask(&house, &mina, &[("q", question)]).await;
        assert_eq!(nothing["messages"], json!([]), "{question}");
        assert!(!nothing.to_string().contains("정원"), "{question}");
    }
    let found = ask(&house, &joon, &[("q", "예산")]).await;
    assert_eq!(found["messages"][0]["excerpt"][1], json!({"text": "예산", "hit": true}));
    // Removed: gone from what is found. Out of the space: nothing of it is found any more.
    let path = format!("/spaces/{space}/messages/{second}?client_id=away");
    house.ask(Some(&joon), "DELETE", &path, None).await.expect("asked");
    until_found(&house, &joon, "budget", &[]).await;
    house
        .ask(Some(&house.token), "DELETE", &format!("/spaces/{space}/members/joon@example.com"), None)
        .await
        .expect("asked");
    assert_eq!(ask(&house, &joon, &[("q", "예산")]).await["messages"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn questions_come_in_pages_and_wrong_ones_say_what_is_wrong() {
    let house = house().await;
    let mut posted = Vec::new();
    for n in 0..7 {
        posted.push(post(&house, &house.token, &house.space, &format!("보고서 {n}")).await);
    }
    posted.reverse();
    until_found(&house, &house.token, "보고서", &posted).await;
    let mut found = Vec::new();
    let mut cursor: Option<String> = None;
    loop {
        let mut question = vec![("q", "보고서"), ("kind", "messages"), ("limit", "3")];
        if let Some(cursor) = &cursor {
            question.push(("cursor", cursor));
        }
        let page = ask(&house, &house.token, &question).await;
        found.extend(seqs(&page));
        match page["next_cursor"].as_str() {
            Some(next) => cursor = Some(next.to_owned()),
            None => break,
        }
    }
    assert_eq!(found, posted);
    for wrong in
        ["kind=all", "q=x&kind=everything", "q=x&order=sideways", "q=x&cursor=here", "q=x&tz=Nowhere/Land"]
    {
        let (status, answer) =
            house.ask(Some(&house.token), "GET", &format!("/search?{wrong}"), None).await.expect("asked");
        assert!((400..500).contains(&status), "{wrong} is {status}");
        assert!(answer["error"]["code"].is_string(), "{wrong}: {answer}");
    }
    let unclear = ask(&house, &house.token, &[("q", "has:magic 보고서")]).await;
    assert_eq!(unclear["unclear"], json!(["has:magic"]));
    assert_eq!(ask(&house, &house.token, &[("q", "qhrhtj")]).await["suggestion"], "보고서");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_index_is_made_anew_by_command_and_after_a_restore() {
    let mut house = house().await;
    let seq = post(&house, &house.token, &house.space, "남아 있는 이야기").await;
    until_found(&house, &house.token, "이야기", &[seq]).await;
    house.command(&["rebuild", "search"]).expect("rebuilt while serving");
    until_found(&house, &house.token, "이야기", &[seq]).await;
    house.stop().await.expect("it stops");
    house.start().await.expect("it serves");
    until_found(&house, &house.token, "이야기", &[seq]).await;
}

/// The names of the files that are found, once the text of the last one has been read.
async fn until_files(house: &House, token: &str, question: &str, expected: &[&str]) -> Value {
    let until = tokio::time::Instant::now() + PATIENCE;
    loop {
        let answer = ask(house, token, &[("q", question), ("kind", "files")]).await;
        let files = answer["files"].as_array().expect("files");
        let names: Vec<&str> = files.iter().filter_map(|it| it["file"]["name"].as_str()).collect();
        if names == expected {
            return answer;
        }
        assert!(tokio::time::Instant::now() < until, "{question} finds {names:?} and not {expected:?}");
        tokio::task::yield_now().await;
    }
}

const MINUTES: &[u8] = include_bytes!("../../../../testing/files/minutes.pdf");
const NOTICE: &[u8] = include_bytes!("../../../../testing/files/notice.docx");
const STOCK: &[u8] = include_bytes!("../../../../testing/files/stock.csv");

#[tokio::test(flavor = "multi_thread")]
async fn words_inside_documents_are_found_and_hostile_documents_hurt_nobody() {
    let house = house().await;
    let (_, mina) = house.member("mina").expect("mina");
    let token = house.token.clone();
    let space = new_space(&house, &token, "closed").await;
    // Broken, nested deeper than any stack, and unfolding to more than there is: they are posted first.
    let nested = [b"%PDF-1.7\n1 0 obj ".as_slice(), &[b'['; 2_000_000]].concat();
    let folded = [b"PK\x03\x04".as_slice(), &[0xff; 4_000]].concat();
    for (name, bytes) in [
        ("broken.pdf", b"%PDF-1.7 and no more".as_slice()),
        ("nested.pdf", &nested),
        ("folded.docx", &folded),
    ] {
        let file = upload(&house, &token, name, bytes).await;
        assert_eq!(post_files(&house, &token, &space, &[&file]).await.0, 201);
    }
    let mut posted = 0;
    for (name, bytes) in [("minutes.pdf", MINUTES), ("notice.docx", NOTICE), ("stock.csv", STOCK)] {
        let file = upload(&house, &token, name, bytes).await;
        let (status, answer) = post_files(&house, &token, &space, &[&file]).await;
        assert_eq!(status, 201, "{answer}");
        posted = answer["event"]["seq"].as_i64().expect("a seq");
    }
    // Parts of words, on the second page too; a word that Word cut in three; a table as CP949.
    for (question, name) in [
        ("냉난방기", "minutes.pdf"),
        ("연수원", "minutes.pdf"),
        ("춘천", "minutes.pdf"),
        ("quarterly", "minutes.pdf"),
        ("구내식당", "notice.docx"),
        ("돗자리", "stock.csv"),
    ] {
        let answer = until_files(&house, &token, question, &[name]).await;
        assert_eq!(answer["files"][0]["inside"], json!(true), "{question}");
        let nothing = ask(&house, &mina, &[("q", question)]).await;
        assert_eq!(nothing["files"], json!([]), "{question} is none of mina's");
    }
    // By its name it is said so; a reaction does not lose the text; made anew, it is there again.
    assert!(
        until_files(&house, &token, "minutes", &["minutes.pdf"]).await["files"][0].get("inside").is_none()
    );
    let reaction = format!("/spaces/{space}/messages/{posted}/reactions/tada?client_id=t");
    let (status, answer) = house.ask(Some(&token), "PUT", &reaction, Some(json!({}))).await.expect("asked");
    assert_eq!(status, 200, "{answer}");
    until_files(&house, &token, "돗자리", &["stock.csv"]).await;
    house.command(&["rebuild", "search"]).expect("rebuilt while serving");
    until_files(&house, &token, "돗자리", &["stock.csv"]).await;
    // With its message, it is gone.
    let gone = format!("/spaces/{space}/messages/{posted}?client_id=away");
    house.ask(Some(&token), "DELETE", &gone, None).await.expect("asked");
    until_files(&house, &token, "돗자리", &[]).await;
    until_files(&house, &token, "구내식당", &["notice.docx"]).await;
}
