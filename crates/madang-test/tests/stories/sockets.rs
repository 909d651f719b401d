//! Devices that do not keep to the protocol.

use std::time::Instant;

use futures_util::{SinkExt, StreamExt};
use madang_test::House;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

use crate::cast::{does, ending};
use crate::talk::{PATIENCE, Socket, house, next, post, socket};

/// A connection that has not said hello.
async fn silent(house: &House) -> Socket {
    let mut request = house.socket_url().into_client_request().expect("a request");
    let bearer = format!("Bearer {}", house.token).parse().expect("a header");
    request.headers_mut().insert("authorization", bearer);
    connect_async(request).await.expect("connected").0
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hello_with_thousands_of_heads_is_answered_and_a_larger_one_ends_the_connection() {
    let house = house().await;
    let heads = |count: usize| -> Vec<_> { (0..count).map(|n| (format!("{n:013}"), n)).collect() };
    let mut many = silent(&house).await;
    many.send(Message::text(json!({"type": "hello", "heads": heads(8_000)}).to_string()))
        .await
        .expect("said");
    let welcome = next(&mut many).await.expect("a frame").expect("connected");
    assert_eq!(welcome["type"], "welcome");
    let mut too_many = silent(&house).await;
    let hello = json!({"type": "hello", "heads": heads(20_000)}).to_string();
    // The connection may end while this is still being written.
    let _ = too_many.send(Message::text(hello)).await;
    let (frames, _) = ending(&mut too_many).await;
    assert!(frames.is_empty(), "{frames:?}");
    socket(&house, &house.token).await.expect("the next device is welcome");
}

#[tokio::test(flavor = "multi_thread")]
async fn frames_that_mean_nothing_do_nothing() {
    let house = house().await;
    let mut live = socket(&house, &house.token).await.expect("connected");
    let said = [
        Message::text("no JSON"),
        Message::text("{\"type\":\"typing\",\"space\":7}"),
        Message::text(json!({"type": "typing", "space": "0000000000001"}).to_string()),
        Message::text(json!({"type": "event", "event": {"seq": 1}}).to_string()),
        Message::text(json!({"type": "hello", "heads": [["x", "y"]]}).to_string()),
        Message::text("[".repeat(100_000)),
        Message::binary(vec![0xff; 1_000]),
        Message::Ping(vec![1, 2, 3].into()),
    ];
    for message in said {
        live.send(message).await.expect("said");
    }
    let seq = post(&house, &house.token, &house.space, "안녕").await;
    loop {
        let frame = next(&mut live).await.expect("a frame").expect("still connected");
        if frame["event"]["seq"] == seq {
            break;
        }
    }
    let mut large = socket(&house, &house.token).await.expect("connected");
    let _ = large.send(Message::text(" ".repeat(300_000))).await;
    ending(&mut large).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_of_typing_reaches_the_others_as_a_trickle() {
    let house = house().await;
    let (_, token) = house.member("joon").expect("joon");
    does(&house, &token, "POST", &format!("/spaces/{}/join", house.space), None).await;
    let mut joon = socket(&house, &token).await.expect("connected");
    let mut nari = socket(&house, &house.token).await.expect("connected");
    let begun = Instant::now();
    let typing = json!({"type": "typing", "space": house.space}).to_string();
    for _ in 0..2_000 {
        joon.send(Message::text(typing.clone())).await.expect("said");
    }
    // The pong comes after all of it was read, and what is posted then after all of it was told.
    joon.send(Message::text(json!({"type": "ping"}).to_string())).await.expect("said");
    while next(&mut joon).await.expect("a frame").expect("connected")["type"] != "pong" {}
    let seq = post(&house, &token, &house.space, "끝").await;
    let mut told = 0;
    loop {
        let frame = next(&mut nari).await.expect("a frame").expect("connected");
        if frame["event"]["seq"] == seq {
            break;
        }
        told += u64::from(frame["type"] == "typing");
    }
    assert!((1..=begun.elapsed().as_secs() + 1).contains(&told), "{told} in {:?}", begun.elapsed());
}

/// All that comes until the end.
async fn heard(mut stream: TcpStream) -> Vec<u8> {
    let mut buffer = Vec::new();
    // An end by reset is an end too.
    let _ = tokio::time::timeout(3 * PATIENCE, stream.read_to_end(&mut buffer)).await.expect("it is cut");
    buffer
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_says_nothing_is_not_waited_for() {
    let house = house().await;
    let origin = house.page("");
    let host = origin.trim_start_matches("http://");
    let mute = TcpStream::connect(host).await.expect("connected");
    let mut slow = TcpStream::connect(host).await.expect("connected");
    slow.write_all(b"GET /api/v1/me HTTP/1.1\r\nhost: x\r\n").await.expect("said");
    let mut undecided = silent(&house).await;
    let begun = Instant::now();
    let undecided = async {
        let end = tokio::time::timeout(3 * PATIENCE, undecided.next()).await.expect("cut");
        assert!(matches!(end, None | Some(Err(_) | Ok(Message::Close(_)))), "{end:?}");
    };
    let (mute, slow, ()) = tokio::join!(heard(mute), heard(slow), undecided);
    assert!(mute.is_empty());
    assert!(slow.is_empty() || slow.starts_with(b"HTTP/1.1 408"), "{}", String::from_utf8_lossy(&slow));
    assert!(begun.elapsed().as_secs() < 25, "{:?}", begun.elapsed());
}
