//! What a message's shape needs beside the message: who people are, which bots are whose, when threads began.

use std::collections::HashMap;
use std::sync::Arc;

use madang_app::records::{PersonRecord, SpaceRecord};
use madang_app::{App, Result};
use madang_model::row::Row;
use madang_model::{AppId, PersonId, Seq};

use super::names::{House, channel_id};

pub struct Around {
    pub house: House,
    /// The id of the conversation.
    pub channel: String,
    pub people: HashMap<PersonId, PersonRecord>,
    /// Which app a bot belongs to.
    pub bots: HashMap<PersonId, AppId>,
    /// When the roots of threads were posted, and by whom.
    pub roots: HashMap<Seq, (i64, PersonId)>,
}

impl Around {
    /// What these rows need, as `viewer` may know it.
    ///
    /// # Errors
    /// What the house said.
    pub async fn load(
        app: &Arc<App>,
        house: House,
        viewer: PersonId,
        space: &SpaceRecord,
        rows: &[Row],
    ) -> Result<Around> {
        let mut authors: Vec<PersonId> = rows.iter().map(|it| it.author).collect();
        authors.sort_unstable();
        authors.dedup();
        let people = app.people_by_ids(viewer, authors).await?;
        let people: HashMap<PersonId, PersonRecord> = people.into_iter().map(|it| (it.id, it)).collect();
        let has_bots = people.values().any(|it| it.bot);
        let bots = if has_bots { app.apps().await? } else { Vec::new() };
        let bots = bots.into_iter().filter_map(|it| it.bot.map(|bot| (bot, it.id))).collect();
        let mut roots: Vec<Seq> = rows.iter().filter_map(|it| it.message()?.thread).collect();
        roots.sort_unstable();
        roots.dedup();
        let roots = app.times_of(viewer, space.facts.id, roots).await?;
        Ok(Around { house, channel: channel_id(space), people, bots, roots })
    }
}
