//! Pictures that an app's message names by their address: asked of the site once for everybody, made small and encoded
//! anew here, kept sealed for a while, so that no reader's device ever asks the site (docs/decisions/0017).

use std::sync::Arc;

use bytes::Bytes;
use madang_model::refusal::Thing;
use madang_model::{PersonId, Refusal};
use madang_store::previews;
use reqwest::{StatusCode, Url};

use super::{AGAIN_BROKEN, AGAIN_FOUND, AGAIN_NOTHING, LOCKS, PICTURE, address, get, picture_place};
use crate::app::App;
use crate::attempts::PICTURES;
use crate::error::Result;
use crate::files::Small;
use crate::outgoing::Failure;
use crate::people::workspace;

/// Characters of an address, as Slack's `image_url` has them.
const LONGEST: usize = 3_000;
/// As wide as a message on a phone with a fine screen.
const WIDTH: Small = Small::Wide(960);

/// What came of asking for a picture.
enum Asked {
    Picture(Bytes),
    /// What is there is no picture that we show.
    Nothing,
    /// No answer that means anything; perhaps later.
    Broken,
}

impl App {
    /// A picture from outside by its address, as it was made here.
    ///
    /// # Errors
    /// `Invalid` for what may not be asked, `NotFound` when there is no picture or the workspace asks nobody,
    /// `TooFast` for who asks for too many new ones; or what the store said.
    pub async fn picture_outside(self: &Arc<Self>, person: PersonId, href: String) -> Result<Bytes> {
        let url = self.askable(&href)?;
        let app = self.clone();
        // Goes on when the reader goes away: the next one wants it too.
        let looking = tokio::spawn(async move { app.kept_or_asked(person, url).await });
        let found = looking.await.map_err(anyhow::Error::from)??;
        Ok(found.ok_or(Refusal::NotFound(Thing::File))?)
    }

    /// The address to ask, if it is one.
    fn askable(&self, href: &str) -> Result<Url, Refusal> {
        let invalid = |why: String| Refusal::Invalid { what: "url", why };
        if href.len() > LONGEST {
            return Err(Refusal::TooLong { what: "url", limit: LONGEST });
        }
        let url = address(href, &self.outgoing).ok_or_else(|| invalid("this is no address".into()))?;
        self.outgoing.check(&url).map_err(|failure| invalid(failure.to_string()))?;
        Ok(url)
    }

    async fn kept_or_asked(self: &Arc<Self>, person: PersonId, url: Url) -> Result<Option<Bytes>> {
        let link = self.lookout.seal.mark(&format!("picture {url}"));
        let shown = self.db.read(|conn| -> Result<_> { Ok(workspace(conn)?.previews) }).await?;
        if !shown {
            return Ok(None);
        }
        if let Some((kept, true)) = self.kept_picture(link).await? {
            return Ok(kept);
        }
        let Some(_busy) = self.lookout.enter() else { return Err(Refusal::TooFast { seconds: 5 }.into()) };
        let _alone = self.lookout.locks[usize::from(link[0]) % LOCKS].lock().await;
        // Somebody else asked while we waited.
        let before = self.kept_picture(link).await?;
        if let Some((kept, true)) = before {
            return Ok(kept);
        }
        self.attempts.count(PICTURES, &person.to_string(), self.clock.now_us())?;
        let asked = {
            let _place = self.lookout.places.acquire().await.map_err(anyhow::Error::from)?;
            self.ask_for_picture(url).await?
        };
        let (picture, again) = match asked {
            Asked::Picture(made) => (Some(made), AGAIN_FOUND),
            Asked::Nothing => (None, AGAIN_NOTHING),
            Asked::Broken => (before.and_then(|(kept, _)| kept), AGAIN_BROKEN),
        };
        self.keep(link, None, picture.clone(), again).await?;
        Ok(picture)
    }

    /// The picture that is kept for a mark, none in it when there was none, and whether that still holds.
    async fn kept_picture(self: &Arc<Self>, link: [u8; 32]) -> Result<Option<(Option<Bytes>, bool)>> {
        let app = self.clone();
        self.db
            .read(move |conn| {
                let Some(record) = previews::get(conn, &link)? else { return Ok(None) };
                let place = picture_place(&link);
                let picture = match previews::picture(conn, &link)? {
                    Some(sealed) => Some(app.lookout.seal.unseal(&place, &sealed)?.into()),
                    None => None,
                };
                Ok(Some((picture, record.again_at > app.clock.now_us())))
            })
            .await
    }

    async fn ask_for_picture(&self, url: Url) -> Result<Asked> {
        let accept = "image/webp, image/png, image/jpeg, image/gif;q=0.8";
        let answer = match self.outgoing.send(get(url, accept), PICTURE).await {
            Ok(answer) => answer,
            Err(Failure::Refused(_) | Failure::TooLong(_)) => return Ok(Asked::Nothing),
            Err(failure) => {
                tracing::debug!(%failure, "A picture from outside did not come");
                return Ok(Asked::Broken);
            }
        };
        if !answer.status.is_success() {
            let gone = answer.status.is_client_error() && answer.status != StatusCode::TOO_MANY_REQUESTS;
            return Ok(if gone { Asked::Nothing } else { Asked::Broken });
        }
        Ok(match self.small_of(answer.body, WIDTH).await? {
            Some((made, _)) => Asked::Picture(made),
            None => Asked::Nothing,
        })
    }
}
