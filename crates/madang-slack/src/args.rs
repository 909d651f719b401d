//! The arguments of a method, however they came: in the query, as a form, as JSON, in parts; lists as CSV or JSON; JSON
//! as itself or inside a string; booleans as words or digits. Slack's clients use all of these.

use serde_json::{Map, Value};

use crate::fail::Fail;

#[derive(Debug, Clone, Default)]
pub struct Args(pub Map<String, Value>);

impl Args {
    /// What stands in the query, then what stands in the body.
    ///
    /// # Errors
    /// `invalid_json`, `json_not_object` or `invalid_form_data`.
    pub fn read(query: Option<&str>, content_type: &str, body: &[u8]) -> Result<Args, Fail> {
        let mut args = Args::default();
        args.add_form(query.unwrap_or_default().as_bytes());
        if body.iter().all(u8::is_ascii_whitespace) {
            return Ok(args);
        }
        let kind = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        match kind.as_str() {
            "application/json" => args.add_json(body)?,
            "application/x-www-form-urlencoded" => args.add_form(body),
            // Nothing is said of it: JSON, if it looks like it.
            "" | "text/plain" if body.trim_ascii_start().starts_with(b"{") => args.add_json(body)?,
            "" | "text/plain" => args.add_form(body),
            _ => return Err(Fail::new("invalid_post_type")),
        }
        Ok(args)
    }

    fn add_form(&mut self, form: &[u8]) {
        for (name, value) in form_urlencoded::parse(form) {
            self.0.insert(name.into_owned(), Value::String(value.into_owned()));
        }
    }

    fn add_json(&mut self, body: &[u8]) -> Result<(), Fail> {
        match serde_json::from_slice(body) {
            Ok(Value::Object(object)) => {
                self.0.extend(object);
                Ok(())
            }
            Ok(_) => Err(Fail::new("json_not_object")),
            Err(error) => Err(Fail::new("invalid_json").with_messages(vec![error.to_string()])),
        }
    }

    /// The text of an argument; none when it is missing, empty or null.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<String> {
        match self.0.get(name)? {
            Value::String(text) if text.is_empty() => None,
            Value::String(text) => Some(text.clone()),
            Value::Null => None,
            other => Some(other.to_string()),
        }
    }

    /// # Errors
    /// `invalid_arguments` when it is missing.
    pub fn required(&self, name: &str) -> Result<String, Fail> {
        self.text(name).ok_or_else(|| Fail::argument(name, &format!("missing required field: {name}")))
    }

    #[must_use]
    pub fn is_given(&self, name: &str) -> bool {
        self.0.get(name).is_some_and(|it| !it.is_null())
    }

    #[must_use]
    pub fn flag(&self, name: &str) -> Option<bool> {
        match self.0.get(name)? {
            Value::Bool(flag) => Some(*flag),
            Value::Number(number) => Some(number.as_f64() != Some(0.0)),
            Value::String(text) => match text.to_ascii_lowercase().as_str() {
                "1" | "true" | "yes" => Some(true),
                "0" | "false" | "no" => Some(false),
                _ => None,
            },
            _ => None,
        }
    }

    #[must_use]
    pub fn number(&self, name: &str) -> Option<i64> {
        match self.0.get(name)? {
            Value::Number(number) => number.as_i64().or_else(|| number.as_f64().map(|it| it as i64)),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        }
    }

    /// A list: CSV, JSON, or JSON inside a string.
    #[must_use]
    pub fn list(&self, name: &str) -> Vec<String> {
        let word = |value: &Value| match value {
            Value::String(text) => text.trim().to_owned(),
            other => other.to_string(),
        };
        let items: Vec<String> = match self.0.get(name) {
            Some(Value::Array(items)) => items.iter().map(word).collect(),
            Some(Value::String(text)) if text.trim_start().starts_with('[') => {
                match serde_json::from_str::<Vec<Value>>(text) {
                    Ok(items) => items.iter().map(word).collect(),
                    Err(_) => vec![text.clone()],
                }
            }
            Some(Value::String(text)) => text.split(',').map(|it| it.trim().to_owned()).collect(),
            Some(Value::Number(number)) => vec![number.to_string()],
            _ => Vec::new(),
        };
        items.into_iter().filter(|it| !it.is_empty()).collect()
    }

    /// JSON, as itself or inside a string. None when it is missing or empty.
    ///
    /// # Errors
    /// `code` when the string is no JSON.
    pub fn json(&self, name: &str, code: &'static str) -> Result<Option<Value>, Fail> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) if text.trim().is_empty() => Ok(None),
            Some(Value::String(text)) => serde_json::from_str(text).map(Some).map_err(|error| {
                Fail::new(code).with_messages(vec![format!("{error} [json-pointer:/{name}]")])
            }),
            Some(value) => Ok(Some(value.clone())),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_way_in_which_clients_send_arguments_is_read() {
        let form = "application/x-www-form-urlencoded";
        let read = |query, kind, body: &str| Args::read(query, kind, body.as_bytes()).expect("arguments");
        assert_eq!(read(Some("channel=C1&limit=5"), "", "").number("limit"), Some(5));
        assert_eq!(read(None, "application/json;charset=utf-8", "").0.len(), 0);
        assert_eq!(read(None, form, "text=a%20b+c").text("text").as_deref(), Some("a b c"));
        assert_eq!(read(Some("a=1"), form, "a=2").text("a").as_deref(), Some("2"), "the body counts");
        assert_eq!(read(None, "application/json", r#"{"flag":true}"#).flag("flag"), Some(true));
        assert_eq!(read(None, form, "flag=1&off=0").flag("off"), Some(false));
        for users in [r#"{"users":["U1","U2"]}"#, r#"{"users":"U1, U2"}"#, r#"{"users":"[\"U1\",\"U2\"]"}"#] {
            assert_eq!(read(None, "application/json", users).list("users"), ["U1", "U2"]);
        }
        let blocks = read(None, form, "blocks=%5B%7B%22type%22%3A%22divider%22%7D%5D");
        let blocks = blocks.json("blocks", "invalid_blocks_format").expect("JSON");
        assert_eq!(blocks, Some(json!([{"type": "divider"}])));
    }

    #[test]
    fn what_is_no_json_is_named() {
        let code = |body: &str| Args::read(None, "application/json", body.as_bytes()).expect_err("no").code;
        assert_eq!(code("{"), "invalid_json");
        assert_eq!(code("[]"), "json_not_object");
        let args = Args(json!({"blocks": "[{"}).as_object().cloned().expect("an object"));
        assert_eq!(
            args.json("blocks", "invalid_blocks_format").expect_err("no").code,
            "invalid_blocks_format"
        );
    }
}
