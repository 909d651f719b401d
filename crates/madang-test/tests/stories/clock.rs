//! A clock that is put back under a house that serves.

use std::path::PathBuf;

use madang_test::House;
use serde_json::json;

use crate::talk::post;

/// The clock of one house, which a story moves. Waiting goes by the clock that never jumps: media and the timers of the
/// runtime are not touched.
pub struct Clock {
    file: PathBuf,
    _folder: tempfile::TempDir,
}

impl Clock {
    /// A house that serves, and its clock.
    pub async fn house() -> (House, Clock) {
        let folder = tempfile::tempdir().expect("a folder");
        let clock = Clock { file: folder.path().join("clock"), _folder: folder };
        clock.put("+0");
        let mut house = House::set_up().expect("a house");
        house.with_environment("LD_PRELOAD", &another_time().display().to_string());
        house.with_environment("FAKETIME_TIMESTAMP_FILE", &clock.file.display().to_string());
        house.with_environment("FAKETIME_NO_CACHE", "1");
        house.with_environment("FAKETIME_DONT_FAKE_MONOTONIC", "1");
        house.with_environment("DONT_FAKE_MONOTONIC", "1");
        house.start().await.expect("it serves");
        (house, clock)
    }

    /// So far from the true time, as faketime writes it: `+35`, `-1d`. Replaced whole, so that half a word is never read.
    pub fn put(&self, shift: &str) {
        let new = self.file.with_extension("new");
        std::fs::write(&new, shift).expect("written");
        std::fs::rename(new, &self.file).expect("replaced");
    }
}

/// Debian's libfaketime: it shows one process another time than everybody else's.
fn another_time() -> PathBuf {
    let libraries = std::fs::read_dir("/usr/lib").expect("there are libraries").filter_map(Result::ok);
    let mut places = libraries.map(|it| it.path().join("faketime/libfaketimeMT.so.1"));
    places.find(|path| path.exists()).expect("testing/install.sh installs libfaketime")
}

/// The clock goes back by a day while the house serves, and by a week before
/// it starts again. The time of a log goes on, in the order of its seqs.
#[tokio::test(flavor = "multi_thread")]
async fn times_in_a_log_grow_though_the_clock_is_put_back() {
    let (mut house, clock) = Clock::house().await;
    let space = house.space.clone();
    let first = post(&house, &house.token, &space, "지금").await;
    let path = format!("/spaces/{space}/messages/{first}");
    let at = async |house: &House| {
        let (_, answer) = house.ask(Some(&house.token), "GET", &path, None).await.expect("asked");
        answer["row"]["at"].as_i64().expect("a time")
    };
    let began = at(&house).await;
    clock.put("-1d");
    let shown = house.client.get(house.url("/setup")).send().await.expect("asked");
    assert!(shown.status().is_success());
    for _ in 0..3 {
        post(&house, &house.token, &space, "하루 전").await;
    }
    assert_eq!(house.stop().await.expect("it stops"), Some(0));
    clock.put("-7d");
    house.start().await.expect("it serves");
    for _ in 0..3 {
        post(&house, &house.token, &space, "한 주 전").await;
    }
    // Somebody new joins in the past: her session is good, and a space made there has that time.
    let (_, mina) = house.member("mina").expect("mina");
    let body = json!({"name": "어제", "kind": "open"});
    let (status, made) = house.ask(Some(&mina), "POST", "/spaces", Some(body)).await.expect("asked");
    assert_eq!(status, 201, "{made}");
    let id = made["space"]["id"].as_str().expect("an id");
    let (_, answer) =
        house.ask(Some(&mina), "GET", &format!("/spaces/{id}/events"), None).await.expect("asked");
    let past = answer["events"][0]["at"].as_i64().expect("a time");
    assert!(past < began, "the clock was really put back");
    let log = house.events().await.expect("events");
    let times: Vec<i64> = log.iter().filter_map(|event| event["at"].as_i64()).collect();
    assert_eq!(times.len(), log.len());
    assert!(times.windows(2).all(|pair| pair[0] < pair[1]), "{times:?}");
    assert_eq!(times[times.len() - 1] - began, 6, "a microsecond for each event while the clock is behind");
}
