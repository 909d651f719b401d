//! E-mail addresses are for members; guests see names and pictures.

use futures_util::SinkExt;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

use crate::cast::{does, guest, joins, link};
use crate::talk::{Socket, add, house, new_space, next, socket};

/// The addresses in an answer or a frame, but for one's own.
fn addresses(value: &Value, own: &str) -> Vec<String> {
    let text = value.to_string();
    let words = text.split('"').filter(|word| word.contains("@example.com") && *word != own);
    words.map(str::to_owned).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn guests_are_shown_no_addresses_of_others() {
    let house = house().await;
    let space = new_space(&house, &house.token, "closed").await;
    let (joon, member) = house.member("joon").expect("joon");
    add(&house, &space, "joon@example.com").await;
    let (sam, invited) = guest(&house, &space, "sam").await;
    let (_, by_link) = joins(&house, &link(&house, &house.token, &space).await, "bora").await;
    let paths = [
        "/people".to_owned(),
        format!("/people?ids={joon},{sam}"),
        "/people?q=joon".to_owned(),
        "/search?q=joon".to_owned(),
        format!("/spaces/{space}/members"),
        "/spaces".to_owned(),
        format!("/spaces/{space}/events"),
        "/me".to_owned(),
    ];
    for path in &paths {
        for (token, own) in [(&invited, "sam@example.com"), (&by_link, "")] {
            let answer = does(&house, token, "GET", path, None).await;
            assert_eq!(addresses(&answer, own), [""; 0], "{path} shows {answer}");
        }
    }
    let seen = does(&house, &member, "GET", "/people", None).await;
    assert!(addresses(&seen, "").contains(&"nari@example.com".to_owned()), "members see them");
    let me = does(&house, &invited, "GET", "/me", None).await;
    assert_eq!(me["me"]["email"], "sam@example.com", "one's own is shown");
}

#[tokio::test(flavor = "multi_thread")]
async fn sockets_carry_addresses_to_members_only() {
    let house = house().await;
    let space = new_space(&house, &house.token, "closed").await;
    let (joon, member) = house.member("joon").expect("joon");
    add(&house, &space, "joon@example.com").await;
    let (_, sam) = guest(&house, &space, "sam").await;
    let mut request =
        tokio_tungstenite::tungstenite::client::IntoClientRequest::into_client_request(house.socket_url())
            .expect("a request");
    request.headers_mut().insert("authorization", format!("Bearer {sam}").parse().expect("a header"));
    let (mut ear, _) = tokio_tungstenite::connect_async(request).await.expect("connected");
    ear.send(Message::text(json!({"type": "hello"}).to_string())).await.expect("said");
    let welcome = next(&mut ear).await.expect("a frame").expect("connected");
    assert!(welcome["people"].as_array().is_some_and(|people| people.len() >= 3), "{welcome}");
    assert_eq!(addresses(&welcome, "sam@example.com"), [""; 0], "{welcome}");
    let mut nari = socket(&house, &house.token).await.expect("connected");
    does(&house, &member, "PATCH", "/me", Some(json!({"name": "준"}))).await;
    let to_guest = person_frame(&mut ear, &joon).await;
    assert_eq!(to_guest["person"]["name"], "준");
    assert_eq!(addresses(&to_guest, ""), [""; 0], "{to_guest}");
    assert_eq!(person_frame(&mut nari, &joon).await["person"]["email"], "joon@example.com");
}

async fn person_frame(socket: &mut Socket, person: &str) -> Value {
    loop {
        let frame = next(socket).await.expect("a frame").expect("connected");
        if frame["type"] == "person" && frame["person"]["id"] == person && frame["person"]["name"] == "준" {
            return frame;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guest_cannot_ask_who_has_an_address() {
    let house = house().await;
    let space = new_space(&house, &house.token, "closed").await;
    house.member("joon").expect("joon");
    let (_, sam) = guest(&house, &space, "sam").await;
    let mut answers = Vec::new();
    for address in ["joon@example.com", "nari@example.com", "nobody@example.com"] {
        let path = format!("/spaces/{space}/members/{address}");
        answers.push(house.ask(Some(&sam), "DELETE", &path, None).await.expect("asked"));
        let path = format!("/spaces/{space}/members");
        let body = Some(json!({"email": address}));
        answers.push(house.ask(Some(&sam), "POST", &path, body).await.expect("asked"));
        let path = format!("/people/{address}");
        answers.push(house.ask(Some(&sam), "DELETE", &path, None).await.expect("asked"));
    }
    let kinds: Vec<_> = answers.iter().map(|(status, answer)| (status, &answer["error"]["code"])).collect();
    assert!(kinds.iter().all(|(status, code)| **status == 403 && **code == "not_allowed"), "{kinds:?}");
}
