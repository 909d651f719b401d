//! After a visit: what was said goes out by mail, and whoever was helped is asked again.

use serde_json::json;

use super::claim::{code, house_with_mail};
use super::{comes, desk, hears_event, ticket};
use crate::cast::does;
use crate::mail::{next, read};
use crate::talk::{post, socket};

#[tokio::test(flavor = "multi_thread")]
async fn a_visitor_takes_what_was_said_along_without_the_notes() {
    let (house, mails) = house_with_mail(&[]).await;
    let (joon_id, joon) = house.member("joon").expect("joon");
    let (_, key) = desk(&house, &[&joon_id], json!({})).await;
    let (dara, space) = comes(&house, &key, "다라", "chat").await;
    post(&house, &dara, &space, "결제가 <안> 돼요").await;
    does(&house, &joon, "POST", &format!("/tickets/{space}/take"), None).await;
    post(&house, &joon, &space, "고쳤어요").await;
    let note = json!({"text": "카드사 문제", "note": true});
    does(&house, &joon, "POST", &format!("/spaces/{space}/messages"), Some(note)).await;
    does(&house, &joon, "POST", &format!("/tickets/{space}/close"), None).await;
    for (token, path) in
        [(&dara, "/visit/transcript".to_owned()), (&joon, format!("/tickets/{space}/transcript"))]
    {
        let (status, answer) = house.ask(Some(token), "POST", &path, Some(json!({}))).await.expect("asked");
        assert_eq!(
            (status, &answer["error"]["code"]),
            (409, &json!("address_needed")),
            "to nobody's address"
        );
    }
    does(&house, &dara, "POST", "/visit/claim", Some(json!({"email": "dara@example.com"}))).await;
    let code = code(&mails, "dara@example.com");
    does(&house, &dara, "POST", "/visit/claimed", Some(json!({"code": code}))).await;
    let sent = does(&house, &dara, "POST", "/visit/transcript", Some(json!({}))).await;
    assert_eq!(sent["email"], "dara@example.com");
    let raw = next(&mails);
    let mail = read(&raw);
    let (text, page) = (mail.body_text(0).expect("text"), mail.body_html(0).expect("HTML"));
    assert_eq!(mail.to().and_then(|it| it.first()).and_then(|it| it.address()), Some("dara@example.com"));
    for said in [&text, &page] {
        assert!(said.contains("고쳤어요") && said.contains("다라"), "{said}");
        assert!(!said.contains("카드사 문제"), "{said}");
    }
    assert!(text.contains("결제가 <안> 돼요") && page.contains("결제가 &lt;안&gt; 돼요"), "{page}");
    does(&house, &joon, "POST", &format!("/tickets/{space}/transcript"), Some(json!({}))).await;
    assert!(read(&next(&mails)).body_text(0).expect("text").contains("고쳤어요"));
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_was_helped_is_asked_again_at_the_time_that_was_set() {
    let (house, _mails) = house_with_mail(&[]).await;
    let (joon_id, joon) = house.member("joon").expect("joon");
    let (_, key) = desk(&house, &[&joon_id], json!({})).await;
    let (dara, space) = comes(&house, &key, "다라", "chat").await;
    does(&house, &joon, "POST", &format!("/tickets/{space}/take"), None).await;
    does(&house, &joon, "POST", &format!("/tickets/{space}/close"), None).await;
    let path = format!("/tickets/{space}/follow-up");
    let ask = |at: i64| json!({"at": at, "text": "이제 잘 되나요?"});
    assert_eq!(house.ask(Some(&joon), "PUT", &path, Some(ask(1))).await.expect("asked").0, 422);
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("a time").as_micros();
    let later = i64::try_from(now).expect("fits") + 2_000_000;
    let mut hers = socket(&house, &dara).await.expect("connected");
    does(&house, &joon, "PUT", &path, Some(ask(later))).await;
    let set = does(&house, &joon, "GET", &path, None).await;
    assert_eq!(set["follow_up"]["text"], "이제 잘 되나요?");
    let asked = hears_event(&mut hers, &space, "message.posted").await;
    assert_eq!((&asked["author"], &asked["body"]["text"]), (&json!(joon_id), &json!("이제 잘 되나요?")));
    let again = ticket(&house, &joon, &space).await;
    assert_eq!(
        (&again["state"], &again["agent"], &again["round"]),
        (&json!("open"), &json!(joon_id), &json!(2))
    );
    assert!(does(&house, &joon, "GET", &path, None).await["follow_up"].is_null());
}
