//! Writing together: shared commits, single failures, announcements, snapshots.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::channel;
use std::sync::{Arc, Barrier, Mutex};
use std::thread;

use super::House;
use super::house::{HEAD, KEEP, append, count};
use crate::bus::Announcement;
use crate::db::Engine;
use crate::error::{Result, StoreError};
use crate::values;

super::for_each_engine!(
    a_write_is_kept_across_a_restart,
    many_writers_share_commits_and_get_seqs_without_gaps,
    a_failing_job_does_not_sink_its_group,
    a_refused_job_costs_its_group_nothing,
    a_panic_is_its_callers_error_and_nobody_elses,
    a_swallowed_failure_keeps_nothing,
    announcements_come_after_the_commit_in_order_and_before_the_answer,
    a_failed_job_announces_nothing,
    a_read_sees_one_snapshot_while_others_write,
    a_reader_cannot_write,
    what_waits_is_still_written_when_the_database_closes,
    a_full_queue_refuses_at_once,
    an_async_caller_may_go_away_and_the_write_stands,
);

fn a_write_is_kept_across_a_restart(house: &House) {
    let db = house.open_with_space();
    assert_eq!(db.write_blocking(|tx| append(tx, "hello")).unwrap(), 1);
    drop(db);
    let db = house.open();
    assert_eq!(count(&db), 1);
    assert_eq!(db.write_blocking(|tx| append(tx, "again")).unwrap(), 2);
}

fn many_writers_share_commits_and_get_seqs_without_gaps(house: &House) {
    let db = house.open_with_space();
    let before = db.stats();
    let barrier = Arc::new(Barrier::new(32));
    let writers: Vec<_> = (0..32)
        .map(|_| {
            let (db, barrier) = (db.clone(), barrier.clone());
            thread::spawn(move || {
                barrier.wait();
                (0..20).map(|_| db.write_blocking(|tx| append(tx, "x")).unwrap()).collect::<Vec<i64>>()
            })
        })
        .collect();
    let mut seqs: Vec<i64> = Vec::new();
    for writer in writers {
        let own = writer.join().unwrap();
        assert!(own.is_sorted(), "a writer's own writes are in its order");
        seqs.extend(own);
    }
    seqs.sort_unstable();
    assert_eq!(seqs, (1..=640).collect::<Vec<i64>>());
    let stats = db.stats();
    assert_eq!(stats.jobs - before.jobs, 640);
    let commits = stats.commits - before.commits;
    match db.engine() {
        Engine::Sqlite => assert!(commits <= 320, "640 writes took {commits} commits"),
        Engine::Postgres => assert_eq!(commits, 640),
    }
}

/// Holds the writer until the whole group is queued, so that all of `jobs` share it on SQLite.
fn hold<T>(db: &crate::db::Db, queue: impl FnOnce() -> T) -> T {
    let (started, is_started) = channel();
    let (release, released) = channel::<()>();
    let holder = {
        let db = db.clone();
        thread::spawn(move || {
            db.write_blocking(move |_| {
                started.send(()).unwrap();
                released.recv().unwrap();
                Ok::<_, StoreError>(())
            })
        })
    };
    is_started.recv().unwrap();
    let result = queue();
    release.send(()).unwrap();
    holder.join().unwrap().unwrap();
    result
}

fn a_failing_job_does_not_sink_its_group(house: &House) {
    let db = house.open_with_space();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let jobs = hold(&db, || {
        (0..10)
            .map(|n| {
                db.write(move |tx| {
                    let seq = append(tx, &format!("note {n}"))?;
                    if n % 3 == 0 {
                        // The same key again: refused by the engine.
                        tx.exec(KEEP, values![1, seq, "twice"])?;
                    }
                    Ok::<_, StoreError>(seq)
                })
            })
            .collect::<Vec<_>>()
    });
    let answers: Vec<Result<i64>> = jobs.into_iter().map(|job| runtime.block_on(job)).collect();
    for (n, answer) in answers.iter().enumerate() {
        match answer {
            Ok(_) => assert!(n % 3 != 0),
            Err(error) => assert!(n % 3 == 0 && matches!(error, StoreError::Unique(_)), "{n}: {error}"),
        }
    }
    assert_eq!(count(&db), 6);
    let head: i64 = db.read_blocking(|conn| conn.row(HEAD, values![1])?.expect("a space").get(0)).unwrap();
    assert_eq!(head, 6, "a seq given to a failed job is given again");
}

fn a_refused_job_costs_its_group_nothing(house: &House) {
    let db = house.open_with_space();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let runs = Arc::new(AtomicU64::new(0));
    let jobs = hold(&db, || {
        (0..10)
            .map(|n| {
                let runs = runs.clone();
                db.write(move |tx| {
                    runs.fetch_add(1, Ordering::Relaxed);
                    // A refusal comes after looking and before changing.
                    tx.row(HEAD, values![1])?;
                    if n % 3 == 0 { Err(StoreError::Overloaded) } else { append(tx, "kept") }
                })
            })
            .collect::<Vec<_>>()
    });
    let kept = jobs.into_iter().filter_map(|job| runtime.block_on(job).ok()).count();
    assert_eq!((kept, count(&db)), (6, 6));
    assert_eq!(runs.load(Ordering::Relaxed), 10, "nobody was run twice");
}

fn a_panic_is_its_callers_error_and_nobody_elses(house: &House) {
    let db = house.open_with_space();
    let answer = db.write_blocking(|tx| -> Result<()> {
        append(tx, "lost")?;
        panic!("on purpose");
    });
    assert_eq!(answer, Err(StoreError::Panicked("on purpose".into())));
    let answer = db.read_blocking(|_| -> Result<()> { panic!("on purpose") });
    assert_eq!(answer, Err(StoreError::Panicked("on purpose".into())));
    assert_eq!(db.write_blocking(|tx| append(tx, "kept")).unwrap(), 1);
    assert_eq!(count(&db), 1);
}

fn a_swallowed_failure_keeps_nothing(house: &House) {
    let db = house.open_with_space();
    let answer = db.write_blocking(|tx| {
        append(tx, "half")?;
        let _ = tx.exec(KEEP, values![1, 1, "twice"]);
        Ok::<_, StoreError>(())
    });
    assert!(matches!(answer, Err(StoreError::Unique(_))), "{answer:?}");
    assert_eq!(count(&db), 0);
}

fn announcements_come_after_the_commit_in_order_and_before_the_answer(house: &House) {
    let db = house.open_with_space();
    let heard: Arc<Mutex<Vec<(i64, i64)>>> = Arc::default();
    let (sink, reader) = (heard.clone(), db.clone());
    // A clone in its own sink keeps a database open for ever, so the sink gets its own.
    let witness = if db.engine() == Engine::Sqlite { house.open() } else { reader };
    db.set_commit_sink(Box::new(move |batch| {
        let kept = count(&witness);
        sink.lock().unwrap().extend(batch.iter().map(|a| (seq_of(a), kept)));
    }));
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let jobs = hold(&db, || {
        (0..5)
            .map(|_| {
                db.write(|tx| {
                    let seq = append(tx, "x")?;
                    tx.on_commit(moved(seq));
                    Ok::<_, StoreError>(seq)
                })
            })
            .collect::<Vec<_>>()
    });
    for job in jobs {
        let seq = runtime.block_on(job).unwrap();
        let heard = heard.lock().unwrap();
        let (_, kept) = heard.iter().find(|(s, _)| *s == seq).expect("announced before the answer");
        assert!(*kept >= seq, "announced before it was kept");
    }
    if db.engine() == Engine::Sqlite {
        let seqs: Vec<i64> = heard.lock().unwrap().iter().map(|(seq, _)| *seq).collect();
        assert_eq!(seqs, [1, 2, 3, 4, 5]);
    }
    db.set_commit_sink(Box::new(drop));
}

fn a_failed_job_announces_nothing(house: &House) {
    let db = house.open_with_space();
    let heard: Arc<Mutex<Vec<i64>>> = Arc::default();
    let sink = heard.clone();
    db.set_commit_sink(Box::new(move |batch| sink.lock().unwrap().extend(batch.iter().map(seq_of))));
    for fail in [true, false, true] {
        let _ = db.write_blocking(move |tx| {
            let seq = append(tx, "x")?;
            tx.on_commit(moved(seq));
            if fail { Err(StoreError::Closed) } else { Ok(()) }
        });
    }
    assert_eq!(*heard.lock().unwrap(), [1]);
}

fn a_read_sees_one_snapshot_while_others_write(house: &House) {
    let db = house.open_with_space();
    db.write_blocking(|tx| append(tx, "first")).unwrap();
    let writer = db.clone();
    let (before, after): (i64, i64) = db
        .read_blocking(move |conn| {
            let before = conn.row(super::house::COUNT, values![1])?.expect("a count").get(0)?;
            // Not hindered by this read, and not seen by it.
            writer.write_blocking(|tx| append(tx, "second"))?;
            let after = conn.row(super::house::COUNT, values![1])?.expect("a count").get(0)?;
            Ok::<_, StoreError>((before, after))
        })
        .unwrap();
    assert_eq!((before, after), (1, 1));
    assert_eq!(count(&db), 2);
}

fn a_reader_cannot_write(house: &House) {
    let db = house.open_with_space();
    let answer = db.read_blocking(|conn| conn.rows(super::house::NEXT, values![1]));
    assert!(answer.is_err());
    let head: i64 = db.read_blocking(|conn| conn.row(HEAD, values![1])?.expect("a space").get(0)).unwrap();
    assert_eq!(head, 0);
}

fn what_waits_is_still_written_when_the_database_closes(house: &House) {
    let db = house.open_with_space();
    let jobs = hold(&db, || (0..50).map(|_| db.write(|tx| append(tx, "x"))).collect::<Vec<_>>());
    drop(db);
    drop(jobs);
    assert_eq!(count(&house.open()), 50);
}

fn a_full_queue_refuses_at_once(house: &House) {
    let mut config = house.config.clone();
    config.queue = 2;
    config.writers = 1;
    let db = crate::db::Db::open(&config).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let jobs = hold(&db, || (0..3).map(|_| db.write(|_| Ok::<_, StoreError>(()))).collect::<Vec<_>>());
    let answers: Vec<_> = jobs.into_iter().map(|job| runtime.block_on(job)).collect();
    assert_eq!(answers, [Ok(()), Ok(()), Err(StoreError::Overloaded)]);
}

fn an_async_caller_may_go_away_and_the_write_stands(house: &House) {
    let db = house.open_with_space();
    hold(&db, || drop(db.write(|tx| append(tx, "stands"))));
    // The writer works in order, so this answer comes after that write.
    let mut waited = 0;
    while count(&db) == 0 {
        db.write_blocking(|_| Ok::<_, StoreError>(())).unwrap();
        waited += 1;
        assert!(waited < 10_000, "the write never came");
    }
}

/// Something to announce.
fn moved(seq: i64) -> Announcement {
    Announcement::ReadMoved { space: madang_model::SpaceId(1), person: madang_model::PersonId(1), seq }
}

fn seq_of(announcement: &Announcement) -> i64 {
    match announcement {
        Announcement::ReadMoved { seq, .. } => *seq,
        other => panic!("only moved markers are announced here: {other:?}"),
    }
}
