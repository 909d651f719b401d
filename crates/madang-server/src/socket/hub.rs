//! The hub: which device follows which space, and the thread that writes to
//! them all.
//!
//! Built around the commit group: the events of one commit, and of those that
//! were made while the last block was written, become one block of bytes per
//! space and one write per device (design, section 2). The thread is no async
//! task, because the runtime would make a task that writes to thousands of
//! sockets yield after every 128.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::atomic::Ordering;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use madang_app::{App, Error, Summary};
use madang_model::space::SpaceKind;
use madang_model::{Body, Event, PersonId, Seq, SessionId, SpaceId};
use madang_store::bus::{Announcement, Heard, Subscription};
use madang_store::people::PersonRecord;
use parking_lot::{Mutex, RwLock};

use super::block::Block;
use super::cobrowse::CoBrowse;
use super::counts::Counts;
use super::frame;
use super::outlet::Outlet;
use super::profiles::News;
use super::receipts::Receipts;
use crate::wire::frames::{Bye, EventFrame, Farewell, PersonFrame, RegisterFrame, SpaceFrame, TypingFrame};

/// WebSocket close code for "the session is over, sign in again".
const SESSION_OVER: u16 = 4401;
/// WebSocket close code for "the server goes down" (RFC 6455, 7.4.1).
const GOING_AWAY: u16 = 1001;
/// WebSocket close code for "come back later" (IANA registry).
const TRY_AGAIN: u16 = 1013;

/// Bytes of the name of a device.
const NAME: usize = 100;
/// Announcements that are gathered for one block. A write of this many costs
/// little more per event than one of more, and memory stays small.
const GATHER: usize = 1024;

/// One connected device.
pub struct Device {
    pub person: PersonId,
    pub session: SessionId,
    pub outlet: Arc<Outlet>,
    /// As it named itself in its hello.
    name: OnceLock<String>,
    /// Whether its person sees everybody in the house, or only who shares a space. When it changes, the device
    /// begins anew.
    sees_everybody: OnceLock<bool>,
    /// The spaces in whose lists it stands; none once it is disconnected.
    spaces: Mutex<Option<Vec<SpaceId>>>,
    /// Whether somebody looks at it, as it says.
    in_sight: Mutex<bool>,
}

impl Device {
    pub fn new(person: PersonId, session: SessionId, outlet: Arc<Outlet>) -> Arc<Device> {
        let spaces = Mutex::new(Some(Vec::new()));
        Arc::new(Device {
            person,
            session,
            outlet,
            name: OnceLock::new(),
            sees_everybody: OnceLock::new(),
            spaces,
            in_sight: Mutex::default(),
        })
    }

    /// Takes the name from its hello; one that is too long is none.
    pub fn named(&self, name: String) {
        if name.len() <= NAME {
            self.name.get_or_init(|| name);
        }
    }

    pub(super) fn name(&self) -> &str {
        self.name.get().map_or("", String::as_str)
    }

    /// Says whether its person sees everybody in the house, before its welcome is read.
    pub fn sees(&self, everybody: bool) {
        self.sees_everybody.get_or_init(|| everybody);
    }

    /// None until it is known: the welcome, which is read later, holds what the device is not told till then.
    pub(super) fn sees_everybody(&self) -> Option<bool> {
        self.sees_everybody.get().copied()
    }

    pub(super) fn is_guest(&self) -> bool {
        self.sees_everybody() == Some(false)
    }

    pub(super) fn follows_any(&self, among: &HashSet<SpaceId>) -> bool {
        self.spaces.lock().iter().flatten().any(|space| among.contains(space))
    }
}

pub(super) type Devices = Vec<Arc<Device>>;
/// What is to be written to the devices of each space.
type Blocks = BTreeMap<SpaceId, Block>;

/// Everybody who is connected.
pub struct Hub {
    pub(super) app: Arc<App>,
    people: RwLock<HashMap<PersonId, Devices>>,
    spaces: RwLock<HashMap<SpaceId, Arc<Mutex<Devices>>>>,
    /// Up to which seq each space's events were written.
    sent: Mutex<HashMap<SpaceId, Seq>>,
    pub(super) receipts: Receipts,
    pub(super) cobrowse: CoBrowse,
    /// Profiles are told of one after the other, or the older of two could be the last to arrive.
    pub(super) telling: tokio::sync::Mutex<()>,
    /// A device that says nothing for this long is taken for gone; clients ping.
    pub(super) silence: Duration,
    pub counts: Counts,
    pub(super) runtime: tokio::runtime::Handle,
}

impl Hub {
    /// Starts the hub and its thread. Must be called inside the runtime.
    pub fn start(app: Arc<App>, silence: Duration) -> Arc<Hub> {
        let hub = Arc::new(Hub {
            app: app.clone(),
            people: RwLock::default(),
            spaces: RwLock::default(),
            sent: Mutex::default(),
            receipts: Receipts::default(),
            cobrowse: CoBrowse::default(),
            telling: tokio::sync::Mutex::default(),
            silence,
            counts: Counts::default(),
            runtime: tokio::runtime::Handle::current(),
        });
        let mut hints = app.bus.subscribe();
        let writer = hub.clone();
        std::thread::Builder::new()
            .name("fan-out".into())
            .spawn(move || {
                while let Some(heard) = hints.next_blocking() {
                    writer.hear(heard, &mut hints);
                }
            })
            .expect("a thread can be started at start-up");
        hub.clone().send_receipts();
        hub.clone().tell_of_calls(app.hear_of_calls());
        hub.clone().tell_of_desks();
        hub
    }

    /// Knows a device from here on: it follows the spaces that its person joins.
    pub fn connect(&self, device: &Arc<Device>) {
        self.people.write().entry(device.person).or_default().push(device.clone());
        self.app.is_there(device.person, true);
        metrics::gauge!("madang_devices_connected").increment(1.0);
    }

    /// Somebody looks at the device, or no longer does.
    pub fn sight(&self, device: &Device, visible: bool) {
        let mut before = device.in_sight.lock();
        if std::mem::replace(&mut *before, visible) != visible {
            self.app.in_sight(device.session, visible);
        }
    }

    /// Forgets a device. Looks at its own spaces only.
    pub fn disconnect(&self, device: &Arc<Device>) {
        let same = |it: &Arc<Device>| Arc::ptr_eq(it, device);
        let mut people = self.people.write();
        if let Some(devices) = people.get_mut(&device.person) {
            devices.retain(|it| !same(it));
            if devices.is_empty() {
                people.remove(&device.person);
            }
        }
        drop(people);
        self.app.is_there(device.person, false);
        self.sight(device, false);
        self.cobrowse.forget(device);
        let spaces = device.spaces.lock().take();
        for space in spaces.into_iter().flatten() {
            let Some(list) = self.list(space) else { continue };
            let mut devices = list.lock();
            if let Some(place) = devices.iter().position(same) {
                devices.swap_remove(place);
            }
            let is_empty = devices.is_empty();
            drop(devices);
            if is_empty {
                self.drop_if_empty(space);
            }
        }
        metrics::gauge!("madang_devices_connected").decrement(1.0);
    }

    /// Devices are added under the map's lock, so none is added to a list that goes.
    fn drop_if_empty(&self, space: SpaceId) {
        let mut spaces = self.spaces.write();
        if spaces.get(&space).is_some_and(|list| list.lock().is_empty()) {
            spaces.remove(&space);
        }
    }

    /// Begins to write to a device what happens in the space.
    pub fn follow(&self, space: SpaceId, device: &Arc<Device>) {
        if let Some(list) = self.spaces.read().get(&space) {
            return enlist(list, space, device);
        }
        enlist(self.spaces.write().entry(space).or_default(), space, device);
    }

    pub(super) fn nobody_is_connected(&self) -> bool {
        self.people.read().is_empty()
    }

    pub(super) fn everybody(&self) -> Devices {
        self.people.read().values().flatten().cloned().collect()
    }

    pub(super) fn devices_of(&self, person: PersonId) -> Devices {
        self.people.read().get(&person).cloned().unwrap_or_default()
    }

    pub(super) fn list(&self, space: SpaceId) -> Option<Arc<Mutex<Devices>>> {
        self.spaces.read().get(&space).cloned()
    }

    /// Writes a block to every device that follows the space.
    pub(super) fn broadcast(&self, space: SpaceId, block: &Bytes) {
        let Some(list) = self.list(space) else { return };
        let devices = list.lock();
        self.counts.block(devices.len());
        for device in devices.iter() {
            device.outlet.send_counted(block, &self.counts.writes);
        }
    }

    /// Whether the device follows the space, and so may send signals there.
    fn follows(&self, space: SpaceId, person: PersonId) -> bool {
        self.list(space).is_some_and(|list| list.lock().iter().any(|it| it.person == person))
    }

    /// Tells the others in the space that this person is writing.
    pub fn typing(&self, space: SpaceId, person: PersonId, thread: Option<Seq>) {
        if !self.follows(space, person) {
            return;
        }
        let Some(list) = self.list(space) else { return };
        let block = frame::text(&TypingFrame::new(space, person, thread));
        for device in list.lock().iter().filter(|it| it.person != person) {
            device.outlet.send(&block);
        }
    }

    /// Says good-bye to everybody; they come back to the next process.
    pub fn say_goodbye(&self) {
        let bye = frame::text(&Farewell::new(Bye::Restart));
        for device in self.people.read().values().flatten() {
            device.outlet.close(&[bye.clone(), frame::close(GOING_AWAY)]);
        }
    }

    /// Takes in what was announced, and what has been since, before it writes.
    fn hear(self: &Arc<Self>, first: Heard, hints: &mut Subscription) {
        let (mut blocks, mut news) = (Blocks::new(), News::default());
        let (mut gathered, mut yielded) = (0, false);
        let mut heard = Some(first);
        while let Some(next) = heard {
            match next {
                Heard::Batch(batch) => {
                    self.gather(&batch, &mut blocks, &mut news);
                    gathered += batch.len();
                }
                Heard::Missed(lost) => return self.lost(lost),
            }
            heard = if gathered < GATHER { hints.next_at_once() } else { None };
            if heard.is_none() && !yielded && gathered < GATHER {
                // Under load on few processors the writer gets to its next commit, and the block is larger.
                yielded = true;
                std::thread::yield_now();
                heard = hints.next_at_once();
            }
        }
        for (space, block) in blocks {
            self.write(space, block);
        }
        self.tell_of_people(news);
    }

    /// Nobody knows what was in them: all devices catch up from the log, and
    /// sessions are asked of the store, for some may have ended.
    pub(super) fn lost(&self, lost: u64) {
        tracing::warn!(lost, "The fan-out fell behind, all devices reconnect");
        self.app.forget_all_sessions();
        self.sent.lock().clear();
        let bye = frame::text(&Farewell::new(Bye::Slow));
        for device in self.people.read().values().flatten() {
            device.outlet.close(&[bye.clone(), frame::close(TRY_AGAIN)]);
        }
    }

    fn gather(self: &Arc<Self>, batch: &[Announcement], blocks: &mut Blocks, all_news: &mut News) {
        let mut news = News::default();
        for announcement in batch {
            match announcement {
                Announcement::Event(event) => {
                    for event in self.arrived(event) {
                        self.note_joining(&event, &mut news);
                        self.sent.lock().insert(event.space, event.seq);
                        let visitor = self.visitor_of(&event);
                        blocks.entry(event.space).or_default().put(&event, visitor);
                        self.counts.encoded.fetch_add(1, Ordering::Relaxed);
                        self.note_leaving(&event, blocks);
                    }
                }
                Announcement::Register { person, register } => {
                    let block = frame::text(&RegisterFrame::new(register));
                    self.devices_of(*person).iter().for_each(|device| device.outlet.send(&block));
                }
                Announcement::ReadMoved { space, person, seq } => self.receipts.moved(*space, *person, *seq),
                Announcement::Person(person) => news.changed(*person),
                Announcement::SessionEnded(session) => self.cut(*session),
                Announcement::RoleChanged(person) => self.begin_anew(*person),
                Announcement::Outside => self.look_again(),
            }
        }
        all_news.add(news);
    }

    /// The event, after any that are announced too late to come before it; nothing if it was written already.
    fn arrived(&self, event: &Arc<Event>) -> Vec<Arc<Event>> {
        let last = self.sent.lock().get(&event.space).copied().unwrap_or(event.seq - 1);
        if event.seq <= last + 1 {
            return if event.seq > last { vec![event.clone()] } else { Vec::new() };
        }
        // Several writers announce in any order; the log has the right one.
        match self.app.events_between(event.space, last, event.seq) {
            Ok(missed) => missed.into_iter().map(Arc::new).chain([event.clone()]).collect(),
            Err(error) => {
                tracing::warn!(%error, space.id = %event.space, "What was announced too late cannot be read");
                self.lost(1);
                vec![event.clone()]
            }
        }
    }

    /// Follows people into the space. A space that was deleted has been hidden from most until it is restored.
    fn note_joining(self: &Arc<Self>, event: &Event, news: &mut News) {
        match event.body {
            Body::MemberJoined { person, .. } => {
                self.introduce(person, event.space, news);
                for device in self.devices_of(person) {
                    self.follow(event.space, &device);
                    self.tell_of_space(device, event.space);
                }
            }
            Body::SpaceRestored {} => {
                let list = self.list(event.space);
                let devices = list.map(|list| list.lock().clone()).unwrap_or_default();
                devices.into_iter().for_each(|device| self.tell_of_space(device, event.space));
            }
            _ => {}
        }
    }

    /// Follows people out of the space (invariant 7): their own leaving is the
    /// last thing they hear of it, whatever was committed together with it.
    fn note_leaving(&self, event: &Event, blocks: &mut Blocks) {
        let Body::MemberLeft { person } = event.body else { return };
        if let Some(block) = blocks.remove(&event.space) {
            self.write(event.space, block);
        }
        if let Some(list) = self.list(event.space) {
            list.lock().retain(|device| device.person != person);
        }
        for device in self.devices_of(person) {
            if let Some(spaces) = device.spaces.lock().as_mut() {
                spaces.retain(|it| *it != event.space);
            }
        }
    }

    /// Shows a device a space that it has come into; a guest's also who is there.
    fn tell_of_space(self: &Arc<Self>, device: Arc<Device>, space: SpaceId) {
        let hub = self.clone();
        self.runtime.spawn(async move {
            // A profile that changes meanwhile is told of after this.
            let _turn = if device.is_guest() { Some(hub.telling.lock().await) } else { None };
            match hub.look_at(&device, space).await {
                // Not on the runtime: what was written meanwhile is read with the list locked.
                Ok((summary, company)) => {
                    let hub = hub.clone();
                    let shown = tokio::task::spawn_blocking(move || hub.show(&device, &summary, &company));
                    drop(shown.await);
                }
                Err(error) => {
                    tracing::debug!(%error, space.id = %space, "A space was gone before it could be shown")
                }
            }
        });
    }

    /// The company after the summary: whoever comes in still later is introduced.
    async fn look_at(&self, device: &Device, space: SpaceId) -> Result<(Summary, Vec<PersonRecord>), Error> {
        let summary = self.app.space(device.person, space).await?;
        // Whoever helps a visitor is shown who that is: nobody else in the house knows them.
        let is_ticket = summary.space.facts.kind == SpaceKind::Ticket;
        let company = match device.is_guest() || is_ticket {
            true => self.app.company(device.person, space).await?,
            false => Vec::new(),
        };
        Ok((summary, company))
    }

    /// With the list of the space locked, nothing is written there and nobody leaves: a device that is out
    /// again is shown nothing, and what was written since the summary was read follows it. So a device may
    /// drop what it hears of a space before it is shown.
    fn show(&self, device: &Arc<Device>, summary: &Summary, company: &[PersonRecord]) {
        let (space, head) = (summary.space.facts.id, summary.space.facts.head);
        let Some(list) = self.list(space) else { return };
        let devices = list.lock();
        if summary.me.is_none() || !devices.iter().any(|it| Arc::ptr_eq(it, device)) {
            return;
        }
        let mut block = BytesMut::with_capacity(512);
        company.iter().for_each(|it| frame::put_text(&mut block, &PersonFrame::new(it)));
        frame::put_text(&mut block, &SpaceFrame::new(summary, self.app.epoch()));
        let sent = self.sent.lock().get(&space).copied().unwrap_or(0);
        if sent > head {
            match self.app.events_between(space, head, sent + 1) {
                // Out and in again meanwhile: the later coming in shows the space, whichever of the two is first.
                Ok(missed) if missed.iter().any(|it| it.body.is_leaving_of(device.person)) => return,
                Ok(missed) => {
                    for event in &missed {
                        match self.visitor_of(event) == Some(device.person) {
                            true => frame::put_text(&mut block, &EventFrame::new(&event.hidden())),
                            false => frame::put_text(&mut block, &EventFrame::new(event)),
                        }
                    }
                }
                Err(error) => {
                    tracing::warn!(%error, space.id = %space, "A device will fetch a gap itself")
                }
            }
        }
        device.outlet.send(&block.freeze());
    }

    /// Cuts the devices of a session that is over.
    fn cut(&self, session: SessionId) {
        self.app.forget_session(session);
        let bye = frame::text(&Farewell::new(Bye::SignedOut));
        for device in self.people.read().values().flatten().filter(|device| device.session == session) {
            device.outlet.close(&[bye.clone(), frame::close(SESSION_OVER)]);
        }
    }

    /// Somebody may see more or less from here on: their devices come back and are told.
    fn begin_anew(&self, person: PersonId) {
        let bye = frame::text(&Farewell::new(Bye::Restart));
        for device in self.devices_of(person) {
            device.outlet.close(&[bye.clone(), frame::close(TRY_AGAIN)]);
        }
    }

    /// Cuts the devices whose sessions another process ended.
    fn look_again(self: &Arc<Self>) {
        let hub = self.clone();
        let mut sessions: Vec<SessionId> =
            self.people.read().values().flatten().map(|device| device.session).collect();
        sessions.sort_unstable();
        sessions.dedup();
        self.runtime.spawn(async move {
            match hub.app.ended_among(sessions).await {
                Ok(ended) => ended.into_iter().for_each(|session| hub.cut(session)),
                Err(error) => {
                    // Nobody knows who is still in: whoever is comes back.
                    tracing::warn!(%error, "Sessions could not be looked up");
                    hub.lost(0);
                }
            }
        });
    }
}

/// Puts a device on the list of a space, once.
fn enlist(list: &Mutex<Devices>, space: SpaceId, device: &Arc<Device>) {
    let mut devices = list.lock();
    let mut spaces = device.spaces.lock();
    if let Some(spaces) = spaces.as_mut().filter(|it| !it.contains(&space)) {
        spaces.push(space);
        devices.push(device.clone());
    }
}
