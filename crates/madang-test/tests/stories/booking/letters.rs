//! Letters of bookings: to the guest and the host, with calendar files that are kept up, and reminders.

use calcard::common::timezone::Tz;
use calcard::icalendar::ICalendar;
use madang_test::House;
use mail_parser::{MimeHeaders, PartType};
use serde_json::json;

use super::{HOUR_US, book, hour, page, wish};
use crate::cast::{does, last};
use crate::mail::{next, read, sink};

struct Got {
    to: String,
    subject: String,
    text: String,
    /// Of the calendar part: method, SEQUENCE, UID, and when it begins.
    calendar: Option<(String, String, String, i64)>,
}

fn got(raw: &str) -> Got {
    let mail = read(raw);
    let kind = |it: &&mail_parser::MessagePart| {
        it.content_type().is_some_and(|it| it.c_subtype.as_deref() == Some("calendar"))
    };
    let calendar = mail.parts.iter().find(kind).map(|part| {
        let method = part.content_type().and_then(|it| it.attribute("method")).expect("a method").to_owned();
        let PartType::Text(text) = &part.body else { panic!("text was expected: {part:?}") };
        let line =
            |name: &str| text.lines().find_map(|it| it.strip_prefix(name)).unwrap_or_default().to_owned();
        let calendar = ICalendar::parse(text.as_ref()).unwrap_or_else(|other| panic!("{other:?}: {text}"));
        let start = calendar.expand_dates(Tz::UTC, 1).events[0].timestamps().0 * 1_000_000;
        (method, line("SEQUENCE:"), line("UID:"), start)
    });
    Got {
        to: mail.to().and_then(|it| it.first()).and_then(|it| it.address()).expect("an address").to_owned(),
        subject: mail.subject().unwrap_or_default().to_owned(),
        text: mail.body_text(0).expect("a text").into_owned(),
        calendar,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn guest_and_host_get_letters_on_their_clocks_and_a_reminder_comes_when_it_is_near() {
    let (sink, mails) = sink();
    let mut house = House::set_up().expect("a house");
    house.options = ["--mail-url", &format!("smtp://{sink}"), "--mail-from", "Madang <madang@example.com>"]
        .map(str::to_owned)
        .to_vec();
    house.start().await.expect("it serves");
    let (joon, joons) = house.member("joon").expect("joon");
    does(&house, &joons, "PATCH", "/me", Some(json!({"language": "ko"}))).await;
    let (_, key) = page(&house, &joons, &[&joon], json!({})).await;
    let two = || {
        let mut all = [got(&next(&mails)), got(&next(&mails))];
        all.sort_by(|a, b| a.to.cmp(&b.to));
        all
    };
    let start = hour(30);
    let secret = book(&house, &key, wish(start, "sam@partner.example")).await.1["secret"].clone();
    let secret = secret.as_str().expect("a secret").to_owned();
    let [host, guest] = two();
    assert_eq!((host.to.as_str(), guest.to.as_str()), ("joon@example.com", "sam@partner.example"));
    assert!(host.subject.starts_with("예약: 정원 상담 · Sam"), "{}", host.subject);
    assert!(host.subject.ends_with("(Asia/Seoul)"), "{}", host.subject);
    assert!(
        host.text.contains("sam@partner.example") && host.text.contains("장미가 시들어요"),
        "{}",
        host.text
    );
    assert!(guest.subject.starts_with("Booked: 정원 상담"), "{}", guest.subject);
    assert!(guest.subject.ends_with("(America/New_York)"), "{}", guest.subject);
    assert!(guest.text.contains(&format!("/b/{key}/{secret}")), "{}", guest.text);
    assert!(!guest.text.contains("joon@example.com"), "the host's address is told to nobody");
    let (method, sequence, uid, at) = guest.calendar.clone().expect("a calendar file");
    assert_eq!((method.as_str(), sequence.as_str(), at), ("REQUEST", "0", start));
    // The link of the letter leads into the space, where the guest waits before the call.
    let link = guest.text.lines().find(|it| it.contains("/j/")).expect("a link");
    let (status, door) = house.ask(None, "GET", &format!("/join/{}", last(link)), None).await.expect("asked");
    assert_eq!(status, 200, "{door}");

    does(&house, "", "POST", &format!("/booked/{secret}/move"), Some(json!({"start": start + HOUR_US})))
        .await;
    let [_, guest] = two();
    let moved = guest.calendar.expect("a calendar file");
    assert_eq!(moved, ("REQUEST".into(), "1".into(), uid.clone(), start + HOUR_US));

    // The host moves it in the app to an hour and three seconds from now, so that its reminder is due.
    let mine = does(&house, &joons, "GET", "/bookings", None).await["bookings"][0].clone();
    let path = format!("/spaces/{}/meetings/{}", mine["space"].as_str().expect("a space"), mine["meeting"]);
    let meeting = does(&house, &joons, "GET", &path, None).await["meeting"].clone();
    let soon = jiff::Timestamp::from_second(jiff::Timestamp::now().as_second() + 3_603).expect("a moment");
    let local = soon.in_tz("Asia/Seoul").expect("a zone").strftime("%Y-%m-%dT%H:%M:%S").to_string();
    let mut change = json!({
        "client_id": "host-moves", "title": meeting["title"], "start": local, "zone": "Asia/Seoul", "minutes": 60,
        "remind": 60, "people": [joon], "guests": meeting["guests"],
    });
    does(&house, &joons, "PUT", &path, Some(change.clone())).await;
    assert_eq!(two()[1].calendar.as_ref().map(|it| it.3), Some(soon.as_microsecond()));
    let shown = does(&house, "", "GET", &format!("/booked/{secret}"), None).await;
    assert_eq!(shown["booking"]["start"], soon.as_microsecond(), "the booking is as its meeting is");
    let reminder = got(&next(&mails));
    assert_eq!(reminder.to, "sam@partner.example");
    assert!(reminder.subject.starts_with("Reminder: 정원 상담"), "{}", reminder.subject);
    assert!(reminder.text.contains("/j/") && reminder.text.contains(&secret), "{}", reminder.text);

    // Whoever booked is not taken out of it: it is cancelled.
    change["guests"] = json!([]);
    change["client_id"] = json!("without");
    let (status, _) = house.ask(Some(&joons), "PUT", &path, Some(change)).await.expect("asked");
    assert_eq!(status, 422);
    does(&house, &joons, "DELETE", &format!("{path}?client_id=host-cancels"), None).await;
    let [_, guest] = two();
    assert!(guest.subject.starts_with("Cancelled: 정원 상담"), "{}", guest.subject);
    assert_eq!(guest.calendar.map(|it| (it.0, it.2)), Some(("CANCEL".into(), uid)));
    let shown = does(&house, "", "GET", &format!("/booked/{secret}"), None).await;
    assert_eq!((&shown["booking"]["cancelled"], shown["booking"].get("join")), (&json!(true), None));
}
