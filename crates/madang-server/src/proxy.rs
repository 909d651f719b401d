//! Where a request really came from, when reverse proxies stand before us.
//!
//! Only proxies that the administrator named are believed. What anybody else says about itself is taken out of the
//! request here, so that nothing behind this door can believe it by accident.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use http::header::{FORWARDED, HOST};
use http::{HeaderMap, HeaderValue, Uri};
use ipnet::IpNet;

const FOR: &str = "x-forwarded-for";
const FORWARDED_HOST: &str = "x-forwarded-host";
const PROTO: &str = "x-forwarded-proto";

/// Where a request came from, behind trusted proxies too.
#[derive(Debug, Clone, Copy)]
pub struct ClientAddress(pub IpAddr);

/// The proxies that are believed.
#[derive(Clone)]
pub struct Proxies(Arc<Inner>);

struct Inner {
    nets: Vec<IpNet>,
    /// Whether people come by https.
    secure: bool,
    warned: AtomicBool,
}

impl Proxies {
    pub fn new(nets: Vec<IpNet>, public_url: &str) -> Proxies {
        let secure = public_url.starts_with("https://");
        Proxies(Arc::new(Inner { nets, secure, warned: AtomicBool::new(false) }))
    }

    fn trusts(&self, address: IpAddr) -> bool {
        // A socket for both families shows IPv4 peers as ::ffff:a.b.c.d.
        let address = address.to_canonical();
        self.0.nets.iter().any(|net| net.contains(&address))
    }

    /// Finds where a request came from, and leaves in its headers only what may be believed.
    pub fn receive(&self, peer: IpAddr, uri: &Uri, headers: &mut HeaderMap) -> ClientAddress {
        if !headers.contains_key(HOST)
            && let Some(host) = uri.authority().and_then(|it| HeaderValue::from_str(it.as_str()).ok())
        {
            // RFC 9113, 8.3.1: HTTP/2 says :authority in its place.
            headers.insert(HOST, host);
        }
        let peer = peer.to_canonical();
        let mut from = peer;
        if self.trusts(peer) {
            from = self.client(peer, headers);
            if let Some(host) =
                said(headers, FORWARDED_HOST, "host").and_then(|it| HeaderValue::from_str(&it).ok())
            {
                headers.insert(HOST, host);
            }
            self.compare(said(headers, PROTO, "proto").as_deref());
        }
        for name in [FOR, FORWARDED_HOST, PROTO, FORWARDED.as_str()] {
            headers.remove(name);
        }
        ClientAddress(from)
    }

    /// The first hop, counted from us, that is not a proxy of ours. What comes before an unreadable hop was said by
    /// somebody whom nobody vouches for.
    fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut from = peer;
        for hop in hops(headers).iter().rev() {
            let Some(address) = address(hop) else { break };
            from = address;
            if !self.trusts(address) {
                break;
            }
        }
        from
    }

    /// A proxy that speaks https for a house that believes it is on http makes cookies that any eavesdropper may use.
    fn compare(&self, proto: Option<&str>) {
        let secure = match proto {
            Some(proto) if proto.eq_ignore_ascii_case("https") => true,
            Some(proto) if proto.eq_ignore_ascii_case("http") => false,
            _ => return,
        };
        if secure != self.0.secure && !self.0.warned.swap(true, Ordering::Relaxed) {
            let (theirs, ours) = if secure { ("https", "http") } else { ("http", "https") };
            tracing::warn!(
                "The proxy speaks {theirs} with people, and --public-url begins with {ours}: make them agree"
            );
        }
    }
}

/// Every hop, nearest to us last.
fn hops(headers: &HeaderMap) -> Vec<String> {
    let lines = |name: &str| -> Vec<String> {
        let values = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
        values.flat_map(|line| line.split(',')).map(|hop| hop.trim().to_owned()).collect()
    };
    match headers.contains_key(FORWARDED) {
        true => {
            lines(FORWARDED.as_str()).iter().map(|element| pair(element, "for").unwrap_or_default()).collect()
        }
        false => lines(FOR),
    }
}

/// What the nearest proxy says in its own header, or in RFC 7239's.
fn said(headers: &HeaderMap, name: &str, key: &str) -> Option<String> {
    let last = |name: &str| {
        let value = headers.get_all(name).iter().next_back()?.to_str().ok()?;
        Some(value.rsplit(',').next()?.trim().to_owned())
    };
    last(FORWARDED.as_str())
        .and_then(|element| pair(&element, key))
        .or_else(|| last(name))
        .filter(|it| !it.is_empty())
}

/// A value in `for=1.2.3.4;proto=https` (RFC 7239, 4).
fn pair(element: &str, key: &str) -> Option<String> {
    let pairs = element.split(';').filter_map(|pair| pair.trim().split_once('='));
    let (_, value) = pairs.into_iter().find(|(name, _)| name.eq_ignore_ascii_case(key))?;
    Some(value.trim_matches('"').to_owned())
}

/// `1.2.3.4`, `1.2.3.4:567`, `2001:db8::1`, `[2001:db8::1]`, `[2001:db8::1]:567`.
fn address(hop: &str) -> Option<IpAddr> {
    let bare = hop.trim_matches(['[', ']']);
    let found = bare.parse().ok().or_else(|| Some(hop.parse::<SocketAddr>().ok()?.ip()));
    found.map(|address: IpAddr| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn receive(peer: &str, lines: &[(&'static str, &str)]) -> (String, HeaderMap) {
        let nets = vec!["10.0.0.0/8".parse().expect("a network"), "fd00::/8".parse().expect("a network")];
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(*name, value.parse().expect("a header"));
        }
        let uri = "/".parse().expect("a path");
        let proxies = Proxies::new(nets, "https://chat.example");
        let ClientAddress(from) = proxies.receive(peer.parse().expect("an address"), &uri, &mut headers);
        (from.to_string(), headers)
    }

    #[test]
    fn only_trusted_proxies_may_say_where_a_request_came_from() {
        let chain = [(FOR, "6.6.6.6, 203.0.113.9, 10.1.1.1")];
        assert_eq!(receive("10.2.2.2", &chain).0, "203.0.113.9");
        assert_eq!(receive("::ffff:10.2.2.2", &chain).0, "203.0.113.9");
        assert_eq!(receive("198.51.100.7", &chain).0, "198.51.100.7");
        assert_eq!(receive("10.2.2.2", &[]).0, "10.2.2.2");
        assert_eq!(receive("10.2.2.2", &[(FOR, "6.6.6.6"), (FOR, "203.0.113.9:4711")]).0, "203.0.113.9");
        assert_eq!(receive("10.2.2.2", &[(FOR, "6.6.6.6, unknown, 10.1.1.1")]).0, "10.1.1.1");
        assert_eq!(receive("10.2.2.2", &[(FOR, "10.7.7.7")]).0, "10.7.7.7", "the whole way is ours");
    }

    #[test]
    fn the_header_of_rfc_7239_is_understood() {
        let forwarded = |value| receive("fd00::1", &[("forwarded", value), (FOR, "6.6.6.6")]).0;
        assert_eq!(forwarded("for=6.6.6.6, For=\"[2001:db8::17]:4711\";proto=https"), "2001:db8::17");
        assert_eq!(forwarded("for=192.0.2.43;by=203.0.113.60"), "192.0.2.43");
        assert_eq!(forwarded("for=6.6.6.6, for=_hidden"), "fd00::1", "nobody vouches for what comes before");
    }

    #[test]
    fn what_a_stranger_says_of_itself_is_gone() {
        let lines =
            [("host", "ours"), (FORWARDED_HOST, "theirs"), (PROTO, "https"), ("forwarded", "host=theirs")];
        let (_, of_stranger) = receive("198.51.100.7", &lines);
        assert_eq!((of_stranger.len(), &of_stranger["host"]), (1, &HeaderValue::from_static("ours")));
        let (_, of_proxy) = receive("10.2.2.2", &lines);
        assert_eq!((of_proxy.len(), &of_proxy["host"]), (1, &HeaderValue::from_static("theirs")));
    }

    #[test]
    fn a_request_of_http_2_has_a_host_too() {
        let mut headers = HeaderMap::new();
        let uri = "https://chat.example:8443/x".parse().expect("an address");
        let proxies = Proxies::new(Vec::new(), "https://chat.example");
        proxies.receive("192.0.2.1".parse().expect("an address"), &uri, &mut headers);
        assert_eq!(headers["host"], "chat.example:8443");
    }
}
