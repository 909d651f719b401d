//! When a meeting is, in words of Korean and English, on the clock of its zone: a mail knows no other.

use jiff::civil::{DateTime, Weekday};
use madang_model::meeting::{Days, Ends, Every, Meeting, Rule, local, zone};

/// The first one, or the one that is named, from when to when.
pub(crate) fn when(meeting: &Meeting, one: Option<&str>, korean: bool) -> String {
    let Ok(start) = local(one.unwrap_or(&meeting.start)) else { return String::new() };
    let end = start.checked_add(jiff::SignedDuration::from_mins(i64::from(meeting.minutes))).unwrap_or(start);
    let until = match end.date() == start.date() {
        true => end.strftime("%H:%M").to_string(),
        false => date(end, korean),
    };
    format!("{}–{until} ({})", date(start, korean), meeting.zone)
}

fn date(at: DateTime, korean: bool) -> String {
    let (year, month, day) = (at.year(), at.month(), at.day());
    let time = at.strftime("%H:%M");
    match korean {
        true => format!("{year}년 {month}월 {day}일 {} {time}", weekday(at.weekday(), true)),
        false => {
            format!("{}, {day} {} {year}, {time}", weekday(at.weekday(), false), at.strftime("%B"))
        }
    }
}

fn weekday(day: Weekday, korean: bool) -> &'static str {
    const KOREAN: [&str; 7] = ["월요일", "화요일", "수요일", "목요일", "금요일", "토요일", "일요일"];
    const ENGLISH: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
    let place = usize::from(day.to_monday_zero_offset().unsigned_abs());
    if korean { KOREAN[place] } else { ENGLISH[place] }
}

/// How it repeats; none for a single one.
pub(super) fn repeats(meeting: &Meeting, korean: bool) -> Option<String> {
    let zone = zone(&meeting.zone).ok()?;
    let rule = Rule::parse(meeting.repeat.as_ref()?, &zone).ok()?;
    let start = local(&meeting.start).ok()?;
    let every = if korean { every_korean(&rule, start) } else { every_english(&rule, start) };
    let ends = match (rule.ends, korean) {
        (Ends::Never, _) => String::new(),
        (Ends::After(count), true) => format!(", {count}번"),
        (Ends::After(count), false) => format!(", {count} times"),
        (Ends::Until(us), korean) => {
            let at = jiff::Timestamp::from_microsecond(us).ok()?.to_zoned(zone).date();
            let (year, month, day) = (at.year(), at.month(), at.day());
            match korean {
                true => format!(", {year}년 {month}월 {day}일까지"),
                false => format!(", until {day} {} {year}", at.strftime("%B")),
            }
        }
    };
    Some(every + &ends)
}

fn days(rule: &[Weekday], start: DateTime, korean: bool) -> String {
    let own = [start.weekday()];
    let days = if rule.is_empty() { &own[..] } else { rule };
    days.iter().map(|it| weekday(*it, korean)).collect::<Vec<_>>().join(", ")
}

fn every_english(rule: &Rule, start: DateTime) -> String {
    let every = |one: &str, many: &str| match rule.interval {
        1 => format!("every {one}"),
        more => format!("every {more} {many}"),
    };
    match &rule.every {
        Every::Day => every("day", "days"),
        Every::Week(named) => format!("{} on {}", every("week", "weeks"), days(named, start, false)),
        Every::Month(which) => {
            let on = match which {
                Days::Same => format!("day {}", start.day()),
                Days::Number(-1) => "the last day".to_owned(),
                Days::Number(number) => format!("day {number}"),
                Days::Nth(nth, day) => {
                    let nth =
                        ["first", "second", "third", "fourth"].get(usize::try_from(nth - 1).unwrap_or(9));
                    format!("the {} {}", nth.unwrap_or(&"last"), weekday(*day, false))
                }
            };
            format!("{} on {on}", every("month", "months"))
        }
        Every::Year => every("year", "years"),
    }
}

fn every_korean(rule: &Rule, start: DateTime) -> String {
    let every = |one: &str, many: &str| match rule.interval {
        1 => one.to_owned(),
        more => format!("{more}{many}마다"),
    };
    match &rule.every {
        Every::Day => every("매일", "일"),
        Every::Week(named) => format!("{} {}", every("매주", "주"), days(named, start, true)),
        Every::Month(which) => {
            let on = match which {
                Days::Same => format!("{}일", start.day()),
                Days::Number(-1) => "마지막 날".to_owned(),
                Days::Number(number) => format!("{number}일"),
                Days::Nth(nth, day) => {
                    let nth = ["첫째", "둘째", "셋째", "넷째"].get(usize::try_from(nth - 1).unwrap_or(9));
                    format!("{} {}", nth.unwrap_or(&"마지막"), weekday(*day, true))
                }
            };
            format!("{} {on}", every("매달", "개월"))
        }
        Every::Year => every("매년", "년"),
    }
}
