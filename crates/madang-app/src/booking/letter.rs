//! The letters of bookings: to the guest in their language and on their clock, with the address at which it is moved and
//! cancelled; to the host with who comes and why.

use jiff::Timestamp;
use madang_model::meeting::{Meeting, zone};
use madang_store::bookings::BookingRecord;
use madang_store::db::Conn;
use madang_store::people;

use super::follow::{BookedAt, goes_on};
use crate::app::App;
use crate::error::Result;
use crate::mail::{CalendarPart, Letter, name};
use crate::meetings::ics::{self, Entry, Method};
use crate::meetings::letter::{Occasion, Shared, Told};
use crate::meetings::words;
use crate::people::workspace;

impl App {
    /// To the guest of a booking, or to somebody of the house who is invited to it.
    pub(crate) fn booking_letter(&self, booked: &BookedAt, shared: &Shared, told: &Told) -> Result<Letter> {
        let record = &booked.record;
        let korean = if told.guest { record.language == "ko" } else { told.korean };
        let member = format!("{}/s/{}/m/{}", self.config.public_url, record.space, record.meeting);
        let own = self.own_address(booked)?;
        let joined = match (&shared.guest_link, told.guest) {
            (_, false) => member.clone(),
            (Some(link), true) if goes_on(shared.occasion) => link.clone(),
            _ => own.clone(),
        };
        let attendee = if told.guest { name(&record.name) } else { told.name.clone() };
        let entry = Entry {
            record: shared.record.clone(),
            url: joined.clone(),
            organiser: shared.organiser.clone(),
            attendee: Some((attendee, told.email.clone())),
            one: None,
        };
        let method = shared.occasion.method();
        let calendar = shared.organiser.as_ref().map(|_| CalendarPart {
            method: method.as_str().to_owned(),
            text: ics::calendar(method, &shared.house, &[entry]),
        });
        let said = match told.guest {
            true => to_guest(booked, shared, korean, &joined),
            false => to_host(booked, shared, korean),
        };
        let link = match (told.guest, korean) {
            (true, true) => ("예약 보기·바꾸기·취소", own),
            (true, false) => ("See, move or cancel it", own),
            (false, true) => ("마당 열기", member),
            (false, false) => ("Open Madang", member),
        };
        Ok(Letter {
            to: told.email.clone(),
            subject: said.0,
            lines: said.1,
            link: (link.0.to_owned(), link.1),
            after: said.2.to_owned(),
            digest: None,
            talk: None,
            calendar,
        })
    }

    /// Reminds the guest. The calendar file came with the first letter.
    pub(super) fn booking_reminder(&self, conn: &mut Conn, booked: &BookedAt) -> Result<Letter> {
        let record = &booked.record;
        let korean = record.language == "ko";
        let house = workspace(conn)?.id;
        let host = people::by_id(conn, house, record.taker)?.map(|it| name(&it.name)).unwrap_or_default();
        let join = self.guest_address(conn, (record.space, record.meeting))?;
        let (title, when) = (name(&booked.page.settings.title), guest_when(record, korean));
        let (subject, opening, words, after) = match korean {
            true => (
                format!("곧 만나요: {title} · {when}"),
                format!("{host} 님과의 예약이 다가왔습니다: {title}"),
                "예약 보기·바꾸기·취소",
                GUEST_KO,
            ),
            false => (
                format!("Reminder: {title}, {when}"),
                format!("Your booking with {host} is near: {title}"),
                "See, move or cancel it",
                GUEST_EN,
            ),
        };
        let mut lines = vec![opening, when];
        lines.extend(join.map(|it| join_line(&it, korean)));
        Ok(Letter {
            to: record.email.clone(),
            subject,
            lines,
            link: (words.to_owned(), self.own_address(booked)?),
            after: after.to_owned(),
            digest: None,
            talk: None,
            calendar: None,
        })
    }

    /// The calendar file that a guest takes from the page.
    pub(super) fn file_of(&self, conn: &mut Conn, record: &BookingRecord) -> Result<String> {
        let place = (record.space, record.meeting);
        let found = self.meeting_at(conn, place)?;
        let house = workspace(conn)?.name;
        let url = self.guest_address(conn, place)?.unwrap_or_else(|| self.config.public_url.clone());
        let entry = Entry { record: found, url, organiser: None, attendee: None, one: None };
        let method = if record.cancelled { Method::Cancel } else { Method::Publish };
        Ok(ics::calendar(method, &house, &[entry]))
    }
}

const GUEST_KO: &str =
    "설치 없이 브라우저에서 참여할 수 있습니다. 직접 예약하지 않으셨다면 위 링크에서 취소해 주세요.";
const GUEST_EN: &str =
    "You need nothing but a browser. If it was not you who booked, please cancel it by the link above.";

/// When it is, on the clock of the guest.
fn guest_when(record: &BookingRecord, korean: bool) -> String {
    let at = Timestamp::from_microsecond(record.start_us).unwrap_or(Timestamp::UNIX_EPOCH);
    // A zone that a later table does not know any more is told in UTC.
    let known = zone(&record.zone).map(|it| (record.zone.clone(), it));
    let (shown, found) = known.unwrap_or(("UTC".into(), jiff::tz::TimeZone::UTC));
    let meeting = Meeting {
        start: found.to_datetime(at).strftime("%Y-%m-%dT%H:%M:%S").to_string(),
        zone: shown,
        minutes: u32::try_from((record.end_us - record.start_us) / 60_000_000).unwrap_or_default(),
        ..Meeting::default()
    };
    words::when(&meeting, None, korean)
}

fn join_line(link: &str, korean: bool) -> String {
    match korean {
        true => format!("통화에 참여하기: {link}"),
        false => format!("Join the call: {link}"),
    }
}

/// Subject, lines, and what stands after the link.
fn to_guest(
    booked: &BookedAt,
    shared: &Shared,
    korean: bool,
    join: &str,
) -> (String, Vec<String>, &'static str) {
    let (title, when) = (name(&booked.page.settings.title), guest_when(&booked.record, korean));
    let host = match shared.organiser.as_ref() {
        Some((host, _)) => host.clone(),
        None => shared.house.clone(),
    };
    let (kind, opening) = match (shared.occasion, korean) {
        (Occasion::Planned, true) => ("예약", format!("{host} 님과의 시간이 예약되었습니다: {title}")),
        (Occasion::Planned, false) => ("Booked", format!("Your time with {host} is booked: {title}")),
        (Occasion::Changed, true) => ("변경", format!("{host} 님과의 예약이 바뀌었습니다: {title}")),
        (Occasion::Changed, false) => ("Changed", format!("Your booking with {host} was changed: {title}")),
        (_, true) => ("취소", format!("{host} 님과의 예약이 취소되었습니다: {title}")),
        (_, false) => ("Cancelled", format!("Your booking with {host} was cancelled: {title}")),
    };
    let mut lines = vec![opening, when.clone()];
    let after = match (goes_on(shared.occasion), korean) {
        (true, true) => GUEST_KO,
        (true, false) => GUEST_EN,
        (false, true) => "모르는 예약이라면 이 메일을 지우셔도 됩니다.",
        (false, false) => "If you do not know what this is about, delete this mail.",
    };
    if goes_on(shared.occasion) {
        lines.push(join_line(join, korean));
    }
    (subject(kind, &title, &when, korean), lines, after)
}

fn to_host(booked: &BookedAt, shared: &Shared, korean: bool) -> (String, Vec<String>, &'static str) {
    let record = &booked.record;
    let (title, guest) = (name(&booked.page.settings.title), name(&record.name));
    let when = words::when(&shared.record.meeting, None, korean);
    let (kind, opening) = match (shared.occasion, korean) {
        (Occasion::Planned, true) => ("예약", format!("{guest} 님이 예약했습니다: {title}")),
        (Occasion::Planned, false) => ("Booked", format!("{guest} booked: {title}")),
        (Occasion::Changed, true) => ("변경", format!("{guest} 님의 예약이 바뀌었습니다: {title}")),
        (Occasion::Changed, false) => ("Changed", format!("The booking of {guest} was changed: {title}")),
        (_, true) => ("취소", format!("{guest} 님의 예약이 취소되었습니다: {title}")),
        (_, false) => ("Cancelled", format!("The booking of {guest} was cancelled: {title}")),
    };
    let mut lines = vec![opening, when.clone(), format!("{guest} ({})", record.email)];
    if !record.note.is_empty() {
        lines.push(record.note.clone());
    }
    let after = match korean {
        true => "회의 메일은 마당의 알림 설정에서 끌 수 있습니다.",
        false => "You can switch off mails about meetings under Notifications in Madang.",
    };
    (subject(kind, &format!("{title} · {guest}"), &when, korean), lines, after)
}

fn subject(kind: &str, title: &str, when: &str, korean: bool) -> String {
    match korean {
        true => format!("{kind}: {title} · {when}"),
        false => format!("{kind}: {title}, {when}"),
    }
}
