//! Pictures that stand still before an agent and a visitor, and are drawn on: a frame of the visitor's camera or screen, a
//! picture from their conversation. One a ticket and one an agent, held in memory while it is looked at, and then gone.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use axum::body::Bytes;
use madang_app::Error;
use madang_model::desk::ticket::Consent;
use madang_model::refusal::Thing;
use madang_model::{Body, PersonId, Refusal, SpaceId};
use parking_lot::Mutex;
use serde_json::{Map, Value};

use super::frame;
use super::hub::{Device, Hub};
use crate::wire::cobrowse::{StillFrame, StillShown};

/// Nobody looks at one picture for so long: whoever drew on it has gone without a word.
const LASTS: Duration = Duration::from_secs(60 * 60);

/// What a picture is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    Camera,
    Screen,
    /// From the conversation.
    Picture,
}

impl Of {
    pub fn parse(text: &str) -> Option<Of> {
        [Of::Camera, Of::Screen, Of::Picture].into_iter().find(|it| it.as_str() == text)
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Of::Camera => "camera",
            Of::Screen => "screen",
            Of::Picture => "picture",
        }
    }

    /// What the visitor has to have allowed.
    pub fn consent(self) -> Option<Consent> {
        match self {
            Of::Camera => Some(Consent::Camera),
            Of::Screen => Some(Consent::Screen),
            Of::Picture => None,
        }
    }
}

#[derive(Clone)]
struct Still {
    id: u64,
    of: Of,
    by: PersonId,
    visitor: PersonId,
    kind: &'static str,
    picture: Bytes,
    since: Instant,
}

impl Still {
    fn shown(&self) -> StillShown {
        StillShown { id: self.id.to_string(), of: self.of.as_str(), by: self.by.to_string() }
    }
}

#[derive(Default)]
struct Held {
    last: u64,
    all: HashMap<SpaceId, Still>,
}

#[derive(Default)]
pub struct Stills(Mutex<Held>);

impl Hub {
    /// An agent holds a picture still: the visitor sees the very same one.
    ///
    /// # Errors
    /// `NotFound`, `NotAllowed`, `NoConsent`, `TicketClosed`, `Invalid` for what is no picture, or what the store said.
    pub async fn hold_still(
        &self,
        agent: PersonId,
        space: SpaceId,
        of: Of,
        picture: Bytes,
    ) -> Result<StillShown, Error> {
        let visitor = self.app.holds_still(agent, space, of.consent()).await?;
        let kind = kind_of(&picture)
            .ok_or_else(|| Refusal::Invalid { what: "picture", why: "send a JPEG, PNG or WebP".into() })?;
        let still = {
            let mut held = self.cobrowse.stills.0.lock();
            held.last += 1;
            let still = Still { id: held.last, of, by: agent, visitor, kind, picture, since: Instant::now() };
            held.all.retain(|_, it| it.by != agent && it.since.elapsed() < LASTS);
            held.all.insert(space, still.clone());
            still
        };
        // Withdrawn between the look and the picture: whoever ends it then has not found it.
        if let Err(refused) = self.app.holds_still(agent, space, of.consent()).await {
            self.end_still(space, |it| it.id == still.id);
            return Err(refused);
        }
        let shown = still.shown();
        self.tell_still(&still, space, Some(&shown));
        Ok(shown)
    }

    /// The picture that stands still before a visitor.
    ///
    /// # Errors
    /// `NotFound` once it is over.
    pub fn still_of(&self, visitor: PersonId, id: &str) -> Result<(&'static str, Bytes), Refusal> {
        let held = self.cobrowse.stills.0.lock();
        let found = held.all.values().find(|it| it.visitor == visitor && it.id.to_string() == id);
        found.map(|it| (it.kind, it.picture.clone())).ok_or(Refusal::NotFound(Thing::File))
    }

    /// It goes on, by whoever looks at it.
    pub fn go_on(&self, person: PersonId) {
        let spaces: Vec<SpaceId> = self.cobrowse.stills.0.lock().all.keys().copied().collect();
        for space in spaces {
            self.end_still(space, |it| it.visitor == person);
        }
    }

    /// It goes on, by an agent of its desk.
    ///
    /// # Errors
    /// `NotFound`, `NotAllowed`, or what the store said.
    pub async fn let_go_on(&self, agent: PersonId, space: SpaceId) -> Result<(), Error> {
        self.app.holds_still(agent, space, None).await?;
        self.end_still(space, |_| true);
        Ok(())
    }

    /// What happens in a ticket may end what stands still in it: at once, whoever drew.
    pub(super) fn still_after(&self, space: SpaceId, body: &Body) {
        match body {
            Body::TicketClosed { .. } => self.end_still(space, |_| true),
            Body::ConsentWithdrawn { to } => self.end_still(space, |it| it.of.consent() == Some(*to)),
            Body::MemberLeft { person } => self.end_still(space, |it| it.by == *person),
            _ => {}
        }
    }

    /// A device of the visitor has come after it began.
    pub(super) fn tell_of_still(&self, device: &Device) {
        let held = self.cobrowse.stills.0.lock();
        let Some((space, still)) = held.all.iter().find(|(_, it)| it.visitor == device.person) else {
            return;
        };
        device.outlet.send(&frame::text(&StillFrame { space: *space, still: Some(&still.shown()) }));
    }

    /// Something drawn on it, or that it is seen. Answers whether the word was about one.
    pub(super) fn drawn(
        &self,
        device: &Device,
        space: SpaceId,
        word: &Map<String, Value>,
        block: &Bytes,
    ) -> bool {
        let Some(id) = word.get("still").and_then(Value::as_str) else { return false };
        let kind = word.get("kind").and_then(Value::as_str).unwrap_or_default();
        let held = self.cobrowse.stills.0.lock();
        let Some(still) = held.all.get(&space).filter(|it| it.id.to_string() == id) else { return true };
        let to = match kind {
            "pointer" | "ink" | "clear" if device.person == still.by => still.visitor,
            "looks" if device.person == still.visitor => still.by,
            _ => return true,
        };
        self.devices_of(to).iter().for_each(|it| it.outlet.send(block));
        true
    }

    fn end_still(&self, space: SpaceId, is: impl Fn(&Still) -> bool) {
        let over = {
            let mut held = self.cobrowse.stills.0.lock();
            if !held.all.get(&space).is_some_and(is) {
                return;
            }
            held.all.remove(&space)
        };
        if let Some(still) = over {
            self.tell_still(&still, space, None);
        }
    }

    fn tell_still(&self, still: &Still, space: SpaceId, shown: Option<&StillShown>) {
        let block = frame::text(&StillFrame { space, still: shown });
        for person in [still.visitor, still.by] {
            self.devices_of(person).iter().for_each(|device| device.outlet.send(&block));
        }
    }
}

/// By its first bytes, whatever it is said to be.
fn kind_of(picture: &[u8]) -> Option<&'static str> {
    match picture {
        [0xff, 0xd8, 0xff, ..] => Some("image/jpeg"),
        [0x89, b'P', b'N', b'G', ..] => Some("image/png"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some("image/webp"),
        _ => None,
    }
}
