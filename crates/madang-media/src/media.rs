//! The handle by which the server drives media. Cheap to clone; a thread inside.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::thread;

use bytes::Bytes;
use madang_model::{CallId, ParticipantId};
use mio::{Poll, Waker};
use tokio::sync::oneshot;

use crate::config::Config;
use crate::driver::{Command, Socket, WAKE, Worker, announced};
use crate::event::Event;
use crate::numbers::Numbers;
use crate::offer::{Answer, Offer, Refused};
use crate::record::Stopped;
use crate::rights::Rights;
use crate::rtc::{Ground, Way};
use crate::slot::Wants;
use crate::track::Source;

/// Media ends, with all its calls, when the last clone is dropped.
#[derive(Clone)]
pub struct Media {
    inner: Arc<Inner>,
}

struct Inner {
    udp: SocketAddr,
    announced: Vec<SocketAddr>,
    commands: Option<Sender<Command>>,
    waker: Arc<Waker>,
}

impl Media {
    /// Binds the socket and starts the thread. `tell` is called from it and must not block.
    pub fn start(config: Config, tell: impl Fn(Event) + Send + Sync + 'static) -> io::Result<Self> {
        let socket = Socket::bind(config.udp, !config.announce.is_empty())?;
        let udp = socket.local();
        let told = announced(&config, udp);
        let ground = Ground::new(config.lite, &told);
        let poll = Poll::new()?;
        // Kept by the thread too: one that is closed right after it was called wakes nobody.
        let waker = Arc::new(Waker::new(poll.registry(), WAKE)?);
        let (commands, obeyed) = channel();
        let worker = Worker::new(
            config.limits,
            config.lite,
            ground,
            socket,
            (poll, waker.clone()),
            obeyed,
            Arc::new(tell),
        )?;
        thread::Builder::new().name("media".to_owned()).spawn(move || worker.run())?;
        let announced = told.into_iter().filter(|(way, _)| *way == Way::Udp).map(|(_, at)| at).collect();
        Ok(Self { inner: Arc::new(Inner { udp, announced, commands: Some(commands), waker }) })
    }

    /// Where it listens: with the port that the system chose, if it was to choose.
    pub fn udp(&self) -> SocketAddr {
        self.inner.udp
    }

    /// The UDP addresses that devices are told to come to.
    pub fn announced(&self) -> &[SocketAddr] {
        &self.inner.announced
    }

    /// Lets a participant in. The first of a call begins it. Who joins again under the same id
    /// replaces themselves.
    pub async fn join(
        &self,
        call: CallId,
        participant: ParticipantId,
        rights: Rights,
        offer: Offer,
    ) -> Result<Answer, Refused> {
        let (reply, answer) = oneshot::channel();
        self.command(Command::Join(call, participant, rights, offer, reply));
        answer.await.unwrap_or(Err(Refused::Stopped))
    }

    /// An offer of a participant who is in: an ICE restart after a change of network.
    pub async fn renegotiate(
        &self,
        call: CallId,
        participant: ParticipantId,
        sdp: String,
    ) -> Result<String, Refused> {
        let (reply, answer) = oneshot::channel();
        self.command(Command::Renegotiate(call, participant, sdp, reply));
        answer.await.unwrap_or(Err(Refused::Stopped))
    }

    pub fn want(&self, call: CallId, participant: ParticipantId, wants: Wants) {
        self.command(Command::Want(call, participant, wants));
    }

    /// Rights, and what the host muted. Both are kept at the entrance: it is dropped as it comes.
    pub fn allow(&self, call: CallId, participant: ParticipantId, rights: Rights, muted: Vec<Source>) {
        self.command(Command::Allow(call, participant, rights, muted));
    }

    /// What the client says that it sends from here on. What it does not send is shown as muted.
    pub fn sends(&self, call: CallId, participant: ParticipantId, sources: Vec<Source>) {
        self.command(Command::Sends(call, participant, sources));
    }

    /// Begins to record a call into a folder that is there, in files of at most so many bytes. At the end comes
    /// [`Event::Recorded`], and then [`finish_recording`](crate::finish_recording) makes something of it.
    pub async fn record(&self, call: CallId, folder: PathBuf, most: u64) -> Result<(), Refused> {
        let (reply, answer) = oneshot::channel();
        self.command(Command::Record(call, folder, most, reply));
        answer.await.unwrap_or(Err(Refused::Stopped))
    }

    pub fn stop_recording(&self, call: CallId, why: Stopped) {
        self.command(Command::StopRecording(call, why));
    }

    pub fn leave(&self, call: CallId, participant: ParticipantId) {
        self.command(Command::Leave(call, participant));
    }

    /// Ends the call for everybody. No event follows.
    pub fn end(&self, call: CallId) {
        self.command(Command::End(call));
    }

    /// A TCP connection on the web port that is neither TLS nor HTTP, with what was read of it
    /// (RFC 4571 framing). Closed if it does not show in two seconds whose it is.
    pub fn take_tcp(&self, stream: tokio::net::TcpStream, first: Bytes) {
        // A stream that cannot be taken out of its runtime is closed with it.
        if let Ok(stream) = stream.into_std() {
            self.command(Command::Tcp(stream, first));
        }
    }

    /// The newest numbers of a call; empty if there is no such call.
    pub async fn numbers(&self, call: CallId) -> Vec<Numbers> {
        let (reply, answer) = oneshot::channel();
        self.command(Command::Numbers(call, reply));
        answer.await.unwrap_or_default()
    }

    /// A command to a thread that has ended is answered by its dropped reply.
    fn command(&self, command: Command) {
        if let Some(commands) = &self.inner.commands
            && commands.send(command).is_ok()
        {
            let _ = self.inner.waker.wake();
        }
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.commands = None;
        let _ = self.waker.wake();
    }
}
