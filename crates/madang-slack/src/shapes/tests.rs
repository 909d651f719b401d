//! Times and names there and back, and messages as apps read them.

use std::collections::HashMap;

use madang_app::records::PersonRecord;
use madang_model::app_part::AppPart;
use madang_model::event::Posted;
use madang_model::permission::Role;
use madang_model::row::Row;
use madang_model::{AppId, Body, Event, PersonId, SpaceId, WorkspaceId};
use serde_json::{Value, json};

use super::*;

fn person(id: i64, name: &str, bot: bool) -> PersonRecord {
    PersonRecord {
        id: PersonId(id),
        email: Some("nari@madang.test".into()),
        name: name.into(),
        picture: None,
        bot,
        language: "ko".into(),
        changed_at: 1_700_000_000_000_000,
        role: Some(Role::Member),
        removed: false,
        deactivated: false,
        password_hash: None,
    }
}

fn around() -> Around {
    let people = [person(7, "Nari Kim", false), person(8, "bori", true)];
    Around {
        house: House { id: WorkspaceId(1), name: "뜰".into(), url: "https://chat.madang.test".into() },
        channel: "C9".into(),
        people: people.into_iter().map(|it| (it.id, it)).collect(),
        bots: HashMap::from([(PersonId(8), AppId(5))]),
        roots: HashMap::from([(1, (1_700_000_000_000_001, PersonId(7)))]),
    }
}

fn shape(author: i64, posted: Posted) -> Value {
    let event = Event {
        space: SpaceId(9),
        seq: 2,
        at_us: 1_700_000_000_123_456,
        author: PersonId(author),
        client_id: None,
        staff: false,
        body: Body::MessagePosted(posted),
    };
    message(&Row::begun_by(&event).unwrap(), &around(), Occasion::Event).unwrap()
}

#[test]
fn handles_are_lower_case_and_without_spaces() {
    assert_eq!(handle("Nari Kim", '.'), "nari.kim");
    assert_eq!(handle(" 디자인 팀 (2026) ", '-'), "디자인-팀-2026");
    assert_eq!(handle("!!", '-'), "-");
}

#[test]
fn a_typed_message_has_text_and_blocks() {
    let shape = shape(7, Posted { text: "hi <b> *you*".into(), thread: Some(1), ..Posted::default() });
    assert_eq!(shape["text"], "hi &lt;b&gt; *you*");
    assert_eq!((&shape["user"], &shape["ts"]), (&json!("U7"), &json!("1700000000.123456")));
    assert_eq!(shape["thread_ts"], "1700000000.000001");
    assert_eq!(shape["parent_user_id"], "U7");
    assert_eq!(shape["blocks"][0]["elements"][0]["type"], "rich_text_section");
    assert_eq!((&shape["bot_id"], &shape["subtype"]), (&Value::Null, &Value::Null));
}

#[test]
fn a_bots_message_carries_both_its_ids_and_what_it_sent() {
    let app = AppPart {
        id: Some(AppId(5)),
        name: Some("Builds".into()),
        icon: Some(":tada:".into()),
        blocks: vec![json!({"type": "divider"})],
        source: Some("<https://a.kr|a>".into()),
        metadata: Some(json!({"event_type": "x", "event_payload": {}})),
        ..AppPart::default()
    };
    let posted = Posted { text: "[a](https://a.kr)".into(), app: Some(Box::new(app)), ..Posted::default() };
    let shape = shape(8, posted);
    assert_eq!(shape["text"], "<https://a.kr|a>");
    assert_eq!(
        (&shape["user"], &shape["bot_id"], &shape["app_id"]),
        (&json!("U8"), &json!("B8"), &json!("A5"))
    );
    assert_eq!((&shape["username"], &shape["subtype"]), (&json!("Builds"), &json!("bot_message")));
    assert_eq!(
        (&shape["icons"], &shape["blocks"]),
        (&json!({"emoji": ":tada:"}), &json!([{"type": "divider"}]))
    );
    assert_eq!(shape["bot_profile"]["name"], "bori");
    assert_eq!(shape["metadata"]["event_type"], "x");
}

#[test]
fn a_person_is_shown_with_the_address_only_to_whoever_may_see_it() {
    let around = around();
    let shown = user(&around.people[&PersonId(7)], &around.house, true, None);
    assert_eq!(
        (&shown["id"], &shown["name"], &shown["profile"]["email"]),
        (&json!("U7"), &json!("nari.kim"), &json!("nari@madang.test"))
    );
    let hidden = user(&around.people[&PersonId(7)], &around.house, false, None);
    assert_eq!(hidden["profile"]["email"], Value::Null);
    let bot = user(&around.people[&PersonId(8)], &around.house, true, Some(AppId(5)));
    assert_eq!(
        (&bot["is_bot"], &bot["profile"]["bot_id"], &bot["profile"]["api_app_id"]),
        (&json!(true), &json!("B8"), &json!("A5"))
    );
    assert_eq!(around.house.domain(), "chat");
}
