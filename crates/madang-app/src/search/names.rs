//! People and spaces by their names, by initial consonants too.

use std::collections::HashSet;
use std::sync::Arc;

use madang_model::permission::{HouseRight, may_in_house};
use madang_model::search::matches_name;
use madang_model::{PersonId, SpaceId};
use madang_store::db::Conn;
use madang_store::people::{self, PersonRecord};
use madang_store::{log, spaces};

use crate::app::App;
use crate::error::Result;
use crate::people::{seen_by, without_addresses, workspace};
use crate::spaces::Summary;

/// The most of one kind in an answer.
const NAMES: usize = 8;

impl App {
    /// Those whom the person may see, the shortest names first: they fit best.
    pub(super) async fn find_names(
        self: &Arc<Self>,
        person: PersonId,
        asked: String,
    ) -> Result<(Vec<PersonRecord>, Vec<Summary>)> {
        let app = self.clone();
        self.db
            .read(move |conn| {
                let fits = |name: &str| matches_name(name, &asked);
                Ok((people_by_name(conn, person, &fits)?, app.spaces_by_name(conn, person, &fits)?))
            })
            .await
    }

    fn spaces_by_name(
        &self,
        conn: &mut Conn,
        person: PersonId,
        fits: &dyn Fn(&str) -> bool,
    ) -> Result<Vec<Summary>> {
        let house = workspace(conn)?.id;
        let mut found = spaces::mine(conn, person, SpaceId(0), i64::MAX)?;
        if may_in_house(log::standing_in_house(conn, house, person)?, HouseRight::SeePeople).is_ok() {
            found.extend(spaces::open(conn, house, person, SpaceId(0), i64::MAX)?);
        }
        found.retain(|it| it.space.facts.deleted_until.is_none() && fits(&it.space.facts.name));
        found.sort_by_key(|it| (it.me.is_none(), it.space.facts.name.chars().count(), it.space.facts.id));
        found.truncate(NAMES);
        self.summarize(conn, person, found)
    }
}

fn people_by_name(
    conn: &mut Conn,
    person: PersonId,
    fits: &dyn Fn(&str) -> bool,
) -> Result<Vec<PersonRecord>> {
    let house = workspace(conn)?.id;
    let mut found = people::changed_after(conn, house, -1)?;
    found.retain(|it| it.standing().is_some() && fits(&it.name));
    let ids = found.iter().map(|it| it.id).collect();
    let seen: HashSet<PersonId> = seen_by(conn, house, person, ids)?.into_iter().collect();
    found.retain(|it| seen.contains(&it.id));
    found.sort_by_key(|it| (it.name.chars().count(), it.id));
    found.truncate(NAMES);
    let role = log::standing_in_house(conn, house, person)?;
    Ok(without_addresses(person, role, found))
}
