//! One SQL text, two engines, the same meaning.

use super::House;
use super::house::{self, append};
use crate::db::{CONTENT, Migration, Row, Value};
use crate::error::{Result, StoreError};
use crate::{sql, values};

sql! {
    const SWAPPED = "SELECT CAST($2 AS TEXT), CAST($1 AS TEXT)";
    const ROUND_TRIP = "INSERT INTO notes (space, seq, text, pinned, weight, body) VALUES ($1, $2, $3, $4, $5, $6)
        RETURNING text, pinned, weight, body";
    const NAMES = "SELECT text FROM notes ORDER BY text";
    const SOME = "SELECT seq FROM notes WHERE space = $1 AND seq IN {ids:$2} ORDER BY seq";
    const LOCK = "SELECT head FROM spaces WHERE id = $1 {for_update}";
    const CLAIM = "UPDATE notes SET pinned = TRUE WHERE space = $1 AND seq IN
        (SELECT seq FROM notes WHERE space = $1 AND pinned = FALSE ORDER BY seq LIMIT $2 {skip_locked}) RETURNING seq";
    const EXTREMES = "SELECT greatest(head, $1), least(head, $1, NULL) FROM spaces";
    const SUM = "SELECT CAST(sum(seq) AS BIGINT) FROM notes";
    const LIMITED = "SELECT seq FROM notes WHERE (space, seq) > ($1, $2) ORDER BY space, seq LIMIT $3";
    const UPSERT = "INSERT INTO spaces (id, head) VALUES ($1, $2)
        ON CONFLICT (id) DO UPDATE SET head = excluded.head WHERE spaces.head < excluded.head RETURNING head";
}

super::for_each_engine!(
    an_engine_tells_its_version_and_that_it_is_whole,
    every_statement_is_good,
    every_statement_of_the_content_is_good,
    the_content_schema_goes_into_a_backup,
    parameters_go_by_number,
    values_come_back_as_they_went,
    text_sorts_by_bytes,
    the_house_dialect_means_the_same,
    a_nul_in_text_is_refused,
    a_wrong_count_of_parameters_is_refused,
    a_wrong_type_is_a_clear_error,
    constraints_have_their_own_errors,
    a_changed_schema_step_is_refused,
    a_newer_schema_is_refused,
    a_failing_schema_step_leaves_nothing,
);

fn every_statement_is_good(house: &House) {
    let db = house.open();
    db.check_statements(ALL.to_vec()).unwrap();
    db.check_statements(house::ALL.to_vec()).unwrap();
    let bad = db.check_statements(vec![("BAD", "SELECT nothing FROM nowhere")]);
    assert!(matches!(bad, Err(StoreError::Statement(text)) if text.contains("BAD")));
}

fn every_statement_of_the_content_is_good(house: &House) {
    house.open_with_schema(CONTENT).check_statements(crate::statements()).unwrap();
}

/// Every table of the content has the same columns on both engines, of types that a backup knows.
fn the_content_schema_goes_into_a_backup(house: &House) {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let directory = house.directory().join("backup");
    let saved = runtime.block_on(house.open_with_schema(CONTENT).snapshot_to(&directory, &[])).unwrap();
    assert!(!saved.tables.is_empty());
    for target in [Some(House::sqlite()), House::postgres()].into_iter().flatten() {
        let db = target.open_with_schema(CONTENT);
        assert_eq!(runtime.block_on(db.load_from(&directory)).unwrap(), saved);
    }
}

fn parameters_go_by_number(house: &House) {
    let row = house.open().read_blocking(|conn| conn.row(SWAPPED, values!["one", "two"])).unwrap().unwrap();
    assert_eq!((row.get(0), row.get(1)), (Ok("two".to_owned()), Ok("one".to_owned())));
}

fn values_come_back_as_they_went(house: &House) {
    let db = house.open_with_space();
    let row = db
        .write_blocking(|tx| tx.row(ROUND_TRIP, values![1, 1, "마당 🏡", true, 0.5, vec![0u8, 255, 7]]))
        .unwrap()
        .unwrap();
    assert_eq!(row.get::<String>(0).unwrap(), "마당 🏡");
    assert!(row.get::<bool>(1).unwrap());
    assert_eq!(row.get::<f64>(2).unwrap(), 0.5);
    assert_eq!(row.get::<[u8; 3]>(3).unwrap(), [0, 255, 7]);
    let row = db
        .write_blocking(|tx| tx.row(ROUND_TRIP, values![1, 2, "", false, None::<f64>, Value::Null]))
        .unwrap()
        .unwrap();
    assert_eq!(row.get::<Option<f64>>(2).unwrap(), None);
    assert_eq!(row.get::<Option<Vec<u8>>>(3).unwrap(), None);
}

fn text_sorts_by_bytes(house: &House) {
    let db = house.open_with_space();
    let names = ["zebra", "Zebra", "ähnlich", "apple", "_x", "가", "a b", "ab"];
    db.write_blocking(move |tx| names.iter().try_for_each(|name| append(tx, name).map(drop))).unwrap();
    let rows = db.read_blocking(|conn| conn.rows(NAMES, values![])).unwrap();
    let got: Vec<String> = rows.iter().map(|row| row.get(0).unwrap()).collect();
    let mut wanted: Vec<&str> = names.to_vec();
    wanted.sort_unstable();
    assert_eq!(got, wanted);
}

fn seqs(rows: Vec<Row>) -> Vec<i64> {
    rows.iter().map(|row| row.get(0).unwrap()).collect()
}

fn the_house_dialect_means_the_same(house: &House) {
    let db = house.open_with_space();
    db.write_blocking(|tx| (0..9).try_for_each(|_| append(tx, "x").map(drop))).unwrap();
    let found = db.read_blocking(|c| c.rows(SOME, values![1, Value::ids(&[7, 2, 99])])).unwrap();
    assert_eq!(seqs(found), [2, 7]);
    let none = db.read_blocking(|c| c.rows(SOME, values![1, Value::ids(&[])])).unwrap();
    assert!(none.is_empty());
    let locked = db.write_blocking(|tx| tx.rows(LOCK, values![1])).unwrap();
    assert_eq!(seqs(locked), [9]);
    let mut claimed = seqs(db.write_blocking(|tx| tx.rows(CLAIM, values![1, 3])).unwrap());
    claimed.sort_unstable();
    assert_eq!(claimed, [1, 2, 3]);
    let extremes = db.read_blocking(|c| c.row(EXTREMES, values![4])).unwrap().unwrap();
    assert_eq!((extremes.get(0), extremes.get(1)), (Ok(9_i64), Ok(4_i64)));
    assert_eq!(seqs(db.read_blocking(|c| c.rows(SUM, values![])).unwrap()), [45]);
    assert_eq!(seqs(db.read_blocking(|c| c.rows(LIMITED, values![1, 6, 2])).unwrap()), [7, 8]);
    let lower = db.write_blocking(|tx| tx.rows(UPSERT, values![1, 5])).unwrap();
    assert!(lower.is_empty());
    assert_eq!(seqs(db.write_blocking(|tx| tx.rows(UPSERT, values![1, 12])).unwrap()), [12]);
}

fn a_nul_in_text_is_refused(house: &House) {
    let answer = house.open_with_space().write_blocking(|tx| append(tx, "a\0b"));
    assert_eq!(answer, Err(StoreError::NulInText));
}

fn a_wrong_count_of_parameters_is_refused(house: &House) {
    let answer = house.open().read_blocking(|conn| conn.rows(SWAPPED, values!["one"]));
    assert!(
        matches!(answer, Err(StoreError::Statement(text)) if text.contains("2 parameters wanted, 1 given"))
    );
}

fn a_wrong_type_is_a_clear_error(house: &House) {
    let row = house.open().read_blocking(|conn| conn.row(SWAPPED, values!["one", "two"])).unwrap().unwrap();
    assert_eq!(row.get::<i64>(1), Err(StoreError::Column { index: 1, wanted: "i64", found: "TEXT" }));
    assert_eq!(row.get::<i64>(2), Err(StoreError::Column { index: 2, wanted: "i64", found: "nothing" }));
}

fn constraints_have_their_own_errors(house: &House) {
    let db = house.open_with_space();
    let twice = db.write_blocking(|tx| tx.exec(house::OPEN_SPACE, values![1]));
    assert!(matches!(twice, Err(StoreError::Unique(_))), "{twice:?}");
    let orphan = db.write_blocking(|tx| tx.exec(house::KEEP, values![77, 1, "x"]));
    assert!(matches!(orphan, Err(StoreError::Constraint(_))), "{orphan:?}");
}

fn reopened_with(house: &House, steps: &'static [Migration]) -> Result<()> {
    drop(house.open());
    let mut config = house.config.clone();
    config.migrations = steps;
    crate::db::Db::open(&config).map(drop)
}

fn a_changed_schema_step_is_refused(house: &House) {
    const CHANGED: &[Migration] =
        &[Migration { name: "0001_test.sql", text: "CREATE TABLE other (id BIGINT);" }];
    let answer = reopened_with(house, CHANGED);
    assert!(matches!(answer, Err(StoreError::Migration(text)) if text.contains("0001_test.sql")));
}

fn a_newer_schema_is_refused(house: &House) {
    let answer = reopened_with(house, &[]);
    assert!(matches!(answer, Err(StoreError::Migration(text)) if text.contains("start a newer Madang")));
}

fn a_failing_schema_step_leaves_nothing(house: &House) {
    const BROKEN: &[Migration] = &[
        house::SCHEMA[0],
        Migration {
            name: "0002_broken.sql",
            text: "CREATE TABLE half (id BIGINT); CREATE TABLE half (id BIGINT);",
        },
    ];
    const MENDED: &[Migration] =
        &[house::SCHEMA[0], Migration { name: "0002_mended.sql", text: "CREATE TABLE half (id BIGINT);" }];
    assert!(
        matches!(reopened_with(house, BROKEN), Err(StoreError::Migration(text)) if text.contains("0002_broken"))
    );
    let mut config = house.config.clone();
    config.migrations = MENDED;
    crate::db::Db::open(&config).unwrap();
}

fn an_engine_tells_its_version_and_that_it_is_whole(house: &House) {
    let health = house.open_with_space().health().unwrap();
    assert!(
        health.version.starts_with("SQLite 3.") || health.version.starts_with("PostgreSQL 1"),
        "{health:?}"
    );
    assert_eq!(health.damage, Vec::<String>::new());
    assert_eq!(health.now_us.is_some(), health.version.starts_with("PostgreSQL"));
}
