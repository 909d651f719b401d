//! The one client for requests to the outside that somebody else chose the address of: push services, link
//! previews, webhooks.
//!
//! It goes nowhere inside: an address is looked at after the name was resolved and before anything is connected, on
//! each redirect again. Answers are cut at a size, and everything at a time. It keeps no cookies, follows no proxy
//! from the environment, and sends no referrer.

mod address;
mod resolver;

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use ipnet::IpNet;
use reqwest::header::{HeaderMap, LOCATION};
use reqwest::{Method, StatusCode, Url};

use resolver::{Inside, Resolver};

/// How long a connection may take to come about.
const CONNECT: Duration = Duration::from_secs(5);

/// The first of these addresses that may be asked: one outside, or in a network of one's own that may be.
pub(crate) fn admitted(found: Vec<std::net::SocketAddr>, allowed: &[IpNet]) -> Option<std::net::SocketAddr> {
    resolver::outside(found, allowed).ok()?.into_iter().next()
}

/// How much of the outside one request may be.
#[derive(Debug, Clone, Copy)]
pub struct Caps {
    /// For everything together, redirects too.
    pub time: Duration,
    /// Bytes of the answer's body.
    pub bytes: usize,
    /// Whether a longer body is cut there; if not, it is no answer.
    pub cut: bool,
    pub redirects: usize,
}

/// What to send.
#[derive(Debug, Clone)]
pub struct Request {
    pub method: Method,
    pub url: Url,
    pub headers: HeaderMap,
    pub body: Bytes,
}

/// What came back, whatever its status.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
    /// Where it came from in the end.
    pub url: Url,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// Trying again does not help.
    #[error("{0}")]
    Refused(String),
    #[error("the answer is longer than {0} bytes")]
    TooLong(usize),
    #[error("no answer within {} seconds", .0.as_secs())]
    TooSlow(Duration),
    #[error("{0}")]
    Broken(String),
}

/// The client. Clones share its connections.
#[derive(Clone)]
pub struct Outgoing {
    shared: Arc<Shared>,
}

struct Shared {
    allowed: Vec<IpNet>,
    /// Whether everything may be asked.
    anywhere: bool,
    /// Made at the first request: a house that never asks anybody needs no certificates.
    client: OnceLock<reqwest::Client>,
}

impl Outgoing {
    /// `allowed` are networks of one's own that may be asked all the same, over http too.
    pub fn new(allowed: Vec<IpNet>) -> Outgoing {
        Outgoing { shared: Arc::new(Shared { allowed, anywhere: false, client: OnceLock::new() }) }
    }

    /// For addresses that the administrator chose, and nobody else: they may lead inside, and speak http.
    pub fn anywhere() -> Outgoing {
        let allowed = ["0.0.0.0/0", "::/0"].map(|net| net.parse().expect("a network"));
        Outgoing {
            shared: Arc::new(Shared { allowed: allowed.into(), anywhere: true, client: OnceLock::new() }),
        }
    }

    /// Whether this may be asked, as far as the address itself tells: `https` without a name or a password in it,
    /// and no address that is inside.
    ///
    /// # Errors
    /// `Refused` with a sentence.
    pub fn check(&self, url: &Url) -> Result<(), Failure> {
        if self.shared.anywhere {
            return Ok(());
        }
        let refuse = |why: &str| Err(Failure::Refused(why.to_owned()));
        let literal = address::literal(url);
        let own = literal.is_some_and(|it| self.shared.allowed.iter().any(|net| net.contains(&it)));
        if !url.username().is_empty() || url.password().is_some() {
            return refuse("an address with a name or a password in it is not asked");
        }
        match url.scheme() {
            "https" => {}
            "http" if own => {}
            _ => return refuse("only https is spoken with the outside"),
        }
        if !own && url.port_or_known_default() != Some(443) {
            return refuse("only the usual port of https is asked");
        }
        match literal {
            Some(address) if !own && !address::is_outside(address) => {
                refuse("this address is inside a network of its own")
            }
            None if url.host_str().is_none() => refuse("there is no host in it"),
            _ => Ok(()),
        }
    }

    /// Asks, within these caps.
    ///
    /// # Errors
    /// Why there is no answer.
    pub async fn send(&self, request: Request, caps: Caps) -> Result<Answer, Failure> {
        match tokio::time::timeout(caps.time, self.follow(request, caps)).await {
            Ok(answer) => answer,
            Err(_) => Err(Failure::TooSlow(caps.time)),
        }
    }

    async fn follow(&self, mut request: Request, caps: Caps) -> Result<Answer, Failure> {
        for _ in 0..=caps.redirects {
            let answer = self.once(&request, caps).await?;
            let next = match answer.status.is_redirection() && caps.redirects > 0 {
                true => answer.headers.get(LOCATION).and_then(|to| to.to_str().ok()),
                false => None,
            };
            let Some(next) = next else { return Ok(answer) };
            request.url = answer
                .url
                .join(next)
                .map_err(|_| Failure::Refused("it leads to what is no address".into()))?;
        }
        Err(Failure::Refused(format!("it leads on more than {} times", caps.redirects)))
    }

    async fn once(&self, request: &Request, caps: Caps) -> Result<Answer, Failure> {
        self.check(&request.url)?;
        let asked = self
            .client()?
            .request(request.method.clone(), request.url.clone())
            .headers(request.headers.clone())
            .body(request.body.clone());
        let mut answer = asked.send().await.map_err(broken)?;
        let (status, url) = (answer.status(), answer.url().clone());
        let headers = std::mem::take(answer.headers_mut());
        let mut body = BytesMut::new();
        while let Some(chunk) = answer.chunk().await.map_err(broken)? {
            let left = caps.bytes - body.len();
            if chunk.len() > left && caps.cut {
                body.extend_from_slice(&chunk[..left]);
                break;
            }
            if chunk.len() > left {
                return Err(Failure::TooLong(caps.bytes));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Answer { status, headers, body: body.freeze(), url })
    }

    fn client(&self) -> Result<&reqwest::Client, Failure> {
        if let Some(client) = self.shared.client.get() {
            return Ok(client);
        }
        let made = reqwest::Client::builder()
            .user_agent(concat!("Madang/", env!("CARGO_PKG_VERSION")))
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .no_proxy()
            .connect_timeout(CONNECT)
            .dns_resolver(Arc::new(Resolver::new(self.shared.allowed.clone())))
            .build()
            .map_err(|error| Failure::Broken(format!("no client can be made: {error}")))?;
        Ok(self.shared.client.get_or_init(|| made))
    }
}

fn broken(error: reqwest::Error) -> Failure {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(&error);
    let mut text = String::new();
    while let Some(error) = cause {
        if let Some(inside) = error.downcast_ref::<Inside>() {
            return Failure::Refused(inside.to_string());
        }
        text = error.to_string();
        cause = error.source();
    }
    // The innermost says what is so; the outer ones name the address, which is nobody's business in a log.
    Failure::Broken(text)
}

#[cfg(test)]
mod tests;
