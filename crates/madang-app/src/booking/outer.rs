//! When somebody is busy by a calendar file of another program.
//!
//! What it is about is not kept. What is free, cancelled, or of this house (its meetings are counted anyway) is left out.

use std::str::FromStr;

use calcard::common::PartialDateTime;
use calcard::common::timezone::Tz;
use calcard::icalendar::{
    ICalendar, ICalendarComponent, ICalendarComponentType, ICalendarFrequency, ICalendarProperty,
    ICalendarStatus, ICalendarTransparency, ICalendarValue,
};
use jiff::Timestamp;
use madang_model::booking::{Busy, merged};

/// Single ones of all series together.
const MOST: usize = 200_000;
/// Components of one file.
const COMPONENTS: usize = 20_000;
/// What is kept of one calendar.
const KEPT: usize = 10_000;
/// What the ids of our own meetings end with.
const OURS: &str = "@madang";

/// What is busy within a stretch of time.
///
/// # Errors
/// A sentence for whoever named the calendar.
pub(super) fn busy(text: &str, zone: &str, (from_us, to_us): (i64, i64)) -> Result<Vec<Busy>, &'static str> {
    if !text.trim_start_matches('\u{feff}').trim_start().starts_with("BEGIN:VCALENDAR") {
        return Err("this is no calendar: the address has to lead to an .ics file");
    }
    let mut calendar = ICalendar::parse(text).map_err(|_| "this calendar cannot be read")?;
    if calendar.components.len() > COMPONENTS {
        return Err("this calendar is too large");
    }
    let until = last_day(to_us);
    calendar.components.iter_mut().for_each(|it| bounded(it, &until));
    let zone = Tz::from_str(zone).unwrap_or(Tz::UTC);
    let mut found = Vec::new();
    // The library expands a series on the clock of the zone that it is given where none is named, also one whose times
    // are in UTC: those are expanded apart.
    for (zone, utc) in [(zone, false), (Tz::UTC, true)] {
        let mut part = calendar.clone();
        for other in part.components.iter_mut().filter(|it| in_utc(it) != utc) {
            if other.component_type == ICalendarComponentType::VEvent {
                other.component_type = ICalendarComponentType::VCalendar;
            }
        }
        for event in part.expand_dates(zone, MOST).events {
            let counts = calendar.components.get(event.comp_id as usize).is_some_and(takes_time);
            let (start, end) = event.timestamps();
            let (start_us, end_us) = (start.saturating_mul(1_000_000), end.saturating_mul(1_000_000));
            if counts && end_us > from_us && start_us < to_us {
                found.push(Busy { from_us: start_us, to_us: end_us });
            }
        }
    }
    let found = merged(found);
    if found.len() > KEPT { Err("this calendar is too large") } else { Ok(found) }
}

/// Whether it is by UTC that it repeats.
fn in_utc(component: &ICalendarComponent) -> bool {
    let written = component
        .property(&ICalendarProperty::RecurrenceId)
        .or_else(|| component.property(&ICalendarProperty::Dtstart));
    let value = written.and_then(|it| it.values.first());
    matches!(value, Some(ICalendarValue::PartialDateTime(at)) if at.tz_hour.is_some())
}

fn takes_time(component: &ICalendarComponent) -> bool {
    let free =
        component.property(&ICalendarProperty::Transp).and_then(|it| it.values.first()).is_some_and(|it| {
            matches!(it, ICalendarValue::Transparency(ICalendarTransparency::Transparent))
                || it.as_text().is_some_and(|it| it.eq_ignore_ascii_case("TRANSPARENT"))
        });
    component.component_type == ICalendarComponentType::VEvent
        && !free
        && component.status() != Some(&ICalendarStatus::Cancelled)
        && !component.uid().is_some_and(|it| it.ends_with(OURS))
}

/// A series ends with what is looked at: one that goes on for ever would leave nothing for the others. What repeats more
/// than daily is no calendar of a person, and counts once.
fn bounded(component: &mut ICalendarComponent, until: &PartialDateTime) {
    component.entries.retain(|entry| {
        let often = |it: &ICalendarValue| match it {
            ICalendarValue::RecurrenceRule(rule) => matches!(
                rule.freq,
                ICalendarFrequency::Hourly | ICalendarFrequency::Minutely | ICalendarFrequency::Secondly
            ),
            _ => false,
        };
        entry.name != ICalendarProperty::Rrule || !entry.values.iter().any(often)
    });
    for entry in component.entries.iter_mut().filter(|it| it.name == ICalendarProperty::Rrule) {
        for value in &mut entry.values {
            if let ICalendarValue::RecurrenceRule(rule) = value
                && rule.count.is_none()
                && rule.until.as_ref().is_none_or(|it| day(it) > day(until))
            {
                rule.until = Some(until.clone());
            }
        }
    }
}

fn day(at: &PartialDateTime) -> (Option<u16>, Option<u8>, Option<u8>) {
    (at.year, at.month, at.day)
}

fn last_day(us: i64) -> PartialDateTime {
    let at = Timestamp::from_microsecond(us).unwrap_or(Timestamp::MAX).to_zoned(jiff::tz::TimeZone::UTC);
    let number = |it: i8| u8::try_from(it).ok();
    PartialDateTime {
        year: u16::try_from(at.year()).ok(),
        month: number(at.month()),
        day: number(at.day()),
        hour: Some(23),
        minute: Some(59),
        second: Some(59),
        ..PartialDateTime::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn us(text: &str) -> i64 {
        text.parse::<Timestamp>().expect("a moment").as_microsecond()
    }

    fn read(events: &str) -> Vec<(String, String)> {
        let text = format!("BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//x//y//EN\n{events}\nEND:VCALENDAR\n");
        let window = (us("2026-10-01T00:00:00Z"), us("2026-12-01T00:00:00Z"));
        let found = busy(&text.replace('\n', "\r\n"), "Asia/Seoul", window).expect("a calendar");
        let shown =
            |us| Timestamp::from_microsecond(us).expect("a moment").strftime("%m-%dT%H:%M").to_string();
        found.into_iter().map(|it| (shown(it.from_us), shown(it.to_us))).collect()
    }

    fn event(lines: &str) -> String {
        format!("BEGIN:VEVENT\nUID:a@elsewhere\nDTSTAMP:20260101T000000Z\n{lines}\nEND:VEVENT")
    }

    fn pair(from: &str, to: &str) -> (String, String) {
        (from.to_owned(), to.to_owned())
    }

    #[test]
    fn a_series_stays_on_the_clock_of_its_zone_when_that_changes() {
        // Berlin goes back on 25 October 2026.
        let weekly = "DTSTART;TZID=Europe/Berlin:20260105T090000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;BYDAY=MO";
        let found = read(&event(weekly));
        assert_eq!(found[2..4], [pair("10-19T07:00", "10-19T08:00"), pair("10-26T08:00", "10-26T09:00")]);
        assert_eq!(found.len(), 9, "it goes on for ever, and is looked at for two months");
    }

    #[test]
    fn days_and_times_without_a_zone_are_on_the_clock_of_their_owner() {
        assert_eq!(
            read(&event("DTSTART;VALUE=DATE:20261103\nDTEND;VALUE=DATE:20261104")),
            [pair("11-02T15:00", "11-03T15:00")]
        );
        assert_eq!(
            read(&event("DTSTART:20261103T090000\nDTEND:20261103T100000")),
            [pair("11-03T00:00", "11-03T01:00")]
        );
    }

    #[test]
    fn what_is_free_cancelled_or_left_out_takes_no_time() {
        let times = "DTSTART:20261103T090000Z\nDTEND:20261103T100000Z";
        assert_eq!(read(&event(times)).len(), 1);
        assert!(read(&event(&format!("{times}\nTRANSP:TRANSPARENT"))).is_empty());
        assert!(read(&event(&format!("{times}\nSTATUS:CANCELLED"))).is_empty());
        assert!(read(&event(times).replace("a@elsewhere", "1-2-3@madang")).is_empty(), "it is counted here");
        let daily = "DTSTART:20261103T090000Z\nDTEND:20261103T100000Z\nRRULE:FREQ=DAILY;COUNT=3\nEXDATE:20261104T090000Z";
        let found = read(&event(daily));
        assert_eq!(found, [pair("11-03T09:00", "11-03T10:00"), pair("11-05T09:00", "11-05T10:00")]);
    }

    #[test]
    fn what_repeats_each_second_holds_up_nobody_and_what_is_no_calendar_is_said_so() {
        let often = "DTSTART:19700101T000000Z\nDURATION:PT1S\nRRULE:FREQ=SECONDLY";
        let other = event("DTSTART:20261103T090000Z\nDTEND:20261103T100000Z").replace("a@", "b@");
        assert_eq!(read(&format!("{}\n{other}", event(often))), [pair("11-03T09:00", "11-03T10:00")]);
        assert!(busy("<html>", "UTC", (0, 1)).is_err());
    }
}
