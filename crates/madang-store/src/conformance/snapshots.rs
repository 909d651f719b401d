//! Backup under load, and restore into either engine.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use super::House;
use super::house::{append, count};
use crate::db::Db;
use crate::db::snapshot::Manifest;
use crate::error::{Result, StoreError};
use crate::{sql, values};

sql! {
    const RICH = "INSERT INTO notes (space, seq, text, pinned, weight, body) VALUES ($1, $2, $3, $4, $5, $6)";
}

/// Tables that only one engine has.
const EXCEPT: &[&str] = &["only_here", "only_there"];

super::for_each_engine!(
    a_backup_under_load_is_one_moment,
    a_backup_is_restored_into_either_engine_byte_for_byte,
    a_damaged_backup_is_refused_and_leaves_nothing,
    a_backup_goes_only_into_an_empty_database,
    a_backup_of_another_schema_is_refused,
);

fn run<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(work)
}

fn save(db: &Db, directory: &Path) -> Manifest {
    run(db.snapshot_to(directory, EXCEPT)).unwrap()
}

fn a_backup_under_load_is_one_moment(house: &House) {
    let db = house.open_with_space();
    let (stop, acknowledged) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicI64::new(0)));
    let writers: Vec<_> = (0..4)
        .map(|_| {
            let (db, stop, acknowledged) = (db.clone(), stop.clone(), acknowledged.clone());
            std::thread::spawn(move || {
                while !stop.load(Ordering::Relaxed) {
                    let seq = db.write_blocking(|tx| append(tx, "under load")).unwrap();
                    acknowledged.fetch_max(seq, Ordering::Relaxed);
                }
            })
        })
        .collect();
    let waited = |least: i64| {
        while acknowledged.load(Ordering::Relaxed) < least {
            std::thread::yield_now();
        }
        acknowledged.load(Ordering::Relaxed)
    };
    let before = waited(50);
    let directory = house.directory().join("backup");
    let manifest = save(&db, &directory);
    waited(before + 50);
    stop.store(true, Ordering::Relaxed);
    writers.into_iter().for_each(|writer| writer.join().unwrap());
    drop(db);

    let other = house.sibling();
    let restored = other.open();
    run(restored.load_from(&directory)).unwrap();
    let head: i64 = restored
        .read_blocking(|conn| conn.row(super::house::HEAD, values![1])?.expect("a space").get(0))
        .unwrap();
    assert!(head >= before, "what was acknowledged before the backup is in it");
    assert_eq!(count(&restored), head, "the head and the notes are of one moment");
    assert_eq!(manifest.tables.iter().find(|t| t.name == "notes").unwrap().rows as i64, head);
    assert_eq!(restored.write_blocking(|tx| append(tx, "goes on")).unwrap(), head + 1);
}

fn filled(house: &House) -> Db {
    let db = house.open_with_space();
    db.write_blocking(|tx| {
        for n in 1..=200_i64 {
            let body = (n % 3 != 0).then(|| n.to_le_bytes().to_vec());
            let weight = (n % 4 != 0).then_some(n as f64 / 2.0);
            tx.exec(RICH, values![1, n, format!("마당 {n}"), n % 2 == 0, weight, body])?;
        }
        Ok::<_, StoreError>(())
    })
    .unwrap();
    db
}

fn a_backup_is_restored_into_either_engine_byte_for_byte(house: &House) {
    let first = house.directory().join("first");
    let manifest = save(&filled(house), &first);
    assert_eq!(manifest.tables.iter().map(|t| t.rows).collect::<Vec<_>>(), [200, 1]);
    for (index, target) in [Some(House::sqlite()), House::postgres()].into_iter().flatten().enumerate() {
        let db = target.open();
        assert_eq!(run(db.load_from(&first)).unwrap(), manifest);
        let again = house.directory().join(format!("again-{index}"));
        assert_eq!(save(&db, &again), manifest);
        for table in &manifest.tables {
            let file = format!("{}.rows", table.name);
            assert_eq!(std::fs::read(first.join(&file)).unwrap(), std::fs::read(again.join(&file)).unwrap());
        }
        // The house's rules hold again afterwards.
        let orphan = db.write_blocking(|tx| tx.exec(super::house::KEEP, values![77, 1, "x"]));
        assert!(matches!(orphan, Err(StoreError::Constraint(_))), "{orphan:?}");
    }
}

fn a_damaged_backup_is_refused_and_leaves_nothing(house: &House) {
    let directory = house.directory().join("backup");
    save(&filled(house), &directory);
    let file = directory.join("notes.rows");
    let mut bytes = std::fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&file, bytes).unwrap();
    let other = house.sibling();
    let db = other.open();
    assert!(matches!(run(db.load_from(&directory)), Err(StoreError::Snapshot(_))));
    assert_eq!(count(&db), 0);
}

fn a_backup_goes_only_into_an_empty_database(house: &House) {
    let directory = house.directory().join("backup");
    let db = filled(house);
    save(&db, &directory);
    let refused = run(db.load_from(&directory));
    assert!(matches!(refused, Err(StoreError::Snapshot(text)) if text.contains("is not empty")));
    assert_eq!(count(&db), 200);
    let again = run(db.snapshot_to(&directory, EXCEPT));
    assert!(matches!(again, Err(StoreError::Snapshot(text)) if text.contains("not empty")));
}

fn a_backup_of_another_schema_is_refused(house: &House) {
    let directory = house.directory().join("backup");
    save(&filled(house), &directory);
    let other = house.sibling();
    let refused = run(other.open_with_schema(&[]).load_from(&directory));
    assert!(matches!(refused, Err(StoreError::Snapshot(text)) if text.contains("schema 1")));
}
