//! Connections: accepted, spoken with in HTTP/1.1 or HTTP/2, and let go cleanly.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::Result;
use axum::Router;
use axum::extract::Request;
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use madang_media::Media;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tower::Service;

use crate::config::Misconfigured;
use crate::proxy::Proxies;
use crate::redirect;
use crate::tls::{Accepted, Acceptor, Connection};
use crate::turn::{self, Relay};

/// How long open requests may take to end after a stop was asked for.
const DRAIN: Duration = Duration::from_secs(10);
/// How long a client may take to send the head of a request, or to shake hands.
const HEAD: Duration = Duration::from_secs(10);

/// What a connection needs.
#[derive(Clone)]
pub struct Door {
    pub acceptor: Acceptor,
    /// Carries calls, over TCP as well.
    pub media: Option<Media>,
    /// Passes on to those calls what reaches nothing but this port.
    pub relay: Option<Arc<Relay>>,
    pub service: Router,
    pub proxies: Proxies,
    /// The public address, without a slash at the end.
    pub origin: Arc<str>,
}

/// Takes an address.
///
/// # Errors
/// `Misconfigured` with a sentence that names the option and says what to do.
pub async fn bind(address: SocketAddr, option: &str) -> Result<TcpListener> {
    TcpListener::bind(address).await.map_err(|error| {
        let advice = match error.kind() {
            std::io::ErrorKind::AddrInUse => format!(
                "port {} is taken, perhaps by a Madang that runs already: stop that program, or choose another port \
                 with {option}",
                address.port()
            ),
            std::io::ErrorKind::PermissionDenied => format!(
                "ports below 1024 need a permission: AmbientCapabilities=CAP_NET_BIND_SERVICE in the systemd unit, \
                 or choose another port with {option}"
            ),
            _ => format!("choose an address of this machine with {option}"),
        };
        anyhow::Error::from(error).context(Misconfigured(format!("cannot listen on {address}: {advice}")))
    })
}

/// Listens until the server stops, then lets open requests end.
pub async fn listen(listener: TcpListener, door: Door, mut stopping: watch::Receiver<bool>) {
    let graceful = GracefulShutdown::new();
    loop {
        let (stream, peer) = tokio::select! {
            _ = stopping.changed() => break,
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    // Out of file descriptors, most likely: wait for some to come free.
                    tracing::warn!(%error, "A connection could not be accepted");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                    continue;
                }
            },
        };
        // Messages are small and waited for.
        let _ = stream.set_nodelay(true);
        tokio::spawn(connection(stream, peer, door.clone(), graceful.watcher()));
    }
    drop(listener);
    if tokio::time::timeout(DRAIN, graceful.shutdown()).await.is_err() {
        tracing::warn!("Some requests did not end in time");
    }
}

async fn connection(stream: TcpStream, peer: SocketAddr, door: Door, watcher: Watcher) {
    match tokio::time::timeout(HEAD, door.acceptor.accept(stream)).await {
        Ok(Ok(Accepted::House(stream))) => serve(stream, peer, door, watcher).await,
        Ok(Ok(Accepted::WithoutTls(stream))) => {
            redirect::answer_all(stream, |request| redirect::to_https(&door.origin, request)).await;
        }
        Ok(Ok(Accepted::Waiting(stream, sentence))) => {
            redirect::answer_all(stream, |_| redirect::waiting(sentence.clone())).await;
        }
        Ok(Ok(Accepted::Media(stream, first))) => {
            if let Some(media) = &door.media {
                media.take_tcp(stream, first);
            }
        }
        Ok(Ok(Accepted::Turn(stream, first))) => {
            // A call ends with the server, and is not waited for.
            drop(watcher);
            if let Some(relay) = door.relay {
                turn::serve(stream, peer, &first, relay).await;
            }
        }
        Ok(Ok(Accepted::Done)) | Err(_) => {}
        Ok(Err(error)) => tracing::debug!(%error, "A TLS handshake failed"),
    }
}

async fn serve(stream: Connection, peer: SocketAddr, door: Door, watcher: Watcher) {
    let Door { service, proxies, .. } = door;
    let asked = Arc::new(AtomicBool::new(false));
    let noticed = asked.clone();
    let service = hyper::service::service_fn(move |mut request: Request<Incoming>| {
        noticed.store(true, Ordering::Relaxed);
        let uri = request.uri().clone();
        let from = proxies.receive(peer.ip(), &uri, request.headers_mut());
        request.extensions_mut().insert(from);
        service.clone().call(request)
    });
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(HEAD).max_buf_size(64 * 1024);
    builder.http2().timer(TokioTimer::new()).max_concurrent_streams(100).max_header_list_size(32 * 1024);
    let connection = builder.serve_connection_with_upgrades(TokioIo::new(stream), service);
    let mut watched = std::pin::pin!(watcher.watch(connection.into_owned()));
    // hyper times the head of a request only once it knows which HTTP is spoken.
    let ended = match tokio::time::timeout(HEAD, watched.as_mut()).await {
        Ok(ended) => ended,
        Err(_) if asked.load(Ordering::Relaxed) => watched.await,
        Err(_) => return tracing::debug!("A connection was opened and nothing asked"),
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "A connection ended early");
    }
}
