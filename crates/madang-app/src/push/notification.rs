//! What a device is sent: one notification for everything of a space that the person was told of and has not read.
//!
//! The shape is that of the declarative push message (Push API, "declarative push message"): Safari shows it though
//! the service worker be gone, and others give it to the service worker, which shows it as it is.

use std::collections::HashMap;

use madang_model::register::Key;
use madang_model::row::{MessageRow, Row};
use madang_model::space::SpaceKind;
use madang_model::text::{Names, mentions, parse, plain_text_with};
use madang_model::{Body, PersonId, Seq, SpaceId};
use madang_store::db::Conn;
use madang_store::log::{self, SpaceRecord};
use madang_store::people::{self, PersonRecord};
use madang_store::push::{self, PushRecord};
use madang_store::{activity, registers, saved, spaces};
use serde_json::{Value, json};

use super::decide::settings;
use super::words::{Words, line};
use crate::app::App;
use crate::error::Result;
use crate::people::workspace;
use crate::reading::readable_or_none;

/// What is told of a call that the person did not come to.
const MISSED: &str = "missed_call";
/// How the kinds of what is told of meetings begin.
const MEETING: &str = "meeting_";
const HALF_MINUTE_US: i64 = 30 * 1_000_000;
/// Characters of a message that are shown.
const EXCERPT: usize = 200;
/// Characters of a name that are shown.
const NAME: usize = 60;
/// So many spaces are named whose notifications stay; with more, none is taken away.
const NAMED: usize = 40;

/// What happened last of what is told, and how much that is.
struct News {
    last: PushRecord,
    row: Row,
    count: usize,
    /// What it says of a meeting: its title, and minutes until it begins.
    meeting: Option<(String, i64)>,
}

impl App {
    /// The notification of a space for a person at this moment; none when there is nothing to tell any more.
    pub(super) fn notification(
        &self,
        conn: &mut Conn,
        person: PersonId,
        space: SpaceId,
    ) -> Result<Option<Value>> {
        let house = workspace(conn)?.id;
        let Some(record) = readable_or_none(conn, person, space)? else { return Ok(None) };
        let Some(me) = people::by_id(conn, house, person)? else { return Ok(None) };
        let Some(news) = self.news_of(conn, person, &record)? else { return Ok(None) };
        let words = Words::of(&me.language);
        let with_contents = settings(conn, person)?["push_contents"] != false;
        let (title, body) = match with_contents {
            true => self.said(conn, &me, &record, &news, words)?,
            false => (workspace(conn)?.name, words.discreet(news.count)),
        };
        let path = path_of(space, &news);
        let mut notification = json!({
            "title": title,
            "body": body,
            "navigate": format!("{}{path}", self.config.public_url),
            // A missed call takes the place of the notification that rang.
            "tag": match (news.row.message(), &news.meeting) {
                (Some(_), _) => space.to_string(),
                (None, Some(_)) => format!("{space}/meeting"),
                (None, None) => format!("{space}/call"),
            },
            "lang": words.code(),
            "timestamp": news.last.at_us / 1_000,
            "data": {
                "path": path, "space": space, "seq": news.last.seq, "lang": words.code(),
                "thread": news.row.message().and_then(|it| it.thread),
            },
        });
        if with_contents && news.row.message().is_some() {
            notification["actions"] = json!([
                {"action": "reply", "type": "text", "title": words.reply(), "placeholder": words.reply_hint()},
                {"action": "read", "title": words.mark_read()},
            ]);
        }
        self.envelope(conn, person, notification).map(Some)
    }

    /// The notification that reminds a person of a message they kept; none when it is not kept any more.
    pub(super) fn reminder(
        &self,
        conn: &mut Conn,
        person: PersonId,
        space: SpaceId,
        message: Seq,
    ) -> Result<Option<Value>> {
        let house = workspace(conn)?.id;
        let Some(told_at) = saved::told_at(conn, (person, space, message))? else { return Ok(None) };
        let Some(record) = readable_or_none(conn, person, space)? else { return Ok(None) };
        let Some(me) = people::by_id(conn, house, person)? else { return Ok(None) };
        let Some(row) = log::row(conn, &self.keyring, &record, message)? else { return Ok(None) };
        let Some(content) = row.message() else { return Ok(None) };
        let words = Words::of(&me.language);
        let path = path_to(space, message, content.thread);
        let (title, body) = match settings(conn, person)?["push_contents"] != false {
            true => {
                let told = Told::about(conn, &me, &record, &row)?;
                let who = told.who(row.author);
                let said = excerpt(content, &told.names, words);
                (format!("{} · {}", words.due(), told.title), format!("{who}: {said}"))
            }
            false => (workspace(conn)?.name, words.due().to_owned()),
        };
        let notification = json!({
            "title": title,
            "body": body,
            "navigate": format!("{}{path}", self.config.public_url),
            "tag": format!("{space}/{message}"),
            "lang": words.code(),
            "timestamp": told_at / 1_000,
            "data": {"path": path, "space": space, "seq": message, "lang": words.code(), "thread": content.thread},
        });
        self.envelope(conn, person, notification).map(Some)
    }

    /// With what belongs to every push: the number on the app's icon, and of which spaces a notification may stay.
    pub(super) fn envelope(&self, conn: &mut Conn, person: PersonId, notification: Value) -> Result<Value> {
        let kept = registers::get(conn, person, &Key::Activity)?;
        let read_at = kept.and_then(|it| it.value["read_at"].as_i64()).unwrap_or(0);
        let badge = push::waiting_spaces(conn, person)? + activity::newer(conn, person, read_at)?;
        let unread = push::unread_spaces(conn, person)?;
        let mut envelope = json!({
            "web_push": 8030, "mutable": true, "app_badge": badge.to_string(), "notification": notification,
        });
        if unread.len() <= NAMED {
            envelope["unread"] = json!(unread);
        }
        Ok(envelope)
    }

    /// The newest of what is told and not read, of messages that are still there.
    fn news_of(&self, conn: &mut Conn, person: PersonId, space: &SpaceRecord) -> Result<Option<News>> {
        let group = (person, space.facts.id);
        let Some(me) = spaces::mine_one(conn, person, space.facts.id)?.and_then(|it| it.me) else {
            return Ok(None);
        };
        let told: Vec<PushRecord> = push::told(conn, group)?
            .into_iter()
            .filter(|it| it.due_at.is_none() && it.seq > me.read_seq)
            .collect();
        let count = told.len();
        for last in told.into_iter().rev() {
            let meeting = match last.kind.starts_with(MEETING) {
                true => match self.said_of_meeting(conn, space, &last)? {
                    None => continue,
                    said => said,
                },
                false => None,
            };
            let row = match last.kind.as_str() {
                kind if kind.starts_with(MEETING) => self.row_of_call(conn, space, last.message)?,
                MISSED => self.row_of_call(conn, space, last.message)?,
                _ => log::row(conn, &self.keyring, space, last.message)?
                    .filter(|row| row.message().is_some_and(|it| !it.removed)),
            };
            if let Some(row) = row {
                return Ok(Some(News { last, row, count, meeting }));
            }
        }
        Ok(None)
    }

    /// What is told of a meeting; nothing of one that is over or was cancelled meanwhile.
    fn said_of_meeting(
        &self,
        conn: &mut Conn,
        space: &SpaceRecord,
        told: &PushRecord,
    ) -> Result<Option<(String, i64)>> {
        let (id, house) = (space.facts.id, space.facts.workspace);
        let said = log::event(conn, &self.keyring, house, id, told.seq)?.map(|it| it.body);
        let now = log::meeting(conn, &self.keyring, space, told.message)?;
        let cancelled = now.is_none_or(|it| it.meeting.cancelled);
        Ok(match said {
            Some(Body::MeetingCancelled { title, .. }) => Some((title, 0)),
            Some(Body::MeetingPlanned(meeting) | Body::MeetingChanged { meeting, .. }) if !cancelled => {
                Some((meeting.title, 0))
            }
            Some(Body::MeetingDue { title, start, end, .. }) if !cancelled && end > self.clock.now_us() => {
                let minutes = (start - self.clock.now_us() + HALF_MINUTE_US).div_euclid(2 * HALF_MINUTE_US);
                Some((title, minutes))
            }
            _ => None,
        })
    }

    /// The row that a call or a meeting began.
    fn row_of_call(&self, conn: &mut Conn, space: &SpaceRecord, seq: Seq) -> Result<Option<Row>> {
        let (id, house) = (space.facts.id, space.facts.workspace);
        Ok(log::event(conn, &self.keyring, house, id, seq)?.as_ref().and_then(Row::begun_by))
    }

    fn said(
        &self,
        conn: &mut Conn,
        me: &PersonRecord,
        space: &SpaceRecord,
        news: &News,
        words: Words,
    ) -> Result<(String, String)> {
        let told = Told::about(conn, me, space, &news.row)?;
        let who = told.who(news.row.author);
        let Told { names, title, alone } = told;
        if let Some((about, minutes)) = &news.meeting {
            let heading = format!("{} · {title}", words.meeting(&news.last.kind, *minutes));
            return Ok((heading, line(about, EXCERPT)));
        }
        let said = match news.row.message() {
            Some(message) => excerpt(message, &names, words),
            None => words.missed_call().to_owned(),
        };
        if news.count > 1 {
            return Ok((title, words.group(news.count, &who, &said)));
        }
        let heading = match (words.deed(&news.last.kind, &who), alone) {
            (Some(deed), false) => format!("{deed} · {title}"),
            (Some(deed), true) => deed,
            (None, false) => format!("{who} · {title}"),
            (None, true) => who,
        };
        Ok((heading, said))
    }
}

/// Whose names a notification about a message needs, and how its space is called for the person.
struct Told {
    names: HashMap<PersonId, String>,
    title: String,
    /// A direct space of two.
    alone: bool,
}

impl Told {
    fn about(conn: &mut Conn, me: &PersonRecord, space: &SpaceRecord, row: &Row) -> Result<Told> {
        let text = row.message().map_or("", |message| message.text.as_str());
        let mut ids: Vec<PersonId> = mentions(text).people.iter().filter_map(|id| id.parse().ok()).collect();
        ids.push(row.author);
        let members = match space.facts.kind == SpaceKind::Direct {
            true => spaces::members(conn, space.facts.id)?.into_iter().map(|it| it.person).collect(),
            false => Vec::new(),
        };
        ids.extend(&members);
        let known = people::by_ids(conn, space.facts.workspace, &ids)?;
        let names: HashMap<PersonId, String> =
            known.into_iter().map(|it| (it.id, line(&it.name, NAME))).collect();
        let others: Vec<&str> = members
            .iter()
            .filter(|it| **it != me.id)
            .filter_map(|it| names.get(it).map(String::as_str))
            .collect();
        let alone = space.facts.kind == SpaceKind::Direct && others.len() <= 1;
        let title = match space.facts.kind {
            SpaceKind::Direct => line(&others.join(", "), NAME),
            _ => line(&space.facts.name, NAME),
        };
        Ok(Told { names, title, alone })
    }

    fn who(&self, person: PersonId) -> String {
        self.names.get(&person).cloned().unwrap_or_default()
    }
}

/// The beginning of what a message says, as one line.
pub(crate) fn excerpt(message: &MessageRow, names: &HashMap<PersonId, String>, words: Words) -> String {
    let person = |id: &str| id.parse().ok().and_then(|id: PersonId| names.get(&id).cloned());
    let names = Names { person: &person, space: &|_| None, everyone: words.everyone() };
    let said = line(&plain_text_with(&parse(&message.text), &names), EXCERPT);
    match message.files.len() {
        _ if !said.is_empty() => said,
        0 => words.forwarded().to_owned(),
        count => words.files(count),
    }
}

/// Where a press leads: to the message, in its thread where it stands in one.
fn path_of(space: SpaceId, news: &News) -> String {
    path_to(space, news.last.message, news.row.message().and_then(|it| it.thread))
}

fn path_to(space: SpaceId, seq: Seq, thread: Option<Seq>) -> String {
    match thread {
        Some(root) => format!("/s/{space}/t/{root}/m/{seq}"),
        None => format!("/s/{space}/m/{seq}"),
    }
}
