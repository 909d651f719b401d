//! Messages for one person's eyes: shown on their devices, kept nowhere.

use std::sync::Arc;

use madang_model::app_part::AppPart;
use madang_model::{AppId, PersonId, Seq, SpaceId};
use serde_json::{Value, json};

use crate::compose::Composed;
use crate::fail::Fail;
use crate::{Slack, ts};

#[derive(Debug, Clone)]
pub struct Ephemeral {
    pub id: String,
    pub app: Option<AppId>,
    /// Who says it.
    pub author: PersonId,
    /// Who sees it.
    pub person: PersonId,
    pub space: SpaceId,
    pub thread: Option<Seq>,
    pub at_us: i64,
    pub text: String,
    pub part: Option<Box<AppPart>>,
}

impl Slack {
    /// Shows something to one person, in a space that they see; gives it with its time. `id` is that of one whose place it
    /// takes.
    ///
    /// # Errors
    /// `user_not_in_channel`.
    pub async fn show_ephemeral(
        &self,
        (author, app): (PersonId, Option<AppId>),
        person: PersonId,
        (space, thread): (SpaceId, Option<Seq>),
        composed: Composed,
        id: Option<String>,
    ) -> Result<Arc<Ephemeral>, Fail> {
        let inside = self.app.space(person, space).await.is_ok_and(|it| it.me.is_some());
        if !inside {
            return Err(Fail::new("user_not_in_channel"));
        }
        let at_us = self.app.clock.now_us();
        let id = id.unwrap_or_else(|| ts::written(at_us).replace('.', "-"));
        let shown = Arc::new(Ephemeral {
            id: id.clone(),
            app,
            author,
            person,
            space,
            thread,
            at_us,
            text: composed.text,
            part: composed.part,
        });
        self.desk.ephemerals.insert(id, shown.clone());
        self.front.show(person, &shown.frame());
        Ok(shown)
    }

    /// Takes it away again.
    pub(super) fn hide_ephemeral(&self, id: &str) {
        if let Some(shown) = self.desk.ephemerals.remove(id) {
            let frame = json!({"type": "ephemeral_gone", "space": shown.space, "id": id});
            self.front.show(shown.person, &frame);
        }
    }

    /// One that this person was shown.
    pub(super) fn ephemeral(&self, person: PersonId, id: &str) -> Option<Arc<Ephemeral>> {
        self.desk.ephemerals.get(id).filter(|it| it.person == person)
    }
}

impl Ephemeral {
    fn frame(&self) -> Value {
        let mut frame = json!({
            "type": "ephemeral",
            "space": self.space,
            "id": self.id,
            "at": self.at_us,
            "author": self.author,
            "text": self.text,
        });
        if let Some(thread) = self.thread {
            frame["thread"] = json!(thread);
        }
        if let Some(part) = &self.part {
            frame["app"] = json!(part);
        }
        frame
    }
}
