//! Mail to whoever was away, and answers by mail.

use serde_json::{Value, json};

use crate::cast::does;
use crate::door::said;
use crate::mail::{header, next, read, sink};
use crate::talk::{add, connect, new_space, post};
use madang_test::House;

/// A house that tells people by mail after a second.
async fn house_with_mail() -> (House, std::sync::mpsc::Receiver<String>) {
    let (sink, mails) = sink();
    let mut house = House::set_up().expect("a house");
    house.options = ["--mail-url", &format!("smtp://{sink}"), "--mail-from", "Madang <madang@example.com>"]
        .map(str::to_owned)
        .to_vec();
    let more = ["--rate-limit", "0", "--reply-address", "reply@example.com", "--digest-after", "1"];
    house.start_with(&more).await.expect("it serves");
    (house, mails)
}

/// What joon's mail program sends to `to`.
fn answer(from: &str, to: &str, id: &str, more: &str, text: &str) -> Vec<u8> {
    let quoted =
        "> ──── 답장은 이 줄 위에 써 주세요 · Write your answer above this line ────\r\n> nari: 씨앗 샀어요?";
    format!(
        "From: Joon <{from}>\r\nTo: <{to}>\r\nMessage-ID: <{id}@example.com>\r\n{more}MIME-Version: 1.0\r\n\
         Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{text}\r\n\r\n\
         2026년 11월 26일 (목) 오후 6:00, Madang <{to}>님이 작성:\r\n\r\n{quoted}\r\n"
    )
    .into_bytes()
}

async fn thread(house: &House, space: &str, root: i64) -> Vec<Value> {
    let events =
        does(house, &house.token, "GET", &format!("/spaces/{space}/events?after=0&limit=500"), None).await;
    let events = events["events"].as_array().expect("a list").iter();
    events.filter(|it| it["body"]["thread"] == root).cloned().collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_was_away_is_told_by_mail_and_answers_by_mail_in_the_thread() {
    let (house, mails) = house_with_mail().await;
    let (mina, minas) = house.member("mina").expect("mina");
    let (joon, joons) = house.member("joon").expect("joon");
    let garden = new_space(&house, &house.token, "closed").await;
    for name in ["mina", "joon"] {
        add(&house, &garden, &format!("{name}@example.com")).await;
    }
    // Mina, of whom the house thinks first, wants no mail.
    does(&house, &minas, "PATCH", "/me/settings", Some(json!({"mail": false}))).await;
    does(&house, &joons, "PATCH", "/me", Some(json!({"language": "ko"}))).await;
    does(&house, &joons, "PATCH", "/me/settings", Some(json!({"mail_contents": true}))).await;
    let asked = post(&house, &house.token, &garden, &format!("<@{joon}> <@{mina}> 씨앗 샀어요?")).await;

    let raw = next(&mails);
    let mail = read(&raw);
    let body = mail.body_text(0).expect("a text").into_owned();
    assert_eq!(mail.to().and_then(|it| it.first()).and_then(|it| it.address()), Some("joon@example.com"));
    assert_eq!(mail.subject(), Some("나리 님이 나를 불렀어요 · 정원"));
    assert!(body.contains("나리: @joon @mina 씨앗 샀어요?"), "{body}");
    assert!(body.contains(&format!("{}/s/{garden}/m/{asked}", house.origin())), "{body}");
    assert!(mail.body_html(0).expect("HTML").contains("씨앗 샀어요?"));
    assert_eq!(header(&mail, "Auto-Submitted"), "auto-generated");
    let to =
        mail.reply_to().and_then(|it| it.first()).and_then(|it| it.address()).expect("an address").to_owned();
    assert!(to.starts_with("reply+") && to.ends_with("@example.com"), "{to}");

    // The answer comes while the house serves, and whoever is there hears of it.
    let (mut ear, _) = connect(&house, &house.token, json!({})).await;
    let receive = |mail: &[u8]| {
        tokio::task::block_in_place(|| house.reads(&["mail", "receive"], mail).expect("it runs"))
    };
    let answered = receive(&answer("joon@example.com", &to, "1", "", "네, 어제 샀어요.\r\n*세* 봉지요."));
    assert_eq!(answered.status.code(), Some(0), "{}", said(&answered));
    let heard = loop {
        let frame = crate::talk::next(&mut ear).await.expect("a frame").expect("connected");
        if frame["type"] == "event" && frame["event"]["author"] == joon.as_str() {
            break frame["event"].clone();
        }
    };
    assert_eq!(
        (&heard["body"]["thread"], &heard["body"]["text"]),
        (&json!(asked), &json!("네, 어제 샀어요.\n*세* 봉지요."))
    );

    // Brought twice it is one; what a program writes is none; strangers, guesses and empty mails go back.
    let cases = [
        (answer("joon@example.com", &to, "1", "", "네, 어제 샀어요."), 0, ""),
        (answer("joon@example.com", &to, "2", "Auto-Submitted: auto-replied\r\n", "I am away."), 0, ""),
        (answer("mina@example.com", &to, "3", "", "제가 샀어요."), 77, "address to which the mail was sent"),
        (
            answer("joon@example.com", "reply+00000000000000000000000000000000@example.com", "4", "", "?"),
            67,
            "not good any more",
        ),
        (answer("joon@example.com", &to, "5", "", ""), 65, "nothing above"),
        (b"\xff\xfe".to_vec(), 67, "not good any more"),
    ];
    for (mail, code, sentence) in cases {
        let output = receive(&mail);
        let mail = String::from_utf8_lossy(&mail);
        assert_eq!(output.status.code(), Some(code), "{mail}: {}", said(&output));
        assert!(said(&output).contains(sentence), "{mail}: {}", said(&output));
    }
    assert_eq!(thread(&house, &garden, asked).await.len(), 1);

    // An attachment comes too.
    let with_file = format!(
        "From: joon@example.com\r\nTo: {to}\r\nMessage-ID: <6@x>\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nThe list.\r\n--b\r\n\
         Content-Type: text/csv\r\nContent-Disposition: attachment; filename=seeds.csv\r\n\r\nbean,3\r\n--b--\r\n"
    );
    assert_eq!(receive(with_file.as_bytes()).status.code(), Some(0));
    let answers = thread(&house, &garden, asked).await;
    assert_eq!(answers[1]["body"]["files"][0]["name"], "seeds.csv", "{answers:?}");

    // Out of the space the address leads nowhere for him.
    does(&house, &house.token, "DELETE", &format!("/spaces/{garden}/members/{joon}"), None).await;
    let output = receive(&answer("joon@example.com", &to, "7", "", "Still there?"));
    assert_eq!(output.status.code(), Some(77), "{}", said(&output));
    assert_eq!(thread(&house, &garden, asked).await.len(), 2);
    // Nari may be told of the answers by now; mina, of whom the house thinks first, is not.
    assert!(mails.try_iter().all(|raw| !raw.contains("mina@example.com")), "mina wants no mail");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_press_in_the_mail_ends_such_mails_and_opening_the_link_does_not() {
    let (house, mails) = house_with_mail().await;
    let (joon, joons) = house.member("joon").expect("joon");
    does(&house, &joons, "PATCH", "/me/settings", Some(json!({"theme": "dark"}))).await;
    let direct = does(&house, &house.token, "POST", "/directs", Some(json!({"people": [joon]}))).await;
    let direct = direct["space"]["id"].as_str().expect("an id").to_owned();
    post(&house, &house.token, &direct, "비밀이에요").await;

    let raw = next(&mails);
    let mail = read(&raw);
    let body = mail.body_text(0).expect("a text").into_owned();
    assert!(body.contains("1 message") && !raw.contains("비밀") && !body.contains("비밀"), "{body}");
    assert!(mail.reply_to().is_none(), "without contents there is nothing to answer");
    let link = header(&mail, "List-Unsubscribe");
    let link = link.trim_matches(['<', '>']).to_owned();
    assert!(link.starts_with(house.origin()), "{link}");
    let settings = async || {
        let kept = does(&house, &joons, "GET", "/registers?after=0", None).await;
        let list = kept["registers"].as_array().expect("a list").clone();
        list.into_iter().find(|it| it["key"] == "settings").expect("settings")["value"].clone()
    };

    let stays =
        reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().expect("a client");
    let asked = stays.get(&link).send().await.expect("asked");
    assert_eq!(
        (asked.status().as_u16(), &asked.headers()["location"]),
        (303, &"/me/notifications".parse().expect("a value"))
    );
    assert_eq!(settings().await["mail"], Value::Null);
    let pressed = stays.post(&link).body("List-Unsubscribe=One-Click").send().await.expect("asked");
    assert_eq!(pressed.status(), 204);
    assert_eq!(settings().await, json!({"theme": "dark", "mail": false}));
    let guessed = stays.post(format!("{link}x")).send().await.expect("asked");
    assert_eq!(guessed.status(), 404);
}
