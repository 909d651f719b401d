//! When somebody is to be reminded: a moment, seconds from now, or words.

use interim::{Dialect, parse_date_string};
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

/// Numbers up to this are seconds from now, and larger ones a moment since 1970, as Slack has it.
const DAY: i64 = 24 * 60 * 60;
/// The hour of a day that was named without one.
const MORNING: i8 = 9;

/// The moment in microseconds; none for what means nothing, comes again and again, or is over.
pub(super) fn read(time: &str, now_us: i64, zone: TimeZone) -> Option<i64> {
    let time = time.trim().trim_end_matches(['.', ',']).to_lowercase();
    if let Ok(number) = time.parse::<i64>() {
        let at = if (1..=DAY).contains(&number) { now_us / 1_000_000 + number } else { number };
        return at.checked_mul(1_000_000).filter(|it| *it > now_us);
    }
    let now = Timestamp::from_microsecond(now_us).ok()?.to_zoned(zone);
    let at = in_words(&english(&time)?, &now)?;
    Some(at.timestamp().as_microsecond()).filter(|it| *it > now_us)
}

fn in_words(words: &str, now: &Zoned) -> Option<Zoned> {
    let at = parse_date_string(words, now.clone(), Dialect::Us).ok()?;
    // A day alone begins at midnight, or goes on at this hour: nobody wants to be reminded then.
    let names_an_hour = words.contains(':');
    if is_an_interval(words) || names_an_hour {
        // An hour alone that is over means the one of tomorrow.
        let names_a_day = words.split(' ').any(|it| it.chars().all(char::is_alphabetic) && it.len() > 2);
        return match at <= *now && !names_a_day && !words.contains(['-', '/']) {
            true => at.checked_add(jiff::Span::new().days(1)).ok(),
            false => Some(at),
        };
    }
    at.with().hour(MORNING).minute(0).second(0).subsec_nanosecond(0).build().ok()
}

/// `9am`, `3:30pm` and `noon` on a 24 hour clock: the library takes 12pm for midnight.
fn hour(word: &str) -> Option<String> {
    if word == "noon" {
        return Some("12:00".into());
    }
    let (time, after_noon) = match (word.strip_suffix("am"), word.strip_suffix("pm")) {
        (Some(time), _) => (time, false),
        (_, Some(time)) => (time, true),
        _ => return None,
    };
    let (hour, minute) = time.split_once([':', '.']).unwrap_or((time, "00"));
    let hour = hour.parse::<u8>().ok().filter(|it| (1..=12).contains(it))?;
    let minute = minute.parse::<u8>().ok().filter(|it| *it < 60)?;
    Some(format!("{:02}:{minute:02}", hour % 12 + if after_noon { 12 } else { 0 }))
}

/// `5 minutes`, `2 hours`: days and longer are days.
fn is_an_interval(words: &str) -> bool {
    ["sec", "min", "hour"].iter().any(|it| words.contains(it))
}

/// What people say, as the library reads it; none for what comes again and again.
fn english(time: &str) -> Option<String> {
    let time = korean(time).unwrap_or_else(|| time.to_owned());
    if time.starts_with("every") || time.starts_with("each") || time.contains(" every ") {
        return None;
    }
    let mut words: Vec<&str> = time.split_whitespace().collect();
    words.retain(|it| !matches!(*it, "in" | "on" | "at" | "from" | "now"));
    let words = words.join(" ").replace(" am", "am").replace(" pm", "pm");
    let words = match words.as_str() {
        "next week" => "7 days".to_owned(),
        "next month" => "1 month".to_owned(),
        "an hour" => "1 hour".to_owned(),
        "a minute" => "1 minute".to_owned(),
        _ => {
            words.split(' ').map(|it| hour(it).unwrap_or_else(|| it.to_owned())).collect::<Vec<_>>().join(" ")
        }
    };
    (!words.is_empty() && !words.contains("ago")).then_some(words)
}

/// `10분 뒤`, `내일`: what the house's own reminders say on a screen in Korean.
fn korean(time: &str) -> Option<String> {
    if matches!(time, "내일" | "내일 아침") {
        return Some("tomorrow".into());
    }
    let rest = time.strip_suffix("뒤").or_else(|| time.strip_suffix("후"))?.trim_end();
    let digits = rest.trim_end_matches(|it: char| !it.is_ascii_digit());
    let unit = match rest[digits.len()..].trim() {
        "초" => "seconds",
        "분" => "minutes",
        "시간" => "hours",
        "일" => "days",
        "주" => "weeks",
        _ => return None,
    };
    Some(format!("{} {unit}", digits.parse::<u16>().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A Wednesday noon in Seoul.
    const NOW: &str = "2026-12-02T12:00:00+09:00[Asia/Seoul]";

    fn at(time: &str) -> Option<String> {
        let now: Zoned = NOW.parse().expect("a time");
        let zone = now.time_zone().clone();
        let at = read(time, now.timestamp().as_microsecond(), zone.clone())?;
        let at = Timestamp::from_microsecond(at).expect("a time").to_zoned(zone);
        Some(at.strftime("%F %H:%M:%S").to_string())
    }

    #[test]
    fn what_people_say_is_a_moment_to_come() {
        for (said, expected) in [
            ("20", "2026-12-02 12:00:20"),
            ("1796181600", "2026-12-02 12:20:00"),
            ("in 15 minutes", "2026-12-02 12:15:00"),
            ("in an hour", "2026-12-02 13:00:00"),
            ("3 hours from now", "2026-12-02 15:00:00"),
            ("tomorrow", "2026-12-03 09:00:00"),
            ("in 2 days", "2026-12-04 09:00:00"),
            ("tomorrow at 3:30pm", "2026-12-03 15:30:00"),
            ("at 3:30pm", "2026-12-02 15:30:00"),
            ("at 9am", "2026-12-03 09:00:00"),
            ("on Friday", "2026-12-04 09:00:00"),
            ("Friday at noon", "2026-12-04 12:00:00"),
            ("12 am", "2026-12-03 00:00:00"),
            ("Friday at 12:05pm", "2026-12-04 12:05:00"),
            ("next week", "2026-12-09 09:00:00"),
            ("2026-12-24 18:00", "2026-12-24 18:00:00"),
            ("10분 뒤", "2026-12-02 12:10:00"),
            ("2시간 후", "2026-12-02 14:00:00"),
            ("내일", "2026-12-03 09:00:00"),
        ] {
            assert_eq!(at(said).as_deref(), Some(expected), "{said}");
        }
    }

    #[test]
    fn what_is_over_comes_again_or_means_nothing_is_no_moment() {
        for said in [
            "0",
            "-5",
            "100000",
            "every Thursday",
            "each day at 9am",
            "2 days ago",
            "soon",
            "",
            "in",
            "yesterday",
            "2020-01-01",
            "9223372036854775807",
            "🎉",
            "x분 뒤",
        ] {
            assert_eq!(at(said), None, "{said}");
        }
    }
}
