//! What waits for somebody: by conversation, with the beginnings of what was said.

use std::collections::{BTreeMap, HashMap, HashSet};

use madang_model::register::{Involvement, Key};
use madang_model::space::SpaceKind;
use madang_model::{PersonId, Seq, SpaceId};
use madang_store::db::Conn;
use madang_store::log::{self, SpaceRecord};
use madang_store::people::{self, PersonRecord};
use madang_store::spaces::{self, OwnSide};
use madang_store::{activity, digests, registers, sessions};

use crate::app::App;
use crate::error::Result;
use crate::people::workspace;
use crate::push::{Words, excerpt, is_quiet, is_wanted, line, settings};
use crate::reading::readable_or_none;

/// Lines of the activity list that are looked at.
const LINES: i64 = 100;
/// Messages shown of one conversation.
const SHOWN: i64 = 5;
/// Conversations shown.
const GROUPS: usize = 12;
/// Characters of a name.
const NAME: usize = 60;

/// What waits for one person.
pub(super) struct Waiting {
    pub me: PersonRecord,
    pub house: String,
    /// Whether the letter may say what was said.
    pub with_contents: bool,
    pub groups: Vec<Group>,
    /// All messages, shown or not.
    pub count: usize,
}

/// One conversation.
pub(super) struct Group {
    pub space: SpaceId,
    /// Where an answer goes; none for the main line.
    pub thread: Option<Seq>,
    pub title: String,
    /// Oldest first.
    pub said: Vec<Said>,
    pub more: usize,
    /// Path of the page where it stands.
    pub path: String,
}

pub(super) struct Said {
    pub at_us: i64,
    pub who: String,
    /// Why it concerns the person.
    pub kind: String,
    pub text: String,
}

/// What is found before names are looked up.
struct Found {
    kind: String,
    at_us: i64,
    message: Seq,
}

type Conversations = BTreeMap<(SpaceId, Option<Seq>), Vec<Found>>;

impl App {
    /// What waits for `person`, if the oldest of it came before `before_us`; none when they do not want to know.
    pub(super) fn waiting(
        &self,
        conn: &mut Conn,
        person: PersonId,
        now_us: i64,
        before_us: i64,
    ) -> Result<Option<Waiting>> {
        let house = workspace(conn)?;
        let Some(me) = people::by_id(conn, house.id, person)?.filter(|it| it.standing().is_some()) else {
            return Ok(None);
        };
        let wishes = settings(conn, person)?;
        let here = sessions::of_person(conn, person, "browser", now_us)?;
        let is_here = here.iter().any(|it| self.is_in_sight(it.id));
        if is_here || wishes["mail"] == false || is_quiet(&wishes, now_us) {
            return Ok(None);
        }
        let since_us = digests::sent_at(conn, person)?;
        let mut found = Conversations::new();
        let mut spaces: HashMap<SpaceId, (SpaceRecord, OwnSide)> = HashMap::new();
        self.calls(conn, person, since_us, &mut spaces, &mut found)?;
        self.directs(conn, person, since_us, &mut spaces, &mut found)?;
        let all: HashSet<(SpaceId, Seq)> =
            found.iter().flat_map(|((space, _), list)| list.iter().map(|it| (*space, it.message))).collect();
        let oldest = found.values().flatten().map(|it| it.at_us).min();
        if oldest.is_none_or(|at_us| at_us > before_us) {
            return Ok(None);
        }
        let words = Words::of(&me.language);
        let mut groups = Vec::new();
        for ((space, thread), list) in found {
            let Some((record, _)) = spaces.get(&space) else { continue };
            groups.extend(self.group(conn, &me, record, thread, list, words)?);
        }
        groups.sort_by_key(|it| it.said.last().map(|last| std::cmp::Reverse(last.at_us)));
        groups.truncate(GROUPS);
        let with_contents = wishes["mail_contents"] == true;
        let count = all.len();
        Ok((!groups.is_empty()).then_some(Waiting { me, house: house.name, with_contents, groups, count }))
    }

    /// Lines of the activity list that are news: neither seen there, nor read in the space, nor told.
    fn calls(
        &self,
        conn: &mut Conn,
        person: PersonId,
        since_us: i64,
        spaces: &mut HashMap<SpaceId, (SpaceRecord, OwnSide)>,
        found: &mut Conversations,
    ) -> Result<()> {
        let kept = registers::get(conn, person, &Key::Activity)?;
        let seen_us = kept.and_then(|it| it.value["read_at"].as_i64()).unwrap_or(0).max(since_us);
        for record in activity::of_person(conn, person, i64::MAX, LINES)? {
            let is_call = matches!(record.kind.as_str(), "mention" | "everyone" | "reply" | "reminder");
            if record.at_us <= seen_us || !is_call {
                continue;
            }
            let Some((space, me)) = known(conn, person, record.space, spaces)? else { continue };
            let Some(row) = log::row(conn, &self.keyring, &space, record.message)? else { continue };
            let Some(message) = row.message().filter(|it| !it.removed) else { continue };
            let is_read = message.thread.is_none() && record.message <= me.read_seq;
            if is_read || !is_wanted(me.level, &record.kind) {
                continue;
            }
            let is_direct = space.facts.kind == SpaceKind::Direct;
            let thread = message.thread.or((!is_direct).then_some(record.message));
            let list = found.entry((record.space, thread)).or_default();
            if !list.iter().any(|it| it.message == record.message) {
                list.push(Found { kind: record.kind, at_us: record.at_us, message: record.message });
            }
        }
        Ok(())
    }

    /// Unread direct messages.
    fn directs(
        &self,
        conn: &mut Conn,
        person: PersonId,
        since_us: i64,
        spaces: &mut HashMap<SpaceId, (SpaceRecord, OwnSide)>,
        found: &mut Conversations,
    ) -> Result<()> {
        for space in digests::unread_directs(conn, person)? {
            let Some((record, me)) = known(conn, person, space, spaces)? else { continue };
            if me.level == Involvement::Nothing {
                continue;
            }
            for seq in digests::unread(conn, space, person, me.read_seq, LINES)? {
                let Some(row) = log::row(conn, &self.keyring, &record, seq)?.filter(|it| it.at > since_us)
                else {
                    break;
                };
                let list = found.entry((space, None)).or_default();
                if !list.iter().any(|it| it.message == seq) {
                    list.push(Found { kind: "direct".into(), at_us: row.at, message: seq });
                }
            }
        }
        Ok(())
    }

    fn group(
        &self,
        conn: &mut Conn,
        me: &PersonRecord,
        space: &SpaceRecord,
        thread: Option<Seq>,
        mut list: Vec<Found>,
        words: Words,
    ) -> Result<Option<Group>> {
        list.sort_by_key(|it| it.message);
        let hidden = list.len().saturating_sub(SHOWN as usize);
        let shown = &list[hidden..];
        let seqs: Vec<Seq> = shown.iter().map(|it| it.message).collect();
        let rows = log::rows_at(conn, &self.keyring, space, &seqs)?;
        let members = spaces::members(conn, space.facts.id)?;
        let mut ids: Vec<PersonId> = rows.iter().map(|row| row.author).collect();
        for message in rows.iter().filter_map(|row| row.message()) {
            ids.extend(
                madang_model::text::mentions(&message.text)
                    .people
                    .iter()
                    .filter_map(|id| id.parse::<PersonId>().ok()),
            );
        }
        if space.facts.kind == SpaceKind::Direct {
            ids.extend(members.iter().map(|it| it.person));
        }
        let known = people::by_ids(conn, space.facts.workspace, &ids)?;
        let names: HashMap<PersonId, String> =
            known.into_iter().map(|it| (it.id, line(&it.name, NAME))).collect();
        let mut said = Vec::new();
        for found in shown {
            let Some(row) = rows.iter().find(|row| row.seq == found.message) else { continue };
            let Some(message) = row.message().filter(|it| !it.removed) else { continue };
            let who = names.get(&row.author).cloned().unwrap_or_default();
            let text = excerpt(message, &names, words);
            said.push(Said { at_us: found.at_us, who, kind: found.kind.clone(), text });
        }
        let title = match space.facts.kind {
            SpaceKind::Direct => {
                let others = members.iter().filter(|it| it.person != me.id);
                others
                    .filter_map(|it| names.get(&it.person).map(String::as_str))
                    .collect::<Vec<_>>()
                    .join(", ")
            }
            _ => space.facts.name.clone(),
        };
        let id = space.facts.id;
        let path = match (thread, list.last()) {
            (Some(root), Some(last)) if last.message != root => {
                format!("/s/{id}/t/{root}/m/{}", last.message)
            }
            (_, Some(last)) => format!("/s/{id}/m/{}", last.message),
            _ => format!("/s/{id}"),
        };
        let title = line(&title, NAME);
        Ok((!said.is_empty()).then_some(Group { space: id, thread, title, said, more: hidden, path }))
    }
}

/// The space and the person's own side of it, if they are in it and may read it.
fn known(
    conn: &mut Conn,
    person: PersonId,
    space: SpaceId,
    spaces: &mut HashMap<SpaceId, (SpaceRecord, OwnSide)>,
) -> Result<Option<(SpaceRecord, OwnSide)>> {
    if let Some(known) = spaces.get(&space) {
        return Ok(Some(known.clone()));
    }
    let Some(record) = readable_or_none(conn, person, space)? else { return Ok(None) };
    let Some(me) = spaces::mine_one(conn, person, space)?.and_then(|it| it.me) else { return Ok(None) };
    spaces.insert(space, (record.clone(), me));
    Ok(Some((record, me)))
}
