//! What is late, who walked away, and how it went.

use serde_json::{Value, json};

use super::{comes, desk, events, hears, hears_event, kinds, reachable, ticket};
use crate::cast::does;
use crate::clock::Clock;
use crate::talk::{house, post, socket};

#[tokio::test(flavor = "multi_thread")]
async fn what_is_late_is_said_once_and_who_left_waits_no_more() {
    let (house, clock) = Clock::house().await;
    let (joon_id, joon) = house.member("joon").expect("joon");
    let (desk_id, key) = desk(&house, &[&joon_id], json!({"targets": {"first_answer_minutes": 2}})).await;
    // Dara says nothing and leaves; Bori writes, and wishes for a call; Haru keeps the page open.
    let (_, silent) = comes(&house, &key, "다라", "video").await;
    let (bori, wrote) = comes(&house, &key, "보리", "voice").await;
    post(&house, &bori, &wrote, "환불이 안 돼요").await;
    let (haru, stays) = comes(&house, &key, "하루", "video").await;
    let mut harus = socket(&house, &haru).await.expect("haru");
    let mut joons = socket(&house, &joon).await.expect("joon");
    clock.put("+200");
    // Somebody comes, and the house looks at its tickets.
    comes(&house, &key, "미나", "chat").await;
    hears(&mut joons, "desk").await;
    // What happens to a ticket that nobody has is not for Joon's devices: he asks.
    let mut told = async |space: &str| {
        for _ in 0..100 {
            let told = events(&house, &joon, space).await;
            if kinds(&told).contains(&"ticket.overdue") {
                return told;
            }
            hears(&mut joons, "desk").await;
        }
        panic!("nobody says that it is late");
    };
    let told_of_bori = told(&wrote).await;
    assert!(kinds(&told_of_bori).ends_with(&["ticket.wanted", "ticket.overdue"]), "{told_of_bori:?}");
    assert_eq!(ticket(&house, &joon, &silent).await["state"], "closed");
    assert_eq!(ticket(&house, &joon, &stays).await["wants"], "video", "whoever looks has not left");
    let late = ticket(&house, &joon, &wrote).await;
    assert_eq!((&late["wants"], &late["overdue"]), (&json!("chat"), &json!(["first_answer"])));
    let hers = events(&house, &bori, &wrote).await;
    assert!(!kinds(&hers).contains(&"ticket.overdue"), "a visitor is not told");
    // It is said once: the house looks again, and again.
    comes(&house, &key, "소라", "chat").await;
    hears(&mut joons, "desk").await;
    let again = events(&house, &joon, &wrote).await;
    assert_eq!(kinds(&again).iter().filter(|it| **it == "ticket.overdue").count(), 1);
    let report = report(&house, &joon, &desk_id).await;
    assert_eq!((&report["all"]["opened"], &report["all"]["given_up"]), (&json!(5), &json!(1)));
    assert_eq!(report["all"]["answered_in_time"]["reached"], 0);
    drop(harus.close(None).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_lets_offers_run_out_is_switched_off_on_all_devices_and_says_so_themselves() {
    let house = house().await;
    let (joon_id, joon) = house.member("joon").expect("joon");
    let (_, key) = desk(&house, &[&joon_id], json!({})).await;
    let mut phone = socket(&house, &joon).await.expect("a phone");
    reachable(&house, &joon, true).await;
    let switch = async |phone: &mut crate::talk::Socket| loop {
        let register = hears(phone, "register").await;
        if register["key"] == "agent" {
            return register["value"].clone();
        }
    };
    assert_eq!(switch(&mut phone).await, json!({"reachable": true, "why": "self"}));
    // Three come, and he has walked away.
    for name in ["하나", "둘", "셋"] {
        comes(&house, &key, name, "chat").await;
    }
    assert_eq!(switch(&mut phone).await, json!({"reachable": false, "why": "missed"}));
    let side = does(&house, &joon, "GET", "/me/agent", None).await;
    assert_eq!(side["reachable"], false);
    assert_eq!(side["offers"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_adds_up_what_happened_and_goes_into_a_spreadsheet() {
    let house = house().await;
    let (joon_id, joon) = house.member("joon").expect("joon");
    let (mina_id, mina) = house.member("mina").expect("mina");
    let (_, bori) = house.member("bori").expect("bori");
    let (desk_id, key) = desk(&house, &[&joon_id, &mina_id], json!({})).await;
    let mut joons = socket(&house, &joon).await.expect("joon");
    let (dara, space) = comes(&house, &key, "다라", "chat").await;
    let at = |what: &str| format!("/tickets/{space}/{what}");
    does(&house, &joon, "POST", &at("take"), None).await;
    post(&house, &joon, &space, "안녕하세요").await;
    does(&house, &joon, "POST", &at("close"), None).await;
    hears_event(&mut joons, &space, "ticket.closed").await;
    does(&house, &dara, "POST", "/visit/rate", Some(json!({"stars": 4, "comment": ""}))).await;
    // She comes back, and Mina helps: another round of the same ticket.
    does(&house, &dara, "POST", "/visit/open", Some(json!({"wants": "chat", "via": "page"}))).await;
    does(&house, &mina, "POST", &at("take"), None).await;
    let (haru, _) = comes(&house, &key, "하루", "chat").await;
    does(&house, &haru, "POST", "/visit/close", None).await;

    let whole = report(&house, &house.token, &desk_id).await;
    let all = &whole["all"];
    assert_eq!((&all["opened"], &all["closed"], &all["given_up"]), (&json!(3), &json!(2), &json!(1)));
    assert_eq!((&all["wait"]["count"], &all["first_answer"]["count"]), (&json!(2), &json!(1)));
    assert_eq!(all["stars"], json!([0, 0, 0, 1, 0]));
    assert_eq!(whole["ways"], json!({"widget": 2, "page": 1}));
    let agents = |report: &Value| -> Vec<(String, Value)> {
        let all = report["agents"].as_array().expect("agents").iter();
        let mut all: Vec<_> = all
            .map(|it| (it["person"]["id"].as_str().expect("an id").to_owned(), it["opened"].clone()))
            .collect();
        all.sort_by(|a, b| a.0.cmp(&b.0));
        all
    };
    let mut both = vec![(joon_id.clone(), json!(1)), (mina_id.clone(), json!(1))];
    both.sort_by(|a, b| a.0.cmp(&b.0));
    assert_eq!(agents(&whole), both);
    let joons_own = report(&house, &joon, &desk_id).await;
    assert_eq!(
        agents(&joons_own),
        [(joon_id.clone(), json!(1))],
        "colleagues are not measured by each other"
    );
    assert_eq!(joons_own["all"], whole["all"]);
    let (status, _) = house
        .ask(Some(&bori), "GET", &format!("/desks/{desk_id}/report?from=0&until=1"), None)
        .await
        .expect("asked");
    assert_eq!(status, 404);

    let request = house.client.get(house.url(&format!("/desks/{desk_id}/report/export{}", stretch())));
    let answer = request.bearer_auth(&house.token).send().await.expect("asked");
    assert_eq!(answer.headers()["content-type"], "text/csv; charset=utf-8");
    let text = answer.text().await.expect("text");
    let lines: Vec<Vec<&str>> = text.lines().map(|line| line.split(',').collect()).collect();
    assert_eq!(lines.len(), 4, "a head and three rounds");
    assert!(lines.iter().all(|it| it.len() == lines[0].len()));
    let column = |name: &str| lines[0].iter().position(|it| *it == name).expect("a column");
    let of_joon = lines.iter().find(|it| it[column("agent")] == joon_id).expect("his round");
    assert_eq!((of_joon[column("stars")], of_joon[column("closed_by")]), ("4", "agent"));
    assert_eq!(lines.iter().filter(|it| it[column("closed_by")] == "visitor").count(), 1);
    for wrong in ["?from=2&until=1", "?from=0&until=99999999999999999"] {
        let path = format!("/desks/{desk_id}/report{wrong}");
        assert_eq!(house.ask(Some(&house.token), "GET", &path, None).await.expect("asked").0, 422);
    }
}

/// A day before and a day after.
fn stretch() -> String {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("a time").as_micros();
    let day = 86_400_000_000;
    format!("?from={}&until={}", now - day, now + day)
}

async fn report(house: &madang_test::House, token: &str, desk: &str) -> Value {
    does(house, token, "GET", &format!("/desks/{desk}/report{}", stretch()), None).await
}
