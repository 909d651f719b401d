//! Walks what an app sent along the table, and notes what is wrong by its place.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::elements::ELEMENTS;
use super::table::{self, BLOCKS, Field, Is, Kind, Marks};
use super::{Fill, MARKDOWN_CHARS};

/// Blocks within blocks: a container holds a carousel of cards, and nothing deeper.
const DEPTH: usize = 4;
/// Messages of one refusal: enough to mend it, and no flood.
const MESSAGES: usize = 50;

pub(super) struct Checker<'a> {
    fill: &'a mut Fill,
    messages: Vec<String>,
    block_ids: HashSet<String>,
    action_ids: HashSet<String>,
    markdown: usize,
    depth: usize,
}

impl<'a> Checker<'a> {
    pub(super) fn new(fill: &'a mut Fill) -> Self {
        Checker {
            fill,
            messages: Vec::new(),
            block_ids: HashSet::new(),
            action_ids: HashSet::new(),
            markdown: 0,
            depth: 0,
        }
    }

    pub(super) fn messages(self) -> Vec<String> {
        self.messages
    }

    pub(super) fn wrong(&mut self, what: &str, at: &str) {
        if self.messages.len() < MESSAGES {
            self.messages.push(format!("[ERROR] {what} [json-pointer:{at}]"));
        }
    }

    fn count(&mut self, count: usize, least: usize, most: usize, at: &str) {
        if count > most {
            self.wrong(&format!("no more than {most} items allowed"), at);
        } else if count < least {
            self.wrong(&format!("no fewer than {least} items allowed"), at);
        }
    }

    pub(super) fn blocks(&mut self, list: &mut [Value], at: &str, most: usize) {
        self.count(list.len(), 0, most, at);
        for (n, block) in list.iter_mut().enumerate().take(most) {
            self.block(block, None, &format!("{at}/{n}"));
        }
        if self.depth == 0 && self.markdown > MARKDOWN_CHARS {
            self.wrong(&format!("must be less than {} characters in total", MARKDOWN_CHARS + 1), at);
        }
    }

    fn block(&mut self, block: &mut Value, only: Option<&str>, at: &str) {
        if self.depth >= DEPTH {
            return self.wrong("nested too deeply", at);
        }
        let Some(object) = block.as_object_mut() else { return self.wrong("must provide an object", at) };
        let Some(kind) = self.kind_of(object, BLOCKS, only.as_slice(), at) else { return };
        self.block_id(object, at);
        if kind.name == "markdown" {
            self.markdown += object["text"].as_str().map_or(0, |text| text.chars().count());
        }
        self.depth += 1;
        self.fields_of(object, kind, at);
        self.depth -= 1;
    }

    fn block_id(&mut self, object: &mut Map<String, Value>, at: &str) {
        match object.get("block_id") {
            Some(Value::String(id)) if !id.is_empty() => {
                let id = id.clone();
                if id.chars().count() > 255 {
                    self.wrong("must be less than 256 characters", &format!("{at}/block_id"));
                } else if !self.block_ids.insert(id.clone()) {
                    self.wrong(&format!("`block_id` `{id}` already exists"), &format!("{at}/block_id"));
                }
            }
            None | Some(Value::Null | Value::String(_)) => {
                let mut id = self.fill.next_id();
                while !self.block_ids.insert(id.clone()) {
                    id = self.fill.next_id();
                }
                object.insert("block_id".to_owned(), id.into());
            }
            Some(_) => self.wrong("must provide a string", &format!("{at}/block_id")),
        }
    }

    /// The kind that an object says it is, among `allowed` (all of the table, if none are named).
    fn kind_of(
        &mut self,
        object: &Map<String, Value>,
        table: &'static [Kind],
        allowed: &[&str],
        at: &str,
    ) -> Option<&'static Kind> {
        let Some(name) = object.get("type").and_then(Value::as_str) else {
            self.wrong("missing required field: type", at);
            return None;
        };
        let found = table.iter().find(|kind| kind.name == name);
        let fits = allowed.is_empty() || allowed.contains(&name);
        if found.is_none() || !fits {
            self.wrong(&format!("unsupported type: {name}"), &format!("{at}/type"));
            return None;
        }
        found
    }

    fn element(&mut self, element: &mut Value, allowed: &[&str], at: &str) {
        let Some(object) = element.as_object_mut() else { return self.wrong("must provide an object", at) };
        let Some(kind) = self.kind_of(object, ELEMENTS, allowed, at) else { return };
        if kind.acts {
            self.action_id(object, at);
        }
        self.fields_of(object, kind, at);
    }

    /// Ids of actions need be single in their block only; that apps set the same one in two blocks is common.
    fn action_id(&mut self, object: &mut Map<String, Value>, at: &str) {
        match object.get("action_id") {
            Some(Value::String(id)) if !id.is_empty() => {
                if id.chars().count() > 255 {
                    self.wrong("must be less than 256 characters", &format!("{at}/action_id"));
                }
            }
            None | Some(Value::Null | Value::String(_)) => {
                let mut id = self.fill.next_id();
                while !self.action_ids.insert(id.clone()) {
                    id = self.fill.next_id();
                }
                object.insert("action_id".to_owned(), id.into());
            }
            Some(_) => self.wrong("must provide a string", &format!("{at}/action_id")),
        }
    }

    fn fields_of(&mut self, object: &mut Map<String, Value>, kind: &'static Kind, at: &str) {
        let there = |name: &&&str| object.get(**name).is_some_and(|it| !it.is_null());
        if !kind.one_of.is_empty() && kind.one_of.iter().find(there).is_none() {
            self.wrong(&format!("missing required field: {}", kind.one_of[0]), at);
        }
        self.fields(object, kind.fields, at);
    }

    pub(super) fn fields(&mut self, object: &mut Map<String, Value>, fields: &'static [Field], at: &str) {
        for field in fields {
            match object.get_mut(field.name) {
                None | Some(Value::Null) => {
                    if field.needed {
                        self.wrong(&format!("missing required field: {}", field.name), at);
                    }
                }
                Some(value) => self.value(value, &field.is, &format!("{at}/{}", field.name)),
            }
        }
    }

    fn value(&mut self, value: &mut Value, is: &'static Is, at: &str) {
        match is {
            Is::Any => {}
            Is::Text(least, most) => self.text(value, *least, *most, at),
            Is::Url(most) => self.text(value, 1, *most, at),
            Is::Bool => {
                if !value.is_boolean() {
                    self.wrong("must provide a boolean", at);
                }
            }
            Is::Number(least, most) => self.number(value, *least, *most, at),
            Is::Word(words) => {
                if !value.as_str().is_some_and(|word| words.contains(&word)) {
                    self.wrong(&format!("must be one of: {}", words.join(", ")), at);
                }
            }
            Is::Plain(least, most) => self.words(value, &["plain_text"], *least, *most, at),
            Is::Words(least, most) => self.words(value, &["plain_text", "mrkdwn"], *least, *most, at),
            Is::One(kinds) => self.element(value, kinds, at),
            Is::Many(kinds, least, most) => {
                self.list(value, *least, *most, at, &mut |checker, it, at| checker.element(it, kinds, at));
            }
            Is::Strings(least, most) => self.list(value, *least, *most, at, &mut |checker, it, at| {
                if !it.is_string() {
                    checker.wrong("must provide a string", at);
                }
            }),
            Is::Option(marks) => self.option(value, *marks, at),
            Is::Options(marks, least, most) => {
                self.list(value, *least, *most, at, &mut |checker, it, at| checker.option(it, *marks, at));
            }
            Is::Groups => {
                self.list(value, 1, 100, at, &mut |checker, it, at| checker.object(it, table::GROUP, at))
            }
            Is::Confirm => self.object(value, table::CONFIRM_DIALOG, at),
            Is::Object(fields) => self.object(value, fields, at),
            Is::SlackFile => {
                if !["id", "url"].iter().any(|key| value[*key].is_string()) {
                    self.wrong("missing required field: id", at);
                }
            }
            Is::RichText => self.rich_text(value, at),
            Is::Blocks(least, most) => {
                self.list(value, *least, *most, at, &mut |checker, it, at| checker.block(it, None, at));
            }
            // One block stands there by itself, more in a list.
            Is::BlocksOf(kind, 1, 1) => self.block(value, Some(kind), at),
            Is::BlocksOf(kind, least, most) => {
                self.list(value, *least, *most, at, &mut |checker, it, at| checker.block(it, Some(kind), at));
            }
            Is::Rows => self.rows(value, at),
        }
    }

    fn list(
        &mut self,
        value: &mut Value,
        least: usize,
        most: usize,
        at: &str,
        each: &mut dyn FnMut(&mut Self, &mut Value, &str),
    ) {
        let Some(list) = value.as_array_mut() else { return self.wrong("must provide an array", at) };
        self.count(list.len(), least, most, at);
        for (n, it) in list.iter_mut().enumerate().take(most) {
            each(self, it, &format!("{at}/{n}"));
        }
    }

    fn object(&mut self, value: &mut Value, fields: &'static [Field], at: &str) {
        match value.as_object_mut() {
            Some(object) => self.fields(object, fields, at),
            None => self.wrong("must provide an object", at),
        }
    }

    fn text(&mut self, value: &Value, least: usize, most: usize, at: &str) {
        let Some(text) = value.as_str() else { return self.wrong("must provide a string", at) };
        let count = text.chars().count();
        if count > most {
            self.wrong(&format!("must be less than {} characters", most + 1), at);
        } else if count < least {
            self.wrong(&format!("must be more than {} characters", least - 1), at);
        }
    }

    fn number(&mut self, value: &Value, least: i64, most: i64, at: &str) {
        match value.as_i64() {
            None => self.wrong("must provide a number", at),
            Some(number) if number < least => self.wrong(&format!("must be at least {least}"), at),
            Some(number) if number > most => self.wrong(&format!("must be at most {most}"), at),
            Some(_) => {}
        }
    }

    /// A text object of one of these kinds.
    fn words(&mut self, value: &Value, kinds: &[&str], least: usize, most: usize, at: &str) {
        let Some(object) = value.as_object() else { return self.wrong("must provide an object", at) };
        match object.get("type").and_then(Value::as_str) {
            None => return self.wrong("missing required field: type", at),
            Some(kind) if !kinds.contains(&kind) => {
                return self.wrong(&format!("must be one of: {}", kinds.join(", ")), &format!("{at}/type"));
            }
            Some(_) => {}
        }
        match object.get("text") {
            Some(text) => self.text(text, least, most, &format!("{at}/text")),
            None => self.wrong("missing required field: text", at),
        }
    }

    fn option(&mut self, value: &mut Value, marks: Marks, at: &str) {
        let Some(object) = value.as_object_mut() else { return self.wrong("must provide an object", at) };
        let kinds: &[&str] = if marks == Marks::Yes { &["plain_text", "mrkdwn"] } else { &["plain_text"] };
        match object.get("text") {
            Some(text) => self.words(text, kinds, 1, 75, &format!("{at}/text")),
            None => self.wrong("missing required field: text", at),
        }
        match object.get("value") {
            Some(text) => self.text(text, 0, 150, &format!("{at}/value")),
            // The options of an overflow menu may only have an address.
            None if object.get("url").is_some() => {}
            None => self.wrong("missing required field: value", at),
        }
        if let Some(description) = object.get("description").filter(|it| !it.is_null()) {
            self.words(description, kinds, 1, 75, &format!("{at}/description"));
        }
        if let Some(url) = object.get("url").filter(|it| !it.is_null()) {
            self.text(url, 1, 3000, &format!("{at}/url"));
        }
    }

    fn rich_text(&mut self, value: &mut Value, at: &str) {
        const PARTS: [&str; 4] =
            ["rich_text_section", "rich_text_list", "rich_text_quote", "rich_text_preformatted"];
        self.list(value, 0, 1000, at, &mut |checker, part, at| {
            let kind = part["type"].as_str().unwrap_or_default().to_owned();
            if !PARTS.contains(&kind.as_str()) {
                return checker.wrong(&format!("unsupported type: {kind}"), &format!("{at}/type"));
            }
            if kind == "rich_text_list" && !matches!(part["style"].as_str(), Some("bullet" | "ordered")) {
                checker.wrong("must be one of: bullet, ordered", &format!("{at}/style"));
            }
            let at = format!("{at}/elements");
            let Some(elements) = part.get_mut("elements") else {
                return checker.wrong("missing required field: elements", &at);
            };
            checker.list(elements, 0, 1000, &at, &mut |checker, it, at| match kind.as_str() {
                "rich_text_list" => {
                    let at = format!("{at}/elements");
                    match it.get_mut("elements") {
                        Some(inner) => {
                            checker.list(inner, 0, 1000, &at, &mut |checker, it, at| checker.inline(it, at));
                        }
                        None => checker.wrong("missing required field: elements", &at),
                    }
                }
                _ => checker.inline(it, at),
            });
        });
    }

    fn inline(&mut self, it: &Value, at: &str) {
        let needs = match it["type"].as_str().unwrap_or_default() {
            "text" => "text",
            "link" => "url",
            "user" => "user_id",
            "usergroup" => "usergroup_id",
            "channel" => "channel_id",
            "team" => "team_id",
            "broadcast" => "range",
            "emoji" => "name",
            "color" => "value",
            "date" => "timestamp",
            other => return self.wrong(&format!("unsupported type: {other}"), &format!("{at}/type")),
        };
        if it[needs].is_null() {
            self.wrong(&format!("missing required field: {needs}"), at);
        }
    }

    fn rows(&mut self, value: &mut Value, at: &str) {
        self.list(value, 1, 100, at, &mut |checker, row, at| {
            checker.list(row, 1, 20, at, &mut |checker, cell, at| match cell["type"].as_str() {
                Some("raw_text") => checker.text(&cell["text"], 0, 3000, &format!("{at}/text")),
                Some("raw_number") => {}
                Some("rich_text") => match cell.get_mut("elements") {
                    Some(elements) => checker.rich_text(elements, &format!("{at}/elements")),
                    None => checker.wrong("missing required field: elements", at),
                },
                Some(other) => checker.wrong(&format!("unsupported type: {other}"), &format!("{at}/type")),
                None => checker.wrong("missing required field: type", at),
            });
        });
    }
}
