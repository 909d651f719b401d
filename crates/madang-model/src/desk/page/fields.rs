//! The fields of an event that are passed on: only those that are named, and only of the kind that they should be.

use serde_json::{Map, Value, json};

use super::text::{plain, sheet};

pub(super) type Fields = Map<String, Value>;

pub(super) fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

/// Only the fields that are numbers, or nothing.
pub(super) fn numbers(value: &Value, keys: &[&str]) -> Fields {
    let of = |key: &&str| {
        value.get(*key).filter(|it| it.is_number() || it.is_null()).map(|it| ((*key).to_owned(), it.clone()))
    };
    keys.iter().filter_map(of).collect()
}

pub(super) fn flags(value: &Value, keys: &[&str]) -> Fields {
    let of = |key: &&str| value[*key].as_bool().filter(|it| *it).map(|it| ((*key).to_owned(), it.into()));
    keys.iter().filter_map(of).collect()
}

pub(super) fn words(value: &Value) -> Option<Value> {
    match value {
        Value::String(text) => Some(plain(text).into()),
        Value::Number(_) | Value::Bool(_) | Value::Null => Some(value.clone()),
        Value::Array(_) | Value::Object(_) => None,
    }
}

/// A style as a text, or as rrweb says what of it changed: `{property: value | [value, priority] | false}`.
pub(super) fn style(value: &Value) -> Option<Value> {
    match value {
        Value::String(text) => Some(sheet(text).into()),
        Value::Bool(_) | Value::Null => Some(value.clone()),
        Value::Object(parts) => {
            let part = |(name, value): (&String, &Value)| {
                if name.starts_with("on")
                    || !name.chars().all(|it| it.is_ascii_alphanumeric() || matches!(it, '-' | '_'))
                {
                    return None;
                }
                let value = match value {
                    Value::Array(all) => all.iter().filter_map(style).collect(),
                    Value::Object(_) => return None,
                    other => style(other)?,
                };
                Some((name.clone(), value))
            };
            Some(Value::Object(parts.iter().filter_map(part).collect()))
        }
        Value::Number(_) | Value::Array(_) => None,
    }
}

pub(super) fn rules(data: &Value, keys: &[&str]) -> Fields {
    let mut out = numbers(data, keys);
    let index = |it: &Value| {
        if it["index"].is_number() || it["index"].is_array() { it["index"].clone() } else { Value::Null }
    };
    let adds = list(&data["adds"]).map(|it| {
        let mut add =
            Map::from_iter([("rule".to_owned(), sheet(it["rule"].as_str().unwrap_or_default()).into())]);
        add.extend(Some(index(it)).filter(|it| !it.is_null()).map(|it| ("index".to_owned(), it)));
        Value::from(add)
    });
    out.insert("adds".into(), adds.collect());
    out.insert("removes".into(), list(&data["removes"]).map(|it| json!({ "index": index(it) })).collect());
    for key in ["replace", "replaceSync"] {
        out.extend(data[key].as_str().map(|text| (key.to_owned(), sheet(text).into())));
    }
    out
}

pub(super) fn declaration(data: &Value) -> Option<Fields> {
    let mut out = numbers(data, &["id", "styleId"]);
    out.insert("index".into(), list(&data["index"]).filter(|it| it.is_number()).cloned().collect());
    let text = |value: &Value| Value::from(sheet(value.as_str().unwrap_or_default()));
    if data["set"].is_object() {
        let set = &data["set"];
        out.insert("set".into(), json!({ "property": text(&set["property"]), "value": text(&set["value"]), "priority": text(&set["priority"]) }));
    } else {
        out.insert("remove".into(), json!({ "property": text(&data["remove"]["property"]) }));
    }
    Some(out)
}

pub(super) fn adopted(style: &Value) -> Fields {
    let mut out = numbers(style, &["styleId"]);
    let rules = list(&style["rules"]).map(
        |it| json!({ "rule": sheet(it["rule"].as_str().unwrap_or_default()), "index": it["index"].as_i64() }),
    );
    out.insert("rules".into(), rules.collect());
    out
}
