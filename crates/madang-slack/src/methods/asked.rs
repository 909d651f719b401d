//! What many methods ask alike: the house, conversations with the scope of their kind, pages and their cursors.

use std::collections::HashMap;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use madang_app::Summary;
use madang_app::records::PersonRecord;
use madang_model::row::Row;
use madang_model::{AppId, PersonId, Seq};
use serde_json::{Map, Value, json};

use crate::call::Call;
use crate::fail::{Answer, Fail};
use crate::scopes;
use crate::shapes::{self, Around, House, Occasion};

/// An answer of one object.
pub(super) fn answer(value: Value) -> Answer {
    match value {
        Value::Object(object) => Ok(object),
        _ => Ok(Map::new()),
    }
}

impl Call {
    pub(super) async fn house(&self) -> Result<House, Fail> {
        self.slack.house().await
    }

    /// The conversation that an argument names, as whoever asks sees it. `what` is the scope for its kind: `read`,
    /// `history`, `write`; none where the method's own scope is enough.
    pub(super) async fn conversation(&self, argument: &str, what: &str) -> Result<Summary, Fail> {
        let space = self.space(argument).await?;
        let summary = self.slack.app.space(self.person(), space).await?;
        if !what.is_empty() {
            self.needs_for(&summary, what)?;
        }
        Ok(summary)
    }

    /// The direct space with these people, made if there is none; with nobody but oneself it is one's own notes.
    pub(super) async fn direct_with(&self, people: Vec<PersonId>) -> Result<Summary, Fail> {
        let app = &self.slack.app;
        Ok(match people.iter().all(|it| *it == self.person()) {
            true => app.own_notes(self.person()).await?,
            false => app.direct(self.person(), people).await?,
        })
    }

    /// The scope that reading or writing this kind of conversation takes.
    pub(super) fn needs_for(&self, summary: &Summary, what: &str) -> Result<(), Fail> {
        let kind = shapes::kind_of(&summary.space);
        let scope = match (kind, what) {
            (scopes::Conversation::Channel, "write") => "channels:manage".to_owned(),
            (kind, what) => kind.scope(what),
        };
        self.needs(&[scope.as_str()])
    }

    /// As `conversation`; and an app must be in it, as Slack wants it of bots.
    pub(super) async fn joined(&self, argument: &str, what: &str) -> Result<Summary, Fail> {
        let summary = self.conversation(argument, what).await?;
        let is_bot = self.grant.kind == madang_app::apps::GrantKind::Bot;
        if is_bot && summary.me.is_none() {
            return Err(Fail::new("not_in_channel"));
        }
        Ok(summary)
    }

    /// The row that a `ts` names.
    pub(super) async fn row(&self, summary: &Summary, argument: &str) -> Result<Row, Fail> {
        let space = summary.space.facts.id;
        let seq = self.message(space, argument, "message_not_found").await?;
        Ok(self.slack.app.message(self.person(), space, seq).await?)
    }

    /// A message's shape as whoever asks reads it.
    pub(super) async fn shown(&self, summary: &Summary, rows: &[Row]) -> Result<Vec<Value>, Fail> {
        let around =
            Around::load(&self.slack.app, self.house().await?, self.person(), &summary.space, rows).await?;
        Ok(rows.iter().filter_map(|row| shapes::message(row, &around, Occasion::History)).collect())
    }

    pub(super) async fn one_shown(&self, summary: &Summary, row: &Row) -> Result<Value, Fail> {
        let mut shown = self.shown(summary, std::slice::from_ref(row)).await?;
        shown.pop().ok_or_else(|| Fail::new("message_not_found"))
    }

    /// A conversation's shape.
    pub(super) async fn channel(&self, summary: &Summary) -> Result<Value, Fail> {
        Ok(self.channels(std::slice::from_ref(summary)).await?.pop().unwrap_or_default())
    }

    pub(super) async fn channels(&self, summaries: &[Summary]) -> Result<Vec<Value>, Fail> {
        let house = self.house().await?;
        // Only conversations of several people are called by who is in them.
        let of_many = |it: &&Summary| it.people.len() > 2;
        let ids: Vec<PersonId> = summaries.iter().filter(of_many).flat_map(|it| it.people.clone()).collect();
        let names = self.people(ids).await?;
        let name_of = |person: PersonId| names.get(&person).map(|it| it.name.clone());
        Ok(summaries.iter().map(|it| shapes::channel(it, self.person(), &house, &name_of)).collect())
    }

    pub(super) async fn people(
        &self,
        mut ids: Vec<PersonId>,
    ) -> Result<HashMap<PersonId, PersonRecord>, Fail> {
        ids.sort_unstable();
        ids.dedup();
        if ids.is_empty() {
            return Ok(HashMap::new());
        }
        let found = self.slack.app.people_by_ids(self.person(), ids).await?;
        Ok(found.into_iter().map(|it| (it.id, it)).collect())
    }

    /// The people whom a list names.
    pub(super) async fn people_in(&self, argument: &str) -> Result<Vec<PersonId>, Fail> {
        let mut people = Vec::new();
        for name in self.args.list(argument) {
            let person = self.slack.person_called(&name).await?.ok_or_else(|| Fail::new("user_not_found"))?;
            if !people.contains(&person) {
                people.push(person);
            }
        }
        Ok(people)
    }

    pub(super) async fn app_of_bot(&self, person: &PersonRecord) -> Result<Option<AppId>, Fail> {
        match person.bot {
            true => Ok(self.slack.bots().await?.get(&person.id).copied()),
            false => Ok(None),
        }
    }

    /// How many things at once: what is asked for, within bounds.
    pub(super) fn limit(&self, usual: i64, most: i64) -> i64 {
        match self.args.number("limit").or_else(|| self.args.number("count")) {
            Some(limit) if limit > 0 => limit.min(most),
            _ => usual,
        }
    }

    /// Where an earlier answer of this method said that the next page begins.
    ///
    /// # Errors
    /// `invalid_cursor` for what no answer of it said.
    pub(super) fn cursor(&self, method: &str) -> Result<Option<String>, Fail> {
        let Some(cursor) = self.args.text("cursor") else { return Ok(None) };
        let wrong = || Fail::new("invalid_cursor");
        let read = URL_SAFE_NO_PAD.decode(cursor.trim_end_matches('=')).map_err(|_| wrong())?;
        let text = String::from_utf8(read).map_err(|_| wrong())?;
        let at = text.strip_prefix(method).and_then(|it| it.strip_prefix(':')).ok_or_else(wrong)?;
        Ok(Some(at.to_owned()))
    }

    pub(super) fn cursor_number(&self, method: &str) -> Result<Option<i64>, Fail> {
        let number = |at: String| at.parse().map_err(|_| Fail::new("invalid_cursor"));
        self.cursor(method)?.map(number).transpose()
    }
}

/// `response_metadata` with where the next page begins; empty at the end.
pub(super) fn next(method: &str, at: Option<impl std::fmt::Display>) -> Value {
    let cursor = at.map(|at| URL_SAFE_NO_PAD.encode(format!("{method}:{at}"))).unwrap_or_default();
    json!({"next_cursor": cursor})
}

/// The part of a list that begins after `from`, and where the next one begins.
pub(super) fn part<T: Clone>(list: &[T], from: usize, limit: i64) -> (Vec<T>, Option<usize>) {
    let end = from.saturating_add(usize::try_from(limit).unwrap_or(usize::MAX)).min(list.len());
    let page = list.get(from..end).map(<[T]>::to_vec).unwrap_or_default();
    (page, (end < list.len()).then_some(end))
}

/// The old way of pages, by numbers: for files, searches and stars.
pub(super) fn paging(call: &Call, total: usize) -> (usize, usize, Value) {
    let count = call.limit(20, 100);
    let page = call.args.number("page").unwrap_or(1).max(1);
    let from = usize::try_from((page - 1).saturating_mul(count)).unwrap_or(usize::MAX);
    let pages = (total as i64 + count - 1) / count;
    let paging = json!({"count": count, "total": total, "page": page, "pages": pages.max(1)});
    (from, usize::try_from(count).unwrap_or(20), paging)
}

/// The root of the thread that a message is in: itself, if it is none's reply.
pub(super) fn root_of(row: &Row) -> Seq {
    row.message().and_then(|it| it.thread).unwrap_or(row.seq)
}
