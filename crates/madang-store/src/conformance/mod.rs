//! One list of tests for every engine. SQLite always; PostgreSQL too when `MADANG_TEST_PG` holds the URL of a
//! server (`testing/postgres.sh run cargo test --workspace --lib postgres`).

mod contacts;
mod faults;
mod files;
mod groups;
mod house;
mod log;
mod portable;
mod search;
mod snapshots;

pub(crate) use house::House;

/// Runs each test on each engine, as `sqlite::NAME` and `postgres::NAME`.
macro_rules! for_each_engine {
    ($($name:ident),* $(,)?) => {
        mod sqlite {
            $(#[test]
            fn $name() {
                super::$name(&$crate::conformance::House::sqlite());
            })*
        }
        mod postgres {
            $(#[test]
            fn $name() {
                if let Some(house) = $crate::conformance::House::postgres() {
                    super::$name(&house);
                }
            })*
        }
    };
}
pub(crate) use for_each_engine;
