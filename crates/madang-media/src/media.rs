//! The handle by which the server drives media. Cheap to clone; threads inside.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use bytes::Bytes;
use madang_model::{CallId, ParticipantId};

use crate::config::Config;
use crate::event::Event;
use crate::numbers::Numbers;
use crate::offer::{Answer, Offer, Refused};
use crate::rights::Rights;
use crate::slot::Wants;
use crate::track::Source;

/// Media ends when the last clone is dropped.
#[derive(Clone)]
pub struct Media {
    inner: Arc<Inner>,
}

struct Inner {
    udp: SocketAddr,
}

impl Media {
    /// Binds the socket and starts the threads. `tell` is called from them and must not block.
    pub fn start(config: Config, tell: impl Fn(Event) + Send + Sync + 'static) -> io::Result<Self> {
        drop(tell);
        Ok(Self { inner: Arc::new(Inner { udp: config.udp }) })
    }

    /// Where it listens: with the port that the system chose, if it was to choose.
    pub fn udp(&self) -> SocketAddr {
        self.inner.udp
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
        let _ = (call, participant, rights, offer);
        Err(Refused::Stopped)
    }

    /// An offer of a participant who is in: an ICE restart after a change of network.
    pub async fn renegotiate(
        &self,
        call: CallId,
        participant: ParticipantId,
        sdp: String,
    ) -> Result<String, Refused> {
        let _ = (call, participant, sdp);
        Err(Refused::Stopped)
    }

    pub fn want(&self, call: CallId, participant: ParticipantId, wants: Wants) {
        let _ = (call, participant, wants);
    }

    /// Rights, and what the host muted. Both are kept at the entrance: it is dropped as it comes.
    pub fn allow(&self, call: CallId, participant: ParticipantId, rights: Rights, muted: Vec<Source>) {
        let _ = (call, participant, rights, muted);
    }

    /// What the client says that it sends from here on. What it does not send is shown as muted.
    pub fn sends(&self, call: CallId, participant: ParticipantId, sources: Vec<Source>) {
        let _ = (call, participant, sources);
    }

    pub fn leave(&self, call: CallId, participant: ParticipantId) {
        let _ = (call, participant);
    }

    /// Ends the call for everybody. No event follows.
    pub fn end(&self, call: CallId) {
        let _ = call;
    }

    /// A TCP connection on the web port that is neither TLS nor HTTP, with what was read of it
    /// (RFC 4571 framing). Closed if it does not show in two seconds whose it is.
    pub fn take_tcp(&self, stream: tokio::net::TcpStream, first: Bytes) {
        drop((stream, first));
    }

    /// The newest numbers of a call; empty if there is no such call.
    pub async fn numbers(&self, call: CallId) -> Vec<Numbers> {
        let _ = call;
        Vec::new()
    }
}
