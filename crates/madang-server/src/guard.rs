//! What stands before every handler: origin, pace, size, language, headers.

use std::hash::Hash;
use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::Response;
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota};
use madang_model::{PersonId, Refusal};

use crate::error::{LANGUAGE, refused};
use crate::router::Doors;
use crate::serve::ClientAddress;
use crate::words::Language;

/// Bytes of a JSON body. Uploads have their own way.
pub const BODY_LIMIT: usize = 1 << 20;

/// Limits and the origin of the house.
pub struct Guard {
    people: Option<DefaultKeyedRateLimiter<PersonId>>,
    /// Networks of people who are not signed in, or are about to be.
    networks: Option<DefaultKeyedRateLimiter<IpAddr>>,
    /// `https://host[:port]` of the public address.
    origin: String,
    clock: DefaultClock,
}

impl Guard {
    /// `rate` is requests a second for one person, with bursts of ten seconds'
    /// worth; `openings` is how often a minute one network may try to get in,
    /// all of it at once if it likes. None for no limit.
    pub fn new(public_url: &str, rate: Option<NonZeroU32>, openings: Option<NonZeroU32>) -> Guard {
        let quota = |rate: NonZeroU32| {
            Quota::per_second(rate).allow_burst(rate.saturating_mul(NonZeroU32::MIN.saturating_add(9)))
        };
        let people = rate.map(|rate| DefaultKeyedRateLimiter::keyed(quota(rate)));
        let networks = openings.map(|count| DefaultKeyedRateLimiter::keyed(Quota::per_minute(count)));
        Guard {
            people,
            networks,
            origin: public_url.trim_end_matches('/').to_owned(),
            clock: DefaultClock::default(),
        }
    }

    /// Counts a request of a person.
    ///
    /// # Errors
    /// `TooFast` with the seconds to wait.
    pub fn person(&self, person: PersonId) -> Result<(), Refusal> {
        self.pace(self.people.as_ref(), &person)
    }

    /// Counts an attempt to get in from an address.
    ///
    /// # Errors
    /// `TooFast` with the seconds to wait.
    pub fn opening(&self, from: IpAddr) -> Result<(), Refusal> {
        self.pace(self.networks.as_ref(), &network(from))
    }

    fn pace<K: Hash + Eq + Clone>(
        &self,
        limiter: Option<&DefaultKeyedRateLimiter<K>>,
        key: &K,
    ) -> Result<(), Refusal> {
        let Some(limiter) = limiter else { return Ok(()) };
        limiter.check_key(key).map_err(|not_until| {
            let wait = not_until.wait_time_from(self.clock.now());
            Refusal::TooFast { seconds: wait.as_secs() + 1 }
        })
    }

    /// Forgets who has not asked for long.
    pub fn forget_idle(&self) {
        if let Some(people) = &self.people {
            people.retain_recent();
            people.shrink_to_fit();
        }
        if let Some(networks) = &self.networks {
            networks.retain_recent();
            networks.shrink_to_fit();
        }
    }

    /// Whether a browser says that the request comes from our own pages.
    ///
    /// `Sec-Fetch-Site` where the browser sends it (W3C Fetch Metadata), else
    /// `Origin`, which must be the public address or this very host.
    pub fn is_our_origin(&self, headers: &HeaderMap) -> bool {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        if let Some(site) = text("sec-fetch-site")
            && !matches!(site, "same-origin" | "none")
        {
            return false;
        }
        let Some(origin) = text("origin") else { return true };
        let host = origin.split_once("://").map(|(_, host)| host);
        origin.eq_ignore_ascii_case(&self.origin) || (host.is_some() && host == text("host"))
    }
}

/// What one household or office has of an address: of IPv6 the first 64 bits,
/// within which everybody chooses freely (RFC 4291, 2.5.1).
pub fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        v4 => v4,
    }
}

/// Keeps the pace of routes that lead into the house (`Policy::Opening`), by
/// network: nobody is known there yet.
pub async fn openings(State(doors): State<Doors>, request: Request, next: Next) -> Response {
    let from = request.extensions().get::<ClientAddress>().map(|it| it.0);
    match from.map_or(Ok(()), |from| doors.guard.opening(from)) {
        Ok(()) => next.run(request).await,
        Err(refusal) => refused(&refusal),
    }
}

/// Answers a method that a route does not take.
pub async fn wrong_method(method: Method) -> Response {
    refused(&Refusal::WrongMethod(method.to_string()))
}

/// Refuses what a foreign page made a browser send, chooses the language, and
/// sets the headers that every answer has.
pub async fn watch(State(doors): State<Doors>, request: Request, next: Next) -> Response {
    let from = request.extensions().get::<ClientAddress>().map(|it| it.0);
    let headers = request.headers();
    let changes = !matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let is_foreign =
        changes && !headers.contains_key(header::AUTHORIZATION) && !doors.guard.is_our_origin(headers);
    let language =
        Language::choose(headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()));
    let answered =
        async { if is_foreign { refused(&Refusal::ForeignPage) } else { next.run(request).await } };
    let way = madang_app::Way::Web(from);
    let mut response = madang_app::asked_from(way, LANGUAGE.scope(language, answered)).await;
    let headers = response.headers_mut();
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    headers.entry(header::X_CONTENT_TYPE_OPTIONS).or_insert(HeaderValue::from_static("nosniff"));
    headers.entry(header::REFERRER_POLICY).or_insert(HeaderValue::from_static("no-referrer"));
    headers.entry("cross-origin-opener-policy").or_insert(HeaderValue::from_static("same-origin"));
    headers.entry("cross-origin-resource-policy").or_insert(HeaderValue::from_static("same-origin"));
    headers
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"));
    if doors.app.config.public_url.starts_with("https://") {
        headers
            .entry(header::STRICT_TRANSPORT_SECURITY)
            .or_insert(HeaderValue::from_static("max-age=31536000"));
    }
    response
}

/// Clears away what the limits remember, until the process ends.
pub async fn tidy(guard: Arc<Guard>) {
    let mut ticks = tokio::time::interval(std::time::Duration::from_secs(60));
    loop {
        ticks.tick().await;
        guard.forget_idle();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (name.parse().expect("a name"), HeaderValue::from_static(value)))
            .collect()
    }

    #[test]
    fn only_our_own_pages_may_use_the_cookie() {
        let guard = Guard::new("https://chat.example", None, None);
        let ours = |pairs| guard.is_our_origin(&headers(pairs));
        assert!(ours(&[]));
        assert!(ours(&[("origin", "https://chat.example")]));
        assert!(ours(&[("origin", "http://127.0.0.1:8080"), ("host", "127.0.0.1:8080")]));
        assert!(!ours(&[("origin", "https://evil.example"), ("host", "chat.example")]));
        assert!(!ours(&[("origin", "null"), ("host", "chat.example")]));
        assert!(!ours(&[("sec-fetch-site", "cross-site")]));
        assert!(!ours(&[("sec-fetch-site", "same-site"), ("origin", "https://chat.example")]));
    }

    #[test]
    fn a_person_who_asks_too_fast_is_told_when_to_come_back() {
        let guard = Guard::new("http://localhost", NonZeroU32::new(1), NonZeroU32::new(2));
        let nari = PersonId(1);
        for _ in 0..10 {
            assert_eq!(guard.person(nari), Ok(()));
        }
        assert!(matches!(guard.person(nari), Err(Refusal::TooFast { seconds: 1.. })));
        assert_eq!(guard.person(PersonId(2)), Ok(()));
    }
    #[test]
    fn a_network_that_tries_to_get_in_too_often_waits_and_others_do_not() {
        let guard = Guard::new("http://localhost", None, NonZeroU32::new(2));
        let opening = |from: &str| guard.opening(from.parse().expect("an address"));
        assert_eq!((opening("2001:db8::1"), opening("2001:db8::2")), (Ok(()), Ok(())));
        assert!(matches!(opening("2001:db8::ffff:3"), Err(Refusal::TooFast { seconds: 1..=31 })));
        assert_eq!((opening("2001:db8:0:1::1"), opening("192.0.2.1")), (Ok(()), Ok(())));
        assert_eq!(opening("::ffff:192.0.2.1"), Ok(()));
        assert!(opening("192.0.2.1").is_err(), "both forms are one address");
    }
}
