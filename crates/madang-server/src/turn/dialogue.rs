//! What a relay answers, for one connection: RFC 8656, driven by time and input, for exactly one sort of peer.
//!
//! The only addresses that anything is passed on to are those of our own media server. Whatever names another one is
//! refused, however it is written.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::frame::{self, Frame};
use super::message::{
    Asks, CHANNEL, DATA, ERROR, FAMILY, LIFETIME, MAPPED, Message, NONCE, REALM, RELAYED, Reply, TRANSPORT,
    UNKNOWN, USERNAME,
};
use super::relay::{self, Held, Relay, Stranger};

/// Who has not shown in this time who they are is cut off: two round trips of a slow network, and their user.
pub const SHOWS_WITHIN: Duration = Duration::from_secs(8);
/// What a stranger may ask for: once without a name, once with one, and a few mistakes.
const QUESTIONS: u32 = 8;
/// RFC 8656, 3.2: the usual life of an allocation, and the longest one here.
const LIFE: Duration = Duration::from_secs(600);
/// RFC 8656, 9.
const PERMITTED: Duration = Duration::from_secs(300);
/// RFC 8656, 12.
const BOUND: Duration = Duration::from_secs(600);

/// One connection.
pub struct Dialogue {
    relay: Arc<Relay>,
    from: SocketAddr,
    nonce: String,
    until: Instant,
    questions: u32,
    stranger: Option<Stranger>,
    allocation: Option<Allocation>,
}

struct Allocation {
    username: String,
    key: [u8; 16],
    ways: Vec<Way>,
    _held: Held,
}

/// How it stands between this device and one of the media server's addresses.
struct Way {
    told: SocketAddr,
    permitted: Option<Instant>,
    channel: Option<(u16, Instant)>,
}

/// What follows from a frame.
#[derive(Debug, PartialEq, Eq)]
pub enum Outcome<'a> {
    Nothing,
    Say(Vec<u8>),
    /// To the peer with this place in the relay's list.
    Pass(usize, &'a [u8]),
    /// The last words, and the end.
    End(Vec<u8>),
}

/// Why a request is refused: RFC 8656, 19, and RFC 8489, 14.8.
#[derive(Clone, Copy)]
struct No(u16, &'static str);

const BAD_REQUEST: No = No(400, "Bad Request");
const UNAUTHENTICATED: No = No(401, "Unauthenticated");
const FORBIDDEN: No = No(403, "Forbidden");
const MISMATCH: No = No(437, "Allocation Mismatch");
const STALE: No = No(438, "Stale Nonce");
const NO_SUCH_FAMILY: No = No(440, "Address Family not Supported");
const WRONG_CREDENTIALS: No = No(441, "Wrong Credentials");
const NO_SUCH_TRANSPORT: No = No(442, "Unsupported Transport Protocol");
const QUOTA: No = No(486, "Allocation Quota Reached");
const NO_ROOM: No = No(508, "Insufficient Capacity");

impl Dialogue {
    /// None: there are too many whom we do not know.
    pub fn new(relay: Arc<Relay>, from: SocketAddr, now: Instant) -> Option<Self> {
        let mut nonce = [0_u8; 16];
        aws_lc_rs::rand::fill(&mut nonce).expect("the system has randomness");
        let nonce = nonce.iter().map(|byte| format!("{byte:02x}")).collect();
        let stranger = Some(relay.stranger()?);
        Some(Self { relay, from, nonce, until: now + SHOWS_WITHIN, questions: 0, stranger, allocation: None })
    }

    /// When it is over, unless something comes.
    pub fn until(&self) -> Instant {
        self.until
    }

    pub fn is_known(&self) -> bool {
        self.allocation.is_some()
    }

    /// `open` makes a socket towards the peer of that place and says where it is.
    pub fn receive<'a>(
        &mut self,
        (now, now_s): (Instant, i64),
        frame: Frame<'a>,
        open: impl FnOnce(usize) -> io::Result<SocketAddr>,
    ) -> Outcome<'a> {
        if !self.is_known() {
            self.questions += 1;
            if self.questions > QUESTIONS {
                return Outcome::End(Vec::new());
            }
        }
        let bytes = match frame {
            Frame::Channel(number, contents) => return self.channel_data(now, number, contents),
            Frame::Message(bytes) => bytes,
        };
        let Some(message) = Message::read(bytes) else { return Outcome::End(Vec::new()) };
        match message.asks {
            Some(Asks::Send) => self.send(now, &message),
            Some(Asks::Binding) => Outcome::Say(message.answer(true).address(MAPPED, self.from).unsigned()),
            Some(asks) => self.request((now, now_s), asks, &message, open),
            None => Outcome::Nothing,
        }
    }

    fn request<'a>(
        &mut self,
        (now, now_s): (Instant, i64),
        asks: Asks,
        message: &Message<'_>,
        open: impl FnOnce(usize) -> io::Result<SocketAddr>,
    ) -> Outcome<'a> {
        let key = match self.known(now_s, message) {
            Ok(key) => key,
            Err(no) => return Outcome::Say(self.refuse(message, no, None)),
        };
        let unknown = message.not_understood();
        if !unknown.is_empty() {
            let kinds: Vec<u8> = unknown.iter().flat_map(|kind| kind.to_be_bytes()).collect();
            let no = error(No(420, "Unknown Attribute"));
            return Outcome::Say(message.answer(false).with(ERROR, &no).with(UNKNOWN, &kinds).signed(&key));
        }
        let done = match asks {
            Asks::Allocate => self.allocate(now, message, key, open),
            Asks::Refresh => self.refresh(now, message),
            Asks::Permission => self.permit(now, message).map(|()| message.answer(true)),
            Asks::Channel => self.bind(now, message).map(|()| message.answer(true)),
            Asks::Binding | Asks::Send => Err(BAD_REQUEST),
        };
        match done {
            Ok(reply) if asks == Asks::Refresh && self.allocation.is_none() => {
                Outcome::End(reply.signed(&key))
            }
            Ok(reply) => Outcome::Say(reply.signed(&key)),
            Err(no) => Outcome::Say(self.refuse(message, no, Some(&key))),
        }
    }

    /// RFC 8489, 9.2.4: the key of whoever sent this, if we gave it to them.
    fn known(&self, now_s: i64, message: &Message<'_>) -> Result<[u8; 16], No> {
        if !message.is_signed() {
            return Err(UNAUTHENTICATED);
        }
        let (Some(username), Some(_), Some(nonce)) =
            (message.text(USERNAME), message.text(REALM), message.text(NONCE))
        else {
            return Err(BAD_REQUEST);
        };
        if nonce != self.nonce {
            return Err(STALE);
        }
        let key = match &self.allocation {
            // RFC 8656, 5: an allocation is used by whoever made it. A long call outlives the name that it began with.
            Some(allocation) if allocation.username == username => allocation.key,
            Some(_) => return Err(WRONG_CREDENTIALS),
            None => self.relay.key(username, now_s).ok_or(UNAUTHENTICATED)?.0,
        };
        message.is_signed_with(&key).then_some(key).ok_or(UNAUTHENTICATED)
    }

    fn refuse(&self, message: &Message<'_>, no: No, key: Option<&[u8; 16]>) -> Vec<u8> {
        // To ask without a name is how one learns what to ask with.
        if no.0 != UNAUTHENTICATED.0 || message.is_signed() {
            self.relay.numbers().refused.increment(1);
            tracing::debug!(relay.code = no.0, relay.why = no.1, "A relay refused a request");
        }
        let reply = message.answer(false).with(ERROR, &error(no));
        match key {
            Some(key) => reply.signed(key),
            None => reply.with(REALM, relay::REALM.as_bytes()).with(NONCE, self.nonce.as_bytes()).unsigned(),
        }
    }

    /// RFC 8656, 7.2.
    fn allocate(
        &mut self,
        now: Instant,
        message: &Message<'_>,
        key: [u8; 16],
        open: impl FnOnce(usize) -> io::Result<SocketAddr>,
    ) -> Result<Reply, No> {
        const UDP: u8 = 17;
        if self.allocation.is_some() {
            return Err(MISMATCH);
        }
        match message.value(TRANSPORT) {
            Some([UDP, _, _, _]) => {}
            Some([_, _, _, _]) => return Err(NO_SUCH_TRANSPORT),
            _ => return Err(BAD_REQUEST),
        }
        let peers = self.relay.peers();
        let first = match message.value(FAMILY) {
            Some([family @ (1 | 2), _, _, _]) => {
                peers.iter().position(|peer| peer.told.is_ipv4() == (*family == 1)).ok_or(NO_SUCH_FAMILY)?
            }
            Some(_) => return Err(NO_SUCH_FAMILY),
            None => peers.iter().position(|peer| peer.told.is_ipv4()).unwrap_or(0),
        };
        let username = message.text(USERNAME).ok_or(BAD_REQUEST)?;
        let name = username.split_once(':').ok_or(UNAUTHENTICATED)?.1;
        let held = self.relay.hold(name).ok_or(QUOTA)?;
        let relayed = open(first).map_err(|error| {
            tracing::warn!(%error, "A relay could not open a socket");
            NO_ROOM
        })?;
        let way = |told| Way { told, permitted: None, channel: None };
        let ways = peers.iter().map(|peer| way(peer.told)).collect();
        self.allocation = Some(Allocation { username: username.to_owned(), key, ways, _held: held });
        self.stranger = None;
        self.until = now + LIFE;
        let reply = message.answer(true).address(RELAYED, relayed).address(MAPPED, self.from);
        Ok(reply.with(LIFETIME, &seconds(LIFE)))
    }

    /// RFC 8656, 8.2.
    fn refresh(&mut self, now: Instant, message: &Message<'_>) -> Result<Reply, No> {
        if self.allocation.is_none() {
            return Err(MISMATCH);
        }
        let wanted = match message.value(LIFETIME) {
            Some(value) => u32::from_be_bytes(value.try_into().map_err(|_| BAD_REQUEST)?),
            None => u32::MAX,
        };
        if wanted == 0 {
            self.allocation = None;
            return Ok(message.answer(true).with(LIFETIME, &[0; 4]));
        }
        self.until = now + LIFE;
        Ok(message.answer(true).with(LIFETIME, &seconds(LIFE)))
    }

    /// RFC 8656, 10.2: all of them or none. A permission is for an address, whatever its port.
    fn permit(&mut self, now: Instant, message: &Message<'_>) -> Result<(), No> {
        let allocation = self.allocation.as_mut().ok_or(MISMATCH)?;
        let peers = message.peers().filter(|peers| !peers.is_empty()).ok_or(BAD_REQUEST)?;
        let is_ours = |peer: &SocketAddr| allocation.ways.iter().any(|way| way.told.ip() == peer.ip());
        if !peers.iter().all(is_ours) {
            return Err(FORBIDDEN);
        }
        for way in allocation.ways.iter_mut().filter(|way| peers.iter().any(|it| it.ip() == way.told.ip())) {
            way.permitted = Some(now + PERMITTED);
        }
        Ok(())
    }

    /// RFC 8656, 12.2.
    fn bind(&mut self, now: Instant, message: &Message<'_>) -> Result<(), No> {
        let allocation = self.allocation.as_mut().ok_or(MISMATCH)?;
        let peers = message.peers();
        let (Some([high, low, _, _]), Some([peer])) = (message.value(CHANNEL), peers.as_deref()) else {
            return Err(BAD_REQUEST);
        };
        let number = u16::from_be_bytes([*high, *low]);
        if !(0x4000..=0x7fff).contains(&number) {
            return Err(BAD_REQUEST);
        }
        let is_bound = |way: &Way| way.channel.is_some_and(|(it, until)| it == number && until > now);
        if allocation.ways.iter().any(|way| way.told != *peer && is_bound(way)) {
            return Err(BAD_REQUEST);
        }
        let way = allocation.ways.iter_mut().find(|way| way.told == *peer).ok_or(FORBIDDEN)?;
        if way.channel.is_some_and(|(it, until)| it != number && until > now) {
            return Err(BAD_REQUEST);
        }
        way.channel = Some((number, now + BOUND));
        way.permitted = Some(now + PERMITTED);
        Ok(())
    }

    /// RFC 8656, 11.2. What may not go on is dropped: an indication has no answer.
    fn send<'a>(&mut self, now: Instant, message: &Message<'a>) -> Outcome<'a> {
        let ways = self.allocation.as_ref().map_or(&[][..], |it| &it.ways);
        let peers = message.peers();
        let (Some([peer]), Some(contents)) = (peers.as_deref(), message.value(DATA)) else {
            return Outcome::Nothing;
        };
        match ways.iter().position(|way| way.told == *peer && way.permitted.is_some_and(|until| until > now))
        {
            Some(place) => Outcome::Pass(place, contents),
            None => {
                self.relay.numbers().refused.increment(1);
                Outcome::Nothing
            }
        }
    }

    /// RFC 8656, 12.6.
    fn channel_data<'a>(&mut self, now: Instant, number: u16, contents: &'a [u8]) -> Outcome<'a> {
        let ways = self.allocation.as_ref().map_or(&[][..], |it| &it.ways);
        let is_it = |way: &Way| way.channel.is_some_and(|(it, until)| it == number && until > now);
        ways.iter().position(is_it).map_or(Outcome::Nothing, |place| Outcome::Pass(place, contents))
    }

    /// Writes what came from the peer of that place as it goes to the device, if it may.
    pub fn came(&self, now: Instant, place: usize, contents: &[u8], out: &mut Vec<u8>) {
        let way = self.allocation.as_ref().and_then(|it| it.ways.get(place));
        let Some(way) = way.filter(|way| way.permitted.is_some_and(|until| until > now)) else { return };
        match way.channel.filter(|(_, until)| *until > now) {
            Some((number, _)) => frame::numbered(out, number, contents),
            None => {
                let mut transaction = [0_u8; 12];
                aws_lc_rs::rand::fill(&mut transaction).expect("the system has randomness");
                out.extend(Reply::data(transaction, way.told, contents));
            }
        }
    }
}

fn seconds(time: Duration) -> [u8; 4] {
    u32::try_from(time.as_secs()).unwrap_or(u32::MAX).to_be_bytes()
}

/// RFC 8489, 14.8.
fn error(No(code, reason): No) -> Vec<u8> {
    let digits = [0, 0, (code / 100) as u8, (code % 100) as u8];
    [&digits, reason.as_bytes()].concat()
}
