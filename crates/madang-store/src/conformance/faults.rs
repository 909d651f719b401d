//! Full disks, failing disks, killed processes and servers that go away: what was acknowledged is there.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Barrier;
use std::time::{Duration, Instant};

use super::House;
use super::house::{HEAD, append, count};
use crate::db::{Db, DbConfig, Place};
use crate::error::StoreError;
use crate::{sql, values};

sql! {
    const BULKY = "INSERT INTO notes (space, seq, text, body) VALUES (1, $1, 'bulky', $2)";
    const INTEGRITY = "PRAGMA integrity_check";
    const SYNCHRONOUS = "PRAGMA synchronous";
    const JOURNAL = "PRAGMA journal_mode";
    const BOTH = "UPDATE spaces SET head = head + 1 WHERE id = $1";
}

/// A small disk of its own; needs root.
struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    fn mount(size: &str) -> Option<SmallDisk> {
        let directory = tempfile::tempdir().unwrap();
        let options = format!("size={size}");
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &options, "madang-test"])
            .arg(directory.path())
            .stderr(Stdio::null())
            .status();
        if mounted.is_ok_and(|status| status.success()) {
            return Some(SmallDisk(directory));
        }
        eprintln!("mounting a small disk is not allowed here: the full disk was not tried");
        None
    }

    fn open(&self, reserve: u64) -> Db {
        let mut config = DbConfig::sqlite(self.0.path().join("test.db"));
        config.migrations = super::house::SCHEMA;
        config.disk_reserve = reserve;
        let db = Db::open(&config).unwrap();
        db.write_blocking(|tx| tx.exec(super::house::OPEN_SPACE, values![1])).unwrap();
        db
    }

    /// Takes all but about `leave` bytes.
    fn fill(&self, leave: u64) -> PathBuf {
        let file = self.0.path().join("filler");
        let stat = rustix::fs::statvfs(self.0.path()).unwrap();
        let free = stat.f_bavail * stat.f_frsize;
        std::fs::write(&file, vec![1; free.saturating_sub(leave) as usize]).unwrap();
        file
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.0.path()).status();
    }
}

fn bulky(db: &Db, seq: i64) -> Result<u64, StoreError> {
    db.write_blocking(move |tx| tx.exec(BULKY, values![seq, vec![7; 50_000]]))
}

fn is_sound(db: &Db) {
    let row = db.read_blocking(|conn| conn.row(INTEGRITY, values![])).unwrap().unwrap();
    assert_eq!(row.get::<String>(0).unwrap(), "ok");
}

#[test]
fn a_nearly_full_disk_refuses_early_and_resumes_by_itself() {
    let Some(disk) = SmallDisk::mount("16m") else { return };
    let db = disk.open(4 << 20);
    bulky(&db, 1).unwrap();
    let filler = disk.fill(2 << 20);
    let deadline = Instant::now() + Duration::from_secs(5);
    let mut seq = 2;
    // The free space is looked at a few times a second.
    while bulky(&db, seq) != Err(StoreError::DiskFull) {
        seq += 1;
        assert!(Instant::now() < deadline, "writes go on below the reserve");
        std::thread::yield_now();
    }
    assert_eq!(count(&db), seq - 1, "reads keep working");
    std::fs::remove_file(filler).unwrap();
    bulky(&db, seq).unwrap();
    is_sound(&db);
}

#[test]
fn a_full_disk_loses_nothing_that_was_acknowledged() {
    let Some(disk) = SmallDisk::mount("16m") else { return };
    let db = disk.open(0);
    let filler = disk.fill(3 << 20);
    let mut acknowledged = 0;
    let refusal = loop {
        match bulky(&db, acknowledged + 1) {
            Ok(_) => acknowledged += 1,
            Err(error) => break error,
        }
    };
    assert_eq!(refusal, StoreError::DiskFull);
    assert!(acknowledged > 0);
    assert_eq!(bulky(&db, acknowledged + 1), Err(StoreError::DiskFull), "still full");
    assert_eq!(count(&db), acknowledged, "reads keep working, and nothing half is there");
    std::fs::remove_file(filler).unwrap();
    bulky(&db, acknowledged + 1).unwrap();
    is_sound(&db);
    drop(db);
    let mut config = DbConfig::sqlite(disk.0.path().join("test.db"));
    config.migrations = super::house::SCHEMA;
    assert_eq!(count(&Db::open(&config).unwrap()), acknowledged + 1);
}

/// In a child process: appends for ever and says each acknowledged seq.
fn write_for_ever(directory: &Path) -> ! {
    let db = open_at(directory);
    let mut out = std::io::stdout();
    loop {
        let seq = db.write_blocking(|tx| append(tx, &"x".repeat(500))).unwrap();
        writeln!(out, "acknowledged {seq}").unwrap();
    }
}

fn open_at(directory: &Path) -> Db {
    let mut config = DbConfig::sqlite(directory.join("test.db"));
    config.migrations = super::house::SCHEMA;
    Db::open(&config).unwrap()
}

const CHILD: &str = "MADANG_TEST_CHILD";

/// Runs this test again as a process of its own, after `prepare` in the shell.
fn child(test: &str, prepare: &str, directory: &Path) -> Child {
    Command::new("sh")
        .args(["-c", &format!("{prepare}; exec \"$@\""), "sh"])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", &format!("conformance::faults::{test}"), "--nocapture"])
        .env(CHILD, directory)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// The acknowledgements in the child's output, up to `most`.
fn acknowledged(child: &mut Child, most: usize) -> i64 {
    let lines = BufReader::new(child.stdout.as_mut().unwrap()).lines().map_while(Result::ok);
    lines
        .filter_map(|line| line.rsplit_once("acknowledged ").and_then(|(_, seq)| seq.parse().ok()))
        .take(most)
        .last()
        .unwrap_or(0)
}

fn has_everything(directory: &Path, acknowledged: i64) {
    let db = open_at(directory);
    let head: i64 = db.read_blocking(|conn| conn.row(HEAD, values![1])?.expect("a space").get(0)).unwrap();
    assert!(head >= acknowledged, "{acknowledged} was acknowledged, {head} is there");
    assert_eq!(count(&db), head, "no gap and nothing half");
    is_sound(&db);
}

fn with_space() -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    open_at(directory.path()).write_blocking(|tx| tx.exec(super::house::OPEN_SPACE, values![1])).unwrap();
    directory
}

#[test]
fn what_was_acknowledged_survives_a_kill() {
    if let Some(directory) = std::env::var_os(CHILD) {
        write_for_ever(Path::new(&directory));
    }
    let directory = with_space();
    for cycle in 1..=5 {
        let mut child = child("what_was_acknowledged_survives_a_kill", "true", directory.path());
        let seq = acknowledged(&mut child, 40 * cycle);
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(seq > 0);
        has_everything(directory.path(), seq);
    }
}

#[test]
fn a_disk_that_fails_ends_the_process_and_loses_nothing_acknowledged() {
    if let Some(directory) = std::env::var_os(CHILD) {
        write_for_ever(Path::new(&directory));
    }
    let directory = with_space();
    // Files that may not grow beyond a limit make writing fail with an error that is not "disk full".
    let prepare = "trap '' XFSZ; ulimit -f 600";
    let name = "a_disk_that_fails_ends_the_process_and_loses_nothing_acknowledged";
    let mut child = child(name, prepare, directory.path());
    let seq = acknowledged(&mut child, usize::MAX);
    assert_eq!(child.wait().unwrap().code(), Some(70));
    assert!(seq > 0);
    has_everything(directory.path(), seq);
}

#[test]
fn the_writer_syncs_every_commit_and_keeps_a_log() {
    let house = House::sqlite();
    let db = house.open();
    let settings = db
        .write_blocking(|tx| {
            Ok::<_, StoreError>((tx.row(SYNCHRONOUS, values![])?, tx.row(JOURNAL, values![])?))
        })
        .unwrap();
    assert_eq!(settings.0.unwrap().get::<i64>(0).unwrap(), 2, "FULL");
    assert_eq!(settings.1.unwrap().get::<String>(0).unwrap(), "wal");
}

#[test]
fn the_log_is_folded_into_the_file_while_writing_and_gone_after_closing() {
    let house = House::sqlite();
    let Place::Sqlite(file) = &house.config.place else { panic!("a SQLite house") };
    let db = house.open_with_space();
    let size = || std::fs::metadata(file).unwrap().len();
    let (before, deadline) = (size(), Instant::now() + Duration::from_secs(30));
    let mut seq = 0;
    while size() < before + (8 << 20) {
        seq += 1;
        bulky(&db, seq).unwrap();
        assert!(Instant::now() < deadline, "no checkpoint came");
    }
    drop(db);
    let log = file.with_extension("db-wal");
    assert!(std::fs::metadata(&log).is_err(), "the log is gone after a clean end");
    assert_eq!(count(&house.open()), seq);
}

/// As somebody else on the same server.
fn admin(house: &House) -> Option<(postgres::Client, String)> {
    let Place::Postgres { url, .. } = &house.config.place else { return None };
    Some((postgres::Client::connect(url, postgres::NoTls).unwrap(), url.clone()))
}

#[test]
fn cut_connections_to_postgres_lose_nothing_and_heal() {
    let Some(mut house) = House::postgres() else { return };
    let (mut admin, url) = admin(&house).unwrap();
    let name = format!("cut_{}", std::process::id());
    house.config.place = match house.config.place.clone() {
        Place::Postgres { schema, .. } => {
            Place::Postgres { url: format!("{url}?application_name={name}"), schema }
        }
        other => other,
    };
    let db = house.open_with_space();
    let (mut kept, mut unknown) = (0, 0);
    for n in 0..60 {
        std::thread::scope(|scope| {
            if n % 4 == 0 {
                // In the middle of a write, or before or after it.
                scope.spawn(|| {
                    let cut =
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1";
                    admin.query(cut, &[&name]).unwrap();
                });
            }
            match db.write_blocking(|tx| append(tx, "x")) {
                Ok(_) => kept += 1,
                Err(StoreError::Uncertain(_)) => unknown += 1,
                Err(other) => panic!("{other}"),
            }
        });
    }
    db.write_blocking(|tx| append(tx, "healed")).unwrap();
    let there = count(&db) - 1;
    assert!(kept <= there && there <= kept + unknown, "{kept} kept, {unknown} unknown, {there} there");
}

#[test]
fn two_writes_that_block_each_other_on_postgres_both_succeed() {
    let Some(house) = House::postgres() else { return };
    let db = house.open_with_space();
    db.write_blocking(|tx| tx.exec(super::house::OPEN_SPACE, values![2])).unwrap();
    let barrier = std::sync::Arc::new(Barrier::new(2));
    let writers = [(1, 2), (2, 1)].map(|(first, second)| {
        let (db, barrier) = (db.clone(), barrier.clone());
        std::thread::spawn(move || {
            let mut tries = 0;
            db.write_blocking(move |tx| {
                tries += 1;
                tx.exec(BOTH, values![first])?;
                if tries == 1 {
                    barrier.wait();
                }
                tx.exec(BOTH, values![second])
            })
        })
    });
    for writer in writers {
        assert_eq!(writer.join().unwrap(), Ok(1));
    }
    let head: i64 = db.read_blocking(|conn| conn.row(HEAD, values![1])?.expect("a space").get(0)).unwrap();
    assert_eq!(head, 2);
}
