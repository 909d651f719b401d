use jiff::tz::TimeZone;

use super::*;

/// Microseconds since 1970 of a moment in UTC.
fn us(text: &str) -> i64 {
    text.parse::<jiff::Timestamp>().expect("a moment").as_microsecond()
}

fn wish(start: &str, zone: &str, repeat: Option<&str>) -> Wish {
    Wish {
        title: "주간 회의".into(),
        start: start.into(),
        zone: zone.into(),
        minutes: 30,
        repeat: repeat.map(str::to_owned),
        remind: 10,
        ..Wish::default()
    }
}

fn meeting(start: &str, zone: &str, repeat: Option<&str>) -> Meeting {
    wish(start, zone, repeat).checked(us("2026-01-01T00:00:00Z")).expect("a meeting")
}

/// The first moments of a meeting, in UTC.
fn check(start: &str, zone: &str, repeat: Option<&str>, expected: &[&str]) {
    let meeting = meeting(start, zone, repeat);
    let found: Vec<String> = meeting
        .occurrences(i64::MIN, expected.len().max(1))
        .iter()
        .map(|it| {
            jiff::Timestamp::from_microsecond(it.start_us)
                .expect("a moment")
                .strftime("%Y-%m-%d %H:%M")
                .to_string()
        })
        .collect();
    assert_eq!(found, expected, "{start} {zone} {repeat:?}");
}

#[test]
fn nine_o_clock_stays_nine_o_clock_when_the_clocks_change() {
    // Berlin leaves daylight saving on 25 October 2026; Seoul has none.
    let expected = ["2026-10-19 07:00", "2026-10-26 08:00", "2026-11-02 08:00"];
    check("2026-10-19T09:00", "Europe/Berlin", Some("FREQ=WEEKLY"), &expected);
    let expected = ["2026-10-19 00:00", "2026-10-26 00:00", "2026-11-02 00:00"];
    check("2026-10-19T09:00", "Asia/Seoul", Some("FREQ=WEEKLY"), &expected);
    // RFC 5545, 3.3.5: at half past two on 28 March 2027 there is no such time in Berlin, on 31 October it comes twice.
    check("2027-03-28T02:30", "Europe/Berlin", None, &["2027-03-28 01:30"]);
    check("2027-10-31T02:30", "Europe/Berlin", None, &["2027-10-31 00:30"]);
}

#[test]
fn every_way_to_repeat_gives_its_days() {
    check("2026-12-01T09:00", "UTC", Some("FREQ=DAILY;COUNT=2"), &["2026-12-01 09:00", "2026-12-02 09:00"]);
    // On weekdays, from a Saturday on: the first one is on Monday.
    let weekdays = Some("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR");
    check("2026-12-05T09:00", "UTC", weekdays, &["2026-12-07 09:00", "2026-12-08 09:00", "2026-12-09 09:00"]);
    let second = Some("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH");
    check("2026-12-03T09:00", "UTC", second, &["2026-12-03 09:00", "2026-12-15 09:00", "2026-12-17 09:00"]);
    let by_date = Some("FREQ=MONTHLY;BYMONTHDAY=31");
    check("2026-12-31T09:00", "UTC", by_date, &["2026-12-31 09:00", "2027-01-31 09:00", "2027-03-31 09:00"]);
    let last_friday = Some("FREQ=MONTHLY;BYDAY=-1FR");
    check("2026-12-01T09:00", "UTC", last_friday, &["2026-12-25 09:00", "2027-01-29 09:00"]);
    check("2028-02-29T09:00", "UTC", Some("FREQ=YEARLY"), &["2028-02-29 09:00", "2032-02-29 09:00"]);
    // The end is of the zone's day, and that day counts.
    let until = Some("FREQ=DAILY;UNTIL=20261202");
    check("2026-12-01T23:00", "Asia/Seoul", until, &["2026-12-01 14:00", "2026-12-02 14:00"]);
}

#[test]
fn rules_are_written_as_calendars_read_them_and_what_is_not_understood_is_refused() {
    let seoul = zone("Asia/Seoul").expect("a zone");
    let written = |text: &str| Rule::parse(text, &seoul).map(|it| it.to_string());
    assert_eq!(written("rrule:freq=weekly;byday=we,mo;wkst=mo"), Ok("FREQ=WEEKLY;BYDAY=MO,WE".into()));
    assert_eq!(written("FREQ=DAILY;UNTIL=20261231"), Ok("FREQ=DAILY;UNTIL=20261231T145959Z".into()));
    assert_eq!(written("FREQ=MONTHLY;INTERVAL=3;BYDAY=2TU"), Ok("FREQ=MONTHLY;INTERVAL=3;BYDAY=2TU".into()));
    for wrong in [
        "",
        "FREQ=HOURLY",
        "FREQ=DAILY;COUNT=0",
        "FREQ=DAILY;COUNT=3;UNTIL=20270101",
        "FREQ=WEEKLY;BYDAY=XX",
        "FREQ=MONTHLY;BYDAY=5MO",
        "FREQ=MONTHLY;BYDAY=MO",
        "FREQ=DAILY;BYSETPOS=1",
        "FREQ=DAILY;FREQ=DAILY",
        "FREQ=DAILY;INTERVAL=100000000000",
        "FREQ=DAILY;UNTIL=tomorrow",
        "FREQ=MONTHLY;BYDAY=월",
        "COUNT=3",
    ] {
        let refusal = Rule::parse(wrong, &seoul).expect_err(wrong);
        assert!(matches!(refusal, Refusal::Invalid { what: "repeat", .. }), "{wrong}: {refusal}");
    }
    assert_eq!(Rule::parse("FREQ=DAILY", &TimeZone::UTC).map(|it| it.ends), Ok(Ends::Never));
}

#[test]
fn what_cannot_be_a_meeting_is_refused_with_what_is_wrong() {
    let now = us("2026-11-27T00:00:00Z");
    let what = |change: &dyn Fn(&mut Wish)| {
        let mut wish = wish("2026-12-01T09:00", "Asia/Seoul", None);
        change(&mut wish);
        match wish.checked(now) {
            Err(
                Refusal::Invalid { what, .. } | Refusal::TooLong { what, .. } | Refusal::TooMany { what, .. },
            ) => what,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(what(&|it| it.title = " \n".into()), "title");
    assert_eq!(what(&|it| it.title = "회".repeat(121)), "the title");
    assert_eq!(what(&|it| it.start = "tomorrow".into()), "start");
    assert_eq!(what(&|it| it.start = "2026-11-26T09:00".into()), "start");
    assert_eq!(what(&|it| it.zone = "Mars/Olympus".into()), "zone");
    assert_eq!(what(&|it| it.minutes = 0), "minutes");
    assert_eq!(what(&|it| it.minutes = 1_441), "minutes");
    assert_eq!(what(&|it| it.remind = 7), "remind");
    assert_eq!(what(&|it| it.repeat = Some("FREQ=DAILY;UNTIL=20261101".into())), "start");
    // One that goes on at this moment may be planned: people meet already.
    let goes_on = wish("2026-11-27T08:50", "Asia/Seoul", None);
    assert!(goes_on.checked(now).is_ok());
}

#[test]
fn one_of_a_series_is_moved_or_left_out_and_the_others_stay() {
    let now = us("2026-11-27T00:00:00Z");
    let series = meeting("2026-12-01T09:00", "Asia/Seoul", Some("FREQ=DAILY;COUNT=4"));
    let moved = series.with_one("2026-12-02T09:00:00", Some(("2026-12-03T15:00", 60)), now);
    let moved = moved.expect("allowed").expect("changed");
    let less = moved.with_one("2026-12-04T09:00", None, now).expect("allowed").expect("changed");
    assert_eq!(less.revision, 2);
    let found: Vec<(String, bool)> =
        less.occurrences(now, 9).into_iter().map(|it| (it.local, it.moved)).collect();
    let expected =
        [("2026-12-01T09:00:00", false), ("2026-12-03T09:00:00", false), ("2026-12-03T15:00:00", true)];
    assert_eq!(found, expected.map(|(at, moved)| (at.to_owned(), moved)));
    assert_eq!(less.ends_us(), Some(us("2026-12-04T00:30:00Z")), "a link for guests works as long at least");
    // Back to what the rule says is no change any more, and what is so already changes nothing.
    let back = less.with_one("2026-12-02T09:00", Some(("2026-12-02T09:00", 30)), now).expect("allowed");
    assert_eq!(back.expect("changed").changes.len(), 1);
    assert_eq!(less.with_one("2026-12-04T09:00", None, now), Ok(None));
    assert_eq!(less.with_one("2026-12-04T10:00", None, now), Err(Refusal::NotFound(Thing::Meeting)));
    let single = meeting("2026-12-01T09:00", "Asia/Seoul", None);
    assert_eq!(single.with_one("2026-12-01T09:00", None, now), Err(Refusal::NotFound(Thing::Meeting)));
    // Another title leaves single ones as they are; another hour begins anew.
    let mut wish = wish("2026-12-01T09:00", "Asia/Seoul", Some("FREQ=DAILY;COUNT=4"));
    assert_eq!(series.changed(&wish, now), Ok(None));
    wish.title = "다른 이름".into();
    assert_eq!(less.changed(&wish, now).expect("allowed").expect("changed").changes, less.changes);
    wish.start = "2026-12-01T10:00".into();
    let anew = less.changed(&wish, now).expect("allowed").expect("changed");
    assert_eq!((anew.changes.len(), anew.revision), (0, 3));
}

#[test]
fn people_are_told_before_it_and_at_its_start_and_never_of_what_is_over() {
    let meeting = meeting("2026-12-01T09:00", "UTC", Some("FREQ=DAILY;COUNT=2"));
    let next = |after: &str| meeting.due_after(us(after)).map(|it| it.at_us);
    assert_eq!(next("2026-11-01T00:00:00Z"), Some(us("2026-12-01T08:50:00Z")));
    assert_eq!(next("2026-12-01T08:50:00Z"), Some(us("2026-12-01T09:00:00Z")));
    assert_eq!(next("2026-12-01T09:00:00Z"), Some(us("2026-12-02T08:50:00Z")));
    assert_eq!(next("2026-12-02T09:00:00Z"), None);
    let told = |since: &str, now: &str| meeting.due_between(us(since), us(now)).map(|it| it.local);
    assert_eq!(told("2026-12-01T08:50:00Z", "2026-12-01T08:50:01Z"), Some("2026-12-01T09:00:00".into()));
    // A house that was down until the middle of it says so still; one that comes after its end says nothing.
    assert_eq!(told("2026-12-01T08:50:00Z", "2026-12-01T09:20:00Z"), Some("2026-12-01T09:00:00".into()));
    assert_eq!(told("2026-12-01T08:50:00Z", "2026-12-01T09:30:00Z"), None);
    assert_eq!(told("2026-12-01T08:50:00Z", "2026-12-02T08:55:00Z"), Some("2026-12-02T09:00:00".into()));
}
