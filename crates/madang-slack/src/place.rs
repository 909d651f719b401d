//! Spaces, people and messages as arguments name them.

use madang_model::{PersonId, Seq, SpaceId};

use crate::call::Call;
use crate::fail::Fail;
use crate::{Slack, id, ts};

/// The letters that a space's id may begin with.
pub const SPACES: &str = "CDG";
/// The letters that a person's id may begin with.
pub const PEOPLE: &str = "UWB";

impl Slack {
    /// The space of an id, also of one that it had in another house.
    ///
    /// # Errors
    /// What the store said.
    pub async fn space_called(&self, name: &str) -> Result<Option<SpaceId>, Fail> {
        // Some send an id as if it were a name.
        let name = name.trim().trim_start_matches('#');
        if name.starts_with(|it| SPACES.contains(it))
            && let Some(space) = self.brought(name).await?
        {
            return Ok(Some(space));
        }
        Ok(id::number(SPACES, name).map(SpaceId))
    }

    /// The person of an id, also of one that they had in another house.
    ///
    /// # Errors
    /// What the store said.
    pub async fn person_called(&self, name: &str) -> Result<Option<PersonId>, Fail> {
        let name = name.trim();
        if name.starts_with(|it| PEOPLE.contains(it))
            && let Some(person) = self.app.person_from_elsewhere(name).await?
        {
            return Ok(Some(person));
        }
        Ok(id::number(PEOPLE, name).map(PersonId))
    }
}

impl Call {
    /// The space that an argument names, by its id, or by its name for those who see it.
    ///
    /// # Errors
    /// `channel_not_found`.
    pub async fn space(&self, argument: &str) -> Result<SpaceId, Fail> {
        let missing = || Fail::new("channel_not_found");
        let name = self.args.text(argument).ok_or_else(missing)?;
        if let Some(space) = self.slack.space_called(&name).await? {
            return Ok(space);
        }
        // Old senders name a channel as people do.
        let wanted = name.trim_start_matches('#');
        self.slack.app.space_named(self.person(), wanted).await?.ok_or_else(missing)
    }

    /// The person whom an argument names.
    ///
    /// # Errors
    /// `user_not_found`.
    pub async fn person_of(&self, argument: &str) -> Result<PersonId, Fail> {
        let missing = || Fail::new("user_not_found");
        let name = self.args.text(argument).ok_or_else(missing)?;
        self.slack.person_called(&name).await?.ok_or_else(missing)
    }

    /// The message that an argument names by its time.
    ///
    /// # Errors
    /// `code` when there is none.
    pub async fn message(&self, space: SpaceId, argument: &str, code: &'static str) -> Result<Seq, Fail> {
        let missing = || Fail::new(code);
        let at = self.args.text(argument).as_deref().and_then(ts::read).ok_or_else(missing)?;
        self.slack.app.seq_at(space, at).await?.ok_or_else(missing)
    }
}
