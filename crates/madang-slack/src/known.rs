//! What is said of the house with every message and changes seldom: looked up once in a few seconds.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use madang_app::records::PersonRecord;
use madang_model::{AppId, PersonId, SpaceId};
use moka::sync::Cache;

use crate::Slack;
use crate::fail::Fail;
use crate::shapes::House;

/// What changed is forgotten at once, if it is announced; the rest is seen after so long at most.
const FRESH: Duration = Duration::from_secs(3);

/// Letters of the longest id that is remembered.
const ID: usize = 24;

pub struct Known {
    house: Cache<(), House>,
    bots: Cache<(), Arc<HashMap<PersonId, AppId>>>,
    people: Cache<PersonId, Arc<PersonRecord>>,
    channels: Cache<SpaceId, String>,
    /// Ids of spaces as callers give them, with what had them in another house.
    elsewhere: Cache<String, Option<SpaceId>>,
}

impl Known {
    /// This person changed; they may be the bot of an app that was installed now.
    pub(crate) fn forget(&self, person: PersonId) {
        self.people.invalidate(&person);
        self.bots.invalidate_all();
    }

    pub(crate) fn forget_all(&self) {
        self.house.invalidate_all();
        self.people.invalidate_all();
        self.bots.invalidate_all();
    }
}

impl Default for Known {
    fn default() -> Known {
        Known {
            house: Cache::builder().max_capacity(1).time_to_live(FRESH).build(),
            bots: Cache::builder().max_capacity(1).time_to_live(FRESH).build(),
            people: Cache::builder().max_capacity(10_000).time_to_live(FRESH).build(),
            channels: Cache::builder().max_capacity(10_000).time_to_live(FRESH).build(),
            elsewhere: Cache::builder().max_capacity(10_000).time_to_live(FRESH).build(),
        }
    }
}

impl Slack {
    /// # Errors
    /// `team_not_found` before the house is set up.
    pub async fn house(&self) -> Result<House, Fail> {
        if let Some(house) = self.known.house.get(&()) {
            return Ok(house);
        }
        let workspace = self.app.workspace().await?.ok_or_else(|| Fail::new("team_not_found"))?;
        let house = House::of(&workspace, &self.app.config.public_url);
        self.known.house.insert((), house.clone());
        Ok(house)
    }

    /// Which app each bot belongs to.
    ///
    /// # Errors
    /// What the store said.
    pub async fn bots(&self) -> Result<Arc<HashMap<PersonId, AppId>>, Fail> {
        if let Some(bots) = self.known.bots.get(&()) {
            return Ok(bots);
        }
        self.bots_anew().await
    }

    /// The same, as they are at this moment.
    ///
    /// # Errors
    /// What the store said.
    pub async fn bots_anew(&self) -> Result<Arc<HashMap<PersonId, AppId>>, Fail> {
        let apps = self.app.apps().await?;
        let bots = Arc::new(apps.into_iter().filter_map(|it| it.bot.map(|bot| (bot, it.id))).collect());
        self.known.bots.insert((), Arc::clone(&bots));
        Ok(bots)
    }

    /// How a space is called in answers. It says nothing of whether anybody may know the space: whoever posts there is
    /// asked that in the transaction that posts.
    pub(crate) fn channel_called(&self, space: SpaceId) -> Option<String> {
        self.known.channels.get(&space)
    }

    pub(crate) fn remember_channel(&self, space: SpaceId, channel: &str) {
        self.known.channels.insert(space, channel.to_owned());
    }

    /// The space that had this id in a house that was brought here. What is no id is looked for each time: it would fill
    /// the memory.
    ///
    /// # Errors
    /// What the store said.
    pub(crate) async fn brought(&self, name: &str) -> Result<Option<SpaceId>, Fail> {
        if name.len() > ID {
            return Ok(self.app.space_from_elsewhere(name).await?);
        }
        if let Some(known) = self.known.elsewhere.get(name) {
            return Ok(known);
        }
        let found = self.app.space_from_elsewhere(name).await?;
        self.known.elsewhere.insert(name.to_owned(), found);
        Ok(found)
    }

    /// Whoever asks, as they are.
    ///
    /// # Errors
    /// What the store said.
    pub(crate) async fn whoever_asks(&self, person: PersonId) -> Result<Arc<PersonRecord>, Fail> {
        if let Some(known) = self.known.people.get(&person) {
            return Ok(known);
        }
        let record = Arc::new(self.app.person(person).await?);
        self.known.people.insert(person, Arc::clone(&record));
        Ok(record)
    }
}
