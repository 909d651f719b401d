//! Attachments, the older way of dressing a message: alerting programs speak nothing else, and they are sloppy.

use serde_json::{Map, Value};

use super::{Fill, MESSAGE_BLOCKS, Wrong, check_many};

/// Attachments of one message.
const MOST: usize = 100;

/// The attachments, each with its number as `id`, and the ids that were missing in its blocks. Empty fields and the time as
/// number, decimal or text are taken as they come.
pub fn check_attachments(attachments: &Value, fill: &mut Fill) -> Result<Vec<Value>, Wrong> {
    let Value::Array(list) = attachments else {
        return Err(wrong("must provide an array", "/attachments"));
    };
    if list.len() > MOST {
        return Err(wrong(&format!("no more than {MOST} items allowed"), "/attachments"));
    }
    let mut checked = Vec::with_capacity(list.len());
    for (n, attachment) in list.iter().enumerate() {
        let at = format!("/attachments/{n}");
        let Value::Object(object) = attachment else { return Err(wrong("must provide an object", &at)) };
        checked.push(Value::Object(check(object, n, &at, fill)?));
    }
    Ok(checked)
}

fn check(
    object: &Map<String, Value>,
    n: usize,
    at: &str,
    fill: &mut Fill,
) -> Result<Map<String, Value>, Wrong> {
    let mut kept = object.clone();
    kept.retain(|_, value| !value.is_null());
    for list in ["fields", "actions"] {
        match kept.get(list) {
            None | Some(Value::Array(_)) => {}
            Some(_) => return Err(wrong("must provide an array", &format!("{at}/{list}"))),
        }
    }
    if let Some(blocks) = kept.get("blocks") {
        let checked = check_many(blocks, &format!("{at}/blocks"), MESSAGE_BLOCKS, fill)?;
        kept.insert("blocks".to_owned(), Value::Array(checked));
    }
    if let Some(time) = kept.get("ts").and_then(seconds) {
        kept.insert("ts".to_owned(), time.into());
    }
    kept.insert("id".to_owned(), (n + 1).into());
    Ok(kept)
}

/// Seconds since 1970, however they are written.
fn seconds(value: &Value) -> Option<i64> {
    let number = match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    };
    number.filter(|it| (0.0..1e11).contains(it)).map(|it| it as i64)
}

fn wrong(what: &str, at: &str) -> Wrong {
    Wrong { error: "invalid_attachments", messages: vec![format!("[ERROR] {what} [json-pointer:{at}]")] }
}
