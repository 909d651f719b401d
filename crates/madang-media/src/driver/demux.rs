//! Whose datagram this is. A stranger's costs one look-up and leaves nothing behind.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::time::Instant;

use madang_model::{CallId, ParticipantId};

use super::stun;
use crate::rtc::Way;

/// Where a datagram goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Owner {
    pub call: CallId,
    pub participant: ParticipantId,
}

/// A client with several interfaces and ways has a handful of addresses at once.
const MOST_ADDRESSES: usize = 16;

#[derive(Debug)]
struct Place {
    owner: Owner,
    name: String,
    addresses: Vec<(Way, SocketAddr)>,
    pace: Pace,
}

/// Lets so many packets through a second, and as many at once.
#[derive(Debug)]
struct Pace {
    left: f64,
    at: Instant,
}

#[derive(Debug)]
pub struct Demux {
    packets_per_second: f64,
    places: HashMap<Owner, Place>,
    names: HashMap<String, Owner>,
    addresses: HashMap<(Way, SocketAddr), Owner>,
}

impl Demux {
    pub fn new(packets_per_second: u32) -> Self {
        Self {
            packets_per_second: packets_per_second.into(),
            places: HashMap::new(),
            names: HashMap::new(),
            addresses: HashMap::new(),
        }
    }

    /// A participant is in, or has another name than before.
    pub fn name(&mut self, now: Instant, owner: Owner, name: String) {
        let pace = Pace { left: self.packets_per_second, at: now };
        let place = self.places.entry(owner).or_insert_with(|| Place {
            owner,
            name: String::new(),
            addresses: Vec::new(),
            pace,
        });
        self.names.remove(&place.name);
        place.name.clone_from(&name);
        self.names.insert(name, owner);
    }

    pub fn forget(&mut self, owner: Owner) {
        if let Some(place) = self.places.remove(&owner) {
            self.names.remove(&place.name);
            for address in place.addresses {
                self.addresses.remove(&address);
            }
        }
    }

    /// For whom this is, if the participant may send as much.
    pub fn owner(&mut self, now: Instant, way: Way, from: SocketAddr, datagram: &[u8]) -> Option<Owner> {
        let owner = match stun::addressee(datagram).and_then(|name| self.names.get(name)) {
            Some(named) => *named,
            None => *self.addresses.get(&(way, from))?,
        };
        let rate = self.packets_per_second;
        let pace = &mut self.places.get_mut(&owner)?.pace;
        let passed = now.saturating_duration_since(pace.at).as_secs_f64();
        pace.at = now;
        pace.left = (pace.left + passed * rate).min(rate);
        if pace.left < 1.0 {
            return None;
        }
        pace.left -= 1.0;
        Some(owner)
    }

    /// The participant has shown that this address is theirs, or is about to be asked.
    pub fn bind(&mut self, owner: Owner, way: Way, from: SocketAddr) {
        let address = (way, from);
        if self.addresses.get(&address) == Some(&owner) {
            return;
        }
        let Some(place) = self.places.get_mut(&owner) else { return };
        debug_assert_eq!(place.owner, owner);
        if place.addresses.len() >= MOST_ADDRESSES {
            let oldest = place.addresses.remove(0);
            self.addresses.remove(&oldest);
        }
        place.addresses.push(address);
        if let Some(before) = self.addresses.insert(address, owner)
            && let Some(place) = self.places.get_mut(&before)
        {
            place.addresses.retain(|known| *known != address);
        }
    }

    pub fn knows(&self, way: Way, from: SocketAddr) -> bool {
        self.addresses.contains_key(&(way, from))
    }

    #[cfg(test)]
    pub fn size(&self) -> usize {
        self.places.len() + self.names.len() + self.addresses.len()
    }
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;
    use std::time::{Duration, Instant};

    use madang_model::{CallId, ParticipantId};

    use super::{Demux, Owner};
    use crate::rtc::Way;

    const NARI: Owner = Owner { call: CallId(1), participant: ParticipantId(1) };
    const JOON: Owner = Owner { call: CallId(1), participant: ParticipantId(2) };

    fn at(port: u16) -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], port))
    }

    fn request(name: &str) -> Vec<u8> {
        let mut out = vec![0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 6, 0];
        out.push(name.len() as u8);
        out.extend(name.as_bytes());
        out.resize(out.len().next_multiple_of(4), 0);
        out
    }

    #[test]
    fn the_first_packets_go_by_name_and_the_rest_by_address() {
        let now = Instant::now();
        let mut demux = Demux::new(100);
        demux.name(now, NARI, "nari".into());
        demux.name(now, JOON, "joon".into());
        assert_eq!(demux.owner(now, Way::Udp, at(1), &request("nari:x")), Some(NARI));
        assert_eq!(demux.owner(now, Way::Udp, at(1), b"\x80rtp"), None, "not shown yet");
        demux.bind(NARI, Way::Udp, at(1));
        assert_eq!(demux.owner(now, Way::Udp, at(1), b"\x80rtp"), Some(NARI));
        assert_eq!(demux.owner(now, Way::Tcp, at(1), b"\x80rtp"), None, "another way is another address");
        demux.bind(JOON, Way::Udp, at(1));
        assert_eq!(demux.owner(now, Way::Udp, at(1), b"\x80rtp"), Some(JOON), "the address went over");
    }

    #[test]
    fn strangers_leave_nothing_behind_and_whoever_leaves_neither() {
        let now = Instant::now();
        let mut demux = Demux::new(100);
        for port in 1..1000 {
            assert_eq!(demux.owner(now, Way::Udp, at(port), &request("nobody:x")), None);
        }
        assert_eq!(demux.size(), 0);
        demux.name(now, NARI, "nari".into());
        for port in 1..1000 {
            demux.bind(NARI, Way::Udp, at(port));
        }
        assert!(demux.size() <= 2 + super::MOST_ADDRESSES);
        demux.name(now, NARI, "after a restart".into());
        demux.forget(NARI);
        assert_eq!(demux.size(), 0);
    }

    #[test]
    fn a_flood_of_one_is_cut_and_another_is_not_touched() {
        let now = Instant::now();
        let mut demux = Demux::new(100);
        demux.name(now, NARI, "nari".into());
        demux.name(now, JOON, "joon".into());
        demux.bind(NARI, Way::Udp, at(1));
        demux.bind(JOON, Way::Udp, at(2));
        let through = (0..1000).filter(|_| demux.owner(now, Way::Udp, at(1), b"\x80").is_some()).count();
        assert_eq!(through, 100);
        assert_eq!(demux.owner(now, Way::Udp, at(2), b"\x80"), Some(JOON));
        let later = now + Duration::from_millis(50);
        let through = (0..1000).filter(|_| demux.owner(later, Way::Udp, at(1), b"\x80").is_some()).count();
        assert_eq!(through, 5);
    }
}
