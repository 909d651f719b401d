//! `madang backup FOLDER`, `madang restore FOLDER` and `madang erasures`.
//!
//! A backup is a folder: `content/` and `keys/`, each one moment of a
//! database in the portable format, `files/` with the contents that the
//! content names, and `erasures.jsonl`. The root key is not in it: without a
//! copy of `root.key` nobody reads what people wrote. Why the journal of
//! erasures goes its own way: docs/decisions/0009.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use clap::Args;
use madang_model::audit::{Act, Object};
use madang_store::StoreError;
use madang_store::audit::{self, NewEntry};
use madang_store::blob::{BlobPlace, Blobs};
use madang_store::db::{Db, DbConfig};
use madang_store::house;
use madang_store::seal::journal::{self, JOURNAL};
use madang_store::seal::{self, Erasure, Keyring};

use crate::config::{Config, Misconfigured};

/// For how long the house keeps contents after it was asked to.
const KEPT: Duration = Duration::from_secs(600);
/// It is asked again this often while they are copied.
const ASK: Duration = Duration::from_secs(60);

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
    /// A newer erasures.jsonl, from `madang erasures`, from the old data folder or from a newer backup; repeated for
    /// several. One in the data folder is used by itself
    #[arg(long, value_name = "FILE")]
    erasures: Vec<PathBuf>,
}

/// Writes the backup, while another process may be serving.
pub fn backup(config: Config, given: &Backup) -> Result<()> {
    crate::serve::must_exist(&config)?;
    let folder = &given.folder;
    if folder.read_dir().is_ok_and(|mut entries| entries.next().is_some()) {
        let folder = folder.display();
        bail!(Misconfigured(format!("{folder} is not empty: a backup gets a folder of its own")));
    }
    let (content, keys) = crate::serve::databases(&config)?;
    let (content, keys) = (Db::open(&content)?, Db::open(&keys)?);
    let erasures = Keyring::open(keys.clone(), &config.data.join("root.key"))?.erasures()?;
    runtime()?.block_on(async {
        // From here on the house keeps the contents that the snapshot will name.
        keep_contents(&content).await?;
        // Keys after content: every payload of the snapshot has its key in the later one.
        content.snapshot_to(&folder.join("content"), &["activity", "cursors", "previews"]).await?;
        keys.snapshot_to(&folder.join("keys"), &[]).await?;
        journal::append(&folder.join(JOURNAL), &erasures)?;
        let (from, to) = (blobs(&config, &config.data.join("uploads"))?, blobs_in(folder)?);
        let count = copy(&from, &to, Some(&content)).await?;
        let now_ms = madang_app::Clock.now_us() / 1_000;
        content.write(move |tx| house::set_fact(tx, house::BACKED_UP, &now_ms.to_string())).await?;
        super::print(&format!("{} holds everything but the root key; {count} files", folder.display()))
    })
}

/// Prints the journal of erasures, to be kept apart from backups. It holds ids and days, nothing that anybody wrote.
pub fn erasures(config: Config) -> Result<()> {
    crate::serve::must_exist(&config)?;
    let (_, keys) = crate::serve::databases(&config)?;
    let keyring = Keyring::open(Db::open(&keys)?, &config.data.join("root.key"))?;
    for erasure in keyring.erasures()? {
        super::print(&serde_json::to_string(&erasure)?)?;
    }
    Ok(())
}

/// Brings a backup into an empty house and begins a new epoch. Rehearses in a
/// folder aside first, so that a damaged backup or a wrong key changes nothing.
pub fn restore(config: Config, given: &Restore) -> Result<()> {
    let folder = &given.folder;
    let kept_key = config.data.join("root.key");
    let root_key = match &given.root_key {
        Some(_) if kept_key.exists() => {
            let key = kept_key.display();
            bail!(Misconfigured(format!(
                "{key} exists: restore into an empty data folder, or leave --root-key out"
            )))
        }
        Some(file) => file,
        None if kept_key.exists() => &kept_key,
        None => {
            bail!(Misconfigured(
                "the root key is missing: give the copy you kept with --root-key FILE".into()
            ))
        }
    };
    let erasures = erasures_since(&config.data, given)?;
    std::fs::create_dir_all(&config.data)?;
    // Held to the end: nobody serves a house that is half there.
    let lock = crate::serve::alone(&config.data)?;
    let runtime = runtime()?;
    if let Err(error) = runtime.block_on(rehearse(folder, root_key, &config.data)) {
        crate::serve::leave(&config.data, lock);
        return Err(error);
    }
    if root_key != &kept_key {
        keep_key(root_key, &kept_key)?;
    }
    let (content, keys) = crate::serve::databases(&config)?;
    let (content, keys) = (Db::open(&content)?, Db::open(&keys)?);
    runtime.block_on(async {
        // Files first: a house whose rows are there has its files too.
        let (from, to) = (blobs_in(folder)?, blobs(&config, &config.data.join("uploads"))?);
        let count = copy(&from, &to, None).await?;
        let load = keys.load_and(&folder.join("keys"), move |tx| seal::replay(tx, &erasures));
        let (_, erased) = load.await.context("the keyring must be empty")?;
        let again = erased.len();
        let load = content.load_and(&folder.join("content"), move |tx| begin_anew(tx, &erased));
        let (_, epoch) = load.await.context("the house must be empty")?;
        // Brings the journal beside the root key up to date too.
        Keyring::open(keys, &kept_key)?;
        super::print(&format!(
            "restored, {count} files, {again} erasures; the epoch is {epoch}, so devices start anew by themselves"
        ))
    })
}

/// What was erased, as far as this machine and the person at it know.
fn erasures_since(data: &Path, given: &Restore) -> Result<Vec<Erasure>> {
    let mut all = journal::read(&data.join(JOURNAL))?;
    for file in &given.erasures {
        if !file.exists() {
            bail!(Misconfigured(format!("--erasures {} does not exist", file.display())));
        }
        all.extend(journal::read(file)?);
    }
    all.extend(journal::read(&given.folder.join(JOURNAL))?);
    Ok(all)
}

/// In the transaction that brings the rows back: takes out what was erased since, and begins a new epoch, because
/// numbers given after the backup was made are never trusted again.
fn begin_anew(tx: &mut madang_store::db::Tx, erased: &[Erasure]) -> Result<i64, StoreError> {
    let ids = madang_app::IdMaker::new((std::process::id() & 0x3ff) as u16);
    madang_app::erase_again(tx, &ids, erased)?;
    let now_ms = madang_app::Clock.now_us() / 1_000;
    let old = house::fact(tx, house::EPOCH)?.and_then(|text| text.parse::<i64>().ok()).unwrap_or(0);
    let epoch = now_ms.max(old + 1);
    house::set_fact(tx, house::EPOCH, &epoch.to_string())?;
    if let Some(workspace) = house::workspaces(tx)?.first().map(|it| it.id) {
        let entry = NewEntry {
            at_us: now_ms * 1_000,
            actor: None,
            act: Act::HouseRestored,
            object: Object::Nothing,
            said: serde_json::json!({"way": "command_line", "epoch": epoch}).to_string(),
        };
        audit::append(tx, workspace, &entry)?;
    }
    Ok(epoch)
}

/// Reads the whole backup into a house aside and opens its keyring with the
/// root key; nothing of it stays.
async fn rehearse(folder: &Path, root_key: &Path, data: &Path) -> Result<()> {
    let aside = tempfile::tempdir_in(data)?;
    let content = Db::open(&DbConfig::sqlite(aside.path().join("madang.db")))?;
    let mut keys = DbConfig::sqlite(aside.path().join("keys.db"));
    keys.migrations = madang_store::db::KEYS;
    let keys = Db::open(&keys)?;
    let unusable = || format!("{} is not a whole backup", folder.display());
    content.load_from(&folder.join("content")).await.with_context(unusable)?;
    keys.load_from(&folder.join("keys")).await.with_context(unusable)?;
    let key = aside.path().join("root.key");
    keep_key(root_key, &key)?;
    Keyring::open(keys, &key)?;
    let files = blobs_in(folder)?;
    for (name, _) in files.names().await? {
        files.verify(&name).await?;
    }
    Ok(())
}

/// Copies the root key so that only its owner reads it and a power cut cannot take it.
fn keep_key(from: &Path, to: &Path) -> Result<()> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    let key = std::fs::read(from).with_context(|| format!("cannot read {}", from.display()))?;
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(to)?;
    file.write_all(&key)?;
    file.sync_all()?;
    let folder = to.parent().context("the key is in a folder")?;
    Ok(std::fs::File::open(folder)?.sync_all()?)
}

fn blobs(config: &Config, spool: &Path) -> Result<Blobs> {
    std::fs::create_dir_all(spool)?;
    Ok(Blobs::open(&crate::serve::files(config, spool)?)?)
}

fn blobs_in(folder: &Path) -> Result<Blobs> {
    Ok(Blobs::open(&BlobPlace::Folder(folder.join("files")))?)
}

/// Tells the house that serves to clear no contents away for a while.
async fn keep_contents(content: &Db) -> Result<()> {
    let until_ms = madang_app::Clock.now_us() / 1_000 + KEPT.as_millis() as i64;
    Ok(content.write(move |tx| house::set_fact(tx, house::BACKING_UP, &until_ms.to_string())).await?)
}

/// Copies all contents; `kept` is the house that has to keep them meanwhile.
async fn copy(from: &Blobs, to: &Blobs, kept: Option<&Db>) -> Result<usize> {
    use futures_util::StreamExt;
    let names = from.names().await?;
    let mut asked = Instant::now();
    for (name, _) in &names {
        if to.exists(name).await? {
            continue;
        }
        let mut upload = to.begin().await?;
        let parts = match from.open_range(name, None).await {
            // Removed before the snapshot and cleared away since the names were listed: no row of it needs it.
            Err(StoreError::NoSuchBlob(_)) => continue,
            opened => opened?,
        };
        let mut parts = Box::pin(parts);
        while let Some(part) = parts.next().await {
            upload.append(&part?).await?;
            if let Some(house) = kept.filter(|_| asked.elapsed() > ASK) {
                keep_contents(house).await?;
                asked = Instant::now();
            }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Options;

    fn config(folder: &Path) -> Config {
        let options = Options { data: Some(folder.to_path_buf()), ..Options::default() };
        options.settle(None).expect("it settles")
    }

    /// A house with one content in its file store.
    fn house(folder: &Path) -> madang_store::blob::BlobName {
        let config = config(folder);
        drop(crate::serve::open(&config, "http://localhost".into()).expect("a house"));
        let files = blobs(&config, &folder.join("uploads")).expect("its files");
        runtime().expect("a runtime").block_on(files.put("사진".as_bytes())).expect("kept")
    }

    #[test]
    fn a_backup_brings_the_files_back_too() {
        let place = tempfile::tempdir().expect("a folder");
        let (old, new, kept) =
            (place.path().join("old"), place.path().join("new"), place.path().join("kept"));
        let name = house(&old);
        backup(config(&old), &Backup { folder: kept.clone() }).expect("written");
        restore(
            config(&new),
            &Restore { folder: kept, root_key: Some(old.join("root.key")), erasures: vec![] },
        )
        .expect("restored");
        let files = blobs(&config(&new), &new.join("uploads")).expect("its files");
        let read = runtime().expect("a runtime").block_on(files.read(&name)).expect("it is there");
        assert_eq!(&read[..], "사진".as_bytes());
        assert!(new.join("files").is_dir(), "contents lie in the data folder");
    }

    #[test]
    fn a_wrong_root_key_changes_nothing_and_the_right_one_still_works() {
        let place = tempfile::tempdir().expect("a folder");
        let at = |name: &str| place.path().join(name);
        house(&at("old"));
        house(&at("other"));
        backup(config(&at("old")), &Backup { folder: at("kept") }).expect("written");
        let with = |key: &str| Restore {
            folder: at("kept"),
            root_key: Some(at(key).join("root.key")),
            erasures: vec![],
        };
        assert!(restore(config(&at("new")), &with("other")).is_err());
        assert_eq!(std::fs::read_dir(at("new")).expect("a folder").count(), 0, "nothing is left behind");
        restore(config(&at("new")), &with("old")).expect("restored");
    }

    #[test]
    fn a_house_that_is_served_is_not_restored_into() {
        let place = tempfile::tempdir().expect("a folder");
        let at = |name: &str| place.path().join(name);
        house(&at("old"));
        backup(config(&at("old")), &Backup { folder: at("kept") }).expect("written");
        std::fs::create_dir(at("new")).expect("made");
        let _served = crate::serve::alone(&at("new")).expect("nobody else");
        let key = Some(at("old").join("root.key"));
        let given = Restore { folder: at("kept"), root_key: key, erasures: vec![] };
        let refused = restore(config(&at("new")), &given).expect_err("it is served");
        assert!(refused.is::<Misconfigured>() && refused.to_string().contains("stop it"), "{refused:#}");
    }

    #[test]
    fn what_was_erased_after_the_backup_stays_erased() {
        let place = tempfile::tempdir().expect("a folder");
        let at = |name: &str| place.path().join(name);
        house(&at("old"));
        let here = seal::Place { workspace: 1, space: 7, seq: 1, at_us: 5 };
        let keyring = |name: &str| {
            let (_, keys) = crate::serve::databases(&config(&at(name))).expect("its databases");
            Keyring::open(Db::open(&keys).expect("opened"), &at(name).join("root.key")).expect("its keys")
        };
        let sealed = keyring("old").seal(here, "비밀".as_bytes()).expect("sealed");
        backup(config(&at("old")), &Backup { folder: at("kept") }).expect("written");
        keyring("old").drop_keys(7, 9).expect("erased");
        let key = || Some(at("old").join("root.key"));
        // Without the journal an old backup would bring it back; that is why the journal is kept apart.
        let bare = Restore { folder: at("kept"), root_key: key(), erasures: vec![] };
        restore(config(&at("bare")), &bare).expect("restored");
        assert_eq!(keyring("bare").unseal(here, &sealed).expect("readable"), "비밀".as_bytes());
        let told = Restore { folder: at("kept"), root_key: key(), erasures: vec![at("old").join(JOURNAL)] };
        restore(config(&at("told")), &told).expect("restored");
        assert_eq!(keyring("told").unseal(here, &sealed), Err(StoreError::Erased));
        // A data folder whose databases are gone and whose journal is not tells it by itself.
        for name in ["root.key", JOURNAL] {
            std::fs::create_dir_all(at("here")).expect("made");
            std::fs::copy(at("old").join(name), at("here").join(name)).expect("copied");
        }
        restore(config(&at("here")), &Restore { folder: at("kept"), root_key: None, erasures: vec![] })
            .expect("restored");
        assert_eq!(keyring("here").unseal(here, &sealed), Err(StoreError::Erased));
    }

    #[test]
    fn a_mistyped_data_folder_is_noticed_and_not_furnished() {
        let place = tempfile::tempdir().expect("a folder");
        let nowhere = place.path().join("nowhere");
        let refused = backup(config(&nowhere), &Backup { folder: place.path().join("kept") });
        assert!(format!("{:#}", refused.expect_err("no house")).contains("--data"));
        assert!(!nowhere.exists());
    }
}
