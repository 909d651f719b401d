//! Ids, times and names as Slack writes them.

use madang_app::records::{SpaceRecord, WorkspaceRecord};
use madang_model::id::ID_EPOCH_MS;
use madang_model::space::SpaceKind;
use madang_model::{AppId, FileId, PersonId, SpaceId, TeamId, WorkspaceId};

use crate::id::written;
pub use crate::ts::written as ts;

/// What every shape says of the house.
#[derive(Debug, Clone)]
pub struct House {
    pub id: WorkspaceId,
    pub name: String,
    /// Where people find it, without a slash at the end.
    pub url: String,
}

impl House {
    #[must_use]
    pub fn of(workspace: &WorkspaceRecord, public_url: &str) -> House {
        House {
            id: workspace.id,
            name: workspace.name.clone(),
            url: public_url.trim_end_matches('/').to_owned(),
        }
    }

    #[must_use]
    pub fn team(&self) -> String {
        written("T", self.id.0)
    }

    /// The name in addresses: `team.domain`.
    #[must_use]
    pub fn domain(&self) -> String {
        let host = self.url.split("://").last().unwrap_or_default();
        host.split([':', '/', '.']).next().unwrap_or_default().to_owned()
    }
}

#[must_use]
pub fn person_id(person: PersonId) -> String {
    written("U", person.0)
}

/// Of a bot: the number of its person.
#[must_use]
pub fn bot_id(person: PersonId) -> String {
    written("B", person.0)
}

#[must_use]
pub fn app_id(app: AppId) -> String {
    written("A", app.0)
}

#[must_use]
pub fn file_id(file: FileId) -> String {
    written("F", file.0)
}

#[must_use]
pub fn group_id(team: TeamId) -> String {
    written("S", team.0)
}

/// `C…`, or `D…` for a conversation of two and `G…` for one of more.
#[must_use]
pub fn channel_id(space: &SpaceRecord) -> String {
    channel_id_of(space.facts.id, space.facts.kind, people_of_direct(space))
}

/// As `channel_id`; `people` counts of a direct space only.
#[must_use]
pub fn channel_id_of(space: SpaceId, kind: SpaceKind, people: usize) -> String {
    let letter = match kind {
        SpaceKind::Direct if people > 2 => "G",
        SpaceKind::Direct => "D",
        _ => "C",
    };
    written(letter, space.0)
}

/// How many people a direct space is for.
#[must_use]
pub fn people_of_direct(space: &SpaceRecord) -> usize {
    match &space.direct_key {
        Some(key) => key.split([',', '-', '|', ' ']).filter(|it| !it.is_empty()).count(),
        None => usize::try_from(space.facts.members).unwrap_or_default(),
    }
}

/// When something was made: ids know it. Seconds since 1970.
#[must_use]
pub fn made_at(id: i64) -> i64 {
    ((id >> 22) + ID_EPOCH_MS) / 1_000
}

/// A name as handles and channel names are written: lower case, without spaces.
#[must_use]
pub fn handle(name: &str, between: char) -> String {
    let mut out = String::new();
    for c in name.trim().chars() {
        if c.is_alphanumeric() || "_-.".contains(c) {
            out.extend(c.to_lowercase());
        } else if !out.ends_with(between) && !out.is_empty() {
            out.push(between);
        }
    }
    let out = out.trim_end_matches(between).to_owned();
    if out.is_empty() { "-".to_owned() } else { out.chars().take(80).collect() }
}
