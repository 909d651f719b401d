//! Quiet hours: when nobody wants to be disturbed. Kept in the person's settings as `quiet` and counted on the clock
//! of the zone they were set in. The web client holds the same rule (`features/notifications/quiet.ts`);
//! `testing/vectors/quiet.json` holds the two equal.

use jiff::Timestamp;
use jiff::civil::Time;
use jiff::tz::TimeZone;
use serde_json::Value;

const DAY: i64 = 24 * 60;

/// Whether it is quiet at this moment, by what the settings hold, whatever that is. The same time twice means a
/// whole day; what runs past midnight belongs to the day it began on.
pub fn is_quiet(settings: &Value, now_us: i64) -> bool {
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
