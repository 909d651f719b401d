//! The masks of a shared page, checked again: whatever the visitor's browser sent, what somebody typed goes no further,
//! and neither does anything that could run or fetch at the agent's.
//!
//! Each event (rrweb 2, https://github.com/rrweb-io/rrweb/blob/master/packages/types/src/index.ts) is built anew from
//! what is known to be harmless: what is not named here is left out.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use super::fields::{Fields, adopted, declaration, flags, list, numbers, rules, style, words};
use super::text::{MASK, address, hidden, is_masked, plain, sheet};

/// Nodes of one page that are remembered.
const NODES: usize = 60_000;
/// Elements within elements, in one piece of a page. A recorder sends what is deeper as a change of its own, because
/// readers of JSON stop not much deeper.
const DEPTH: usize = 60;
/// Elements around an element that are looked at for a mask. What is deeper than that is hidden.
const AROUND: usize = 2_000;

/// How it goes with a page, as the recorder says.
const SHOWING: [&str; 5] = ["preparing", "live", "paused", "too_large", "slow"];

/// A page that is larger than what is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooMuch;

/// What is remembered of a page since its last whole snapshot.
#[derive(Debug, Default)]
pub struct Page {
    nodes: HashMap<i64, Node>,
    /// Texts and values that had come without a mask.
    pub blanked: u64,
}

#[derive(Debug, Clone, Copy)]
struct Node {
    parent: i64,
    kind: Kind,
    /// All text in it is hidden.
    masks: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Its `value` is a word of the page: a button, an option.
    Label,
    /// Checked or not; what it is worth is nobody's affair.
    Tick,
    Style,
    Option,
    Other,
}

impl Page {
    /// The events as they may be passed on.
    ///
    /// # Errors
    /// `TooMuch` for what is too large to be shown; the page is forgotten then.
    pub fn check(&mut self, events: &[Value]) -> Result<Vec<Value>, TooMuch> {
        let mut out = Vec::with_capacity(events.len());
        for event in events {
            out.extend(self.event(event));
            if self.nodes.len() > NODES {
                self.nodes.clear();
                return Err(TooMuch);
            }
        }
        Ok(out)
    }

    fn event(&mut self, event: &Value) -> Option<Value> {
        let data = &event["data"];
        let kind = event["type"].as_i64()?;
        let data = match kind {
            0 | 1 => json!({}),
            2 => {
                self.nodes.clear();
                let node = self.node(&data["node"], 0, 0)?;
                json!({ "node": node, "initialOffset": numbers(&data["initialOffset"], &["left", "top"]) })
            }
            3 => self.change(data)?,
            4 => {
                let mut meta = numbers(data, &["width", "height"]);
                meta.insert("href".into(), address(data["href"].as_str().unwrap_or_default()).into());
                meta.into()
            }
            // How it goes with the page, in words of our own.
            5 if data["tag"] == "madang" => {
                let showing = SHOWING.iter().find(|it| data["payload"]["showing"] == **it)?;
                json!({ "tag": "madang", "payload": { "showing": showing } })
            }
            _ => return None,
        };
        Some(json!({ "type": kind, "data": data, "timestamp": event["timestamp"].as_f64()? }))
    }

    fn change(&mut self, data: &Value) -> Option<Value> {
        let source = data["source"].as_i64()?;
        let mut out = match source {
            0 => self.mutation(data)?,
            1 | 6 | 12 => {
                let positions = list(&data["positions"])
                    .map(|it| Value::from(numbers(it, &["x", "y", "id", "timeOffset"])));
                Map::from_iter([("positions".to_owned(), positions.collect())])
            }
            2 => numbers(data, &["type", "id", "x", "y", "pointerType"]),
            3 => numbers(data, &["id", "x", "y"]),
            4 => numbers(data, &["width", "height"]),
            5 => self.input(data)?,
            8 => rules(data, &["id", "styleId"]),
            13 => declaration(data)?,
            14 => {
                let keys = ["start", "startOffset", "end", "endOffset"];
                let ranges = list(&data["ranges"]).map(|it| Value::from(numbers(it, &keys)));
                Map::from_iter([("ranges".to_owned(), ranges.collect())])
            }
            15 => {
                let styles = list(&data["styles"]).map(|it| Value::from(adopted(it))).collect::<Value>();
                let mut out = numbers(data, &["id"]);
                let ids = list(&data["styleIds"]).filter(|it| it.is_i64()).cloned().collect::<Value>();
                out.extend([("styles".to_owned(), styles), ("styleIds".to_owned(), ids)]);
                out
            }
            _ => return None,
        };
        out.insert("source".into(), source.into());
        Some(out.into())
    }

    fn input(&mut self, data: &Value) -> Option<Fields> {
        let id = data["id"].as_i64()?;
        let text = match self.nodes.get(&id).map(|it| it.kind) {
            Some(Kind::Tick | Kind::Label) => String::new(),
            _ => self.masked(data["text"].as_str().unwrap_or_default()),
        };
        let mut out = numbers(data, &["id"]);
        let checked = data["isChecked"].as_bool().unwrap_or(false);
        out.extend([("text".to_owned(), text.into()), ("isChecked".to_owned(), checked.into())]);
        Some(out)
    }

    fn mutation(&mut self, data: &Value) -> Option<Fields> {
        // The inside of a frame is another page, to which nobody agreed.
        if data["isAttachIframe"].as_bool() == Some(true) {
            return None;
        }
        let mut adds = Vec::new();
        for add in list(&data["adds"]) {
            let mut out = numbers(add, &["parentId", "nextId", "previousId"]);
            out.entry("nextId").or_insert(Value::Null);
            let parent = add["parentId"].as_i64()?;
            if let Some(node) = self.node(&add["node"], parent, 0) {
                out.insert("node".into(), node);
                adds.push(Value::from(out));
            }
        }
        let attributes: Vec<Value> =
            list(&data["attributes"]).filter_map(|it| self.new_attributes(it)).collect();
        let texts: Vec<Value> = list(&data["texts"]).filter_map(|it| self.new_text(it)).collect();
        let removes = list(&data["removes"]).map(|it| {
            let mut out = numbers(it, &["parentId", "id"]);
            out.extend(flags(it, &["isShadow"]));
            Value::from(out)
        });
        let removes = removes.collect::<Value>();
        let all = [
            ("adds", adds.into()),
            ("attributes", attributes.into()),
            ("texts", texts.into()),
            ("removes", removes),
        ];
        Some(all.into_iter().map(|(key, value): (&str, Value)| (key.to_owned(), value)).collect())
    }

    fn new_attributes(&mut self, change: &Value) -> Option<Value> {
        let id = change["id"].as_i64()?;
        let attributes = change["attributes"].as_object()?;
        let node = self.nodes.get(&id).copied().unwrap_or(Node { parent: 0, kind: Kind::Other, masks: true });
        let masks = node.masks || masks(attributes);
        // What was a field for typing stays one, whatever it says it has become.
        let stays = attributes.get("type").is_none_or(|it| input_kind(it.as_str()) == node.kind);
        let kind =
            if stays || matches!(node.kind, Kind::Style | Kind::Option) { node.kind } else { Kind::Other };
        self.nodes.insert(id, Node { masks, kind, ..node });
        let attributes = self.attributes(attributes, kind);
        Some(json!({ "id": id, "attributes": attributes }))
    }

    fn new_text(&mut self, change: &Value) -> Option<Value> {
        let id = change["id"].as_i64()?;
        let text = change["value"].as_str().unwrap_or_default();
        let parent = self.nodes.get(&id).map_or(0, |it| it.parent);
        Some(json!({ "id": id, "value": self.text(text, id, parent) }))
    }

    fn text(&mut self, text: &str, id: i64, parent: i64) -> String {
        if self.nodes.get(&parent).is_some_and(|it| it.kind == Kind::Style) {
            return sheet(text);
        }
        // A text of which nobody knows where it stands may stand in a field.
        if (self.is_masked(id) || parent == 0) && !is_masked(text) {
            self.blanked += 1;
            return hidden(text);
        }
        plain(text)
    }

    /// Whether it, or anything around it, hides its text.
    fn is_masked(&self, id: i64) -> bool {
        let mut at = id;
        for _ in 0..AROUND {
            match self.nodes.get(&at) {
                Some(node) if node.masks => return true,
                Some(node) if node.parent != 0 => at = node.parent,
                Some(_) => return false,
                None => return true,
            }
        }
        true
    }

    fn masked(&mut self, text: &str) -> String {
        if is_masked(text) {
            return text.to_owned();
        }
        self.blanked += 1;
        MASK.to_owned()
    }

    /// A node, with all that is in it.
    fn node(&mut self, node: &Value, parent: i64, depth: usize) -> Option<Value> {
        let id = node["id"].as_i64().filter(|id| *id > 0)?;
        let kind = node["type"].as_i64()?;
        if depth > DEPTH || self.nodes.len() > NODES {
            return None;
        }
        let mut out = numbers(node, &["id", "type", "rootId"]);
        out.extend(flags(node, &["isSVG", "needBlock", "isShadowHost", "isShadow", "isStyle", "isCustom"]));
        let other = Node { parent, kind: Kind::Other, masks: false };
        match kind {
            0 => {
                self.nodes.insert(id, other);
                let quirks = node["compatMode"].as_str() == Some("BackCompat");
                out.extend(quirks.then(|| ("compatMode".to_owned(), "BackCompat".into())));
                out.insert("childNodes".into(), self.children(node, id, depth));
            }
            1 => out.extend(
                ["name", "publicId", "systemId"]
                    .map(|key| (key.to_owned(), if key == "name" { "html" } else { "" }.into())),
            ),
            2 => self.element(node, id, parent, depth, &mut out),
            3 => {
                self.nodes.insert(id, other);
                let text = self.text(node["textContent"].as_str().unwrap_or_default(), id, parent);
                out.insert("textContent".into(), text.into());
            }
            4 | 5 => {
                out.insert("textContent".into(), "".into());
            }
            _ => return None,
        }
        Some(out.into())
    }

    fn element(&mut self, node: &Value, id: i64, parent: i64, depth: usize, out: &mut Fields) {
        let empty = Map::new();
        let given = node["attributes"].as_object().unwrap_or(&empty);
        let tag = node["tagName"].as_str().unwrap_or_default().to_ascii_lowercase();
        let harmless = !FORBIDDEN.contains(&tag.as_str())
            && tag.chars().all(|it| it.is_alphanumeric() || matches!(it, '-' | '_' | '.'));
        let shown = match tag.as_str() {
            "iframe" | "object" | "embed" | "video" | "audio" | "canvas" => "div",
            "link" => "style",
            _ if harmless && !tag.is_empty() => &tag,
            _ => "noscript",
        };
        let kind = match shown {
            "style" => Kind::Style,
            "input" => input_kind(given.get("type").and_then(Value::as_str)),
            "button" | "li" | "progress" | "meter" | "data" => Kind::Label,
            "option" => Kind::Option,
            _ => Kind::Other,
        };
        let masks = shown == "textarea" || masks(given);
        self.nodes.insert(id, Node { parent, kind, masks });
        out.insert("tagName".into(), shown.into());
        out.insert("attributes".into(), self.attributes(given, kind).into());
        let inside = shown == tag || tag == "link";
        out.insert("childNodes".into(), if inside { self.children(node, id, depth) } else { json!([]) });
    }

    fn children(&mut self, node: &Value, id: i64, depth: usize) -> Value {
        list(&node["childNodes"]).filter_map(|it| self.node(it, id, depth + 1)).collect()
    }

    fn attributes(&mut self, given: &Fields, kind: Kind) -> Fields {
        let mut out = Map::new();
        for (name, value) in given {
            let lower = name.to_ascii_lowercase();
            let kept = match lower.as_str() {
                "value" if kind == Kind::Label || kind == Kind::Option => words(value),
                "value" if kind == Kind::Tick => None,
                "value" => value.as_str().map(|text| self.masked(text).into()),
                "selected" if kind == Kind::Option => None,
                "style" => style(value),
                "_csstext" => value.as_str().map(|text| sheet(text).into()),
                "src" => value.as_str().filter(|it| it.starts_with("data:image/")).map(Into::into),
                "href" | "xlink:href" => {
                    Some(value.as_str().filter(|it| it.starts_with('#')).unwrap_or("#").into())
                }
                "rr_width" | "rr_height" | "rr_scrollleft" | "rr_scrolltop" | "rr_open_mode" => words(value),
                _ if lower.starts_with("on")
                    || lower.starts_with("rr_")
                    || LEFT_OUT.contains(&lower.as_str()) =>
                {
                    None
                }
                _ if !lower.chars().all(|it| it.is_alphanumeric() || matches!(it, '-' | '_' | ':' | '.')) => {
                    None
                }
                _ => words(value),
            };
            out.extend(kept.map(|value| (name.clone(), value)));
        }
        out
    }
}

/// What runs, fetches, frames or sends the reader elsewhere.
const FORBIDDEN: [&str; 20] = [
    "script",
    "noscript",
    "frame",
    "frameset",
    "applet",
    "base",
    "meta",
    "portal",
    "template",
    "param",
    "source",
    "track",
    "animate",
    "animatemotion",
    "animatetransform",
    "set",
    "handler",
    "listener",
    "fencedframe",
    "title",
];

const LEFT_OUT: [&str; 30] = [
    "action",
    "archive",
    "attributionsrc",
    "autofocus",
    "background",
    "cite",
    "classid",
    "codebase",
    "content",
    "data",
    "download",
    "formaction",
    "http-equiv",
    "imagesrcset",
    "integrity",
    "is",
    "longdesc",
    "manifest",
    "nonce",
    "ping",
    "poster",
    "profile",
    "srcdoc",
    "srcset",
    "target",
    "usemap",
    "popovertarget",
    "commandfor",
    "autoplay",
    "contenteditable",
];

/// An element that says that what stands in it is hidden, or may be written into.
fn masks(attributes: &Fields) -> bool {
    let writes = |value: &Value| value.as_str().is_none_or(|it| !it.eq_ignore_ascii_case("false"));
    attributes.contains_key("data-madang-mask")
        || attributes.get("contenteditable").is_some_and(writes)
        || attributes.get("role").and_then(Value::as_str) == Some("textbox")
}

fn input_kind(of: Option<&str>) -> Kind {
    match of.unwrap_or_default().to_ascii_lowercase().as_str() {
        "submit" | "button" | "reset" => Kind::Label,
        "radio" | "checkbox" => Kind::Tick,
        _ => Kind::Other,
    }
}
