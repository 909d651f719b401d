//! What is kept: database, keys, files, the bus, the backup, the clock.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use madang_store::StoreError;
use madang_store::audit::{self, Verdict};
use madang_store::blob::Blobs;
use madang_store::db::{Db, Health, Place};
use madang_store::house;
use madang_store::seal::Keyring;
use tokio::runtime::Runtime;

use super::Report;
use crate::config::Config;

/// Below this the server refuses to write; twice as much is time to act.
const LITTLE: u64 = 2 << 30;
/// A backup older than this wants to be made anew.
const OLD_DAYS: i64 = 7;
/// Clocks this far apart give sessions and links wrong ends.
const APART_US: i64 = 60_000_000;

pub(super) fn look(config: &Config, runtime: &Runtime, report: &mut Report) {
    let (content, keys) = match crate::serve::databases(config) {
        Ok(both) => both,
        Err(error) => return report.look("database", format!("{error:#}: check --database-url")),
    };
    match Db::open(&content).and_then(|db| Ok((db.health()?, db))) {
        Ok((health, db)) => {
            report.add("database", database(&health, &content.place));
            report.add("clock", clock(&health, &db));
            report.add("set-up", set_up(&db));
            report.add("backup", backup(&db));
            report.add("audit", audit_log(&db));
        }
        Err(error) => report.look("database", format!("it cannot be used: {error}")),
    }
    disk(config, &content.place, report);
    report.add("keys", root_key(&config.data.join("root.key"), Db::open(&keys)));
    report.add(
        "files",
        runtime.block_on(files(config)).map_err(|error| format!("{error:#}: check --files-url")),
    );
    report.fine("bus", "inside this process: one server serves this house");
    report.fine("recordings", recordings(config));
}

/// Without ffmpeg recordings are whole as well, so nothing is wrong.
fn recordings(config: &Config) -> String {
    match &config.ffmpeg {
        Some(ffmpeg) => format!("one video is made of each recorded call by {}", ffmpeg.display()),
        None => "of a recorded call there are files of each track: install ffmpeg to have one video as well"
            .into(),
    }
}

fn database(health: &Health, place: &Place) -> Result<String, String> {
    let size = match place {
        Place::Sqlite(file) => {
            std::fs::metadata(file).map_or(String::new(), |meta| format!(", {}", size(meta.len())))
        }
        Place::Postgres { .. } => String::new(),
    };
    match health.damage.is_empty() {
        true => Ok(format!("{}{size}; its pages are whole and its schema is current", health.version)),
        false => Err(format!(
            "{} found damage ({}): stop the server, keep a copy of the data folder, and restore the newest backup into \
             a fresh one",
            health.version,
            health.damage.join("; ")
        )),
    }
}

fn clock(health: &Health, db: &Db) -> Result<String, String> {
    let now_us = madang_app::Clock.now_us();
    let epoch = db.read_blocking(|conn| house::fact(conn, house::EPOCH)).ok().flatten();
    if epoch.and_then(|text| text.parse::<i64>().ok()).is_some_and(|ms| now_us / 1_000 < ms) {
        return Err("it stands before the day on which this house began: set the clock (timedatectl)".into());
    }
    match health.now_us {
        Some(theirs) if (theirs - now_us).abs() > APART_US => Err(format!(
            "this machine and the database server are {} seconds apart: let both follow a time server",
            (theirs - now_us).abs() / 1_000_000
        )),
        _ => Ok("the time is plausible".into()),
    }
}

fn set_up(db: &Db) -> Result<String, String> {
    match db.read_blocking(house::workspaces) {
        Ok(all) => match all.first() {
            Some(workspace) => Ok(format!("the workspace is {}", workspace.name)),
            None => Err("nobody set the house up: open its address in a browser, or run madang setup".into()),
        },
        Err(error) => Err(error.to_string()),
    }
}

fn backup(db: &Db) -> Result<String, String> {
    let found =
        db.read_blocking(|conn| house::fact(conn, house::BACKED_UP)).map_err(|error| error.to_string())?;
    let Some(at_ms) = found.and_then(|text| text.parse::<i64>().ok()) else {
        return Err("there was never one: run madang backup FOLDER, every day".into());
    };
    let hours = (madang_app::Clock.now_us() / 1_000 - at_ms) / 3_600_000;
    match hours / 24 {
        days if days >= OLD_DAYS => {
            Err(format!("the newest is {days} days old: run madang backup FOLDER, every day"))
        }
        0 => Ok(format!("the newest is {hours} hours old")),
        days => Ok(format!("the newest is {days} days old")),
    }
}

fn audit_log(db: &Db) -> Result<String, String> {
    let house = db.read_blocking(house::workspaces).map_err(|error| error.to_string())?;
    let Some(house) = house.first().map(|it| it.id) else { return Ok("it begins with the set-up".into()) };
    let check =
        db.read_blocking(move |conn| audit::verify(conn, house, None)).map_err(|error| error.to_string())?;
    match check.verdict {
        Verdict::Whole => Ok(format!("{} entries, none is changed or missing", check.rows)),
        Verdict::Broken { seq } => Err(format!(
            "entry {seq} is not what was written: somebody changed the database by hand; keep a copy of it, and compare \
             with a backup (madang audit verify)"
        )),
        Verdict::CutOff { seq, head } => Err(format!(
            "the entries after {seq} are gone, there were {head}: somebody changed the database by hand; keep a copy of \
             it, and compare with a backup (madang audit verify)"
        )),
    }
}

fn disk(config: &Config, place: &Place, report: &mut Report) {
    let folder = match place {
        Place::Sqlite(file) => file.parent().unwrap_or(Path::new(".")),
        Place::Postgres { .. } => config.data.as_path(),
    };
    match madang_store::free_bytes(folder) {
        Some(free) if free < LITTLE => report.look(
            "disk",
            format!("{} free at {}: below 64 MB writing is refused; make room", size(free), folder.display()),
        ),
        Some(free) => report.fine("disk", format!("{} free at {}", size(free), folder.display())),
        None => report.fine("disk", "this file system does not tell how much is free"),
    }
}

fn root_key(file: &Path, keys: Result<Db, StoreError>) -> Result<String, String> {
    let meta = std::fs::metadata(file).map_err(|error| {
        format!("{} cannot be read ({error}): put the copy that you kept back", file.display())
    })?;
    let mode = meta.permissions().mode() & 0o777;
    if mode & 0o077 != 0 {
        return Err(format!("others can read {0} (its mode is {mode:o}): chmod 600 {0}", file.display()));
    }
    let opened = keys.and_then(|db| Keyring::open(db, file));
    let keyring = opened.map_err(|error| error.to_string())?;
    let erased = keyring.erasures().map_err(|error| error.to_string())?.len();
    let journal = match erased {
        0 => String::new(),
        count => format!("; {count} erasures are in erasures.jsonl, keep a copy of that too"),
    };
    Ok(format!("the root key opens the keyring; keep a copy of root.key apart from backups{journal}"))
}

/// Writes something, reads it, and takes it away again.
async fn files(config: &Config) -> anyhow::Result<String> {
    let spool = config.data.join("uploads");
    std::fs::create_dir_all(&spool)?;
    let place = crate::serve::files(config, &spool)?;
    let blobs = Blobs::open(&place)?;
    // Contents have their hash for a name, so this one must be nobody else's.
    let probe = format!("madang doctor {} {}", std::process::id(), madang_app::Clock.now_us());
    let name = blobs.put(probe.as_bytes()).await?;
    let read = blobs.read(&name).await;
    blobs.delete(&name).await?;
    anyhow::ensure!(read?[..] == *probe.as_bytes(), "what was written came back changed");
    Ok("a file could be written, read and removed".into())
}

/// `1.5 GB`, `12 MB`.
fn size(bytes: u64) -> String {
    match bytes {
        0..1_000_000 => format!("{} kB", bytes / 1_000),
        1_000_000..1_000_000_000 => format!("{} MB", bytes / 1_000_000),
        _ => format!("{}.{} GB", bytes / 1_000_000_000, bytes / 100_000_000 % 10),
    }
}
