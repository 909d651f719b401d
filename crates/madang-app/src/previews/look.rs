//! Looking where a link leads: once for everybody, through the guarded client, within caps; and keeping what was
//! found, sealed, for a while.

mod pictures;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use madang_store::db::{Conn, Db};
use madang_store::house;
use madang_store::previews::{self, PreviewRecord};
use madang_store::seal::{Keyring, OwnSeal};
use reqwest::header::{ACCEPT, CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderValue};
use reqwest::{Method, StatusCode, Url};
use serde::{Deserialize, Serialize};
use tokio::sync::{Mutex, Semaphore};

use super::head;
use crate::app::App;
use crate::error::Result;
use crate::files::Small;
use crate::outgoing::{Answer, Caps, Failure, Outgoing, Request};

/// The beginning of a page is enough: what it says of itself stands there.
const PAGE: Caps = Caps { time: Duration::from_secs(6), bytes: 512 << 10, cut: true, redirects: 5 };
const PICTURE: Caps = Caps { time: Duration::from_secs(6), bytes: 8 << 20, cut: false, redirects: 3 };
/// Sites that are asked at once.
const AT_ONCE: usize = 8;
/// Looks that wait or are under way; one more finds nothing for now.
const MOST: usize = 256;
/// Locks against asking the same link twice at once; two links that share one only wait for each other.
const LOCKS: usize = 64;

const HOUR_US: i64 = 3_600_000_000;
/// When something is asked again, if somebody still looks at it: what was found, what had nothing to show, and what
/// did not answer.
const AGAIN_FOUND: i64 = 7 * 24 * HOUR_US;
const AGAIN_NOTHING: i64 = 24 * HOUR_US;
const AGAIN_BROKEN: i64 = HOUR_US / 6;
/// Longer than any of these: what nobody asked about for so long is forgotten.
const KEPT: i64 = 30 * 24 * HOUR_US;

/// What was found behind a link, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Page {
    pub title: String,
    pub description: Option<String>,
    pub site: String,
    pub picture: Option<(u32, u32)>,
}

/// What looking needs.
pub(crate) struct Lookout {
    seal: OwnSeal,
    places: Semaphore,
    busy: Arc<AtomicUsize>,
    locks: Vec<Mutex<()>>,
}

impl Lookout {
    pub(crate) fn open(db: &Db, keyring: &Keyring) -> Result<Lookout> {
        Ok(Lookout {
            seal: OwnSeal::open(db, keyring, house::PREVIEW_KEY)?,
            places: Semaphore::new(AT_ONCE),
            busy: Arc::default(),
            locks: (0..LOCKS).map(|_| Mutex::default()).collect(),
        })
    }

    /// A name for a link that tells nothing of it.
    pub(super) fn key(&self, href: &str) -> String {
        self.seal.mark(href).iter().take(16).map(|byte| format!("{byte:02x}")).collect()
    }

    /// What is known of a link, and whether that still holds.
    fn known(&self, conn: &mut Conn, href: &str, now_us: i64) -> Result<Option<(Option<Page>, bool)>> {
        let link = self.seal.mark(href);
        let Some(record) = previews::get(conn, &link)? else { return Ok(None) };
        let page = match record.page {
            Some(sealed) => serde_json::from_slice(&self.seal.unseal(&link, &sealed)?).ok(),
            None => None,
        };
        Ok(Some((page, record.again_at > now_us)))
    }

    /// The picture of a link.
    pub(super) fn picture(&self, conn: &mut Conn, href: &str) -> Result<Option<Bytes>> {
        let link = self.seal.mark(href);
        let Some(sealed) = previews::picture(conn, &link)? else { return Ok(None) };
        Ok(Some(self.seal.unseal(&picture_place(&link), &sealed)?.into()))
    }

    /// A place among those who look; none when too many do.
    fn enter(&self) -> Option<Busy> {
        let busy = Busy(self.busy.clone());
        (self.busy.fetch_add(1, Ordering::Relaxed) < MOST).then_some(busy)
    }
}

/// What a picture is sealed for, so that it opens as nothing else.
fn picture_place(link: &[u8; 32]) -> Vec<u8> {
    [&link[..], b"picture"].concat()
}

/// Counts one who looks.
struct Busy(Arc<AtomicUsize>);

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// What came of asking.
enum Found {
    Page(Page, Option<Bytes>),
    /// The link has nothing to show.
    Nothing,
    /// No answer that means anything; perhaps later.
    Broken,
}

impl App {
    /// What a link leads to, asked of the site if nobody knows. Begins at once, and goes on when nobody waits for it
    /// any more. What is known and old is given, and asked again aside.
    pub(super) fn look(self: &Arc<Self>, href: &str) -> impl Future<Output = Result<Option<Page>>> + use<> {
        let (app, href) = (self.clone(), href.to_owned());
        let looking = tokio::spawn(async move {
            match app.known_page(&href).await? {
                Some((page, true)) => Ok(page),
                Some((page, false)) => {
                    tokio::spawn(async move {
                        if let Err(error) = app.ask(&href).await {
                            tracing::error!(%error, "What a link leads to could not be kept");
                        }
                    });
                    Ok(page)
                }
                None => app.ask(&href).await,
            }
        });
        async move { looking.await.map_err(anyhow::Error::from)? }
    }

    async fn known_page(self: &Arc<Self>, href: &str) -> Result<Option<(Option<Page>, bool)>> {
        let (app, href) = (self.clone(), href.to_owned());
        self.db.read(move |conn| app.lookout.known(conn, &href, app.clock.now_us())).await
    }

    /// Asks the site and keeps what it said; one at a time for each link.
    async fn ask(self: &Arc<Self>, href: &str) -> Result<Option<Page>> {
        let Some(_busy) = self.lookout.enter() else { return Ok(None) };
        let link = self.lookout.seal.mark(href);
        let _alone = self.lookout.locks[usize::from(link[0]) % LOCKS].lock().await;
        // Somebody else asked while we waited.
        let known = self.known_page(href).await?;
        if let Some((page, true)) = known {
            return Ok(page);
        }
        let found = {
            let _place = self.lookout.places.acquire().await.map_err(anyhow::Error::from)?;
            self.found(href).await?
        };
        let (page, picture, again) = match found {
            Found::Page(page, picture) => (Some(page), picture, AGAIN_FOUND),
            Found::Nothing => (None, None, AGAIN_NOTHING),
            Found::Broken => {
                let before = known.and_then(|(page, _)| page);
                let picture = self.db.read({
                    let (app, href) = (self.clone(), href.to_owned());
                    move |conn| app.lookout.picture(conn, &href)
                });
                (before, picture.await?, AGAIN_BROKEN)
            }
        };
        self.keep(link, page.clone(), picture, again).await?;
        Ok(page)
    }

    async fn keep(
        &self,
        link: [u8; 32],
        page: Option<Page>,
        picture: Option<Bytes>,
        again: i64,
    ) -> Result<()> {
        let seal = &self.lookout.seal;
        let page = match page {
            Some(page) => Some(seal.seal(&link, &serde_json::to_vec(&page).map_err(anyhow::Error::from)?)?),
            None => None,
        };
        let picture = picture.map(|it| seal.seal(&picture_place(&link), &it)).transpose()?;
        let now_us = self.clock.now_us();
        let record = PreviewRecord { page, again_at: now_us + again };
        self.db
            .write(move |tx| -> Result<()> {
                Ok(previews::keep(tx, &link, &record, picture.as_deref(), now_us)?)
            })
            .await
    }

    async fn found(self: &Arc<Self>, href: &str) -> Result<Found> {
        let Some(url) = address(href, &self.outgoing) else { return Ok(Found::Nothing) };
        let accept = "text/html, application/xhtml+xml;q=0.9";
        let answer = match self.outgoing.send(get(url, accept), PAGE).await {
            Ok(answer) => answer,
            Err(Failure::Refused(_)) => return Ok(Found::Nothing),
            Err(failure) => {
                tracing::debug!(%failure, "A link did not answer");
                return Ok(Found::Broken);
            }
        };
        if answer.status.is_server_error() || answer.status == StatusCode::TOO_MANY_REQUESTS {
            return Ok(Found::Broken);
        }
        let content_type = header(&answer, CONTENT_TYPE.as_str()).to_ascii_lowercase();
        let is_page =
            content_type.starts_with("text/html") || content_type.starts_with("application/xhtml+xml");
        // We ask for no compression; whoever compresses all the same is not read.
        if !answer.status.is_success() || !is_page || answer.headers.contains_key(CONTENT_ENCODING) {
            return Ok(Found::Nothing);
        }
        let (body, url) = (answer.body.clone(), answer.url.clone());
        let read = tokio::task::spawn_blocking(move || head::read(&body, &content_type, &url));
        let Some(head) = read.await.map_err(anyhow::Error::from)? else { return Ok(Found::Nothing) };
        let (picture, size) = match self.pictured(head.picture).await? {
            Some((picture, size)) => (Some(picture), Some(size)),
            None => (None, None),
        };
        let site = head.site.unwrap_or_else(|| site(&answer.url));
        let page = Page { title: head.title, description: head.description, site, picture: size };
        Ok(Found::Page(page, picture))
    }

    /// The picture that a page names, made small and encoded anew here; none when it is none.
    async fn pictured(&self, url: Option<Url>) -> Result<Option<(Bytes, (u32, u32))>> {
        let Some(url) = url else { return Ok(None) };
        let accept = "image/webp, image/png, image/jpeg, image/gif;q=0.8";
        match self.outgoing.send(get(url, accept), PICTURE).await {
            Ok(answer) if answer.status.is_success() => self.small_of(answer.body, Small::Wide(320)).await,
            Ok(_) => Ok(None),
            Err(failure) => {
                tracing::debug!(%failure, "The picture of a link did not come");
                Ok(None)
            }
        }
    }

    /// Forgets what nobody looked at for long.
    pub(crate) async fn forget_previews(&self) -> Result<()> {
        let before = self.clock.now_us() - KEPT;
        self.db.write(move |tx| -> Result<()> { Ok(previews::forget(tx, before)?) }).await
    }
}

/// Where to ask. A link typed with `http` is asked with `https`: nothing else is spoken with the outside.
fn address(href: &str, outgoing: &Outgoing) -> Option<Url> {
    let mut url: Url = href.parse().ok()?;
    url.set_fragment(None);
    if outgoing.check(&url).is_err() && url.scheme() == "http" && url.port().is_none() {
        url.set_scheme("https").ok()?;
    }
    Some(url)
}

fn get(url: Url, accept: &'static str) -> Request {
    let headers = HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static(accept))]);
    Request { method: Method::GET, url, headers, body: Bytes::new() }
}

fn header<'a>(answer: &'a Answer, name: &str) -> &'a str {
    answer.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// What a site is called that does not say: its host as people say it.
fn site(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    host.strip_prefix("www.").unwrap_or(host).to_owned()
}
