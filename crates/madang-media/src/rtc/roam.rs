//! Finds a client again that speaks from another address without knowing it.
//!
//! A NAT may give a flow another port at any time, and a telephone's network another address. The
//! client's checks then come from there, but the library goes on sending to the pair that was chosen
//! first until that has failed, some ten seconds later. So what would go to an address that fell
//! silent goes to the one that is heard. Only addresses that have shown the secrets of ICE are known
//! here, and one that still speaks is never left.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use super::peer::Way;

/// Whoever is connected reports what arrives ten times a second.
const SILENT: Duration = Duration::from_secs(1);

/// As many as the driver knows of one client.
const MOST: usize = 16;

#[derive(Debug, Default)]
pub struct Roam {
    /// The last that was heard comes last.
    heard: Vec<(Way, SocketAddr, Instant)>,
}

impl Roam {
    /// A datagram of the client's came from there.
    pub fn hear(&mut self, now: Instant, way: Way, from: SocketAddr) {
        if let Some(last) = self.heard.last_mut().filter(|it| (it.0, it.1) == (way, from)) {
            last.2 = now;
            return;
        }
        self.heard.retain(|it| (it.0, it.1) != (way, from));
        if self.heard.len() >= MOST {
            self.heard.remove(0);
        }
        self.heard.push((way, from, now));
    }

    /// Where to send what is meant for this address.
    pub fn lead(&self, way: Way, to: SocketAddr) -> SocketAddr {
        let known = |it: &&(Way, SocketAddr, Instant)| (it.0, it.1) == (way, to);
        let Some(&(last_way, last, at)) = self.heard.last() else { return to };
        let Some(meant) = self.heard.iter().find(known) else { return to };
        let silent = at.saturating_duration_since(meant.2) >= SILENT;
        if silent && last_way == way { last } else { to }
    }
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;
    use std::time::{Duration, Instant};

    use super::Roam;
    use crate::rtc::Way::{Tcp, Udp};

    #[test]
    fn what_fell_silent_is_left_for_what_is_heard_and_what_speaks_is_not() {
        let start = Instant::now();
        let at = |ms| start + Duration::from_millis(ms);
        let port = |port: u16| SocketAddr::from(([192, 0, 2, 7], port));
        let mut roam = Roam::default();
        assert_eq!(roam.lead(Udp, port(1)), port(1), "nothing is known yet");
        roam.hear(at(0), Udp, port(1));
        roam.hear(at(100), Udp, port(2));
        assert_eq!(roam.lead(Udp, port(1)), port(1), "both speak");
        roam.hear(at(1200), Udp, port(2));
        assert_eq!(roam.lead(Udp, port(1)), port(2));
        assert_eq!(roam.lead(Udp, port(3)), port(3), "whom nobody knows is not led");
        assert_eq!(roam.lead(Tcp, port(1)), port(1), "another way has other addresses");
        roam.hear(at(1300), Udp, port(1));
        assert_eq!(roam.lead(Udp, port(1)), port(1));
    }
}
