//! Who is asked, and what agents do with a ticket.

use serde_json::json;

use super::{comes, desk, events, hears, hears_event, kinds, reachable, ticket};
use crate::cast::does;
use crate::talk::{house, post, socket};

#[tokio::test(flavor = "multi_thread")]
async fn whoever_declines_is_asked_no_more_and_the_next_is() {
    let house = house().await;
    let (joon_id, joon) = house.member("joon").expect("joon");
    let (mina_id, mina) = house.member("mina").expect("mina");
    let (_, key) = desk(&house, &[&joon_id, &mina_id], json!({})).await;
    let (mut joons, mut minas) =
        (socket(&house, &joon).await.expect("joons"), socket(&house, &mina).await.expect("minas"));
    reachable(&house, &joon, true).await;
    let (_, space) = comes(&house, &key, "다라", "chat").await;
    hears(&mut joons, "offer").await;
    reachable(&house, &mina, true).await;
    does(&house, &joon, "POST", &format!("/tickets/{space}/pass"), None).await;
    hears(&mut joons, "offer_over").await;
    assert_eq!(hears(&mut minas, "offer").await["ticket"]["space"], json!(space));
    let (status, answer) =
        house.ask(Some(&joon), "POST", &format!("/tickets/{space}/pass"), None).await.expect("asked");
    assert_eq!((status, &answer["error"]["code"]), (409, &json!("offer_over")));
    // Mina says nothing: her time runs out, and the log says why.
    hears(&mut minas, "offer_over").await;
    let told = events(&house, &joon, &space).await;
    let whys: Vec<_> =
        told.iter().filter(|it| it["type"] == "ticket.passed").map(|it| &it["body"]["why"]).collect();
    assert_eq!(whys, ["declined", "time_out"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_agents_take_one_ticket_and_one_of_them_has_it() {
    let house = house().await;
    let (joon_id, joon) = house.member("joon").expect("joon");
    let (mina_id, mina) = house.member("mina").expect("mina");
    let (_, key) = desk(&house, &[&joon_id, &mina_id], json!({})).await;
    let (_, space) = comes(&house, &key, "다라", "chat").await;
    let path = format!("/tickets/{space}/take");
    let (one, two) = tokio::join!(
        house.ask(Some(&joon), "POST", &path, None),
        house.ask(Some(&mina), "POST", &path, None)
    );
    let mut answers = [one.expect("asked"), two.expect("asked")];
    answers.sort_by_key(|it| it.0);
    assert_eq!((answers[0].0, answers[1].0), (200, 409));
    assert_eq!(answers[1].1["error"]["code"], "ticket_taken");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_is_given_on_put_aside_woken_and_kept_from_strangers() {
    let house = house().await;
    let (joon_id, joon) = house.member("joon").expect("joon");
    let (mina_id, mina) = house.member("mina").expect("mina");
    let (_, bori) = house.member("bori").expect("bori");
    let (_, key) = desk(&house, &[&joon_id, &mina_id], json!({})).await;
    let (dara, space) = comes(&house, &key, "다라", "chat").await;
    let at = |what: &str| format!("/tickets/{space}/{what}");
    does(&house, &joon, "POST", &at("take"), None).await;
    // Who does not stand there does not know of it.
    for (method, path) in [
        ("GET", format!("/tickets/{space}")),
        ("POST", at("take")),
        ("GET", format!("/spaces/{space}/events")),
    ] {
        let (status, _) = house.ask(Some(&bori), method, &path, None).await.expect("asked");
        assert_eq!(status, 404, "{method} {path}");
    }
    let given = json!({"agent": mina_id, "note": "환불을 원해요"});
    let now = does(&house, &joon, "POST", &at("transfer"), Some(given)).await;
    assert_eq!(now["ticket"]["agent"], json!(mina_id));
    let seen = does(&house, &mina, "GET", &format!("/spaces/{space}/pages/0"), None).await.to_string();
    assert!(seen.contains("환불을 원해요"));
    let nari = does(&house, &house.token, "GET", "/me", None).await["me"]["id"].clone();
    let (status, _) =
        house.ask(Some(&mina), "POST", &at("transfer"), Some(json!({"agent": nari}))).await.expect("asked");
    assert_eq!(status, 404, "who does not stand there gets no ticket");

    let mut minas = socket(&house, &mina).await.expect("minas");
    let later = i64::MAX / 4;
    let (status, _) =
        house.ask(Some(&mina), "POST", &at("snooze"), Some(json!({"until": later}))).await.expect("asked");
    assert_eq!(status, 422, "nobody looks so far ahead");
    let soon = ticket(&house, &mina, &space).await["opened_at"].as_i64().expect("a time") + 3_600_000_000;
    let asleep = does(&house, &mina, "POST", &at("snooze"), Some(json!({"until": soon}))).await;
    assert_eq!(asleep["ticket"]["state"], "snoozed");
    assert_eq!(does(&house, &dara, "GET", "/visit", None).await["ticket"]["state"], "open");
    post(&house, &dara, &space, "아직인가요?").await;
    hears_event(&mut minas, &space, "ticket.woken").await;
    let changed = json!({"tags": ["환불", "환불", "급함"], "priority": 3, "subject": "두 번 결제"});
    let changed = does(&house, &mina, "POST", &at("change"), Some(changed)).await;
    assert_eq!(
        (&changed["ticket"]["tags"], &changed["ticket"]["priority"]),
        (&json!(["급함", "환불"]), &json!(3))
    );
    does(&house, &mina, "POST", &at("release"), None).await;
    assert_eq!(ticket(&house, &joon, &space).await["state"], "waiting");
    let hers = events(&house, &dara, &space).await;
    assert!(
        kinds(&hers).iter().all(|it| !matches!(*it, "ticket.tagged" | "ticket.snoozed" | "ticket.renamed"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn who_waits_is_served_in_order_also_after_a_restart() {
    let mut house = house().await;
    let (joon_id, joon) = house.member("joon").expect("joon");
    let (desk_id, key) = desk(&house, &[&joon_id], json!({"per_agent": 2})).await;
    let mut spaces = Vec::new();
    for name in ["하나", "둘", "셋"] {
        spaces.push(comes(&house, &key, name, "chat").await.1);
    }
    let line = async |house: &madang_test::House| {
        let queue = does(house, &joon, "GET", &format!("/desks/{desk_id}/tickets?view=waiting"), None).await;
        let tickets = queue["tickets"].as_array().expect("tickets").clone();
        tickets.iter().map(|it| it["space"].as_str().expect("an id").to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(line(&house).await, spaces);
    does(&house, &joon, "POST", &format!("/tickets/{}/change", spaces[2]), Some(json!({"priority": 3})))
        .await;
    let expected = [spaces[2].clone(), spaces[0].clone(), spaces[1].clone()];
    assert_eq!(line(&house).await, expected);
    house.stop().await.expect("it stops");
    house.start().await.expect("it serves again");
    assert_eq!(line(&house).await, expected);
    reachable(&house, &joon, true).await;
    let mut ear = socket(&house, &joon).await.expect("connected");
    let side = does(&house, &joon, "GET", "/me/agent", None).await;
    let first = match side["offers"].get(0) {
        Some(offer) => offer["space"].clone(),
        None => hears(&mut ear, "offer").await["ticket"]["space"].clone(),
    };
    assert_eq!(first, json!(expected[0]));
}
