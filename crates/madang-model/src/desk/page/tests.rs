//! What a visitor's browser could send, and what of it goes on.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::text::{MASK, address, plain, sheet};
use super::{Page, TooMuch};

const SECRET: &str = "hunter2swordfish";

fn element(id: i64, tag: &str, attributes: Value, children: Vec<Value>) -> Value {
    json!({ "type": 2, "id": id, "tagName": tag, "attributes": attributes, "childNodes": children })
}

fn text(id: i64, text: &str) -> Value {
    json!({ "type": 3, "id": id, "textContent": text })
}

fn snapshot(body: Vec<Value>) -> Value {
    let html = element(2, "html", json!({}), vec![element(3, "body", json!({}), body)]);
    let document = json!({ "type": 0, "id": 1, "childNodes": [html] });
    json!({ "type": 2, "timestamp": 1, "data": { "node": document, "initialOffset": { "top": 0, "left": 0 } } })
}

fn mutation(data: Value) -> Value {
    let mut all = json!({ "source": 0, "adds": [], "removes": [], "texts": [], "attributes": [] });
    let fields = all.as_object_mut().expect("an object");
    fields.extend(data.as_object().expect("an object").clone());
    json!({ "type": 3, "timestamp": 2, "data": all })
}

fn change(data: Value) -> Value {
    json!({ "type": 3, "timestamp": 2, "data": data })
}

fn checked(events: &[Value]) -> String {
    let mut page = Page::default();
    serde_json::to_string(&page.check(events).expect("not too much")).expect("JSON")
}

/// What is left of one element of a page.
#[track_caller]
fn check(given: Value, expected: Value) {
    let mut page = Page::default();
    let out = page.check(&[snapshot(vec![given])]).expect("not too much");
    assert_eq!(out[0]["data"]["node"]["childNodes"][0]["childNodes"][0]["childNodes"][0], expected);
}

#[test]
fn what_is_typed_into_a_field_goes_no_further_though_it_comes_without_a_mask() {
    for (tag, attributes) in [
        ("input", json!({ "type": "text", "value": SECRET })),
        ("input", json!({ "value": SECRET })),
        ("input", json!({ "type": "hidden", "value": SECRET })),
        ("input", json!({ "type": "PASSWORD", "VALUE": SECRET })),
        ("input", json!({ "type": "checkbox", "value": SECRET })),
        ("textarea", json!({ "value": SECRET })),
        ("select", json!({ "value": SECRET })),
        ("x-field", json!({ "value": SECRET })),
    ] {
        let out = checked(&[snapshot(vec![element(4, tag, attributes.clone(), vec![])])]);
        assert!(!out.contains(SECRET), "{tag} {attributes}: {out}");
    }
    check(
        element(4, "input", json!({ "type": "text", "value": SECRET }), vec![]),
        element(4, "input", json!({ "type": "text", "value": MASK }), vec![]),
    );
    check(
        element(4, "input", json!({ "type": "text", "value": "***" }), vec![]),
        element(4, "input", json!({ "type": "text", "value": "***" }), vec![]),
    );
    check(
        element(4, "input", json!({ "type": "submit", "value": "Pay" }), vec![]),
        element(4, "input", json!({ "type": "submit", "value": "Pay" }), vec![]),
    );
}

#[test]
fn text_in_what_is_written_into_or_marked_is_hidden_however_it_comes() {
    for attributes in [
        json!({ "contenteditable": "true" }),
        json!({ "contenteditable": "" }),
        json!({ "contenteditable": "plaintext-only" }),
        json!({ "data-madang-mask": "" }),
        json!({ "role": "textbox" }),
    ] {
        let within = element(5, "p", json!({}), vec![text(6, SECRET)]);
        let page = snapshot(vec![element(4, "div", attributes.clone(), vec![within])]);
        let later = mutation(json!({ "texts": [{ "id": 6, "value": SECRET }] }));
        let added = mutation(json!({ "adds": [{ "parentId": 5, "nextId": null, "node": text(7, SECRET) }] }));
        let out = checked(&[page, later, added]);
        assert!(!out.contains(SECRET), "{attributes}: {out}");
    }
    let plain =
        snapshot(vec![element(4, "div", json!({ "contenteditable": "false" }), vec![text(5, "Hello")])]);
    assert!(checked(&[plain]).contains("Hello"));
    let marked_later = [
        snapshot(vec![element(4, "div", json!({}), vec![text(5, "Hello")])]),
        mutation(json!({ "attributes": [{ "id": 4, "attributes": { "data-madang-mask": "" } }] })),
        mutation(json!({ "texts": [{ "id": 5, "value": SECRET }] })),
    ];
    assert!(!checked(&marked_later).contains(SECRET));
}

#[test]
fn a_change_of_a_field_is_hidden_too_and_a_field_stays_one() {
    let page = || {
        snapshot(vec![
            element(4, "input", json!({ "type": "text" }), vec![]),
            element(5, "textarea", json!({}), vec![text(6, "")]),
        ])
    };
    for later in [
        change(json!({ "source": 5, "id": 4, "text": SECRET, "isChecked": false })),
        change(json!({ "source": 5, "id": 99, "text": SECRET, "isChecked": false })),
        mutation(json!({ "attributes": [{ "id": 4, "attributes": { "value": SECRET } }] })),
        mutation(json!({ "attributes": [{ "id": 4, "attributes": { "type": "submit", "value": SECRET } }] })),
        mutation(
            json!({ "attributes": [{ "id": 99, "attributes": { "type": "submit", "value": SECRET } }] }),
        ),
        mutation(json!({ "texts": [{ "id": 6, "value": SECRET }] })),
        mutation(json!({ "texts": [{ "id": 99, "value": SECRET }] })),
        mutation(json!({ "adds": [{ "parentId": 5, "nextId": null, "node": text(7, SECRET) }] })),
        mutation(json!({ "adds": [{ "parentId": 99, "nextId": null, "node": text(7, SECRET) }] })),
        change(json!({ "source": 11, "payload": [SECRET] })),
        change(json!({ "source": 9, "id": 4, "args": [SECRET] })),
        json!({ "type": 5, "timestamp": 2, "data": { "tag": "x", "payload": SECRET } }),
        json!({ "type": 6, "timestamp": 2, "data": { "plugin": "x", "payload": SECRET } }),
    ] {
        let out = checked(&[page(), later.clone()]);
        assert!(!out.contains(SECRET), "{later}: {out}");
    }
}

#[test]
fn nothing_that_runs_fetches_or_leads_elsewhere_is_passed_on() {
    check(
        element(4, "SCRIPT", json!({ "src": "https://evil/x.js" }), vec![text(5, "alert(1)")]),
        element(4, "noscript", json!({}), vec![]),
    );
    check(
        element(4, "iframe", json!({ "srcdoc": "<script>", "class": "map" }), vec![]),
        element(4, "div", json!({ "class": "map" }), vec![]),
    );
    check(
        element(
            4,
            "a",
            json!({ "href": "javascript:alert(1)", "onclick": "x()", "ONFOCUS": "x()", "ping": "https://evil" }),
            vec![],
        ),
        element(4, "a", json!({ "href": "#" }), vec![]),
    );
    check(
        element(4, "form", json!({ "action": "https://evil" }), vec![]),
        element(4, "form", json!({}), vec![]),
    );
    check(
        element(
            4,
            "img",
            json!({ "src": "https://evil/p.gif", "srcset": "https://evil/2", "alt": "Map" }),
            vec![],
        ),
        element(4, "img", json!({ "alt": "Map" }), vec![]),
    );
    check(
        element(4, "img", json!({ "src": "data:image/png;base64,AA" }), vec![]),
        element(4, "img", json!({ "src": "data:image/png;base64,AA" }), vec![]),
    );
    check(
        element(
            4,
            "link",
            json!({ "rel": "stylesheet", "_cssText": "a{background:url(https://evil)}" }),
            vec![],
        ),
        element(
            4,
            "style",
            json!({ "rel": "stylesheet", "_cssText": "a{background:x-url(https://evil)}" }),
            vec![],
        ),
    );
    check(
        element(4, "meta", json!({ "http-equiv": "refresh", "content": "0;url=https://evil" }), vec![]),
        element(4, "noscript", json!({}), vec![]),
    );
    check(
        element(4, "animate", json!({ "attributeName": "href", "to": "javascript:1" }), vec![]),
        element(4, "noscript", json!({ "attributeName": "href", "to": "javascript:1" }), vec![]),
    );
    assert_eq!(
        checked(&[mutation(
            json!({ "isAttachIframe": true, "adds": [{ "parentId": 4, "nextId": null, "node": text(9, "x") }] })
        )]),
        "[]"
    );
}

#[test]
fn how_it_goes_with_the_page_is_told_in_our_own_words_and_no_others() {
    let told = |showing: &str| json!({ "type": 5, "timestamp": 1.0, "data": { "tag": "madang", "payload": { "showing": showing } } });
    let mut page = Page::default();
    assert_eq!(page.check(&[told("paused"), told(SECRET)]), Ok(vec![told("paused")]));
}

#[test]
fn a_style_sheet_fetches_nothing() {
    for (given, expected) in [
        ("@import 'https://evil'; a{}", "x-import 'https://evil'; a{}"),
        ("a{background: URL( \"https://evil/?q\")}", "a{background: x-url( \"https://evil/?q\")}"),
        ("a{background:url(data:image/png;base64,AA)}", "a{background:url(data:image/png;base64,AA)}"),
        ("a{fill:url(#gradient)}", "a{fill:url(#gradient)}"),
        ("a{content:'가'; color:red}", "a{content:'가'; color:red}"),
    ] {
        assert_eq!(sheet(given), expected);
    }
}

#[test]
fn numbers_of_cards_and_persons_are_hidden_wherever_they_stand() {
    for (given, expected) in [
        ("Card 4242 4242 4242 4242, thanks", "Card **** **** **** ****, thanks"),
        ("4242-4242-4242-4242", "****-****-****-****"),
        ("900101-1234567", "******-*******"),
        ("Order 4242424242424243", "Order 4242424242424243"),
        ("02-123-4567 and 2026-11-27", "02-123-4567 and 2026-11-27"),
        ("0000000000000", "0000000000000"),
    ] {
        assert_eq!(plain(given), expected);
    }
}

#[test]
fn an_address_is_told_without_what_may_be_secret_in_it() {
    for (given, expected) in [
        ("https://shop.example/cart?token=1#x", "https://shop.example/cart"),
        ("https://name:word@shop.example/a", "https://shop.example/a"),
        ("javascript:alert(1)", ""),
        ("data:text/html,x", ""),
    ] {
        assert_eq!(address(given), expected);
    }
}

#[test]
fn a_page_that_is_too_large_is_refused_whole() {
    let many = |from: i64| {
        mutation(
            json!({ "adds": (from..from + 30_000).map(|id| json!({ "parentId": 3, "nextId": null, "node": text(id, "x") })).collect::<Vec<_>>() }),
        )
    };
    let mut page = Page::default();
    assert_eq!(page.check(&[snapshot(vec![]), many(10), many(40_000), many(80_000)]), Err(TooMuch));
    let mut deep = text(100_000, "x");
    for id in 10..200 {
        deep = element(id, "p", json!({}), vec![deep]);
    }
    assert!(!checked(&[snapshot(vec![deep])]).contains("100000"));
}

/// Anything at all, with names that mean something to a browser or to the check.
fn anything() -> impl Strategy<Value = Value> {
    let name = proptest::sample::select(vec![
        "type",
        "id",
        "tagName",
        "attributes",
        "childNodes",
        "node",
        "data",
        "source",
        "adds",
        "texts",
        "parentId",
        "value",
        "text",
        "textContent",
        "onclick",
        "href",
        "src",
        "srcdoc",
        "style",
        "_cssText",
        "rule",
        "set",
        "property",
        "styles",
        "rules",
        "timestamp",
    ]);
    let word = proptest::sample::select(vec![
        "script",
        "iframe",
        "input",
        "style",
        "link",
        "javascript:x",
        "url(https://evil)",
        SECRET,
        "text",
        "a",
    ]);
    let leaf = prop_oneof![
        2 => word.prop_map(Value::from),
        3 => (0..16_i64).prop_map(Value::from),
        1 => any::<bool>().prop_map(Value::from),
        1 => Just(Value::Null),
    ];
    leaf.prop_recursive(6, 64, 6, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            proptest::collection::btree_map(name.clone().prop_map(str::to_owned), inner, 0..8)
                .prop_map(|all| Value::Object(all.into_iter().collect())),
        ]
    })
}

/// A tree of fields, all of which hold the secret, among plain ones.
fn fields() -> impl Strategy<Value = Value> {
    let field = prop_oneof![
        Just(element(0, "input", json!({ "value": SECRET }), vec![])),
        Just(element(0, "textarea", json!({}), vec![text(0, SECRET)])),
        Just(element(0, "div", json!({ "contenteditable": "" }), vec![text(0, SECRET)])),
        Just(element(
            0,
            "b",
            json!({ "data-madang-mask": "1" }),
            vec![element(0, "i", json!({}), vec![text(0, SECRET)])]
        )),
        Just(text(0, "plain")),
    ];
    field.prop_recursive(4, 24, 4, |inner| {
        proptest::collection::vec(inner, 0..4).prop_map(|all| element(0, "div", json!({}), all))
    })
}

fn number(node: &mut Value, next: &mut i64) {
    node["id"] = (*next).into();
    *next += 1;
    for child in node["childNodes"].as_array_mut().into_iter().flatten() {
        number(child, next);
    }
}

/// Walks over everything that goes on.
fn harmless(value: &Value) -> bool {
    let field = |(name, value): (&String, &Value)| {
        let text = value.as_str().unwrap_or_default();
        let alone = match name.as_str() {
            "tagName" => !matches!(text, "script" | "iframe" | "link" | "meta" | "base" | "object"),
            "href" => text.starts_with('#') || text.is_empty(),
            "src" => text.starts_with("data:image/"),
            "style" | "_cssText" | "rule" => !text.replace("x-url(", "").contains("url(https"),
            "srcdoc" => false,
            name => !name.starts_with("on"),
        };
        alone && harmless(value)
    };
    match value {
        Value::Object(fields) => fields.iter().all(field),
        Value::Array(all) => all.iter().all(harmless),
        _ => true,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn whatever_is_sent_breaks_nothing_and_brings_nothing_that_runs(events in proptest::collection::vec(anything(), 0..6), data in anything(), kind in 0..8_i64) {
        let mut page = Page::default();
        let mut all = events;
        all.push(json!({ "type": kind, "timestamp": 1, "data": data }));
        let out = Value::from(page.check(&all).expect("small"));
        prop_assert!(harmless(&out), "{}", out);
    }

    #[test]
    fn what_stands_in_fields_is_passed_on_by_nothing(mut tree in fields(), mut later in fields()) {
        let mut next = 10;
        number(&mut tree, &mut next);
        number(&mut later, &mut next);
        let parent = if tree["type"] == 2 { tree["id"].clone() } else { json!(3) };
        let add = mutation(json!({ "adds": [{ "parentId": parent, "nextId": null, "node": later }] }));
        let out = checked(&[snapshot(vec![tree]), add]);
        prop_assert!(!out.contains(SECRET), "{}", out);
    }
}
