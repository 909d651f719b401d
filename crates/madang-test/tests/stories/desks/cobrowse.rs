//! A visitor's page reaches the agents who look at it, with their leave, and nobody else.

use futures_util::SinkExt;
use madang_test::House;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

use super::{comes, desk, hears};
use crate::cast::does;
use crate::talk::{Socket, house, socket};

/// A page with one field in it, as rrweb describes it.
fn page(value: &str) -> Value {
    let field = json!({"type": 2, "tagName": "input", "attributes": {"type": "text", "value": value}, "childNodes": [], "id": 5});
    let text = json!({"type": 3, "textContent": "주문서", "id": 4});
    let body = json!({"type": 2, "tagName": "body", "attributes": {}, "childNodes": [text, field], "id": 3});
    let html = json!({"type": 2, "tagName": "html", "attributes": {}, "childNodes": [body], "id": 2});
    let node = json!({"type": 0, "childNodes": [html], "id": 1});
    json!([
        {"type": 4, "data": {"href": "https://shop.example/order", "width": 800, "height": 600}, "timestamp": 1},
        {"type": 2, "data": {"node": node, "initialOffset": {"top": 0, "left": 0}}, "timestamp": 2},
    ])
}

async fn says(socket: &mut Socket, what: Value) {
    socket.send(Message::text(what.to_string())).await.expect("it is open");
}

async fn shows(house: &House, token: &str, events: &Value) -> (u16, Value) {
    let piece = json!({"n": 1, "full": true, "source": "a", "events": events});
    house.ask(Some(token), "POST", "/visit/cobrowse", Some(piece)).await.expect("asked")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_is_passed_on_with_leave_masked_to_who_looks_and_is_over_at_once() {
    let house = house().await;
    let (joon_id, joon) = house.member("joon").expect("joon");
    let (_, bori) = house.member("bori").expect("bori");
    let (_, key) = desk(&house, &[&joon_id], json!({})).await;
    let (dara, space) = comes(&house, &key, "다라", "chat").await;
    let (status, answer) = shows(&house, &dara, &page("비밀")).await;
    assert_eq!((status, &answer["error"]["code"]), (409, &json!("no_consent")));
    let allow = |given: bool| Some(json!({"to": "page", "given": given}));
    does(&house, &dara, "POST", "/visit/consent", allow(true)).await;
    let (status, answer) = shows(&house, &dara, &page("비밀")).await;
    assert_eq!((status, &answer["watching"]), (200, &json!(false)), "nobody looks: {answer}");

    let mut hers = socket(&house, &dara).await.expect("hers");
    let (mut boris, mut joons) =
        (socket(&house, &bori).await.expect("boris"), socket(&house, &joon).await.expect("joons"));
    let watch = json!({"type": "watch", "space": space, "on": true});
    says(&mut boris, watch.clone()).await;
    says(&mut boris, json!({"type": "ping"})).await;
    hears(&mut boris, "pong").await;
    let (_, answer) = shows(&house, &dara, &page("비밀")).await;
    assert_eq!(answer["watching"], false, "who does not stand at the desk does not look");
    says(&mut joons, watch).await;
    assert_eq!(hears(&mut hers, "watched").await["space"], json!(space));
    let (status, answer) = shows(&house, &dara, &page("비밀")).await;
    assert_eq!((status, &answer["watching"]), (200, &json!(true)));
    let seen = hears(&mut joons, "cobrowse").await.to_string();
    assert!(seen.contains("주문서") && !seen.contains("비밀"), "masked again by the house: {seen}");

    let point = json!({"type": "point", "space": space, "kind": "pointer", "node": 4, "x": 0.5, "y": 0.5});
    says(&mut joons, point.clone()).await;
    assert_eq!(hears(&mut hers, "point").await["node"], 4);
    does(&house, &dara, "POST", "/visit/consent", allow(false)).await;
    let over = hears(&mut joons, "cobrowse").await;
    assert_eq!(over["events"][0]["data"]["payload"]["showing"], "over");
    let (status, _) = shows(&house, &dara, &page("비밀")).await;
    assert_eq!(status, 409);
    // Nor does anything of the agent's reach the page any more.
    says(&mut joons, point).await;
    says(&mut joons, json!({"type": "ping"})).await;
    hears(&mut joons, "pong").await;
    does(&house, &joon, "POST", &format!("/tickets/{space}/take"), None).await;
    loop {
        let frame = crate::talk::next(&mut hers).await.expect("open").expect("open");
        assert_ne!(frame["type"], "point");
        if frame["type"] == "event" && frame["event"]["type"] == "ticket.assigned" {
            break;
        }
    }
}
