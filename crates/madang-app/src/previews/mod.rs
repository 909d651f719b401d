//! What links lead to, shown beside the messages that hold them.
//!
//! A reader asks about a message, never about an address: the house finds the links in the text that the reader may
//! read, and asks the site at most once for all readers (`look`). What was found is kept for a while, and its picture
//! is handed out from here, so that no reader's device ever asks the site (docs/decisions/0017).

mod head;
mod look;

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use madang_model::audit::{Act, Object};
use madang_model::permission::{HouseRight, may_in_house};
use madang_model::refusal::Thing;
use madang_model::row::Row;
use madang_model::space::decide;
use madang_model::text::{previewed, without_preview};
use madang_model::{Command, Event, PersonId, Refusal, Seq, SpaceId};
use madang_store::db::Conn;
use madang_store::{house, log};
use serde_json::json;

pub(crate) use look::Lookout;
use look::Page;

use crate::app::App;
use crate::audit::by;
use crate::error::Result;
use crate::people::workspace;
use crate::reading::{readable, row_for};

/// How long a reader waits for what is being asked; then the answer is that more comes.
const WAIT: Duration = Duration::from_secs(4);

/// What the links of a message lead to.
#[derive(Debug, Default)]
pub struct Previews {
    pub found: Vec<Preview>,
    /// Some were asked and have not answered yet.
    pub pending: bool,
    /// The workspace shows none.
    pub off: bool,
}

/// What one link leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// By which the link is named in addresses of ours.
    pub key: String,
    /// As it stands in the message.
    pub href: String,
    pub title: String,
    pub description: Option<String>,
    pub site: String,
    /// Width and height in pixels.
    pub picture: Option<(u32, u32)>,
}

impl App {
    /// What the links of a message lead to.
    ///
    /// # Errors
    /// `NotFound` for who may not read it, or what the store said.
    pub async fn previews(self: &Arc<Self>, person: PersonId, space: SpaceId, seq: Seq) -> Result<Previews> {
        let app = self.clone();
        let links = self
            .db
            .read(move |conn| -> Result<_> {
                let links = app.links_of(conn, person, space, seq)?;
                Ok(workspace(conn)?.previews.then_some(links))
            })
            .await?;
        let Some(links) = links else { return Ok(Previews { off: true, ..Previews::default() }) };
        let mut answer = Previews::default();
        let until = tokio::time::Instant::now() + WAIT;
        let looks: Vec<_> = links.iter().map(|href| self.look(href)).collect();
        for (href, look) in links.into_iter().zip(looks) {
            match tokio::time::timeout_at(until, look).await {
                Ok(found) => answer.found.extend(found?.map(|page| self.preview(href, page))),
                Err(_) => answer.pending = true,
            }
        }
        Ok(answer)
    }

    /// The picture of one link of a message, as it was made here.
    ///
    /// # Errors
    /// `NotFound` for who may not read the message, and when there is none; or what the store said.
    pub async fn preview_picture(
        self: &Arc<Self>,
        person: PersonId,
        space: SpaceId,
        seq: Seq,
        key: String,
    ) -> Result<Bytes> {
        let app = self.clone();
        self.db
            .read(move |conn| {
                let links = app.links_of(conn, person, space, seq)?;
                let shown = workspace(conn)?.previews;
                let link = links.into_iter().find(|href| shown && app.lookout.key(href) == key);
                let link = link.ok_or(Refusal::NotFound(Thing::File))?;
                let picture = app.lookout.picture(conn, &link)?;
                Ok(picture.ok_or(Refusal::NotFound(Thing::File))?)
            })
            .await
    }

    /// Makes one link of one's own message quiet, for everybody: an edit of the message. None when it is quiet.
    ///
    /// # Errors
    /// A refusal of the edit, or what the store said.
    pub async fn remove_preview(
        self: &Arc<Self>,
        person: PersonId,
        space: SpaceId,
        message: Seq,
        key: String,
        client_id: Option<String>,
    ) -> Result<Option<Arc<Event>>> {
        let app = self.clone();
        self.write_once(move |tx| {
            if let Some(event) = app.answered_before(tx, person, space, client_id.as_deref())? {
                return Ok(Some(event));
            }
            let row = app.row_of(tx, person, space, message)?;
            let text = text_of(&row);
            let link = app.shown_links(&text).into_iter().find(|href| app.lookout.key(href) == key);
            let by_hand =
                || Refusal::Invalid { what: "message", why: "edit it to write the link in <…>".into() };
            let quiet = match &link {
                Some(href) => without_preview(&text, href).ok_or_else(by_hand)?,
                None => text,
            };
            let command = Command::EditMessage {
                message,
                text: quiet,
                app: row.message().and_then(|it| it.app.clone()),
            };
            if link.is_some() {
                return Ok(app.run_in(tx, person, space, client_id.as_deref(), &command)?.into_iter().next());
            }
            // Nothing to do, for whoever could do it.
            let (_, scene) =
                log::scene(tx, space, person, &command)?.ok_or(Refusal::NotFound(Thing::Space))?;
            decide(&scene, &command, app.clock.now_us())?;
            Ok(None)
        })
        .await
    }

    /// Whether what links lead to is shown in the whole workspace.
    ///
    /// # Errors
    /// A refusal, or what the store said.
    pub async fn show_previews(self: &Arc<Self>, person: PersonId, on: bool) -> Result<()> {
        let (app, by) = (self.clone(), by(person));
        self.db
            .write(move |tx| {
                let found = workspace(tx)?;
                may_in_house(log::standing_in_house(tx, found.id, person)?, HouseRight::ChangeWorkspace)?;
                if found.previews != on {
                    house::set_previews(tx, found.id, on)?;
                    app.write_down(tx, by, Act::SettingsChanged, Object::Nothing, json!({"previews": on}))?;
                }
                Ok(())
            })
            .await
    }

    /// The links of a message that are shown with what they lead to, for who may read it.
    fn links_of(&self, conn: &mut Conn, person: PersonId, space: SpaceId, seq: Seq) -> Result<Vec<String>> {
        Ok(self.shown_links(&text_of(&self.row_of(conn, person, space, seq)?)))
    }

    fn row_of(&self, conn: &mut Conn, person: PersonId, space: SpaceId, seq: Seq) -> Result<Row> {
        let record = readable(conn, person, space)?;
        let row = log::row(conn, &self.keyring, &record, seq)?;
        Ok(row_for(conn, person, &record, row)?.ok_or(Refusal::NotFound(Thing::Message))?)
    }

    /// Links into our own house lead to what each reader sees differently: nothing is shown of them.
    fn shown_links(&self, text: &str) -> Vec<String> {
        let mut links = previewed(text);
        links.retain(|href| !is_under(href, &self.config.public_url));
        links
    }

    fn preview(&self, href: String, page: Page) -> Preview {
        Preview {
            key: self.lookout.key(&href),
            href,
            title: page.title,
            description: page.description,
            site: page.site,
            picture: page.picture,
        }
    }
}

/// The text of a message; empty for what is none.
fn text_of(row: &Row) -> String {
    row.message().map(|message| message.text.clone()).unwrap_or_default()
}

/// Whether an address is the house's own or leads into it.
fn is_under(href: &str, origin: &str) -> bool {
    let head = href.get(..origin.len()).is_some_and(|head| head.eq_ignore_ascii_case(origin));
    head && matches!(href.as_bytes().get(origin.len()), None | Some(b'/' | b'?' | b'#'))
}
