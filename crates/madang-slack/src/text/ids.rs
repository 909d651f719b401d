//! Whom and what the ids in a text mean.

use madang_model::{PersonId, SpaceId, TeamId};

use crate::id;

/// How ids are read. Whoever knows other names of things (those of an imported house) looks them up first.
pub struct Ids<'a> {
    pub person: &'a dyn Fn(&str) -> Option<PersonId>,
    pub space: &'a dyn Fn(&str) -> Option<SpaceId>,
    /// The name of a user group, for which our texts have no sign.
    pub team: &'a dyn Fn(TeamId) -> Option<String>,
}

impl Ids<'static> {
    /// Ids are our numbers, and groups have no names.
    #[must_use]
    pub fn ours() -> Ids<'static> {
        Ids {
            person: &|given| id::number("UWB", given).map(PersonId),
            space: &|given| id::number("CDG", given).map(SpaceId),
            team: &|_| None,
        }
    }
}
