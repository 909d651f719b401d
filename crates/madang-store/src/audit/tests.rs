//! The chain holds, and whatever is done to it by hand is found.

use madang_model::WorkspaceId;
use madang_model::audit::{Act, Object};

use super::*;
use crate::db::{Db, DbConfig};
use crate::values;

const HOUSE: WorkspaceId = WorkspaceId(1);
const NARI: PersonId = PersonId(10);
const JOON: PersonId = PersonId(11);

fn entry(actor: PersonId, act: Act, object: Object, at_us: i64) -> NewEntry {
    NewEntry { at_us, actor: Some(actor), act, object, said: format!("{{\"from\":\"192.0.2.{at_us}\"}}") }
}

/// A log of six entries.
fn log() -> (Db, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    let db = Db::open(&DbConfig::sqlite(folder.path().join("madang.db"))).expect("opened");
    for at in 1..=3 {
        write(&db, entry(NARI, Act::SessionOpened, Object::Session(at), at));
        write(&db, entry(JOON, Act::RoleChanged, Object::Person(10), 10 + at));
    }
    (db, folder)
}

fn write(db: &Db, entry: NewEntry) {
    db.write_blocking(move |tx| append(tx, HOUSE, &entry)).expect("written");
}

fn check(db: &Db, known: Option<Head>) -> Check {
    db.read_blocking(move |conn| verify(conn, HOUSE, known.as_ref())).expect("read")
}

fn by_hand(db: &Db, sql: &'static str) {
    db.write_blocking(move |tx| tx.exec(sql, values![])).expect("changed");
}

#[test]
fn a_log_that_nobody_touched_is_whole() {
    let (db, _folder) = log();
    let found = check(&db, None);
    assert_eq!((found.verdict, found.rows, found.head.seq), (Verdict::Whole, 6, 6));
    let empty = Db::open(&DbConfig::sqlite(_folder.path().join("empty.db"))).expect("opened");
    assert_eq!(check(&empty, None).verdict, Verdict::Whole);
}

#[test]
fn whatever_is_changed_by_hand_is_found() {
    for (change, broken) in [
        ("UPDATE audit SET said = '{}' WHERE seq = 3", 3),
        ("UPDATE audit SET said = NULL WHERE seq = 3", 3),
        ("UPDATE audit SET act = 'person.removed' WHERE seq = 2", 2),
        ("UPDATE audit SET actor = 12 WHERE seq = 5", 5),
        ("UPDATE audit SET actor = NULL WHERE seq = 5", 5),
        ("UPDATE audit SET at_us = 99 WHERE seq = 1", 1),
        ("UPDATE audit SET object = 11 WHERE seq = 4", 4),
        ("UPDATE audit SET object_kind = 'space' WHERE seq = 4", 4),
        ("DELETE FROM audit WHERE seq = 4", 5),
        ("UPDATE audit SET seq = 7 WHERE seq = 6", 7),
    ] {
        let (db, _folder) = log();
        by_hand(&db, change);
        assert_eq!(check(&db, None).verdict, Verdict::Broken { seq: broken }, "{change}");
    }
}

#[test]
fn an_end_that_was_cut_off_is_found_and_a_log_written_anew_by_a_head_kept_elsewhere() {
    let (db, _folder) = log();
    let kept = check(&db, None).head;
    by_hand(&db, "DELETE FROM audit WHERE seq > 4");
    assert_eq!(check(&db, None).verdict, Verdict::CutOff { seq: 4, head: 6 });
    // With the head moved too, and other entries in the place of the old ones, only who kept the head knows.
    by_hand(&db, "UPDATE audit_heads SET seq = 4, hash = (SELECT hash FROM audit WHERE seq = 4)");
    assert_eq!(check(&db, None).verdict, Verdict::Whole);
    assert_eq!(check(&db, Some(kept.clone())).verdict, Verdict::CutOff { seq: 4, head: 6 });
    for at in 20..=23 {
        write(&db, entry(JOON, Act::SessionOpened, Object::Session(at), at));
    }
    assert_eq!(check(&db, None).verdict, Verdict::Whole);
    assert_eq!(check(&db, Some(kept)).verdict, Verdict::Broken { seq: 6 });
}

#[test]
fn what_was_said_of_somebody_can_be_erased_and_the_chain_holds() {
    let (db, _folder) = log();
    let gone = db.write_blocking(|tx| forget_said_of(tx, HOUSE, JOON)).expect("erased");
    assert_eq!(gone, 3);
    let found = check(&db, None);
    assert_eq!((found.verdict, found.erased), (Verdict::Whole, 3));
    let rows = db.read_blocking(|conn| after(conn, HOUSE, 0, 10)).expect("read");
    assert!(rows.iter().all(|row| row.said.is_some() == (row.actor == Some(NARI))));
}

#[test]
fn entries_are_found_by_person_kind_and_time_page_by_page() {
    let (db, _folder) = log();
    let all = Filter { person: None, kind: String::new(), from_us: i64::MIN, until_us: i64::MAX };
    let seqs = |filter: Filter, before: i64, limit: i64| -> Vec<i64> {
        let rows = db.read_blocking(move |conn| page(conn, HOUSE, &filter, before, limit));
        rows.expect("read").iter().map(|row| row.seq).collect()
    };
    assert_eq!(seqs(all.clone(), i64::MAX, 4), [6, 5, 4, 3]);
    assert_eq!(seqs(all.clone(), 3, 4), [2, 1]);
    assert_eq!(seqs(Filter { kind: "session".into(), ..all.clone() }, i64::MAX, 9), [5, 3, 1]);
    assert_eq!(seqs(Filter { kind: "person.role_changed".into(), ..all.clone() }, i64::MAX, 9), [6, 4, 2]);
    assert_eq!(seqs(Filter { kind: "%".into(), ..all.clone() }, i64::MAX, 9), Vec::<i64>::new());
    assert_eq!(seqs(Filter { person: Some(JOON), ..all.clone() }, i64::MAX, 9), [6, 4, 2]);
    assert_eq!(seqs(Filter { person: Some(NARI), ..all.clone() }, i64::MAX, 9).len(), 6);
    assert_eq!(seqs(Filter { from_us: 3, until_us: 12, ..all }, i64::MAX, 9), [5, 2]);
}
