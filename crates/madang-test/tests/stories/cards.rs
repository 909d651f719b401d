//! What messages ask of people: polls, checklists, and to be confirmed.

use madang_test::House;
use serde_json::{Value, json};

use crate::cast::{does, guest};
use crate::talk::{add, house, new_space};

async fn asks(house: &House, token: &str, space: &str, text: &str, card: Value) -> i64 {
    let body = json!({"text": text, "card": card});
    let made = does(house, token, "POST", &format!("/spaces/{space}/messages"), Some(body)).await;
    made["event"]["seq"].as_i64().expect("a seq")
}

async fn card(house: &House, token: &str, space: &str, seq: i64) -> Value {
    does(house, token, "GET", &format!("/spaces/{space}/messages/{seq}"), None).await["row"]["card"].clone()
}

async fn refused(house: &House, token: &str, method: &str, path: &str, body: Value) -> Value {
    let (_, answer) = house.ask(Some(token), method, path, Some(body)).await.expect("asked");
    answer["error"]["code"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_of_a_space_votes_once_changes_their_mind_and_nobody_votes_when_it_is_over() {
    let house = house().await;
    let space = new_space(&house, &house.token, "closed").await;
    let (joon_id, joon) = house.member("joon").expect("joon");
    let (_, mina) = house.member("mina").expect("mina");
    add(&house, &space, "joon@example.com").await;
    let (sam_id, sam) = guest(&house, &space, "sam").await;
    let poll = json!({"kind": "poll", "title": "점심 뭐 먹을까요?", "options": ["국밥", "비빔밥"]});
    let seq = asks(&house, &house.token, &space, "", poll).await;
    let row = does(&house, &joon, "GET", &format!("/spaces/{space}/messages/{seq}"), None).await;
    assert_eq!(row["row"]["text"], "📊 점심 뭐 먹을까요?\n- 국밥\n- 비빔밥", "for who knows no polls");
    let path = format!("/spaces/{space}/messages/{seq}/vote");
    assert_eq!(refused(&house, &mina, "PUT", &path, json!({"options": [0]})).await, "not_found");
    let body = json!({"options": [0], "client_id": "joon-votes"});
    let first = does(&house, &joon, "PUT", &path, Some(body.clone())).await;
    let again = does(&house, &joon, "PUT", &path, Some(body)).await;
    assert_eq!(first["event"]["seq"], again["event"]["seq"], "a repeat is answered as the first");
    does(&house, &sam, "PUT", &path, Some(json!({"options": [0]}))).await;
    does(&house, &sam, "PUT", &path, Some(json!({"options": [1]}))).await;
    let votes = card(&house, &joon, &space, seq).await["votes"].clone();
    let votes: Vec<(Value, Value)> =
        votes.as_array().expect("votes").iter().map(|it| (it[0].clone(), it[2].clone())).collect();
    assert_eq!(votes, [(json!(joon_id), json!([0])), (json!(sam_id), json!([1]))]);
    assert_eq!(refused(&house, &sam, "PUT", &path, json!({"options": [0, 1]})).await, "too_many");
    let closed = format!("/spaces/{space}/messages/{seq}/closed");
    assert_eq!(refused(&house, &joon, "PUT", &closed, json!({})).await, "not_allowed");
    does(&house, &house.token, "PUT", &closed, None).await;
    assert_eq!(refused(&house, &joon, "PUT", &path, json!({"options": [1]})).await, "poll_closed");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_anonymous_poll_tells_nobody_who_chose_what() {
    let mut house = house().await;
    let space = new_space(&house, &house.token, "closed").await;
    let (joon_id, joon) = house.member("joon").expect("joon");
    add(&house, &space, "joon@example.com").await;
    let poll = json!({"kind": "poll", "title": "비밀 투표", "options": ["가", "나"], "anonymous": true});
    let seq = asks(&house, &house.token, &space, "", poll).await;
    let path = format!("/spaces/{space}/messages/{seq}/vote");
    for options in [json!([0]), json!([1]), json!([1])] {
        does(&house, &joon, "PUT", &path, Some(json!({"options": options, "client_id": "joon"}))).await;
    }
    let counted = card(&house, &house.token, &space, seq).await;
    assert_eq!(counted["counts"], json!({"options": [0, 1], "people": 1}), "he changed his mind once");
    // Also after the house was built anew, one vote a person.
    house.kill().await.expect("killed");
    house.start().await.expect("it serves again");
    does(&house, &house.token, "PUT", &path, Some(json!({"options": [1]}))).await;
    does(&house, &joon, "PUT", &path, Some(json!({"options": []}))).await;
    let counted = card(&house, &house.token, &space, seq).await;
    assert_eq!(counted["counts"], json!({"options": [0, 1], "people": 1}));
    // Nothing that anybody can read names him after the poll was made.
    let events =
        does(&house, &house.token, "GET", &format!("/spaces/{space}/events?after={seq}"), None).await;
    assert_eq!(events["events"].as_array().map(Vec::len), Some(4));
    assert!(!events.to_string().contains(&joon_id), "{events}");
    let own = |all: &Value| {
        let all = all["registers"].as_array().expect("registers").clone();
        all.into_iter().find(|it| it["key"] == json!(format!("vote/{space}/{seq}")))
    };
    let his = own(&does(&house, &joon, "GET", "/registers", None).await).expect("his own device knows");
    assert_eq!(his["value"]["options"], json!([]));
    let hers = own(&does(&house, &house.token, "GET", "/registers", None).await).expect("and hers her own");
    assert_eq!(hers["value"]["options"], json!([1]));
}

#[tokio::test(flavor = "multi_thread")]
async fn items_of_a_checklist_have_somebody_to_do_them_and_somebody_who_did() {
    let house = house().await;
    let space = new_space(&house, &house.token, "closed").await;
    let (joon_id, joon) = house.member("joon").expect("joon");
    let (mina_id, _) = house.member("mina").expect("mina");
    add(&house, &space, "joon@example.com").await;
    let items = json!([{"text": "초대장", "assignee": joon_id}, {"text": "장보기"}]);
    let list = json!({"kind": "checklist", "title": "잔치 준비", "items": items});
    let seq = asks(&house, &house.token, &space, "", list).await;
    let item = |n: u8, what: &str| format!("/spaces/{space}/messages/{seq}/items/{n}/{what}");
    does(&house, &joon, "PUT", &item(0, "done"), None).await;
    does(&house, &joon, "PUT", &item(1, "done"), None).await;
    does(&house, &joon, "DELETE", &item(1, "done"), None).await;
    does(&house, &house.token, "PUT", &item(1, "assignee"), Some(json!({"person": joon_id}))).await;
    let outside = json!({"person": mina_id});
    assert_eq!(refused(&house, &joon, "PUT", &item(0, "assignee"), outside).await, "not_found");
    assert_eq!(refused(&house, &joon, "PUT", &item(7, "done"), json!({})).await, "invalid");
    let kept = card(&house, &joon, &space, seq).await;
    assert_eq!((&kept["items"][0]["done"]["by"], &kept["items"][1]["done"]), (&json!(joon_id), &Value::Null));
    assert_eq!(kept["items"][1]["assignee"], json!(joon_id));
    // He is told of what is his: named by the list itself, and when it became his.
    house.caught_up().await.expect("followers");
    let list = does(&house, &joon, "GET", "/activity", None).await;
    let kinds: Vec<_> =
        list["items"].as_array().expect("items").iter().map(|it| it["kind"].clone()).collect();
    assert_eq!(kinds, ["assigned", "mention", "added"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_did_not_confirm_is_asked_again_though_they_have_read() {
    let house = house().await;
    let space = new_space(&house, &house.token, "closed").await;
    let (joon_id, joon) = house.member("joon").expect("joon");
    let (mina_id, mina) = house.member("mina").expect("mina");
    for name in ["joon", "mina"] {
        add(&house, &space, &format!("{name}@example.com")).await;
    }
    let seq = asks(&house, &house.token, &space, "금요일은 쉽니다", json!({"kind": "confirm"})).await;
    let message = format!("/spaces/{space}/messages/{seq}");
    for token in [&joon, &mina] {
        does(&house, token, "PUT", &format!("/spaces/{space}/read"), Some(json!({"seq": seq}))).await;
    }
    does(&house, &joon, "PUT", &format!("{message}/confirmed"), None).await;
    let twice = does(&house, &joon, "PUT", &format!("{message}/confirmed"), None).await;
    assert_eq!(twice["event"], Value::Null, "once is enough");
    assert_eq!(card(&house, &mina, &space, seq).await["people"][0][0], json!(joon_id));
    let reminded = does(&house, &house.token, "POST", &format!("{message}/remind"), Some(json!({}))).await;
    assert_eq!(reminded["event"]["body"]["people"], json!([mina_id]));
    // Its words may still be mended.
    does(&house, &house.token, "PATCH", &message, Some(json!({"text": "금요일과 토요일은 쉽니다"}))).await;
    let row = does(&house, &mina, "GET", &message, None).await["row"].clone();
    assert_eq!((&row["text"], &row["card"]["kind"]), (&json!("금요일과 토요일은 쉽니다"), &json!("confirm")));
    does(&house, &house.token, "DELETE", &message, None).await;
    assert_eq!(card(&house, &mina, &space, seq).await, Value::Null);
}
