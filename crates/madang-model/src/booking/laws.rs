//! Laws of times that can be booked, over calendars made up by chance.

use proptest::prelude::*;

use super::*;
use crate::hours::{Hours, Shift, Weekly};
use crate::id::PersonId;

const MINUTE_US: i64 = 60 * 1_000_000;
const DAY_US: i64 = 24 * 60 * MINUTE_US;
const ZONES: [&str; 4] = ["Asia/Seoul", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe"];
/// Before clocks change in Berlin, New York and on Lord Howe.
const NOW: i64 = 1_792_000_000 * 1_000_000;

fn hours() -> impl Strategy<Value = Hours> {
    let shift = (0..24_i16, 1..10_i16, proptest::sample::subsequence(vec![0_i8, 1, 2, 3, 4, 5, 6], 1..=7));
    (0..ZONES.len(), shift).prop_map(|(zone, (from, length, days))| {
        let to = (from + length) % 24;
        let shift = Shift { from: format!("{from:02}:00"), to: format!("{to:02}:30") };
        Hours { zone: ZONES[zone].into(), week: vec![Weekly { days, shift }], others: Vec::new() }
    })
}

fn page() -> impl Strategy<Value = BookingSettings> {
    let times = (5..120_u32, prop_oneof![Just(0_u32), 5..90_u32], 0..60_u32, 0..60_u32);
    (hours(), times, 0..3_000_u32, 1..40_u32, 0..4_u32).prop_map(
        |(
            hours,
            (minutes, every_minutes, before_minutes, after_minutes),
            notice_minutes,
            horizon_days,
            per_day,
        )| {
            BookingSettings {
                title: "상담".into(),
                minutes,
                every_minutes,
                before_minutes,
                after_minutes,
                notice_minutes,
                horizon_days,
                per_day,
                hours,
                takers: vec![PersonId(1), PersonId(2)],
                ..BookingSettings::default()
            }
        },
    )
}

fn busy() -> impl Strategy<Value = Vec<Busy>> {
    let one = (-1_000..60_000_i64, 1..4_000_i64);
    let busy = |(from, length): (i64, i64)| {
        let from_us = NOW + from * MINUTE_US;
        Busy { from_us, to_us: from_us + length * MINUTE_US }
    };
    proptest::collection::vec(one.prop_map(busy), 0..25)
}

proptest! {
    #[test]
    fn no_time_that_is_offered_overlaps_what_is_busy(page in page(), joon in busy(), mina in busy()) {
        let free = Free::new(&page).expect("a page");
        let takers = [
            Taker::new(PersonId(1), joon.clone(), Vec::new()),
            Taker::new(PersonId(2), mina.clone(), Vec::new()),
        ];
        let window = (NOW - DAY_US, NOW + 60 * DAY_US);
        let calendar = page.hours.read().expect("hours");
        let mut before = i64::MIN;
        for time in free.times(&takers, NOW, window, 2_000) {
            prop_assert!(!time.takers.is_empty());
            prop_assert!(time.start_us > before, "in order, each once");
            before = time.start_us;
            prop_assert!(time.start_us >= NOW + i64::from(page.notice_minutes) * MINUTE_US);
            prop_assert!(time.start_us < NOW + i64::from(page.horizon_days) * DAY_US);
            prop_assert_eq!(calendar.worked(time.start_us, time.end_us), time.end_us - time.start_us);
            let around = free.around(time.start_us);
            for (taker, busy) in [(1, &joon), (2, &mina)] {
                if time.takers.contains(&PersonId(taker)) {
                    let clear = |it: &Busy| it.to_us <= around.from_us || around.to_us <= it.from_us;
                    prop_assert!(busy.iter().all(clear), "{:?} is busy then", taker);
                }
            }
        }
    }

    #[test]
    fn whoever_takes_what_is_offered_is_not_offered_it_again(page in page(), joon in busy()) {
        let free = Free::new(&page).expect("a page");
        let window = (NOW, NOW + 60 * DAY_US);
        let offered = |busy: Vec<Busy>| free.times(&[Taker::new(PersonId(1), busy, Vec::new())], NOW, window, 500);
        if let Some(taken) = offered(joon.clone()).into_iter().next() {
            let mut more = joon;
            more.push(free.around(taken.start_us));
            let clear = |it: &Time| it.end_us <= taken.start_us || taken.end_us <= it.start_us;
            prop_assert!(offered(more).iter().all(clear));
        }
    }
}
