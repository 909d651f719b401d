//! Messages in the reader's language, by a service of the administrator's choosing.

use std::sync::Arc;

use madang_test::House;
use parking_lot::Mutex;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

use crate::cast::does;
use crate::talk::{add, new_space, post};

/// A service that says everything backwards, and keeps what it was asked.
pub struct Service {
    pub url: String,
    asked: Arc<Mutex<Vec<Value>>>,
}

impl Service {
    pub async fn open() -> Service {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let asked: Arc<Mutex<Vec<Value>>> = Arc::default();
        let seen = asked.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let seen = seen.clone();
                // Whoever hangs up is done with us.
                tokio::spawn(async move { drop(answer(stream, &seen).await) });
            }
        });
        Service { url, asked }
    }
}

async fn answer(stream: TcpStream, seen: &Mutex<Vec<Value>>) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    let (mut line, mut length) = (String::new(), 0);
    loop {
        line.clear();
        stream.read_line(&mut line).await?;
        match line.trim_end().to_ascii_lowercase().split_once(": ") {
            Some(("content-length", value)) => length = value.parse().expect("a length"),
            None if line.trim_end().is_empty() => break,
            _ => {}
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await?;
    let body: Value = serde_json::from_slice(&body)?;
    seen.lock().push(body.clone());
    let (head, told) = translate(&body);
    let told = told.to_string();
    let head = format!("HTTP/1.1 {head}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", told.len());
    stream.get_mut().write_all(format!("{head}{told}").as_bytes()).await
}

fn translate(body: &Value) -> (&'static str, Value) {
    match body["target"].as_str() {
        _ if body["api_key"] != KEY => ("403 Forbidden", json!({"error": "Invalid API key"})),
        Some("xx") => ("400 Bad Request", json!({"error": "xx is not supported"})),
        Some("nothing") => ("200 OK", json!({"words": 1})),
        _ => {
            let backwards: String = body["q"].as_str().expect("a text").chars().rev().collect();
            let detected = json!({"language": "ko", "confidence": 90});
            ("200 OK", json!({"translatedText": backwards, "detectedLanguage": detected}))
        }
    }
}

/// What the service wants to be shown. The word stands in no log: `leaks` looks for it.
pub const KEY: &str = "geheim-nicht-zeigen";

/// A house that may have messages translated.
pub async fn house(service: &Service) -> House {
    let mut house = House::set_up().expect("a house");
    house.options.extend(["--translate-url".into(), service.url.clone()]);
    house.options.extend(["--translate-key".into(), KEY.into()]);
    house.start().await.expect("it serves");
    house
}

async fn asked(house: &House, token: &str, space: &str, seq: i64, to: &str) -> (u16, Value) {
    let path = format!("/spaces/{space}/messages/{seq}/translation");
    house.ask(Some(token), "POST", &path, Some(json!({"to": to}))).await.expect("asked")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_is_read_in_ones_own_language_and_the_service_learns_of_nobody() {
    let service = Service::open().await;
    let house = house(&service).await;
    let (joon_id, joon) = house.member("joon").expect("joon");
    let space = new_space(&house, &house.token, "closed").await;
    add(&house, &space, "joon@example.com").await;
    let seq = post(&house, &house.token, &space, &format!("*좋아요* <@{joon_id}>\n내일")).await;

    let seen = does(&house, &joon, "GET", "/workspace", None).await;
    assert_eq!(seen["translates"], true);
    let (status, told) = asked(&house, &joon, &space, seq, "en").await;
    assert_eq!((status, &told), (200, &json!({"text": "일내\nnooj@ 요아좋", "from": "ko"})));
    let sent = service.asked.lock()[0].clone();
    let expected = json!({"q": "좋아요 @joon\n내일", "source": "auto", "target": "en", "format": "text", "api_key": KEY});
    assert_eq!(sent, expected, "nothing but the words");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_translated_is_said_plainly() {
    let service = Service::open().await;
    let mut house = house(&service).await;
    let (_, mina) = house.member("mina").expect("mina");
    let space = new_space(&house, &house.token, "closed").await;
    let seq = post(&house, &house.token, &space, "안녕하세요").await;
    let owner = house.token.clone();
    let code = |(status, answer): (u16, Value)| (status, answer["error"]["code"].as_str().map(str::to_owned));
    let is = |status: u16, code: &str| (status, Some(code.to_owned()));

    assert_eq!(
        code(asked(&house, &mina, &space, seq, "en").await),
        is(404, "not_found"),
        "who may not read it"
    );
    assert_eq!(code(asked(&house, &owner, &space, seq + 9, "en").await), is(404, "not_found"));
    for wrong in ["", "en us", "<x>", &"e".repeat(36)] {
        assert_eq!(code(asked(&house, &owner, &space, seq, wrong).await), is(422, "invalid"), "{wrong}");
    }
    assert_eq!(service.asked.lock().len(), 0, "nothing was sent of all that");
    assert_eq!(code(asked(&house, &owner, &space, seq, "xx").await), is(502, "not_translated"));
    assert_eq!(code(asked(&house, &owner, &space, seq, "nothing").await), is(502, "not_translated"));
    does(&house, &owner, "DELETE", &format!("/spaces/{space}/messages/{seq}"), None).await;
    assert_eq!(code(asked(&house, &owner, &space, seq, "en").await), is(409, "message_removed"));

    // Without a service nothing is offered.
    house.stop().await.expect("it ends");
    house.options.retain(|it| !it.starts_with("--translate") && *it != service.url && it != KEY);
    house.start().await.expect("it serves");
    let seq = post(&house, &owner, &space, "안녕하세요").await;
    assert_eq!(does(&house, &owner, "GET", "/workspace", None).await["translates"], false);
    assert_eq!(code(asked(&house, &owner, &space, seq, "en").await), is(409, "no_translation"));
}
