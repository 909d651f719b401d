use calcard::common::timezone::Tz;
use calcard::icalendar::{ICalendar, ICalendarComponentType, ICalendarProperty};
use madang_model::meeting::Wish;
use madang_model::{PersonId, SpaceId};

use super::*;

/// Microseconds since 1970 of the beginning of 2026.
const NOW_US: i64 = 1_767_225_600_000_000;

fn meeting(start: &str, zone: &str, repeat: Option<&str>) -> Meeting {
    let wish = Wish {
        title: "주간 회의; 정원, 마당 \\ 그리고 아주 긴 제목이라서 한 줄에 다 들어가지 않는 모임".into(),
        start: start.into(),
        zone: zone.into(),
        minutes: 45,
        repeat: repeat.map(str::to_owned),
        remind: 10,
        ..Wish::default()
    };
    wish.checked(NOW_US).expect("a meeting")
}

fn entry(meeting: Meeting) -> Entry {
    Entry {
        record: MeetingRecord {
            space: SpaceId(7),
            seq: 12,
            organiser: PersonId(1),
            planned_at: NOW_US,
            changed: 12,
            said_at: NOW_US,
            meeting,
        },
        url: "https://madang.example.com/s/0000000000007/m/12".into(),
        organiser: Some(("나리 \"N\"".into(), "madang@example.com".into())),
        attendee: Some(("준".into(), "joon@example.com".into())),
        one: None,
    }
}

fn parsed(text: &str) -> ICalendar {
    ICalendar::parse(text).unwrap_or_else(|other| panic!("{other:?}\n{text}"))
}

/// A published reader of calendar files finds the times that the house finds.
fn check(meeting: &Meeting) {
    let text = calendar(Method::Request, "마당", &[entry(meeting.clone())]);
    let expanded = parsed(&text).expand_dates(Tz::UTC, 40);
    assert!(expanded.errors.is_empty(), "{:?}\n{text}", expanded.errors);
    let mut theirs: Vec<(i64, i64)> = expanded.events.iter().map(|it| it.timestamps()).collect();
    theirs.sort_unstable();
    let ours = meeting.occurrences(i64::MIN, 30);
    let ours: Vec<(i64, i64)> =
        ours.iter().map(|it| (it.start_us / 1_000_000, it.end_us / 1_000_000)).collect();
    theirs.truncate(ours.len());
    assert_eq!(theirs, ours, "{text}");
}

#[test]
fn a_published_reader_finds_the_same_times_as_the_house() {
    for zone in ["Asia/Seoul", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"] {
        for rule in [
            None,
            Some("FREQ=DAILY;COUNT=10"),
            Some("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"),
            Some("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH"),
            Some("FREQ=MONTHLY;BYMONTHDAY=31"),
            Some("FREQ=MONTHLY;BYMONTHDAY=-1"),
            Some("FREQ=MONTHLY;BYDAY=2TU"),
            Some("FREQ=MONTHLY;INTERVAL=2;BYDAY=-1FR;COUNT=9"),
            Some("FREQ=YEARLY;COUNT=5"),
        ] {
            check(&meeting("2026-09-29T09:00", zone, rule));
        }
    }
}

#[test]
fn what_is_otherwise_with_single_ones_is_in_the_file() {
    let series = meeting("2026-12-01T09:00", "Europe/Berlin", Some("FREQ=DAILY;COUNT=5"));
    let moved = series.with_one("2026-12-02T09:00", Some(("2026-12-03T15:00", 60)), NOW_US);
    let moved = moved.expect("allowed").expect("changed");
    let less = moved.with_one("2026-12-04T09:00", None, NOW_US).expect("allowed").expect("changed");
    check(&less);
    let text = calendar(Method::Request, "마당", &[entry(less)]);
    assert!(text.contains("EXDATE;TZID=Europe/Berlin:20261204T090000\r\n"), "{text}");
    assert!(text.contains("RECURRENCE-ID;TZID=Europe/Berlin:20261202T090000\r\n"), "{text}");
    assert!(text.contains("SEQUENCE:2\r\n"), "{text}");
}

#[test]
fn lines_are_folded_and_words_escaped_so_that_a_reader_gets_them_back() {
    let meeting = meeting("2026-12-01T09:00", "Asia/Seoul", None);
    let text = calendar(Method::Request, "마당", &[entry(meeting.clone())]);
    assert!(text.split("\r\n").all(|line| line.len() <= LINE), "{text}");
    assert!(!text.contains("VTIMEZONE") && text.contains("DTSTART:20261201T000000Z\r\n"), "{text}");
    let read = parsed(&text);
    let event = read.components.iter().find(|it| it.component_type == ICalendarComponentType::VEvent);
    let event = event.expect("an event");
    let summary = event.property(&ICalendarProperty::Summary).and_then(|it| it.values.first()?.as_text());
    assert_eq!(summary, Some(meeting.title.as_str()));
    assert_eq!(event.uid(), Some(format!("{}-12-{NOW_US}@madang", SpaceId(7)).as_str()));
    for name in [ICalendarProperty::Organizer, ICalendarProperty::Attendee, ICalendarProperty::Url] {
        assert!(event.has_property(&name), "{name:?}");
    }
    assert!(text.contains("TRIGGER:-PT10M\r\n"), "{text}");
}

#[test]
fn a_cancelled_meeting_or_one_of_it_is_taken_out_of_calendars() {
    let mut gone = meeting("2026-12-01T09:00", "Asia/Seoul", Some("FREQ=DAILY"));
    let one = Entry { one: Some("2026-12-02T09:00:00".into()), ..entry(gone.clone()) };
    let text = calendar(Method::Cancel, "마당", &[one]);
    assert!(text.contains("METHOD:CANCEL\r\n") && text.contains("STATUS:CANCELLED\r\n"), "{text}");
    assert!(
        text.contains("RECURRENCE-ID;TZID=Asia/Seoul:20261202T090000\r\n")
            && !text.contains("RRULE:FREQ=DAILY")
    );
    gone.cancelled = true;
    let text = calendar(Method::Cancel, "마당", &[entry(gone)]);
    assert!(text.contains("SEQUENCE:1\r\n") && !text.contains("VALARM"), "{text}");
}

#[test]
fn zones_are_written_with_their_rules() {
    let zone_of = |name: &str| {
        let mut lines = Vec::new();
        let start = "2026-12-01T00:00:00Z".parse().expect("a moment");
        zones::vtimezone(name, &zone(name).expect("a zone"), start, &mut lines);
        lines.join("\n")
    };
    let berlin = zone_of("Europe/Berlin");
    assert!(
        berlin.contains(
            "BEGIN:DAYLIGHT\nDTSTART:20250330T020000\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0200\nTZNAME:CEST\n\
             RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\nEND:DAYLIGHT"
        ),
        "{berlin}"
    );
    assert!(berlin.contains("RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU"), "{berlin}");
    let seoul = zone_of("Asia/Seoul");
    assert!(seoul.contains("TZOFFSETFROM:+0900\nTZOFFSETTO:+0900\nTZNAME:KST"), "{seoul}");
    assert!(!seoul.contains("DAYLIGHT"), "{seoul}");
    assert!(zone_of("America/New_York").contains("RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU"));
    // Ramadan moves through the year: what has no rule is written one by one.
    assert!(zone_of("Africa/Casablanca").contains("RDATE:"));
}
