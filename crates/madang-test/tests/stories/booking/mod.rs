//! Booking pages: guests without an account take times of people of the house.

mod busy;
mod letters;

use std::sync::atomic::{AtomicU32, Ordering};

use madang_test::House;
use serde_json::{Value, json};

use crate::cast::does;
use crate::talk::house;

const HOUR_US: i64 = 3_600 * 1_000_000;
const DAY_US: i64 = 24 * HOUR_US;

/// Settings of a page of this person, who is there around the clock and meets for an hour.
pub fn settings(takers: &[&str], more: Value) -> Value {
    let mut settings = json!({
        "title": "정원 상담", "minutes": 60, "notice_minutes": 0, "takers": takers,
        "hours": {"zone": "Asia/Seoul", "week": [{"days": [0, 1, 2, 3, 4, 5, 6], "from": "00:00", "to": "24:00"}]},
    });
    for (name, value) in more.as_object().expect("settings") {
        settings[name] = value.clone();
    }
    settings
}

/// Makes a page; gives its id and key.
pub async fn page(house: &House, token: &str, takers: &[&str], more: Value) -> (String, String) {
    let body = json!({"settings": settings(takers, more)});
    let made = does(house, token, "POST", "/booking-pages", Some(body)).await;
    let text = |name: &str| made["page"][name].as_str().expect("text").to_owned();
    (text("id"), text("key"))
}

/// The hour that begins so many hours from this one.
fn hour(ahead: i64) -> i64 {
    (jiff::Timestamp::now().as_microsecond() / HOUR_US + ahead) * HOUR_US
}

/// When the times of a page begin, from an hour on for so long.
async fn times(house: &House, key: &str, from: i64, length_us: i64) -> Vec<i64> {
    let path = format!("/booking/{key}?from={from}&to={}", from + length_us);
    let answer = does(house, "", "GET", &path, None).await;
    answer["times"]
        .as_array()
        .expect("times")
        .iter()
        .map(|it| it["start"].as_i64().expect("a time"))
        .collect()
}

fn wish(start: i64, email: &str) -> Value {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    json!({
        "client_id": format!("book-{}", NEXT.fetch_add(1, Ordering::Relaxed)), "start": start, "name": "Sam",
        "email": email, "note": "장미가 시들어요", "language": "en-US", "zone": "America/New_York",
    })
}

async fn book(house: &House, key: &str, wish: Value) -> (u16, Value) {
    house.ask(None, "POST", &format!("/booking/{key}"), Some(wish)).await.expect("asked")
}

#[tokio::test(flavor = "multi_thread")]
async fn of_guests_who_press_at_once_one_gets_the_time() {
    let house = house().await;
    let (joon, joons) = house.member("joon").expect("joon");
    let (_, one) = page(&house, &joons, &[&joon], json!({})).await;
    // Another page of the same person, whose times cross those of the first.
    let half = json!({"minutes": 30, "every_minutes": 30});
    let (_, other) = page(&house, &joons, &[&joon], half).await;
    let start = hour(30);
    assert_eq!(times(&house, &one, start, HOUR_US).await, [start]);
    assert_eq!(times(&house, &other, start, HOUR_US).await, [start, start + HOUR_US / 2]);
    let press = async |n: usize| {
        let email = format!("guest{n}@example.com");
        match n % 2 {
            0 => book(&house, &one, wish(start, &email)).await,
            _ => book(&house, &other, wish(start + HOUR_US / 2, &email)).await,
        }
    };
    let answers = tokio::join!(press(0), press(1), press(2), press(3), press(4), press(5));
    let answers: [(u16, Value); 6] = answers.into();
    let got = answers.iter().filter(|(status, _)| *status == 201).count();
    assert_eq!(got, 1, "{answers:?}");
    for (status, answer) in answers.iter().filter(|(status, _)| *status != 201) {
        assert_eq!((*status, &answer["error"]["code"]), (409, &json!("slot_taken")), "{answer}");
    }
    assert!(times(&house, &one, start, HOUR_US).await.is_empty());
    let coming = does(&house, &joons, "GET", "/bookings", None).await;
    assert_eq!(coming["bookings"].as_array().map(Vec::len), Some(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guest_moves_and_cancels_by_their_own_address_and_learns_nothing_of_others() {
    let house = house().await;
    let (joon, joons) = house.member("joon").expect("joon");
    let (_, key) = page(&house, &joons, &[&joon], json!({"before_minutes": 30, "after_minutes": 30})).await;
    let start = hour(30);
    let asked = wish(start, "Sam@Partner.example");
    let (status, made) = book(&house, &key, asked.clone()).await;
    assert_eq!(status, 201, "{made}");
    let secret = made["secret"].as_str().expect("a secret").to_owned();
    // A lost answer is asked for again.
    let (status, again) = book(&house, &key, asked).await;
    assert_eq!((status, &again["secret"]), (201, &json!(secret)));
    // What is kept free around it is taken on both sides.
    let around = times(&house, &key, start - 2 * HOUR_US, 5 * HOUR_US).await;
    assert_eq!(around, [start - 2 * HOUR_US, start + 2 * HOUR_US]);
    // Who else books there sees no address of anybody.
    let other = book(&house, &key, wish(start + 4 * HOUR_US, "mina@partner.example")).await.1;
    for shown in [&made, &other, &does(&house, "", "GET", &format!("/booked/{secret}"), None).await] {
        assert!(!shown.to_string().contains("artner.example"), "{shown}");
    }
    let path = format!("/booked/{secret}");
    let within = format!("{path}/times?from={}&to={}", start - 2 * HOUR_US, start + 3 * HOUR_US);
    let free = does(&house, "", "GET", &within, None).await;
    let free: Vec<i64> =
        free["times"].as_array().expect("times").iter().filter_map(|it| it["start"].as_i64()).collect();
    assert_eq!(free.len(), 5, "its own time is in nobody's way: {free:?}");
    let moved =
        does(&house, "", "POST", &format!("{path}/move"), Some(json!({"start": start + HOUR_US}))).await;
    assert_eq!(moved["booking"]["start"], start + HOUR_US);
    let taken = json!({"start": start + 4 * HOUR_US});
    let (status, answer) =
        house.ask(None, "POST", &format!("{path}/move"), Some(taken)).await.expect("asked");
    assert_eq!((status, &answer["error"]["code"]), (409, &json!("slot_taken")));
    // The host sees it as the meeting that it is, in a space that no other guest is in.
    let coming = does(&house, &joons, "GET", "/bookings", None).await;
    let mine =
        coming["bookings"].as_array().expect("bookings").iter().find(|it| it["name"] == "Sam").expect("it");
    assert_eq!((&mine["start"], &mine["note"]), (&json!(start + HOUR_US), &json!("장미가 시들어요")));
    let (space, seq) = (mine["space"].as_str().expect("a space"), &mine["meeting"]);
    let meeting = does(&house, &joons, "GET", &format!("/spaces/{space}/meetings/{seq}"), None).await;
    assert_eq!(meeting["meeting"]["next"][0]["start"], start + HOUR_US);
    let events = does(&house, &joons, "GET", &format!("/spaces/{space}/events?after=0"), None).await;
    assert!(!events.to_string().contains("partner.example"), "an address stands in no log");
    // Looking changes nothing; cancelling twice is cancelling once.
    for _ in 0..2 {
        let cancelled = does(&house, "", "POST", &format!("{path}/cancel"), None).await;
        assert_eq!(cancelled["booking"]["cancelled"], true);
    }
    let (status, _) =
        house.ask(None, "POST", &format!("{path}/move"), Some(json!({"start": start}))).await.expect("asked");
    assert_eq!(status, 409);
    assert_eq!(times(&house, &key, start, HOUR_US).await, [start]);
    let gone = does(&house, &joons, "GET", &format!("/spaces/{space}/meetings/{seq}"), None).await;
    assert_eq!(gone["meeting"]["cancelled"], true);
}

#[tokio::test(flavor = "multi_thread")]
async fn members_make_pages_of_their_own_and_a_page_that_is_off_says_so() {
    let house = house().await;
    let (joon, joons) = house.member("joon").expect("joon");
    let (mina, minas) = house.member("mina").expect("mina");
    let body = json!({"settings": settings(&[&mina], json!({}))});
    let (status, answer) =
        house.ask(Some(&joons), "POST", "/booking-pages", Some(body.clone())).await.expect("asked");
    assert_eq!(
        (status, &answer["error"]["code"]),
        (403, &json!("not_allowed")),
        "nobody is booked by others"
    );
    let (id, key) = page(&house, &house.token, &[&joon, &mina], json!({})).await;
    let path = format!("/booking-pages/{id}");
    let (status, _) = house.ask(Some(&joons), "PUT", &path, Some(body)).await.expect("asked");
    assert_eq!(status, 404, "who takes bookings sees the page and does not change it");
    let seen = does(&house, &minas, "GET", "/booking-pages", None).await;
    assert_eq!((&seen["pages"][0]["id"], &seen["pages"][0]["may_change"]), (&json!(id), &json!(false)));
    // They take turns.
    let start = hour(30);
    for n in 0..2 {
        let (status, answer) = book(&house, &key, wish(start, &format!("guest{n}@example.com"))).await;
        assert_eq!(status, 201, "{answer}");
    }
    let (status, _) = book(&house, &key, wish(start, "late@example.com")).await;
    assert_eq!(status, 409, "both are taken");
    for token in [&joons, &minas] {
        let coming = does(&house, token, "GET", "/bookings", None).await;
        assert_eq!(coming["bookings"].as_array().map(Vec::len), Some(1));
    }
    // Three of one address, and no more.
    for n in 1..4 {
        assert_eq!(book(&house, &key, wish(start + n * HOUR_US, "greedy@example.com")).await.0, 201);
    }
    let (status, answer) = book(&house, &key, wish(start + 5 * HOUR_US, "greedy@example.com")).await;
    assert_eq!((status, &answer["error"]["code"]), (422, &json!("too_many")));

    let off = json!({"settings": settings(&[&joon, &mina], json!({"on": false}))});
    does(&house, &house.token, "PUT", &path, Some(off)).await;
    let (status, answer) = book(&house, &key, wish(start + 6 * HOUR_US, "late@example.com")).await;
    assert_eq!((status, &answer["error"]["code"]), (410, &json!("booking_off")));
    let shown =
        does(&house, "", "GET", &format!("/booking/{key}?from={start}&to={}", start + DAY_US), None).await;
    assert_eq!((&shown["page"]["on"], &shown["times"]), (&json!(false), &json!([])));
    does(&house, &house.token, "DELETE", &path, None).await;
    let (status, _) =
        house.ask(None, "GET", &format!("/booking/{key}?from=0&to=1"), None).await.expect("asked");
    assert_eq!(status, 404);
}
