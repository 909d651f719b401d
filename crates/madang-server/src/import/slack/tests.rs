use std::io::Write;

use madang_app::import::{Export, Loss, OldMessage, OldRole};
use madang_model::space::SpaceKind;
use serde_json::json;

use super::Slack;

/// A ZIP with these parts.
fn zipped(parts: &[(&str, String)]) -> tempfile::NamedTempFile {
    let file = tempfile::NamedTempFile::new().expect("a file");
    let mut zip = zip::ZipWriter::new(file.reopen().expect("the file"));
    for (name, content) in parts {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).expect("a part");
        zip.write_all(content.as_bytes()).expect("written");
    }
    zip.finish().expect("a ZIP");
    file
}

fn users() -> String {
    json!([
        {"id": "U1", "team_id": "T1", "name": "nari", "profile": {"display_name": "나리", "email": "nari@example.com"}},
        {"id": "U2", "name": "joon", "real_name": "Joon", "deleted": true, "profile": {"email": "joon@example.com"}},
        {"id": "U3", "name": "sam", "is_ultra_restricted": true, "profile": {"real_name": "Sam", "display_name": ""}},
        {"id": "USLACKBOT", "name": "slackbot", "profile": {}},
    ])
    .to_string()
}

fn messages(of: &str) -> (Vec<OldMessage>, Vec<(Loss, String)>) {
    let channels =
        json!([{"id": "C1", "name": "일반", "created": 1700000000, "members": ["U1"]}]).to_string();
    let zip = zipped(&[
        ("users.json", users()),
        ("channels.json", channels),
        ("일반/2024-01-01.json", of.to_owned()),
    ]);
    let mut slack = Slack::open(zip.path()).expect("an export");
    slack.spaces().expect("spaces");
    let part = slack.messages("C1", 0).expect("a day").expect("the first");
    (part.messages, part.losses)
}

#[test]
fn people_spaces_and_days_are_found_also_within_a_folder() {
    let channels = json!([{
        "id": "C1", "name": "plans", "created": 1700000000, "creator": "U1", "is_archived": true,
        "members": ["U1", "U2"], "topic": {"value": "t"}, "purpose": {"value": "why"},
        "pins": [{"id": "1700000100.000200", "type": "C", "created": 1700000300, "user": "U2"}],
    }])
    .to_string();
    let dms = json!([{"id": "D1", "created": 1700000000, "members": ["U1", "U3"]}]).to_string();
    let day = json!([{"type": "message", "user": "U1", "ts": "1700000100.000200", "text": "hi"}]).to_string();
    let zip = zipped(&[
        ("old house/users.json", users()),
        ("old house/channels.json", channels),
        ("old house/dms.json", dms),
        ("old house/plans/2023-11-15.json", day.clone()),
        ("old house/plans/2023-11-14.json", day.clone()),
        ("old house/plans/canvas_in_the_conversation.json", "{}".into()),
        ("old house/D1/2023-11-14.json", day),
    ]);
    let mut slack = Slack::open(zip.path()).expect("an export");
    assert_eq!(slack.house(), "slack-T1");
    let people = slack.people().expect("people");
    let roles: Vec<OldRole> = people.iter().map(|it| it.role).collect();
    assert_eq!(roles, [OldRole::Member, OldRole::Gone, OldRole::Guest, OldRole::Gone]);
    assert_eq!(people[0].name, "나리");
    assert_eq!(people[2].name, "Sam");
    assert!(people[3].bot);
    let spaces = slack.spaces().expect("spaces");
    assert_eq!((spaces[0].kind, spaces[1].kind), (SpaceKind::Open, SpaceKind::Direct));
    assert_eq!((spaces[0].description.as_str(), spaces[0].archived), ("why", true));
    assert_eq!(spaces[0].pins[0].at_us, 1_700_000_300_000_000);
    assert_eq!(spaces[1].name, "나리, Sam");
    assert_eq!(slack.days["C1"].len(), 2, "a canvas is no day");
    let first = slack.messages("C1", 0).expect("a day").expect("the first").messages;
    assert_eq!((first[0].at_us, first[0].key.as_str()), (1_700_000_100_000_200, "1700000100.000200"));
    assert!(slack.messages("C1", 2).expect("no day").is_none());
}

#[test]
fn a_message_keeps_its_thread_edit_files_and_reactions() {
    let (read, losses) = messages(
        &json!([
            {"type": "message", "user": "U1", "ts": "5.000002", "text": "1 &lt; 2 &amp; <@U2>", "thread_ts": "5.000002",
             "edited": {"user": "U1", "ts": "9.000000"}, "reactions": [{"name": "+1::skin-tone-3", "users": ["U1"], "count": 1}],
             "files": [{"id": "F1", "name": "plan.pdf", "mimetype": "application/pdf", "url_private": "https://x"}]},
            {"type": "message", "subtype": "thread_broadcast", "user": "U2", "ts": "4.000001", "thread_ts": "1.000001",
             "text": "also here"},
        ])
        .to_string(),
    );
    assert!(losses.is_empty());
    assert_eq!(read[0].text, "also here", "in the order of time");
    assert_eq!((read[0].thread.as_deref(), read[0].also), (Some("1.000001"), true));
    assert_eq!((read[1].thread.as_deref(), read[1].also), (None, false), "a root names itself");
    assert_eq!(read[1].text, "1 < 2 & <@U2>");
    assert_eq!(read[1].edited_us, Some(9_000_000));
    assert_eq!(read[1].reactions, [(":+1:".to_owned(), vec!["U1".to_owned()])]);
    assert_eq!((read[1].files[0].key.as_str(), read[1].files[0].name.as_str()), ("F1", "plan.pdf"));
}

#[test]
fn a_program_says_what_its_blocks_and_attachments_say() {
    let (read, losses) = messages(
        &json!([
            {"type": "message", "subtype": "bot_message", "bot_id": "B1", "username": "deploy", "ts": "1.0", "text": "",
             "blocks": [{"type": "header", "text": {"type": "plain_text", "text": "Deployed"}},
                        {"type": "section", "fields": [{"type": "mrkdwn", "text": "*to* staging"}]}]},
            {"type": "message", "subtype": "bot_message", "bot_id": "B1", "ts": "2.0",
             "attachments": [{"fallback": "f", "title": "Build 7", "title_link": "https://ci/7",
                              "fields": [{"title": "Result", "value": "green"}]}]},
            {"type": "message", "user": "U1", "subtype": "me_message", "ts": "3.0", "text": "waves"},
        ])
        .to_string(),
    );
    assert!(losses.is_empty());
    assert_eq!((read[0].author.as_str(), read[0].author_name.as_deref()), ("B1", Some("deploy")));
    assert_eq!(read[0].text, "Deployed\n*to* staging");
    assert_eq!(read[1].text, "<https://ci/7|Build 7>\nResult: green");
    assert_eq!(read[2].text, "_waves_");
}

#[test]
fn what_has_no_place_here_is_counted_and_hides_nothing_else() {
    let (read, losses) = messages(
        &json!([
            {"type": "message", "subtype": "channel_join", "user": "U1", "ts": "1.0", "text": "joined"},
            {"type": "message", "subtype": "tombstone", "user": "USLACKBOT", "ts": "2.0", "text": "This was deleted"},
            {"type": "message", "user": "U1", "ts": "yesterday", "text": "?"},
            {"type": "message", "user": "U1", "ts": "3.0", "text": "  "},
            {"type": "message", "ts": "4.0", "text": "nobody"},
            {"type": "message", "user": ["U1"], "ts": "5.0"},
            {"type": "message", "user": "U1", "ts": "6.0", "text": "kept"},
        ])
        .to_string(),
    );
    assert_eq!(read.len(), 1);
    let kinds: Vec<Loss> = losses.iter().map(|it| it.0).collect();
    use Loss::{Empty, Notice, Removed, Unreadable};
    assert_eq!(kinds, [Notice, Removed, Unreadable, Empty, Unreadable, Unreadable]);
}

#[test]
fn a_file_that_is_no_export_is_refused_in_words() {
    let said = |parts: &[(&str, String)]| {
        let opened = Slack::open(zipped(parts).path());
        format!("{:#}", opened.err().expect("refused"))
    };
    assert!(said(&[("a.txt", "x".into())]).contains("users.json"));
    assert!(said(&[("users.json", "[]".into())]).contains("nobody"));
    assert!(said(&[("users.json", "{".into())]).contains("not what Slack writes"));
    let text = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(text.path(), "no zip").expect("written");
    assert!(format!("{:#}", Slack::open(text.path()).err().expect("refused")).contains("no ZIP"));
}
