//! Serving: opens the house, listens, and ends cleanly.

use std::net::{IpAddr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use axum::Router;
use axum::extract::Request;
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use madang_app::App;
use madang_store::blob::{BlobPlace, Blobs};
use madang_store::db::{Db, DbConfig, Place};
use madang_store::seal::Keyring;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tower::Service;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::limit::RequestBodyLimitLayer;

use crate::config::Config;
use crate::guard::{self, Guard};
use crate::router::{self, Doors};
use crate::socket::Hub;
use crate::tls::Acceptor;

/// How long open requests may take to end after a stop was asked for.
const DRAIN: Duration = Duration::from_secs(10);
/// How long a client may take to send the head of a request.
const HEAD: Duration = Duration::from_secs(10);

/// Where a request came from, behind trusted proxies too.
#[derive(Debug, Clone, Copy)]
pub struct ClientAddress(pub IpAddr);

/// Opens database, keyring and files.
///
/// # Errors
/// A sentence that says what to change.
pub fn open(config: &Config, public_url: String) -> Result<Arc<App>> {
    std::fs::create_dir_all(&config.data)
        .with_context(|| format!("cannot make the data folder {}", config.data.display()))?;
    let (content, keys) = databases(config)?;
    let db = Db::open(&content).context("cannot open the database")?;
    let keys = Db::open(&keys).context("cannot open the key database")?;
    let keyring = Keyring::open(keys, &config.data.join("root.key")).context("cannot open the keys")?;
    let spool = config.data.join("uploads");
    std::fs::create_dir_all(&spool).with_context(|| format!("cannot make {}", spool.display()))?;
    let blobs = Blobs::open(&files(config, &spool)?).context("cannot open the file store")?;
    let mailer = madang_app::Mailer::new(config.mail_url.as_deref(), config.mail_from.as_deref())?;
    let app_config = madang_app::Config { public_url, upload_limit: config.upload_limit, uploads: spool };
    Ok(App::new(db, keyring, blobs, mailer, app_config)?)
}

/// Refuses a data folder in which there is no house, before anything is made there.
///
/// # Errors
/// A sentence that says what to change.
pub fn must_exist(config: &Config) -> Result<()> {
    if let Place::Sqlite(file) = databases(config)?.0.place
        && !file.exists()
    {
        anyhow::bail!(
            "there is no house at {}: check --data, or start one with madang serve",
            file.display()
        );
    }
    Ok(())
}

/// The two databases: content, and the keys that open it.
///
/// # Errors
/// A sentence that says what to change.
pub fn databases(config: &Config) -> Result<(DbConfig, DbConfig)> {
    let (content, mut keys) = match &config.database_url {
        None => {
            (DbConfig::sqlite(config.data.join("madang.db")), DbConfig::sqlite(config.data.join("keys.db")))
        }
        Some(url) => {
            let content = DbConfig::from_url(url)?;
            let keys = match &content.place {
                Place::Postgres { url, .. } => DbConfig::postgres(url.clone(), "madang_keys"),
                Place::Sqlite(file) => DbConfig::sqlite(beside(file)),
            };
            (content, keys)
        }
    };
    keys.migrations = madang_store::db::KEYS;
    (keys.readers, keys.writers) = (1, 1);
    Ok((content, keys))
}

fn beside(file: &Path) -> std::path::PathBuf {
    file.with_file_name("keys.db")
}

/// Where file contents are kept.
///
/// # Errors
/// A sentence that says what to change.
pub fn files(config: &Config, spool: &Path) -> Result<BlobPlace> {
    match &config.files_url {
        Some(url) => Ok(BlobPlace::from_url(url, spool)?),
        None => Ok(BlobPlace::Folder(config.data.join("files"))),
    }
}

/// The whole service: API, sockets, metrics and the web client.
pub fn service(doors: Doors) -> Router {
    let api = router::router(crate::http::endpoints()).layer(RequestBodyLimitLayer::new(guard::BODY_LIMIT));
    Router::new()
        .merge(api)
        .fallback(crate::web::serve)
        .layer(axum::middleware::from_fn_with_state(doors.clone(), guard::watch))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(CompressionLayer::new().gzip(true).br(true))
        .with_state(doors)
}

fn panicked(what: Box<dyn std::any::Any + Send>) -> axum::response::Response {
    let text = what
        .downcast_ref::<String>()
        .cloned()
        .or_else(|| what.downcast_ref::<&str>().map(ToString::to_string));
    crate::error::fault(&format!("a handler panicked: {}", text.unwrap_or_default()))
}

/// A server that listens.
pub struct Server {
    pub app: Arc<App>,
    pub doors: Doors,
    pub address: SocketAddr,
    pub public_url: String,
    stop: watch::Sender<bool>,
    listening: tokio::task::JoinHandle<()>,
}

/// Opens the house and begins to listen.
///
/// # Errors
/// A sentence that says what to change.
pub async fn start(config: Config) -> Result<Server> {
    let listener = TcpListener::bind(config.listen)
        .await
        .with_context(|| format!("cannot listen on {}: choose another with --listen", config.listen))?;
    let address = listener.local_addr()?;
    let public_url = config.public_url_at(address);
    let acceptor = Acceptor::new(&config, &public_url)?;
    let (for_app, url) = (config.clone(), public_url.clone());
    let app = tokio::task::spawn_blocking(move || open(&for_app, url)).await??;
    app.blobs.forget_unfinished();
    crate::http::metrics::begin();
    let hub = Hub::start(app.clone());
    let guard = Arc::new(Guard::new(&public_url, config.rate_limit));
    let doors = Doors { app: app.clone(), hub, guard: guard.clone() };
    tokio::spawn(app.clone().follow());
    tokio::spawn(app.clone().work_jobs());
    tokio::spawn(app.clone().watch_for_changes_from_outside());
    tokio::spawn(guard::tidy(guard));
    let (stop, stopping) = watch::channel(false);
    let service = service(doors.clone());
    let proxies = Arc::new(config.trusted_proxies.clone());
    let listening = tokio::spawn(listen(listener, acceptor, service, proxies, stopping));
    Ok(Server { app, doors, address, public_url, stop, listening })
}

impl Server {
    /// Lets open requests end, says good-bye to devices, and closes the house.
    pub async fn stop(self) {
        self.doors.hub.say_goodbye();
        // The listener may have ended already; then there is nobody to tell.
        let _ = self.stop.send(true);
        if let Err(error) = self.listening.await {
            tracing::error!(%error, "The listener ended badly");
        }
        self.app.close().await;
    }
}

async fn listen(
    listener: TcpListener,
    acceptor: Acceptor,
    service: Router,
    proxies: Arc<Vec<ipnet::IpNet>>,
    mut stopping: watch::Receiver<bool>,
) {
    let graceful = hyper_util::server::graceful::GracefulShutdown::new();
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
        let watcher = graceful.watcher();
        tokio::spawn(connection(stream, peer, acceptor.clone(), service.clone(), proxies.clone(), watcher));
    }
    drop(listener);
    if tokio::time::timeout(DRAIN, graceful.shutdown()).await.is_err() {
        tracing::warn!("Some requests did not end in time");
    }
}

async fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    acceptor: Acceptor,
    service: Router,
    proxies: Arc<Vec<ipnet::IpNet>>,
    watcher: hyper_util::server::graceful::Watcher,
) {
    let accepted = match tokio::time::timeout(HEAD, acceptor.accept(stream)).await {
        Ok(Ok(Some(stream))) => stream,
        Ok(Ok(None)) => return,
        Ok(Err(error)) => return tracing::debug!(%error, "A TLS handshake failed"),
        Err(_) => return,
    };
    let service = hyper::service::service_fn(move |mut request: Request<Incoming>| {
        let address = client_address(peer.ip(), request.headers(), &proxies);
        request.extensions_mut().insert(ClientAddress(address));
        service.clone().call(request)
    });
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(HEAD).max_buf_size(64 * 1024);
    builder.http2().timer(TokioTimer::new()).max_concurrent_streams(100).max_header_list_size(32 * 1024);
    let connection = builder.serve_connection_with_upgrades(TokioIo::new(accepted), service);
    if let Err(error) = watcher.watch(connection.into_owned()).await {
        tracing::debug!(%error, "A connection ended early");
    }
}

/// The first address, counted from us, that is not a trusted proxy.
fn client_address(peer: IpAddr, headers: &http::HeaderMap, proxies: &[ipnet::IpNet]) -> IpAddr {
    let trusted = |address: &IpAddr| proxies.iter().any(|net| net.contains(address));
    if !trusted(&peer) {
        return peer;
    }
    let lines = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
    let hops: Vec<IpAddr> =
        lines.flat_map(|line| line.split(',')).filter_map(|hop| hop.trim().parse().ok()).collect();
    hops.into_iter().rev().find(|hop| !trusted(hop)).unwrap_or(peer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_trusted_proxies_may_say_where_a_request_came_from() {
        let proxies = ["10.0.0.0/8".parse().expect("a network")];
        let mut headers = http::HeaderMap::new();
        headers.insert("x-forwarded-for", "6.6.6.6, 203.0.113.9, 10.1.1.1".parse().expect("a header"));
        let from =
            |peer: &str| client_address(peer.parse().expect("an address"), &headers, &proxies).to_string();
        assert_eq!(from("10.2.2.2"), "203.0.113.9");
        assert_eq!(from("198.51.100.7"), "198.51.100.7");
    }
}
