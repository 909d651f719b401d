//! The shared vectors, and laws that hold for every text.

use madang_model::text::{Block, parse};
use proptest::prelude::*;
use serde::Deserialize;
use serde_json::{Value, json};

use super::*;

/// `mrkdwn` as an app sends it; `text` as it is kept, whose tree is `nodes`; `back` as apps read it again, unless that is
/// what was sent.
#[derive(Deserialize)]
struct Vector {
    name: String,
    mrkdwn: String,
    text: String,
    nodes: Vec<Block>,
    back: Option<String>,
}

#[test]
fn every_shared_vector_reads_as_written() {
    let file = include_str!("../../../../testing/vectors/mrkdwn.json");
    let vectors: Vec<Vector> = serde_json::from_str(file).unwrap();
    assert!(vectors.len() >= 40);
    for vector in vectors {
        let text = from_mrkdwn(&vector.mrkdwn, &Ids::ours(), true);
        assert_eq!(text, vector.text, "{}", vector.name);
        assert_eq!(parse(&text), vector.nodes, "{}", vector.name);
        let back = to_mrkdwn(&text, &|_| None);
        assert_eq!(back, vector.back.unwrap_or(vector.mrkdwn), "{} back", vector.name);
    }
}

/// Parts of texts as people type them; any of them may follow any other.
fn part() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z가-힣 ]{1,8}",
        Just("<@07c85jwv42001>".to_owned()),
        Just("<#07c85jwv42002|뜰>".to_owned()),
        Just(" <!here> ".to_owned()),
        Just(" https://madang.kr/a?b=1&c=(2) ".to_owned()),
        Just(" <https://madang.kr|label> ".to_owned()),
        Just(" [label](https://madang.kr/x) ".to_owned()),
        Just(" *bold* _italic_ ~strike~ ".to_owned()),
        Just(" `<@code> & <b>` ".to_owned()),
        Just("\n```\n<@block> & *x*\n```\n".to_owned()),
        Just("\n- one\n- two <https://a.kr>\n  - inner\n".to_owned()),
        Just("\n1. one\n2. two\n".to_owned()),
        Just("\n> quoted & <b>\n\n".to_owned()),
        Just(" :wave: ".to_owned()),
        Just(" < > & &amp; &lt;@x&gt; ".to_owned()),
    ]
}

/// The tree without whether links show what they lead to: Slack says that beside a message and not in it.
fn tree(text: &str) -> String {
    let nodes = serde_json::to_string(&parse(text)).unwrap();
    nodes.replace(",\"quiet\":true", "").replace('\u{2060}', "")
}

proptest! {
    #[test]
    fn a_text_there_and_back_means_the_same(parts in prop::collection::vec(part(), 0..8)) {
        let text = parts.concat();
        let back = from_mrkdwn(&to_mrkdwn(&text, &|_| None), &Ids::ours(), true);
        prop_assert_eq!(tree(&back), tree(&text), "{} became {}", text, back);
    }

    #[test]
    fn what_is_escaped_calls_nobody(text in "[<>@#!|a-z0-9:/.`&;*_\\-\n ]{0,40}") {
        let read = from_mrkdwn(&escaped(&text), &Ids::ours(), true);
        prop_assert_eq!(madang_model::text::mentions(&read), Default::default());
        prop_assert_eq!(read.replace('\u{2060}', ""), text);
    }

    #[test]
    fn every_text_is_read(text in any::<String>(), marks in "[<>@#!|`*_~\\[\\]()&;\n -]{0,60}") {
        for text in [&text, &marks] {
            let _ = from_mrkdwn(text, &Ids::ours(), true);
            let _ = from_mrkdwn(text, &Ids::ours(), false);
            let _ = from_markdown(text, &Ids::ours(), true);
            let _ = to_mrkdwn(text, &|_| None);
            let _ = rich_text(text, "b");
            let _ = wished_names(text);
        }
    }
}

#[test]
fn links_without_previews_are_quiet() {
    let read = |mrkdwn: &str| from_mrkdwn(mrkdwn, &Ids::ours(), false);
    assert_eq!(
        read("see https://a.kr and <https://b.kr>, <https://c.kr|c>"),
        "see <https://a.kr> and <https://b.kr>, <https://c.kr|c>"
    );
    assert_eq!(read("xhttps://a.kr `https://a.kr`"), "xhttps://a.kr `https://a.kr`");
}

#[test]
fn names_are_linked_where_they_stand_alone() {
    let text = "@nari, #plans and @here: a@b.kr `@nari` <@U1> @nobody.";
    assert_eq!(wished_names(text).len(), 3);
    let linked = with_names(text, &mut |named| match (named.sign, named.name.as_str()) {
        ('@', "nari") => Some("<@U1>".to_owned()),
        ('#', "plans") => Some("<#C1>".to_owned()),
        _ => None,
    });
    assert_eq!(linked, "<@U1>, <#C1> and <!here>: a@b.kr `@nari` <@U1> @nobody.");
}

#[test]
fn markdown_becomes_the_language_of_messages() {
    let read = |markdown: &str| from_markdown(markdown, &Ids::ours(), true);
    for (markdown, text) in [
        (
            "# Title\n\nA **bold**, *italic* and ~~struck~~ `word`.",
            "*Title*\n\nA *bold*, _italic_ and ~struck~ `word`.",
        ),
        ("- one\n- two\n  - inner\n- three\n\nafter", "- one\n- two\n  - inner\n- three\n\nafter"),
        ("3. three\n4. four", "3. three\n4. four"),
        ("- [x] done\n- [ ] open", "- ☑ done\n- ☐ open"),
        ("> quoted\n> more\n\nafter", "> quoted\n> more\n\nafter"),
        (
            "[label](https://madang.kr) and <https://madang.kr>",
            "[label](https://madang.kr) and https://madang.kr",
        ),
        ("![a cat](https://madang.kr/cat.png)", "[a cat](https://madang.kr/cat.png)"),
        ("```rust\nlet a = 1 < 2;\n```", "```rust\nlet a = 1 < 2;\n```"),
        ("| a | 나라 |\n|---|---|\n| long | b |", "```\na     나라\nlong  b\n```"),
        ("<@U20R54P0ZIUWX> & <!here>", "<@07c85jwv42001> & <!here>"),
        ("one\ntwo\n\n---\n\nthree", "one\ntwo\n\n———\n\nthree"),
    ] {
        assert_eq!(read(markdown), text, "{markdown}");
    }
}

#[test]
fn a_typed_text_has_a_rich_text_block() {
    let block = rich_text("hi *<@07c85jwv42001>* :wave:\n- a\n  - b", "x1").unwrap();
    assert_eq!(
        block["elements"],
        json!([
            {"type": "rich_text_section", "elements": [
                {"type": "text", "text": "hi "},
                {"type": "user", "user_id": "U20R54P0ZIUWX", "style": {"bold": true}},
                {"type": "text", "text": " "},
                {"type": "emoji", "name": "wave", "unicode": "1f44b"},
            ]},
            {"type": "rich_text_list", "style": "bullet", "indent": 0, "border": 0, "elements": [
                {"type": "rich_text_section", "elements": [{"type": "text", "text": "a"}]},
            ]},
            {"type": "rich_text_list", "style": "bullet", "indent": 1, "border": 0, "elements": [
                {"type": "rich_text_section", "elements": [{"type": "text", "text": "b"}]},
            ]},
        ])
    );
    assert_eq!(words_of_rich_text(&block, &Ids::ours()), "hi *<@07c85jwv42001>* :wave:\n- a\n  - b");
    assert_eq!(rich_text(" \n", "x1"), None);
}

#[test]
fn blocks_and_attachments_have_words() {
    let blocks: Vec<Value> = serde_json::from_value(json!([
        {"type": "header", "text": {"type": "plain_text", "text": "Build 7"}},
        {"type": "divider"},
        {"type": "section", "text": {"type": "mrkdwn", "text": "<https://ci.kr|failed>"},
            "fields": [{"type": "mrkdwn", "text": "*Branch* main"}]},
        {"type": "context", "elements": [{"type": "image", "alt_text": "cat", "image_url": "https://c.kr"}, {"type": "mrkdwn", "text": "now"}]},
        {"type": "actions", "elements": [{"type": "button", "text": {"type": "plain_text", "text": "Retry"}}]},
        {"type": "something_new", "text": {"type": "plain_text", "text": "kept"}},
    ]))
    .unwrap();
    let attachments: Vec<Value> = serde_json::from_value(json!([
        {"title": "Disk", "title_link": "https://g.kr", "text": "is *full*", "fallback": "unseen", "fields": [{"title": "Host", "value": "db1"}]},
        {"fallback": "only this"},
    ]))
    .unwrap();
    assert_eq!(
        words(&blocks, &attachments, &Ids::ours()),
        "*Build 7*\n[failed](https://ci.kr)\n*Branch* main\ncat · now\nRetry\nkept\n[Disk](https://g.kr)\nis *full*\n*Host*: db1\nonly this"
    );
}
