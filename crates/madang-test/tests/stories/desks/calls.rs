//! Calls with visitors: the visitor sees the agent, the agent sees the visitor only if they allow it.

use serde_json::json;

use super::{comes, desk, hears, reachable};
use crate::calls::{answered_camera, calls, joining, joining_with_camera};
use crate::cast::does;
use crate::talk::{house, socket};

#[tokio::test(flavor = "multi_thread")]
async fn a_visitors_camera_is_never_answered_until_they_allow_it_whatever_their_device_offers() {
    let house = house().await;
    let (joon_id, joon) = house.member("joon").expect("joon");
    let (_, key) = desk(&house, &[&joon_id], json!({"offers": {"camera": true}})).await;
    let (dara, space) = comes(&house, &key, "다라", "video").await;
    let (status, answer) = house
        .ask(Some(&dara), "POST", &format!("/spaces/{space}/call"), Some(json!({"video": true})))
        .await
        .expect("asked");
    assert_eq!((status, &answer["error"]["code"]), (403, &json!("not_allowed")), "who helps begins");
    does(&house, &joon, "POST", &format!("/tickets/{space}/take"), None).await;
    let mut hers = socket(&house, &dara).await.expect("hers");
    let call = calls(&house, &joon, &space).await;
    hears(&mut hers, "ring").await;
    let path = format!("/calls/{call}");
    let lobby = does(&house, &dara, "GET", &path, None).await;
    assert_eq!((&lobby["rights"]["camera"], &lobby["rights"]["screen"]), (&json!(false), &json!(false)));
    assert_eq!((&lobby["rights"]["microphone"], &lobby["rights"]["see"]), (&json!(true), &json!(true)));
    let participants = format!("{path}/participants");
    let hacked = does(&house, &dara, "POST", &participants, Some(joining_with_camera("hacked"))).await;
    assert!(answered_camera(&hacked).contains("a=inactive"));
    let mine = format!("{participants}/{}", hacked["participant"].as_str().expect("an id"));
    let wished = json!({"camera": true, "screen": true});
    let now = does(&house, &dara, "PUT", &mine, Some(wished)).await;
    assert_eq!(
        (&now["participant"]["camera"], &now["participant"]["screen"]),
        (&json!(false), &json!(false))
    );
    // Nor does whoever hosts it say otherwise, nor is the visitor its host.
    does(&house, &joon, "POST", &participants, Some(joining("desk", "joon"))).await;
    does(&house, &joon, "PUT", &path, Some(json!({"guests_unseen": false}))).await;
    assert_eq!(does(&house, &dara, "GET", &path, None).await["rights"]["camera"], false);
    let (status, _) = house.ask(Some(&dara), "DELETE", &path, None).await.expect("asked");
    assert_eq!(status, 403, "a visitor ends no call");

    does(&house, &dara, "POST", "/visit/consent", Some(json!({"to": "camera", "given": true}))).await;
    let shown = does(&house, &dara, "POST", &participants, Some(joining_with_camera("allowed"))).await;
    assert!(answered_camera(&shown).contains("a=recvonly"));
    does(&house, &dara, "POST", "/visit/consent", Some(json!({"to": "camera", "given": false}))).await;
    assert_eq!(does(&house, &dara, "GET", &path, None).await["rights"]["camera"], false);
    // With the ticket the call is over.
    does(&house, &joon, "POST", &format!("/tickets/{space}/close"), None).await;
    hears(&mut hers, "call").await;
    reachable(&house, &joon, false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_desk_does_not_offer_nobody_can_wish_for_or_allow() {
    let house = house().await;
    let offers = json!({"offers": {"voice": false, "video": "none", "page": false, "camera": false}});
    let (_, key) = desk(&house, &[], offers).await;
    for wants in ["voice", "video"] {
        let body = json!({"via": "page", "wants": wants});
        let request = house.client.post(house.url(&format!("/desk/{key}/visits"))).json(&body);
        assert_eq!(request.send().await.expect("asked").status(), 409, "{wants}");
    }
    let (dara, _) = comes(&house, &key, "다라", "chat").await;
    for to in ["page", "point", "act", "camera", "screen"] {
        let body = Some(json!({"to": to, "given": true}));
        let (status, answer) = house.ask(Some(&dara), "POST", "/visit/consent", body).await.expect("asked");
        assert_eq!((status, &answer["error"]["code"]), (409, &json!("not_offered")), "{to}");
    }
}
