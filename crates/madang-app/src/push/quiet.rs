//! Quiet hours: when nobody wants to be disturbed. Kept in the person's settings as `quiet` and counted on the clock
//! of the zone they were set in; and until when it is quiet once, as `quiet_until` (microseconds since 1970). The web client holds the same rule (`features/notifications/quiet.ts`);
//! `testing/vectors/quiet.json` holds the two equal.

use jiff::Timestamp;
use jiff::civil::Time;
use jiff::tz::TimeZone;
use serde_json::Value;

const DAY: i64 = 24 * 60;
const MINUTE_US: i64 = 60 * 1_000_000;

/// Whether it is quiet at this moment, by what the settings hold, whatever that is. The same time twice means a
/// whole day; what runs past midnight belongs to the day it began on.
pub fn is_quiet(settings: &Value, now_us: i64) -> bool {
    quiet_until(settings, now_us).is_some() || is_quiet_by_the_hour(settings, now_us)
}

/// Until when it is quiet once.
pub fn quiet_until(settings: &Value, now_us: i64) -> Option<i64> {
    settings["quiet_until"].as_i64().filter(|it| *it > now_us)
}

fn is_quiet_by_the_hour(settings: &Value, now_us: i64) -> bool {
    let Some((from, to, days, zone)) = read(&settings["quiet"]) else { return false };
    let Ok(now) = Timestamp::from_microsecond(now_us) else { return false };
    let now = now.to_zoned(zone);
    let lasts = match (to - from).rem_euclid(DAY) {
        0 => DAY,
        minutes => minutes,
    };
    let at = i64::from(now.hour()) * 60 + i64::from(now.minute());
    let today = i64::from(now.weekday().to_sunday_zero_offset());
    let yesterday = (today + 6) % 7;
    let began_today = days.contains(&today) && at >= from && at < from + lasts;
    began_today || (days.contains(&yesterday) && at + DAY < from + lasts)
}

/// When it is not quiet any more: `now_us` itself where it is not, none where it always is.
pub fn quiet_ends(settings: &Value, now_us: i64) -> Option<i64> {
    let once = quiet_until(settings, now_us).unwrap_or(now_us);
    if !is_quiet_by_the_hour(settings, once) {
        return Some(once);
    }
    minutes_after(once).find(|at| !is_quiet_by_the_hour(settings, *at))
}

/// The next quiet hours, or those that run: from when to when. None where there are none; what never ends has no end.
pub fn next_hours(settings: &Value, now_us: i64) -> Option<(i64, Option<i64>)> {
    let begins = match is_quiet_by_the_hour(settings, now_us) {
        true => now_us,
        false => minutes_after(now_us).find(|at| is_quiet_by_the_hour(settings, *at))?,
    };
    Some((begins, minutes_after(begins).find(|at| !is_quiet_by_the_hour(settings, *at))))
}

/// The hours are of whole minutes, and a week holds all of them.
fn minutes_after(now_us: i64) -> impl Iterator<Item = i64> {
    let minute = now_us - now_us.rem_euclid(MINUTE_US);
    (1..=8 * DAY).map(move |after| minute + after * MINUTE_US)
}

/// The zone in which somebody's hours are counted, where it is known.
pub fn zone_of(settings: &Value) -> TimeZone {
    let zone = settings["quiet"]["zone"].as_str().and_then(|it| TimeZone::get(it).ok());
    zone.unwrap_or(TimeZone::UTC)
}

/// Minutes of the day from and to, the days on which it begins (0 is Sunday), and whose clock.
fn read(quiet: &Value) -> Option<(i64, i64, Vec<i64>, TimeZone)> {
    let days = quiet["days"].as_array()?.iter().filter_map(Value::as_i64).collect();
    let zone = TimeZone::get(quiet["zone"].as_str()?).ok()?;
    Some((minutes(&quiet["from"])?, minutes(&quiet["to"])?, days, zone))
}

/// "22:00", on a 24 hour clock.
fn minutes(time: &Value) -> Option<i64> {
    let text = time.as_str().filter(|text| text.len() == 5)?;
    let time: Time = Time::strptime("%H:%M", text).ok()?;
    Some(i64::from(time.hour()) * 60 + i64::from(time.minute()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quiet_hours_end_with_a_minute_or_never() {
        let at = |text: &str| text.parse::<Timestamp>().expect("a time").as_microsecond();
        let ends = |from: &str, to: &str, now: &str| {
            let quiet = serde_json::json!({"from": from, "to": to, "days": [0, 1, 2, 3, 4, 5, 6], "zone": "Asia/Seoul"});
            quiet_ends(&serde_json::json!({"quiet": quiet}), at(now))
        };
        // 23:30:10 in Seoul.
        assert_eq!(ends("22:00", "07:00", "2026-03-01T14:30:10Z"), Some(at("2026-03-01T22:00:00Z")));
        assert_eq!(ends("22:00", "07:00", "2026-03-01T03:00:10Z"), Some(at("2026-03-01T03:00:10Z")));
        assert_eq!(ends("00:00", "00:00", "2026-03-01T03:00:10Z"), None);
    }

    #[test]
    fn it_is_quiet_once_until_its_end_and_then_by_the_hour() {
        let at = |text: &str| text.parse::<Timestamp>().expect("a time").as_microsecond();
        let quiet =
            serde_json::json!({"from": "22:00", "to": "07:00", "days": [0, 1, 2, 3, 4, 5, 6], "zone": "UTC"});
        let until = |end: &str| serde_json::json!({"quiet": quiet, "quiet_until": at(end)});
        let noon = at("2026-03-01T12:00:00Z");
        assert!(is_quiet(&until("2026-03-01T12:30:00Z"), noon));
        assert_eq!(quiet_ends(&until("2026-03-01T12:30:00Z"), noon), Some(at("2026-03-01T12:30:00Z")));
        assert!(!is_quiet(&until("2026-03-01T12:00:00Z"), noon));
        // Into the hours, and on to their end.
        assert_eq!(quiet_ends(&until("2026-03-01T23:00:00Z"), noon), Some(at("2026-03-02T07:00:00Z")));
        let next = Some((at("2026-03-01T22:00:00Z"), Some(at("2026-03-02T07:00:00Z"))));
        assert_eq!(next_hours(&until("2026-03-01T12:30:00Z"), noon), next);
        assert_eq!(next_hours(&serde_json::json!({}), noon), None);
    }

    #[test]
    fn quiet_hours_are_what_the_vectors_say() {
        let text = include_str!("../../../../testing/vectors/quiet.json");
        let cases: Vec<Value> = serde_json::from_str(text).expect("vectors");
        assert!(cases.len() >= 15);
        for case in cases {
            let at: Timestamp = case["at"].as_str().expect("a time").parse().expect("a time");
            let quiet = is_quiet(&serde_json::json!({"quiet": case["quiet"]}), at.as_microsecond());
            assert_eq!(Some(quiet), case["is"].as_bool(), "{case}");
        }
    }
}
