//! What makes people busy: meetings of the house, and the calendars that they keep elsewhere.

use std::net::SocketAddr;
use std::sync::Arc;

use madang_test::House;
use parking_lot::Mutex;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;

use super::{HOUR_US, hour, page, times};
use crate::cast::does;
use crate::meetings::{plan, planned};
use crate::talk::new_space;

/// A server elsewhere that answers everything with this.
async fn elsewhere(says: Arc<Mutex<(u16, String)>>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (status, body) = says.lock().clone();
            tokio::spawn(async move {
                let mut stream = BufReader::new(stream);
                let mut line = String::new();
                while stream.read_line(&mut line).await.is_ok_and(|read| read > 2) {
                    line.clear();
                }
                let head = format!(
                    "HTTP/1.1 {status} x\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
                    body.len()
                );
                // Whoever hangs up is done with us.
                drop(stream.get_mut().write_all((head + &body).as_bytes()).await);
            });
        }
    });
    address
}

fn utc(at: i64) -> String {
    let at = jiff::Timestamp::from_microsecond(at).expect("a moment");
    at.strftime("%Y%m%dT%H%M%SZ").to_string()
}

fn calendar(start: i64) -> String {
    let (from, to) = (utc(start), utc(start + HOUR_US));
    format!(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y//EN\r\nBEGIN:VEVENT\r\nUID:a@b\r\nDTSTAMP:{from}\r\nDTSTART:{from}\r\nDTEND:{to}\r\nSUMMARY:치과\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
}

async fn add(house: &House, token: &str, url: &str) -> (u16, Value) {
    let body = json!({"name": "개인", "url": url, "zone": "Asia/Seoul"});
    house.ask(Some(token), "POST", "/me/calendars", Some(body)).await.expect("asked")
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_busy_here_or_elsewhere_is_not_offered() {
    let mut house = House::set_up().expect("a house");
    house.options = ["--outgoing-allowed", "127.0.0.1"].map(str::to_owned).to_vec();
    house.start().await.expect("it serves");
    let (joon, joons) = house.member("joon").expect("joon");
    let (_, key) = page(&house, &joons, &[&joon], json!({})).await;
    let start = hour(30);
    let all: Vec<i64> = (0..4).map(|it| start + it * HOUR_US).collect();
    assert_eq!(times(&house, &key, start, 4 * HOUR_US).await, all);
    // Each day at this time, from tomorrow on, half an hour of a meeting of the house.
    let space = new_space(&house, &joons, "closed").await;
    let first =
        jiff::Timestamp::from_microsecond(start).expect("a moment").in_tz("Asia/Seoul").expect("a zone");
    let daily = plan("아침", &first.strftime("%Y-%m-%dT%H:%M").to_string(), Some("FREQ=DAILY"));
    planned(&house, &joons, &space, daily).await;
    assert_eq!(times(&house, &key, start, 4 * HOUR_US).await, all[1..]);
    assert_eq!(times(&house, &key, start + 24 * HOUR_US, 2 * HOUR_US).await.len(), 1, "and the day after");
    // The third hour is busy elsewhere.
    let says = Arc::new(Mutex::new((200, calendar(all[2]))));
    let address = elsewhere(says.clone()).await;
    let (status, added) = add(&house, &joons, &format!("http://{address}/secret-name.ics")).await;
    assert_eq!((status, &added["calendar"]["busy"]), (201, &json!(1)), "{added}");
    assert!(!added.to_string().contains("secret-name"), "whoever has the address reads the calendar");
    assert_eq!(times(&house, &key, start, 4 * HOUR_US).await, [all[1], all[3]]);
    // It changes, and then cannot be read: what was read last counts, and its owner is told.
    let id = added["calendar"]["id"].as_str().expect("an id").to_owned();
    let again = format!("/me/calendars/{id}/read");
    *says.lock() = (200, calendar(all[3]));
    does(&house, &joons, "POST", &again, Some(json!({}))).await;
    assert_eq!(times(&house, &key, start, 4 * HOUR_US).await, all[1..3]);
    *says.lock() = (404, String::new());
    let failed = does(&house, &joons, "POST", &again, Some(json!({}))).await;
    assert!(failed["calendar"]["failure"].as_str().is_some_and(|it| it.contains("404")), "{failed}");
    assert_eq!(times(&house, &key, start, 4 * HOUR_US).await, all[1..3]);
    let (status, _) = house
        .ask(Some(&house.token.clone()), "DELETE", &format!("/me/calendars/{id}"), None)
        .await
        .expect("asked");
    assert_eq!(status, 404, "it is not hers");
    does(&house, &joons, "DELETE", &format!("/me/calendars/{id}"), None).await;
    assert_eq!(times(&house, &key, start, 4 * HOUR_US).await, all[1..]);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_calendar_is_read_within_a_network_of_its_own() {
    let house = crate::talk::house().await;
    for url in ["http://127.0.0.1:1/a.ics", "https://127.0.0.1/a.ics", "file:///etc/passwd", "no address"] {
        let (status, answer) = add(&house, &house.token, url).await;
        assert_eq!((status, &answer["error"]["code"]), (422, &json!("invalid")), "{url}");
    }
    assert_eq!(does(&house, &house.token, "GET", "/me/calendars", None).await["calendars"], json!([]));
}
