//! The process is killed under load, again and again: what it acknowledged is
//! there, once, in order, without a gap.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context, Result};
use madang_test::House;
use serde_json::{Value, json};
use tokio::sync::{Mutex, Notify};

const SENDERS: usize = 8;

/// What was acknowledged: client id to seq.
type Journal = Arc<Mutex<HashMap<String, i64>>>;

struct Load {
    url: String,
    token: String,
    client: reqwest::Client,
    journal: Journal,
    acks: Arc<AtomicUsize>,
    enough: Arc<Notify>,
    target: usize,
}

/// Posts until the server is gone; what was not acknowledged is sent once
/// more by the next cycle under the same client id.
async fn send(load: Arc<Load>, cycle: usize, sender: usize) -> Option<String> {
    for number in 0.. {
        let client_id = format!("c{cycle}-s{sender}-{number}");
        match post(&load.client, &load.url, &load.token, &client_id).await {
            Ok(seq) => {
                load.journal.lock().await.insert(client_id, seq);
                if load.acks.fetch_add(1, Ordering::SeqCst) + 1 >= load.target {
                    load.enough.notify_one();
                }
            }
            Err(_) => return Some(client_id),
        }
    }
    None
}

async fn post(client: &reqwest::Client, url: &str, token: &str, client_id: &str) -> Result<i64> {
    let body = json!({"client_id": client_id, "text": format!("글 {client_id}")});
    let answer = client.post(url).bearer_auth(token).json(&body).send().await?.error_for_status()?;
    let answer: Value = answer.json().await?;
    answer["event"]["seq"].as_i64().context("an acknowledged message has a seq")
}

fn check(events: &[Value], journal: &HashMap<String, i64>) {
    let mut found: HashMap<&str, i64> = HashMap::new();
    for (place, event) in events.iter().enumerate() {
        assert_eq!(event["seq"].as_i64(), Some(place as i64 + 1), "no gap and no double");
        if let Some(client_id) = event["client_id"].as_str() {
            assert_eq!(event["body"]["text"].as_str(), Some(format!("글 {client_id}").as_str()));
            assert!(found.insert(client_id, place as i64 + 1).is_none(), "{client_id} is there twice");
        }
    }
    for (client_id, seq) in journal {
        assert_eq!(found.get(client_id.as_str()), Some(seq), "{client_id} was acknowledged");
    }
}

async fn crash_loop(cycles: usize) -> Result<usize> {
    let mut house = House::set_up()?;
    let journal = Journal::default();
    let mut unanswered: Vec<String> = Vec::new();
    for cycle in 0..cycles {
        house.start().await?;
        let url = house.url(&format!("/spaces/{}/messages", house.space));
        for client_id in unanswered.drain(..) {
            let seq = post(&house.client, &url, &house.token, &client_id).await?;
            journal.lock().await.insert(client_id, seq);
        }
        check(&house.events().await?, &*journal.lock().await);
        let enough = Arc::new(Notify::new());
        let load = Arc::new(Load {
            url,
            token: house.token.clone(),
            client: house.client.clone(),
            journal: journal.clone(),
            acks: Arc::default(),
            enough: enough.clone(),
            // Another moment in each cycle, from the first post on.
            target: 1 + cycle * 37 % 160,
        });
        let senders: Vec<_> =
            (0..SENDERS).map(|sender| tokio::spawn(send(load.clone(), cycle, sender))).collect();
        enough.notified().await;
        house.kill().await?;
        for sender in senders {
            unanswered.extend(sender.await?);
        }
    }
    house.start().await?;
    let journal = journal.lock().await;
    check(&house.events().await?, &journal);
    assert_eq!(house.stop().await?, Some(0));
    Ok(journal.len())
}

#[tokio::test(flavor = "multi_thread")]
async fn every_acknowledged_message_survives_kill_nine() {
    let cycles = std::env::var("MADANG_CRASH_CYCLES").ok().and_then(|text| text.parse().ok()).unwrap_or(20);
    let kept = crash_loop(cycles).await.expect("the loop runs");
    assert!(kept >= cycles, "{kept} messages in {cycles} cycles are too few to prove anything");
}

#[tokio::test]
async fn sigterm_ends_the_server_cleanly() {
    let mut house = House::set_up().expect("a house");
    house.start().await.expect("it serves");
    let url = house.url(&format!("/spaces/{}/messages", house.space));
    let seq = post(&house.client, &url, &house.token, "last words").await.expect("acknowledged");
    assert_eq!(house.stop().await.expect("it stops"), Some(0));
    house.start().await.expect("it serves again");
    let events = house.events().await.expect("events");
    assert_eq!(events.last().and_then(|event| event["seq"].as_i64()), Some(seq));
}
