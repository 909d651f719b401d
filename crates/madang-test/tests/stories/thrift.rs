//! What makes Madang fast, counted instead of timed: nothing here depends on
//! how busy the machine is. The times stand in docs/performance.md.

use futures_util::future::join_all;
use madang_test::House;
use serde_json::json;

use crate::talk::{Socket, house, next, socket};

/// Messages sent at once.
const MESSAGES: usize = 64;
/// Devices that listen.
const DEVICES: u64 = 5;

#[tokio::test]
async fn an_event_is_encoded_once_and_a_block_written_once_to_each_device() {
    let house = house().await;
    let mut devices = Vec::new();
    for _ in 0..DEVICES {
        devices.push(socket(&house, &house.token).await.expect("a socket"));
    }
    let before = Counted::of(&house).await;
    let posts = (0..MESSAGES).map(|number| {
        let body = json!({"client_id": format!("thrift-{number}"), "text": "마당에 꽃이 피었다"});
        let path = format!("/spaces/{}/messages", house.space);
        let house = &house;
        async move { house.ask(Some(&house.token), "POST", &path, Some(body)).await.expect("asked").0 }
    });
    assert_eq!(join_all(posts).await, [201; MESSAGES]);
    for device in &mut devices {
        hear_all(device).await;
    }
    let after = Counted::of(&house).await;
    let new = |count: fn(&Counted) -> u64| count(&after) - count(&before);
    assert_eq!(new(|it| it.encoded), MESSAGES as u64, "once, not once for each of {DEVICES} devices");
    assert!(new(|it| it.blocks) <= MESSAGES as u64, "what was committed together is one block");
    assert_eq!(new(|it| it.receivers), new(|it| it.blocks) * DEVICES);
    assert_eq!(new(|it| it.writes), new(|it| it.receivers), "one write for each device and block");
}

/// Waits for every message.
async fn hear_all(device: &mut Socket) {
    let mut heard = 0;
    while heard < MESSAGES {
        let frame = next(device).await.expect("a frame").expect("the socket stays open");
        heard += usize::from(frame["event"]["type"] == "message.posted");
    }
}

/// What `/metrics` says.
struct Counted {
    encoded: u64,
    blocks: u64,
    receivers: u64,
    writes: u64,
}

impl Counted {
    async fn of(house: &House) -> Counted {
        let url = house.url("").replace("/api/v1", "/metrics");
        let asked = house.client.get(url).bearer_auth(&house.token).send().await.expect("asked");
        let text = asked.text().await.expect("a text");
        let read = |name: &str| {
            let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
            line.and_then(|number| number.parse().ok())
                .unwrap_or_else(|| panic!("{name} is missing in {text}"))
        };
        Counted {
            encoded: read("madang_events_encoded_total"),
            blocks: read("madang_blocks_total"),
            receivers: read("madang_block_receivers_total"),
            writes: read("madang_block_writes_total"),
        }
    }
}
