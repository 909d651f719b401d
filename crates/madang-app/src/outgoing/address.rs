//! Which addresses are outside: reachable by everybody, and nobody's own network. Whatever is not known to be
//! outside is inside.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{Ipv4Net, Ipv6Net};
use reqwest::Url;

/// The address, if the host is one and no name.
pub fn literal(url: &Url) -> Option<IpAddr> {
    let host = url.host_str()?;
    host.trim_start_matches('[').trim_end_matches(']').parse().ok()
}

/// Whether anybody may be sent there.
pub fn is_outside(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_outside_v4(address),
        IpAddr::V6(address) => is_outside_v6(address),
    }
}

const fn v4(a: u8, b: u8, c: u8, d: u8, prefix: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), prefix)
}

/// IANA's registry of special-purpose IPv4 addresses (RFC 6890), and multicast.
const INSIDE_V4: [Ipv4Net; 16] = [
    v4(0, 0, 0, 0, 8),
    v4(10, 0, 0, 0, 8),
    v4(100, 64, 0, 0, 10),
    v4(127, 0, 0, 0, 8),
    v4(169, 254, 0, 0, 16),
    v4(172, 16, 0, 0, 12),
    v4(192, 0, 0, 0, 24),
    v4(192, 0, 2, 0, 24),
    v4(192, 31, 196, 0, 24),
    v4(192, 88, 99, 0, 24),
    v4(192, 168, 0, 0, 16),
    v4(198, 18, 0, 0, 15),
    v4(198, 51, 100, 0, 24),
    v4(203, 0, 113, 0, 24),
    v4(224, 0, 0, 0, 4),
    v4(240, 0, 0, 0, 4),
];

fn is_outside_v4(address: Ipv4Addr) -> bool {
    !INSIDE_V4.iter().any(|net| net.contains(&address))
}

const fn v6(a: u16, b: u16, prefix: u8) -> Ipv6Net {
    Ipv6Net::new_assert(Ipv6Addr::new(a, b, 0, 0, 0, 0, 0, 0), prefix)
}

/// Global unicast; everything else (loopback, link-local, unique local, multicast, mapped IPv4, NAT64) is not for
/// the outside.
const OUTSIDE_V6: Ipv6Net = v6(0x2000, 0, 3);

/// What of it is not (IANA's registry of special-purpose IPv6 addresses): Teredo and other protocols, documentation,
/// 6to4, which all may carry an IPv4 address that is inside.
const INSIDE_V6: [Ipv6Net; 4] =
    [v6(0x2001, 0, 23), v6(0x2001, 0x0db8, 32), v6(0x2002, 0, 16), v6(0x3fff, 0, 20)];

fn is_outside_v6(address: Ipv6Addr) -> bool {
    OUTSIDE_V6.contains(&address) && !INSIDE_V6.iter().any(|net| net.contains(&address))
}
