//! Where, by whom and when a question looks: names become ids, days become
//! moments, and nothing that the asker may not read is left in.

use std::collections::HashSet;

use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use madang_model::permission::{Right, may};
use madang_model::search::{Ask, Day, fold, matches_name};
use madang_model::space::SpaceKind;
use madang_model::{PersonId, Refusal, SpaceId};
use madang_store::db::Conn;
use madang_store::log::{self, SpaceRecord};
use madang_store::{people, spaces};

use crate::error::Result;
use crate::people::{seen_by, without_addresses, workspace};

/// The space, if the person may read it at this moment.
pub(super) fn readable_now(conn: &mut Conn, person: PersonId, space: SpaceId) -> Result<Option<SpaceRecord>> {
    let Some(record) = log::space(conn, space)? else { return Ok(None) };
    let actor = log::standing(conn, &record.facts, person)?;
    Ok(may(&actor, Right::Read, &record.facts).is_ok().then_some(record))
}

/// Where to look: among the person's own spaces, or in those that `named` names,
/// among which may be open ones they are not in.
pub(super) fn places(conn: &mut Conn, person: PersonId, named: &[String]) -> Result<Vec<SpaceId>> {
    let mut known = spaces::mine(conn, person, SpaceId(0), i64::MAX)?;
    if !named.is_empty() {
        let house = workspace(conn)?.id;
        known.extend(spaces::open(conn, house, person, SpaceId(0), i64::MAX)?);
    }
    let mut places = Vec::with_capacity(known.len());
    for record in known.into_iter().map(|it| it.space) {
        let (id, kind) = (record.facts.id, record.facts.kind);
        let actor = log::standing(conn, &record.facts, person)?;
        let name = &record.facts.name;
        let wanted = named.is_empty()
            || named.iter().any(|it| *it == id.to_string() || (kind != SpaceKind::Direct && same(name, it)));
        if wanted && may(&actor, Right::Read, &record.facts).is_ok() {
            places.push(id);
        }
    }
    Ok(places)
}

/// Who wrote it: none for anybody, nobody when the names name nobody.
pub(super) fn writers(conn: &mut Conn, person: PersonId, named: &[String]) -> Result<Option<Vec<PersonId>>> {
    if named.is_empty() {
        return Ok(None);
    }
    let house = workspace(conn)?.id;
    // Whoever was taken out of the house wrote what they wrote.
    let role = log::standing_in_house(conn, house, person)?;
    // Nor may somebody find out by asking whose an address is that she may not see.
    let everybody = without_addresses(person, role, people::changed_after(conn, house, -1)?);
    let ids = everybody.iter().map(|it| it.id).collect();
    let seen: HashSet<PersonId> = seen_by(conn, house, person, ids)?.into_iter().collect();
    let mut writers = Vec::new();
    for name in named {
        let me = matches!(fold(name).as_str(), "me" | "나");
        let is = |it: &&people::PersonRecord| {
            if me {
                it.id == person
            } else {
                it.id.to_string() == *name
                    || same(&it.name, name)
                    || it.email.as_deref() == Some(name.as_str())
            }
        };
        writers.extend(everybody.iter().filter(|it| seen.contains(&it.id)).filter(is).map(|it| it.id));
    }
    Ok(Some(writers))
}

/// Whether a filter's value names it: as it is written, or as a part of it.
fn same(name: &str, asked: &str) -> bool {
    matches_name(name, asked)
}

/// The moments between which it was written, in microseconds: from the first
/// on, before the second.
pub(super) fn days(ask: &Ask, time_zone: Option<&str>, now_us: i64) -> Result<(i64, i64)> {
    let zone = match time_zone {
        None => TimeZone::UTC,
        Some(name) => TimeZone::get(name)
            .map_err(|_| Refusal::Invalid { what: "tz", why: "it is a name such as Asia/Seoul".into() })?,
    };
    let today =
        jiff::Timestamp::from_microsecond(now_us).map_err(anyhow::Error::from)?.to_zoned(zone.clone()).date();
    let (mut since, mut until) = (i64::MIN, i64::MAX);
    if let Some((_, end)) = ask.after.and_then(|day| span(day, today, &zone)) {
        since = since.max(end);
    }
    if let Some((start, _)) = ask.before.and_then(|day| span(day, today, &zone)) {
        until = until.min(start);
    }
    if let Some((start, end)) = ask.on.and_then(|day| span(day, today, &zone)) {
        (since, until) = (since.max(start), until.min(end));
    }
    Ok((since, until))
}

/// When a day, month or year begins and when it is over; none for one that does not exist.
fn span(day: Day, today: Date, zone: &TimeZone) -> Option<(i64, i64)> {
    let (first, length) = match day {
        Day::Ago(days) => (today.checked_sub(i64::from(days).days()).ok()?, 1.day()),
        Day::Date { year, month: Some(month), day: Some(day) } => {
            (Date::new(year, month, day).ok()?, 1.day())
        }
        Day::Date { year, month: Some(month), day: None } => (Date::new(year, month, 1).ok()?, 1.month()),
        Day::Date { year, month: None, .. } => (Date::new(year, 1, 1).ok()?, 1.year()),
    };
    let moment = |date: Date| date.to_zoned(zone.clone()).ok().map(|it| it.timestamp().as_microsecond());
    Some((moment(first)?, moment(first.checked_add(length).ok()?)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use madang_model::search::read;

    /// 2026-03-29 01:30 in Berlin, half an hour before the clocks go forward.
    const NOW_US: i64 = 1_774_744_200_000_000;

    fn told(question: &str, zone: &str) -> (String, String) {
        let (since, until) = days(&read(question), Some(zone), NOW_US).expect("a zone");
        let tell = |us: i64| jiff::Timestamp::from_microsecond(us).map_or("-".into(), |it| it.to_string());
        (tell(since), tell(until))
    }

    #[test]
    fn days_are_those_of_the_asker() {
        let check = |question: &str, zone: &str, since: &str, until: &str| {
            assert_eq!(told(question, zone), (since.into(), until.into()), "{question} in {zone}");
        };
        check("on:today", "Asia/Seoul", "2026-03-28T15:00:00Z", "2026-03-29T15:00:00Z");
        // That day has 23 hours.
        check("on:today", "Europe/Berlin", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z");
        check("on:2026-02", "Asia/Seoul", "2026-01-31T15:00:00Z", "2026-02-28T15:00:00Z");
        let (since, _) = told("after:2025", "UTC");
        assert_eq!(since, "2026-01-01T00:00:00Z");
        let (_, until) = told("before:yesterday", "UTC");
        assert_eq!(until, "2026-03-28T00:00:00Z");
        assert!(days(&read("x"), Some("Nowhere/Land"), NOW_US).is_err());
    }
}
