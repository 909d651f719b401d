//! The house at work: one value that every door is given.

use std::sync::Arc;

use madang_model::permission::{HouseRight, may_in_house};
use madang_model::{PersonId, WorkspaceId};
use madang_store::blob::Blobs;
use madang_store::bus::Bus;
use madang_store::db::Db;
use madang_store::house::{self, WorkspaceRecord};
use madang_store::log;
use madang_store::seal::{Keyring, OwnSeal};
use madang_store::search as index;

use crate::attempts::Attempts;
use crate::calls::Calls;
use crate::clock::{Clock, IdMaker};
use crate::error::Result;
use crate::mail::Mailer;
use crate::outgoing::Outgoing;
use crate::previews::Lookout;
use crate::push::{Sights, Vapid};
use crate::session::SessionCache;
use crate::translate::{Translator, Turns as TranslationTurns};

/// What an administrator chooses.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where people find the house, without a slash at the end.
    pub public_url: String,
    /// The largest upload in bytes.
    pub upload_limit: i64,
    /// Bytes that all unfinished uploads of one person may come to.
    pub unfinished_limit: i64,
    /// Where unfinished uploads lie.
    pub uploads: std::path::PathBuf,
    /// Where exports of the house lie until they are taken; nobody else on the machine is to look into it.
    pub exports: std::path::PathBuf,
    /// Where calls are written down until their files are in their spaces.
    pub recordings: std::path::PathBuf,
    /// The program that makes one film of a recording; without one its files are all there is.
    pub ffmpeg: Option<std::path::PathBuf>,
    /// Networks of one's own that may be asked by the guarded client all the same.
    pub outgoing_allowed: Vec<ipnet::IpNet>,
    /// Whom a push service may write to: `mailto:` or `https:`.
    pub contact: String,
    /// How long somebody is away before they are told by mail of what waits for them; zero for never.
    pub digest_after: std::time::Duration,
    /// Where answers by mail come in, if they do: `reply@example.com` stands for `reply+SECRET@example.com`.
    pub reply_address: Option<String>,
    /// The service that translates messages; without one nothing is translated.
    pub translator: Option<Translator>,
    /// The program that reads files (`PROGRAM read-text`); without one, files are found by their names only.
    pub reader: Option<std::path::PathBuf>,
}

/// Everything the house works with. Shared by all doors and followers.
pub struct App {
    pub db: Db,
    /// The search index, which can be made anew at any time.
    pub search: Db,
    pub keyring: Keyring,
    pub blobs: Blobs,
    pub bus: Bus,
    pub clock: Clock,
    pub ids: IdMaker,
    pub mailer: Mailer,
    pub config: Config,
    /// The guarded client.
    pub outgoing: Outgoing,
    pub(crate) vapid: Vapid,
    pub(crate) lookout: Lookout,
    /// Seals the links of guests of meetings.
    pub(crate) guest_links: OwnSeal,
    /// Seals what the house keeps of its desks.
    pub(crate) desk_seal: OwnSeal,
    /// Seals the secrets of apps.
    pub(crate) app_seal: OwnSeal,
    pub(crate) sights: Sights,
    pub(crate) connected: crate::desks::Connected,
    pub(crate) sessions: SessionCache,
    pub(crate) attempts: Attempts,
    pub(crate) turns: crate::files::Turns,
    pub(crate) contents: crate::files::Held,
    pub(crate) darkroom: crate::files::Darkroom,
    pub(crate) translations: TranslationTurns,
    pub(crate) calls: Calls,
    /// Imports that run.
    pub(crate) underway: crate::import::Underway,
    /// The export that is written.
    pub(crate) writing: crate::export::Writing,
    /// Recordings on their way into their spaces.
    pub(crate) recordings: crate::recordings::Shelf,
    /// Wakes the worker.
    pub(crate) new_jobs: tokio::sync::Notify,
    /// Wakes whoever watches the clock.
    pub(crate) new_due: tokio::sync::Notify,
    /// Wakes whoever asks agents.
    pub(crate) new_tickets: tokio::sync::Notify,
    /// Wakes whoever tells addresses outside.
    pub(crate) new_tellings: tokio::sync::Notify,
    /// Wakes whoever tells apps.
    pub(crate) new_app_deliveries: tokio::sync::Notify,
    /// Wakes whoever tells devices.
    pub(crate) new_pushes: tokio::sync::Notify,
    /// Wakes whoever reads files.
    pub(crate) new_texts: tokio::sync::Notify,
    epoch: i64,
    /// When this process began, in microseconds.
    pub(crate) began_us: i64,
}

impl App {
    /// Takes over an opened store. Begins the first epoch if there is none.
    ///
    /// # Errors
    /// What the store said.
    pub fn new(
        db: Db,
        search: Db,
        keyring: Keyring,
        blobs: Blobs,
        mailer: Mailer,
        config: Config,
    ) -> Result<Arc<App>> {
        let bus = Bus::in_process();
        let sink = bus.clone();
        db.set_commit_sink(Box::new(move |batch| sink.publish(batch)));
        let began_us = Clock.now_us();
        let epoch = epoch(&db, began_us / 1_000)?;
        begin_index(&search, epoch)?;
        let ids = IdMaker::new((std::process::id() & 0x3ff) as u16);
        let vapid = Vapid::open(&db, &keyring, config.contact.clone())?;
        vapid.set_contact(&db.read_blocking(house::settings)?.push_contact);
        let mailer = mailer.allowing(config.outgoing_allowed.clone());
        mailer.take_kept(&db, &keyring)?;
        let lookout = Lookout::open(&db, &keyring)?;
        let guest_links = OwnSeal::open(&db, &keyring, house::MEETING_KEY)?;
        let desk_seal = OwnSeal::open(&db, &keyring, house::DESK_KEY)?;
        let app_seal = OwnSeal::open(&db, &keyring, house::APP_KEY)?;
        let outgoing = Outgoing::new(config.outgoing_allowed.clone());
        Ok(Arc::new(App {
            outgoing,
            vapid,
            lookout,
            guest_links,
            desk_seal,
            app_seal,
            sights: Sights::default(),
            connected: crate::desks::Connected::default(),
            db,
            search,
            keyring,
            blobs,
            bus,
            clock: Clock,
            ids,
            mailer,
            config,
            sessions: SessionCache::default(),
            attempts: Attempts::default(),
            turns: crate::files::Turns::default(),
            contents: crate::files::Held::default(),
            darkroom: crate::files::Darkroom::default(),
            translations: TranslationTurns::default(),
            calls: Calls::default(),
            underway: crate::import::Underway::default(),
            writing: crate::export::Writing::default(),
            recordings: crate::recordings::Shelf::default(),
            new_jobs: tokio::sync::Notify::new(),
            new_due: tokio::sync::Notify::new(),
            new_tickets: tokio::sync::Notify::new(),
            new_tellings: tokio::sync::Notify::new(),
            new_app_deliveries: tokio::sync::Notify::new(),
            new_pushes: tokio::sync::Notify::new(),
            new_texts: tokio::sync::Notify::new(),
            epoch,
            began_us,
        }))
    }

    /// The epoch of every position this house gives.
    pub fn epoch(&self) -> i64 {
        self.epoch
    }

    /// The workspace of this house, once it is set up.
    ///
    /// # Errors
    /// What the store said.
    pub async fn workspace(&self) -> Result<Option<WorkspaceRecord>> {
        self.db.read(|conn| Ok(house::workspaces(conn)?.into_iter().next())).await
    }

    /// As `workspace`, refusing when the house is not set up.
    ///
    /// # Errors
    /// `NotSetUp`, or what the store said.
    pub async fn workspace_id(&self) -> Result<WorkspaceId> {
        Ok(self.workspace().await?.ok_or(madang_model::Refusal::NotSetUp)?.id)
    }

    /// Asks for a right in the house.
    ///
    /// # Errors
    /// A refusal, or what the store said.
    pub async fn asks_house(&self, person: PersonId, right: HouseRight) -> Result<()> {
        let workspace = self.workspace_id().await?;
        self.db
            .read(move |conn| Ok(may_in_house(log::standing_in_house(conn, workspace, person)?, right)?))
            .await
    }

    /// Leaves everything in order before the process ends.
    pub async fn close(self: &Arc<Self>) {
        let app = self.clone();
        let folded = tokio::task::spawn_blocking(move || app.db.fold_log()).await;
        if let Err(error) = folded {
            tracing::warn!(%error, "The write-ahead log was not folded; the next start does it");
        }
    }
}

/// The epoch that is kept, or the first one. Written only when it is new: a house starts on a full disk too.
fn epoch(db: &Db, now_ms: i64) -> Result<i64> {
    let kept = db.read_blocking(|conn| house::fact(conn, house::EPOCH))?;
    if let Some(epoch) = kept.and_then(|text| text.parse().ok()) {
        return Ok(epoch);
    }
    let first = db.write_blocking(move |tx| house::fact_or(tx, house::EPOCH, &now_ms.to_string()))?;
    Ok(first.parse().unwrap_or(now_ms))
}

/// An index of another house or epoch tells of events that are not there: it is begun again.
fn begin_index(search: &Db, epoch: i64) -> Result<()> {
    let house = epoch.to_string();
    if search.read_blocking(index::made_from)?.as_deref() == Some(&house) {
        return Ok(());
    }
    search.write_blocking(move |tx| -> Result<()> {
        index::clear(tx)?;
        Ok(index::set_made_from(tx, &house)?)
    })
}
