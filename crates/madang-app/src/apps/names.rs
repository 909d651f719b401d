//! Other names of what is here: of messages by their time, and of what came from another house.

use std::sync::Arc;

use madang_model::permission::{Right, may};
use madang_model::space::SpaceKind;
use madang_model::{PersonId, Seq, SpaceId, name};
use madang_store::{imports, log, people, spaces};

use crate::app::App;
use crate::error::Result;
use crate::people::workspace;

impl App {
    /// The message, or whatever stands in the space at this very microsecond.
    ///
    /// # Errors
    /// What the store said.
    pub async fn seq_at(self: &Arc<Self>, space: SpaceId, at_us: i64) -> Result<Option<Seq>> {
        self.db.read(move |conn| -> Result<_> { Ok(log::message_at(conn, space, at_us)?) }).await
    }

    /// The person who had this id in a house that was brought here from Slack.
    ///
    /// # Errors
    /// What the store said.
    pub async fn person_from_elsewhere(self: &Arc<Self>, key: &str) -> Result<Option<PersonId>> {
        let key = key.to_owned();
        self.db
            .read(move |conn| -> Result<_> {
                Ok(imports::from_anywhere(conn, imports::Kind::Person, &key)?.map(PersonId))
            })
            .await
    }

    /// The space that had this id in a house that was brought here from Slack.
    ///
    /// # Errors
    /// What the store said.
    pub async fn space_from_elsewhere(self: &Arc<Self>, key: &str) -> Result<Option<SpaceId>> {
        let key = key.to_owned();
        self.db
            .read(move |conn| -> Result<_> {
                Ok(imports::from_anywhere(conn, imports::Kind::Space, &key)?.map(SpaceId))
            })
            .await
    }

    /// The space of this name that the person is in, or may come into: the oldest, if there are several.
    ///
    /// # Errors
    /// What the store said.
    pub async fn space_named(self: &Arc<Self>, person: PersonId, called: &str) -> Result<Option<SpaceId>> {
        let folded = name::fold(called);
        self.db
            .read(move |conn| -> Result<_> {
                let house = workspace(conn)?.id;
                for space in spaces::called(conn, house, &folded)? {
                    let Some(record) = log::space(conn, space)? else { continue };
                    let actor = log::standing(conn, &record.facts, person)?;
                    if may(&actor, Right::Read, &record.facts).is_ok() {
                        return Ok(Some(space));
                    }
                }
                Ok(None)
            })
            .await
    }

    /// Somebody of the house of this name.
    ///
    /// # Errors
    /// What the store said.
    pub async fn person_with_name(self: &Arc<Self>, called: &str) -> Result<Option<PersonId>> {
        let folded = name::fold(called);
        self.db
            .read(move |conn| -> Result<_> {
                let house = workspace(conn)?.id;
                let found = people::of_house(conn, house, &folded, &(String::new(), PersonId(0)), 100)?;
                // A handle has no blanks in it.
                let is_it = |name: &str| name::fold(name).replace(' ', ".") == folded.replace(' ', ".");
                Ok(found.into_iter().find(|it| is_it(&it.name)).map(|it| it.id))
            })
            .await
    }

    /// The open space of this name.
    ///
    /// # Errors
    /// What the store said.
    pub async fn open_space_named(self: &Arc<Self>, called: &str) -> Result<Option<SpaceId>> {
        let folded = name::fold(called);
        self.db
            .read(move |conn| -> Result<_> {
                let house = workspace(conn)?.id;
                for space in spaces::called(conn, house, &folded)? {
                    if log::space(conn, space)?.is_some_and(|it| it.facts.kind == SpaceKind::Open) {
                        return Ok(Some(space));
                    }
                }
                Ok(None)
            })
            .await
    }
}
