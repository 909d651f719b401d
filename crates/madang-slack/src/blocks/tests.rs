//! Blocks that are right, and all the ways in which they are not.

use serde_json::{Value, json};

use super::*;

fn check(blocks: Value) -> Result<Vec<Value>, Vec<String>> {
    check_blocks(&blocks, &mut Fill::new("m1")).map_err(|wrong| wrong.messages)
}

fn refused(block: Value) -> String {
    check(json!([block])).expect_err("it is wrong").join("\n")
}

#[test]
fn what_is_missing_is_filled_and_what_is_unknown_is_kept() {
    let sent = json!([
        {"type": "section", "text": {"type": "mrkdwn", "text": "*hi*"}, "of_tomorrow": {"a": 1},
            "accessory": {"type": "button", "text": {"type": "plain_text", "text": "Go"}, "value": "1"}},
        {"type": "divider", "block_id": "mine"},
    ]);
    let kept = check(sent.clone()).unwrap();
    assert_eq!(kept[0]["of_tomorrow"], json!({"a": 1}));
    assert_eq!(kept[1]["block_id"], "mine");
    let (block, action) =
        (kept[0]["block_id"].as_str().unwrap(), kept[0]["accessory"]["action_id"].as_str().unwrap());
    assert!(block.len() == 5 && action.len() == 5 && block != action);
    assert_eq!(check(sent).unwrap(), kept, "the same message has the same ids");
}

#[test]
fn what_is_wrong_is_told_by_its_place() {
    let cases = [
        (json!("x"), "[ERROR] must provide an object [json-pointer:/blocks/0]"),
        (json!({}), "[ERROR] missing required field: type [json-pointer:/blocks/0]"),
        (json!({"type": "sections"}), "[ERROR] unsupported type: sections [json-pointer:/blocks/0/type]"),
        (json!({"type": "section"}), "[ERROR] missing required field: text [json-pointer:/blocks/0]"),
        (
            json!({"type": "section", "text": "plain"}),
            "[ERROR] must provide an object [json-pointer:/blocks/0/text]",
        ),
        (
            json!({"type": "section", "text": {"type": "mrkdwn", "text": ""}}),
            "[ERROR] must be more than 0 characters [json-pointer:/blocks/0/text/text]",
        ),
        (
            json!({"type": "section", "text": {"type": "mrkdwn", "text": "x".repeat(3001)}}),
            "[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]",
        ),
        (
            json!({"type": "header", "text": {"type": "mrkdwn", "text": "x"}}),
            "[ERROR] must be one of: plain_text [json-pointer:/blocks/0/text/type]",
        ),
        (
            json!({"type": "actions", "elements": []}),
            "[ERROR] no fewer than 1 items allowed [json-pointer:/blocks/0/elements]",
        ),
        (
            json!({"type": "context", "elements": [{"type": "button"}]}),
            "[ERROR] unsupported type: button [json-pointer:/blocks/0/elements/0/type]",
        ),
        (
            json!({"type": "actions", "elements": [{"type": "static_select"}]}),
            "[ERROR] missing required field: options [json-pointer:/blocks/0/elements/0]",
        ),
        (
            json!({"type": "input", "label": {"type": "plain_text", "text": "a"}, "element": {"type": "radio_buttons",
                "options": [{"text": {"type": "plain_text", "text": "x".repeat(76)}, "value": "1"}]}}),
            "[ERROR] must be less than 76 characters [json-pointer:/blocks/0/element/options/0/text/text]",
        ),
        (
            json!({"type": "image", "alt_text": "cat"}),
            "[ERROR] missing required field: image_url [json-pointer:/blocks/0]",
        ),
        (
            json!({"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [{"type": "nothing"}]}]}),
            "[ERROR] unsupported type: nothing [json-pointer:/blocks/0/elements/0/elements/0/type]",
        ),
        (
            json!({"type": "table", "rows": [[{"type": "raw_text", "text": 1}]]}),
            "[ERROR] must provide a string [json-pointer:/blocks/0/rows/0/0/text]",
        ),
        (
            json!({"type": "carousel", "elements": [{"type": "divider"}]}),
            "[ERROR] unsupported type: divider [json-pointer:/blocks/0/elements/0/type]",
        ),
    ];
    for (block, message) in cases {
        assert_eq!(refused(block.clone()), message, "{block}");
    }
}

#[test]
fn a_message_has_its_limits() {
    let blocks = vec![json!({"type": "divider"}); 51];
    assert_eq!(
        check(json!(blocks)).unwrap_err(),
        ["[ERROR] no more than 50 items allowed [json-pointer:/blocks]"]
    );
    let twice = json!([{"type": "divider", "block_id": "a"}, {"type": "divider", "block_id": "a"}]);
    assert_eq!(
        check(twice).unwrap_err(),
        ["[ERROR] `block_id` `a` already exists [json-pointer:/blocks/1/block_id]"]
    );
    let section = json!({"type": "section", "text": {"type": "mrkdwn", "text": "x".repeat(3000)}});
    let long = check_blocks(&json!(vec![section; 40]), &mut Fill::new("m")).unwrap_err();
    assert_eq!(long.error, "msg_blocks_too_long");
    let half = json!({"type": "markdown", "text": "x".repeat(6001)});
    assert_eq!(
        check(json!([half, half])).unwrap_err(),
        ["[ERROR] must be less than 12001 characters in total [json-pointer:/blocks]"]
    );
    assert_eq!(check_blocks(&json!({}), &mut Fill::new("m")).unwrap_err().error, "invalid_blocks_format");
    let mut deep = json!({"type": "divider"});
    for _ in 0..50 {
        deep = json!({"type": "container", "title": {"type": "plain_text", "text": "a"}, "child_blocks": [deep]});
    }
    assert!(refused(deep).contains("nested too deeply"));
}

#[test]
fn every_kind_of_block_can_be_right() {
    let plain = |text: &str| json!({"type": "plain_text", "text": text});
    let rich = json!({"type": "rich_text", "elements": [{"type": "rich_text_list", "style": "ordered",
        "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "a"}]}]}]});
    let image = json!({"type": "image", "alt_text": "cat", "image_url": "https://madang.kr/cat.png"});
    let button = json!({"type": "button", "text": plain("Go"), "confirm": {"title": plain("Sure?"), "text": plain("Really"), "confirm": plain("Yes"), "deny": plain("No")}});
    let right = json!([
        {"type": "section", "fields": [plain("a")], "accessory": image},
        {"type": "divider"},
        {"type": "header", "text": plain("a")},
        {"type": "context", "elements": [image, {"type": "mrkdwn", "text": "a"}]},
        {"type": "actions", "elements": [button, {"type": "datepicker", "initial_date": "2026-11-27"}, {"type": "overflow", "options": [{"text": plain("a"), "value": "1", "url": "https://a.kr"}]}]},
        {"type": "input", "label": plain("a"), "element": {"type": "plain_text_input", "multiline": true}},
        {"type": "image", "alt_text": "", "slack_file": {"id": "F1"}},
        rich,
        {"type": "markdown", "text": "# a"},
        {"type": "video", "alt_text": "a", "title": plain("a"), "video_url": "https://a.kr", "thumbnail_url": "https://a.kr"},
        {"type": "file", "external_id": "a", "source": "remote"},
        {"type": "table", "rows": [[{"type": "raw_text", "text": "a"}, rich]]},
        {"type": "data_table", "caption": "a", "rows": [[{"type": "raw_number", "value": 1}]]},
        {"type": "alert", "text": plain("a"), "level": "error"},
        {"type": "card", "title": {"type": "mrkdwn", "text": "a"}, "actions": [button]},
        {"type": "carousel", "elements": [{"type": "card", "body": {"type": "mrkdwn", "text": "a"}}]},
        {"type": "container", "title": plain("a"), "child_blocks": [{"type": "divider"}]},
        {"type": "context_actions", "elements": [{"type": "feedback_buttons", "positive_button": {"text": plain("a"), "value": "1"}, "negative_button": {"text": plain("b"), "value": "0"}}]},
        {"type": "task_card", "task_id": "1", "title": "a", "status": "complete", "output": rich},
        {"type": "plan", "title": "a", "tasks": [{"type": "task_card", "task_id": "1", "title": "a", "status": "pending"}]},
        {"type": "call", "call_id": "R1"},
    ]);
    let kept = check(right).unwrap();
    let kinds: Vec<&str> = kept.iter().map(|it| it["type"].as_str().unwrap()).collect();
    assert_eq!(kinds, BLOCKS.iter().map(|it| it.name).collect::<Vec<_>>(), "each of the table is tried");
}

#[test]
fn a_view_is_checked_whole() {
    let plain = |text: &str| json!({"type": "plain_text", "text": text});
    let input = json!({"type": "input", "label": plain("a"), "element": {"type": "email_text_input"}});
    let modal = |more: Value| {
        let mut view =
            json!({"type": "modal", "title": plain("Title"), "submit": plain("Send"), "blocks": [input]});
        view.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        check_view(&view, &mut Fill::new("V1")).map_err(|wrong| wrong.messages.join("\n"))
    };
    assert!(modal(json!({})).unwrap()["blocks"][0]["element"]["action_id"].is_string());
    let refused = |more: Value| modal(more).unwrap_err();
    assert_eq!(
        refused(json!({"title": plain(&"x".repeat(25))})),
        "[ERROR] must be less than 25 characters [json-pointer:/view/title/text]"
    );
    assert_eq!(
        refused(json!({"submit": null})),
        "[ERROR] missing required field: submit [json-pointer:/view]"
    );
    assert_eq!(
        refused(json!({"private_metadata": "x".repeat(3001)})),
        "[ERROR] must be less than 3001 characters [json-pointer:/view/private_metadata]"
    );
    assert_eq!(
        refused(json!({"type": "window"})),
        "[ERROR] must be one of: modal, home [json-pointer:/view/type]"
    );
    assert!(check_view(&json!({"type": "home", "blocks": []}), &mut Fill::new("V1")).is_ok());
    assert!(check_view(&json!("x"), &mut Fill::new("V1")).is_err());
}

#[test]
fn attachments_are_taken_as_sloppy_as_they_are() {
    let check = |attachments: Value| check_attachments(&attachments, &mut Fill::new("m"));
    let kept = check(json!([
        {"text": "", "ts": "1700000000.123456", "color": "", "fields": [{"title": "", "value": 3, "short": true}], "image_url": null},
        {"ts": 1_700_000_000.5, "blocks": [{"type": "divider"}]},
        {"ts": ""},
    ]))
    .unwrap();
    assert_eq!(kept[0]["ts"], 1_700_000_000);
    assert_eq!(kept[1]["ts"], 1_700_000_000);
    assert_eq!(kept[2]["id"], 3);
    assert!(kept[1]["blocks"][0]["block_id"].is_string());
    assert_eq!(check(json!("x")).unwrap_err().error, "invalid_attachments");
    assert_eq!(
        check(json!([1])).unwrap_err().messages,
        ["[ERROR] must provide an object [json-pointer:/attachments/0]"]
    );
    let wrong = check(json!([{"blocks": [{"type": "nothing"}]}])).unwrap_err();
    assert_eq!(
        (wrong.error, wrong.messages[0].as_str()),
        ("invalid_blocks", "[ERROR] unsupported type: nothing [json-pointer:/attachments/0/blocks/0/type]")
    );
}
