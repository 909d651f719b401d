//! Stories over HTTP and the socket, told to the real binary.

use std::time::Duration;

use anyhow::{Context, Result};
use futures_util::{SinkExt, StreamExt};
use madang_test::House;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

/// Longer than anything here takes; only a failure waits for it.
const PATIENCE: Duration = Duration::from_secs(10);

type Socket = WebSocketStream<MaybeTlsStream<tokio::net::TcpStream>>;

async fn house() -> House {
    let mut house = House::set_up().expect("a house");
    house.start().await.expect("it serves");
    house
}

async fn post(house: &House, token: &str, space: &str, text: &str) -> i64 {
    let body = json!({"text": text});
    let (status, answer) = house
        .ask(Some(token), "POST", &format!("/spaces/{space}/messages"), Some(body))
        .await
        .expect("asked");
    assert_eq!(status, 201, "{answer}");
    answer["event"]["seq"].as_i64().expect("a seq")
}

async fn socket(house: &House, token: &str) -> Result<Socket> {
    let mut request = house.socket_url().into_client_request()?;
    request.headers_mut().insert("authorization", format!("Bearer {token}").parse()?);
    let (mut socket, _) = connect_async(request).await?;
    socket.send(Message::text(json!({"type": "hello", "device": "test"}).to_string())).await?;
    let welcome = next(&mut socket).await?.context("a welcome")?;
    assert_eq!(welcome["type"], "welcome");
    Ok(socket)
}

/// The next frame, or none when the socket was closed.
async fn next(socket: &mut Socket) -> Result<Option<Value>> {
    loop {
        match tokio::time::timeout(PATIENCE, socket.next()).await.context("nothing came")? {
            Some(Ok(Message::Text(text))) => return Ok(Some(serde_json::from_str(&text)?)),
            Some(Ok(Message::Close(_)) | Err(_)) | None => return Ok(None),
            Some(Ok(_)) => {}
        }
    }
}

async fn new_space(house: &House, token: &str, kind: &str) -> String {
    let body = json!({"name": "정원", "kind": kind});
    let (status, answer) = house.ask(Some(token), "POST", "/spaces", Some(body)).await.expect("asked");
    assert_eq!(status, 201, "{answer}");
    answer["space"]["id"].as_str().expect("an id").to_owned()
}

async fn add(house: &House, space: &str, email: &str) {
    let body = json!({"email": email});
    let (status, answer) = house
        .ask(Some(&house.token), "POST", &format!("/spaces/{space}/members"), Some(body))
        .await
        .expect("asked");
    assert_eq!(status, 200, "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_command_gets_its_first_answer() {
    let house = house().await;
    let path = format!("/spaces/{}/messages", house.space);
    let asked = (0..20).map(|n| {
        let body = json!({"client_id": "the one wish", "text": format!("try {n}")});
        house.ask(Some(&house.token), "POST", &path, Some(body))
    });
    let answers = futures_util::future::join_all(asked).await;
    let first = answers[0].as_ref().expect("asked").1["event"].clone();
    for answer in answers {
        assert_eq!(answer.expect("asked").1["event"], first);
    }
    let posted = house.events().await.expect("events");
    assert_eq!(posted.iter().filter(|event| event["type"] == "message.posted").count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newcomer_sees_the_whole_history() {
    let house = house().await;
    for n in 0..70 {
        post(&house, &house.token, &house.space, &format!("글 {n}")).await;
    }
    let (_, mina) = house.member("mina").expect("mina");
    let (status, _) =
        house.ask(Some(&mina), "POST", &format!("/spaces/{}/join", house.space), None).await.expect("asked");
    assert_eq!(status, 200);
    let mut texts = Vec::new();
    for page in 0..2 {
        let path = format!("/spaces/{}/pages/{page}", house.space);
        let (_, answer) = house.ask(Some(&mina), "GET", &path, None).await.expect("asked");
        let rows = answer["rows"].as_array().expect("rows").clone();
        texts.extend(rows.iter().filter(|row| row["type"] == "message").map(|row| row["text"].to_string()));
    }
    assert_eq!(texts.len(), 70);
}

#[tokio::test(flavor = "multi_thread")]
async fn invariant_7_removal_cuts_live_sockets_within_a_second() {
    let house = house().await;
    let (joon, token) = house.member("joon").expect("joon");
    let space = new_space(&house, &house.token, "closed").await;
    add(&house, &space, "joon@example.com").await;
    let mut live = socket(&house, &token).await.expect("connected");
    post(&house, &house.token, &space, "안녕").await;
    let (status, _) = house
        .ask(Some(&house.token), "DELETE", &format!("/spaces/{space}/members/{joon}"), None)
        .await
        .expect("asked");
    assert_eq!(status, 200);
    post(&house, &house.token, &space, "비밀").await;
    let direct = json!({"people": [joon]});
    house.ask(Some(&house.token), "POST", "/directs", Some(direct)).await.expect("asked");
    // The direct space is the end mark: whatever was to come of the other one came before it.
    let mut last = Value::Null;
    loop {
        let frame = next(&mut live).await.expect("a frame").expect("still connected");
        if frame["type"] == "event" && frame["event"]["space"] == space.as_str() {
            assert!(!frame.to_string().contains("비밀"), "nothing comes after the removal");
            last = frame["event"]["type"].clone();
        } else if frame["type"] == "event" {
            break;
        }
    }
    assert_eq!(last, "member.left");
    let (status, _) =
        house.ask(Some(&token), "GET", &format!("/spaces/{space}/events"), None).await.expect("asked");
    assert_eq!(status, 404);
    // Out of the house: the session is over, the socket is closed, the token opens nothing.
    let (status, _) =
        house.ask(Some(&house.token), "DELETE", &format!("/people/{joon}"), None).await.expect("asked");
    assert_eq!(status, 204);
    while next(&mut live).await.expect("frames or the end").is_some() {}
    assert_eq!(house.ask(Some(&token), "GET", "/me", None).await.expect("asked").0, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn read_marks_only_move_forward_and_others_see_them() {
    let house = house().await;
    let (joon, token) = house.member("joon").expect("joon");
    house.ask(Some(&token), "POST", &format!("/spaces/{}/join", house.space), None).await.expect("asked");
    let mut phone = socket(&house, &token).await.expect("connected");
    let mut nari = socket(&house, &house.token).await.expect("connected");
    let seq = post(&house, &house.token, &house.space, "읽어 주세요").await;
    let path = format!("/spaces/{}/read", house.space);
    for to in [seq, seq - 1, seq + 100] {
        let (_, answer) =
            house.ask(Some(&token), "PUT", &path, Some(json!({"seq": to}))).await.expect("asked");
        assert_eq!(answer["register"]["value"]["seq"], seq);
    }
    // The person's other device, and the others in the space, hear of it.
    let mine = loop {
        let frame = next(&mut phone).await.expect("a frame").expect("connected");
        if frame["type"] == "register" && frame["key"] == format!("read/{}", house.space) {
            break frame;
        }
    };
    assert_eq!(mine["value"]["seq"], seq);
    let seen = loop {
        let frame = next(&mut nari).await.expect("a frame").expect("connected");
        if frame["type"] == "receipts" {
            break frame;
        }
    };
    assert_eq!(seen["markers"], json!([[joon, seq]]));
    let path = format!("/spaces/{}/messages/{seq}/readers", house.space);
    let (_, readers) = house.ask(Some(&house.token), "GET", &path, None).await.expect("asked");
    assert_eq!(readers["read"][0]["person"], joon.as_str());
    assert_eq!(readers["unread"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn invariant_4_a_follower_may_be_stopped_doubled_or_rewound() {
    let mut house = house().await;
    let (joon, token) = house.member("joon").expect("joon");
    house.ask(Some(&token), "POST", &format!("/spaces/{}/join", house.space), None).await.expect("asked");
    let mut live = socket(&house, &token).await.expect("connected");
    for n in 0..3 {
        post(&house, &house.token, &house.space, &format!("<@{joon}> {n}")).await;
    }
    wait_for_activity(&mut live, 3).await;
    let before = house.ask(Some(&token), "GET", "/activity", None).await.expect("asked").1;
    assert_eq!(before["items"].as_array().map(Vec::len), Some(3));
    // Emptied and rewound while nobody follows, then built again from the log.
    house.stop().await.expect("it stops");
    house.command(&["rebuild", "activity"]).expect("rebuilt");
    house.start().await.expect("it serves");
    let after = house.activity_of(&token, 3).await.expect("built again");
    assert_eq!(after, before);
}

async fn wait_for_activity(live: &mut Socket, count: i64) {
    loop {
        let frame = next(live).await.expect("a frame").expect("connected");
        if frame["type"] == "register" && frame["key"] == "activity" && frame["value"]["unread"] == count {
            return;
        }
    }
}

/// Who may not do a thing is refused on every route that the API describes.
#[tokio::test(flavor = "multi_thread")]
async fn the_authorisation_matrix_holds() {
    let house = house().await;
    let (mina, outsider) = house.member("mina").expect("mina");
    let (_, gone) = house.member("dara").expect("dara");
    house.ask(Some(&house.token), "DELETE", "/people/dara@example.com", None).await.expect("asked");
    let closed = new_space(&house, &house.token, "closed").await;
    let seq = post(&house, &house.token, &closed, "비밀").await.to_string();
    let (_, api) = house.ask(None, "GET", "/openapi.json", None).await.expect("asked");
    let paths = api["paths"].as_object().expect("paths").clone();
    assert!(paths.len() > 40, "the description lists the routes");
    for (path, methods) in &paths {
        let Some(under) = path.strip_prefix("/api/v1") else { continue };
        let real = under.replace("{id}", &closed).replace("{seq}", &seq).replace("{person}", &mina);
        let real = real
            .replace("{n}", "0")
            .replace("{emoji}", "tada")
            .replace("{token}", "x")
            .replace("{link}", "1")
            .replace("{space}", &closed);
        for (method, operation) in methods.as_object().expect("methods") {
            let open = operation.get("security").is_none();
            let method = method.to_uppercase();
            let body = Some(
                json!({"text": "?", "seq": 1, "level": "nothing", "at": 1, "name": "x", "email": "x@y.z", "role": "member"}),
            );
            for (who, token) in [("nobody", None), ("somebody removed", Some(gone.as_str()))] {
                let (status, answer) = house.ask(token, &method, &real, body.clone()).await.expect("asked");
                assert!(open || status == 401, "{who} got {status} from {method} {under}: {answer}");
                assert!(status < 500, "{method} {under} broke: {answer}");
            }
            if under.starts_with("/spaces/{id}") {
                let (status, answer) =
                    house.ask(Some(&outsider), &method, &real, body.clone()).await.expect("asked");
                assert!(
                    matches!(status, 403 | 404),
                    "an outsider got {status} from {method} {under}: {answer}"
                );
                assert!(!answer.to_string().contains("비밀"));
            }
        }
    }
}

/// Whatever is sent, the answer is a clear 4xx and never a 5xx.
#[tokio::test(flavor = "multi_thread")]
async fn wrong_input_is_refused_and_never_breaks_anything() {
    let house = house().await;
    let (_, api) = house.ask(None, "GET", "/openapi.json", None).await.expect("asked");
    let wrong = [
        json!(null),
        json!([]),
        json!("text"),
        json!({"text": {"a": 1}, "name": [], "seq": "x", "email": 7}),
    ];
    for (path, methods) in api["paths"].as_object().expect("paths") {
        let Some(under) = path.strip_prefix("/api/v1") else { continue };
        let real =
            under.replace("{id}", "..%2F..").replace("{seq}", "-1").replace("{n}", "99999999999999999999");
        let real = real.replace(['{', '}'], "%00");
        for method in methods.as_object().expect("methods").keys().filter(|method| *method != "delete") {
            for body in &wrong {
                let (status, answer) = house
                    .ask(Some(&house.token), &method.to_uppercase(), &real, Some(body.clone()))
                    .await
                    .expect("asked");
                assert!(status < 500, "{method} {under} broke on {body}: {answer}");
            }
        }
    }
    let huge = json!({"text": "가".repeat(600_000)});
    let path = format!("/spaces/{}/messages", house.space);
    let (status, _) = house.ask(Some(&house.token), "POST", &path, Some(huge)).await.expect("asked");
    assert!(matches!(status, 413 | 422), "too large is {status}");
}
