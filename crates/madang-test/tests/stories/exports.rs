//! What leaves the house, whole: for owners, and for everybody what is theirs.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use madang_test::House;
use serde_json::{Value, json};

use crate::cast::does;
use crate::mail;
use crate::talk::{add, house, new_space, post};
use crate::uploads::{post_files, upload};

/// An export in the list, once it has ended in one way or another.
async fn ended(house: &House, id: &str) -> Value {
    for _ in 0..20_000 {
        let list = does(house, &house.token, "GET", "/exports", None).await;
        let found = list["exports"].as_array().expect("a list").iter().find(|it| it["id"] == id).cloned();
        let found = found.expect("it is in the list");
        if !matches!(found["state"].as_str(), Some("waiting" | "running")) {
            return found;
        }
    }
    panic!("the export {id} does not end");
}

async fn asked(house: &House, private: bool) -> String {
    let body = json!({"private": private});
    let answer = does(house, &house.token, "POST", "/exports", Some(body)).await;
    answer["export"]["id"].as_str().expect("an id").to_owned()
}

/// The id of an export that is done; all others are gone.
pub async fn made(house: &House) -> String {
    none(house).await;
    let id = asked(house, false).await;
    assert_eq!(ended(house, &id).await["state"], "done");
    id
}

/// What becomes of an export.
pub async fn tried(house: &House) -> Value {
    let id = asked(house, false).await;
    ended(house, &id).await
}

/// Removes every export.
pub async fn none(house: &House) {
    let list = does(house, &house.token, "GET", "/exports", None).await;
    for export in list["exports"].as_array().expect("a list") {
        let path = format!("/exports/{}", export["id"].as_str().expect("an id"));
        does(house, &house.token, "DELETE", &path, None).await;
    }
}

/// Every entry of a ZIP by its name.
fn opened(bytes: Vec<u8>) -> BTreeMap<String, Vec<u8>> {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).expect("a ZIP");
    let mut entries = BTreeMap::new();
    for index in 0..zip.len() {
        let mut entry = zip.by_index(index).expect("an entry");
        let name = entry.name().expect("UTF-8").into_owned();
        assert!(entry.enclosed_name().is_some(), "{name} leads outside");
        let mut contents = Vec::new();
        entry.read_to_end(&mut contents).expect("its checksum is right");
        drop(entry);
        entries.insert(name, contents);
    }
    entries
}

async fn fetched(house: &House, token: &str, path: &str) -> BTreeMap<String, Vec<u8>> {
    let answer = house.client.get(house.url(path)).bearer_auth(token).send().await.expect("asked");
    assert_eq!(answer.status(), 200);
    opened(answer.bytes().await.expect("all of it").to_vec())
}

fn text(entries: &BTreeMap<String, Vec<u8>>, name: &str) -> String {
    let found = entries.get(name).unwrap_or_else(|| panic!("no {name} in {:?}", entries.keys()));
    String::from_utf8(found.clone()).expect("UTF-8")
}

fn lines(entries: &BTreeMap<String, Vec<u8>>, name: &str) -> Vec<Value> {
    text(entries, name).lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_in_open_spaces_goes_into_one_file_that_owners_alone_take() {
    let house = house().await;
    let (mina_id, mina) = house.member("mina").expect("mina");
    let garden = new_space(&house, &house.token, "open").await;
    let secret = new_space(&house, &house.token, "closed").await;
    add(&house, &garden, "mina@example.com").await;
    let root = post(&house, &house.token, &garden, "처음 글").await;
    let said = format!("/spaces/{garden}/messages");
    does(&house, &mina, "POST", &said, Some(json!({"text": "댓글", "thread": root}))).await;
    does(&house, &house.token, "PATCH", &format!("{said}/{root}"), Some(json!({"text": "고친 글"}))).await;
    does(&house, &mina, "PUT", &format!("{said}/{root}/reactions/tada"), None).await;
    let gone = post(&house, &mina, &garden, "지운 글").await;
    does(&house, &mina, "DELETE", &format!("{said}/{gone}"), None).await;
    let contents = crate::uploads::noise(300_000);
    let file = upload(&house, &mina, "../../etc/\u{202e}passwd", &contents).await;
    assert_eq!(post_files(&house, &mina, &garden, &[&file]).await.0, 201);
    post(&house, &house.token, &secret, "둘만 아는 글").await;
    let (desk, _) = crate::desks::desk(&house, &[&mina_id], json!({})).await;

    let refused = house.ask(Some(&mina), "POST", "/exports", Some(json!({}))).await.expect("asked");
    assert_eq!((refused.0, &refused.1["error"]["code"]), (403, &json!("not_allowed")));
    let id = asked(&house, false).await;
    let done = ended(&house, &id).await;
    assert_eq!((&done["state"], &done["private"]), (&json!("done"), &json!(false)), "{done}");
    let path = format!("/exports/{id}/file");
    assert_eq!(house.ask(Some(&mina), "GET", &path, None).await.expect("asked").0, 403);
    let entries = fetched(&house, &house.token, &path).await;

    let rows = lines(&entries, &format!("spaces/{garden}/messages.jsonl"));
    let row = |seq: i64| rows.iter().find(|it| it["seq"] == seq).unwrap_or_else(|| panic!("no {seq}"));
    let first = row(root);
    assert_eq!((&first["text"], &first["replies"]["count"]), (&json!("고친 글"), &json!(1)));
    assert!(first["reactions"][0]["emoji"] == "tada" && first["edited_at"].is_i64(), "{first}");
    assert_eq!((&row(gone)["removed"], &row(gone)["text"]), (&json!(true), &json!("")));
    assert!(rows.iter().any(|it| it["text"] == "댓글" && it["thread"] == root && it["author"] == mina_id));
    let whole: Vec<u8> = entries.values().flatten().copied().collect();
    assert!(!String::from_utf8_lossy(&whole).contains("지운 글"), "what was removed is not in it");
    assert!(!String::from_utf8_lossy(&whole).contains("둘만 아는 글"), "nor what few may read");
    assert!(!entries.keys().any(|it| it.contains(&secret)));

    let named: Vec<&String> = entries.keys().filter(|it| it.starts_with("files/")).collect();
    let id_of_file = file["id"].as_str().expect("an id");
    assert_eq!(named, [&format!("files/{id_of_file}/_.._etc_passwd")], "a name that leads nowhere");
    assert_eq!(entries[named[0]], contents);
    let people = lines(&entries, "people.jsonl");
    assert!(people.iter().any(|it| it["id"] == mina_id && it["email"] == "mina@example.com"));
    assert!(
        !text(&entries, "people.jsonl").contains("argon2")
            && !text(&entries, "people.jsonl").contains("password")
    );
    let about: Value =
        serde_json::from_str(&text(&entries, &format!("spaces/{garden}/space.json"))).expect("JSON");
    assert_eq!(about["members"].as_array().map(Vec::len), Some(2), "{about}");
    assert!(text(&entries, "README.txt").contains("messages.jsonl"));
    let desks: Value = serde_json::from_str(&text(&entries, "desks.json")).expect("JSON");
    assert_eq!((&desks[0]["id"], &desks[0]["agents"][0]["person"]), (&json!(desk), &json!(mina_id)));
    assert_eq!(desks[0]["settings"]["hours"]["zone"], "Asia/Seoul");
    assert_eq!(lines(&entries, "audit.jsonl")[0]["act"], "export.house");

    // A second part of it, as an interrupted download goes on.
    let part = house.client.get(house.url(&path)).bearer_auth(&house.token).header("range", "bytes=2-5");
    let part = part.send().await.expect("asked");
    assert_eq!((part.status().as_u16(), part.bytes().await.expect("bytes").len()), (206, 4));
    does(&house, &house.token, "DELETE", &format!("/exports/{id}"), None).await;
    assert_eq!(house.ask(Some(&house.token), "GET", &path, None).await.expect("asked").0, 404);
    assert_eq!(std::fs::read_dir(house.data().join("exports")).expect("a folder").count(), 0);
    let log = does(&house, &house.token, "GET", "/audit?kind=export", None).await;
    let acts: Vec<&Value> = log["entries"].as_array().expect("entries").iter().map(|it| &it["act"]).collect();
    assert_eq!(acts, ["export.house_removed", "export.house_taken", "export.house"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn private_conversations_are_exported_only_if_everybody_in_them_is_told() {
    let (address, mails) = mail::sink();
    let mut house = House::set_up().expect("a house");
    let server = format!("smtp://{address}");
    house.start_with(&["--mail-url", &server, "--mail-from", "house@example.com"]).await.expect("it serves");
    let (mina_id, mina) = house.member("mina").expect("mina");
    let (joon_id, joon) = house.member("joon").expect("joon");
    let direct = does(&house, &mina, "POST", "/directs", Some(json!({"people": [joon_id]}))).await;
    let direct = direct["space"]["id"].as_str().expect("an id").to_owned();
    post(&house, &mina, &direct, "우리 둘의 글").await;
    let open = new_space(&house, &house.token, "open").await;
    let last = async |token: &str, space: &str| {
        let path = format!("/spaces/{space}/events?after=0&limit=500");
        does(&house, token, "GET", &path, None).await["events"].as_array().expect("events").last().cloned()
    };

    let id = asked(&house, false).await;
    assert_eq!(ended(&house, &id).await["state"], "done");
    assert_eq!(last(&joon, &direct).await.expect("an event")["type"], "message.posted", "nothing left it");
    mail::next(&mails);
    none(&house).await;

    let id = asked(&house, true).await;
    assert_eq!(ended(&house, &id).await["state"], "done");
    let told = last(&joon, &direct).await.expect("an event");
    assert_eq!(told["type"], "space.exported", "{told}");
    assert!(told["author"] != mina_id && told["author"] != joon_id, "the owner did it");
    assert_ne!(
        last(&joon, &open).await.expect("an event")["type"],
        "space.exported",
        "everybody reads there"
    );
    let entries = fetched(&house, &house.token, &format!("/exports/{id}/file")).await;
    let rows = lines(&entries, &format!("spaces/{direct}/messages.jsonl"));
    assert!(
        rows.iter().any(|it| it["text"] == "우리 둘의 글")
            && rows.iter().any(|it| it["type"] == "space.exported")
    );
    let raw = mail::next(&mails);
    let letter = mail::read(&raw);
    assert!(letter.subject().expect("a subject").contains("private"), "{:?}", letter.subject());
    let log = does(&house, &house.token, "GET", "/audit?kind=export.house", None).await;
    assert_eq!(log["entries"][0]["details"]["private"], true, "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_is_written_though_the_house_is_killed_and_one_at_a_time() {
    let mut house = house().await;
    let garden = new_space(&house, &house.token, "open").await;
    for index in 0..150 {
        post(&house, &house.token, &garden, &format!("글 {index}")).await;
    }
    let id = asked(&house, false).await;
    house.kill().await.expect("killed");
    house.start().await.expect("it serves again");
    assert_eq!(ended(&house, &id).await["state"], "done");
    let entries = fetched(&house, &house.token, &format!("/exports/{id}/file")).await;
    let rows = lines(&entries, &format!("spaces/{garden}/messages.jsonl"));
    assert_eq!(rows.iter().filter(|it| it["type"] == "message").count(), 150);
    let names: Vec<_> = std::fs::read_dir(house.data().join("exports"))
        .expect("a folder")
        .map(|it| it.expect("a file").file_name().into_string().expect("UTF-8"))
        .collect();
    assert_eq!(names, [format!("{id}.zip")], "and no half of one is left");

    // Three are kept, no more.
    for _ in 0..2 {
        let id = asked(&house, false).await;
        ended(&house, &id).await;
    }
    let (status, refused) =
        house.ask(Some(&house.token), "POST", "/exports", Some(json!({}))).await.expect("asked");
    assert_eq!((status, &refused["error"]["code"]), (422, &json!("too_many")), "{refused}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_from_before_somebody_was_erased_is_gone() {
    let house = house().await;
    let (mina_id, _) = house.member("mina").expect("mina");
    let id = made(&house).await;
    does(&house, &house.token, "POST", &format!("/people/{mina_id}/erase"), Some(json!({"messages": false})))
        .await;
    assert_eq!(does(&house, &house.token, "GET", "/exports", None).await["exports"], json!([]));
    let path = format!("/exports/{id}/file");
    assert_eq!(house.ask(Some(&house.token), "GET", &path, None).await.expect("asked").0, 404);
    assert_eq!(std::fs::read_dir(house.data().join("exports")).expect("a folder").count(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_runs_the_machine_exports_from_the_command_line_while_the_house_serves() {
    let house = house().await;
    let (_, mina) = house.member("mina").expect("mina");
    let secret = new_space(&house, &mina, "closed").await;
    post(&house, &mina, &secret, "미나만 아는 글").await;
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name).to_str().expect("UTF-8").to_owned();
    house.command(&["export", "--out", &at("open.zip"), "--json"]).expect("written");
    let entries = opened(std::fs::read(at("open.zip")).expect("there"));
    assert!(!entries.keys().any(|it| it.contains(&secret)) && entries.contains_key("people.jsonl"));
    let said = house.command(&["export", "--out", &at("all.zip"), "--private", "--json"]).expect("written");
    assert_eq!(said["bytes"].as_u64(), Some(std::fs::metadata(at("all.zip")).expect("there").len()));
    let entries = opened(std::fs::read(at("all.zip")).expect("there"));
    assert!(text(&entries, &format!("spaces/{secret}/messages.jsonl")).contains("미나만 아는 글"));
    let path = format!("/spaces/{secret}/events?after=0&limit=500");
    let events = does(&house, &mina, "GET", &path, None).await;
    let told =
        events["events"].as_array().expect("events").iter().filter(|it| it["type"] == "space.exported");
    assert_eq!(told.count(), 1, "mina is told once");
    assert!(house.command(&["export", "--out", &at("all.zip"), "--json"]).is_err(), "nothing is overwritten");
    let log = does(&house, &house.token, "GET", "/audit?kind=export.house", None).await;
    assert_eq!(log["entries"][0]["way"], "command_line", "{log}");
    assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_takes_along_their_uploads_drafts_and_what_they_keep_for_later() {
    let house = house().await;
    let (_, mina) = house.member("mina").expect("mina");
    let garden = new_space(&house, &house.token, "open").await;
    add(&house, &garden, "mina@example.com").await;
    let contents = crate::uploads::noise(700_000);
    let file = upload(&house, &mina, "사진.bin", &contents).await;
    assert_eq!(post_files(&house, &mina, &garden, &[&file]).await.0, 201);
    let foreign = upload(&house, &house.token, "나리.bin", b"nari's").await;
    assert_eq!(post_files(&house, &house.token, &garden, &[&foreign]).await.0, 201);
    let seq = post(&house, &house.token, &garden, "나중에 볼 글").await;
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("after 1970");
    let later = now.as_micros() as i64 + 86_400_000_000;
    let saved = format!("/spaces/{garden}/messages/{seq}/saved");
    does(&house, &mina, "PUT", &saved, Some(json!({"remind_at": later}))).await;
    let waits = json!({"space": garden, "text": "내일 보낼 글", "at": later});
    does(&house, &mina, "PUT", "/scheduled/0123456789abcdef0123456789abcdef", Some(waits)).await;
    let draft = json!({"text": "쓰다 만 글", "at": 1});
    does(&house, &mina, "PUT", &format!("/spaces/{garden}/draft"), Some(draft)).await;

    // As browsers ask for it.
    let packed = house.client.get(house.url("/me/data?files=1")).bearer_auth(&mina);
    let packed = packed.header("accept-encoding", "gzip, br").send().await.expect("asked");
    assert!(!packed.headers().contains_key("content-encoding"), "it is packed already");
    opened(packed.bytes().await.expect("it comes to its end").to_vec());
    let entries = fetched(&house, &mina, "/me/data?files=1").await;
    let own = lines(&entries, "data.jsonl");
    let of = |kind: &str| own.iter().filter(|it| it["type"] == kind).collect::<Vec<_>>();
    assert_eq!(of("saved")[0]["value"]["remind_at"], later);
    assert_eq!(of("scheduled")[0]["value"]["text"], "내일 보낼 글");
    assert_eq!(of("draft")[0]["value"]["text"], "쓰다 만 글");
    assert_eq!((of("file").len(), of("message").len()), (1, 1));
    let names: Vec<&String> = entries.keys().filter(|it| it.starts_with("files/")).collect();
    assert_eq!(names, [&format!("files/{}/사진.bin", file["id"].as_str().expect("an id"))]);
    assert_eq!(entries[names[0]], contents);
    assert!(text(&entries, "README.txt").contains("data.jsonl"));
}
