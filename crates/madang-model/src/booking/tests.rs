use std::collections::HashMap;

use jiff::Timestamp;

use super::*;
use crate::hours::{Hours, Other, Shift, Weekly};
use crate::id::PersonId;
use crate::refusal::Refusal;

const JOON: PersonId = PersonId(1);
const MINA: PersonId = PersonId(2);
const DAY_US: i64 = 24 * 3_600 * 1_000_000;
const EVERY_DAY: &[i8] = &[0, 1, 2, 3, 4, 5, 6];

/// Microseconds since 1970 of a moment in UTC.
fn us(text: &str) -> i64 {
    format!("{text}:00Z").parse::<Timestamp>().expect("a moment").as_microsecond()
}

fn page(zone: &str, shifts: &[&str]) -> BookingSettings {
    let weekly = |text: &&str| {
        let (from, to) = text.split_once('-').expect("from-to");
        Weekly { days: EVERY_DAY.to_vec(), shift: Shift { from: from.into(), to: to.into() } }
    };
    let hours = Hours { zone: zone.into(), week: shifts.iter().map(weekly).collect(), others: Vec::new() };
    BookingSettings {
        title: "상담".into(),
        minutes: 60,
        notice_minutes: 0,
        hours,
        takers: vec![JOON],
        ..BookingSettings::default()
    }
}

fn busy(all: &[(&str, &str)]) -> Taker {
    let busy = all.iter().map(|(from, to)| Busy { from_us: us(from), to_us: us(to) }).collect();
    Taker::new(JOON, busy, Vec::new())
}

/// When times begin from a moment on for so many hours, in UTC; asked `now`.
fn starts(page: &BookingSettings, takers: &[Taker], now: &str, from: &str, hours: i64) -> Vec<String> {
    let window = (us(from), us(from) + hours * 3_600 * 1_000_000);
    let free = Free::new(page).expect("a page").times(takers, us(now), window, 1_000);
    let shown = |at| Timestamp::from_microsecond(at).expect("a moment").strftime("%m-%dT%H:%M").to_string();
    free.into_iter().map(|it| shown(it.start_us)).collect()
}

#[test]
fn times_fill_the_hours_and_one_may_begin_where_another_ends() {
    let page = page("UTC", &["09:00-12:00"]);
    let day = |taker| starts(&page, &[taker], "2026-12-01T00:00", "2026-12-01T00:00", 24);
    assert_eq!(day(busy(&[])), ["12-01T09:00", "12-01T10:00", "12-01T11:00"]);
    // Half-open on both sides: what ends at ten and what begins at eleven are in nobody's way.
    assert_eq!(
        day(busy(&[("2026-12-01T09:00", "2026-12-01T10:00"), ("2026-12-01T11:00", "2026-12-01T12:00")])),
        ["12-01T10:00"]
    );
    // A minute of something is enough.
    assert_eq!(day(busy(&[("2026-12-01T10:59", "2026-12-01T11:00")])), ["12-01T09:00", "12-01T11:00"]);
    assert!(day(busy(&[("2026-11-01T00:00", "2027-01-01T00:00")])).is_empty());
}

#[test]
fn what_is_kept_free_around_a_booking_is_kept_free() {
    let buffered = BookingSettings { before_minutes: 15, after_minutes: 30, ..page("UTC", &["09:00-13:00"]) };
    let taker = busy(&[("2026-12-01T10:00", "2026-12-01T10:30")]);
    // Nine would end at ten and wants half an hour after it; eleven has its quarter of an hour before it.
    assert_eq!(
        starts(&buffered, &[taker], "2026-12-01T00:00", "2026-12-01T00:00", 24),
        ["12-01T11:00", "12-01T12:00"]
    );
    let around = Free::new(&buffered).expect("a page").around(us("2026-12-01T11:00"));
    assert_eq!((around.from_us, around.to_us), (us("2026-12-01T10:45"), us("2026-12-01T12:30")));
}

#[test]
fn notice_and_horizon_bound_what_can_be_booked_to_the_minute() {
    let page = BookingSettings { notice_minutes: 120, horizon_days: 1, ..page("UTC", &["09:00-12:00"]) };
    let at = |now: &str| starts(&page, &[busy(&[])], now, "2026-12-01T00:00", 72);
    assert_eq!(at("2026-12-01T07:00")[0], "12-01T09:00", "two hours ahead to the minute");
    assert_eq!(at("2026-12-01T07:01")[0], "12-01T10:00");
    assert_eq!(
        at("2026-12-01T10:00"),
        ["12-02T09:00"],
        "ten o'clock of tomorrow is not within a day any more"
    );
    assert_eq!(at("2026-12-01T10:01"), ["12-02T09:00", "12-02T10:00"]);
}

#[test]
fn times_are_counted_from_the_opening_whenever_somebody_looks() {
    let page = BookingSettings { minutes: 50, every_minutes: 60, ..page("UTC", &["09:00-12:00"]) };
    for from in ["2026-12-01T00:00", "2026-12-01T09:00"] {
        let found = starts(&page, &[busy(&[])], "2026-12-01T00:00", from, 12);
        assert_eq!(found, ["12-01T09:00", "12-01T10:00", "12-01T11:00"], "{from}");
    }
    let later = starts(&page, &[busy(&[])], "2026-12-01T00:00", "2026-12-01T09:25", 2);
    assert_eq!(later, ["12-01T10:00", "12-01T11:00"]);
}

#[test]
fn the_clock_that_goes_forward_takes_an_hour_and_the_one_that_goes_back_gives_one() {
    // R: New York goes from two to three on 14 March 2027, and from two to one on 7 November 2027.
    let night = page("America/New_York", &["00:00-05:00"]);
    let of = |day: &str| starts(&night, &[busy(&[])], "2027-01-02T00:00", &format!("{day}T04:00"), 8);
    let far = BookingSettings { horizon_days: 365, ..night.clone() };
    let of_far = |day: &str| starts(&far, &[busy(&[])], "2027-01-02T00:00", &format!("{day}T04:00"), 8);
    assert!(of("2027-03-14").is_empty(), "that is beyond the horizon");
    // Midnight is five o'clock in UTC; there are four hours until five on the clock.
    assert_eq!(of_far("2027-03-14"), ["03-14T05:00", "03-14T06:00", "03-14T07:00", "03-14T08:00"]);
    assert_eq!(
        of_far("2027-11-07"),
        ["11-07T04:00", "11-07T05:00", "11-07T06:00", "11-07T07:00", "11-07T08:00", "11-07T09:00"]
    );
}

#[test]
fn nine_in_seoul_is_nine_in_seoul_whatever_the_clock_of_the_guest_does() {
    // Berlin changes on 28 March 2027, Seoul never does.
    let page = BookingSettings { horizon_days: 365, ..page("Asia/Seoul", &["09:00-11:00"]) };
    let found = starts(&page, &[busy(&[])], "2027-03-20T00:00", "2027-03-27T00:00", 48);
    assert_eq!(found, ["03-27T00:00", "03-27T01:00", "03-28T00:00", "03-28T01:00"]);
    let zone = crate::meeting::zone("Europe/Berlin").expect("a zone");
    let shown = |at: &str| {
        let at = Timestamp::from_microsecond(us(at)).expect("a moment");
        zone.to_datetime(at).strftime("%H:%M").to_string()
    };
    assert_eq!((shown("2027-03-28T00:00"), shown("2027-03-29T00:00")), ("01:00".into(), "02:00".into()));
}

#[test]
fn a_shift_past_midnight_is_one_and_belongs_to_the_day_of_the_clock_for_the_limit() {
    let bar = page("Asia/Seoul", &["22:00-02:00"]);
    let night = |page: &BookingSettings, booked: &[&str]| {
        let taker = Taker::new(JOON, Vec::new(), booked.iter().map(|it| us(it)).collect());
        starts(page, &[taker], "2026-12-01T00:00", "2026-12-01T10:00", 12)
    };
    assert_eq!(night(&bar, &[]), ["12-01T13:00", "12-01T14:00", "12-01T15:00", "12-01T16:00"]);
    // One a day: the first is of 1 December in Seoul, and midnight begins another day.
    let one = BookingSettings { per_day: 1, ..bar };
    assert_eq!(night(&one, &["2026-12-01T13:00"]), ["12-01T15:00", "12-01T16:00"]);
    assert_eq!(night(&one, &["2026-12-01T13:00", "2026-12-01T15:00"]), Vec::<String>::new());
}

#[test]
fn holidays_close_and_longer_days_open() {
    let mut page = page("Asia/Seoul", &["09:00-10:00"]);
    let other = |from: &str, shifts: Vec<Shift>| Other { from: from.into(), shifts, ..Other::default() };
    page.hours.others = vec![
        other("2026-12-25", Vec::new()),
        other("2026-12-26", vec![Shift { from: "10:00".into(), to: "12:00".into() }]),
    ];
    let found = starts(&page, &[busy(&[])], "2026-12-20T00:00", "2026-12-23T15:00", 96);
    assert_eq!(found, ["12-24T00:00", "12-26T01:00", "12-26T02:00", "12-27T00:00"]);
}

#[test]
fn a_time_is_offered_while_one_of_several_can_and_goes_to_who_has_fewest() {
    let page = BookingSettings { takers: vec![JOON, MINA], ..page("UTC", &["09:00-11:00"]) };
    let joon = busy(&[("2026-12-01T09:00", "2026-12-01T10:00")]);
    let mina = Taker::new(MINA, Vec::new(), Vec::new());
    let free = Free::new(&page).expect("a page");
    let from = us("2026-12-01T00:00");
    let found = free.times(&[mina, joon], from, (from, from + DAY_US), 10);
    let who: Vec<_> = found.into_iter().map(|it| it.takers).collect();
    assert_eq!(who, [vec![MINA], vec![JOON, MINA]]);
    let load = |bookings, last_us| Load { bookings, last_us };
    let both = [JOON, MINA];
    assert_eq!(turn(&both, &HashMap::new()), Some(JOON));
    assert_eq!(turn(&both, &HashMap::from([(JOON, load(1, 5))])), Some(MINA));
    let even = HashMap::from([(JOON, load(2, 9)), (MINA, load(2, 5))]);
    assert_eq!(turn(&both, &even), Some(MINA), "she was booked longer ago");
    assert_eq!(turn(&[], &even), None);
}

#[test]
fn a_page_needs_a_title_hours_and_somebody_who_takes_it() {
    assert!(page("Asia/Seoul", &["09:00-10:00"]).checked().is_ok());
    let wrong = [
        BookingSettings { title: "  ".into(), ..page("UTC", &[]) },
        BookingSettings { takers: Vec::new(), ..page("UTC", &[]) },
        BookingSettings { minutes: 4, ..page("UTC", &[]) },
        BookingSettings { every_minutes: 1, ..page("UTC", &[]) },
        BookingSettings { horizon_days: 0, ..page("UTC", &[]) },
        BookingSettings { horizon_days: 366, ..page("UTC", &[]) },
        page("Mars/Olympus", &[]),
    ];
    for page in wrong {
        let refused = page.checked();
        assert!(matches!(refused, Err(Refusal::Invalid { .. })), "{refused:?}");
    }
}
