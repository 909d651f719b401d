//! Time zones as calendar files carry them (RFC 5545, 3.6.5): which offset holds from when on.

use std::fmt::Write;

use jiff::civil::{Date, DateTime};
use jiff::tz::{Dst, Offset, TimeZone};
use jiff::{Span, Timestamp};

/// So many years after the first meeting are written out: calendars keep their own tables for what comes after.
const YEARS: i64 = 15;

/// One change of the clock.
struct Step {
    /// On the clock that held before.
    local: DateTime,
    from: Offset,
    to: Offset,
    name: String,
    summer: bool,
}

/// The VTIMEZONE of a zone, from the year of `start` on.
pub(super) fn vtimezone(name: &str, zone: &TimeZone, start: Timestamp, lines: &mut Vec<String>) {
    lines.push("BEGIN:VTIMEZONE".into());
    lines.push(format!("TZID:{name}"));
    let (steps, first) = steps(zone, start);
    let mut kinds: Vec<Vec<&Step>> = Vec::new();
    for step in &steps {
        let same =
            |it: &&mut Vec<&Step>| it[0].from == step.from && it[0].to == step.to && it[0].name == step.name;
        match kinds.iter_mut().find(same) {
            Some(kind) => kind.push(step),
            None => kinds.push(vec![step]),
        }
    }
    observance(&[&first], lines);
    for kind in &kinds {
        observance(kind, lines);
    }
    lines.push("END:VTIMEZONE".into());
}

/// How the clock changes, and how it stands at the beginning of the year before.
fn steps(zone: &TimeZone, start: Timestamp) -> (Vec<Step>, Step) {
    let year = zone.to_datetime(start).year().max(1_971) - 1;
    let begin = Date::constant(year, 1, 1).to_datetime(jiff::civil::Time::midnight());
    let from = zone.to_ambiguous_timestamp(begin).compatible().unwrap_or(start);
    let until = from.checked_add(Span::new().hours(YEARS * 366 * 24)).unwrap_or(Timestamp::MAX);
    let info = zone.to_offset_info(from);
    let mut offset = info.offset();
    let first = Step {
        local: begin,
        from: offset,
        to: offset,
        name: info.abbreviation().to_owned(),
        summer: info.dst() == Dst::Yes,
    };
    let mut steps = Vec::new();
    for change in zone.following(from).take_while(|it| it.timestamp() < until) {
        let step = Step {
            local: offset.to_datetime(change.timestamp()),
            from: offset,
            to: change.offset(),
            name: change.abbreviation().to_owned(),
            summer: change.dst() == Dst::Yes,
        };
        offset = step.to;
        steps.push(step);
    }
    (steps, first)
}

/// All changes of one kind: by their rule if they have one, else one by one.
fn observance(kind: &[&Step], lines: &mut Vec<String>) {
    let Some(first) = kind.first() else { return };
    let part = if first.summer { "DAYLIGHT" } else { "STANDARD" };
    let written = |it: &Step| it.local.strftime("%Y%m%dT%H%M%S").to_string();
    lines.push(format!("BEGIN:{part}"));
    lines.push(format!("DTSTART:{}", written(first)));
    lines.push(format!("TZOFFSETFROM:{}", offset(first.from)));
    lines.push(format!("TZOFFSETTO:{}", offset(first.to)));
    lines.push(format!("TZNAME:{}", first.name));
    match rule(kind) {
        Some(rule) => lines.push(format!("RRULE:{rule}")),
        None => lines.extend(kind.iter().skip(1).map(|it| format!("RDATE:{}", written(it)))),
    }
    lines.push(format!("END:{part}"));
}

/// The yearly rule that gives exactly these changes: a weekday of a month, counted from its beginning or its end.
fn rule(kind: &[&Step]) -> Option<String> {
    let first = kind.first()?.local;
    if kind.len() < 5 {
        return None;
    }
    let same = |it: &Step| {
        it.local.month() == first.month()
            && it.local.weekday() == first.weekday()
            && it.local.time() == first.time()
    };
    let yearly = kind.windows(2).all(|two| two[1].local.year() == two[0].local.year() + 1);
    if !yearly || !kind.iter().all(|it| same(it)) {
        return None;
    }
    let nth = |at: DateTime| (at.day() - 1) / 7 + 1;
    let is_last = |at: DateTime| at.day() + 7 > at.days_in_month();
    let place = match () {
        () if kind.iter().all(|it| is_last(it.local)) => "-1".to_owned(),
        () if kind.iter().all(|it| nth(it.local) == nth(first)) => nth(first).to_string(),
        () => return None,
    };
    let day = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
        [usize::from(first.weekday().to_monday_zero_offset().unsigned_abs())];
    Some(format!("FREQ=YEARLY;BYMONTH={};BYDAY={place}{day}", first.month()))
}

/// `+0900`, with seconds where a zone has them.
fn offset(offset: Offset) -> String {
    let seconds = offset.seconds();
    let (sign, seconds) = (if seconds < 0 { '-' } else { '+' }, seconds.unsigned_abs());
    let mut text = format!("{sign}{:02}{:02}", seconds / 3_600, seconds / 60 % 60);
    if seconds % 60 != 0 {
        write!(text, "{:02}", seconds % 60).expect("a text takes what is written to it");
    }
    text
}
