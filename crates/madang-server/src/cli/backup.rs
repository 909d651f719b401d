//! `madang backup FOLDER` and `madang restore FOLDER`.
//!
//! A backup is a folder: `content/` and `keys/`, each one moment of a
//! database in the portable format, and `files/` with the contents that the
//! content names. The root key is not in it: without a copy of `root.key`
//! nobody reads what people wrote.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::Args;
use madang_store::blob::{BlobPlace, Blobs};
use madang_store::db::Db;
use madang_store::house;
use madang_store::seal::Keyring;

use crate::config::Config;

#[derive(Debug, Args)]
pub struct Backup {
    /// A folder that is empty or does not exist
    folder: PathBuf,
}

#[derive(Debug, Args)]
pub struct Restore {
    /// A folder that `madang backup` wrote
    folder: PathBuf,
    /// A copy of the root key; without it the one in the data folder is used
    #[arg(long, value_name = "FILE")]
    root_key: Option<PathBuf>,
}

/// Writes the backup, while another process may be serving.
pub fn backup(config: Config, given: &Backup) -> Result<()> {
    let folder = &given.folder;
    if folder.read_dir().is_ok_and(|mut entries| entries.next().is_some()) {
        bail!("{} is not empty: a backup gets a folder of its own", folder.display());
    }
    let (content, keys) = crate::serve::databases(&config)?;
    let (content, keys) = (Db::open(&content)?, Db::open(&keys)?);
    runtime()?.block_on(async {
        // Keys after content: every payload of the snapshot has its key in the later one.
        content.snapshot_to(&folder.join("content"), &["activity", "cursors"]).await?;
        keys.snapshot_to(&folder.join("keys"), &[]).await?;
        let (from, to) = (blobs(&config, &config.data.join("uploads"))?, blobs_in(folder)?);
        let count = copy(&from, &to).await?;
        super::print(&format!("{} holds everything but the root key; {count} files", folder.display()))
    })
}

/// Brings a backup into an empty house and begins a new epoch.
pub fn restore(config: Config, given: &Restore) -> Result<()> {
    let folder = &given.folder;
    for part in ["content", "keys"] {
        madang_store::db::snapshot::Manifest::read(&folder.join(part))
            .with_context(|| format!("{} is not a backup", folder.display()))?;
    }
    let kept_key = config.data.join("root.key");
    std::fs::create_dir_all(&config.data)?;
    match &given.root_key {
        Some(file) if !kept_key.exists() => {
            std::fs::copy(file, &kept_key).with_context(|| format!("cannot read {}", file.display()))?;
        }
        Some(_) => bail!("{} exists: restore into an empty data folder", kept_key.display()),
        None if !kept_key.exists() => {
            bail!("the root key is missing: give the copy you kept with --root-key FILE")
        }
        None => {}
    }
    let (content, keys) = crate::serve::databases(&config)?;
    let (content, keys) = (Db::open(&content)?, Db::open(&keys)?);
    runtime()?.block_on(async {
        content.load_from(&folder.join("content")).await.context("the house must be empty")?;
        keys.load_from(&folder.join("keys")).await.context("the keyring must be empty")?;
        // Proves that the root key is the right one, before anything is served.
        Keyring::open(keys, &kept_key)?;
        let epoch = new_epoch(&content).await?;
        let (from, to) = (blobs_in(folder)?, blobs(&config, &config.data.join("uploads"))?);
        let count = copy(&from, &to).await?;
        super::print(&format!(
            "restored, {count} files; the epoch is {epoch}, so devices start anew by themselves"
        ))
    })
}

/// Numbers given after the backup was made are never trusted again.
async fn new_epoch(content: &Db) -> Result<i64> {
    let now_ms = madang_app::Clock.now_us() / 1_000;
    let epoch = content
        .write(move |tx| -> Result<i64, madang_store::StoreError> {
            let old = house::fact(tx, house::EPOCH)?.and_then(|text| text.parse::<i64>().ok()).unwrap_or(0);
            let epoch = now_ms.max(old + 1);
            house::set_fact(tx, house::EPOCH, &epoch.to_string())?;
            Ok(epoch)
        })
        .await?;
    Ok(epoch)
}

fn blobs(config: &Config, spool: &Path) -> Result<Blobs> {
    std::fs::create_dir_all(spool)?;
    Ok(Blobs::open(&crate::serve::files(config, spool)?)?)
}

fn blobs_in(folder: &Path) -> Result<Blobs> {
    let files = folder.join("files");
    std::fs::create_dir_all(&files)?;
    let url = format!("file:{}", std::path::absolute(&files)?.display());
    Ok(Blobs::open(&BlobPlace::from_url(&url, folder)?)?)
}

async fn copy(from: &Blobs, to: &Blobs) -> Result<usize> {
    use futures_util::StreamExt;
    let names = from.names().await?;
    for (name, _) in &names {
        if to.exists(name).await? {
            continue;
        }
        let mut upload = to.begin().await?;
        let mut parts = Box::pin(from.open_range(name, None).await?);
        while let Some(part) = parts.next().await {
            upload.append(&part?).await?;
        }
        let (copied, _) = upload.finish().await?;
        if copied != *name {
            bail!("the file {name} is damaged: its content is not what its name says");
        }
    }
    Ok(names.len())
}

fn runtime() -> Result<tokio::runtime::Runtime> {
    Ok(tokio::runtime::Builder::new_multi_thread().enable_all().build()?)
}
