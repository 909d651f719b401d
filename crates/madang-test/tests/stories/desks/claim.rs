//! A visitor leaves an address, and comes back by it from anywhere.

use std::sync::mpsc::Receiver;

use madang_test::House;
use serde_json::{Value, json};

use super::{comes, desk, events};
use crate::cast::does;
use crate::mail::{next, read, sink};
use crate::talk::post;

/// A house whose mails come to us.
pub async fn house_with_mail(more: &[&str]) -> (House, Receiver<String>) {
    let (sink, mails) = sink();
    let mut house = House::set_up().expect("a house");
    house.options = ["--mail-url", &format!("smtp://{sink}"), "--mail-from", "Madang <madang@example.com>"]
        .map(str::to_owned)
        .to_vec();
    house.start_with(&[&["--rate-limit", "0"], more].concat()).await.expect("it serves");
    (house, mails)
}

/// The code of the next mail, which must be to `to`.
pub fn code(mails: &Receiver<String>, to: &str) -> String {
    let raw = next(mails);
    let mail = read(&raw);
    assert_eq!(mail.to().and_then(|it| it.first()).and_then(|it| it.address()), Some(to));
    let subject = mail.subject().expect("a subject").to_owned();
    let code: String = subject.chars().filter(char::is_ascii_digit).collect();
    assert!(mail.body_text(0).expect("text").contains(&format!("{} {}", &code[..3], &code[3..])), "{raw}");
    code
}

async fn claims(house: &House, token: &str, mails: &Receiver<String>, email: &str) -> Value {
    does(house, token, "POST", "/visit/claim", Some(json!({"email": email}))).await;
    let code = code(mails, email);
    does(house, token, "POST", "/visit/claimed", Some(json!({"code": code}))).await
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_shows_an_address_goes_on_in_their_earlier_ticket() {
    let (house, mails) = house_with_mail(&[]).await;
    let (joon_id, joon) = house.member("joon").expect("joon");
    let (_, key) = desk(&house, &[&joon_id], json!({})).await;
    let (dara, space) = comes(&house, &key, "다라", "chat").await;
    post(&house, &dara, &space, "첫 번째").await;
    let kept = claims(&house, &dara, &mails, "dara@example.com").await;
    assert!(kept["token"].is_null() && kept["space"] == json!(space), "{kept}");
    does(&house, &dara, "POST", "/visit/close", Some(json!({}))).await;

    // On another device, later, as a stranger at first.
    let (later, new) = comes(&house, &key, "", "chat").await;
    post(&house, &later, &new, "두 번째").await;
    let back = claims(&house, &later, &mails, "dara@example.com").await;
    assert_eq!((&back["space"], &back["ticket"]["round"]), (&json!(space), &json!(2)), "{back}");
    let token = back["token"].as_str().expect("the earlier visitor's");
    let words = events(&house, token, &space).await;
    let words: Vec<_> = words.iter().filter_map(|it| it["body"]["text"].as_str()).collect();
    assert_eq!(words, ["첫 번째", "두 번째"]);
    assert_eq!(events(&house, &joon, &new).await.last().expect("events")["body"]["by"], "merged");

    // And at the door, by the address alone.
    let at_door = async |what: &str, body: Value| {
        house.ask(None, "POST", &format!("/desk/{key}/{what}"), Some(body)).await.expect("asked")
    };
    assert_eq!(at_door("return", json!({"email": "nobody@example.com", "language": "en"})).await.0, 204);
    assert_eq!(at_door("return", json!({"email": "dara@example.com", "language": "en"})).await.0, 204);
    let code = code(&mails, "dara@example.com");
    let wrong = json!({"email": "nobody@example.com", "code": code});
    assert_eq!(at_door("returned", wrong).await.0, 404, "of another address");
    let (status, returned) = at_door("returned", json!({"email": "dara@example.com", "code": code})).await;
    assert_eq!((status, &returned["space"]), (201, &json!(space)), "{returned}");
    assert_eq!(
        at_door("returned", json!({"email": "dara@example.com", "code": code})).await.0,
        404,
        "good once"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_is_guessed_five_times_and_asked_for_so_often() {
    let (house, mails) = house_with_mail(&[]).await;
    let (_, key) = desk(&house, &[], json!({})).await;
    let (dara, _) = comes(&house, &key, "다라", "chat").await;
    does(&house, &dara, "POST", "/visit/claim", Some(json!({"email": "dara@example.com"}))).await;
    let right = code(&mails, "dara@example.com");
    let claimed = async |code: &str| {
        let body = json!({"code": code});
        house.ask(Some(&dara), "POST", "/visit/claimed", Some(body)).await.expect("asked")
    };
    let wrong = if right == "000000" { "000001" } else { "000000" };
    for _ in 0..5 {
        let (status, answer) = claimed(wrong).await;
        assert_eq!((status, &answer["error"]["code"]), (404, &json!("code_wrong")));
    }
    assert_eq!(claimed(&right).await.0, 404, "five guesses use it up");
    for _ in 0..4 {
        does(&house, &dara, "POST", "/visit/claim", Some(json!({"email": "dara@example.com"}))).await;
        code(&mails, "dara@example.com");
    }
    let ask = json!({"email": "dara@example.com"});
    assert_eq!(house.ask(Some(&dara), "POST", "/visit/claim", Some(ask)).await.expect("asked").0, 429);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_somebody_else_left_leads_into_nobodys_ticket() {
    let (house, mails) = house_with_mail(&[]).await;
    let (id, key) = desk(&house, &[], json!({})).await;
    let made = does(&house, &house.token, "POST", &format!("/desks/{id}/secret"), None).await;
    let secret = made["secret"].as_str().expect("a secret");
    // A site says that 42 has this address. Nobody has shown it.
    let identity = super::identity::signed(secret, &key, "42", 60);
    let body = json!({"via": "widget", "wants": "chat", "identity": identity});
    let (_, begun) =
        house.ask(None, "POST", &format!("/desk/{key}/visits"), Some(body)).await.expect("asked");
    let (dara, space) = comes(&house, &key, "다라", "chat").await;
    let kept = claims(&house, &dara, &mails, "dara@shop.example").await;
    assert_eq!(kept["space"], json!(space), "whoever reads it sees nothing of 42");
    let body = json!({"via": "widget", "wants": "chat", "identity": super::identity::signed(secret, &key, "42", 60)});
    let (_, again) =
        house.ask(None, "POST", &format!("/desk/{key}/visits"), Some(body)).await.expect("asked");
    assert_eq!(again["space"], begun["space"], "and 42 sees nothing of hers");

    // Without a mail server nobody is left waiting for a code.
    let quiet = crate::talk::house().await;
    let (_, key) = desk(&quiet, &[], json!({})).await;
    let (haneul, _) = comes(&quiet, &key, "하늘", "chat").await;
    let ask = json!({"email": "haneul@example.com"});
    let (status, answer) = quiet.ask(Some(&haneul), "POST", "/visit/claim", Some(ask)).await.expect("asked");
    assert_eq!((status, &answer["error"]["code"]), (409, &json!("no_mail")));
}
