//! Meetings: planned, changed and cancelled, in words of people and of calendars.

mod mail;
mod told;

use std::sync::atomic::{AtomicU32, Ordering};

use madang_test::House;
use serde_json::{Value, json};

use crate::calls::{direct, hears};
use crate::cast::does;
use crate::talk::{add, connect, house, new_space};

/// A wish for a meeting of half an hour in Seoul, to which everybody is invited.
pub fn plan(title: &str, start: &str, repeat: Option<&str>) -> Value {
    json!({
        "client_id": wish_id(), "title": title, "start": start, "zone": "Asia/Seoul", "minutes": 30,
        "repeat": repeat, "remind": 10,
    })
}

/// Plans it; gives the seq by which it is known.
pub async fn planned(house: &House, token: &str, space: &str, wish: Value) -> i64 {
    let made = does(house, token, "POST", &format!("/spaces/{space}/meetings"), Some(wish)).await;
    made["event"]["seq"].as_i64().expect("a seq")
}

fn wish_id() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("wish-{}", NEXT.fetch_add(1, Ordering::Relaxed))
}

/// So many seconds from this moment, on the clock of a zone; and that moment in microseconds.
fn in_seconds(seconds: i64, zone: &str) -> (String, i64) {
    let at = jiff::Timestamp::from_second(jiff::Timestamp::now().as_second() + seconds).expect("a moment");
    let local = at.in_tz(zone).expect("a zone").strftime("%Y-%m-%dT%H:%M:%S").to_string();
    (local, at.as_microsecond())
}

fn us(text: &str) -> i64 {
    text.parse::<jiff::Timestamp>().expect("a moment").as_microsecond()
}

async fn refused(house: &House, token: &str, method: &str, path: &str, body: Value) -> (u16, String) {
    let (status, answer) = house.ask(Some(token), method, path, Some(body)).await.expect("asked");
    (status, answer["error"]["code"].as_str().unwrap_or_default().to_owned())
}

/// The row that planned a meeting, as pages hold it.
async fn row(house: &House, token: &str, space: &str, seq: i64) -> Value {
    let page = does(house, token, "GET", &format!("/spaces/{space}/pages/{}", seq / 64), None).await;
    let rows = page["rows"].as_array().expect("rows");
    rows.iter().find(|it| it["seq"] == seq).expect("the row").clone()
}

async fn garden(house: &House) -> (String, String, String) {
    let (joon, token) = house.member("joon").expect("joon");
    let space = new_space(house, &house.token, "closed").await;
    add(house, &space, "joon@example.com").await;
    (space, joon, token)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_meeting_is_planned_changed_and_cancelled_and_its_space_says_so() {
    let house = house().await;
    let (space, _, joons) = garden(&house).await;
    let mut ear = connect(&house, &joons, json!({})).await.0;
    let wish = plan("  주간   회의 ", "2032-03-01T09:00", Some("FREQ=WEEKLY;BYDAY=TU"));
    let seq = planned(&house, &house.token, &space, wish.clone()).await;
    assert_eq!(planned(&house, &house.token, &space, wish).await, seq, "a repeat plans nothing more");
    let said = hears(&mut ear, "event", |it| it["event"]["type"] == "meeting.planned").await;
    let body = &said["event"]["body"];
    assert_eq!((&body["title"], &body["start"]), (&json!("주간 회의"), &json!("2032-03-02T09:00:00")));
    let path = format!("/spaces/{space}/meetings/{seq}");
    let seen = does(&house, &joons, "GET", &path, None).await["meeting"].clone();
    assert_eq!(seen["next"][0]["start"], us("2032-03-02T00:00:00Z"), "{seen}");
    assert_eq!((&seen["may_change"], seen.get("guest_link")), (&json!(false), None));

    // Joon may not change what Nari plans; one of it is moved, one left out, and all of it is another hour.
    let other = plan("주간 회의", "2032-03-02T10:00", Some("FREQ=WEEKLY;BYDAY=TU"));
    assert_eq!(refused(&house, &joons, "PUT", &path, other.clone()).await, (403, "not_allowed".into()));
    let one = format!("{path}/occurrences/2032-03-09T09:00:00");
    let moved = json!({"client_id": wish_id(), "start": "2032-03-10T15:00", "minutes": 60});
    does(&house, &house.token, "PUT", &one, Some(moved)).await;
    let left_out = format!("{path}/occurrences/2032-03-16T09:00:00?client_id={}", wish_id());
    does(&house, &house.token, "DELETE", &left_out, None).await;
    let seen = does(&house, &joons, "GET", &path, None).await["meeting"].clone();
    let starts: Vec<&str> =
        seen["next"].as_array().expect("a list").iter().filter_map(|it| it["local"].as_str()).collect();
    assert_eq!(starts[..3], ["2032-03-02T09:00:00", "2032-03-10T15:00:00", "2032-03-23T09:00:00"]);
    let folded = row(&house, &joons, &space, seq).await;
    assert_eq!(folded["body"]["changes"].as_array().map(Vec::len), Some(2), "{folded}");
    does(&house, &house.token, "PUT", &path, Some(other)).await;
    let again = does(
        &house,
        &house.token,
        "PUT",
        &path,
        Some(plan("주간 회의", "2032-03-02T10:00", Some("FREQ=WEEKLY;BYDAY=TU"))),
    )
    .await;
    assert_eq!(again["event"], Value::Null, "it is so already");
    let folded = row(&house, &joons, &space, seq).await;
    assert_eq!(
        (&folded["body"]["start"], folded["body"].get("changes")),
        (&json!("2032-03-02T10:00:00"), None)
    );

    // Joon's own meeting is cancelled by whoever manages the space, once.
    let joins = planned(&house, &joons, &space, plan("둘러보기", "2032-03-01T09:00", None)).await;
    let cancel = format!("/spaces/{space}/meetings/{joins}?client_id={}", wish_id());
    does(&house, &house.token, "DELETE", &cancel, None).await;
    let said = hears(&mut ear, "event", |it| it["event"]["type"] == "meeting.cancelled").await;
    assert_eq!(said["event"]["body"], json!({"planned": joins, "title": "둘러보기"}));
    assert_eq!(row(&house, &joons, &space, joins).await["body"]["cancelled"], true);
    let list = does(&house, &joons, "GET", "/meetings", None).await;
    let seqs: Vec<&Value> =
        list["meetings"].as_array().expect("a list").iter().map(|it| &it["seq"]).collect();
    assert_eq!(seqs, [&json!(seq)]);
    let change = plan("둘러보기", "2032-03-01T10:00", None);
    let gone = refused(&house, &joons, "PUT", &format!("/spaces/{space}/meetings/{joins}"), change).await;
    assert_eq!(gone, (409, "meeting_cancelled".into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_a_meeting_is_refused_with_words() {
    let house = house().await;
    let (space, _, joons) = garden(&house).await;
    let path = format!("/spaces/{space}/meetings");
    let (mina, _) = house.member("mina").expect("mina");
    for (change, words) in [
        (json!({"repeat": "FREQ=SECONDLY"}), "반복 규칙이 올바르지 않아요."),
        (json!({"zone": "Mars/Olympus"}), "시간대가 올바르지 않아요."),
        (json!({"start": "2020-01-01T09:00"}), "시작 시각이 올바르지 않아요."),
        (json!({"minutes": 0}), "회의 길이가 올바르지 않아요."),
        (json!({"title": ""}), "제목이 올바르지 않아요."),
        (json!({"guests": ["nobody"]}), "이메일 주소가 올바르지 않아요."),
        (json!({"people": [mina]}), "사람을 찾을 수 없거나 볼 권한이 없어요."),
    ] {
        let mut wish = plan("회의", "2032-03-01T09:00", None);
        for (name, value) in change.as_object().expect("an object") {
            wish[name] = value.clone();
        }
        let request = house.client.post(house.url(&path)).bearer_auth(&joons).json(&wish);
        let answer = request.header("accept-language", "ko").send().await.expect("asked");
        let answer: Value = answer.json().await.expect("JSON");
        assert_eq!(answer["error"]["message"], words, "{change}");
    }
    let list = does(&house, &joons, "GET", &format!("/meetings?space={space}"), None).await;
    assert_eq!(list["meetings"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_meeting_rings_for_nobody() {
    let house = house().await;
    let (joon, joons) = house.member("joon").expect("joon");
    let space = direct(&house, &house.token, &joon).await;
    let (start, _) = in_seconds(60, "Asia/Seoul");
    planned(&house, &house.token, &space, plan("둘이서", &start, None)).await;
    let mut ear = connect(&house, &joons, json!({})).await.0;
    let body = json!({"video": false, "ring": true});
    let made = does(&house, &house.token, "POST", &format!("/spaces/{space}/call"), Some(body)).await;
    let call = made["call"]["id"].as_str().expect("an id").to_owned();
    does(&house, &house.token, "DELETE", &format!("/calls/{call}"), None).await;
    let ended = hears(&mut ear, "event", |it| {
        assert_ne!(it["type"], "ring");
        it["event"]["type"] == "call.ended"
    })
    .await;
    assert_eq!(ended["event"]["body"].get("missed"), None);
    assert_eq!(
        does(&house, &joons, "GET", &format!("/spaces/{space}/events?after=0"), None).await["head"]["seq"],
        6
    );
}
