//! The `rich_text` block of what somebody typed: Slack's own composer makes one, and apps read it.

use std::str::FromStr;

use madang_model::text::{Block, Inline, parse};
use madang_model::{PersonId, SpaceId};
use serde_json::{Map, Value, json};

use crate::id;

/// The block that says what the text says; nothing for an empty text.
#[must_use]
pub fn rich_text(text: &str, block_id: &str) -> Option<Value> {
    let mut elements = Vec::new();
    for block in parse(text) {
        push_block(&block, 0, &mut elements);
    }
    (!elements.is_empty())
        .then(|| object! {"type": "rich_text", "block_id": block_id, "elements": elements}.into())
}

fn push_block(block: &Block, indent: usize, out: &mut Vec<Value>) {
    match block {
        Block::Paragraph { c } => push_section(inlines(c), out),
        Block::Quote { c } => push_quote(c, out),
        Block::Code { lang, text } => {
            let mut code = json!({
                "type": "rich_text_preformatted",
                "elements": [{"type": "text", "text": text}],
                "border": 0,
            });
            if let Some(lang) = lang {
                code["language"] = json!(lang);
            }
            out.push(code);
        }
        Block::List { ordered, start, items } => push_list(*ordered, *start, items, indent, out),
    }
}

/// Paragraphs that follow each other are one section, with an empty line between.
fn push_section(mut elements: Vec<Value>, out: &mut Vec<Value>) {
    if let Some(last) = out.last_mut().filter(|it| it["type"] == "rich_text_section")
        && let Some(before) = last["elements"].as_array_mut()
    {
        before.push(json!({"type": "text", "text": "\n\n"}));
        before.append(&mut elements);
    } else {
        out.push(object! {"type": "rich_text_section", "elements": elements}.into());
    }
}

fn push_quote(blocks: &[Block], out: &mut Vec<Value>) {
    let mut lines = Vec::new();
    for block in blocks {
        match block {
            Block::Paragraph { c } => {
                if !lines.is_empty() {
                    lines.push(json!({"type": "text", "text": "\n\n"}));
                }
                lines.extend(inlines(c));
            }
            other => {
                flush_quote(&mut lines, out);
                let from = out.len();
                push_block(other, 0, out);
                // What cannot stand in a quote has a line at its side.
                out[from..].iter_mut().for_each(|it| it["border"] = json!(1));
            }
        }
    }
    flush_quote(&mut lines, out);
}

fn flush_quote(lines: &mut Vec<Value>, out: &mut Vec<Value>) {
    if !lines.is_empty() {
        out.push(object! {"type": "rich_text_quote", "elements": std::mem::take(lines)}.into());
    }
}

/// Lists in lists follow their item as lists that are indented more, as Slack writes them.
fn push_list(ordered: bool, start: Option<u32>, items: &[Vec<Block>], indent: usize, out: &mut Vec<Value>) {
    let style = if ordered { "ordered" } else { "bullet" };
    let first = start.unwrap_or(1).saturating_sub(1) as usize;
    let mut sections: Vec<Value> = Vec::new();
    let mut offset = first;
    let flush = |sections: &mut Vec<Value>, offset: &mut usize, out: &mut Vec<Value>| {
        if sections.is_empty() {
            return;
        }
        let count = sections.len();
        let elements = std::mem::take(sections);
        let mut list = object! {
            "type": "rich_text_list",
            "style": style,
            "indent": indent,
            "border": 0,
            "elements": elements,
        };
        if ordered && *offset > 0 {
            list.insert("offset".into(), json!(offset));
        }
        *offset += count;
        out.push(list.into());
    };
    for item in items {
        let mut words = Vec::new();
        let mut below = Vec::new();
        for block in item {
            match block {
                Block::Paragraph { c } => {
                    if !words.is_empty() {
                        words.push(json!({"type": "text", "text": "\n"}));
                    }
                    words.extend(inlines(c));
                }
                other => push_block(other, indent + 1, &mut below),
            }
        }
        sections.push(object! {"type": "rich_text_section", "elements": words}.into());
        if !below.is_empty() {
            flush(&mut sections, &mut offset, out);
            out.append(&mut below);
        }
    }
    flush(&mut sections, &mut offset, out);
}

fn inlines(inlines: &[Inline]) -> Vec<Value> {
    let mut out = Vec::new();
    push_inlines(inlines, &Map::new(), &mut out);
    out
}

fn push_inlines(inlines: &[Inline], style: &Map<String, Value>, out: &mut Vec<Value>) {
    let within = |mark: &str| {
        let mut style = style.clone();
        style.insert(mark.to_owned(), json!(true));
        style
    };
    for inline in inlines {
        match inline {
            Inline::Bold { c } => push_inlines(c, &within("bold"), out),
            Inline::Italic { c } => push_inlines(c, &within("italic"), out),
            Inline::Strike { c } => push_inlines(c, &within("strike"), out),
            Inline::Code { text } => push_styled(json!({"type": "text", "text": text}), &within("code"), out),
            Inline::Text { text } => push_text(text, style, out),
            Inline::Break => push_text("\n", style, out),
            other => {
                if let Some(element) = element(other) {
                    push_styled(element, style, out);
                }
            }
        }
    }
}

/// Texts of one style that follow each other are one.
fn push_text(text: &str, style: &Map<String, Value>, out: &mut Vec<Value>) {
    let same = |last: &Value| {
        let styled = last.get("style").and_then(Value::as_object);
        last["type"] == "text" && styled.map_or(style.is_empty(), |it| it == style)
    };
    match out.last_mut().filter(|last| same(last)).and_then(|last| last.get_mut("text")) {
        Some(Value::String(before)) => before.push_str(text),
        _ => push_styled(json!({"type": "text", "text": text}), style, out),
    }
}

fn push_styled(mut element: Value, style: &Map<String, Value>, out: &mut Vec<Value>) {
    if !style.is_empty() {
        element["style"] = Value::Object(style.clone());
    }
    out.push(element);
}

fn element(inline: &Inline) -> Option<Value> {
    Some(match inline {
        Inline::Link { href, c, .. } => {
            let label = madang_model::text::plain_text(&[Block::Paragraph { c: c.clone() }]);
            match label == *href {
                true => json!({"type": "link", "url": href}),
                false => json!({"type": "link", "url": href, "text": label}),
            }
        }
        Inline::Mention { id: given } => match PersonId::from_str(given) {
            Ok(person) => json!({"type": "user", "user_id": id::written("U", person.0)}),
            Err(_) => json!({"type": "text", "text": format!("<@{given}>")}),
        },
        Inline::Space { id: given, name } => match SpaceId::from_str(given) {
            Ok(space) => json!({"type": "channel", "channel_id": id::written("C", space.0)}),
            Err(_) => json!({"type": "text", "text": format!("#{}", name.as_ref().unwrap_or(given))}),
        },
        Inline::Everyone => json!({"type": "broadcast", "range": "channel"}),
        Inline::Emoji { name, char } => {
            let (base, tone) = match name.split_once("::skin-tone-") {
                Some((base, tone)) => (base, tone.parse::<u8>().ok()),
                None => (name.as_str(), None),
            };
            let unicode: Vec<String> = char.chars().map(|c| format!("{:x}", c as u32)).collect();
            let mut emoji = json!({"type": "emoji", "name": base, "unicode": unicode.join("-")});
            if let Some(tone) = tone {
                emoji["skin_tone"] = json!(tone);
            }
            emoji
        }
        _ => return None,
    })
}
