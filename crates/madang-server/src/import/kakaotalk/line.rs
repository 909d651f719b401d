//! What one line of an export is.

use std::sync::LazyLock;

use jiff::civil::{Date, DateTime, Time};
use regex::{Captures, Regex};

/// A line by itself.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line<'a> {
    /// A message begins.
    Message {
        at: DateTime,
        author: &'a str,
        text: &'a str,
    },
    /// As `Message`, on the day that was named last.
    OfTheDay {
        at: Time,
        author: &'a str,
        text: &'a str,
    },
    Day(Date),
    /// Somebody came, went, or did something else than write.
    Notice,
    /// More of the message before.
    More,
}

fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("the patterns of this file are right")
}

/// `2024년 3월 5일 오후 2:31, 나리 : 안녕`, `2024. 3. 5. 14:31: 나리님이 들어왔습니다.`
static KOREAN: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(?<year>\d{4})(?:년|\.) ?(?<month>\d{1,2})(?:월|\.) ?(?<day>\d{1,2})(?:일|\.) ?(?:(?<half>오전|오후) ?)?(?<hour>\d{1,2}):(?<minute>\d{2})(?:, (?<author>.+?) : (?<text>.*)|[,:] .*)?$",
    )
});
/// `Mar 5, 2024 at 2:31 PM, Nari : hi`
static ENGLISH: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(?<name>[A-Z][a-z]{2,8})\.? (?<day>\d{1,2}), (?<year>\d{4})(?:,| at) (?<hour>\d{1,2}):(?<minute>\d{2})(?:[ \x{202f}\x{a0}](?<half>[AaPp]\.?[Mm]\.?))?(?:, (?<author>.+?) : (?<text>.*)|[,:] .*)?$",
    )
});
/// `[나리] [오후 2:31] 안녕`, `[Nari] [2:31 PM] hi`
static DESKTOP: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^\[(?<author>.+?)\] \[(?:(?<before>오전|오후|AM|PM) )?(?<hour>\d{1,2}):(?<minute>\d{2})(?:[ \x{202f}](?<half>AM|PM))?\](?: (?<text>.*))?$",
    )
});
/// `--------------- 2024년 3월 5일 화요일 ---------------`, and the same without dashes.
static KOREAN_DAY: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"^(?:-{5,} )?(?<year>\d{4})년 (?<month>\d{1,2})월 (?<day>\d{1,2})일(?: .요일)?(?: -{5,})?$")
});
/// `--------------- Tuesday, March 5, 2024 ---------------`
static ENGLISH_DAY: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(?:-{5,} )?[A-Z][a-z]+day, (?<name>[A-Z][a-z]{2,8}) (?<day>\d{1,2}), (?<year>\d{4})(?: -{5,})?$",
    )
});
/// Of the PC, which writes what happened without a time.
static DESKTOP_NOTICE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(?:.{1,40}님이 (?:들어왔습니다|나갔습니다)\.|.{1,40}님이 .{1,400}님을 (?:초대|내보)(?:했|냈)습니다\.|채팅방 관리자가 메시지를 가렸습니다\.|.{1,40} (?:joined|left)(?: this chatroom)?\.|.{1,40} invited .{1,400}\.)$",
    )
});

const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// Reads a line. A date that no calendar has makes it more of what came before.
pub(super) fn read(line: &str) -> Line<'_> {
    for inline in [&*KOREAN, &*ENGLISH] {
        if let Some(found) = inline.captures(line) {
            return spoken(&found).unwrap_or(Line::More);
        }
    }
    if let Some(found) = DESKTOP.captures(line) {
        let (author, text) = (part(&found, "author"), part(&found, "text"));
        return time(&found).map_or(Line::More, |at| Line::OfTheDay { at, author, text });
    }
    for day in [&*KOREAN_DAY, &*ENGLISH_DAY] {
        if let Some(found) = day.captures(line) {
            return date(&found).map_or(Line::More, Line::Day);
        }
    }
    if DESKTOP_NOTICE.is_match(line) { Line::Notice } else { Line::More }
}

fn spoken<'a>(found: &Captures<'a>) -> Option<Line<'a>> {
    let (date, time) = (date(found)?, time(found)?);
    Some(match found.name("author") {
        Some(author) => {
            Line::Message { at: date.to_datetime(time), author: author.as_str(), text: part(found, "text") }
        }
        None => Line::Notice,
    })
}

fn part<'a>(found: &Captures<'a>, name: &str) -> &'a str {
    found.name(name).map_or("", |it| it.as_str())
}

fn date(found: &Captures<'_>) -> Option<Date> {
    let number = |name: &str| part(found, name).parse::<i16>().ok();
    let month = match found.name("month") {
        Some(month) => month.as_str().parse().ok()?,
        None => {
            let name = part(found, "name").get(..3)?.to_lowercase();
            MONTHS.iter().position(|it| *it == name)? as i8 + 1
        }
    };
    Date::new(number("year")?, month, i8::try_from(number("day")?).ok()?).ok()
}

fn time(found: &Captures<'_>) -> Option<Time> {
    let hour: i8 = part(found, "hour").parse().ok()?;
    let half = ["half", "before"].into_iter().find_map(|it| found.name(it)).map(|it| it.as_str());
    let hour = match half {
        None => hour,
        Some("오후") => hour % 12 + 12,
        Some(half) if half.starts_with(['P', 'p']) => hour % 12 + 12,
        Some(_) => hour % 12,
    };
    Time::new(hour, part(found, "minute").parse().ok()?, 0, 0).ok()
}
