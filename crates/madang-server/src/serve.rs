//! Serving: opens the house, listens, and ends cleanly.

use std::fs::File;
use std::io::Write;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use madang_app::{App, Translator};
use madang_slack::Slack;
use madang_store::StoreError;
use madang_store::blob::{BlobPlace, Blobs};
use madang_store::db::{Db, DbConfig, Place};
use madang_store::seal::Keyring;
use tokio::sync::{Notify, watch};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, Predicate};

use crate::carrier;
use crate::config::{Config, Misconfigured};
use crate::for_slack::ForSlack;
use crate::guard::{self, Guard};
use crate::listen::{self, Door};
pub use crate::proxy::ClientAddress;
use crate::proxy::Proxies;
use crate::redirect;
use crate::router::{self, Doors};
use crate::socket::Hub;
use crate::tls::Acceptor;
use crate::turn::Relay;

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
    let search = Db::open(&search_index(config)?).context("cannot open the search index")?;
    let keyring = Keyring::open(keys, &config.data.join("root.key")).context("cannot open the keys")?;
    forget_erased(&db, &keyring)?;
    let spool = config.data.join("uploads");
    std::fs::create_dir_all(&spool).with_context(|| format!("cannot make {}", spool.display()))?;
    let blobs = Blobs::open(&files(config, &spool)?).context("cannot open the file store")?;
    let mailer = madang_app::Mailer::new(config.mail_url.as_deref(), config.mail_from.as_deref())
        .context(Misconfigured("mail cannot be sent".into()))?;
    let app_config = madang_app::Config {
        contact: contact(config, &public_url),
        public_url,
        upload_limit: config.upload_limit,
        unfinished_limit: config.unfinished_limit,
        uploads: spool,
        exports: config.data.join("exports"),
        recordings: config.data.join("recordings"),
        ffmpeg: config.ffmpeg.clone(),
        outgoing_allowed: config.outgoing_allowed.clone(),
        translator: translator(config)?,
        digest_after: config.digest_after,
        reply_address: config.reply_address.clone(),
        // This very program: on Linux by a path that stays true when a newer one takes its place on the disk.
        reader: Some(if cfg!(target_os = "linux") {
            "/proc/self/exe".into()
        } else {
            std::env::current_exe()?
        }),
    };
    Ok(App::new(db, search, keyring, blobs, mailer, app_config)?)
}

/// The service that translates, if there is to be one.
fn translator(config: &Config) -> Result<Option<Translator>> {
    let Some(url) = &config.translate_url else { return Ok(None) };
    let made = Translator::new(url, config.translate_key.clone());
    made.map(Some).map_err(|why| {
        anyhow::anyhow!(why).context(Misconfigured(format!("--translate-url {url} is not right")))
    })
}

/// Whom a push service may write to (RFC 8292, 2.1): who sends our mails, else the house's address.
fn contact(config: &Config, public_url: &str) -> String {
    let address = |from: &str| from.rsplit('<').next().map(|it| it.trim_end_matches('>').trim().to_owned());
    match config.mail_from.as_deref().and_then(address).filter(|it| it.contains('@')) {
        Some(address) => format!("mailto:{address}"),
        None if public_url.starts_with("https://") => public_url.to_owned(),
        None => "mailto:madang@localhost".to_owned(),
    }
}

/// Rows of spaces and people that were erased, and that an older copy of the house had brought back.
fn forget_erased(db: &Db, keyring: &Keyring) -> Result<()> {
    let erased = keyring.replayed().to_vec();
    if erased.is_empty() {
        return Ok(());
    }
    let ids = madang_app::IdMaker::new((std::process::id() & 0x3ff) as u16);
    Ok(db.write_blocking(move |tx| madang_app::erase_again(tx, &ids, &erased))?)
}

/// Refuses a data folder in which there is no house, before anything is made there.
///
/// # Errors
/// A sentence that says what to change.
pub fn must_exist(config: &Config) -> Result<()> {
    if let Place::Sqlite(file) = databases(config)?.0.place
        && !file.exists()
    {
        bail!(Misconfigured(format!(
            "there is no house at {}: check --data, or start one with madang serve",
            file.display()
        )));
    }
    Ok(())
}

/// The two databases: content, and the keys that open it.
///
/// # Errors
/// A sentence that says what to change.
pub fn databases(config: &Config) -> Result<(DbConfig, DbConfig)> {
    let content = match &config.database_url {
        None => DbConfig::sqlite(config.data.join("madang.db")),
        Some(url) => DbConfig::from_url(url).map_err(misconfigured)?,
    };
    let beside = match &content.place {
        Place::Sqlite(file) => file.with_file_name("keys.db"),
        Place::Postgres { .. } => std::path::PathBuf::new(),
    };
    let keys = content.keys(beside);
    Ok((content, keys))
}

/// The search index: beside the content, in no backup, made anew when it is not there.
///
/// # Errors
/// A sentence that says what to change.
pub fn search_index(config: &Config) -> Result<DbConfig> {
    let content = databases(config)?.0;
    let beside = match &content.place {
        Place::Sqlite(file) => file.with_file_name("search.db"),
        Place::Postgres { .. } => std::path::PathBuf::new(),
    };
    Ok(content.search(beside))
}

/// A sentence of the store about a setting.
fn misconfigured(error: StoreError) -> anyhow::Error {
    Misconfigured(error.to_string()).into()
}

/// Where file contents are kept.
///
/// # Errors
/// A sentence that says what to change.
pub fn files(config: &Config, spool: &Path) -> Result<BlobPlace> {
    match &config.files_url {
        // Beside the unfinished uploads and not among them: it is emptied at each start.
        Some(url) => BlobPlace::from_url(url, &spool.join("sending")).map_err(misconfigured),
        None => Ok(BlobPlace::Folder(config.data.join("files"))),
    }
}

/// The whole service: API, sockets, metrics and the web client.
pub fn service(doors: Doors) -> Router {
    let (streams, plain): (Vec<_>, Vec<_>) =
        crate::http::endpoints().into_iter().partition(|endpoint| endpoint.streaming);
    let api = router::router(plain, &doors).layer(DefaultBodyLimit::max(guard::BODY_LIMIT));
    // One stack: each `Router::layer` of its own would box every request once more. The first is the outermost.
    let compression =
        CompressionLayer::new().gzip(true).br(true).compress_when(DefaultPredicate::new().and(is_no_file));
    let around = tower::ServiceBuilder::new()
        .layer(compression)
        .layer(CatchPanicLayer::custom(panicked))
        .layer(axum::middleware::from_fn_with_state(doors.clone(), guard::watch));
    let all = Router::new().merge(api).merge(router::router(streams, &doors)).merge(doors.slack.router());
    #[cfg(feature = "mcp")]
    let all = all.merge(crate::mcp::router(&doors));
    all.method_not_allowed_fallback(guard::wrong_method)
        .fallback(crate::web::serve)
        .layer(around)
        .with_state(doors)
}

/// Files are served in ranges of what they are; compressed on the way they would be something else.
fn is_no_file(
    _: http::StatusCode,
    _: http::Version,
    headers: &http::HeaderMap,
    _: &http::Extensions,
) -> bool {
    !headers.contains_key(http::header::ACCEPT_RANGES)
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
    reload: Arc<Notify>,
    listening: tokio::task::JoinHandle<()>,
    /// Held as long as we serve.
    _lock: File,
}

/// Opens the house and begins to listen.
///
/// # Errors
/// A sentence that says what to change.
pub async fn start(config: Config) -> Result<Server> {
    let listener = listen::bind(config.listen, "--listen").await?;
    let for_http = match config.http_listen {
        Some(address) => Some(listen::bind(address, "--http-listen").await?),
        None => None,
    };
    let address = listener.local_addr()?;
    let public_url = config.public_url_at(address);
    std::fs::create_dir_all(&config.data)
        .with_context(|| format!("cannot make the data folder {}", config.data.display()))?;
    let mut lock = alone(&config.data)?;
    note_address(&mut lock, &public_url)?;
    crate::http::metrics::begin();
    let acceptor = Acceptor::new(&config.tls, &config.data)?;
    let (for_app, url) = (config.clone(), public_url.clone());
    let app = tokio::task::spawn_blocking(move || open(&for_app, url)).await??;
    app.blobs.forget_unfinished();
    let hub = Hub::start(app.clone(), config.device_silence);
    // What is there is served also where nothing can be written: the next start writes it down.
    if let Err(error) = app.end_calls_of_before().await {
        tracing::warn!(%error, "Calls that were cut off could not be written down as over");
    }
    let media = carrier::start(&app, &config, address)?;
    let relay = Relay::new(&config, &public_url, media.as_ref());
    let guard = Arc::new(Guard::new(&public_url, config.rate_limit, config.opening_limit));
    let settled = Arc::new(Config { listen: address, ..config.clone() });
    let secure = public_url.starts_with("https://");
    let slack =
        Slack::new(app.clone(), Arc::new(ForSlack { guard: guard.clone(), hub: hub.clone(), secure }));
    let doors =
        Doors { app: app.clone(), hub, guard: guard.clone(), slack, relay: relay.clone(), config: settled };
    tokio::spawn(app.clone().follow());
    tokio::spawn(app.clone().work_jobs());
    tokio::spawn(app.clone().watch_the_clock());
    tokio::spawn(app.clone().route_tickets());
    tokio::spawn(app.clone().tell_devices());
    tokio::spawn(app.clone().work_webhooks(crate::wire::webhooks::body));
    tokio::spawn(doors.slack.clone().deliver());
    tokio::spawn(doors.slack.clone().follow());
    tokio::spawn(app.clone().mail_digests());
    tokio::spawn(app.clone().mail_visitors());
    tokio::spawn(app.clone().work_imports(crate::import::work));
    tokio::spawn(app.clone().work_exports(crate::export::write));
    tokio::spawn(app.clone().work_recordings(crate::wire::recordings::manifest));
    tokio::spawn(app.clone().work_films());
    tokio::spawn(app.clone().read_files());
    tokio::spawn(app.clone().follow_callers(app.news_for_calls()));
    tokio::spawn(app.clone().watch_calls());
    tokio::spawn(app.clone().watch_for_changes_from_outside());
    tokio::spawn(guard::tidy(guard));
    let reload = Arc::new(Notify::new());
    tokio::spawn(acceptor.clone().keep_fresh(reload.clone()));
    let (stop, stopping) = watch::channel(false);
    let origin: Arc<str> = public_url.as_str().into();
    if let Some(listener) = for_http {
        tokio::spawn(redirect::listen(listener, origin.clone(), acceptor.clone(), stopping.clone()));
    }
    let proxies = Proxies::new(config.trusted_proxies.clone(), &public_url);
    let door = Door { acceptor, media, relay, service: service(doors.clone()), proxies, origin };
    let listening = tokio::spawn(listen::listen(listener, door, stopping));
    Ok(Server { app, doors, address, public_url, stop, reload, listening, _lock: lock })
}

/// The data folder, for us alone: a second server would not hear of what the first one writes, and a restore would
/// pull the house from under it. The lock goes with the process, however it ends.
///
/// # Errors
/// `Misconfigured` when another process has it.
pub fn alone(data: &Path) -> Result<File> {
    let path = data.join("serving.lock");
    // What stands in it is somebody's who serves, as long as they do.
    let file = File::options().create(true).write(true).truncate(false).open(&path);
    let file = file.with_context(|| format!("cannot make {}", path.display()))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(std::fs::TryLockError::WouldBlock) => bail!(Misconfigured(format!(
            "another madang works with {}: stop it, or choose another folder with --data",
            data.display()
        ))),
        Err(std::fs::TryLockError::Error(error)) => {
            Err(error).with_context(|| format!("cannot lock {}", path.display()))
        }
    }
}

/// Writes down in the lock under which address the house is served, for what the command line prints.
fn note_address(lock: &mut File, public_url: &str) -> Result<()> {
    lock.set_len(0)?;
    lock.write_all(public_url.as_bytes()).context("cannot write into the data folder")
}

/// The address under which the house is served, or was the last time; none before the first.
#[must_use]
pub fn noted_address(data: &Path) -> Option<String> {
    let text = std::fs::read_to_string(data.join("serving.lock")).ok()?;
    Some(text).filter(|it| !it.is_empty())
}

impl Server {
    /// Looks at the certificate at once.
    pub fn reload(&self) {
        self.reload.notify_one();
    }

    /// Lets open requests end, says good-bye to devices, and closes the house.
    pub async fn stop(self) {
        self.doors.hub.say_goodbye();
        self.doors.slack.say_goodbye();
        self.app.interrupt_uploads();
        self.app.interrupt_exports();
        self.app.interrupt_recordings();
        // The listener may have ended already; then there is nobody to tell.
        let _ = self.stop.send(true);
        if let Err(error) = self.listening.await {
            tracing::error!(%error, "The listener ended badly");
        }
        self.app.close_calls().await;
        self.app.close().await;
    }
}

/// Gives the data folder back, with no trace that we were there.
pub fn leave(data: &Path, lock: File) {
    // Gone already is as good.
    let _ = std::fs::remove_file(data.join("serving.lock"));
    drop(lock);
}
