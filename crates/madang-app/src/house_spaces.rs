//! The spaces and join links of the whole house, for those who run it. Nothing
//! of what is said in them, and no name of a closed space that the reader is
//! not in: running the house opens no door.

use std::sync::Arc;

use madang_model::audit::{Act, Object};
use madang_model::permission::{HouseRight, Right, may, may_in_house};
use madang_model::refusal::Thing;
use madang_model::{PersonId, Refusal, SpaceId};
use madang_store::db::Conn;
use madang_store::links::{self, LinkRecord};
use madang_store::log::{self, SpaceRecord};
use madang_store::spaces;
use serde_json::json;

use crate::app::App;
use crate::audit::by;
use crate::error::Result;
use crate::people::workspace;

/// Links that are listed.
const LINKS: i64 = 1_000;

/// A part of the list of spaces.
#[derive(Debug, Clone)]
pub struct HouseSpaces {
    pub spaces: Vec<SpaceRecord>,
    /// Closed spaces of this part that are not the reader's to see.
    pub hidden: usize,
    /// Where the next part begins, unless this was the last.
    pub next: Option<SpaceId>,
}

impl App {
    /// Spaces that the reader may look after, in id order.
    ///
    /// # Errors
    /// `NotAllowed`, or what the store said.
    pub async fn house_spaces(
        self: &Arc<Self>,
        reader: PersonId,
        after: Option<SpaceId>,
        limit: i64,
    ) -> Result<HouseSpaces> {
        self.db
            .read(move |conn| {
                let house = workspace(conn)?.id;
                may_in_house(log::standing_in_house(conn, house, reader)?, HouseRight::SeeOverview)?;
                let limit = limit.clamp(1, 200);
                let all = spaces::of_house(conn, house, after.unwrap_or(SpaceId(0)), limit)?;
                let next = all.last().filter(|_| all.len() as i64 == limit).map(|it| it.facts.id);
                let mut found = HouseSpaces { spaces: Vec::new(), hidden: 0, next };
                for space in all {
                    if sees(conn, reader, &space)? {
                        found.spaces.push(space);
                    } else {
                        found.hidden += 1;
                    }
                }
                Ok(found)
            })
            .await
    }

    /// Every join link that still lets somebody in, newest first, each with the name of its space where the reader may know it.
    ///
    /// # Errors
    /// `NotAllowed`, or what the store said.
    pub async fn house_links(
        self: &Arc<Self>,
        reader: PersonId,
    ) -> Result<Vec<(LinkRecord, Option<String>)>> {
        let now_us = self.clock.now_us();
        self.db
            .read(move |conn| {
                let house = workspace(conn)?.id;
                may_in_house(log::standing_in_house(conn, house, reader)?, HouseRight::ManageLinks)?;
                let mut found = Vec::new();
                for link in links::all(conn, LINKS)?.into_iter().filter(|it| it.is_good(now_us)) {
                    let name = match log::space(conn, link.space)? {
                        Some(space) if sees(conn, reader, &space)? => Some(space.facts.name),
                        _ => None,
                    };
                    found.push((link, name));
                }
                Ok(found)
            })
            .await
    }

    /// Ends a link, whatever space it leads into: that takes something from nobody but its bearer.
    ///
    /// # Errors
    /// `NotAllowed`, `NotFound`, or what the store said.
    pub async fn revoke_any_link(self: &Arc<Self>, person: PersonId, link: i64) -> Result<()> {
        let (app, by) = (self.clone(), by(person));
        self.db
            .write(move |tx| {
                let house = workspace(tx)?.id;
                may_in_house(log::standing_in_house(tx, house, person)?, HouseRight::ManageLinks)?;
                let record = links::one(tx, link)?.ok_or(Refusal::NotFound(Thing::Link))?;
                links::revoke(tx, record.space, link)?;
                let about = json!({"space": record.space.to_string()});
                app.write_down(tx, by, Act::LinkRevoked, Object::Link(link), about)
            })
            .await
    }
}

/// A deleted space is there for whoever may restore it.
pub(crate) fn sees(conn: &mut Conn, reader: PersonId, space: &SpaceRecord) -> Result<bool> {
    let right = if space.facts.deleted_until.is_some() { Right::Restore } else { Right::Read };
    Ok(may(&log::standing(conn, &space.facts, reader)?, right, &space.facts).is_ok())
}
