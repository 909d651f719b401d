use jiff::Timestamp;
use proptest::prelude::*;

use super::*;

const HOUR_US: i64 = 3_600 * 1_000_000;
const WEEKDAYS: &[i8] = &[1, 2, 3, 4, 5];
const EVERY_DAY: &[i8] = &[0, 1, 2, 3, 4, 5, 6];

/// Microseconds since 1970 of a moment in UTC.
fn us(text: &str) -> i64 {
    text.parse::<Timestamp>().expect("a moment").as_microsecond()
}

fn shift(text: &str) -> Shift {
    let (from, to) = text.split_once('-').expect("from-to");
    Shift { from: from.into(), to: to.into() }
}

fn shifts(text: &str) -> Vec<Shift> {
    text.split_whitespace().map(shift).collect()
}

fn hours(zone: &str, week: &[(&[i8], &str)]) -> Hours {
    let weekly = |(days, text): &(&[i8], &str)| {
        let days = days.to_vec();
        shifts(text).into_iter().map(move |shift| Weekly { days: days.clone(), shift })
    };
    Hours { zone: zone.into(), week: week.iter().flat_map(weekly).collect(), others: Vec::new() }
}

fn closed(from: &str, to: Option<&str>) -> Other {
    Other { from: from.into(), to: to.map(str::to_owned), name: "설날".into(), ..Other::default() }
}

/// What it is open from a moment on, in UTC: `from/to`.
fn check(hours: &Hours, after: &str, expected: &[&str]) {
    let calendar = hours.read().expect("hours");
    let moment = |at| Timestamp::from_microsecond(at).expect("a moment").strftime("%m-%dT%H:%M").to_string();
    let found: Vec<String> = calendar
        .openings(us(after))
        .take(expected.len().max(1))
        .map(|it| format!("{}/{}", moment(it.from_us), moment(it.to_us)))
        .collect();
    assert_eq!(found, expected, "{hours:?} after {after}");
}

#[test]
fn a_lunch_break_closes_and_a_night_shift_goes_on_past_midnight() {
    let office = hours("Asia/Seoul", &[(WEEKDAYS, "09:00-12:00 13:00-18:00")]);
    // 27 November 2026 is a Friday; Seoul is nine hours ahead.
    check(
        &office,
        "2026-11-27T02:59:00Z",
        &["11-27T00:00/11-27T03:00", "11-27T04:00/11-27T09:00", "11-30T00:00/11-30T03:00"],
    );
    check(&office, "2026-11-27T03:00:00Z", &["11-27T04:00/11-27T09:00"]);
    let bar = hours("UTC", &[(&[5], "22:00-02:00")]);
    check(&bar, "2026-11-28T01:59:00Z", &["11-27T22:00/11-28T02:00", "12-04T22:00/12-05T02:00"]);
    check(&bar, "2026-11-28T02:00:00Z", &["12-04T22:00/12-05T02:00"]);
    // R53: nine to nine on the clock of New York, which is no whole day anywhere else.
    let eastern = hours("America/New_York", &[(EVERY_DAY, "09:00-21:00")]);
    check(&eastern, "2026-11-27T00:00:00Z", &["11-26T14:00/11-27T02:00", "11-27T14:00/11-28T02:00"]);
}

#[test]
fn midnight_is_no_break_and_shifts_that_meet_are_one() {
    let two = hours("UTC", &[(&[1], "18:00-24:00"), (&[2], "00:00-06:00")]);
    check(&two, "2026-11-30T00:00:00Z", &["11-30T18:00/12-01T06:00", "12-07T18:00/12-08T06:00"]);
    let met = hours("UTC", &[(&[1], "08:00-12:00 12:00-17:00")]);
    check(&met, "2026-11-30T00:00:00Z", &["11-30T08:00/11-30T17:00"]);
    let night = hours("UTC", &[(&[1], "22:00-03:00"), (&[2], "01:00-05:00")]);
    check(&night, "2026-11-30T00:00:00Z", &["11-30T22:00/12-01T05:00"]);
    let round_the_clock = hours("Asia/Seoul", &[(EVERY_DAY, "00:00-24:00")]).read().expect("hours");
    assert_eq!(round_the_clock.at(us("2026-11-27T00:00:00Z")), Open::Until(None));
    let a_day = hours("UTC", &[(&[3], "10:00-10:00")]);
    check(&a_day, "2026-12-02T00:00:00Z", &["12-02T10:00/12-03T10:00"]);
}

#[test]
fn holidays_close_short_days_are_short_and_what_began_the_evening_before_ends_in_its_time() {
    let mut office = hours("UTC", &[(WEEKDAYS, "09:00-18:00"), (&[4], "22:00-02:00")]);
    office.others = vec![
        closed("2026-12-24", Some("2026-12-26")),
        Other { shifts: shifts("10:00-13:00"), ..closed("2026-12-24", None) },
    ];
    // Wednesday, Thursday short, Friday closed, Monday.
    check(
        &office,
        "2026-12-23T12:00:00Z",
        &["12-23T09:00/12-23T18:00", "12-24T10:00/12-24T13:00", "12-28T09:00/12-28T18:00"],
    );
    office.others = vec![closed("2026-12-25", None)];
    check(&office, "2026-12-24T18:00:00Z", &["12-24T22:00/12-25T02:00", "12-28T09:00/12-28T18:00"]);
    let calendar = office.read().expect("hours");
    assert_eq!(calendar.day_name(us("2026-12-25T12:00:00Z")), Some("설날"));
    assert_eq!(calendar.day_name(us("2026-12-26T12:00:00Z")), None);
    office.others = vec![Other { shifts: shifts("20:00-04:00"), ..closed("2026-12-26", None) }];
    check(&office, "2026-12-26T00:00:00Z", &["12-26T20:00/12-27T04:00"]);
}

#[test]
fn yearly_days_come_each_year_also_over_new_year_and_in_leap_years() {
    let mut office = hours("UTC", &[(EVERY_DAY, "09:00-18:00")]);
    office.others = vec![Other { yearly: true, ..closed("2020-12-31", Some("2021-01-02")) }];
    check(&office, "2026-12-30T18:00:00Z", &["01-03T09:00/01-03T18:00"]);
    office.others = vec![Other { yearly: true, ..closed("2020-02-29", None) }];
    check(&office, "2027-02-28T18:00:00Z", &["03-01T09:00/03-01T18:00"]);
    check(&office, "2028-02-28T18:00:00Z", &["03-01T09:00/03-01T18:00"]);
    check(&office, "2027-02-27T18:00:00Z", &["02-28T09:00/02-28T18:00", "03-01T09:00/03-01T18:00"]);
}

#[test]
fn where_the_clock_jumps_the_jump_counts_and_where_it_goes_back_both_times_do() {
    // Berlin: 28 March 2027 jumps from two to three, 31 October goes back from three to two.
    let office = hours("Europe/Berlin", &[(EVERY_DAY, "09:00-10:00")]);
    check(&office, "2027-03-27T12:00:00Z", &["03-28T07:00/03-28T08:00"]);
    check(&office, "2027-10-30T12:00:00Z", &["10-31T08:00/10-31T09:00"]);
    let from = |text: &str| hours("Europe/Berlin", &[(&[0], text)]);
    check(&from("02:30-05:00"), "2027-03-28T00:00:00Z", &["03-28T01:00/03-28T03:00"]);
    check(&from("01:00-02:30"), "2027-03-28T00:00:00Z", &["03-28T00:00/03-28T01:00"]);
    check(&from("02:10-02:50"), "2027-03-28T00:00:00Z", &["04-04T00:10/04-04T00:50"]);
    check(&from("02:30-05:00"), "2027-10-30T20:00:00Z", &["10-31T00:30/10-31T04:00"]);
    check(&from("01:00-02:30"), "2027-10-30T20:00:00Z", &["10-30T23:00/10-31T01:30"]);
    // A night shift is an hour longer, or shorter.
    let night = hours("Europe/Berlin", &[(&[6], "22:00-06:00")]);
    check(&night, "2027-03-27T12:00:00Z", &["03-27T21:00/03-28T04:00"]);
    check(&night, "2027-10-30T12:00:00Z", &["10-30T20:00/10-31T05:00"]);
    // In Beirut the clock jumps at midnight: the day begins at one.
    let beirut = hours("Asia/Beirut", &[(&[6], "20:00-24:00"), (&[0], "00:00-02:00")]);
    check(&beirut, "2027-03-27T12:00:00Z", &["03-27T18:00/03-27T23:00"]);
}

#[test]
fn who_asks_when_it_is_closed_is_told_when_it_opens() {
    let calendar = hours("Asia/Seoul", &[(WEEKDAYS, "09:00-18:00")]).read().expect("hours");
    assert_eq!(calendar.at(us("2026-11-27T08:59:00Z")), Open::Until(Some(us("2026-11-27T09:00:00Z"))));
    assert_eq!(calendar.at(us("2026-11-27T09:00:00Z")), Open::From(Some(us("2026-11-30T00:00:00Z"))));
    assert!(calendar.is_open(us("2026-11-30T00:00:00Z")));
    let never = hours("UTC", &[]).read().expect("hours");
    assert_eq!(never.at(us("2026-11-27T09:00:00Z")), Open::From(None));
}

#[test]
fn targets_count_the_time_in_which_it_is_open() {
    let calendar = hours("UTC", &[(WEEKDAYS, "09:00-12:00 13:00-18:00")]).read().expect("hours");
    let (friday, monday) = (us("2026-11-27T17:00:00Z"), us("2026-11-30T10:00:00Z"));
    assert_eq!(calendar.worked(friday, monday), 2 * HOUR_US);
    assert_eq!(calendar.worked(monday, friday), 0);
    // Asked on Friday at five, due after four hours: one on Friday, three on Monday.
    assert_eq!(calendar.after_working(friday, 4 * HOUR_US), Some(us("2026-11-30T12:00:00Z")));
    assert_eq!(calendar.after_working(us("2026-11-28T09:00:00Z"), HOUR_US), Some(us("2026-11-30T10:00:00Z")));
    assert_eq!(hours("UTC", &[]).read().expect("hours").after_working(friday, 1), None);
}

#[test]
fn what_cannot_be_hours_is_refused_with_words() {
    let week = |days: &[i8], text: &str| hours("UTC", &[(days, text)]);
    let other = |other: Other| Hours { others: vec![other], ..hours("UTC", &[]) };
    let refused: &[(Hours, &str)] = &[
        (hours("Mars/Olympus", &[]), "zone"),
        (week(&[7], "09:00-18:00"), "days"),
        (week(&[-1], "09:00-18:00"), "days"),
        (week(&[], "09:00-18:00"), "days"),
        (week(&[1], "9:00-18:00"), "from"),
        (week(&[1], "24:00-18:00"), "from"),
        (week(&[1], "09:00-25:00"), "to"),
        (week(&[1], "09:00-18:60"), "to"),
        (week(&[1], "09:00-13:00 12:00-18:00"), "shifts"),
        (week(&[1], "22:00-02:00 23:00-24:00"), "shifts"),
        (other(closed("2026-13-01", None)), "date"),
        (other(closed("설날", None)), "date"),
        (other(closed("2026-12-02", Some("2026-12-01"))), "to"),
        (other(Other { yearly: true, ..closed("2026-01-01", Some("2027-01-01")) }), "to"),
        (other(Other { shifts: shifts("09:00-13:00 12:00-18:00"), ..closed("2026-12-01", None) }), "shifts"),
    ];
    for (hours, wrong) in refused {
        match hours.read() {
            Err(Refusal::Invalid { what, .. }) => assert_eq!(what, *wrong, "{hours:?}"),
            other => panic!("{hours:?}: {other:?}"),
        }
    }
    let long = Other { name: "가".repeat(NAME_CHARS + 1), ..closed("2026-12-01", None) };
    assert!(matches!(other(long).read(), Err(Refusal::TooLong { .. })));
    let many = Hours { others: vec![closed("2026-12-01", None); OTHERS + 1], ..hours("UTC", &[]) };
    assert!(matches!(many.read(), Err(Refusal::TooMany { .. })));
}

#[test]
fn hours_keep_their_form_as_json() {
    let text = r#"{"zone":"Asia/Seoul","week":[{"days":[1,2],"from":"09:00","to":"18:00"}],"others":[{"from":"2027-02-06","to":"2027-02-08","name":"설날"}]}"#;
    let hours: Hours = serde_json::from_str(text).expect("hours");
    assert_eq!(serde_json::to_string(&hours).expect("JSON"), text);
    hours.read().expect("understood");
}

proptest! {
    /// By brute force: at any minute it is open if the wall clock shows a time of a shift that began that day or the
    /// day before. Zones whose clocks do not change, so that this is all there is to it.
    #[test]
    fn it_is_open_when_the_clock_on_the_wall_says_so(
        from in 0_i16..1440, length in 1_i16..=1440, days in proptest::collection::btree_set(0_i8..7, 1..7),
        minute in 0_i64..40_320,
    ) {
        let text = |minutes: i16| format!("{:02}:{:02}", minutes / 60, minutes % 60);
        let to = if from + length == 1440 { MIDNIGHT.to_owned() } else { text((from + length) % 1440) };
        let week = vec![Weekly { days: days.iter().copied().collect(), shift: Shift { from: text(from), to } }];
        let hours = Hours { zone: "Asia/Seoul".into(), week, others: Vec::new() };
        let at_us = us("2026-11-01T00:00:00Z") + minute * 60 * 1_000_000;
        // 1 November 2026 is a Sunday, and nine hours of it have gone by in Seoul.
        let wall = minute + 9 * 60;
        let (day, time) = (i8::try_from((wall / 1440) % 7).unwrap(), i16::try_from(wall % 1440).unwrap());
        let today = days.contains(&day) && time >= from && time < from + length;
        let yesterday = days.contains(&((day + 6) % 7)) && time + 1440 < from + length;
        prop_assert_eq!(hours.read().unwrap().is_open(at_us), today || yesterday);
    }
}
