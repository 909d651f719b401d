//! What was done in the house: read, carried out, and proved whole.

use serde_json::{Value, json};

use crate::cast::does;
use crate::talk::house;

/// The newest entry of an act.
fn newest<'a>(answer: &'a Value, act: &str) -> &'a Value {
    let entries = answer["entries"].as_array().expect("entries");
    entries.iter().find(|it| it["act"] == act).unwrap_or_else(|| panic!("no {act} in {answer}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn the_audit_log_tells_who_did_what_when_and_from_where() {
    let house = house().await;
    let (mina, token) = house.member("mina").expect("mina");
    let wrong = json!({"email": "mina@example.com", "password": "a guess at it"});
    assert_eq!(house.ask(None, "POST", "/session", Some(wrong)).await.expect("asked").0, 401);
    does(&house, &house.token, "PATCH", &format!("/people/{mina}"), Some(json!({"role": "admin"}))).await;
    let made = does(&house, &token, "POST", "/tokens", Some(json!({"label": "ci"}))).await;
    does(&house, &token, "DELETE", &format!("/tokens/{}", made["id"].as_str().expect("an id")), None).await;

    let log = does(&house, &token, "GET", "/audit", None).await;
    let refused = newest(&log, "session.refused");
    assert!(refused["actor"].is_null() && refused["object"]["name"] == "mina", "{refused}");
    assert_eq!((&refused["from"], &refused["way"]), (&json!("127.0.0.1"), &json!("web")));
    let changed = newest(&log, "person.role_changed");
    assert_eq!((&changed["actor"]["name"], &changed["object"]["id"]), (&json!("나리"), &json!(mina)));
    assert_eq!(newest(&log, "token.ended")["details"]["label"], "ci");
    // The command line has no address, and says that it was the command line.
    let joined = newest(&log, "person.joined");
    assert!(joined["way"] == "command_line" && joined["from"].is_null(), "{joined}");

    // Page by page, by person, by kind: the same entries.
    let all: Vec<Value> = log["entries"].as_array().expect("entries").clone();
    let (mut paged, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = does(&house, &token, "GET", &format!("/audit?limit=2{cursor}"), None).await;
        paged.extend(page["entries"].as_array().expect("entries").clone());
        let Some(next) = page["next_cursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(paged, all);
    let tokens = does(&house, &token, "GET", &format!("/audit?kind=token&person={mina}"), None).await;
    let acts: Vec<&Value> =
        tokens["entries"].as_array().expect("entries").iter().map(|it| &it["act"]).collect();
    assert_eq!(acts, ["token.ended", "token.made", "token.made"]);
    let (status, said) = house.ask(Some(&token), "GET", "/audit?kind=weather", None).await.expect("asked");
    assert_eq!((status, said["error"]["code"].as_str()), (422, Some("invalid")));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_of_the_audit_log_is_whole_and_runs_nothing_in_a_spreadsheet() {
    let house = house().await;
    // More than one step of the stream, and a name like a formula.
    for index in 0..210 {
        does(&house, &house.token, "POST", "/teams", Some(json!({"name": format!("=1+{index}")}))).await;
    }
    let fetch = async |format: &str| {
        let url = house.url(&format!("/audit/export?format={format}"));
        let answer = house.client.get(url).bearer_auth(&house.token).send().await.expect("asked");
        assert_eq!(answer.status(), 200);
        let name = answer.headers()["content-disposition"].to_str().expect("text").to_owned();
        assert!(name.starts_with("attachment") && name.contains(format), "{name}");
        answer.text().await.expect("text")
    };
    // As browsers ask for it: what packs the body must find its end too.
    let packed = house.client.get(house.url("/audit/export")).bearer_auth(&house.token);
    let packed = packed.header("accept-encoding", "gzip").send().await.expect("asked");
    assert!(!packed.bytes().await.expect("it comes to its end").is_empty());
    let lines = fetch("jsonl").await;
    let entries: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(entries.iter().filter(|it| it["act"] == "team.made").count(), 210);
    let seqs: Vec<i64> = entries.iter().map(|it| it["seq"].as_i64().expect("a number")).collect();
    assert_eq!(seqs, (1..=seqs[0]).rev().collect::<Vec<_>>(), "newest first, none missing");
    let csv = fetch("csv").await;
    assert!(csv.starts_with("\u{feff}seq,at,act,"));
    assert!(csv.contains("\"'=1+0\"") && !csv.contains(",\"=1+"), "formulas are text");
    assert_eq!(csv.lines().count(), entries.len() + 2, "the head, and the one export of before");
    let log = does(&house, &house.token, "GET", "/audit?kind=export.audit", None).await;
    assert_eq!(log["entries"].as_array().map(Vec::len), Some(3), "an export is an act too");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_audit_log_is_noticed_by_the_command_line_and_the_doctor() {
    let mut house = house().await;
    let (joon, _) = house.member("joon").expect("joon");
    does(&house, &house.token, "DELETE", &format!("/people/{joon}"), None).await;
    let check = does(&house, &house.token, "GET", "/audit/check", None).await;
    assert_eq!(check["whole"], true, "{check}");
    let head = check["head"].as_str().expect("a head").to_owned();
    let said = house.command(&["audit", "verify", "--head", &head, "--json"]).expect("whole");
    assert_eq!((&said["whole"], &said["head"]), (&json!(true), &json!(head)));
    house.stop().await.expect("it stops");
    if !tampered(&house) {
        return;
    }
    let refused = house.command(&["audit", "verify"]).expect_err("somebody was here");
    assert!(refused.to_string().contains("audit"), "{refused}");
    house.start().await.expect("it serves all the same");
    let check = does(&house, &house.token, "GET", "/audit/check", None).await;
    assert_eq!(check["whole"], false, "{check}");
    let report = madang_report(&house);
    assert!(report.contains("is not what was written"), "{report}");
}

/// Makes the removal somebody else's, in the database itself. False where there is no file to do it in.
fn tampered(house: &madang_test::House) -> bool {
    let file = house.data().join("madang.db");
    if !file.exists() {
        return false;
    }
    let sqlite = rusqlite::Connection::open(file).expect("opened");
    let changed = sqlite.execute("UPDATE audit SET actor = 7 WHERE act = 'person.removed'", []);
    changed.expect("changed") == 1
}

fn madang_report(house: &madang_test::House) -> String {
    let output = crate::door::madang(house.data(), &["doctor", "--json"]);
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_admin_ends_a_link_into_a_closed_space_and_does_not_learn_its_name() {
    let house = house().await;
    let (dara, admin) = house.member("dara").expect("dara");
    does(&house, &house.token, "PATCH", &format!("/people/{dara}"), Some(json!({"role": "admin"}))).await;
    let body = json!({"name": "비밀 정원", "kind": "closed"});
    let garden = does(&house, &house.token, "POST", "/spaces", Some(body)).await;
    let garden = garden["space"]["id"].as_str().expect("an id").to_owned();
    let link = crate::cast::link(&house, &house.token, &garden).await;

    let spaces = does(&house, &admin, "GET", "/overview/spaces", None).await;
    assert_eq!(
        (&spaces["hidden"], spaces["spaces"].as_array().map(Vec::len)),
        (&json!(1), Some(1)),
        "{spaces}"
    );
    let links = does(&house, &admin, "GET", "/links", None).await;
    let found = &links["links"][0];
    assert!(found["space"] == garden.as_str() && found["space_name"].is_null(), "{links}");
    assert!(!format!("{spaces}{links}").contains("비밀"));
    does(&house, &admin, "DELETE", &format!("/links/{}", found["id"].as_str().expect("an id")), None).await;
    let (status, _) = house.ask(None, "GET", &format!("/join/{link}"), None).await.expect("asked");
    assert_eq!(status, 404, "it leads nowhere");
    let log = does(&house, &admin, "GET", "/audit?kind=link", None).await;
    assert_eq!(newest(&log, "link.revoked")["actor"]["name"], "dara");
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_takes_along_what_the_house_holds_of_them_and_nothing_of_others() {
    let house = house().await;
    let (_, mina) = house.member("mina").expect("mina");
    let garden = crate::talk::new_space(&house, &mina, "closed").await;
    crate::talk::add(&house, &house.space, "mina@example.com").await;
    crate::talk::post(&house, &house.token, &house.space, "나리의 글").await;
    for index in 0..205 {
        crate::talk::post(&house, &mina, &garden, &format!("미나의 글 {index}")).await;
    }
    let answer = house.client.get(house.url("/me/data")).bearer_auth(&mina).send().await.expect("asked");
    let text = answer.text().await.expect("text");
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let of = |kind: &str| lines.iter().filter(|line| line["type"] == kind).count();
    assert_eq!((of("person"), of("space"), of("message"), of("token")), (1, 2, 205, 1), "{text}");
    assert_eq!(lines[0]["person"]["email"], "mina@example.com");
    assert!(!text.contains("나리의 글") && text.contains("미나의 글 204"));
    let log = does(&house, &house.token, "GET", "/audit?kind=export", None).await;
    assert_eq!(newest(&log, "export.own_data")["actor"]["name"], "mina");
}
