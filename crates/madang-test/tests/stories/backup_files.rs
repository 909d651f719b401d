//! Backups taken while files come and go: what a restored message names is there.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use madang_test::House;
use madang_test::tus::{Tus, noise};
use serde_json::{Value, json};

use crate::cast::does;
use crate::door::{Door, madang, said, serve};
use crate::talk::{PATIENCE, add, house};
use crate::uploads::{post_files, upload};

/// Every third file has the same content as others.
fn content_of(number: u64) -> Vec<u8> {
    noise(if number.is_multiple_of(3) { 3 } else { number }, 2_000 + (number as usize % 3) * 9_000)
}

fn number_of(name: &str) -> u64 {
    name.trim_end_matches(".bin").parse().expect("a number")
}

fn picture(shade: u8) -> Vec<u8> {
    let mut out = std::io::Cursor::new(Vec::new());
    let picture = image::RgbImage::from_pixel(64, 64, image::Rgb([shade, 90, 90]));
    picture.write_to(&mut out, image::ImageFormat::Png).expect("encoded");
    out.into_inner()
}

async fn has_picture(house: &House, token: &str, shade: u8) {
    let file = upload(house, token, "me.png", &picture(shade)).await;
    does(house, token, "PATCH", "/me", Some(json!({"picture": file["id"]}))).await;
}

/// The backup of a house into a new one; gives the door of the new one.
async fn restored(house: &House, kept: &Path, new: &Path) -> Door {
    let key = house.data().join("root.key").display().to_string();
    let output = madang(new, &["restore", &kept.display().to_string(), "--root-key", &key]);
    assert!(output.status.success(), "{}", said(&output));
    serve(new, &[]).await.expect("it serves")
}

async fn get(door: &Door, token: &str, path: &str) -> (u16, Vec<u8>) {
    let url = format!("{}/api/v1{path}", door.origin);
    let answer = reqwest::Client::new().get(url).bearer_auth(token).send().await.expect("asked");
    (answer.status().as_u16(), answer.bytes().await.expect("read").to_vec())
}

/// Every event of a space in the restored house.
async fn events(door: &Door, token: &str, space: &str) -> Vec<Value> {
    let mut events: Vec<Value> = Vec::new();
    loop {
        let (_, bytes) =
            get(door, token, &format!("/spaces/{space}/events?after={}&limit=500", events.len())).await;
        let answer: Value = serde_json::from_slice(&bytes).expect("JSON");
        let more = answer["events"].as_array().expect("events").clone();
        if more.is_empty() {
            return events;
        }
        events.extend(more);
    }
}

/// Files of the messages that were not removed, by id and name.
fn named(events: &[Value]) -> Vec<(String, String)> {
    let removed: Vec<&Value> =
        events.iter().filter(|it| it["type"] == "message.removed").map(|it| &it["body"]["message"]).collect();
    let live = events.iter().filter(|it| it["type"] == "message.posted" && !removed.contains(&&it["seq"]));
    let files = live.flat_map(|it| it["body"]["files"].as_array().cloned().unwrap_or_default());
    let text = |it: &Value| it.as_str().expect("text").to_owned();
    files.map(|file| (text(&file["id"]), text(&file["name"]))).collect()
}

/// What those who write share with the one who backs up.
#[derive(Default)]
struct Writing {
    stop: AtomicBool,
    posted: AtomicUsize,
}

/// Uploads, posts and removes until it is told to stop.
async fn come_and_go(house: Arc<House>, token: String, first: u64, writing: Arc<Writing>) {
    let mut number = first;
    let mut old = Vec::new();
    while !writing.stop.load(Ordering::SeqCst) {
        let file = upload(&house, &token, &format!("{number}.bin"), &content_of(number)).await;
        let (status, answer) = post_files(&house, &token, &house.space, &[&file]).await;
        assert_eq!(status, 201, "{answer}");
        old.push(answer["event"]["seq"].as_i64().expect("a seq"));
        if old.len() > 6 {
            let path = format!("/spaces/{}/messages/{}", house.space, old.remove(number as usize % 5));
            does(&house, &token, "DELETE", &path, None).await;
        }
        writing.posted.fetch_add(1, Ordering::SeqCst);
        number += 1;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_among_uploads_names_no_file_that_it_lacks() {
    let house = Arc::new(house().await);
    let (joon_id, joon) = house.member("joon").expect("joon");
    let (mina_id, mina) = house.member("mina").expect("mina");
    for name in ["joon", "mina"] {
        add(&house, &house.space, &format!("{name}@example.com")).await;
    }
    for token in [&joon, &mina] {
        has_picture(&house, token, 10).await;
    }
    let mut before = Vec::new();
    for number in 1_000..1_040 {
        let file = upload(&house, &house.token, &format!("{number}.bin"), &content_of(number)).await;
        post_files(&house, &house.token, &house.space, &[&file]).await;
        before.push(file["id"].as_str().expect("an id").to_owned());
    }
    let place = tempfile::tempdir().expect("a folder");
    let kept = place.path().join("kept");
    let writing = Arc::<Writing>::default();
    let writers = [(house.token.clone(), 2_000), (joon.clone(), 3_000)]
        .map(|(token, first)| tokio::spawn(come_and_go(house.clone(), token, first, writing.clone())));
    while writing.posted.load(Ordering::SeqCst) < 20 {
        assert!(!writers.iter().any(|it| it.is_finished()), "somebody writes");
        tokio::task::yield_now().await;
    }
    let backing_up = tokio::task::spawn_blocking({
        let (house, kept) = (house.clone(), kept.display().to_string());
        move || house.command(&["backup", &kept])
    });
    // Meanwhile one gets another picture and one is taken out of the house.
    has_picture(&house, &joon, 200).await;
    does(&house, &house.token, "DELETE", &format!("/people/{mina_id}"), None).await;
    backing_up.await.expect("it runs").expect("written");
    writing.stop.store(true, Ordering::SeqCst);
    for writer in writers {
        writer.await.expect("it wrote");
    }
    let door = restored(&house, &kept, &place.path().join("new")).await;
    let named = named(&events(&door, &house.token, &house.space).await);
    assert!(named.len() > 40, "only {} files were posted before the backup", named.len());
    for id in &before {
        assert!(named.iter().any(|(it, _)| it == id), "what was acknowledged before the backup is in it");
    }
    for (id, name) in &named {
        let (status, bytes) = get(&door, &house.token, &format!("/files/{id}/x")).await;
        assert!(status == 200 && bytes == content_of(number_of(name)), "{name} is {status}");
    }
    let (_, people) = get(&door, &house.token, &format!("/people?ids={joon_id},{mina_id}")).await;
    let people: Value = serde_json::from_slice(&people).expect("JSON");
    let mut pictures = 0;
    for person in people["people"].as_array().expect("people") {
        if let Some(id) = person["picture"].as_str() {
            pictures += 1;
            let (status, _) = get(&door, &house.token, &format!("/pictures/{id}?w=96")).await;
            assert_eq!(status, 200, "the picture of {person}");
        }
    }
    assert!(pictures > 0, "{people}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_removed_while_a_backup_goes_on_stays_for_it() {
    let mut house = house().await;
    let token = house.token.clone();
    let bytes = noise(7, 40_000);
    let file = upload(&house, &token, "7.bin", &bytes).await;
    let (_, answer) = post_files(&house, &token, &house.space, &[&file]).await;
    let seq = answer["event"]["seq"].as_i64().expect("a seq");
    let place = tempfile::tempdir().expect("a folder");
    let (kept, new) = (place.path().join("kept"), place.path().join("new"));
    let arguments = ["backup", &kept.display().to_string()];
    tokio::task::block_in_place(|| house.command(&arguments)).expect("written");
    // A backup that has named this file may be about to copy it: the house does not know how far it is.
    does(&house, &token, "DELETE", &format!("/spaces/{}/messages/{seq}", house.space), None).await;
    house.stop().await.expect("stopped");
    // What belongs to no upload is the last thing to be cleared away at the start.
    let stray = house.data().join("uploads").join("0000000000007");
    std::fs::write(&stray, b"of nobody").expect("written");
    house.start().await.expect("it serves");
    let tidied = async {
        while stray.exists() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, tidied).await.expect("the house is tidied");
    let lies = walk(&house.data().join("files")).into_iter().any(|it| it == bytes);
    assert!(lies, "its content was cleared away under the backup");
    let key = ("authorization", format!("Bearer {token}"));
    let tus = Tus { client: &house.client, origin: house.origin(), key };
    let (status, _) = tus.content(file["id"].as_str().expect("an id")).await.expect("asked");
    assert_eq!(status, 404, "and nobody is given it");
    let door = restored(&house, &kept, &new).await;
    let (status, got) =
        get(&door, &token, &format!("/files/{}/x", file["id"].as_str().expect("an id"))).await;
    assert!(status == 200 && got == bytes, "in the backup it was not removed");
}

/// The contents of all files below a folder.
fn walk(folder: &Path) -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(walk(&path));
        } else {
            found.push(std::fs::read(path).expect("read"));
        }
    }
    found
}
