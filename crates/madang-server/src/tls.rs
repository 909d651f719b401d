//! https with own certificate files.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use anyhow::{Context as _, Result};
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use crate::config::{Config, Tls};

/// Turns an accepted connection into one that speaks.
#[derive(Clone)]
pub enum Acceptor {
    Plain,
    Tls(TlsAcceptor),
}

impl Acceptor {
    /// # Errors
    /// A sentence that says what to change.
    pub fn new(config: &Config, _public_url: &str) -> Result<Acceptor> {
        match &config.tls {
            Tls::Off => Ok(Acceptor::Plain),
            Tls::Files { cert, key } => {
                let chain = CertificateDer::pem_file_iter(cert)
                    .and_then(Iterator::collect::<Result<Vec<_>, _>>)
                    .with_context(|| format!("cannot read the certificate {}", cert.display()))?;
                let key = PrivateKeyDer::from_pem_file(key)
                    .with_context(|| format!("cannot read the key {}", key.display()))?;
                let mut server = ServerConfig::builder()
                    .with_no_client_auth()
                    .with_single_cert(chain, key)
                    .context("the certificate and the key do not fit each other")?;
                server.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
                Ok(Acceptor::Tls(TlsAcceptor::from(Arc::new(server))))
            }
        }
    }

    /// The connection, or none when it served only to prove a domain.
    ///
    /// # Errors
    /// What the handshake said.
    pub async fn accept(&self, stream: TcpStream) -> std::io::Result<Option<Connection>> {
        match self {
            Acceptor::Plain => Ok(Some(Connection::Plain(stream))),
            Acceptor::Tls(acceptor) => Ok(Some(Connection::Tls(Box::new(acceptor.accept(stream).await?)))),
        }
    }
}

/// A connection with or without TLS.
pub enum Connection {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

macro_rules! either {
    ($self:ident, $stream:ident => $call:expr) => {
        match $self.get_mut() {
            Connection::Plain(stream) => {
                let $stream = Pin::new(stream);
                $call
            }
            Connection::Tls(stream) => {
                let $stream = Pin::new(stream.as_mut());
                $call
            }
        }
    };
}

impl AsyncRead for Connection {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        either!(self, stream => stream.poll_read(cx, buf))
    }
}

impl AsyncWrite for Connection {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<std::io::Result<usize>> {
        either!(self, stream => stream.poll_write(cx, buf))
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        either!(self, stream => stream.poll_flush(cx))
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        either!(self, stream => stream.poll_shutdown(cx))
    }
}
