//! What is due is decided about: told, or not.

use std::collections::HashSet;
use std::sync::Arc;

use madang_model::PersonId;
use madang_model::register::{Involvement, Key};
use madang_store::db::Tx;
use madang_store::push::{self, Group, PushRecord};
use madang_store::{registers, spaces};
use serde_json::Value;

use super::STALE_US;
use super::quiet::is_quiet;
use crate::app::App;
use crate::error::Result;

/// Groups of one transaction.
const GROUPS: i64 = 64;

impl App {
    /// Decides about what is due; gives how many groups that were.
    pub(super) async fn decide_pushes(self: &Arc<Self>) -> Result<usize> {
        let now_us = self.clock.now_us();
        // Most looks find nothing, and a look need not wait for the writer.
        if self.db.read(move |conn| -> Result<_> { Ok(push::due(conn, now_us, 1)?) }).await?.is_empty() {
            return Ok(0);
        }
        let app = self.clone();
        self.db
            .write(move |tx| -> Result<usize> {
                let groups = push::due(tx, now_us, GROUPS)?;
                for group in &groups {
                    app.decide_group(tx, *group, now_us)?;
                }
                Ok(groups.len())
            })
            .await
    }

    fn decide_group(&self, tx: &mut Tx, group: Group, now_us: i64) -> Result<()> {
        let (person, space) = group;
        let Some(mine) = spaces::mine_one(tx, person, space)? else {
            return Ok(push::forget_space(tx, group)?);
        };
        let Some(me) = mine.me else { return Ok(push::forget_space(tx, group)?) };
        let all = push::told(tx, group)?;
        let Some(last) =
            all.iter().filter(|it| it.due_at.is_some_and(|due| due <= now_us)).map(|it| it.seq).max()
        else {
            return Ok(());
        };
        let unwanted: Vec<i64> =
            all.iter().filter(|it| !is_wanted(me.level, &it.kind)).map(|it| it.seq).collect();
        push::decide(tx, group, me.read_seq, &unwanted, last)?;
        let unwanted: HashSet<i64> = unwanted.into_iter().collect();
        let is_news = |it: &&PushRecord| {
            let is_due = it.due_at.is_some_and(|due| due <= now_us);
            is_due && it.seq > me.read_seq && !unwanted.contains(&it.seq) && now_us - it.at_us < STALE_US
        };
        let Some(news) = all.iter().filter(is_news).map(|it| it.seq).max() else { return Ok(()) };
        if mine.space.facts.deleted_until.is_some() || is_quiet(&settings(tx, person)?, now_us) {
            return Ok(());
        }
        for device in push::of_person(tx, person, now_us)? {
            if !self.is_in_sight(device.session) {
                push::out(tx, device.session, space, news, now_us)?;
            }
        }
        Ok(())
    }
}

/// How much the person wants to hear of the space, as the client that is open reads it too.
pub(crate) fn is_wanted(level: Involvement, kind: &str) -> bool {
    match level {
        Involvement::Everything => true,
        Involvement::Mentions => {
            matches!(kind, "mention" | "everyone" | "reminder" | "missed_call")
                || kind.starts_with("meeting_")
        }
        Involvement::Nothing => false,
    }
}

/// What the person chose for all their devices.
pub(crate) fn settings(conn: &mut madang_store::db::Conn, person: PersonId) -> Result<Value> {
    Ok(registers::get(conn, person, &Key::Settings)?.map_or(Value::Null, |it| it.value))
}
