//! What every story needs: a house, a voice in it, and an ear.

use std::time::Duration;

use anyhow::{Context, Result};
use futures_util::{SinkExt, StreamExt};
use madang_test::House;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

/// Longer than anything here takes; only a failure waits for it.
pub const PATIENCE: Duration = Duration::from_secs(10);

pub type Socket = WebSocketStream<MaybeTlsStream<tokio::net::TcpStream>>;

pub async fn house() -> House {
    let mut house = House::set_up().expect("a house");
    house.start().await.expect("it serves");
    house
}

pub async fn post(house: &House, token: &str, space: &str, text: &str) -> i64 {
    let body = json!({"text": text});
    let (status, answer) = house
        .ask(Some(token), "POST", &format!("/spaces/{space}/messages"), Some(body))
        .await
        .expect("asked");
    assert_eq!(status, 201, "{answer}");
    answer["event"]["seq"].as_i64().expect("a seq")
}

pub async fn socket(house: &House, token: &str) -> Result<Socket> {
    Ok(try_connect(house, token, json!({})).await?.0)
}

/// A socket of a device that holds what `known` says in its hello, and the welcome that it got.
pub async fn connect(house: &House, token: &str, known: Value) -> (Socket, Value) {
    try_connect(house, token, known).await.expect("connected")
}

async fn try_connect(house: &House, token: &str, mut hello: Value) -> Result<(Socket, Value)> {
    let mut request = house.socket_url().into_client_request()?;
    request.headers_mut().insert("authorization", format!("Bearer {token}").parse()?);
    let (mut socket, _) = connect_async(request).await?;
    (hello["type"], hello["device"]) = (json!("hello"), json!("test"));
    socket.send(Message::text(hello.to_string())).await?;
    let welcome = next(&mut socket).await?.context("a welcome")?;
    assert_eq!(welcome["type"], "welcome");
    Ok((socket, welcome))
}

/// The next frame, or none when the socket was closed.
pub async fn next(socket: &mut Socket) -> Result<Option<Value>> {
    loop {
        match tokio::time::timeout(PATIENCE, socket.next()).await.context("nothing came")? {
            Some(Ok(Message::Text(text))) => return Ok(Some(serde_json::from_str(&text)?)),
            Some(Ok(Message::Close(_)) | Err(_)) | None => return Ok(None),
            Some(Ok(_)) => {}
        }
    }
}

pub async fn new_space(house: &House, token: &str, kind: &str) -> String {
    let body = json!({"name": "정원", "kind": kind});
    let (status, answer) = house.ask(Some(token), "POST", "/spaces", Some(body)).await.expect("asked");
    assert_eq!(status, 201, "{answer}");
    answer["space"]["id"].as_str().expect("an id").to_owned()
}

pub async fn add(house: &House, space: &str, email: &str) {
    let body = json!({"email": email});
    let (status, answer) = house
        .ask(Some(&house.token), "POST", &format!("/spaces/{space}/members"), Some(body))
        .await
        .expect("asked");
    assert_eq!(status, 200, "{answer}");
}
