//! What a device holds, and what each frame of the socket does to it. A small
//! faithful client of docs/protocol/sync.md, without any waiting.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail, ensure};
use madang_model::{Body, Event, PersonId, Seq, SpaceId};
use serde_json::{Value, json};

use super::page::Page;
use super::space::{HeldSpace, Want};

/// Something to ask the server for: of which space, in which stay, what.
pub type Wish = (SpaceId, u64, Want);

/// Everything that survives on a device.
pub struct Held {
    pub me: PersonId,
    pub epoch: i64,
    pub rev: i64,
    pub people_at: i64,
    pub spaces: BTreeMap<SpaceId, HeldSpace>,
    pub registers: BTreeMap<String, (i64, Value)>,
    pub people: BTreeMap<String, Value>,
    /// Events of spaces that one is out of, since one is.
    pub strays: BTreeMap<SpaceId, Vec<Seq>>,
    /// The seq of one's own leaving, until one comes back.
    out: BTreeMap<SpaceId, Seq>,
    stays: u64,
    /// The welcome of this connection has come.
    pub greeted: bool,
    /// How often the device has lost its storage.
    pub life: u64,
}

impl Held {
    pub fn nothing(me: PersonId) -> Held {
        Held {
            me,
            epoch: 0,
            rev: 0,
            people_at: 0,
            spaces: BTreeMap::new(),
            registers: BTreeMap::new(),
            people: BTreeMap::new(),
            strays: BTreeMap::new(),
            out: BTreeMap::new(),
            stays: 0,
            greeted: false,
            life: 0,
        }
    }

    /// The device loses its storage.
    pub fn lose(&mut self) {
        *self = Held { life: self.life + 1, stays: self.stays, ..Held::nothing(self.me) };
    }

    pub fn hello(&self, device: &str) -> Value {
        let heads: Vec<(SpaceId, Seq)> = self.spaces.iter().map(|(id, space)| (*id, space.high)).collect();
        json!({
            "type": "hello", "device": device, "epoch": self.epoch, "rev": self.rev,
            "heads": heads, "people_at": self.people_at,
        })
    }

    /// Takes a frame; gives what has to be asked for.
    ///
    /// # Errors
    /// When a frame is not what the protocol says.
    pub fn hear(&mut self, frame: &Value) -> Result<Vec<Wish>> {
        let kind = frame["type"].as_str().context("a frame has a type")?;
        ensure!(
            kind == "bye" || self.greeted != (kind == "welcome"),
            "{kind} is not the frame that comes now"
        );
        match kind {
            "welcome" => self.welcome(frame),
            "event" => Ok(self.event(serde_json::from_value(frame["event"].clone())?)),
            "register" => {
                self.rev = self.rev.max(frame["rev"].as_i64().context("a register has a rev")?);
                self.register(frame)?;
                Ok(Vec::new())
            }
            "space" => self.space(&frame["space"]),
            "person" => self.person(&frame["person"]).map(|()| Vec::new()),
            "receipts" | "typing" | "pong" | "bye" => Ok(Vec::new()),
            other => bail!("there is no frame {other}"),
        }
    }

    fn welcome(&mut self, frame: &Value) -> Result<Vec<Wish>> {
        let number = |name: &str| frame[name].as_i64().with_context(|| format!("a welcome has {name}"));
        let list = |name: &str| frame[name].as_array().with_context(|| format!("a welcome has {name}"));
        self.greeted = true;
        let epoch = number("epoch")?;
        ensure!(self.epoch == 0 || self.epoch == epoch, "the epoch changed without a restore");
        ensure!(self.rev <= number("rev")?, "the device has a rev that the server does not know");
        self.epoch = epoch;
        self.rev = number("rev")?;
        self.people_at = number("people_at")?;
        for gone in list("gone")? {
            self.leave(serde_json::from_value(gone.clone())?);
        }
        for register in list("registers")? {
            self.register(register)?;
        }
        for person in list("people")?.iter().chain([&frame["me"]]) {
            self.person(person)?;
        }
        let mut wishes = Vec::new();
        for space in list("spaces")? {
            wishes.extend(self.space(space)?);
        }
        Ok(wishes)
    }

    fn space(&mut self, given: &Value) -> Result<Vec<Wish>> {
        let id: SpaceId = serde_json::from_value(given["id"].clone())?;
        ensure!(given["me"].is_object(), "a space that one is not in was announced: {given}");
        self.out.remove(&id);
        self.strays.remove(&id);
        if let Some(held) = self.spaces.get_mut(&id) {
            let (stay, wants) = (held.stay, held.reach(given)?);
            return Ok(wants.into_iter().map(|want| (id, stay, want)).collect());
        }
        self.stays += 1;
        let held = HeldSpace::enter(given, self.stays)?;
        let newest = Want::Page(madang_model::position::page_of(held.high));
        self.spaces.insert(id, held);
        Ok(vec![(id, self.stays, newest)])
    }

    /// An event of the socket or of a fetch. What comes of a space that is not
    /// held is in its summary when that comes.
    fn event(&mut self, event: Event) -> Vec<Wish> {
        let (id, me) = (event.space, self.me);
        let Some(held) = self.spaces.get_mut(&id) else {
            self.stray(&event);
            return Vec::new();
        };
        let stay = held.stay;
        let (wants, left) = held.receive(event, me);
        self.went_on(id, stay, wants, left)
    }

    fn went_on(&mut self, id: SpaceId, stay: u64, wants: Vec<Want>, left: bool) -> Vec<Wish> {
        if left && let Some(held) = self.spaces.get(&id) {
            self.out.insert(id, held.high);
            self.leave(id);
        }
        wants.into_iter().map(|want| (id, stay, want)).collect()
    }

    /// Nothing may come after one's own leaving, until one is let in again.
    fn stray(&mut self, event: &Event) {
        match event.body {
            Body::MemberLeft { person } if person == self.me => {
                self.strays.remove(&event.space);
                self.out.insert(event.space, event.seq);
            }
            Body::MemberJoined { person, .. } if person == self.me => {
                self.out.remove(&event.space);
                self.strays.remove(&event.space);
            }
            _ if self.out.get(&event.space).is_some_and(|left| event.seq > *left) => {
                self.strays.entry(event.space).or_default().push(event.seq);
            }
            _ => {}
        }
    }

    /// The answer to one's own command, which may overtake the socket.
    pub fn answered(&mut self, event: Event) -> Vec<Wish> {
        if self.spaces.contains_key(&event.space) { self.event(event) } else { Vec::new() }
    }

    /// Goes on after events were fetched.
    pub fn filled(&mut self, id: SpaceId, stay: u64, events: Vec<Event>) -> Vec<Wish> {
        let me = self.me;
        let Some(held) = self.spaces.get_mut(&id).filter(|held| held.stay == stay) else {
            return Vec::new();
        };
        let (wants, left) = held.filled(events, me);
        self.went_on(id, stay, wants, left)
    }

    /// A page came; asked for again when it came too late.
    pub fn paged(&mut self, id: SpaceId, stay: u64, page: Page) -> Vec<Wish> {
        let n = page.n;
        let Some(held) = self.spaces.get_mut(&id).filter(|held| held.stay == stay) else { return Vec::new() };
        if held.take_page(page) { Vec::new() } else { vec![(id, stay, Want::Page(n))] }
    }

    fn register(&mut self, given: &Value) -> Result<()> {
        let key = given["key"].as_str().context("a register has a key")?.to_owned();
        let rev = given["rev"].as_i64().context("a register has a rev")?;
        if self.registers.get(&key).is_some_and(|(held, _)| *held >= rev) {
            return Ok(());
        }
        if let Some(id) = key.strip_prefix("membership/")
            && given["value"]["state"] == "out"
        {
            let id = id.parse()?;
            self.leave(id);
        }
        self.registers.insert(key, (rev, given["value"].clone()));
        Ok(())
    }

    fn person(&mut self, given: &Value) -> Result<()> {
        let id = given["id"].as_str().context("a person has an id")?.to_owned();
        self.people.insert(id, given.clone());
        Ok(())
    }

    fn leave(&mut self, space: SpaceId) {
        self.spaces.remove(&space);
    }

    /// Registers for comparing.
    pub fn canonical_registers(&self) -> Value {
        json!(self.registers)
    }
}
