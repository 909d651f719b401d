//! What the command line says when something is wrong, and with which exit code.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use serde_json::Value;

use crate::door::{madang, said, serve, set_up};

/// The report: the exit code, and for each thing whether it is fine and what is said.
fn report(data: &Path, options: &[&str]) -> (Option<i32>, impl Fn(&str) -> (bool, String) + use<>) {
    let output = madang(data, &[&["doctor", "--json"], options].concat());
    let report: Value =
        serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", said(&output)));
    let about = move |thing: &str| {
        let lines = report["lines"].as_array().expect("lines");
        let line = lines.iter().find(|line| line["about"] == thing);
        let line = line.unwrap_or_else(|| panic!("no line about {thing}: {report}"));
        (line["fine"] == true, line["text"].as_str().expect("text").to_owned())
    };
    (output.status.code(), about)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_doctor_says_what_is_so_and_what_to_do() {
    let data = tempfile::tempdir().expect("a folder");
    set_up(data.path());
    // Of ports only those that the system chooses: others run beside.
    let listen = ["--listen", "127.0.0.1:0", "--media-listen", "127.0.0.1:0"];
    let (code, about) = report(data.path(), &listen);
    assert_eq!(code, Some(1), "no mail and no backup are findings");
    for thing in
        ["config", "database", "clock", "set-up", "disk", "keys", "files", "bus", "port", "calls", "address"]
    {
        let (fine, text) = about(thing);
        assert!(fine, "{thing}: {text}");
    }
    assert!(about("database").1.contains("SQLite 3."), "{}", about("database").1);
    let (fine, text) = about("backup");
    assert!(!fine && text.contains("madang backup"), "{text}");
    let (fine, text) = about("mail");
    assert!(!fine && text.contains("--mail-url"), "{text}");

    // A backup and a mail server that answers end both findings; the code is 0 then.
    let kept = data.path().join("kept");
    let made = madang(data.path(), &["backup", kept.to_str().expect("a path")]);
    assert!(made.status.success(), "{}", said(&made));
    let (sink, _mails) = crate::mail::sink();
    let url = format!("smtp://{sink}");
    let mail = ["--mail-url", url.as_str(), "--mail-from", "madang@example.com"];
    let (code, about) = report(data.path(), &[&listen[..], &mail[..]].concat());
    assert!(about("backup").0, "{}", about("backup").1);
    assert!(about("mail").0, "{}", about("mail").1);
    assert_eq!(code, Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_doctor_finds_what_was_broken() {
    let data = tempfile::tempdir().expect("a folder");
    set_up(data.path());
    std::fs::set_permissions(data.path().join("root.key"), PermissionsExt::from_mode(0o644))
        .expect("changed");
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address").to_string();
    let far =
        ["--listen", &address, "--public-url", "http://talk.example.com", "--files-url", "/proc/nowhere"];
    let (code, about) = report(data.path(), &far);
    assert_eq!(code, Some(1));
    for (thing, advice) in [
        ("keys", "chmod 600"),
        ("port", "another program"),
        ("address", "not https"),
        ("files", "--files-url"),
    ] {
        let (fine, text) = about(thing);
        assert!(!fine && text.contains(advice), "{thing}: {text}");
    }
    // Pages in the middle of the file that hold nonsense.
    std::fs::set_permissions(data.path().join("root.key"), PermissionsExt::from_mode(0o600))
        .expect("changed");
    let file = data.path().join("madang.db");
    let mut bytes = std::fs::read(&file).expect("read");
    let pages = bytes.len() / 4096;
    for page in pages / 2..pages {
        bytes[page * 4096..page * 4096 + 100].fill(0xa5);
    }
    std::fs::write(&file, bytes).expect("written");
    let (_, about) = report(data.path(), &["--listen", "127.0.0.1:0"]);
    let (fine, text) = about("database");
    assert!(!fine && (text.contains("damage") || text.contains("malformed")), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_doctor_goes_to_the_house_as_a_visitor_would() {
    let data = tempfile::tempdir().expect("a folder");
    set_up(data.path());
    let door = serve(data.path(), &[]).await.expect("it serves");
    let listen = door.address.to_string();
    let (_, about) = report(data.path(), &["--listen", &listen]);
    assert!(about("port").1.contains("madang serves"), "{}", about("port").1);
    assert!(about("reachable").0, "{}", about("reachable").1);
    let nowhere = ["--listen", &listen, "--public-url", "https://localhost:1"];
    let (fine, text) = report(data.path(), &nowhere).1("reachable");
    assert!(!fine && text.contains("cannot be reached"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_settings_end_with_2_and_a_no_of_the_house_with_1() {
    let data = tempfile::tempdir().expect("a folder");
    set_up(data.path());
    let nowhere = data.path().join("nowhere");
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let taken = taken.local_addr().expect("an address").to_string();
    let cases: &[(&[&str], i32, &str)] = &[
        (&["serve", "--lisen", "x"], 2, "--listen"),
        (&["serve", "--tls-cert", "a.pem"], 2, "--tls-key"),
        (&["serve", "--listen", &taken], 2, "choose another port"),
        (&["serve", "--database-url", "mysql://x"], 2, "postgres://"),
        (&["serve", "--files-url", "gopher://x"], 2, "s3://"),
        (&["doctor", "--config", "/nowhere.toml"], 2, "/nowhere.toml"),
        (&["rebuild", "nobody"], 2, "activity"),
        (&["person", "remove", "nobody@example.com"], 1, ""),
        (&["token", "create", "--person", "nobody@example.com"], 1, "nobody@example.com"),
        (
            &[
                "setup",
                "--workspace",
                "둘째",
                "--email",
                "a@b.co",
                "--name",
                "A",
                "--password",
                "long enough it is",
            ],
            1,
            "",
        ),
        (&["restore", "/nowhere"], 1, "/nowhere"),
    ];
    for (arguments, code, sentence) in cases {
        let output = madang(data.path(), arguments);
        assert_eq!(output.status.code(), Some(*code), "{arguments:?}: {}", said(&output));
        assert!(said(&output).contains(sentence), "{arguments:?}: {}", said(&output));
    }
    let output = madang(&nowhere, &["doctor"]);
    assert_eq!((output.status.code(), nowhere.exists()), (Some(2), false), "{}", said(&output));
    let door = serve(data.path(), &[]).await.expect("it serves");
    let second = madang(data.path(), &["serve", "--listen", "127.0.0.1:0"]);
    assert_eq!(second.status.code(), Some(2));
    assert!(said(&second).contains("another madang works with"), "{}", said(&second));
    assert_eq!(door.stop().await, Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn those_who_run_the_house_see_what_the_doctor_sees() {
    let house = crate::talk::house().await;
    house.member("joon").expect("joon");
    let overview = crate::cast::does(&house, &house.token, "GET", "/overview", None).await;
    assert_eq!(overview["people"]["members"], 2, "{overview}");
    assert_eq!((&overview["spaces"]["open"], &overview["mail"]), (&Value::from(1), &Value::from(false)));
    assert!(
        overview["storage"]["database"].as_i64() > Some(0) && overview["storage"]["free"].as_i64() > Some(0)
    );
    let doctor = crate::cast::does(&house, &house.token, "GET", "/overview/doctor", None).await;
    let line = |about: &str| {
        let lines = doctor["lines"].as_array().expect("lines").iter();
        lines
            .clone()
            .find(|line| line["about"] == about)
            .unwrap_or_else(|| panic!("no {about}: {doctor}"))
            .clone()
    };
    for about in ["database", "keys", "files", "audit", "port", "reachable"] {
        assert_eq!(line(about)["fine"], true, "{}", line(about));
    }
    let backup = line("backup");
    assert!(backup["fine"] == false && backup["text"].as_str().expect("text").contains("madang backup"));
    let test = crate::cast::does(&house, &house.token, "POST", "/overview/mail", None).await;
    assert!(test["sent"] == false && test["complaint"].is_string(), "{test}");
}
