//! One space on one device: `high`, `floor`, pages, and events that came too
//! early (docs/protocol/sync.md, "Gaps").

use std::collections::{BTreeMap, VecDeque};

use anyhow::{Context, Result};
use madang_model::position::{PAGE, page_of};
use madang_model::{Body, Event, PersonId, Seq};
use serde_json::{Value, json};

use super::page::Page;

/// A greater gap is not fetched: the newest page is taken instead.
const GAP: Seq = 512;
/// Folded events that are remembered, to lead a page on that was fetched meanwhile.
const RECENT: usize = 1024;

/// What a device has to ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Want {
    Events,
    Page(i64),
}

/// What a device knows of a space besides its rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// Up to where events are folded in.
    head: Seq,
    pub name: String,
    pub description: String,
    pub archived: bool,
    pub deleted: bool,
    pub members: i64,
}

impl Summary {
    fn read(given: &Value) -> Result<Summary> {
        let text = |name: &str| {
            given[name].as_str().map(str::to_owned).with_context(|| format!("{name} in {given}"))
        };
        Ok(Summary {
            head: given["head"]["seq"].as_i64().context("a space has a head")?,
            name: text("name")?,
            description: text("description")?,
            archived: given["archived"].as_bool().unwrap_or(false),
            deleted: given["deleted_until"].is_i64(),
            members: given["members"].as_i64().context("a space has members")?,
        })
    }

    fn fold(&mut self, event: &Event) {
        if event.seq <= self.head {
            return;
        }
        self.head = event.seq;
        match &event.body {
            Body::SpaceChanged { name, description, .. } => {
                name.iter().for_each(|it| self.name.clone_from(it));
                description.iter().for_each(|it| self.description.clone_from(it));
            }
            Body::SpaceArchived {} => self.archived = true,
            Body::SpaceUnarchived {} => self.archived = false,
            Body::SpaceDeleted { .. } => self.deleted = true,
            Body::SpaceRestored {} => self.deleted = false,
            Body::MemberJoined { .. } => self.members += 1,
            Body::MemberLeft { .. } => self.members -= 1,
            _ => {}
        }
    }

    /// For comparing. `head` is left out: it is asked for apart.
    pub fn canonical(&self) -> Value {
        json!({
            "name": self.name, "description": self.description, "archived": self.archived,
            "deleted": self.deleted, "members": self.members,
        })
    }
}

/// A space that its person is in.
#[derive(Debug, Clone)]
pub struct HeldSpace {
    /// Tells a space that was left and entered again from the one before.
    pub stay: u64,
    /// Everything up to here is folded.
    pub high: Seq,
    /// Pages whose `at` is below may lack something.
    pub floor: Seq,
    pub summary: Summary,
    pub pages: BTreeMap<i64, Page>,
    early: BTreeMap<Seq, Event>,
    recent: VecDeque<Event>,
    /// Events are being fetched.
    filling: bool,
    /// The head that a summary told of.
    target: Seq,
    /// Where the person came in, as the newest summary tells: an older leaving was followed by it.
    joined: Seq,
}

fn joined(given: &Value) -> Seq {
    given["me"]["joined"].as_i64().unwrap_or(0)
}

impl HeldSpace {
    /// A space that the device has just been told of.
    ///
    /// # Errors
    /// When the summary is not what the protocol says.
    pub fn enter(given: &Value, stay: u64) -> Result<HeldSpace> {
        let summary = Summary::read(given)?;
        Ok(HeldSpace {
            stay,
            high: summary.head,
            floor: summary.head,
            summary,
            pages: BTreeMap::new(),
            early: BTreeMap::new(),
            recent: VecDeque::new(),
            filling: false,
            target: 0,
            joined: joined(given),
        })
    }

    /// A summary of a space that is held already.
    ///
    /// # Errors
    /// When it is not what the protocol says.
    pub fn reach(&mut self, given: &Value) -> Result<Vec<Want>> {
        let told = Summary::read(given)?;
        let head = told.head;
        if head >= self.summary.head {
            self.summary = told;
            self.joined = joined(given);
        }
        if head <= self.high {
            return Ok(Vec::new());
        }
        if head - self.high > GAP || self.pages.is_empty() {
            return Ok(self.jump(head));
        }
        self.target = head;
        Ok(self.want_events())
    }

    /// An event, in any order and any number of times.
    pub fn receive(&mut self, event: Event, me: PersonId) -> (Vec<Want>, bool) {
        if event.seq > self.high {
            self.early.insert(event.seq, event);
        }
        self.pump(me)
    }

    /// Folds what follows without a gap. True when the device's own leaving was among it.
    pub fn pump(&mut self, me: PersonId) -> (Vec<Want>, bool) {
        while let Some(event) = self.early.remove(&(self.high + 1)) {
            self.fold(&event);
            if event.body.is_leaving_of(me) && event.seq >= self.joined {
                return (Vec::new(), true);
            }
        }
        self.early.retain(|seq, _| *seq > self.high);
        let Some(furthest) = self.early.keys().next_back().copied() else { return (Vec::new(), false) };
        if furthest - self.high > GAP {
            let mut wants = self.jump(furthest - 1);
            let (more, left) = self.pump(me);
            wants.extend(more);
            return (wants, left);
        }
        (self.want_events(), false)
    }

    /// What was fetched. Nothing means that one may not read here any more; then
    /// the word that one has left is on its way.
    pub fn filled(&mut self, events: Vec<Event>, me: PersonId) -> (Vec<Want>, bool) {
        self.filling = false;
        if events.is_empty() {
            return (Vec::new(), false);
        }
        for event in events.into_iter().filter(|event| event.seq > self.high) {
            self.early.insert(event.seq, event);
        }
        let (mut wants, left) = self.pump(me);
        if self.high < self.target && !left {
            wants.extend(self.want_events());
        }
        (wants, left)
    }

    fn want_events(&mut self) -> Vec<Want> {
        if std::mem::replace(&mut self.filling, true) { Vec::new() } else { vec![Want::Events] }
    }

    fn fold(&mut self, event: &Event) {
        let n = page_of(event.seq);
        // All that stands on this page will have come by: it can be begun here.
        let whole = n * PAGE > self.floor;
        if whole {
            self.pages.entry(n).or_insert_with(|| Page::blank(n, event.seq - 1));
        }
        for page in self.pages.values_mut().filter(|page| page.at >= self.floor) {
            page.fold(event);
        }
        self.summary.fold(event);
        self.high = event.seq;
        self.recent.push_back(event.clone());
        if self.recent.len() > RECENT {
            self.recent.pop_front();
        }
    }

    fn jump(&mut self, seq: Seq) -> Vec<Want> {
        self.high = seq;
        self.floor = seq;
        self.recent.clear();
        self.early.retain(|it, _| *it > seq);
        vec![Want::Page(page_of(seq))]
    }

    /// Whether nothing up to `high` is missing on the held page.
    pub fn is_fresh(&self, n: i64) -> bool {
        self.pages.get(&n).is_some_and(|page| page.at >= self.floor)
    }

    /// Takes a page of the server and leads it up to `high`; false when live
    /// events ran past what is remembered, so that it must be asked for again.
    pub fn take_page(&mut self, mut page: Page) -> bool {
        if page.at < self.floor {
            return false;
        }
        let held = self.pages.get(&page.n).filter(|held| held.at >= self.floor && held.at >= page.at);
        if held.is_some() {
            return true;
        }
        let first = self.recent.front().map_or(self.high + 1, |event| event.seq);
        if page.at < self.high && first > page.at + 1 {
            return false;
        }
        for event in &self.recent {
            page.fold(event);
        }
        self.pages.insert(page.n, page);
        true
    }

    /// "Not changed", said at `at` of a page held with this version.
    pub fn page_still_holds(&mut self, n: i64, version: Seq, at: Seq) -> bool {
        let Some(held) = self.pages.get(&n).filter(|held| held.version() == version) else { return false };
        let page = Page { at: held.at.max(at), ..held.clone() };
        self.take_page(page)
    }

    /// All rows, page after page.
    pub fn rows(&self) -> impl Iterator<Item = &madang_model::row::Row> {
        self.pages.values().flat_map(|page| page.rows.values())
    }
}
