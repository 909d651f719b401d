//! Who stands where in the stories about rights: guests, sessions, and ears that hear how a connection ends.

use std::time::{Duration, Instant};

use futures_util::StreamExt;
use madang_test::House;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

use crate::talk::{PATIENCE, Socket};

/// Asks and expects success.
pub async fn does(house: &House, token: &str, method: &str, path: &str, body: Option<Value>) -> Value {
    let (status, answer) = house.ask(Some(token), method, path, body).await.expect("asked");
    assert!((200..300).contains(&status), "{method} {path} is {status}: {answer}");
    answer
}

/// Invites `NAME@example.com` into a space as a guest who makes an account; gives id and token.
pub async fn guest(house: &House, space: &str, name: &str) -> (String, String) {
    let body = json!({"email": format!("{name}@example.com")});
    let added = does(house, &house.token, "POST", &format!("/spaces/{space}/members"), Some(body)).await;
    let url = added["invitation"]["url"].as_str().expect("no mail: the link is shown").to_owned();
    let body = json!({"name": name, "password": format!("{name} likes the garden"), "language": "ko"});
    open(house, &format!("/invitations/{}", last(&url)), body).await
}

/// Makes a link into a space.
pub async fn link(house: &House, token: &str, space: &str) -> String {
    let made = does(house, token, "POST", &format!("/spaces/{space}/links"), Some(json!({}))).await;
    last(made["link"]["url"].as_str().expect("a link")).to_owned()
}

/// Comes in by a link with just a name; gives id and token.
pub async fn joins(house: &House, link: &str, name: &str) -> (String, String) {
    open(house, &format!("/join/{link}"), json!({"name": name, "language": "ko"})).await
}

/// Opens a browser's session and makes a token with it, for the stories speak with tokens.
async fn open(house: &House, path: &str, body: Value) -> (String, String) {
    let request = house.client.post(house.url(path)).json(&body);
    let answer = request.send().await.expect("asked");
    assert_eq!(answer.status(), 200, "{path}");
    let cookie = answer.headers()["set-cookie"].to_str().expect("text").to_owned();
    let me: Value = answer.json().await.expect("JSON");
    let secret = cookie.split(['=', ';']).nth(1).expect("name=secret");
    let made = does(house, secret, "POST", "/tokens", Some(json!({"label": "test"}))).await;
    let id = me["me"]["id"].as_str().expect("an id").to_owned();
    (id, made["token"].as_str().expect("a token").to_owned())
}

/// What stands after the last slash.
pub fn last(url: &str) -> &str {
    url.rsplit('/').next().expect("split gives one at least")
}

/// Everything a socket still says, and the code with which it was closed.
pub async fn ending(socket: &mut Socket) -> (Vec<Value>, Option<u16>) {
    let mut frames = Vec::new();
    loop {
        match tokio::time::timeout(PATIENCE, socket.next()).await.expect("it ends") {
            Some(Ok(Message::Text(text))) => frames.push(serde_json::from_str(&text).expect("JSON")),
            Some(Ok(Message::Close(close))) => return (frames, close.map(|it| it.code.into())),
            Some(Ok(_)) => {}
            Some(Err(_)) | None => return (frames, None),
        }
    }
}

/// Of three times the middle one: a pause of the machine is no fault of the house.
pub fn middle(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

/// How long until the socket is closed, with a farewell that says `code`.
pub async fn cut(socket: &mut Socket, since: Instant, code: &str) -> Duration {
    let (frames, _) = ending(socket).await;
    let took = since.elapsed();
    let bye = frames.iter().rfind(|frame| frame["type"] == "bye").expect("a farewell");
    assert_eq!(bye["code"], code);
    took
}
