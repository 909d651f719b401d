//! STUN messages (RFC 8489) as far as a relay needs them: read with care, written with a signature. Knows no rule.

use std::net::{IpAddr, SocketAddr};

use aws_lc_rs::hmac;

/// RFC 8489, 5.
pub const COOKIE: [u8; 4] = [0x21, 0x12, 0xa4, 0x42];
pub const HEADER: usize = 20;

pub const USERNAME: u16 = 0x0006;
pub const INTEGRITY: u16 = 0x0008;
pub const ERROR: u16 = 0x0009;
pub const UNKNOWN: u16 = 0x000a;
pub const CHANNEL: u16 = 0x000c;
pub const LIFETIME: u16 = 0x000d;
pub const PEER: u16 = 0x0012;
pub const DATA: u16 = 0x0013;
pub const REALM: u16 = 0x0014;
pub const NONCE: u16 = 0x0015;
pub const RELAYED: u16 = 0x0016;
pub const FAMILY: u16 = 0x0017;
pub const TRANSPORT: u16 = 0x0019;
pub const MAPPED: u16 = 0x0020;

/// A real request has about eight attributes.
const MOST_ATTRIBUTES: usize = 24;

/// What a message asks for. Whatever else there is, is of no use here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asks {
    Binding,
    Allocate,
    Refresh,
    Permission,
    Channel,
    /// An indication: it is not answered.
    Send,
}

/// A message as it came.
#[derive(Debug)]
pub struct Message<'a> {
    /// None: a method or class that a relay of this kind does not have.
    pub asks: Option<Asks>,
    bytes: &'a [u8],
    attributes: Vec<(u16, &'a [u8])>,
    /// Where the signature stands, counted from the beginning.
    signed: Option<(usize, &'a [u8])>,
}

impl<'a> Message<'a> {
    /// None: this is no STUN message.
    pub fn read(bytes: &'a [u8]) -> Option<Self> {
        let (head, body) = bytes.split_at_checked(HEADER)?;
        let length = usize::from(u16::from_be_bytes([head[2], head[3]]));
        if head[0] & 0xc0 != 0 || head[4..8] != COOKIE || length != body.len() || length % 4 != 0 {
            return None;
        }
        let mut message =
            Message { asks: asks([head[0], head[1]]), bytes, attributes: Vec::new(), signed: None };
        let mut at = HEADER;
        while at < bytes.len() {
            if message.attributes.len() == MOST_ATTRIBUTES {
                return None;
            }
            let (head, after) = bytes[at..].split_at_checked(4)?;
            let kind = u16::from_be_bytes([head[0], head[1]]);
            let length = usize::from(u16::from_be_bytes([head[2], head[3]]));
            let value = after.get(..length)?;
            // RFC 8489, 14.5: what follows a signature is not signed, and is ignored.
            if kind == INTEGRITY {
                message.signed = Some((at, value));
                break;
            }
            message.attributes.push((kind, value));
            at += 4 + length.next_multiple_of(4);
            if at > bytes.len() {
                return None;
            }
        }
        Some(message)
    }

    /// RFC 8489, 14: the first of a kind counts.
    pub fn value(&self, kind: u16) -> Option<&'a [u8]> {
        self.attributes.iter().find(|(it, _)| *it == kind).map(|(_, value)| *value)
    }

    pub fn text(&self, kind: u16) -> Option<&'a str> {
        self.value(kind).and_then(|it| std::str::from_utf8(it).ok())
    }

    /// Every XOR-PEER-ADDRESS; none at all if one of them is no address.
    pub fn peers(&self) -> Option<Vec<SocketAddr>> {
        let peers = self.attributes.iter().filter(|(kind, _)| *kind == PEER);
        peers.map(|(_, value)| address(value, self.transaction())).collect()
    }

    /// What must be understood (RFC 8489, 5: the lower half of the kinds) and is not.
    pub fn not_understood(&self) -> Vec<u16> {
        const KNOWN: [u16; 10] =
            [USERNAME, CHANNEL, LIFETIME, PEER, DATA, REALM, NONCE, FAMILY, TRANSPORT, INTEGRITY];
        let kinds = self.attributes.iter().map(|(kind, _)| *kind);
        kinds.filter(|kind| *kind < 0x8000 && !KNOWN.contains(kind)).collect()
    }

    pub fn is_signed(&self) -> bool {
        self.signed.is_some()
    }

    /// RFC 8489, 14.5: the signature is over all before it, with a length that counts it in.
    pub fn is_signed_with(&self, key: &[u8]) -> bool {
        let Some((at, signature)) = self.signed else { return false };
        let Ok(length) = u16::try_from(at + 24 - HEADER) else { return false };
        let mut signed = self.bytes[..at].to_vec();
        signed[2..4].copy_from_slice(&length.to_be_bytes());
        hmac::verify(&hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, key), &signed, signature).is_ok()
    }

    pub fn transaction(&self) -> &'a [u8] {
        &self.bytes[8..HEADER]
    }

    /// The beginning of an answer. A success has the class bits 10, an error 11 (RFC 8489, 5).
    pub fn answer(&self, is_fine: bool) -> Reply {
        Reply::new([self.bytes[0] | 0x01, self.bytes[1] | if is_fine { 0 } else { 0x10 }], self.transaction())
    }
}

/// RFC 8489, 5: of the fourteen bits of a type, two say the class; 00 is a request, 01 an indication.
fn asks(kind: [u8; 2]) -> Option<Asks> {
    match u16::from_be_bytes(kind) {
        0x0001 => Some(Asks::Binding),
        0x0003 => Some(Asks::Allocate),
        0x0004 => Some(Asks::Refresh),
        0x0008 => Some(Asks::Permission),
        0x0009 => Some(Asks::Channel),
        0x0016 => Some(Asks::Send),
        _ => None,
    }
}

/// RFC 8489, 14.2: the port is masked with the cookie, the address with cookie and transaction.
fn address(value: &[u8], transaction: &[u8]) -> Option<SocketAddr> {
    let (head, masked) = value.split_at_checked(4)?;
    let port = u16::from_be_bytes([head[2] ^ COOKIE[0], head[3] ^ COOKIE[1]]);
    let mask = COOKIE.iter().chain(transaction);
    let clear: Vec<u8> = masked.iter().zip(mask).map(|(it, mask)| it ^ mask).collect();
    let ip: IpAddr = match (head[1], masked.len()) {
        (1, 4) => <[u8; 4]>::try_from(clear).ok()?.into(),
        (2, 16) => <[u8; 16]>::try_from(clear).ok()?.into(),
        _ => return None,
    };
    Some((ip, port).into())
}

/// A message that is being written.
pub struct Reply(Vec<u8>);

impl Reply {
    pub fn new(kind: [u8; 2], transaction: &[u8]) -> Self {
        let mut bytes = vec![kind[0], kind[1], 0, 0];
        bytes.extend(COOKIE);
        bytes.extend(transaction);
        Self(bytes)
    }

    /// What came from a peer without a channel (RFC 8656, 11.5).
    pub fn data(transaction: [u8; 12], from: SocketAddr, contents: &[u8]) -> Vec<u8> {
        let indication = Self::new([0x00, 0x17], &transaction);
        indication.address(PEER, from).with(DATA, contents).unsigned()
    }

    #[must_use]
    pub fn with(mut self, kind: u16, value: &[u8]) -> Self {
        // Nothing that is written here is longer than a datagram.
        let length = u16::try_from(value.len()).expect("a value is shorter than 64 KiB");
        self.0.extend(kind.to_be_bytes());
        self.0.extend(length.to_be_bytes());
        self.0.extend(value);
        self.0.resize(self.0.len().next_multiple_of(4), 0);
        self
    }

    #[must_use]
    pub fn address(self, kind: u16, address: SocketAddr) -> Self {
        let port = address.port().to_be_bytes();
        let (family, octets) = match address.ip() {
            IpAddr::V4(ip) => (1, ip.octets().to_vec()),
            IpAddr::V6(ip) => (2, ip.octets().to_vec()),
        };
        let mut value = vec![0, family, port[0] ^ COOKIE[0], port[1] ^ COOKIE[1]];
        value.extend(octets.iter().zip(&self.0[4..HEADER]).map(|(it, mask)| it ^ mask));
        self.with(kind, &value)
    }

    pub fn unsigned(mut self) -> Vec<u8> {
        self.set_length(0);
        self.0
    }

    pub fn signed(mut self, key: &[u8]) -> Vec<u8> {
        self.set_length(24);
        let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, key);
        let signature = hmac::sign(&key, &self.0);
        self.with(INTEGRITY, signature.as_ref()).0
    }

    fn set_length(&mut self, more: usize) {
        let length = u16::try_from(self.0.len() - HEADER + more).expect("a message is shorter than 64 KiB");
        self.0[2..4].copy_from_slice(&length.to_be_bytes());
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// RFC 5769, 2.4: a request with long-term credentials, whose key is an MD5.
    const VECTOR: &str = "000100602112a44278ad3433c6ad72c029da412e00060012e3839ee38388e383aae38383e382af\
        e382b900000015001c662f2f3439396b39353464364f4c33346f4c394653547679363473410014000b6578616d706c652e6f\
        72670000080014f67024656dd64a3e02b8e0712e85c9a28ca89666";

    fn bytes(hex: &str) -> Vec<u8> {
        let digits: Vec<char> = hex.chars().filter(char::is_ascii_hexdigit).collect();
        let byte = |pair: &[char]| u8::from_str_radix(&pair.iter().collect::<String>(), 16).unwrap();
        digits.chunks(2).map(byte).collect()
    }

    #[test]
    fn the_example_of_the_standard_is_read_and_its_signature_holds() {
        let bytes = bytes(VECTOR);
        let message = Message::read(&bytes).unwrap();
        assert_eq!(message.asks, Some(Asks::Binding));
        assert_eq!(message.text(REALM), Some("example.org"));
        let name = message.text(USERNAME).unwrap();
        let key = super::super::relay::key(name, "example.org", "TheMatrIX");
        assert!(message.is_signed_with(&key));
        assert!(!message.is_signed_with(&super::super::relay::key(name, "example.org", "thematrix")));
        let mut changed = bytes.clone();
        changed[30] ^= 1;
        assert!(!Message::read(&changed).unwrap().is_signed_with(&key));
    }

    #[test]
    fn addresses_are_written_as_they_are_read() {
        let request = Reply::new([0, 8], b"twelve bytes");
        let peers =
            ["192.0.2.1:3478", "[2001:db8::7]:9", "[::ffff:127.0.0.1]:1"].map(|it| it.parse().unwrap());
        let bytes = peers.iter().fold(request, |it, peer| it.address(PEER, *peer)).signed(b"key");
        let message = Message::read(&bytes).unwrap();
        assert_eq!(message.peers().unwrap(), peers);
        assert!(message.is_signed_with(b"key") && message.not_understood().is_empty());
    }

    proptest! {
        #[test]
        fn no_bytes_break_the_reader(noise in proptest::collection::vec(any::<u8>(), 0..160), kind in 0_u8..24) {
            let _ = Message::read(&noise);
            // With a head that is right, so that the attributes are looked at as well.
            let mut bytes = Reply::new([0, kind], b"twelve bytes").unsigned();
            bytes.extend(&noise[..noise.len() / 4 * 4]);
            let length = (bytes.len() - HEADER) as u16;
            bytes[2..4].copy_from_slice(&length.to_be_bytes());
            if let Some(message) = Message::read(&bytes) {
                let _ = (message.peers(), message.not_understood(), message.is_signed_with(b"key"));
            }
        }
    }
}
