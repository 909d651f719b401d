//! Finding with pages by number, for clients that ask for the third page and for how many there are.

use std::sync::Arc;

use madang_model::PersonId;
use madang_model::search;
use madang_store::search::Wanted;

use super::{FoundFile, FoundMessage, Question, What, once_each, scope};
use crate::app::App;
use crate::error::Result;

/// Hits that are counted: the newest, or the best of them.
const COUNTED: i64 = 1_000;

/// One page, and how many there are of which.
#[derive(Debug, Clone, Default)]
pub struct Numbered {
    pub messages: Vec<FoundMessage>,
    pub messages_total: usize,
    pub files: Vec<FoundFile>,
    pub files_total: usize,
}

impl App {
    /// What stands at `from` and after it, `count` of each kind. Up to a thousand are counted.
    ///
    /// # Errors
    /// As `search`.
    pub async fn search_numbered(
        self: &Arc<Self>,
        person: PersonId,
        question: Question,
        from: usize,
        count: usize,
    ) -> Result<Numbered> {
        let mut found = Numbered::default();
        let ask = search::read(&question.text);
        if ask.is_empty() {
            return Ok(found);
        }
        let days = scope::days(&ask, question.time_zone.as_deref(), self.clock.now_us())?;
        let Some(wanted) = self.wanted(person, &ask, days, &question).await? else { return Ok(found) };
        let wanted = Wanted { limit: COUNTED, ..wanted };
        if matches!(question.what, What::All | What::Messages) {
            let hits = self.hits(&wanted, question.best).await?.0;
            found.messages_total = hits.len();
            let page = hits.into_iter().skip(from).take(count).collect();
            found.messages = self.messages_at(person, &ask, page).await?;
        }
        if matches!(question.what, What::All | What::Files) {
            let wanted = Wanted { files: true, ..wanted };
            let mut files = Vec::new();
            once_each(&mut files, self.hits(&wanted, question.best).await?.0);
            found.files_total = files.len();
            let page = files.into_iter().skip(from).take(count).collect();
            found.files = self.files_at(person, &ask, page).await?;
        }
        Ok(found)
    }
}
