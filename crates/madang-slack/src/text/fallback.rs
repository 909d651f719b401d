//! The words of blocks and attachments, for whoever does not draw them: notifications, search, old clients.
//!
//! Nothing that has words is left out in silence: what is not known gives the words it has.

use serde_json::Value;

use super::{Ids, from_markdown, from_mrkdwn};

/// The words of everything, as the text of a message here.
#[must_use]
pub fn words(blocks: &[Value], attachments: &[Value], ids: &Ids) -> String {
    let mut lines = Vec::new();
    blocks.iter().for_each(|block| push_block(block, ids, &mut lines));
    attachments.iter().for_each(|attachment| push_attachment(attachment, ids, &mut lines));
    lines.join("\n")
}

fn push(line: String, lines: &mut Vec<String>) {
    if !line.trim().is_empty() {
        lines.push(line);
    }
}

fn string<'a>(of: &'a Value, key: &str) -> &'a str {
    of[key].as_str().unwrap_or_default()
}

/// The words of a text object, or of a text that stands where one may.
fn text(of: &Value, ids: &Ids) -> String {
    match of {
        Value::String(plain) => plain.clone(),
        Value::Object(object) => {
            let words = string(of, "text");
            match object.get("type").and_then(Value::as_str) {
                Some("mrkdwn") => from_mrkdwn(words, ids, true),
                Some("rich_text") => words_of_rich_text(of, ids),
                Some("raw_number") => {
                    object.get("value").or(object.get("number")).map_or_else(String::new, plain)
                }
                _ => words.to_owned(),
            }
        }
        _ => String::new(),
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn push_block(block: &Value, ids: &Ids, lines: &mut Vec<String>) {
    match string(block, "type") {
        "divider" => {}
        "header" => push(bold(&text(&block["text"], ids)), lines),
        "markdown" => push(from_markdown(string(block, "text"), ids, true), lines),
        "rich_text" => push(words_of_rich_text(block, ids), lines),
        "image" => {
            push(text(&block["title"], ids), lines);
            push(string(block, "alt_text").to_owned(), lines);
        }
        "context" | "actions" | "context_actions" => {
            let said = each(&block["elements"]).map(|it| element(it, ids)).filter(|it| !it.is_empty());
            push(said.collect::<Vec<_>>().join(" · "), lines);
        }
        "table" | "data_table" => {
            push(text(&block["caption"], ids), lines);
            for row in each(&block["rows"]) {
                let cells = row.as_array().or_else(|| row["cells"].as_array()).into_iter().flatten();
                push(cells.map(|cell| text(cell, ids)).collect::<Vec<_>>().join(" | "), lines);
            }
        }
        "video" => {
            push(text(&block["title"], ids), lines);
            push(string(block, "title_url").to_owned(), lines);
        }
        "call" => {
            push(string(&block["call"]["v1"], "name").to_owned(), lines);
            push(string(&block["call"]["v1"], "join_url").to_owned(), lines);
        }
        _ => push_parts(block, ids, lines),
    }
}

/// The parts by which blocks are made of words, in the order of reading.
fn push_parts(block: &Value, ids: &Ids, lines: &mut Vec<String>) {
    for key in
        ["title", "subtitle", "text", "label", "body", "subtext", "details", "output", "hint", "description"]
    {
        push(text(&block[key], ids), lines);
    }
    each(&block["fields"]).for_each(|field| push(text(field, ids), lines));
    for key in ["elements", "blocks", "child_blocks", "cards", "tasks", "actions"] {
        for inner in each(&block[key]) {
            match string(inner, "type") {
                "button" | "icon_button" | "" => push(element(inner, ids), lines),
                _ => push_block(inner, ids, lines),
            }
        }
    }
}

fn element(it: &Value, ids: &Ids) -> String {
    match string(it, "type") {
        "mrkdwn" | "plain_text" => text(it, ids),
        "image" => string(it, "alt_text").to_owned(),
        "" => text(&it["text"], ids),
        _ => match text(&it["text"], ids) {
            words if words.is_empty() => text(&it["placeholder"], ids),
            words => words,
        },
    }
}

fn each(list: &Value) -> impl Iterator<Item = &Value> {
    list.as_array().into_iter().flatten()
}

fn bold(words: &str) -> String {
    match words.trim() {
        "" => String::new(),
        words if words.contains(['*', '\n']) => words.to_owned(),
        words => format!("*{words}*"),
    }
}

fn push_attachment(attachment: &Value, ids: &Ids, lines: &mut Vec<String>) {
    let before = lines.len();
    let read = |key: &str| from_mrkdwn(string(attachment, key), ids, true);
    push(read("pretext"), lines);
    push(string(attachment, "author_name").to_owned(), lines);
    match (string(attachment, "title"), string(attachment, "title_link")) {
        ("", _) => {}
        (title, "") => push(bold(title), lines),
        (title, link) => {
            let written = format!("<{}|{}>", super::escaped(link), super::escaped(&super::unescaped(title)));
            push(from_mrkdwn(&written, ids, true), lines);
        }
    }
    push(read("text"), lines);
    for field in each(&attachment["fields"]) {
        let value = from_mrkdwn(&plain(&field["value"]), ids, true);
        match string(field, "title") {
            "" => push(value, lines),
            title => push(format!("{}: {value}", bold(title)), lines),
        }
    }
    each(&attachment["blocks"]).for_each(|block| push_block(block, ids, lines));
    let said =
        each(&attachment["actions"]).map(|it| string(it, "text").to_owned()).filter(|it| !it.is_empty());
    push(said.collect::<Vec<_>>().join(" · "), lines);
    if lines.len() == before {
        push(read("fallback"), lines);
    }
    push(string(attachment, "footer").to_owned(), lines);
}

/// The words of a `rich_text` block, with their marks.
#[must_use]
pub fn words_of_rich_text(block: &Value, ids: &Ids) -> String {
    let mut out = String::new();
    for part in each(&block["elements"]) {
        if !out.is_empty() && !out.ends_with('\n') {
            out.push('\n');
        }
        let inner = || each(&part["elements"]).map(|it| inline(it, ids)).collect::<String>();
        match string(part, "type") {
            "rich_text_quote" => {
                let quoted: Vec<String> = inner().lines().map(|line| format!("> {line}")).collect();
                out.push_str(&quoted.join("\n"));
            }
            "rich_text_preformatted" => {
                let code: String = each(&part["elements"]).map(code_words).collect();
                out.push_str(&format!("```\n{code}\n```"));
            }
            "rich_text_list" => {
                let depth = part["indent"].as_u64().unwrap_or_default().min(8) as usize;
                let first = part["offset"].as_u64().unwrap_or_default() + 1;
                for (n, item) in each(&part["elements"]).enumerate() {
                    let words: String = each(&item["elements"]).map(|it| inline(it, ids)).collect();
                    let mark = match string(part, "style") {
                        "ordered" => format!("{}.", first + n as u64),
                        _ => "-".to_owned(),
                    };
                    if n > 0 {
                        out.push('\n');
                    }
                    out.push_str(&format!("{}{mark} {words}", "  ".repeat(depth)));
                }
            }
            _ => out.push_str(&inner()),
        }
    }
    out.trim_end().to_owned()
}

fn code_words(it: &Value) -> String {
    match string(it, "type") {
        "link" => string(it, "url").to_owned(),
        _ => string(it, "text").to_owned(),
    }
}

fn inline(it: &Value, ids: &Ids) -> String {
    let words = match string(it, "type") {
        "text" => string(it, "text").to_owned(),
        "link" => {
            let (url, label) = (super::escaped(string(it, "url")), super::escaped(string(it, "text")));
            from_mrkdwn(&format!("<{url}|{label}>"), ids, true)
        }
        "user" => from_mrkdwn(&format!("<@{}>", string(it, "user_id")), ids, true),
        "channel" => from_mrkdwn(&format!("<#{}>", string(it, "channel_id")), ids, true),
        "usergroup" => from_mrkdwn(&format!("<!subteam^{}>", string(it, "usergroup_id")), ids, true),
        "broadcast" => format!("<!{}>", string(it, "range")),
        "emoji" => match it["skin_tone"].as_u64() {
            Some(tone) => format!(":{}::skin-tone-{tone}:", string(it, "name")),
            None => format!(":{}:", string(it, "name")),
        },
        "date" => string(it, "fallback").to_owned(),
        "color" => string(it, "value").to_owned(),
        _ => string(it, "text").to_owned(),
    };
    styled(words, &it["style"])
}

/// The words in the marks of their style; spaces at the ends stay outside, where marks do not hold.
fn styled(words: String, style: &Value) -> String {
    let marks = [("code", '`'), ("strike", '~'), ("italic", '_'), ("bold", '*')];
    let inner = words.trim();
    if inner.is_empty() || inner.contains('\n') || !style.is_object() {
        return words;
    }
    let (before, after) = (words.len() - words.trim_start().len(), words.trim_end().len());
    let mut marked = inner.to_owned();
    for (name, mark) in marks {
        if style[name] == true && !marked.contains(mark) {
            marked = format!("{mark}{marked}{mark}");
        }
    }
    format!("{}{marked}{}", &words[..before], &words[after..])
}
