//! The relay of this house: whom it lets in, how many of them, and the few addresses that it passes anything on to.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use aws_lc_rs::hmac;
use madang_media::Media;
use madang_model::PersonId;
use md5::{Digest, Md5};
use metrics::{Counter, Gauge};
use parking_lot::Mutex;

use super::Turn;
use crate::config::{Config, Tls};
use crate::wire::calls::IceServer;

pub const REALM: &str = "madang";
/// Connections of one person that have an allocation: a few devices, each with a few networks.
const PERSON_MOST: usize = 16;
/// Each is a socket of the system and a connection.
const ALLOCATIONS_MOST: usize = 4_096;
/// Connections that have not shown who they are.
const STRANGERS_MOST: usize = 256;

/// An address of our own under which devices know the media server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peer {
    /// As devices were told it.
    pub told: SocketAddr,
    /// Where it is reached from this machine.
    pub at: SocketAddr,
}

pub struct Relay {
    turn: Turn,
    peers: Vec<Peer>,
    strangers: AtomicUsize,
    /// How many allocations each name has. Never a zero.
    names: Mutex<HashMap<String, usize>>,
    numbers: Numbers,
}

/// For `/metrics`.
pub struct Numbers {
    open: Gauge,
    pub refused: Counter,
    pub to_media: Counter,
    pub from_media: Counter,
}

impl Relay {
    /// None where there are no calls, or where the port of the web is not ours.
    pub fn new(config: &Config, public_url: &str, media: Option<&Media>) -> Option<Arc<Self>> {
        let (media, url) = (media?, address(config, public_url)?);
        let peers = media.announced().iter().map(|told| peer(*told, media.udp())).collect();
        tracing::info!(relay.url = %url, "Calls are relayed for devices that reach nothing but the web");
        Some(Arc::new(Self::with(url, peers)))
    }

    pub(super) fn with(url: String, peers: Vec<Peer>) -> Self {
        let mut secret = [0_u8; 32];
        aws_lc_rs::rand::fill(&mut secret).expect("the system has randomness");
        // Made anew at each start: a call ends with the process that carries it, and so does the way to it.
        let secret = secret.iter().map(|byte| format!("{byte:02x}")).collect();
        Self {
            turn: Turn { urls: vec![url], secret },
            peers,
            strangers: AtomicUsize::new(0),
            names: Mutex::default(),
            numbers: Numbers {
                open: metrics::gauge!("madang_relay_allocations"),
                refused: metrics::counter!("madang_relay_refused_total"),
                to_media: metrics::counter!("madang_relay_bytes_total", "to" => "media"),
                from_media: metrics::counter!("madang_relay_bytes_total", "to" => "device"),
            },
        }
    }

    /// What a device of somebody is given. The name is always the same for them, so that what they hold can be counted,
    /// and says nothing of them to whoever reads along.
    pub fn servers(&self, person: PersonId, now_us: i64) -> Vec<IceServer> {
        let key = hmac::Key::new(hmac::HMAC_SHA256, self.turn.secret.as_bytes());
        let name = hmac::sign(&key, person.to_string().as_bytes());
        let name: String = name.as_ref()[..8].iter().map(|byte| format!("{byte:02x}")).collect();
        self.turn.servers(&name, now_us)
    }

    pub fn peers(&self) -> &[Peer] {
        &self.peers
    }

    pub fn numbers(&self) -> &Numbers {
        &self.numbers
    }

    /// The key of whoever comes with this name, and whom it counts for. None: we never gave it, or it has ended.
    pub(super) fn key<'a>(&self, username: &'a str, now_s: i64) -> Option<([u8; 16], &'a str)> {
        let (until, name) = username.split_once(':')?;
        let is_good = until.parse::<i64>().is_ok_and(|until| until > now_s);
        is_good.then(|| (key(username, REALM, &self.turn.credential(username)), name))
    }

    /// A place among those who have not shown who they are.
    pub(super) fn stranger(self: &Arc<Self>) -> Option<Stranger> {
        let stranger = Stranger(self.clone());
        let before = self.strangers.fetch_add(1, Ordering::Relaxed);
        (before < STRANGERS_MOST).then_some(stranger)
    }

    /// A place among those who may be passed on. None: there are too many, of theirs or of all.
    pub(super) fn hold(self: &Arc<Self>, name: &str) -> Option<Held> {
        let mut names = self.names.lock();
        if names.values().sum::<usize>() >= ALLOCATIONS_MOST {
            return None;
        }
        let count = names.entry(name.to_owned()).or_default();
        if *count >= PERSON_MOST {
            return None;
        }
        *count += 1;
        self.numbers.open.increment(1);
        Some(Held { relay: self.clone(), name: name.to_owned() })
    }

    #[cfg(test)]
    pub(super) fn held(&self) -> (usize, usize) {
        (self.strangers.load(Ordering::Relaxed), self.names.lock().values().sum())
    }
}

/// Given back when it is dropped.
pub struct Stranger(Arc<Relay>);

impl Drop for Stranger {
    fn drop(&mut self) {
        self.0.strangers.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Given back when it is dropped.
pub struct Held {
    relay: Arc<Relay>,
    name: String,
}

impl Drop for Held {
    fn drop(&mut self) {
        self.relay.numbers.open.decrement(1);
        if let Entry::Occupied(mut held) = self.relay.names.lock().entry(std::mem::take(&mut self.name)) {
            *held.get_mut() -= 1;
            if *held.get() == 0 {
                held.remove();
            }
        }
    }
}

/// RFC 8489, 9.2.2. MD5 is what the protocol has; nothing rests on it but the name of a key.
pub fn key(username: &str, realm: &str, password: &str) -> [u8; 16] {
    Md5::digest(format!("{username}:{realm}:{password}")).into()
}

/// Where the relay of this house is. None behind a proxy: nothing but HTTP comes through.
pub fn address(config: &Config, public_url: &str) -> Option<String> {
    config.trusted_proxies.is_empty().then(|| beside(public_url, config.tls != Tls::Off))?
}

/// Where the web is: TURN over TCP, in TLS where https is ours. None where https is spoken by somebody before us.
fn beside(public_url: &str, is_secure: bool) -> Option<String> {
    let (scheme, usual, host) = match public_url.split_once("://")? {
        ("https", host) if is_secure => ("turns", 443, host),
        ("http", host) if !is_secure => ("turn", 80, host),
        _ => return None,
    };
    let host = host.split('/').next()?;
    // Of a server that listens everywhere and was not told its address, nobody knows where that is.
    if ["0.0.0.0", "[::]"].iter().any(|everywhere| host.starts_with(everywhere)) {
        return None;
    }
    // An address of IPv6 has colons of its own, in brackets.
    let has_port = host.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok());
    let port = if has_port { String::new() } else { format!(":{usual}") };
    Some(format!("{scheme}:{host}{port}?transport=tcp"))
}

/// From where the media server is reached, so that its answers come from where they are expected.
fn peer(told: SocketAddr, bound: SocketAddr) -> Peer {
    let is_ours = UdpSocket::bind((told.ip(), 0)).is_ok();
    let at = if !bound.ip().is_unspecified() {
        bound
    } else if is_ours {
        told
    } else {
        // The address of a NAT before us: the machine itself has another one.
        let here: IpAddr =
            if told.is_ipv4() { Ipv4Addr::LOCALHOST.into() } else { Ipv6Addr::LOCALHOST.into() };
        (here, bound.port()).into()
    };
    Peer { told, at }
}

#[cfg(test)]
mod tests {
    use super::{beside, peer};

    #[test]
    fn the_relay_is_where_the_web_is_unless_somebody_else_speaks_https() {
        let at = |url, is_secure| beside(url, is_secure);
        assert_eq!(
            at("https://talk.example.com", true).as_deref(),
            Some("turns:talk.example.com:443?transport=tcp")
        );
        assert_eq!(
            at("https://talk.example.com:8443/", true).as_deref(),
            Some("turns:talk.example.com:8443?transport=tcp")
        );
        assert_eq!(at("http://127.0.0.1:8080", false).as_deref(), Some("turn:127.0.0.1:8080?transport=tcp"));
        assert_eq!(at("http://[::1]", false).as_deref(), Some("turn:[::1]:80?transport=tcp"));
        assert_eq!(at("http://0.0.0.0:8080", false), None);
        assert_eq!(at("https://talk.example.com", false), None, "a proxy before us has the certificate");
    }

    #[test]
    fn media_is_reached_where_it_listens_whatever_devices_are_told() {
        let at = |told: &str, bound: &str| peer(told.parse().unwrap(), bound.parse().unwrap()).at.to_string();
        assert_eq!(at("127.0.0.1:4000", "127.0.0.1:4000"), "127.0.0.1:4000");
        assert_eq!(at("127.0.0.1:4000", "0.0.0.0:4000"), "127.0.0.1:4000");
        assert_eq!(at("203.0.113.5:4000", "0.0.0.0:4000"), "127.0.0.1:4000", "behind a NAT");
        assert_eq!(at("203.0.113.5:4000", "10.0.0.5:4000"), "10.0.0.5:4000", "behind a NAT, at one address");
    }
}
