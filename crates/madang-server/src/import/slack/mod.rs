//! A workspace export of Slack: a ZIP with lists of people and channels, and a folder of days for each channel.
//!
//! The format as its importers have found it: names are UTF-8 without the flag that says so; private channels and
//! direct messages are there only in some exports; files are links, and lie under `__uploads/` when a tool fetched
//! them.

mod chest;
mod message;
mod wire;

use std::collections::HashMap;
use std::path::Path;

use anyhow::{Context, Result, bail};
use madang_app::import::{Export, OldPart, OldPerson, OldPin, OldRole, OldSpace};
use madang_model::space::SpaceKind;

use chest::Chest;
use wire::{Channel, User};

/// A Slack export that was opened.
pub struct Slack {
    chest: Chest,
    house: String,
    users: Vec<User>,
    /// The days of each space, in order.
    days: HashMap<String, Vec<String>>,
}

impl Slack {
    /// Opens a ZIP.
    ///
    /// # Errors
    /// In words, when it is no Slack export.
    pub fn open(file: &Path) -> Result<Slack> {
        let mut chest = Chest::open(file)?;
        let users: Vec<User> = chest
            .json("users.json")?
            .context("there is no users.json in this ZIP: give the file that Slack's export page made")?;
        let house = match users
            .iter()
            .find_map(|it| it.team_id.as_deref())
            .or(users.first().map(|it| it.id.as_str()))
        {
            Some(id) if id.len() <= 18 && id.bytes().all(|it| it.is_ascii_alphanumeric()) => {
                format!("slack-{id}")
            }
            Some(id) => bail!("users.json names the workspace \"{id}\", which is no Slack id"),
            None => bail!("users.json holds nobody"),
        };
        Ok(Slack { chest, house, users, days: HashMap::new() })
    }

    fn name_of(&self, id: &str) -> String {
        self.users.iter().find(|it| it.id == id).map_or_else(|| id.to_owned(), User::shown)
    }

    fn space(&self, channel: Channel, kind: SpaceKind) -> OldSpace {
        let name = match (kind, &channel.name) {
            (SpaceKind::Direct, _) | (_, None) => {
                let names: Vec<String> = channel.members.iter().map(|id| self.name_of(id)).collect();
                names.join(", ")
            }
            (_, Some(name)) => name.clone(),
        };
        let said =
            |it: &Option<wire::Said>| it.as_ref().map(|it| it.value.clone()).filter(|it| !it.is_empty());
        let pins = channel.pins.iter().map(|pin| OldPin {
            message: pin.id.clone(),
            by: pin.user.clone(),
            at_us: pin.created.saturating_mul(1_000_000),
        });
        OldSpace {
            description: said(&channel.purpose).or_else(|| said(&channel.topic)).unwrap_or_default(),
            kind,
            creator: channel.creator.filter(|it| !it.is_empty()),
            created_us: (channel.created > 0).then(|| channel.created.saturating_mul(1_000_000)),
            people: channel.members,
            archived: channel.is_archived,
            pins: pins.collect(),
            name,
            key: channel.id,
        }
    }
}

/// The lists of spaces, and what each holds.
const LISTS: [(&str, SpaceKind); 4] = [
    ("channels.json", SpaceKind::Open),
    ("groups.json", SpaceKind::Closed),
    ("mpims.json", SpaceKind::Direct),
    ("dms.json", SpaceKind::Direct),
];

impl Export for Slack {
    fn house(&self) -> String {
        self.house.clone()
    }

    fn people(&mut self) -> Result<Vec<OldPerson>> {
        Ok(self
            .users
            .iter()
            .map(|user| OldPerson {
                key: user.id.clone(),
                name: user.shown(),
                email: user.profile.email.clone().filter(|_| !user.is_bot()),
                bot: user.is_bot(),
                role: match user {
                    _ if user.deleted || user.is_bot() => OldRole::Gone,
                    _ if user.is_restricted || user.is_ultra_restricted => OldRole::Guest,
                    _ => OldRole::Member,
                },
            })
            .collect())
    }

    fn spaces(&mut self) -> Result<Vec<OldSpace>> {
        let mut spaces = Vec::new();
        for (list, kind) in LISTS {
            let channels: Vec<Channel> = self.chest.json(list)?.unwrap_or_default();
            for channel in channels {
                let folders = [channel.name.clone().unwrap_or_default(), channel.id.clone()];
                let days = folders.iter().filter(|it| !it.is_empty()).find_map(|it| self.chest.days(it));
                self.days.insert(channel.id.clone(), days.unwrap_or_default());
                spaces.push(self.space(channel, kind));
            }
        }
        if spaces.is_empty() {
            bail!("this ZIP lists no channel: channels.json is missing or empty");
        }
        Ok(spaces)
    }

    fn messages(&mut self, space: &str, n: usize) -> Result<Option<OldPart>> {
        let Some(day) = self.days.get(space).and_then(|days| days.get(n)).cloned() else { return Ok(None) };
        let lines: Vec<serde_json::Value> = self.chest.json(&day)?.unwrap_or_default();
        let mut part = OldPart::default();
        for line in lines {
            message::read(line, &mut part);
        }
        part.messages.sort_by_key(|it| it.at_us);
        Ok(Some(part))
    }

    fn file(&mut self, key: &str, to: &Path) -> Result<bool> {
        self.chest.upload(key, to)
    }
}

#[cfg(test)]
mod tests;
