//! Invitations by mail, and what calendars read.

use std::sync::mpsc::Receiver;

use calcard::common::timezone::Tz;
use calcard::icalendar::{ICalendar, ICalendarComponent, ICalendarComponentType, ICalendarProperty};
use madang_test::House;
use mail_parser::{MimeHeaders, PartType};
use serde_json::json;

use super::{garden, plan, planned, us, wish_id};
use crate::cast::{does, last};
use crate::mail::{next, read, sink};
use crate::talk::add;

async fn house_with_mail() -> (House, Receiver<String>) {
    let (sink, mails) = sink();
    let mut house = House::set_up().expect("a house");
    house.options = ["--mail-url", &format!("smtp://{sink}"), "--mail-from", "Madang <madang@example.com>"]
        .map(str::to_owned)
        .to_vec();
    house.start().await.expect("it serves");
    (house, mails)
}

/// What a mail about a meeting holds.
struct Invitation {
    to: String,
    subject: String,
    text: String,
    method: String,
    calendar: ICalendar,
    raw: String,
}

impl Invitation {
    fn event(&self) -> &ICalendarComponent {
        let events = |it: &&ICalendarComponent| it.component_type == ICalendarComponentType::VEvent;
        self.calendar.components.iter().find(events).expect("an event")
    }

    fn says(&self, name: ICalendarProperty) -> String {
        let value = self.event().property(&name).and_then(|it| it.values.first());
        value
            .and_then(|it| {
                it.as_text().map(str::to_owned).or_else(|| it.as_integer().map(|it| it.to_string()))
            })
            .unwrap_or_default()
    }

    fn starts(&self) -> Vec<i64> {
        let found = self.calendar.expand_dates(Tz::UTC, 3);
        found.events.iter().map(|it| it.timestamps().0 * 1_000_000).collect()
    }
}

/// The next mails, by whom they are for.
fn invitations(mails: &Receiver<String>, count: usize) -> Vec<Invitation> {
    let mut all: Vec<Invitation> = (0..count).map(|_| invitation(&next(mails))).collect();
    all.sort_by(|a, b| a.to.cmp(&b.to));
    all
}

fn invitation(raw: &str) -> Invitation {
    let mail = read(raw);
    let to = mail.to().and_then(|it| it.first()).and_then(|it| it.address()).expect("an address").to_owned();
    let part = mail.parts.iter().find(|it| {
        it.content_type().is_some_and(|it| it.c_type == "text" && it.c_subtype.as_deref() == Some("calendar"))
    });
    let part = part.expect("a calendar part");
    let method = part.content_type().and_then(|it| it.attribute("method")).expect("a method").to_owned();
    let PartType::Text(text) = &part.body else { panic!("text was expected: {part:?}") };
    assert!(mail.attachments().any(|it| it.attachment_name() == Some("meeting.ics")), "{raw}");
    Invitation {
        to,
        subject: mail.subject().unwrap_or_default().to_owned(),
        text: mail.body_text(0).expect("a text").into_owned(),
        method,
        calendar: ICalendar::parse(text.as_ref()).unwrap_or_else(|other| panic!("{other:?}: {text}")),
        raw: text.replace("\r\n ", ""),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_invited_gets_a_calendar_file_that_is_kept_up_and_taken_back() {
    let (house, mails) = house_with_mail().await;
    let (space, _, joons) = garden(&house).await;
    let (_, minas) = house.member("mina").expect("mina");
    add(&house, &space, "mina@example.com").await;
    does(&house, &minas, "PATCH", "/me/settings", Some(json!({"meeting_mail": false}))).await;
    does(&house, &joons, "PATCH", "/me", Some(json!({"language": "ko"}))).await;
    let mut wish = plan("씨앗 고르기", "2032-03-02T09:00", Some("FREQ=WEEKLY;COUNT=9"));
    wish["guests"] = json!(["Sam@Partner.example", "sam@partner.example"]);
    let seq = planned(&house, &house.token, &space, wish.clone()).await;

    let got = invitations(&mails, 3);
    let to: Vec<&str> = got.iter().map(|it| it.to.as_str()).collect();
    assert_eq!(to, ["joon@example.com", "nari@example.com", "sam@partner.example"], "mina wants none");
    for it in &got {
        assert_eq!(it.method, "REQUEST");
        let week = 7 * 24 * 3_600 * 1_000_000;
        let first = us("2032-03-02T00:00:00Z");
        assert_eq!(it.starts(), [first, first + week, first + 2 * week], "{}", it.raw);
        assert_eq!(it.says(ICalendarProperty::Summary), "씨앗 고르기");
        let addresses: Vec<&str> = it.raw.lines().filter(|it| it.starts_with("ATTENDEE")).collect();
        assert!(
            addresses.len() == 1 && addresses[0].ends_with(&it.to),
            "nobody learns who else: {addresses:?}"
        );
        assert!(it.raw.contains("mailto:madang@example.com"), "nor the organiser's address: {}", it.raw);
    }
    assert_eq!(got[0].subject, "초대: 씨앗 고르기 · 2032년 3월 2일 화요일 09:00–09:30 (Asia/Seoul)");
    assert!(got[0].text.contains("매주 화요일, 9번"), "{}", got[0].text);
    assert_eq!(got[2].subject, "Invitation: 씨앗 고르기, Tuesday, 2 March 2032, 09:00–09:30 (Asia/Seoul)");

    // The guest comes in by the link of the mail, which waits before the call as every guest's.
    let link = got[2].text.lines().find(|it| it.contains("/j/")).expect("a link").to_owned();
    let (status, door) =
        house.ask(None, "GET", &format!("/join/{}", last(&link)), None).await.expect("asked");
    assert_eq!((status, &door["space"]["id"]), (200, &json!(space)));
    let events = does(&house, &joons, "GET", &format!("/spaces/{space}/events?after=0"), None).await;
    assert!(!events.to_string().contains("partner.example"), "an address stands in no log");

    // Another hour: the same meeting, a later SEQUENCE. Only those who are invited still hear of it.
    wish["client_id"] = json!(wish_id());
    wish["start"] = json!("2032-03-02T10:00");
    wish["guests"] = json!([]);
    let path = format!("/spaces/{space}/meetings/{seq}");
    does(&house, &house.token, "PUT", &path, Some(wish)).await;
    let changed = invitations(&mails, 3);
    let said: Vec<(&str, &str, String)> = changed
        .iter()
        .map(|it| (it.to.as_str(), it.method.as_str(), it.says(ICalendarProperty::Sequence)))
        .collect();
    assert_eq!(said[2].1, "CANCEL", "sam is not invited any more");
    assert_eq!((said[0].1, said[0].2.as_str()), ("REQUEST", "1"));
    assert_eq!(changed[0].event().uid(), got[0].event().uid());
    assert_eq!(changed[0].starts()[0], us("2032-03-02T01:00:00Z"));
    let (status, _) = house.ask(None, "GET", &format!("/join/{}", last(&link)), None).await.expect("asked");
    assert_eq!(status, 404, "the link of the guests ended with them");

    // One of it is cancelled, then all of it.
    let one = format!("{path}/occurrences/2032-03-09T10:00:00?client_id={}", wish_id());
    does(&house, &house.token, "DELETE", &one, None).await;
    let one = invitations(&mails, 2);
    assert_eq!(one[0].method, "CANCEL");
    assert!(one[0].raw.contains("RECURRENCE-ID;TZID=Asia/Seoul:20320309T100000"), "{}", one[0].raw);
    does(&house, &house.token, "DELETE", &format!("{path}?client_id={}", wish_id()), None).await;
    let gone = invitations(&mails, 2);
    assert_eq!(
        (gone[0].method.as_str(), gone[0].says(ICalendarProperty::Sequence).as_str()),
        ("CANCEL", "3")
    );
    assert_eq!(gone[0].subject, "취소: 씨앗 고르기 · 2032년 3월 2일 화요일 10:00–10:30 (Asia/Seoul)");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_calendar_app_reads_ones_own_meetings_at_an_address_that_can_be_ended() {
    let house = crate::talk::house().await;
    let (space, joon, joons) = garden(&house).await;
    let seq = planned(&house, &house.token, &space, plan("모두의 회의", "2032-03-02T09:00", None)).await;
    let mut alone = plan("나리만", "2032-03-02T09:00", None);
    let nari = does(&house, &house.token, "GET", "/me", None).await["me"]["id"].clone();
    alone["people"] = json!([nari]);
    planned(&house, &house.token, &space, alone).await;
    let made = does(&house, &joons, "POST", "/me/calendar", Some(json!({}))).await;
    let url = made["url"].as_str().expect("an address").to_owned();
    let read = async |url: &str| {
        let answer = house.client.get(url).send().await.expect("asked");
        let kind = answer.headers().get("content-type").cloned();
        (answer.status().as_u16(), kind, answer.text().await.expect("a text"))
    };
    let (status, kind, text) = read(&url).await;
    assert_eq!((status, kind.expect("a type").to_str().ok()), (200, Some("text/calendar; charset=utf-8")));
    assert!(text.contains("SUMMARY:모두의 회의") && !text.contains("나리만"), "{text}");
    let found = ICalendar::parse(&text).unwrap_or_else(|other| panic!("{other:?}")).expand_dates(Tz::UTC, 9);
    assert_eq!(found.events[0].timestamps().0 * 1_000_000, us("2032-03-02T00:00:00Z"));
    let file = house.client.get(house.url(&format!("/spaces/{space}/meetings/{seq}/calendar")));
    let file = file.bearer_auth(&joons).send().await.expect("asked").text().await.expect("a text");
    assert!(file.contains("METHOD:PUBLISH") && file.contains("SUMMARY:모두의 회의"), "{file}");
    // Another address takes its place; whoever leaves the space takes its meetings along in none.
    let made = does(&house, &joons, "POST", "/me/calendar", Some(json!({}))).await;
    assert_eq!(read(&url).await.0, 404);
    let url = made["url"].as_str().expect("an address").to_owned();
    does(&house, &house.token, "DELETE", &format!("/spaces/{space}/members/{joon}"), None).await;
    let (status, _, text) = read(&url).await;
    assert!(status == 200 && !text.contains("VEVENT"), "{text}");
    does(&house, &joons, "DELETE", "/me/calendar", None).await;
    assert_eq!(read(&url).await.0, 404);
    assert_eq!(does(&house, &joons, "GET", "/me/calendar", None).await, json!({"made_at": null}));
}
