//! Everything: people, spaces with what was said in them, files, and the audit log.

use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Result;
use madang_app::export::{ExportedSpace, Work};
use madang_app::{App, AuditQuery, Desk};
use madang_model::position::PAGE;
use madang_model::space::SpaceKind;
use madang_model::{FileId, SpaceId};
use madang_store::files::FileRecord;
use madang_store::log::SpaceRecord;
use madang_store::retention::RetentionRule;
use serde_json::{Value, json};
use zip::ZipWriter;

use super::archive::Archive;
use super::readme;
use super::room::Roomy;
use crate::wire::audit::AuditEntry;
use crate::wire::house::Workspace;
use crate::wire::person::Person;

/// Entries of the audit log that are read in one go.
const STEP: i64 = 200;
/// How often the house is asked to keep contents that are removed meanwhile.
const ASK: Duration = Duration::from_secs(60);

/// Writes an export to a path, on a thread that may wait. Gives its length; nothing of it stays when it fails.
///
/// # Errors
/// What the disk or the store said, or that it was stopped.
pub fn write(app: &Arc<App>, work: &Arc<Work>, path: PathBuf) -> Result<u64> {
    write_to(app, work, &path).inspect_err(|_| {
        // Not there is as good.
        let _ = std::fs::remove_file(&path);
    })
}

fn write_to(app: &Arc<App>, work: &Arc<Work>, path: &Path) -> Result<u64> {
    let zip = Archive::new(ZipWriter::new(BufWriter::new(Roomy::create(path)?)));
    let mut house = House { app, work, zip, at_us: app.clock.now_us(), asked: None, missing: Vec::new() };
    house.all()?;
    let file = house.zip.finish()?.into_inner().map_err(std::io::IntoInnerError::into_error)?;
    Ok(file.keep()?)
}

struct House<'a> {
    app: &'a Arc<App>,
    work: &'a Work,
    zip: Archive<BufWriter<Roomy>>,
    /// When it began.
    at_us: i64,
    asked: Option<Instant>,
    /// Files whose contents were not there.
    missing: Vec<Value>,
}

impl House<'_> {
    fn all(&mut self) -> Result<()> {
        self.keep_contents()?;
        self.work.expect(self.zip.wait(self.app.measure_export(self.work.private))?);
        self.zip.begin("README.txt", self.at_us, false)?;
        self.zip.words(&readme::house(self.work.private))?;
        self.workspace()?;
        self.people()?;
        self.desks()?;
        let mut after = SpaceId(0);
        loop {
            let spaces = self.zip.wait(self.app.exported_spaces(self.work.private, after))?;
            let Some(last) = spaces.last() else { break };
            after = last.facts.id;
            for space in &spaces {
                self.space(space)?;
            }
        }
        self.audit()?;
        if !self.missing.is_empty() {
            self.zip.value("missing.json", self.at_us, &self.missing)?;
        }
        Ok(())
    }

    fn workspace(&mut self) -> Result<()> {
        let found = self.zip.wait(self.app.workspace())?.ok_or(madang_model::Refusal::NotSetUp)?;
        let (teams, rules) = self.zip.wait(self.app.exported_house())?;
        let teams: Vec<Value> = teams
            .iter()
            .map(|it| json!({"id": it.id, "name": it.name, "members": it.members, "spaces": it.spaces}))
            .collect();
        let rule = rules.iter().find(|it| it.space.is_none()).map(rule);
        let value = json!({
            "format": 1, "workspace": Workspace::from(found), "epoch": self.app.epoch(), "exported_at": self.at_us,
            "exported_by": self.work.person, "private": self.work.private, "teams": teams, "retention": rule,
        });
        self.zip.value("workspace.json", self.at_us, &value)
    }

    /// Desks, also those that ended; what is said at them is in the spaces of their tickets.
    fn desks(&mut self) -> Result<()> {
        let desks = self.zip.wait(self.app.exported_desks())?;
        let desk = |it: &Desk| {
            let agents: Vec<Value> = it
                .agents
                .iter()
                .map(|it| json!({"person": it.person, "skills": it.skills, "languages": it.languages}))
                .collect();
            json!({
                "id": it.record.id, "key": it.record.key, "settings": it.record.settings,
                "ended_at": it.record.ended_at, "agents": agents, "teams": it.teams,
            })
        };
        let desks: Vec<Value> = desks.iter().map(desk).collect();
        self.zip.value("desks.json", self.at_us, &desks)
    }

    /// Everybody who ever was here, without passwords and tokens; and the pictures that they have.
    fn people(&mut self) -> Result<()> {
        let everybody = self.zip.wait(self.app.everybody())?;
        self.zip.begin("people.jsonl", self.at_us, true)?;
        for record in &everybody {
            let mut person = serde_json::to_value(Person::from(record))?;
            person["language"] = json!(record.language);
            self.zip.line(&person)?;
        }
        let pictures: Vec<FileId> = everybody.iter().filter_map(|it| it.picture).collect();
        pictures.chunks(100).try_for_each(|some| self.pictures(some))
    }

    fn space(&mut self, listed: &SpaceRecord) -> Result<()> {
        let id = listed.facts.id;
        if listed.facts.kind != SpaceKind::Open {
            // First told, then written.
            self.zip.wait(self.app.tell_of_export(id, self.work))?;
        }
        let Some(space) = self.zip.wait(self.app.exported_space(id))? else { return Ok(()) };
        self.zip.value(&format!("spaces/{id}/space.json"), self.at_us, &self.about(&space))?;
        self.zip.begin(&format!("spaces/{id}/messages.jsonl"), self.at_us, true)?;
        let head = space.record.facts.head;
        for page in 0..=head / PAGE {
            for row in self.zip.wait(self.app.exported_rows(&space.record, page))? {
                self.zip.line(&row)?;
            }
            self.went_on(PAGE.min(head - page * PAGE))?;
        }
        if let Some(picture) = space.record.picture {
            self.pictures(&[picture])?;
        }
        let mut before = FileId(i64::MAX);
        loop {
            let files = self.zip.wait(self.app.exported_files(id, before))?;
            let Some(last) = files.last() else { return Ok(()) };
            before = last.file.id;
            for file in &files {
                self.file(file)?;
            }
        }
    }

    fn about(&self, space: &ExportedSpace) -> Value {
        let facts = &space.record.facts;
        let members: Vec<Value> = space
            .members
            .iter()
            .map(|it| json!({"person": it.person, "role": it.role, "joined_at": it.joined_at}))
            .collect();
        let bookmarks: Vec<_> = space.bookmarks.iter().map(|it| &it.bookmark).collect();
        let pins: Vec<i64> = space.pinned.iter().map(|it| it.seq).collect();
        json!({
            "id": facts.id, "kind": facts.kind, "name": facts.name, "description": facts.description,
            "archived": facts.archived, "picture": space.record.picture,
            "head": {"epoch": self.app.epoch(), "seq": facts.head}, "members": members, "pins": pins, "bookmarks": bookmarks,
            "retention": space.rule.as_ref().map(rule),
        })
    }

    fn pictures(&mut self, ids: &[FileId]) -> Result<()> {
        for file in self.zip.wait(self.app.exported_pictures(ids.to_vec()))? {
            self.file(&file)?;
        }
        Ok(())
    }

    fn file(&mut self, record: &FileRecord) -> Result<()> {
        let work = self.work;
        if !self.zip.file(self.app, record, || Ok(work.went_on(0)?))? {
            self.missing.push(json!({"file": record.file.id, "name": record.file.name}));
        }
        self.went_on(0)
    }

    /// As its owners read it: names of closed spaces are in it only where whoever asked is in them.
    fn audit(&mut self) -> Result<()> {
        self.zip.begin("audit.jsonl", self.at_us, true)?;
        let mut before = None;
        loop {
            let asked = self.app.audit(self.work.person, AuditQuery::default(), before, STEP);
            let lines = self.zip.wait(asked)?;
            let Some(last) = lines.last() else { return Ok(()) };
            before = Some(last.record.seq);
            for line in lines {
                self.zip.words(&AuditEntry::from(line).json_line())?;
            }
            self.went_on(0)?;
        }
    }

    fn went_on(&mut self, events: i64) -> Result<()> {
        self.work.went_on(events)?;
        if self.asked.is_none_or(|at| at.elapsed() > ASK) {
            self.keep_contents()?;
        }
        Ok(())
    }

    fn keep_contents(&mut self) -> Result<()> {
        self.asked = Some(Instant::now());
        Ok(self.zip.wait(self.app.keep_contents_for_now())?)
    }
}

fn rule(rule: &RetentionRule) -> Value {
    json!({"days": rule.days, "keep_pinned": rule.keep_pinned})
}
