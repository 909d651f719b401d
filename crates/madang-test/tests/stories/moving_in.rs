//! An organisation moves in with its Slack export and a KakaoTalk room, while the house serves.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use madang_test::House;
use serde_json::{Value, json};

use crate::cast::does;
use crate::talk::{house, new_space, post};

/// The first of January 2024, 00:00 UTC, in seconds.
const NEW_YEAR: i64 = 1_704_067_200;

fn ts(second: i64) -> String {
    format!("{}.000100", NEW_YEAR + second)
}

/// A small office: nari and joon are here already, mina is new, sam was a guest, and old left long ago.
fn slack(folder: &Path, more: &[Value]) -> PathBuf {
    let users = json!([
        {"id": "U0NARI", "team_id": "T0OFFICE", "name": "nari", "profile": {"display_name": "나리", "email": "nari@example.com"}},
        {"id": "U0JOON", "name": "joon", "profile": {"real_name": "Joon", "email": "Joon@Example.com"}},
        {"id": "U0MINA", "name": "mina", "profile": {"display_name": "미나", "email": "mina@example.com"}},
        {"id": "U0SAM", "name": "sam", "is_restricted": true, "profile": {"email": "sam@partner.example"}},
        {"id": "U0OLD", "name": "old", "deleted": true, "profile": {"email": "old@example.com"}},
    ]);
    let channels = json!([{
        "id": "C0PLANS", "name": "plans", "created": NEW_YEAR, "creator": "U0JOON",
        "members": ["U0NARI", "U0JOON", "U0MINA"], "purpose": {"value": "What we want"},
        "pins": [{"id": ts(10), "type": "C", "created": NEW_YEAR + 30, "user": "U0JOON"}],
    }]);
    let groups = json!([{
        "id": "G0SECRET", "name": "secret", "created": NEW_YEAR, "creator": "U0JOON", "members": ["U0JOON", "U0SAM"],
    }]);
    let dms = json!([{"id": "D0TWO", "created": NEW_YEAR, "members": ["U0NARI", "U0JOON"]}]);
    let mut first = vec![
        json!({"type": "message", "subtype": "channel_join", "user": "U0JOON", "ts": ts(1), "text": "joined"}),
        json!({"type": "message", "user": "U0JOON", "ts": ts(10), "text": "<@U0NARI> *회의* 자료 &amp; <#C0PLANS|plans>",
               "thread_ts": ts(10), "edited": {"user": "U0JOON", "ts": ts(25)},
               "reactions": [{"name": "thumbsup", "users": ["U0NARI", "U0MINA"]}, {"name": "our-parrot", "users": ["U0OLD"]}]}),
        json!({"type": "message", "user": "U0OLD", "ts": ts(20), "text": "확인했어요", "thread_ts": ts(10)}),
        json!({"type": "message", "user": "U0MINA", "ts": ts(40), "text": "", "files": [
            {"id": "F0HERE", "name": "계획.txt", "mimetype": "text/plain"},
            {"id": "F0GONE", "name": "gone.pdf", "mimetype": "application/pdf"}]}),
    ];
    first.extend_from_slice(more);
    let talk = |text: &str| json!([{"type": "message", "user": "U0JOON", "ts": ts(50), "text": text}]);
    let path = folder.join(format!("export-{}.zip", more.len()));
    let mut zip = zip::ZipWriter::new(std::fs::File::create(&path).expect("a file"));
    for (name, content) in [
        ("users.json", users),
        ("channels.json", channels),
        ("groups.json", groups),
        ("dms.json", dms),
        ("plans/2024-01-01.json", json!(first)),
        ("secret/2024-01-01.json", talk("between us")),
        ("D0TWO/2024-01-01.json", talk("둘만 아는 이야기")),
        ("__uploads/F0HERE/계획.txt", json!("three steps")),
    ] {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).expect("a part");
        zip.write_all(content.to_string().as_bytes()).expect("written");
    }
    zip.finish().expect("a ZIP");
    path
}

fn import(house: &House, what: &[&str]) -> Value {
    house.command(&[&["import"], what, &["--json"]].concat()).expect("it is brought")
}

async fn space_named(house: &House, token: &str, name: &str) -> Option<Value> {
    let spaces = does(house, token, "GET", "/spaces", None).await;
    let list = spaces["spaces"].as_array().expect("a list").clone();
    list.into_iter().find(|it| it["name"] == name)
}

async fn events(house: &House, token: &str, space: &Value) -> Vec<Value> {
    let id = space["id"].as_str().expect("an id");
    let got = does(house, token, "GET", &format!("/spaces/{id}/events?after=0&limit=500"), None).await;
    got["events"].as_array().expect("a list").clone()
}

fn of_kind<'a>(events: &'a [Value], kind: &str) -> Vec<&'a Value> {
    events.iter().filter(|it| it["type"] == kind).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slack_workspace_moves_in_with_its_times_threads_reactions_and_files() {
    let house = house().await;
    let (joon_id, joon) = house.member("joon").expect("joon");
    let folder = tempfile::tempdir().expect("a folder");
    let zip = slack(folder.path(), &[]);
    let zip = zip.to_str().expect("text");

    let looked = import(&house, &["slack", zip, "--dry-run"]);
    assert_eq!(looked["people"], json!({"all": 5, "known": 2, "new": 3}));
    assert_eq!(looked["messages"], json!({"all": 5, "new": 0, "replies": 1}));
    assert!(space_named(&house, &joon, "plans").await.is_none(), "a dry run brings nothing");

    let report = import(&house, &["slack", zip]);
    assert_eq!(report["messages"]["new"], 5, "{report}");
    let lost = &report["not_carried_over"];
    assert_eq!(
        (&lost["notice"]["count"], &lost["own_emoji"]["count"], &lost["file_missing"]["count"]),
        (&json!(1), &json!(1), &json!(1)),
        "{report}"
    );

    let plans = space_named(&house, &joon, "plans").await.expect("joon is in it");
    assert_eq!(plans["description"], "What we want");
    assert_eq!((&plans["me"]["unread"], &plans["me"]["role"]), (&json!(0), &json!("host")), "{plans}");
    let log = events(&house, &joon, &plans).await;
    let posted = of_kind(&log, "message.posted");
    assert_eq!(posted[0]["at"], (NEW_YEAR + 10) * 1_000_000 + 100, "{posted:?}");
    let nari = does(&house, &house.token, "GET", "/me", None).await["me"]["id"].clone();
    let id = plans["id"].as_str().expect("an id");
    let expected = format!("<@{}> *회의* 자료 & <#{id}|plans>", nari.as_str().expect("an id"));
    assert_eq!(posted[0]["body"]["text"], expected);
    assert_eq!(posted[0]["author"], json!(joon_id));
    assert_eq!(posted[1]["body"]["thread"], posted[0]["seq"]);
    assert_eq!(of_kind(&log, "reaction.added").len(), 2);
    assert_eq!(of_kind(&log, "message.pinned")[0]["at"], (NEW_YEAR + 30) * 1_000_000);
    assert_eq!(of_kind(&log, "message.edited")[0]["at"], (NEW_YEAR + 25) * 1_000_000 + 100);
    let files = posted[2]["body"]["files"].as_array().expect("files");
    assert_eq!((files.len(), &files[0]["name"]), (1, &json!("계획.txt")));
    assert_eq!(posted[2]["body"]["text"], "📎 gone.pdf");
    let times: Vec<i64> = log.iter().filter_map(|it| it["at"].as_i64()).collect();
    assert!(times.windows(2).all(|two| two[0] < two[1]), "{times:?}");

    // Nobody is told of what was said in another house.
    let activity = does(&house, &house.token, "GET", "/activity", None).await;
    let kinds: Vec<&Value> =
        activity["items"].as_array().expect("a list").iter().map(|it| &it["kind"]).collect();
    assert!(!kinds.contains(&&json!("mention")), "{activity}");

    // What was private there is private here, also from the owner who brought it.
    assert!(space_named(&house, &house.token, "secret").await.is_none());
    assert!(space_named(&house, &joon, "secret").await.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_import_doubles_nothing_and_adds_what_is_new() {
    let house = house().await;
    let (_, joon) = house.member("joon").expect("joon");
    let folder = tempfile::tempdir().expect("a folder");
    let first = slack(folder.path(), &[]);
    import(&house, &["slack", first.to_str().expect("text")]);
    let plans = space_named(&house, &joon, "plans").await.expect("it is there");
    let before = events(&house, &joon, &plans).await;

    let again = import(&house, &["slack", first.to_str().expect("text")]);
    assert_eq!(
        (&again["messages"]["new"], &again["people"]["new"], &again["spaces"]["new"]),
        (&json!(0), &json!(0), &json!(0))
    );
    assert_eq!(events(&house, &joon, &plans).await, before, "not one event more");

    let newer =
        json!({"type": "message", "user": "U0MINA", "ts": ts(90), "text": "더 있어요", "thread_ts": ts(10)});
    let second = slack(folder.path(), &[newer]);
    let more = import(&house, &["slack", second.to_str().expect("text")]);
    assert_eq!(more["messages"]["new"], 1);
    let after = events(&house, &joon, &plans).await;
    assert_eq!(after.len(), before.len() + 1);
    let last = after.last().expect("an event");
    assert_eq!(
        (&last["body"]["text"], &last["body"]["thread"]),
        (&json!("더 있어요"), &of_kind(&before, "message.posted")[0]["seq"])
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn old_words_of_two_who_write_to_each_other_here_stand_beside_the_new_ones() {
    let house = house().await;
    let (joon_id, joon) = house.member("joon").expect("joon");
    let direct = does(&house, &house.token, "POST", "/directs", Some(json!({"people": [joon_id]}))).await;
    let direct = direct["space"]["id"].as_str().expect("an id").to_owned();
    post(&house, &joon, &direct, "새 이야기").await;
    let folder = tempfile::tempdir().expect("a folder");
    import(&house, &["slack", slack(folder.path(), &[]).to_str().expect("text")]);
    let old = space_named(&house, &joon, "나리, Joon").await.expect("a closed space of the two");
    assert_eq!(old["kind"], "closed");
    assert_eq!(
        of_kind(&events(&house, &joon, &old).await, "message.posted")[0]["body"]["text"],
        "둘만 아는 이야기"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kakaotalk_room_moves_in_with_the_people_it_is_told_of() {
    let house = house().await;
    let (joon_id, joon) = house.member("joon").expect("joon");
    let (_, mina) = house.member("mina").expect("mina");
    let elsewhere = new_space(&house, &house.token, "closed").await;
    let folder = tempfile::tempdir().expect("a folder");
    let chat = folder.path().join("chat.txt");
    let text = "신제품 TF 님과 카카오톡 대화\n저장한 날짜 : 2024-01-02 15:20:41\n\n\
        --------------- 2024년 1월 1일 월요일 ---------------\n[박준호] [오전 9:00] 새해\n복 많이\n[처음 보는 사람] [오전 9:00] 네\n\
        [회원님] [오전 9:01] 사진\n";
    std::fs::write(&chat, text).expect("written");
    let what = ["kakaotalk", chat.to_str().expect("text"), "--person", "박준호=joon@example.com"];
    let report = import(&house, &what);
    assert_eq!(report["messages"]["new"], 3, "{report}");
    let space = space_named(&house, &joon, "신제품 TF").await.expect("joon is in it");
    assert!(space_named(&house, &house.token, "신제품 TF").await.is_some(), "and whoever brought it");
    assert!(space_named(&house, &mina, "신제품 TF").await.is_none(), "and nobody else");
    let log = events(&house, &joon, &space).await;
    let posted = of_kind(&log, "message.posted");
    assert_eq!(
        (&posted[0]["author"], &posted[0]["body"]["text"]),
        (&json!(joon_id), &json!("새해\n복 많이"))
    );
    assert_eq!(posted[0]["at"], NEW_YEAR * 1_000_000, "nine in Seoul is midnight UTC");
    assert_eq!(import(&house, &what)["messages"]["new"], 0);
    // The house goes on as before.
    post(&house, &house.token, &elsewhere, "여기").await;
}

/// An import in the app, once it has ended in one way or another.
async fn ended(house: &House, id: &Value) -> Value {
    let given_up = Instant::now() + Duration::from_secs(60);
    while Instant::now() < given_up {
        let list = does(house, &house.token, "GET", "/imports", None).await;
        let found = list["imports"].as_array().expect("a list").iter().find(|it| it["id"] == *id).cloned();
        let found = found.expect("it is in the list");
        if !matches!(found["state"].as_str(), Some("waiting" | "running")) {
            return found;
        }
    }
    panic!("the import {id} does not end");
}

/// The id of an import that has ended, of this file.
pub async fn begun_and_ended(house: &House, file: Value) -> String {
    let body = json!({"source": "slack", "file": file});
    let id = does(house, &house.token, "POST", "/imports", Some(body)).await["import"]["id"].clone();
    ended(house, &id).await;
    id.as_str().expect("text").to_owned()
}

async fn begun(house: &House, source: &str, export: &Path) -> Value {
    let bytes = std::fs::read(export).expect("the export");
    let file = crate::uploads::upload(house, &house.token, "export", &bytes).await;
    let body = json!({"source": source, "file": file["id"]});
    does(house, &house.token, "POST", "/imports", Some(body)).await["import"]["id"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_owner_moves_in_from_the_app_and_a_restart_in_between_loses_and_doubles_nothing() {
    let mut house = house().await;
    let (_, joon) = house.member("joon").expect("joon");
    let folder = tempfile::tempdir().expect("a folder");
    let id = begun(&house, "slack", &slack(folder.path(), &[])).await;
    let looked = ended(&house, &id).await;
    assert_eq!((&looked["state"], &looked["dry_run"]), (&json!("done"), &json!(true)), "{looked}");
    assert_eq!(looked["report"]["people"], json!({"all": 5, "known": 2, "new": 3}));
    assert_eq!(looked["report"]["strangers"], json!(["미나", "sam", "old"]));
    assert!(space_named(&house, &joon, "plans").await.is_none(), "a dry run brings nothing");

    let path = format!("/imports/{}", id.as_str().expect("text"));
    does(&house, &house.token, "POST", &format!("{path}/run"), Some(json!({}))).await;
    house.kill().await.expect("killed");
    house.start().await.expect("it serves again");
    let brought = ended(&house, &id).await;
    assert_eq!((&brought["state"], &brought["dry_run"]), (&json!("done"), &json!(false)), "{brought}");
    let plans = space_named(&house, &joon, "plans").await.expect("joon is in it");
    assert_eq!(of_kind(&events(&house, &joon, &plans).await, "message.posted").len(), 3);

    // Once more brings nothing; ended, it is taken from the list, and its file away from its owner.
    does(&house, &house.token, "POST", &format!("{path}/run"), Some(json!({}))).await;
    assert_eq!(ended(&house, &id).await["report"]["messages"]["new"], 0);
    does(&house, &house.token, "DELETE", &path, None).await;
    assert_eq!(does(&house, &house.token, "GET", "/imports", None).await["imports"], json!([]));
    let log = does(&house, &house.token, "GET", "/audit?kind=settings", None).await;
    assert_eq!(log["entries"][0]["act"], "settings.imported", "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_that_is_none_says_so_and_a_room_is_looked_at_again_with_its_people() {
    let house = house().await;
    let (joon_id, joon) = house.member("joon").expect("joon");
    let folder = tempfile::tempdir().expect("a folder");
    let whole = std::fs::read(slack(folder.path(), &[])).expect("a ZIP");
    let cut = folder.path().join("cut.zip");
    std::fs::write(&cut, &whole[..whole.len() / 2]).expect("written");
    let failed = ended(&house, &begun(&house, "slack", &cut).await).await;
    assert_eq!(failed["state"], "failed", "{failed}");
    assert!(failed["error"].as_str().is_some_and(|it| it.len() > 20), "{failed}");

    let chat = folder.path().join("chat.txt");
    let text = "신제품 TF 님과 카카오톡 대화\n저장한 날짜 : 2024-01-02 15:20:41\n\n\
        --------------- 2024년 1월 1일 월요일 ---------------\n[박준호] [오전 9:00] 새해 복 많이\n";
    std::fs::write(&chat, text).expect("written");
    let id = begun(&house, "kakaotalk", &chat).await;
    assert_eq!(ended(&house, &id).await["report"]["strangers"], json!(["박준호"]));
    let path = format!("/imports/{}/run", id.as_str().expect("text"));
    let about = json!({"people": {"박준호": "joon@example.com"}, "space": "신제품"});
    let again = json!({"dry_run": true, "about": about});
    does(&house, &house.token, "POST", &path, Some(again)).await;
    assert_eq!(ended(&house, &id).await["report"]["strangers"], json!([]));
    does(&house, &house.token, "POST", &path, Some(json!({}))).await;
    assert_eq!(ended(&house, &id).await["state"], "done");
    let room = space_named(&house, &joon, "신제품").await.expect("joon is in it");
    let log = events(&house, &joon, &room).await;
    assert_eq!(of_kind(&log, "message.posted")[0]["author"], json!(joon_id));
}
