//! A disk that fills up under a house that serves.

use std::path::{Path, PathBuf};
use std::process::Command;

use madang_test::House;
use serde_json::json;

/// Set in the process that may mount.
const INSIDE: &str = "MADANG_TEST_MAY_MOUNT";

/// A disk of its own.
struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    fn mount(size: &str) -> Option<SmallDisk> {
        let folder = tempfile::tempdir().expect("a folder");
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={size}"), "madang-test"])
            .arg(folder.path())
            .status();
        mounted.is_ok_and(|status| status.success()).then(|| SmallDisk(folder))
    }

    fn folder(&self) -> &Path {
        self.0.path()
    }

    /// Takes all but about `leave` bytes.
    fn fill(&self, leave: u64) -> PathBuf {
        let file = self.folder().join("filler");
        let stat = rustix::fs::statvfs(self.folder()).expect("a file system");
        let free = stat.f_bavail * stat.f_frsize;
        std::fs::write(&file, vec![1; free.saturating_sub(leave) as usize]).expect("filled");
        file
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let unmounted = Command::new("umount").arg("-l").arg(self.folder()).status();
        assert!(
            unmounted.is_ok_and(|it| it.success()),
            "the small disk stays at {}",
            self.folder().display()
        );
    }
}

/// Whoever may not mount runs the story once more in a name space of their own, where they may.
fn tell_inside(story: &str) {
    assert!(std::env::var_os(INSIDE).is_none(), "mounting a small disk is not allowed, not even inside");
    let told = Command::new("unshare")
        .args(["--user", "--map-root-user", "--mount", "--"])
        .arg(std::env::current_exe().expect("this test"))
        .args(["--exact", story, "--nocapture"])
        .env(INSIDE, "1")
        .status()
        .expect("unshare is there (util-linux)");
    assert!(told.success(), "{story}, told in a name space of its own");
}

/// Writing is refused with words and a time to come back, reading goes on,
/// nothing acknowledged is lost, and writing goes on by itself when there is
/// space again.
#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_refuses_clearly_and_service_resumes_by_itself() {
    let Some(disk) = SmallDisk::mount("160m") else {
        return tell_inside("disk_full::a_full_disk_refuses_clearly_and_service_resumes_by_itself");
    };
    let data = disk.folder().join("data");
    let mut house = House::set_up_at(&data).expect("a house");
    house.start().await.expect("it serves");
    let path = format!("/spaces/{}/messages", house.space);
    let post = async |number: usize| {
        let body = json!({"client_id": format!("wish {number}"), "text": "가".repeat(10_000)});
        house.ask(Some(&house.token), "POST", &path, Some(body)).await.expect("asked")
    };
    let mut kept = Vec::new();
    assert_eq!(post(0).await.0, 201);
    kept.push("wish 0".to_owned());
    // In the middle of the writing, not between two messages.
    let (filler, refused) = {
        let filling = tokio::task::block_in_place(|| disk.fill(4 << 20));
        let mut number = 1;
        loop {
            let (status, answer) = post(number).await;
            if status != 201 {
                break (filling, (status, answer, number));
            }
            kept.push(format!("wish {number}"));
            number += 1;
            assert!(number < 2_000, "a full disk is never noticed");
        }
    };
    let (status, answer, number) = refused;
    assert_eq!((status, &answer["error"]["code"]), (507, &json!("disk_full")), "{answer}");
    assert!(answer["error"]["message"].as_str().is_some_and(|words| words.contains("disk")), "{answer}");
    let there = house.events().await.expect("reading goes on");
    let written = |events: &[serde_json::Value]| -> Vec<String> {
        let ids = events.iter().filter_map(|event| event["client_id"].as_str());
        ids.filter(|id| id.starts_with("wish")).map(str::to_owned).collect()
    };
    assert_eq!(written(&there), kept, "what was acknowledged is there, and nothing else");
    // A process that starts on a full disk serves what is there.
    house.kill().await.expect("killed");
    house.start().await.expect("it serves from a full disk");
    assert_eq!(written(&house.events().await.expect("reading goes on")), kept);
    assert_eq!(post_again(&house, &path, number).await, 507);
    std::fs::remove_file(filler).expect("space returns");
    assert_eq!(post_again(&house, &path, number).await, 201, "writing goes on by itself");
    kept.push(format!("wish {number}"));
    assert_eq!(written(&house.events().await.expect("events")), kept);
    assert_eq!(house.stop().await.expect("it stops"), Some(0));
}

async fn post_again(house: &House, path: &str, number: usize) -> u16 {
    let body = json!({"client_id": format!("wish {number}"), "text": "가".repeat(10_000)});
    house.ask(Some(&house.token), "POST", path, Some(body)).await.expect("asked").0
}

/// An export that would fill the disk ends with a word that says so, and nothing of it is left.
#[tokio::test(flavor = "multi_thread")]
async fn an_export_that_does_not_fit_says_so_and_leaves_nothing_behind() {
    let Some(disk) = SmallDisk::mount("400m") else {
        return tell_inside("disk_full::an_export_that_does_not_fit_says_so_and_leaves_nothing_behind");
    };
    let mut house = House::set_up_at(&disk.folder().join("data")).expect("a house");
    house.start().await.expect("it serves");
    let file =
        crate::uploads::upload(&house, &house.token, "a.bin", &crate::uploads::noise(40_000_000)).await;
    let open = crate::talk::new_space(&house, &house.token, "open").await;
    assert_eq!(crate::uploads::post_files(&house, &house.token, &open, &[&file]).await.0, 201);
    // It fits at first, and no more while the file is written.
    let filler = disk.fill((256 << 20) + 20_000_000);
    let failed = crate::exports::tried(&house).await;
    assert_eq!((&failed["state"], &failed["error"]), (&json!("failed"), &json!("disk_full")), "{failed}");
    let exports = house.data().join("exports");
    assert_eq!(std::fs::read_dir(&exports).expect("a folder").count(), 0, "nothing of it is left");
    crate::talk::post(&house, &house.token, &open, "여기는 써져요").await;
    std::fs::remove_file(filler).expect("removed");
    crate::exports::made(&house).await;
}
