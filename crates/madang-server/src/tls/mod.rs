//! https: own certificate files or ACME, and what is said to whoever comes with something else.

pub mod certificate;
mod connection;
mod files;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use bytes::Bytes;
use rustls::ServerConfig;
use rustls::server::ResolvesServerCert;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::Notify;
use tokio_rustls::LazyConfigAcceptor;
use tokio_rustls::server::TlsStream;

use crate::acme::{self, Acme};
use crate::config::{Misconfigured, Tls};
use crate::turn;
use certificate::Served;
pub use connection::Connection;
pub use files::Files;

/// The first byte of a STUN request, and of one behind its length (RFC 4571, 2: two bytes, and no first one is so
/// long). Neither TLS nor HTTP begins with it.
const STUN: u8 = 0;
/// What tells the two apart: a length makes the cookie of a message come later.
const HEAD: usize = 8;
/// How long the rest of a head may take.
const HEAD_WITHIN: Duration = Duration::from_secs(2);
/// RFC 7443, 3: how TURN in TLS is asked for by name. Browsers do not.
const TURN: &[u8] = b"stun.turn";
/// The first byte of a TLS record with a handshake (RFC 8446, 5.1).
const HANDSHAKE: u8 = 22;

/// Turns an accepted connection into one that speaks.
#[derive(Clone)]
pub enum Acceptor {
    Plain,
    Tls(Arc<Secure>),
}

/// What https needs.
pub struct Secure {
    served: Arc<Served>,
    config: Arc<ServerConfig>,
    source: Source,
}

/// Where the certificate comes from.
enum Source {
    Files(Files),
    Acme { acme: Arc<Acme>, challenge: Arc<ServerConfig>, stand_in: Arc<ServerConfig> },
}

/// What an accepted connection is for.
pub enum Accepted {
    /// The house.
    House(Connection),
    /// Somebody speaks http on the port of https.
    WithoutTls(Connection),
    /// There is no certificate yet: this sentence is the answer to everything.
    Waiting(Connection, String),
    /// A device of a call that reaches us by TCP only, and what was read of it.
    Media(TcpStream, Bytes),
    /// A device of a call that wants what it says passed on, and what was read of it.
    Turn(Connection, Bytes),
    /// It served to prove a name and is over.
    Done,
}

impl Acceptor {
    /// # Errors
    /// `Misconfigured` with a sentence that says what to change.
    pub fn new(tls: &Tls, data: &Path) -> Result<Acceptor> {
        let served = Arc::<Served>::default();
        let source = match tls {
            Tls::Off => return Ok(Acceptor::Plain),
            Tls::Files { cert, key } => {
                let files = Files { cert: cert.clone(), key: key.clone() };
                let first = files.read().context(Misconfigured("https cannot be spoken".into()))?;
                served.set(first);
                Source::Files(files)
            }
            Tls::Acme(settings) => {
                let stand_in = acme::stand_in(&settings.domains[0])?;
                let acme = Arc::new(Acme::open(settings.clone(), data, served.clone())?);
                let mut challenge = speaking(acme.challenges());
                challenge.alpn_protocols = vec![acme::PROTOCOL.to_vec()];
                let mut stand_in = speaking(Arc::new(rustls::sign::SingleCertAndKey::from(stand_in)));
                // One sentence is said under it, in HTTP/1.1.
                stand_in.alpn_protocols = vec![b"http/1.1".to_vec()];
                Source::Acme { acme, challenge: Arc::new(challenge), stand_in: Arc::new(stand_in) }
            }
        };
        let config = Arc::new(speaking(served.clone()));
        Ok(Acceptor::Tls(Arc::new(Secure { served, config, source })))
    }

    /// Keeps the certificate fresh until the process ends. `reload` asks to look at once.
    pub async fn keep_fresh(self, reload: Arc<Notify>) {
        let Acceptor::Tls(secure) = self else { return };
        match &secure.source {
            Source::Files(files) => files.clone().follow(secure.served.clone(), reload).await,
            Source::Acme { acme, .. } => acme.clone().run(reload).await,
        }
    }

    /// The sentence for whoever comes before there is a certificate; none when there is one.
    pub fn waiting(&self) -> Option<String> {
        let Acceptor::Tls(secure) = self else { return None };
        match &secure.source {
            Source::Acme { acme, .. } if secure.served.get().is_none() => Some(acme.explanation()),
            _ => None,
        }
    }

    /// # Errors
    /// What the handshake said.
    pub async fn accept(&self, stream: TcpStream) -> std::io::Result<Accepted> {
        let mut first = [HANDSHAKE];
        let is_there = stream.peek(&mut first).await? > 0;
        if is_there && first[0] == STUN {
            return framed_or_bare(stream).await;
        }
        let Acceptor::Tls(secure) = self else { return Ok(Accepted::House(Connection::Plain(stream))) };
        if is_there && first[0] != HANDSHAKE {
            return Ok(Accepted::WithoutTls(Connection::Plain(stream)));
        }
        let hello = LazyConfigAcceptor::new(rustls::server::Acceptor::default(), stream).await?;
        if let Source::Acme { challenge, stand_in, .. } = &secure.source {
            if acme::is_challenge(&hello.client_hello()) {
                hello.into_stream(challenge.clone()).await?.shutdown().await?;
                return Ok(Accepted::Done);
            }
            if let Some(sentence) = self.waiting() {
                let stream = hello.into_stream(stand_in.clone()).await?;
                return Ok(Accepted::Waiting(Connection::Tls(Box::new(stream)), sentence));
            }
        }
        let stream = hello.into_stream(secure.config.clone()).await?;
        inside(Box::new(stream)).await
    }
}

/// ICE-TCP has a length before each message, TURN has not (RFC 8656, 3.1).
async fn framed_or_bare(mut stream: TcpStream) -> std::io::Result<Accepted> {
    let mut head = [0; HEAD];
    let read = tokio::time::timeout(HEAD_WITHIN, stream.read_exact(&mut head)).await;
    read.map_err(|_| std::io::ErrorKind::TimedOut)??;
    let first = Bytes::copy_from_slice(&head);
    if head[4..] == turn::COOKIE {
        return Ok(Accepted::Turn(Connection::Plain(stream), first));
    }
    Ok(Accepted::Media(stream, first))
}

/// Whoever named a protocol gets it; of others the first byte tells what they speak.
async fn inside(mut stream: Box<TlsStream<TcpStream>>) -> std::io::Result<Accepted> {
    let is_turn = match stream.get_ref().1.alpn_protocol() {
        Some(named) => named == TURN,
        None => stream.fill_buf().await?.first() == Some(&STUN),
    };
    let stream = Connection::Tls(stream);
    Ok(if is_turn { Accepted::Turn(stream, Bytes::new()) } else { Accepted::House(stream) })
}

/// TLS 1.2 and 1.3; HTTP/2, HTTP/1.1 and TURN.
fn speaking(certificates: Arc<dyn ResolvesServerCert>) -> ServerConfig {
    let mut config = ServerConfig::builder().with_no_client_auth().with_cert_resolver(certificates);
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec(), TURN.to_vec()];
    config
}
