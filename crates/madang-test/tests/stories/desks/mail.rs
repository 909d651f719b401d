//! A mail opens a ticket, agents answer by mail, and nobody gets at anything by mail that was there before.

use serde_json::{Value, json};

use super::claim::{code, house_with_mail};
use super::{comes, desk};
use crate::cast::does;
use crate::door::said;
use crate::mail::{header, next, read};
use crate::talk::post;
use madang_test::House;

fn mail(from: &str, to: &str, id: &str, more: &str, text: &str) -> Vec<u8> {
    format!(
        "From: =?UTF-8?B?64uk6528?= <{from}>\r\nTo: <{to}>\r\nMessage-ID: <{id}@shop.example>\r\nSubject: =?UTF-8?B?7ZmY67aI?=\r\n\
         {more}MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{text}\r\n"
    )
    .into_bytes()
}

fn receives(house: &House, mail: &[u8]) -> (Option<i32>, String) {
    let output = tokio::task::block_in_place(|| house.reads(&["mail", "receive"], mail).expect("it runs"));
    (output.status.code(), said(&output))
}

async fn queue(house: &House, token: &str, desk: &str) -> Vec<Value> {
    let all = does(house, token, "GET", &format!("/desks/{desk}/tickets?view=all"), None).await;
    all["tickets"].as_array().expect("tickets").clone()
}

async fn words(house: &House, token: &str, space: &str) -> Vec<String> {
    let all = super::events(house, token, space).await;
    all.iter().filter_map(|it| it["body"]["text"].as_str().map(str::to_owned)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_opens_a_ticket_and_both_sides_go_on_by_mail() {
    let (house, mails) =
        house_with_mail(&["--reply-address", "reply@example.com", "--digest-after", "1"]).await;
    let (joon_id, joon) = house.member("joon").expect("joon");
    let (id, key) = desk(&house, &[&joon_id], json!({})).await;
    let at = does(&house, &house.token, "GET", &format!("/desks/{id}"), None).await["desk"]["mail"].clone();
    let at = at.as_str().expect("an address").to_owned();
    assert_eq!(at, format!("reply+desk-{key}@example.com"));

    assert_eq!(
        receives(&house, &mail("dara@shop.example", &at, "1", "", "환불해 주세요")),
        (Some(0), String::new())
    );
    assert_eq!(
        receives(&house, &mail("dara@shop.example", &at, "1", "", "환불해 주세요")).0,
        Some(0),
        "brought again"
    );
    let tickets = queue(&house, &joon, &id).await;
    assert_eq!(tickets.len(), 1, "{tickets:?}");
    let (ticket, space) = (&tickets[0], tickets[0]["space"].as_str().expect("a space").to_owned());
    assert_eq!((&ticket["via"], &ticket["subject"]), (&json!("mail"), &json!("환불")));
    assert_eq!((&ticket["visitor"]["name"], &ticket["language"]), (&json!("다라"), &json!("ko")));

    // The answer of an agent goes out, a note does not.
    does(&house, &joon, "POST", &format!("/tickets/{space}/take"), None).await;
    let note = json!({"text": "단골", "note": true});
    does(&house, &joon, "POST", &format!("/spaces/{space}/messages"), Some(note)).await;
    post(&house, &joon, &space, "돌려 드렸어요").await;
    let raw = next(&mails);
    let letter = read(&raw);
    let text = letter.body_text(0).expect("text").into_owned();
    assert!(text.contains("돌려 드렸어요") && !text.contains("단골"), "{text}");
    assert_eq!(letter.subject(), Some("Re: 환불"));
    assert_eq!(header(&letter, "In-Reply-To"), "<1@shop.example>");
    let back = letter
        .reply_to()
        .and_then(|it| it.first())
        .and_then(|it| it.address())
        .expect("an address")
        .to_owned();
    let named = header(&letter, "Message-ID");

    // The answer to it comes back into the ticket, which is opened again; also by a program that writes to the desk.
    does(&house, &joon, "POST", &format!("/tickets/{space}/close"), None).await;
    let quoted = "고마워요\r\n\r\n> ──── 답장은 이 줄 위에 써 주세요 · Write your answer above this line ────\r\n> 돌려 드렸어요";
    assert_eq!(receives(&house, &mail("dara@shop.example", &back, "2", "", quoted)).0, Some(0));
    assert_eq!(super::ticket(&house, &joon, &space).await["round"], json!(2));
    let references = format!("In-Reply-To: {named}\r\n");
    assert_eq!(receives(&house, &mail("dara@shop.example", &at, "3", &references, "하나 더요")).0, Some(0));
    assert_eq!(
        words(&house, &joon, &space).await,
        ["환불해 주세요", "단골", "돌려 드렸어요", "고마워요", "하나 더요"]
    );

    // Somebody else with the secret is nobody; a program is not answered; what leads nowhere goes back.
    assert_eq!(receives(&house, &mail("evil@shop.example", &back, "4", "", "나도요")).0, Some(77));
    assert_eq!(
        receives(&house, &mail("dara@shop.example", &at, "5", "Auto-Submitted: auto-replied\r\n", "부재중"))
            .0,
        Some(0)
    );
    let ours = String::from_utf8(mail("madang@example.com", &at, "6", "", "우리예요")).expect("text");
    let ours = ours.replace("<6@shop.example>", &named);
    assert_eq!(receives(&house, ours.as_bytes()).0, Some(0), "our own letter");
    assert_eq!(receives(&house, &mail(&at, &at, "6", "", "우리예요")).0, Some(0), "a desk");
    assert_eq!(
        receives(&house, &mail("dara@shop.example", "reply+desk-000000000000@example.com", "7", "", "?")).0,
        Some(77)
    );
    assert_eq!(queue(&house, &joon, &id).await.len(), 1);

    // Another mail is another ticket, and a blocked address opens none.
    assert_eq!(receives(&house, &mail("dara@shop.example", &at, "8", "", "새로운 일")).0, Some(0));
    assert_eq!(queue(&house, &joon, &id).await.len(), 2);
    does(&house, &joon, "POST", &format!("/tickets/{space}/block"), Some(json!({}))).await;
    assert_eq!(receives(&house, &mail("dara@shop.example", &at, "9", "", "또 저예요")).0, Some(77));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_in_somebodys_name_gets_at_nothing_and_an_unread_answer_goes_to_a_proven_address() {
    let (house, mails) =
        house_with_mail(&["--reply-address", "reply@example.com", "--digest-after", "1"]).await;
    let (joon_id, joon) = house.member("joon").expect("joon");
    let (id, key) = desk(&house, &[&joon_id], json!({})).await;
    let (dara, space) = comes(&house, &key, "다라", "chat").await;
    post(&house, &dara, &space, "비밀이에요").await;
    does(&house, &dara, "POST", "/visit/claim", Some(json!({"email": "dara@shop.example"}))).await;
    let code = code(&mails, "dara@shop.example");
    does(&house, &dara, "POST", "/visit/claimed", Some(json!({"code": code}))).await;
    let at = format!("reply+desk-{key}@example.com");
    assert_eq!(receives(&house, &mail("dara@shop.example", &at, "1", "", "저예요, 뭐라고 했죠?")).0, Some(0));
    let tickets = queue(&house, &joon, &id).await;
    assert_eq!(tickets.len(), 2, "one of its own");
    does(&house, &joon, "POST", &format!("/tickets/{space}/take"), None).await;
    post(&house, &joon, &space, "메일로도 보세요").await;
    let raw = next(&mails);
    let letter = read(&raw);
    assert_eq!(letter.to().and_then(|it| it.first()).and_then(|it| it.address()), Some("dara@shop.example"));
    let text = letter.body_text(0).expect("text").into_owned();
    assert!(text.contains("메일로도 보세요") && !text.contains("비밀이에요"), "{text}");
}
