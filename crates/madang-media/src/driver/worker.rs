//! The thread that owns the calls: waits for packets, commands and time, and passes them on.

use std::collections::{BTreeSet, HashMap};
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, TryRecvError};
use std::time::{Duration, Instant};

use bytes::Bytes;
use madang_model::{CallId, ParticipantId};
use mio::{Events, Interest, Poll, Token, Waker};
use tokio::sync::oneshot;

use super::demux::{Demux, Owner};
use super::socket::Socket;
use super::stun;
use super::tape::{Tape, Tell};
use super::tcp::{Connections, FIRST_TOKEN};
use crate::call::Call;
use crate::config::Limits;
use crate::numbers::Numbers;
use crate::offer::{Answer, Offer, Refused};
use crate::record::{Note, Stopped};
use crate::rights::Rights;
use crate::rtc::{Datagram, Ground, Way};
use crate::slot::Wants;
use crate::track::Source;

pub const WAKE: Token = Token(0);
const UDP: Token = Token(1);

/// Batches of datagrams that are read before what they caused is sent.
const BATCHES: usize = 4;

pub enum Command {
    Join(CallId, ParticipantId, Rights, Offer, oneshot::Sender<Result<Answer, Refused>>),
    Renegotiate(CallId, ParticipantId, String, oneshot::Sender<Result<String, Refused>>),
    Want(CallId, ParticipantId, Wants),
    Allow(CallId, ParticipantId, Rights, Vec<Source>),
    Sends(CallId, ParticipantId, Vec<Source>),
    /// Into this folder, in files of at most so many bytes.
    Record(CallId, PathBuf, u64, oneshot::Sender<Result<(), Refused>>),
    StopRecording(CallId, Stopped),
    Leave(CallId, ParticipantId),
    End(CallId),
    Numbers(CallId, oneshot::Sender<Vec<Numbers>>),
    Tcp(std::net::TcpStream, Bytes),
}

pub struct Worker {
    limits: Limits,
    lite: bool,
    ground: Ground,
    poll: Poll,
    _waker: Arc<Waker>,
    commands: Receiver<Command>,
    // Before `tell`: whoever hears that nothing more is told finds the port free.
    socket: Socket,
    connections: Connections,
    tell: Tell,
    demux: Demux,
    calls: HashMap<CallId, Call>,
    tapes: HashMap<CallId, Tape>,
    timers: BTreeSet<(Instant, CallId)>,
    /// When each call is in `timers`.
    due: HashMap<CallId, Instant>,
    touched: Vec<CallId>,
}

impl Worker {
    pub fn new(
        limits: Limits,
        lite: bool,
        ground: Ground,
        mut socket: Socket,
        (poll, waker): (Poll, Arc<Waker>),
        commands: Receiver<Command>,
        tell: Tell,
    ) -> io::Result<Self> {
        poll.registry().register(&mut socket.io, UDP, Interest::READABLE)?;
        Ok(Self {
            limits,
            lite,
            ground,
            poll,
            _waker: waker,
            commands,
            tell,
            socket,
            connections: Connections::new(limits),
            demux: Demux::new(limits.packets_per_second),
            calls: HashMap::new(),
            tapes: HashMap::new(),
            timers: BTreeSet::new(),
            due: HashMap::new(),
            touched: Vec::new(),
        })
    }

    /// Runs until the last handle is gone.
    pub fn run(mut self) {
        let mut events = Events::with_capacity(256);
        let mut more = false;
        let mut strangers = false;
        loop {
            let wait = self.wait(more, strangers);
            if let Err(error) = self.poll.poll(&mut events, wait)
                && error.kind() != io::ErrorKind::Interrupted
            {
                tracing::error!(%error, "media cannot wait for packets; calls end");
                return;
            }
            let now = Instant::now();
            if !self.obey(now) {
                return;
            }
            for event in &events {
                let token = event.token();
                if token.0 >= FIRST_TOKEN {
                    self.connection(
                        now,
                        token,
                        event.is_readable() || event.is_read_closed(),
                        event.is_writable(),
                    );
                }
            }
            // Asked each time: a socket that was not read to its end gives no further event.
            more = self.datagrams(now);
            strangers = self.connections.cut_off(now);
            self.timeouts(now);
            self.finish(now);
        }
    }

    fn wait(&self, more: bool, strangers: bool) -> Option<Duration> {
        if more {
            return Some(Duration::ZERO);
        }
        let next = self.timers.first().map(|(at, _)| at.saturating_duration_since(Instant::now()));
        let cut_off = strangers.then_some(Duration::from_millis(250));
        match (next, cut_off) {
            (Some(next), Some(cut_off)) => Some(next.min(cut_off)),
            (next, cut_off) => next.or(cut_off),
        }
    }

    /// False: nobody can command any more.
    fn obey(&mut self, now: Instant) -> bool {
        loop {
            match self.commands.try_recv() {
                Ok(command) => self.command(now, command),
                Err(TryRecvError::Empty) => return true,
                Err(TryRecvError::Disconnected) => {
                    let ids: Vec<CallId> = self.calls.keys().copied().collect();
                    ids.into_iter().for_each(|id| self.command(now, Command::End(id)));
                    self.finish(now);
                    return false;
                }
            }
        }
    }

    fn command(&mut self, now: Instant, command: Command) {
        match command {
            Command::Join(call, participant, rights, offer, reply) => {
                // Whoever asked may have gone; then they time out as anybody does.
                let _ = reply.send(self.join(now, Owner { call, participant }, rights, &offer));
            }
            Command::Renegotiate(call, participant, sdp, reply) => {
                let _ = reply.send(self.renegotiate(now, Owner { call, participant }, &sdp));
            }
            Command::Want(call, participant, wants) => self.with(call, |it| it.want(now, participant, wants)),
            Command::Allow(call, participant, rights, muted) => {
                self.with(call, |it| it.allow(now, participant, rights, muted));
            }
            Command::Sends(call, participant, sources) => {
                self.with(call, |it| it.sends(now, participant, sources))
            }
            Command::Record(call, folder, most, reply) => {
                let _ = reply.send(self.record(now, call, folder, most));
            }
            Command::StopRecording(call, why) => self.with(call, |it| it.stop_recording(now, why)),
            Command::Leave(call, participant) => self.with(call, |it| it.leave(now, participant)),
            Command::End(call) => self.with(call, |it| it.end(now)),
            Command::Numbers(call, reply) => {
                let _ = reply.send(self.calls.get(&call).map(Call::numbers).unwrap_or_default());
            }
            Command::Tcp(stream, first) => {
                if let Ok(token) = self.connections.take(now, self.poll.registry(), stream, &first) {
                    self.connection(now, token, true, false);
                }
            }
        }
    }

    fn with(&mut self, call: CallId, act: impl FnOnce(&mut Call)) {
        if let Some(it) = self.calls.get_mut(&call) {
            act(it);
            self.touched.push(call);
        }
    }

    fn join(&mut self, now: Instant, owner: Owner, rights: Rights, offer: &Offer) -> Result<Answer, Refused> {
        if !self.calls.contains_key(&owner.call) && self.calls.len() >= self.limits.calls {
            return Err(Refused::Full);
        }
        let call = self.calls.entry(owner.call).or_insert_with(|| Call::new(now, owner.call));
        self.touched.push(owner.call);
        let answer = call.join(now, &self.ground, &self.limits, owner.participant, rights, offer)?;
        // Somebody who joins again was forgotten under the same id a moment ago.
        for left in call.out.left.drain(..) {
            self.demux.forget(Owner { participant: left, ..owner });
        }
        if let Some(name) = call.ufrag(owner.participant) {
            self.demux.name(now, owner, name);
        }
        Ok(answer)
    }

    fn record(&mut self, now: Instant, id: CallId, folder: PathBuf, most: u64) -> Result<(), Refused> {
        let call = self.calls.get_mut(&id).filter(|it| !it.is_empty()).ok_or(Refused::CallOver)?;
        if call.is_recorded() {
            return Ok(());
        }
        let tape = Tape::begin(id, folder, self.tell.clone()).map_err(|error| {
            tracing::error!(call.id = %id, %error, "a recording could not begin");
            Refused::Full
        })?;
        self.tapes.insert(id, tape);
        call.record(now, most);
        self.touched.push(id);
        Ok(())
    }

    /// Hands what is to be written down to the writer. One that cannot keep up is let go; the call goes on.
    fn keep(&mut self, now: Instant, id: CallId, notes: Vec<Note>) {
        let Some(tape) = self.tapes.get(&id) else { return };
        let mut over = None;
        for note in notes {
            let ended = matches!(note, Note::Ended { .. });
            if let Err(why) = tape.write(note) {
                tracing::warn!(call.id = %id, why = why.as_str(), "a recording ends; the call goes on");
                over = Some(why);
                break;
            }
            if ended {
                over = Some(Stopped::Asked);
            }
        }
        if let Some(why) = over {
            self.tapes.remove(&id);
            if let Some(call) = self.calls.get_mut(&id) {
                call.stop_recording(now, why);
                call.out.notes.clear();
            }
        }
    }

    fn renegotiate(&mut self, now: Instant, owner: Owner, sdp: &str) -> Result<String, Refused> {
        let call = self.calls.get_mut(&owner.call).filter(|it| !it.is_empty()).ok_or(Refused::CallOver)?;
        self.touched.push(owner.call);
        let answer = call.renegotiate(now, &self.limits, owner.participant, sdp)?;
        if let Some(name) = call.ufrag(owner.participant) {
            self.demux.name(now, owner, name);
        }
        Ok(answer)
    }

    /// True: there may be more.
    fn datagrams(&mut self, now: Instant) -> bool {
        let Self { socket, demux, calls, touched, ground, .. } = self;
        for _ in 0..BATCHES {
            let batch = socket.receive(|from, to, contents| {
                let Some(to) = ground.arrived_at(Way::Udp, to) else { return };
                let datagram = Datagram { way: Way::Udp, from, to, contents };
                if let Some(call) = deliver(now, demux, calls, datagram) {
                    touched.push(call);
                }
            });
            match batch {
                Ok(true) => {}
                Ok(false) => return false,
                Err(error) => {
                    // A client's port that is closed comes back as an error of a later call.
                    tracing::debug!(%error, "the media socket could not be read");
                    return true;
                }
            }
        }
        true
    }

    fn connection(&mut self, now: Instant, token: Token, readable: bool, writable: bool) {
        if writable {
            self.connections.writable(token);
        }
        if !readable {
            return;
        }
        let Self { connections, demux, calls, touched, ground, .. } = self;
        connections.read(token, |from, to, contents| {
            let Some(to) = ground.arrived_at(Way::Tcp, to) else { return false };
            let call = deliver(now, demux, calls, Datagram { way: Way::Tcp, from, to, contents });
            touched.extend(call);
            call.is_some()
        });
    }

    fn timeouts(&mut self, now: Instant) {
        while let Some((at, call)) = self.timers.first().copied().filter(|(at, _)| *at <= now) {
            self.timers.remove(&(at, call));
            self.due.remove(&call);
            self.touched.push(call);
        }
    }

    /// Lets the touched calls go on, and sends and tells what they gave.
    fn finish(&mut self, now: Instant) {
        let mut touched = std::mem::take(&mut self.touched);
        touched.sort_unstable();
        touched.dedup();
        for id in touched.drain(..) {
            let Some(call) = self.calls.get_mut(&id) else { continue };
            call.flush(now);
            for participant in call.out.left.drain(..) {
                self.demux.forget(Owner { call: id, participant });
            }
            if call.is_empty() {
                call.stop_recording(now, Stopped::CallOver);
            }
            let notes = std::mem::take(&mut call.out.notes);
            let transmits = std::mem::take(&mut call.out.transmits);
            for event in call.out.events.drain(..) {
                (self.tell)(event);
            }
            let next = call.next();
            if let Some(before) = self.due.remove(&id) {
                self.timers.remove(&(before, id));
            }
            if call.is_empty() {
                self.calls.remove(&id);
            } else {
                self.timers.insert((next, id));
                self.due.insert(id, next);
            }
            self.send(id, transmits);
            if !notes.is_empty() {
                self.keep(now, id, notes);
            }
        }
        self.touched = touched;
    }

    fn send(&mut self, call: CallId, transmits: Vec<(ParticipantId, crate::rtc::Transmit)>) {
        let mut udp = Vec::with_capacity(transmits.len());
        for (participant, transmit) in transmits {
            // Who asks first must know who answers: a full agent checks addresses that it was told.
            if !self.lite && stun::is_stun(&transmit.contents) && !self.demux.knows(transmit.way, transmit.to)
            {
                self.demux.bind(Owner { call, participant }, transmit.way, transmit.to);
            }
            match transmit.way {
                Way::Udp => udp.push(transmit),
                Way::Tcp => self.connections.send(transmit.to, &transmit.contents),
            }
        }
        self.socket.send(&udp);
    }
}

/// Passes a datagram to the call that it is for. None: it was nobody's.
fn deliver(
    now: Instant,
    demux: &mut Demux,
    calls: &mut HashMap<CallId, Call>,
    datagram: Datagram<'_>,
) -> Option<CallId> {
    let owner = demux.owner(now, datagram.way, datagram.from, datagram.contents)?;
    let call = calls.get_mut(&owner.call)?;
    if !call.receive(now, owner.participant, datagram) {
        return None;
    }
    demux.bind(owner, datagram.way, datagram.from);
    Some(owner.call)
}
