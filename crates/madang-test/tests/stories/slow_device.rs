//! Devices that do not keep up, and devices that are gone without a word.

use std::time::Duration;

use anyhow::{Context, Result};
use futures_util::{SinkExt, StreamExt};
use madang_test::House;
use serde_json::{Value, json};
use tokio::net::TcpSocket;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::{WebSocketStream, client_async};

use crate::talk::{PATIENCE, house, next, post, socket};

/// Bytes that may wait for one device: a queue of 1 MiB in the server, and what the two kernels buffer
/// (at most 4 MiB to send by Linux' default, and the little that the device asked for).
const BOUND: usize = 8 << 20;
/// Characters of one message.
const LONG: usize = 39_000;

/// A line with a small window, from which nothing more is read after the welcome.
async fn stopped(house: &House, token: &str, hello: Value) -> Result<WebSocketStream<tokio::net::TcpStream>> {
    let plain = TcpSocket::new_v4()?;
    plain.set_recv_buffer_size(16 * 1024)?;
    let address = house.origin().strip_prefix("http://").context("plain http")?.parse()?;
    let mut request = house.socket_url().into_client_request()?;
    request.headers_mut().insert("authorization", format!("Bearer {token}").parse()?);
    let (mut line, _) = client_async(request, plain.connect(address).await?).await?;
    line.send(Message::text(hello.to_string())).await?;
    let welcome = line.next().await.context("a welcome")??;
    assert!(welcome.to_text()?.contains("\"welcome\""));
    Ok(line)
}

async fn metric(house: &House, name: &str) -> Result<u64> {
    let answer =
        house.client.get(format!("{}/metrics", house.origin())).bearer_auth(&house.token).send().await?;
    let text = answer.text().await?;
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    Ok(line.with_context(|| format!("{name} in {text}"))?.parse::<f64>()? as u64)
}

/// Waits until so many devices are connected.
async fn connected(house: &House, count: u64) {
    let wait = async {
        while metric(house, "madang_devices_connected").await.expect("metrics") != count {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, wait).await.expect("as many devices as that");
}

fn memory(house: &House) -> u64 {
    let path = format!("/proc/{}/status", house.process_id().expect("it serves"));
    let status = std::fs::read_to_string(path).expect("Linux tells of a process");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("its memory");
    line.split_whitespace().next().and_then(|it| it.parse::<u64>().ok()).expect("kB") * 1024
}

/// One device stops reading. The others hear every message before the next one
/// is written; the house holds a bounded amount for it and then cuts it off;
/// it comes back and has missed nothing.
#[tokio::test(flavor = "multi_thread")]
async fn a_slow_device_is_cut_off_and_misses_nothing() {
    let house = house().await;
    let (_, joon) = house.member("joon").expect("joon");
    house.ask(Some(&joon), "POST", &format!("/spaces/{}/join", house.space), None).await.expect("asked");
    // What writing costs the house in memory has been paid before anybody is slow.
    for number in 0..40 {
        post(&house, &house.token, &house.space, &format!("{number} {}", "가".repeat(LONG))).await;
    }
    let head = house.events().await.expect("events").len();
    let hello = json!({"type": "hello", "device": "slow"});
    let mut slow = stopped(&house, &joon, hello).await.expect("connected");
    let mut quick = socket(&house, &house.token).await.expect("connected");
    connected(&house, 2).await;
    let before = memory(&house);
    let path = format!("/spaces/{}/messages", house.space);
    let (mut written, mut posted) = (0, 0);
    while metric(&house, "madang_devices_connected").await.expect("metrics") == 2 {
        assert!(written < BOUND, "{written} bytes were written and the slow device is still waited for");
        let text = format!("{posted} {}", "가".repeat(LONG));
        let (status, answer) =
            house.ask(Some(&house.token), "POST", &path, Some(json!({"text": text}))).await.expect("asked");
        assert_eq!(status, 201, "{answer}");
        posted += 1;
        written += text.len();
        let heard = loop {
            let frame = next(&mut quick).await.expect("a frame").expect("connected");
            if frame["type"] == "event" {
                break frame;
            }
        };
        assert_eq!(heard["event"], answer["event"], "others hear it before the next is written");
    }
    assert!(written > 1 << 20, "it was cut off after {written} bytes, before it was slow");
    let grown = memory(&house).saturating_sub(before);
    assert!(grown < 64 << 20, "the house grew by {grown} bytes for one slow device");
    // What the kernels held is still there; then the line ends.
    let mut last = head;
    while let Some(Ok(frame)) = slow.next().await {
        if let Message::Text(text) = frame {
            let frame: Value = serde_json::from_str(&text).expect("JSON");
            if frame["type"] == "event" {
                assert_eq!(frame["event"]["seq"], json!(last + 1), "no gap in what came before");
                last += 1;
            }
        }
    }
    assert!(last < head + posted, "it was cut off with everything read");
    let path = format!("/spaces/{}/events?after={last}&limit=500", house.space);
    let (_, answer) = house.ask(Some(&joon), "GET", &path, None).await.expect("asked");
    let rest = answer["events"].as_array().expect("events");
    assert_eq!(rest.len(), head + posted - last, "it comes back and misses nothing");
}

/// A device whose network vanished sends no close. Its silence is noticed; a
/// device that pings stays.
#[tokio::test(flavor = "multi_thread")]
async fn a_device_that_vanished_without_a_word_is_noticed() {
    let mut house = House::set_up().expect("a house");
    house.with_environment("MADANG_DEVICE_SILENCE", "1");
    house.start().await.expect("it serves");
    let hello = json!({"type": "hello", "device": "half open"});
    let vanished = stopped(&house, &house.token, hello).await.expect("connected");
    let mut alive = socket(&house, &house.token).await.expect("connected");
    let mut pings = tokio::time::interval(Duration::from_millis(100));
    let both = metric(&house, "madang_devices_connected").await.expect("metrics");
    assert_eq!(both, 2);
    let noticed = async {
        while metric(&house, "madang_devices_connected").await.expect("metrics") == 2 {
            pings.tick().await;
            alive.send(Message::text(json!({"type": "ping"}).to_string())).await.expect("connected");
            assert_eq!(next(&mut alive).await.expect("a frame").expect("connected")["type"], "pong");
        }
    };
    tokio::time::timeout(PATIENCE, noticed).await.expect("the silence is noticed");
    drop(vanished);
    alive.send(Message::text(json!({"type": "ping"}).to_string())).await.expect("still connected");
    assert_eq!(next(&mut alive).await.expect("a frame").expect("connected")["type"], "pong");
}
