//! One device: what it holds, its line to the house, and what it asks for.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use futures_util::{SinkExt, StreamExt};
use madang_model::{PersonId, SpaceId};
use parking_lot::Mutex;
use reqwest::Method;
use serde_json::{Value, json};
use tokio::sync::watch;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

use super::held::{Held, Wish};
use super::page::Page;
use super::space::Want;
use super::world::World;
use crate::tus::Tus;

type Socket = WebSocketStream<MaybeTlsStream<tokio::net::TcpStream>>;

/// Tries of one request before it counts as broken. The house is down for a second or two at most.
pub const TRIES: usize = 2_000;
/// Longer than anything takes at rest; only a failure waits for it.
const PATIENCE: Duration = Duration::from_secs(30);

/// What a device's owner does with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    Online,
    /// The line is open and nobody reads it: frames wait.
    Deaf,
    /// No line.
    Away,
}

/// How a device shows who it is.
#[derive(Debug, Clone)]
pub enum Key {
    Token(String),
    Cookie(String),
}

/// An answer: the status and the JSON.
pub type Answer = (u16, Value);

pub struct Device {
    pub name: String,
    pub person: PersonId,
    pub email: Option<String>,
    key: Key,
    world: Arc<World>,
    pub held: Mutex<Held>,
    pub mood: watch::Sender<Mood>,
    /// How often its line was cut on purpose.
    cuts: watch::Sender<u64>,
    /// Grows with everything that the device was told.
    told: watch::Sender<u64>,
    /// Questions under way.
    asking: watch::Sender<usize>,
    /// Signals to send.
    typing: tokio::sync::broadcast::Sender<SpaceId>,
}

impl Device {
    pub fn new(
        name: String,
        person: PersonId,
        email: Option<String>,
        key: Key,
        world: Arc<World>,
    ) -> Arc<Device> {
        Arc::new(Device {
            name,
            person,
            email,
            key,
            world,
            held: Mutex::new(Held::nothing(person)),
            mood: watch::Sender::new(Mood::Online),
            cuts: watch::Sender::new(0),
            told: watch::Sender::new(0),
            asking: watch::Sender::new(0),
            typing: tokio::sync::broadcast::channel(16).0,
        })
    }

    /// Another device of the same person, which holds nothing yet.
    pub fn anew(&self, name: String) -> Arc<Device> {
        Device::new(name, self.person, self.email.clone(), self.key.clone(), self.world.clone())
    }

    /// The device loses its storage and begins anew.
    pub fn forget(&self) {
        let mut held = self.held.lock();
        // The line is cut in a moment; what still comes over it is for the device before.
        held.lose();
        drop(held);
        self.cuts.send_modify(|cuts| *cuts += 1);
    }

    pub fn signal_typing(&self, space: SpaceId) {
        // Nobody listens while the line is cut: a signal is lost then.
        let _ = self.typing.send(space);
    }

    /// The header that shows who asks.
    pub fn header(&self) -> (&'static str, String) {
        match &self.key {
            Key::Token(token) => ("authorization", format!("Bearer {token}")),
            Key::Cookie(cookie) => ("cookie", cookie.clone()),
        }
    }

    /// What the device sends files with.
    pub fn tus<'a>(&'a self, origin: &'a str) -> Tus<'a> {
        Tus { client: &self.world.client, origin, key: self.header() }
    }

    /// Asks once.
    async fn try_ask(
        &self,
        origin: &str,
        method: &Method,
        path: &str,
        body: Option<&Value>,
        tag: Option<&str>,
    ) -> Result<(Answer, Option<i64>)> {
        let (name, value) = self.header();
        let mut request = self.world.client.request(method.clone(), format!("{origin}/api/v1{path}"));
        request = request.header(name, value).header("origin", origin);
        if let Some(tag) = tag {
            request = request.header("if-none-match", tag);
        }
        if let Some(body) = body {
            request = request.json(body);
        }
        let answer = request.send().await?;
        let at = answer.headers().get("madang-at").and_then(|at| at.to_str().ok()?.parse().ok());
        let (status, bytes) = (answer.status().as_u16(), answer.bytes().await?);
        Ok(((status, serde_json::from_slice(&bytes).unwrap_or(Value::Null)), at))
    }

    /// Asks until there is an answer that is meant: the same again after a cut
    /// connection, a restart, or a "try again".
    ///
    /// # Errors
    /// When the house broke, or never answers.
    pub async fn ask(&self, method: &Method, path: &str, body: Option<&Value>) -> Result<Answer> {
        Ok(self.ask_with_tag(method, path, body, None).await?.0)
    }

    async fn ask_with_tag(
        &self,
        method: &Method,
        path: &str,
        body: Option<&Value>,
        tag: Option<&str>,
    ) -> Result<(Answer, Option<i64>)> {
        for _ in 0..TRIES {
            let origin = self.world.origin();
            match self.try_ask(&origin, method, path, body, tag).await {
                Ok(((408 | 425 | 429 | 503 | 507, _), _)) | Err(_) => self.world.again(&origin).await,
                Ok(((status, answer), _)) if status >= 500 || status == 401 || status == 400 => {
                    bail!("{} got {status} from {method} {path}: {answer}", self.name)
                }
                Ok(answer) => return Ok(answer),
            }
        }
        bail!("{} never got an answer from {method} {path}", self.name)
    }

    /// Asks for what is there.
    ///
    /// # Errors
    /// As `ask`, and when it is refused.
    pub async fn get(&self, path: &str) -> Result<Value> {
        match self.ask(&Method::GET, path, None).await? {
            (200, answer) => Ok(answer),
            (status, answer) => bail!("{} may not read {path}: {status} {answer}", self.name),
        }
    }

    /// Hears until the mood is over. Comes back whenever the line is cut.
    pub async fn live(self: Arc<Self>) {
        let mut mood = self.mood.subscribe();
        loop {
            if mood.wait_for(|mood| *mood != Mood::Away).await.is_err() {
                return;
            }
            let origin = self.world.origin();
            let cuts = self.cuts.subscribe();
            if let Ok((socket, life)) = self.connect(&origin).await
                && let Err(error) = self.clone().hear(socket, life, &mut mood, cuts).await
            {
                return self.world.broke(format!("{}: {error:#}", self.name));
            }
            self.held.lock().greeted = false;
            self.world.again(&origin).await;
        }
    }

    async fn connect(&self, origin: &str) -> Result<(Socket, u64)> {
        let mut request =
            format!("{}/api/v1/socket", origin.replacen("http", "ws", 1)).into_client_request()?;
        let (name, value) = self.header();
        request.headers_mut().insert(name, value.parse()?);
        request.headers_mut().insert("origin", origin.parse()?);
        let (mut socket, _) = tokio_tungstenite::connect_async(request).await?;
        let (hello, life) = {
            let held = self.held.lock();
            (held.hello(&self.name), held.life)
        };
        socket.send(Message::text(hello.to_string())).await?;
        Ok((socket, life))
    }

    /// Reads one connection to its end. Dropping it cuts the line without a word.
    async fn hear(
        self: Arc<Self>,
        mut socket: Socket,
        life: u64,
        mood: &mut watch::Receiver<Mood>,
        mut cuts: watch::Receiver<u64>,
    ) -> Result<()> {
        let mut typing = self.typing.subscribe();
        loop {
            let now = *mood.borrow_and_update();
            if now == Mood::Away {
                return Ok(());
            }
            tokio::select! {
                _ = cuts.changed() => return Ok(()),
                changed = mood.changed() => if changed.is_err() { return Ok(()) },
                Ok(space) = typing.recv() => {
                    let frame = json!({"type": "typing", "space": space}).to_string();
                    if socket.send(Message::text(frame)).await.is_err() { return Ok(()) }
                }
                said = socket.next(), if now == Mood::Online => match said {
                    Some(Ok(Message::Text(text))) => {
                        let wishes = {
                            let mut held = self.held.lock();
                            if held.life != life { return Ok(()) }
                            held.hear(&serde_json::from_str(&text)?)?
                        };
                        self.grant(wishes);
                        self.told.send_modify(|told| *told += 1);
                    }
                    Some(Ok(Message::Close(_)) | Err(_)) | None => return Ok(()),
                    Some(Ok(_)) => {}
                },
            }
        }
    }

    /// Asks for what is wished, while frames go on coming.
    pub fn grant(self: &Arc<Self>, wishes: Vec<Wish>) {
        for wish in wishes {
            self.asking.send_modify(|asking| *asking += 1);
            let device = self.clone();
            tokio::spawn(async move {
                if let Err(error) = device.clone().fetch(wish).await {
                    device.world.broke(format!("{}: {error:#}", device.name));
                }
                device.asking.send_modify(|asking| *asking -= 1);
            });
        }
    }

    async fn fetch(self: Arc<Self>, (space, stay, want): Wish) -> Result<()> {
        let wishes = match want {
            Want::Events => self.fetch_events(space, stay).await?,
            Want::Page(n) => self.fetch_page(space, stay, n).await?,
        };
        self.told.send_modify(|told| *told += 1);
        self.grant(wishes);
        Ok(())
    }

    async fn fetch_events(&self, space: SpaceId, stay: u64) -> Result<Vec<Wish>> {
        let high = self.held.lock().spaces.get(&space).map(|held| held.high);
        let Some(after) = high else { return Ok(Vec::new()) };
        let path = format!("/spaces/{space}/events?after={after}&limit=500");
        let (status, answer) = self.ask(&Method::GET, &path, None).await?;
        let events = if status == 200 {
            serde_json::from_value(answer["events"].clone())?
        } else {
            // Taken out meanwhile: whoever says so first ends the stay.
            Vec::new()
        };
        let mut held = self.held.lock();
        Ok(held.filled(space, stay, events))
    }

    async fn fetch_page(&self, space: SpaceId, stay: u64, n: i64) -> Result<Vec<Wish>> {
        let known = {
            let held = self.held.lock();
            let page = held.spaces.get(&space).and_then(|it| it.pages.get(&n));
            page.map(|page| (page.version(), format!("\"{}-{n}-{}\"", held.epoch, page.version())))
        };
        let path = format!("/spaces/{space}/pages/{n}");
        let tag = known.as_ref().map(|(_, tag)| tag.as_str());
        let ((status, answer), at) = self.ask_with_tag(&Method::GET, &path, None, tag).await?;
        let mut held = self.held.lock();
        match (status, known) {
            (200, _) => Ok(held.paged(space, stay, Page::read(&answer)?)),
            (304, Some((version, _))) => {
                let at = at.context("304 says up to where")?;
                let Some(it) = held.spaces.get_mut(&space).filter(|it| it.stay == stay) else {
                    return Ok(Vec::new());
                };
                if it.page_still_holds(n, version, at) {
                    return Ok(Vec::new());
                }
                Ok(vec![(space, stay, Want::Page(n))])
            }
            // Taken out meanwhile.
            _ => Ok(Vec::new()),
        }
    }

    /// Waits until the device holds what `ready` says.
    ///
    /// # Errors
    /// When it never does, with what it holds.
    pub async fn until(&self, what: &str, ready: impl Fn(&Held) -> bool) -> Result<()> {
        let mut told = self.told.subscribe();
        let mut asking = self.asking.subscribe();
        let wait = async {
            loop {
                told.borrow_and_update();
                if *asking.borrow_and_update() == 0 && ready(&self.held.lock()) {
                    return;
                }
                tokio::select! {
                    _ = told.changed() => {}
                    _ = asking.changed() => {}
                }
            }
        };
        if tokio::time::timeout(PATIENCE, wait).await.is_err() {
            let held = self.held.lock();
            let spaces: Vec<_> =
                held.spaces.iter().map(|(id, it)| (id.to_string(), it.high, it.floor)).collect();
            bail!(
                "{} never came to {what}: greeted {}, rev {}, asking {}, {spaces:?}",
                self.name,
                held.greeted,
                held.rev,
                *self.asking.borrow()
            );
        }
        Ok(())
    }
}
