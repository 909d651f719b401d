//! Many senders at the same moment.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::talk::{house, next, socket};

const SENDERS: usize = 64;
const EACH: usize = 5;

/// Everybody sends everything twice. Each message is there once, in one order
/// that the answers, the log and a live device agree on.
#[tokio::test(flavor = "multi_thread")]
async fn sixty_four_senders_at_once_have_each_message_once() {
    let house = house().await;
    let mut live = socket(&house, &house.token).await.expect("connected");
    let path = format!("/spaces/{}/messages", house.space);
    let send = async |sender: usize| {
        let mut answers: Vec<(String, Value)> = Vec::new();
        for number in 0..EACH {
            let client_id = format!("{sender}-{number}");
            let body = json!({"client_id": client_id, "text": client_id});
            let ask = || house.ask(Some(&house.token), "POST", &path, Some(body.clone()));
            let (first, second) = tokio::join!(ask(), ask());
            let (first, second) = (first.expect("asked"), second.expect("asked"));
            assert_eq!((first.0, &first.1), (201, &second.1), "one message, one answer");
            answers.push((client_id, first.1["event"].clone()));
        }
        answers
    };
    let answers = futures_util::future::join_all((0..SENDERS).map(send)).await;
    let answered: BTreeMap<i64, Value> = answers
        .into_iter()
        .flatten()
        .map(|(client_id, event)| {
            assert_eq!(event["client_id"], client_id.as_str());
            (event["seq"].as_i64().expect("a seq"), event)
        })
        .collect();
    assert_eq!(answered.len(), SENDERS * EACH, "no two messages have one seq");
    let log: Vec<Value> = house.events().await.expect("events");
    assert!(log.iter().enumerate().all(|(place, event)| event["seq"] == json!(place + 1)), "no gap");
    let posted: Vec<&Value> = log.iter().filter(|event| event["type"] == "message.posted").collect();
    assert_eq!(posted, answered.values().collect::<Vec<_>>(), "the log holds what was answered, once");
    for wanted in answered.values() {
        let heard = loop {
            let frame = next(&mut live).await.expect("a frame").expect("connected");
            if frame["type"] == "event" {
                break frame;
            }
        };
        assert_eq!(&heard["event"], wanted, "a live device hears the same order");
    }
}
