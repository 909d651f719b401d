//! The frames of the socket (docs/protocol/sync.md).

use madang_app::calls::Call;
use madang_app::{Hello, Summary, Welcome};
use madang_model::{CallId, Event, PersonId, Seq, SpaceId};
use madang_store::people::PersonRecord;
use serde::{Deserialize, Serialize};

use super::person::Person;
use super::space::Space;

/// What a device may say.
#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum ClientFrame {
    Hello(HelloFrame),
    Typing {
        space: SpaceId,
        thread: Option<Seq>,
    },
    /// Whether somebody looks at Madang on this device.
    Sight {
        visible: bool,
    },
    /// Something to show to the others in a call.
    #[serde(rename = "call_signal")]
    CallSignal {
        call: CallId,
        signal: super::call_signals::Said,
    },
    /// Whether this device shows the page of a ticket's visitor.
    Watch {
        space: SpaceId,
        on: bool,
    },
    /// Something on the page of a visitor, or what became of it.
    Point {
        space: SpaceId,
        #[serde(flatten)]
        word: serde_json::Map<String, serde_json::Value>,
    },
    Ping,
    #[serde(other)]
    Unknown,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct HelloFrame {
    pub epoch: i64,
    pub rev: i64,
    pub heads: Vec<(SpaceId, Seq)>,
    pub people_at: i64,
    /// A name that the device made for itself.
    pub device: String,
}

impl From<HelloFrame> for Hello {
    fn from(frame: HelloFrame) -> Self {
        Hello { epoch: frame.epoch, rev: frame.rev, heads: frame.heads, people_at: frame.people_at }
    }
}

#[derive(Serialize)]
#[serde(tag = "type", rename = "welcome")]
pub struct WelcomeFrame {
    epoch: i64,
    rev: i64,
    now: i64,
    me: Person,
    spaces: Vec<Space>,
    gone: Vec<SpaceId>,
    registers: Vec<super::register::Register>,
    people: Vec<Person>,
    people_at: i64,
    calls: Vec<super::calls::Call>,
}

impl WelcomeFrame {
    pub fn new(welcome: &Welcome, calls: Vec<Call>) -> Self {
        WelcomeFrame {
            epoch: welcome.epoch,
            rev: welcome.rev,
            now: welcome.now,
            me: Person::from(&welcome.me),
            spaces: welcome.spaces.iter().map(|summary| Space::new(summary, welcome.epoch)).collect(),
            gone: welcome.gone.clone(),
            registers: welcome.registers.iter().cloned().map(Into::into).collect(),
            people: welcome.people.iter().map(Person::from).collect(),
            people_at: welcome.people_at,
            calls: calls.into_iter().map(Into::into).collect(),
        }
    }
}

#[derive(Serialize)]
#[serde(tag = "type", rename = "event")]
pub struct EventFrame<'a> {
    event: &'a Event,
}

impl<'a> EventFrame<'a> {
    pub fn new(event: &'a Event) -> Self {
        EventFrame { event }
    }
}

#[derive(Serialize)]
#[serde(tag = "type", rename = "register")]
pub struct RegisterFrame<'a> {
    key: &'a str,
    rev: i64,
    value: &'a serde_json::Value,
}

impl<'a> RegisterFrame<'a> {
    pub fn new(register: &'a madang_store::registers::Register) -> Self {
        RegisterFrame { key: &register.key, rev: register.rev, value: &register.value }
    }
}

#[derive(Serialize)]
#[serde(tag = "type", rename = "space")]
pub struct SpaceFrame {
    space: Space,
}

impl SpaceFrame {
    pub fn new(summary: &Summary, epoch: i64) -> Self {
        SpaceFrame { space: Space::new(summary, epoch) }
    }
}

#[derive(Serialize)]
#[serde(tag = "type", rename = "person")]
pub struct PersonFrame {
    person: Person,
}

impl PersonFrame {
    pub fn new(record: &PersonRecord) -> Self {
        PersonFrame { person: Person::from(record) }
    }
}

#[derive(Serialize)]
#[serde(tag = "type", rename = "receipts")]
pub struct ReceiptsFrame<'a> {
    space: SpaceId,
    markers: &'a [(PersonId, Seq)],
}

impl<'a> ReceiptsFrame<'a> {
    pub fn new(space: SpaceId, markers: &'a [(PersonId, Seq)]) -> Self {
        ReceiptsFrame { space, markers }
    }
}

#[derive(Serialize)]
#[serde(tag = "type", rename = "typing")]
pub struct TypingFrame {
    space: SpaceId,
    person: PersonId,
    #[serde(skip_serializing_if = "Option::is_none")]
    thread: Option<Seq>,
}

impl TypingFrame {
    pub fn new(space: SpaceId, person: PersonId, thread: Option<Seq>) -> Self {
        TypingFrame { space, person, thread }
    }
}

/// Why the server ends a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Bye {
    SignedOut,
    Slow,
    Restart,
}

#[derive(Serialize)]
#[serde(tag = "type", rename = "bye")]
pub struct Farewell {
    code: Bye,
    retry: bool,
}

impl Farewell {
    pub fn new(code: Bye) -> Self {
        Farewell { code, retry: code != Bye::SignedOut }
    }
}

#[derive(Serialize)]
#[serde(tag = "type", rename = "pong")]
pub struct Pong {}
