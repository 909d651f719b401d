//! Calendar files: RFC 5545 for what they say, RFC 5546 for what they ask of a calendar.
//!
//! One of a kind is written in UTC; a series on the clock of its zone, so that it stays there when clocks change.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use madang_model::meeting::{Meeting, Occurrence, local, zone};
use madang_store::log::MeetingRecord;

use super::zones;

/// Octets of one line (RFC 5545, 3.1), without its end.
const LINE: usize = 75;

/// Single ones of a series that are looked through for moved ones.
const MOST: usize = 10_000;

/// What is asked of a calendar (RFC 5546, 1.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Method {
    Publish,
    Request,
    Cancel,
}

impl Method {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Method::Publish => "PUBLISH",
            Method::Request => "REQUEST",
            Method::Cancel => "CANCEL",
        }
    }
}

/// A meeting, and how whoever gets the file stands to it.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub record: MeetingRecord,
    /// Where it is joined.
    pub url: String,
    /// The name of whoever planned it, and the address that mails of it come from.
    pub organiser: Option<(String, String)>,
    /// Name and address of whoever is invited.
    pub attendee: Option<(String, String)>,
    /// Only this one of the series, which was left out.
    pub one: Option<String>,
}

/// A calendar that holds these.
pub(crate) fn calendar(method: Method, name: &str, entries: &[Entry]) -> String {
    let mut lines = vec![
        "BEGIN:VCALENDAR".to_owned(),
        "VERSION:2.0".to_owned(),
        "PRODID:-//Madang//Meetings//EN".to_owned(),
        "CALSCALE:GREGORIAN".to_owned(),
        format!("METHOD:{}", method.as_str()),
    ];
    if method == Method::Publish {
        lines.push(format!("X-WR-CALNAME:{}", text(name)));
        lines.push("REFRESH-INTERVAL;VALUE=DURATION:PT1H".to_owned());
    }
    let mut zones: Vec<&str> = Vec::new();
    for entry in entries {
        let meeting = &entry.record.meeting;
        if meeting.repeat.is_some() && !zones.contains(&meeting.zone.as_str()) {
            zones.push(&meeting.zone);
            // The earliest start of those that share the zone.
            let shared = entries.iter().map(|it| &it.record.meeting).filter(|it| it.zone == meeting.zone);
            let start = shared.filter_map(first_moment).min();
            if let (Ok(zone), Some(start)) = (zone(&meeting.zone), start) {
                zones::vtimezone(&meeting.zone, &zone, start, &mut lines);
            }
        }
    }
    for entry in entries {
        events(method, entry, &mut lines);
    }
    lines.push("END:VCALENDAR".to_owned());
    lines.iter().map(|line| folded(line)).collect()
}

fn first_moment(meeting: &Meeting) -> Option<Timestamp> {
    let (zone, start) = (zone(&meeting.zone).ok()?, local(&meeting.start).ok()?);
    zone.to_ambiguous_timestamp(start).compatible().ok()
}

fn events(method: Method, entry: &Entry, lines: &mut Vec<String>) {
    let meeting = &entry.record.meeting;
    let Ok(zone) = zone(&meeting.zone) else { return };
    let (Ok(start), false) = (local(&meeting.start), entry.one.is_some()) else {
        if let Some(name) = entry.one.as_deref().and_then(|it| local(it).ok()) {
            let times = times(meeting, &zone, name, meeting.minutes);
            event(method, entry, &times, Some(name), lines);
        }
        return;
    };
    let mut master = times(meeting, &zone, start, meeting.minutes);
    if let Some(rule) = &meeting.repeat {
        master.push(format!("RRULE:{rule}"));
        let out = meeting.changes.iter().filter(|it| it.start.is_none());
        let out: Vec<DateTime> = out.filter_map(|it| local(&it.occurrence).ok()).collect();
        master.extend(out.iter().map(|it| format!("EXDATE;TZID={}:{}", meeting.zone, written(*it))));
    }
    event(method, entry, &master, None, lines);
    for moved in meeting.occurrences(i64::MIN, MOST).iter().filter(|it| it.moved) {
        moved_event(method, entry, &zone, moved, lines);
    }
}

/// RFC 5545, 3.8.4.4: one of a series at another time.
fn moved_event(method: Method, entry: &Entry, zone: &TimeZone, moved: &Occurrence, lines: &mut Vec<String>) {
    let (Ok(name), Ok(at)) = (local(&moved.name), local(&moved.local)) else { return };
    let minutes = u32::try_from((moved.end_us - moved.start_us) / 60_000_000).unwrap_or(0);
    let times = times(&entry.record.meeting, zone, at, minutes);
    event(method, entry, &times, Some(name), lines);
}

/// DTSTART and DTEND.
fn times(meeting: &Meeting, zone: &TimeZone, start: DateTime, minutes: u32) -> Vec<String> {
    let begin = zone.to_ambiguous_timestamp(start).compatible().unwrap_or(Timestamp::UNIX_EPOCH);
    let end = begin.checked_add(jiff::SignedDuration::from_mins(i64::from(minutes))).unwrap_or(begin);
    if meeting.repeat.is_none() {
        return vec![format!("DTSTART:{}", utc(begin)), format!("DTEND:{}", utc(end))];
    }
    let end = zone.to_datetime(end);
    vec![
        format!("DTSTART;TZID={}:{}", meeting.zone, written(start)),
        format!("DTEND;TZID={}:{}", meeting.zone, written(end)),
    ]
}

fn event(method: Method, entry: &Entry, times: &[String], one: Option<DateTime>, lines: &mut Vec<String>) {
    let record = &entry.record;
    let meeting = &record.meeting;
    let over = method == Method::Cancel || meeting.cancelled;
    lines.push("BEGIN:VEVENT".to_owned());
    lines.push(format!("UID:{}", uid(record)));
    lines.push(format!("DTSTAMP:{}", stamp(record.said_at)));
    lines.push(format!("CREATED:{}", stamp(record.planned_at)));
    lines.push(format!("LAST-MODIFIED:{}", stamp(record.said_at)));
    lines.push(format!("SEQUENCE:{}", meeting.revision + u32::from(meeting.cancelled)));
    if let Some(name) = one {
        lines.push(format!("RECURRENCE-ID;TZID={}:{}", meeting.zone, written(name)));
    }
    lines.extend(times.iter().cloned());
    lines.push(format!("SUMMARY:{}", text(&meeting.title)));
    lines.push(format!("LOCATION:{}", text(&entry.url)));
    lines.push(format!("URL:{}", entry.url));
    lines.push(format!("CONFERENCE;VALUE=URI;FEATURE=AUDIO,VIDEO:{}", entry.url));
    if let Some((name, address)) = &entry.organiser {
        lines.push(format!("ORGANIZER;CN={}:mailto:{address}", parameter(name)));
    }
    if let Some((name, address)) = &entry.attendee {
        let how = "ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=FALSE";
        lines.push(format!("ATTENDEE;CN={};{how}:mailto:{address}", parameter(name)));
    }
    lines.push(format!("STATUS:{}", if over { "CANCELLED" } else { "CONFIRMED" }));
    if meeting.remind > 0 && !over {
        let before = format!("TRIGGER:-PT{}M", meeting.remind);
        let alarm = ["BEGIN:VALARM".into(), "ACTION:DISPLAY".into(), before];
        lines.extend(alarm);
        lines.push(format!("DESCRIPTION:{}", text(&meeting.title)));
        lines.push("END:VALARM".to_owned());
    }
    lines.push("END:VEVENT".to_owned());
}

/// The same for good, whatever is changed; another one for a meeting that was given this seq again after a restore.
fn uid(record: &MeetingRecord) -> String {
    format!("{}-{}-{}@madang", record.space, record.seq, record.planned_at)
}

fn stamp(us: i64) -> String {
    utc(Timestamp::from_microsecond(us).unwrap_or(Timestamp::UNIX_EPOCH))
}

fn utc(at: Timestamp) -> String {
    at.strftime("%Y%m%dT%H%M%SZ").to_string()
}

fn written(at: DateTime) -> String {
    at.strftime("%Y%m%dT%H%M%S").to_string()
}

/// RFC 5545, 3.3.11.
fn text(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\\' | ';' | ',' => escaped.extend(['\\', letter]),
            '\n' => escaped.push_str("\\n"),
            letter if letter.is_control() => {}
            letter => escaped.push(letter),
        }
    }
    escaped
}

/// RFC 5545, 3.2: a value in quotes holds no quote and no control character.
fn parameter(text: &str) -> String {
    let plain: String = text.chars().filter(|it| !it.is_control() && *it != '"').collect();
    format!("\"{plain}\"")
}

/// RFC 5545, 3.1: a long line goes on after a space, and no character is cut in two.
fn folded(line: &str) -> String {
    let mut folded = String::with_capacity(line.len() + 8);
    let mut octets = 0;
    for letter in line.chars() {
        if octets + letter.len_utf8() > LINE {
            folded.push_str("\r\n ");
            octets = 1;
        }
        folded.push(letter);
        octets += letter.len_utf8();
    }
    folded.push_str("\r\n");
    folded
}

#[cfg(test)]
mod tests;
