//! A message as apps send it, read into one of ours: wherever one may be sent (`chat.postMessage`, webhooks, answers to
//! commands and presses) it is read here.

use std::collections::HashMap;

use madang_model::app_part::AppPart;
use madang_model::{AppId, PersonId, SpaceId};

use crate::Slack;
use crate::args::Args;
use crate::blocks::{self, Fill, Wrong};
use crate::fail::Fail;
use crate::text::{self, Ids};

/// A message as it will be kept.
#[derive(Debug, Clone, Default)]
pub struct Composed {
    /// In our language.
    pub text: String,
    /// None when it has nothing but its text.
    pub part: Option<Box<AppPart>>,
}

impl From<Wrong> for Fail {
    fn from(wrong: Wrong) -> Fail {
        let mut fail = Fail::new(wrong.error);
        fail.more.insert("response_metadata".into(), serde_json::json!({"messages": wrong.messages}));
        fail
    }
}

impl Slack {
    /// Reads what was sent: `text` (mrkdwn) or `markdown_text`, `blocks`, `attachments`, `metadata`, and under which name it
    /// is said. Blocks get the ids that they lack.
    ///
    /// # Errors
    /// `no_text`, `invalid_blocks` and the like, with what is wrong.
    pub async fn compose(&self, args: &Args, app: Option<AppId>) -> Result<Composed, Fail> {
        let is_shaped = args.is_given("blocks") || args.is_given("attachments");
        let mut fill = Fill::new(if is_shaped { self.fresh_word()? } else { String::new() });
        let mut blocks = match args.json("blocks", "invalid_blocks_format")? {
            Some(blocks) => blocks::check_blocks(&blocks, &mut fill)?,
            None => Vec::new(),
        };
        let attachments = match args.json("attachments", "invalid_attachments")? {
            Some(attachments) => blocks::check_attachments(&attachments, &mut fill)?,
            None => Vec::new(),
        };
        self.with_calls(&mut blocks, app).await?;
        let previews = args.flag("unfurl_links") != Some(false);
        let (sent, is_markdown) = match (args.text("markdown_text"), args.text("text")) {
            (Some(_), Some(_)) => return Err(Fail::new("markdown_text_conflict")),
            (Some(markdown), None) => (markdown, true),
            (None, text) => (text.unwrap_or_default(), false),
        };
        let sent =
            match args.flag("link_names") == Some(true) || args.text("parse").as_deref() == Some("full") {
                true if !is_markdown => self.with_names(&sent).await?,
                _ => sent,
            };
        let elsewhere = self.known_elsewhere(&[&sent]).await?;
        let person = |given: &str| elsewhere.person(given);
        let space = |given: &str| elsewhere.space(given);
        let ids = Ids { person: &person, space: &space, team: &|_| None };
        let text = match (sent.trim().is_empty(), is_markdown) {
            (true, _) => text::words(&blocks, &attachments, &ids),
            (false, true) => text::from_markdown(&sent, &ids, previews),
            (false, false) => text::from_mrkdwn(&sent, &ids, previews),
        };
        if text.trim().is_empty() && blocks.is_empty() && attachments.is_empty() {
            return Err(Fail::new("no_text"));
        }
        let source =
            (!is_markdown && !sent.is_empty() && text::to_mrkdwn(&text, &|_| None) != sent).then_some(sent);
        let part = AppPart {
            id: app,
            name: args.text("username"),
            icon: args.text("icon_emoji").or_else(|| args.text("icon_url")),
            blocks,
            attachments,
            source,
            metadata: args.json("metadata", "invalid_metadata_format")?,
            me: false,
        };
        Ok(Composed { text, part: (part != AppPart::default()).then(|| Box::new(part)) })
    }

    /// `@nari` and `#plans` as references.
    async fn with_names(&self, text: &str) -> Result<String, Fail> {
        let mut known: HashMap<text::Named, String> = HashMap::new();
        for named in text::wished_names(text) {
            let written = match named.sign {
                '@' if matches!(named.name.as_str(), "here" | "channel" | "everyone") => {
                    Some(format!("<!{}>", named.name))
                }
                '@' => self
                    .app
                    .person_with_name(&named.name)
                    .await?
                    .map(|it| format!("<@{}>", crate::id::written("U", it.0))),
                _ => self
                    .app
                    .open_space_named(&named.name)
                    .await?
                    .map(|it| format!("<#{}>", crate::id::written("C", it.0))),
            };
            if let Some(written) = written {
                known.insert(named, written);
            }
        }
        Ok(text::with_names(text, &mut |named| known.get(named).cloned()))
    }

    /// Looks up the ids in texts that were given in another house.
    pub(crate) async fn known_elsewhere(&self, texts: &[&str]) -> Result<Elsewhere, Fail> {
        let mut found = Elsewhere::default();
        for text in texts {
            for piece in text.split('<').skip(1) {
                let given: String = piece.chars().skip(1).take_while(char::is_ascii_alphanumeric).collect();
                match piece.chars().next() {
                    Some('@') if !found.people.contains_key(&given) => {
                        if let Some(person) = self.app.person_from_elsewhere(&given).await? {
                            found.people.insert(given, person);
                        }
                    }
                    Some('#') if !found.spaces.contains_key(&given) => {
                        if let Some(space) = self.app.space_from_elsewhere(&given).await? {
                            found.spaces.insert(given, space);
                        }
                    }
                    _ => {}
                }
            }
        }
        Ok(found)
    }
}

/// What ids of another house are here.
#[derive(Debug, Default)]
pub(crate) struct Elsewhere {
    people: HashMap<String, PersonId>,
    spaces: HashMap<String, SpaceId>,
}

impl Elsewhere {
    pub(crate) fn person(&self, given: &str) -> Option<PersonId> {
        self.people.get(given).copied().or_else(|| (Ids::ours().person)(given))
    }

    pub(crate) fn space(&self, given: &str) -> Option<SpaceId> {
        self.spaces.get(given).copied().or_else(|| (Ids::ours().space)(given))
    }
}
