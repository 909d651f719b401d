//! Whoever is invited to a meeting is told by mail, with the calendar file that puts it where it belongs: members who
//! want such mail, and guests by the address that somebody gave.

use lettre::message::Mailbox;
use madang_model::{PersonId, Seq, SpaceId, limits};
use madang_store::db::{Conn, Tx};
use madang_store::log::{self, MeetingRecord};
use madang_store::{meetings, people};

use super::ics::{self, Entry, Method};
use super::words;
use crate::app::App;
use crate::error::Result;
use crate::mail::{CalendarPart, Letter, name};
use crate::people::workspace;
use crate::push::settings;

/// What is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Occasion {
    Planned,
    Changed,
    /// Only this one of the series.
    OneCancelled(String),
    Cancelled,
    /// To those who are not invited any more.
    Uninvited,
}

impl Occasion {
    pub(crate) fn method(&self) -> Method {
        match self {
            Occasion::Planned | Occasion::Changed => Method::Request,
            _ => Method::Cancel,
        }
    }

    fn one(&self) -> Option<&str> {
        match self {
            Occasion::OneCancelled(one) => Some(one),
            _ => None,
        }
    }
}

/// Who is told by mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Told {
    pub email: String,
    pub name: String,
    pub korean: bool,
    pub guest: bool,
}

/// What all letters of one occasion share.
pub(crate) struct Shared<'a> {
    pub record: &'a MeetingRecord,
    pub occasion: &'a Occasion,
    pub actor: String,
    pub place: String,
    pub house: String,
    pub guest_link: Option<String>,
    /// Name and address in the calendar file; none without a mail server.
    pub organiser: Option<(String, String)>,
}

impl App {
    /// Whom the meeting invites and may be told by mail. In a large space members see it in the app.
    pub(crate) fn told_by_mail(&self, conn: &mut Conn, place: (SpaceId, Seq)) -> Result<Vec<Told>> {
        let record = self.meeting_at(conn, place)?;
        let house = workspace(conn)?.id;
        let organiser = people::by_id(conn, house, record.organiser)?;
        let korean = organiser.is_some_and(|it| it.language == "ko");
        let mut told = Vec::new();
        let invited = |person: &PersonId| record.meeting.invites(*person) || *person == record.organiser;
        let members: Vec<_> = people::in_space(conn, house, place.0)?;
        let few = members.iter().filter(|it| invited(&it.id)).count() <= limits::MEETING_PEOPLE;
        for member in members.into_iter().filter(|it| few && !it.bot && invited(&it.id)) {
            let Some(email) = member.email.clone().filter(|_| member.standing().is_some()) else { continue };
            if settings(conn, member.id)?["meeting_mail"] != false {
                told.push(Told { email, korean: member.language == "ko", name: member.name, guest: false });
            }
        }
        for email in meetings::guests(conn, place)? {
            if told.iter().all(|it| it.email != email) {
                told.push(Told { name: email.clone(), email, korean, guest: true });
            }
        }
        Ok(told)
    }

    pub(crate) fn mail_meeting(
        &self,
        tx: &mut Tx,
        actor: PersonId,
        place: (SpaceId, Seq),
        occasion: &Occasion,
        told: &[Told],
    ) -> Result<()> {
        if told.is_empty() {
            return Ok(());
        }
        let record = self.meeting_at(tx, place)?;
        let house = workspace(tx)?;
        let named = |tx: &mut Tx, person| -> Result<String> {
            Ok(people::by_id(tx, house.id, person)?.map(|it| name(&it.name)).unwrap_or_default())
        };
        let space = log::space(tx, place.0)?.map(|it| name(&it.facts.name)).unwrap_or_default();
        let from = self.mailer.server().and_then(|it| it.from.parse::<Mailbox>().ok());
        let organiser = named(tx, record.organiser)?;
        let shared = Shared {
            record: &record,
            occasion,
            actor: named(tx, actor)?,
            place: if space.is_empty() { house.name.clone() } else { space },
            house: house.name.clone(),
            guest_link: self.guest_address(tx, place)?,
            organiser: from.map(|it| (organiser, it.email.to_string())),
        };
        let booked = self.booked_at(tx, place)?;
        for told in told {
            let letter = match &booked {
                Some(booked)
                    if *occasion != Occasion::Uninvited
                        && (!told.guest || told.email == booked.record.email) =>
                {
                    self.booking_letter(booked, &shared, told)?
                }
                _ => self.meeting_letter(&shared, told),
            };
            self.post_letter(tx, &letter)?;
        }
        Ok(())
    }

    fn meeting_letter(&self, shared: &Shared, told: &Told) -> Letter {
        let meeting = &shared.record.meeting;
        let goes_on = shared.occasion.method() == Method::Request;
        let member = format!("{}/s/{}/m/{}", self.config.public_url, shared.record.space, shared.record.seq);
        let url = match &shared.guest_link {
            _ if !told.guest => member,
            Some(link) if goes_on => link.clone(),
            _ => self.config.public_url.clone(),
        };
        let entry = Entry {
            record: shared.record.clone(),
            url: url.clone(),
            organiser: shared.organiser.clone(),
            attendee: Some((told.name.clone(), told.email.clone())),
            one: shared.occasion.one().map(str::to_owned),
        };
        let method = shared.occasion.method();
        let said = Said::of(shared, told);
        let mut lines = vec![said.opening, words::when(meeting, shared.occasion.one(), told.korean)];
        if shared.occasion.one().is_none() {
            lines.extend(words::repeats(meeting, told.korean));
        }
        Letter {
            to: told.email.clone(),
            subject: said.subject,
            lines,
            link: (said.link.to_owned(), url),
            after: said.after,
            digest: None,
            talk: None,
            calendar: shared.organiser.as_ref().map(|_| CalendarPart {
                method: method.as_str().to_owned(),
                text: ics::calendar(method, &shared.house, &[entry]),
            }),
        }
    }
}

/// The sentences of a letter.
struct Said {
    subject: String,
    opening: String,
    link: &'static str,
    after: String,
}

impl Said {
    fn of(shared: &Shared, told: &Told) -> Said {
        let (actor, place, title) = (&shared.actor, &shared.place, name(&shared.record.meeting.title));
        let at = words::when(&shared.record.meeting, shared.occasion.one(), told.korean);
        let goes_on = shared.occasion.method() == Method::Request;
        if told.korean {
            let (kind, opening) = match shared.occasion {
                Occasion::Planned => {
                    ("초대", format!("{actor} 님이 {place}에서 할 회의를 잡았습니다: {title}"))
                }
                Occasion::Changed => ("변경", format!("{actor} 님이 {place}의 회의를 바꾸었습니다: {title}")),
                Occasion::OneCancelled(_) => {
                    ("취소", format!("{actor} 님이 {place}의 회의 가운데 이번 것을 취소했습니다: {title}"))
                }
                Occasion::Cancelled => {
                    ("취소", format!("{actor} 님이 {place}의 회의를 취소했습니다: {title}"))
                }
                Occasion::Uninvited => {
                    ("취소", format!("{actor} 님이 {place}의 회의 초대를 거두었습니다: {title}"))
                }
            };
            let after = match (told.guest, goes_on) {
                (true, true) => {
                    "설치 없이 브라우저에서 참여할 수 있습니다. 통화 중인 사람이 들여보내 줄 때까지 잠시 기다려 주세요."
                }
                (true, false) => "모르는 회의라면 이 메일을 지우셔도 됩니다.",
                _ => "회의 메일은 마당의 알림 설정에서 끌 수 있습니다.",
            };
            let link = if told.guest && goes_on { "회의 참여하기" } else { "마당 열기" };
            return Said {
                subject: format!("{kind}: {title} · {at}"),
                opening,
                link,
                after: after.to_owned(),
            };
        }
        let (kind, opening) = match shared.occasion {
            Occasion::Planned => ("Invitation", format!("{actor} plans a meeting in {place}: {title}")),
            Occasion::Changed => ("Changed", format!("{actor} changed a meeting in {place}: {title}")),
            Occasion::OneCancelled(_) => {
                ("Cancelled", format!("{actor} cancelled this one of the meetings in {place}: {title}"))
            }
            Occasion::Cancelled => ("Cancelled", format!("{actor} cancelled a meeting in {place}: {title}")),
            Occasion::Uninvited => {
                ("Cancelled", format!("{actor} took back the invitation to a meeting in {place}: {title}"))
            }
        };
        let after = match (told.guest, goes_on) {
            (true, true) => "You need nothing but a browser. Somebody in the call lets you in.",
            (true, false) => "If you do not know what this is about, delete this mail.",
            _ => "You can switch off mails about meetings under Notifications in Madang.",
        };
        let link = if told.guest && goes_on { "Join the meeting" } else { "Open Madang" };
        Said { subject: format!("{kind}: {title}, {at}"), opening, link, after: after.to_owned() }
    }
}
