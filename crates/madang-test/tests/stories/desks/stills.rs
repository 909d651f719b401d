//! A picture stands still before an agent and a visitor: with leave, the same for both, and over at once.

use futures_util::SinkExt;
use madang_test::House;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

use super::{comes, desk, hears};
use crate::cast::does;
use crate::talk::{Socket, house, socket};

const PICTURE: &[u8] = &[0xff, 0xd8, 0xff, 0xe0, 1, 2, 3];

async fn holds(house: &House, token: &str, space: &str, of: &str, picture: &[u8]) -> (u16, Value) {
    let url = house.url(&format!("/tickets/{space}/still?of={of}"));
    let request = house.client.post(url).bearer_auth(token).body(picture.to_vec());
    let answer = request.send().await.expect("asked");
    (answer.status().as_u16(), answer.json().await.expect("JSON"))
}

async fn sees(house: &House, token: &str, id: &str) -> (u16, Vec<u8>) {
    let url = house.url(&format!("/visit/stills/{id}"));
    let answer = house.client.get(url).bearer_auth(token).send().await.expect("asked");
    (answer.status().as_u16(), answer.bytes().await.expect("a body").to_vec())
}

async fn says(socket: &mut Socket, what: Value) {
    socket.send(Message::text(what.to_string())).await.expect("it is open");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_frame_stands_still_for_both_with_leave_is_drawn_on_and_is_over_at_once() {
    let house = house().await;
    let (joon_id, joon) = house.member("joon").expect("joon");
    let (mina_id, mina) = house.member("mina").expect("mina");
    let (_, key) = desk(&house, &[&joon_id, &mina_id], json!({"offers": {"camera": true}})).await;
    let (dara, space) = comes(&house, &key, "다라", "chat").await;
    let (haneul, _) = comes(&house, &key, "하늘", "chat").await;
    does(&house, &joon, "POST", &format!("/tickets/{space}/take"), None).await;
    let mut hers = socket(&house, &dara).await.expect("hers");
    let mut joons = socket(&house, &joon).await.expect("joons");
    let (status, answer) = holds(&house, &joon, &space, "camera", PICTURE).await;
    assert_eq!((status, &answer["error"]["code"]), (409, &json!("no_consent")));
    does(&house, &dara, "POST", "/visit/consent", Some(json!({"to": "camera", "given": true}))).await;
    let (status, _) = holds(&house, &joon, &space, "camera", b"<svg onload=alert(1)>").await;
    assert_eq!(status, 422, "it is a picture");
    let (status, answer) = holds(&house, &joon, &space, "camera", PICTURE).await;
    assert_eq!(status, 201);
    let id = answer["still"]["id"].as_str().expect("an id");
    let shown = hears(&mut hers, "still").await;
    assert_eq!((&shown["space"], &shown["still"]["by"]), (&json!(space), &json!(joon_id)));
    assert_eq!(sees(&house, &dara, id).await, (200, PICTURE.to_vec()), "it is the very same");
    assert_eq!(sees(&house, &haneul, id).await.0, 404, "for whoever it is");
    // A device that comes later is told too.
    let mut later = socket(&house, &dara).await.expect("later");
    assert_eq!(hears(&mut later, "still").await["still"]["id"], json!(id));

    says(&mut hers, json!({"type": "point", "space": space, "kind": "looks", "still": id})).await;
    hears(&mut joons, "still").await;
    assert_eq!(hears(&mut joons, "point").await["kind"], "looks");
    let ink = json!({"type": "point", "space": space, "still": id, "kind": "ink", "id": "a", "points": [[0.1, 0.2]]});
    let mut minas = socket(&house, &mina).await.expect("minas");
    says(&mut minas, ink.clone()).await;
    says(&mut minas, json!({"type": "ping"})).await;
    hears(&mut minas, "pong").await;
    says(&mut joons, json!({"type": "point", "space": space, "still": id, "kind": "clear"})).await;
    assert_eq!(hears(&mut hers, "point").await["kind"], "clear", "who did not hold it draws nothing");
    says(&mut joons, ink).await;
    assert_eq!(hears(&mut hers, "point").await["points"], json!([[0.1, 0.2]]));

    does(&house, &dara, "POST", "/visit/consent", Some(json!({"to": "camera", "given": false}))).await;
    assert!(hears(&mut joons, "still").await["still"].is_null(), "over at once");
    assert!(hears(&mut hers, "still").await["still"].is_null());
    assert_eq!(sees(&house, &dara, id).await.0, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_of_the_conversation_is_drawn_on_until_either_has_seen_enough() {
    let house = house().await;
    let (joon_id, joon) = house.member("joon").expect("joon");
    let (_, bori) = house.member("bori").expect("bori");
    let (_, key) = desk(&house, &[&joon_id], json!({})).await;
    let (dara, space) = comes(&house, &key, "다라", "chat").await;
    does(&house, &joon, "POST", &format!("/tickets/{space}/take"), None).await;
    let mut hers = socket(&house, &dara).await.expect("hers");
    assert_eq!(holds(&house, &bori, &space, "picture", PICTURE).await.0, 404, "who does not stand there");
    assert_eq!(holds(&house, &dara, &space, "picture", PICTURE).await.0, 403);
    assert_eq!(holds(&house, &joon, &space, "picture", PICTURE).await.0, 201);
    hears(&mut hers, "still").await;
    does(&house, &dara, "DELETE", "/visit/still", None).await;
    assert!(hears(&mut hers, "still").await["still"].is_null());
    assert_eq!(holds(&house, &joon, &space, "picture", PICTURE).await.0, 201);
    hears(&mut hers, "still").await;
    does(&house, &joon, "DELETE", &format!("/tickets/{space}/still"), None).await;
    assert!(hears(&mut hers, "still").await["still"].is_null());
    assert_eq!(holds(&house, &joon, &space, "picture", PICTURE).await.0, 201);
    hears(&mut hers, "still").await;
    does(&house, &joon, "POST", &format!("/tickets/{space}/close"), None).await;
    assert!(hears(&mut hers, "still").await["still"].is_null());
    assert_eq!(holds(&house, &joon, &space, "picture", PICTURE).await.0, 409);
}
