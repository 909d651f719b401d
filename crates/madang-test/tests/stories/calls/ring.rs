//! Whom a call rings, and how it stops.

use serde_json::json;

use super::{calls, direct, hears, joins};
use crate::cast::does;
use crate::talk::{add, connect, house, new_space, next};

#[tokio::test(flavor = "multi_thread")]
async fn a_call_rings_on_all_devices_until_one_of_them_answers() {
    let house = house().await;
    let (joon, token) = house.member("joon").expect("joon");
    let space = direct(&house, &house.token, &joon).await;
    let mut phone = connect(&house, &token, json!({})).await.0;
    let mut laptop = connect(&house, &token, json!({})).await.0;
    let call = calls(&house, &house.token, &space).await;
    for device in [&mut phone, &mut laptop] {
        let rings = hears(device, "ring", |_| true).await;
        assert_eq!(rings["call"]["id"], call.as_str());
    }
    let mut late = connect(&house, &token, json!({})).await.0;
    hears(&mut late, "ring", |_| true).await;
    joins(&house, &token, &call, "one").await;
    for device in [&mut phone, &mut laptop, &mut late] {
        let over = hears(device, "ring_over", |_| true).await;
        assert_eq!((over["call"].as_str(), over["why"].as_str()), (Some(call.as_str()), Some("answered")));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_declines_hears_no_more_and_who_does_not_come_missed_it() {
    let house = house().await;
    let (joon, joons) = house.member("joon").expect("joon");
    let (mina, minas) = house.member("mina").expect("mina");
    let made = does(&house, &house.token, "POST", "/directs", Some(json!({"people": [joon, mina]}))).await;
    let space = made["space"]["id"].as_str().expect("an id").to_owned();
    let mut ears = [connect(&house, &joons, json!({})).await.0, connect(&house, &minas, json!({})).await.0];
    let call = calls(&house, &house.token, &space).await;
    let me = joins(&house, &house.token, &call, "one").await;
    for ear in &mut ears {
        hears(ear, "ring", |_| true).await;
    }
    does(&house, &joons, "POST", &format!("/calls/{call}/decline"), Some(json!({}))).await;
    assert_eq!(hears(&mut ears[0], "ring_over", |_| true).await["why"], "declined");
    does(&house, &house.token, "DELETE", &format!("/calls/{call}/participants/{me}"), None).await;
    assert_eq!(hears(&mut ears[1], "ring_over", |_| true).await["why"], "cancelled", "nobody waits there");
    let ended = hears(&mut ears[1], "event", |it| it["event"]["type"] == "call.ended").await;
    assert_eq!(ended["event"]["body"]["missed"], json!([mina]));
    house.caught_up().await.expect("caught up");
    let missed = house.activity_of(&minas, 1).await.expect("a line");
    let kinds = |list: &serde_json::Value| -> Vec<String> {
        let items = list["items"].as_array().expect("items").iter();
        items.map(|it| it["kind"].as_str().expect("a kind").to_owned()).collect()
    };
    assert!(kinds(&missed).contains(&"missed_call".to_owned()), "{missed}");
    let declined = does(&house, &joons, "GET", "/activity", None).await;
    assert!(!kinds(&declined).contains(&"missed_call".to_owned()), "{declined}");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_rung_who_wants_quiet() {
    let house = house().await;
    let space = new_space(&house, &house.token, "closed").await;
    let mut ears = Vec::new();
    for name in ["joon", "mina", "bori"] {
        let (_, token) = house.member(name).expect("a member");
        add(&house, &space, &format!("{name}@example.com")).await;
        match name {
            "mina" => {
                let path = format!("/spaces/{space}/involvement");
                does(&house, &token, "PUT", &path, Some(json!({"level": "nothing"}))).await;
            }
            "bori" => {
                let all = json!({"from": "00:00", "to": "00:00", "days": [0, 1, 2, 3, 4, 5, 6], "zone": "Asia/Seoul"});
                does(&house, &token, "PATCH", "/me/settings", Some(json!({"quiet": all}))).await;
            }
            _ => {}
        }
        ears.push((name, connect(&house, &token, json!({})).await.0));
    }
    let call = calls(&house, &house.token, &space).await;
    does(&house, &house.token, "DELETE", &format!("/calls/{call}"), None).await;
    for (name, ear) in &mut ears {
        let mut rang = false;
        loop {
            let frame = next(ear).await.expect("a frame").expect("connected");
            rang |= frame["type"] == "ring";
            if frame["event"]["type"] == "call.ended" {
                let missed = frame["event"]["body"]["missed"].as_array().map(Vec::len);
                assert_eq!(missed, Some(2), "joon, and bori, who finds it in the morning");
                break;
            }
        }
        assert_eq!(rang, *name == "joon", "{name}");
    }
}
