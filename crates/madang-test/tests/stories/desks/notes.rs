//! What agents keep among themselves.

use serde_json::{Value, json};

use super::{comes, desk, events, hears_event};
use crate::cast::does;
use crate::talk::{house, next, post, socket};

#[tokio::test(flavor = "multi_thread")]
async fn a_note_reaches_every_agent_and_never_the_visitor_in_any_way() {
    let house = house().await;
    let (joon_id, joon) = house.member("joon").expect("joon");
    let (mina_id, mina) = house.member("mina").expect("mina");
    let (_, key) = desk(&house, &[&joon_id, &mina_id], json!({})).await;
    let (dara, space) = comes(&house, &key, "다라", "chat").await;
    does(&house, &joon, "POST", &format!("/tickets/{space}/take"), None).await;
    does(&house, &mina, "POST", &format!("/tickets/{space}/join"), None).await;
    let (mut hers, mut minas) =
        (socket(&house, &dara).await.expect("hers"), socket(&house, &mina).await.expect("minas"));
    let path = format!("/spaces/{space}/messages");
    let secret = "두 번 결제한 고객, 비밀";
    let visitor = does(&house, &dara, "GET", "/visit", None).await["me"]["id"].clone();
    let text = format!("{secret} <@{}>", visitor.as_str().expect("an id"));
    let note = does(&house, &joon, "POST", &path, Some(json!({"text": text, "note": true}))).await;
    let seq = note["event"]["seq"].as_i64().expect("a seq");
    assert_eq!(note["event"]["staff"], true);
    assert_eq!(hears_event(&mut minas, &space, "message.posted").await["body"]["note"], true);
    // Whatever happens to it is hidden too, an answer as well.
    does(&house, &joon, "PATCH", &format!("{path}/{seq}"), Some(json!({"text": format!("{secret}!")}))).await;
    let answer = does(&house, &mina, "POST", &path, Some(json!({"text": secret, "thread": seq}))).await;
    assert_eq!(answer["event"]["staff"], true);
    does(&house, &mina, "PUT", &format!("{path}/{seq}/reactions/👍"), None).await;
    post(&house, &joon, &space, "안녕하세요").await;

    let mut heard = Vec::new();
    loop {
        let frame = next(&mut hers).await.expect("open").expect("open");
        let done = frame["event"]["type"] == "message.posted";
        heard.push(frame);
        if done {
            break;
        }
    }
    let hidden: Vec<&Value> = heard.iter().filter(|it| it["event"]["type"] == "hidden").collect();
    assert_eq!(hidden.len(), 4, "each has its place: {heard:?}");
    assert!(hidden.iter().all(|it| it["event"]["body"] == json!({})), "{hidden:?}");
    let read = events(&house, &dara, &space).await;
    let page = does(&house, &dara, "GET", &format!("/spaces/{space}/pages/0"), None).await;
    for seen in [&json!(heard), &json!(read), &page] {
        let text = seen.to_string();
        assert!(!text.contains("비밀") && !text.contains("👍"), "{text}");
    }
    let seqs: Vec<i64> = read.iter().map(|it| it["seq"].as_i64().expect("a seq")).collect();
    assert!(seqs.windows(2).all(|two| two[1] == two[0] + 1), "no gap: {seqs:?}");
    for path in [format!("{path}/{seq}"), format!("/spaces/{space}/threads/{seq}")] {
        let (status, _) = house.ask(Some(&dara), "GET", &path, None).await.expect("asked");
        assert_eq!(status, 404, "{path}");
    }
    // Nor may the visitor write one, or answer one.
    for body in [json!({"text": "x", "note": true}), json!({"text": "x", "thread": seq})] {
        let (status, _) = house.ask(Some(&dara), "POST", &path, Some(body)).await.expect("asked");
        assert!(matches!(status, 403 | 404), "{status}");
    }
    let visit = does(&house, &dara, "GET", "/visit", None).await;
    let known: Vec<&Value> = visit["people"].as_array().expect("people").iter().map(|it| &it["id"]).collect();
    assert!(known.contains(&&json!(joon_id)) && known.contains(&&json!(mina_id)), "both are in it");
}
