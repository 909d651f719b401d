//! The fields of a dialog of the older kind as inputs of Block Kit, and what was filled in as the app reads it.

use serde_json::{Map, Value, json};

/// Fields of one dialog.
const MOST: usize = 10;

/// The modal that shows a dialog.
///
/// # Errors
/// What is wrong with it, in a sentence for `response_metadata`.
pub(super) fn view_of(dialog: &Value) -> Result<Value, String> {
    let elements = dialog["elements"].as_array().filter(|it| !it.is_empty() && it.len() <= MOST);
    let elements = elements.ok_or_else(|| {
        format!("must provide between 1 and {MOST} elements [json-pointer:/dialog/elements]")
    })?;
    if dialog["callback_id"].as_str().is_none_or(str::is_empty) {
        return Err("missing required field: callback_id [json-pointer:/dialog]".into());
    }
    if dialog["state"].as_str().is_some_and(|it| it.chars().count() > 3000) {
        return Err("must be less than 3001 characters [json-pointer:/dialog/state]".into());
    }
    let mut names: Vec<&str> = Vec::new();
    let mut blocks = Vec::new();
    for (at, element) in elements.iter().enumerate() {
        let name = element["name"].as_str().filter(|it| !it.is_empty() && !names.contains(it));
        let name = name.ok_or_else(|| {
            format!("must have a name of its own [json-pointer:/dialog/elements/{at}/name]")
        })?;
        names.push(name);
        let input =
            input(element, name).map_err(|it| format!("{it} [json-pointer:/dialog/elements/{at}]"))?;
        let mut block = json!({
            "type": "input",
            "block_id": name,
            "label": plain(&element["label"]),
            "element": input,
            "optional": element["optional"] == true,
        });
        if element["hint"].as_str().is_some_and(|it| !it.is_empty()) {
            block["hint"] = plain(&element["hint"]);
        }
        blocks.push(block);
    }
    let submit = dialog["submit_label"].as_str().filter(|it| !it.is_empty()).unwrap_or("Submit");
    Ok(json!({
        "type": "modal",
        "callback_id": dialog["callback_id"],
        "title": plain(&dialog["title"]),
        "submit": plain(&json!(submit)),
        "blocks": blocks,
    }))
}

fn plain(text: &Value) -> Value {
    json!({"type": "plain_text", "text": text})
}

fn input(element: &Value, name: &str) -> Result<Value, String> {
    let mut input = json!({"action_id": name});
    if element["placeholder"].as_str().is_some_and(|it| !it.is_empty()) {
        input["placeholder"] = plain(&element["placeholder"]);
    }
    let value = element["value"].as_str().filter(|it| !it.is_empty());
    let kind = match (element["type"].as_str(), element["subtype"].as_str()) {
        (Some("text"), Some("email")) => "email_text_input",
        (Some("text"), Some("url")) => "url_text_input",
        (Some("text"), Some("number")) => {
            input["is_decimal_allowed"] = json!(true);
            "number_input"
        }
        (Some("text" | "textarea"), _) => {
            input["multiline"] = json!(element["type"] == "textarea");
            for length in ["min_length", "max_length"] {
                if let Some(count) = element[length].as_i64() {
                    input[length] = json!(count);
                }
            }
            "plain_text_input"
        }
        (Some("select"), _) => return select(element, input, value),
        _ => return Err("type must be one of: text, textarea, select".into()),
    };
    input["type"] = json!(kind);
    if let Some(value) = value {
        input["initial_value"] = json!(value);
    }
    Ok(input)
}

fn select(element: &Value, mut input: Value, value: Option<&str>) -> Result<Value, String> {
    let (kind, initial) = match element["data_source"].as_str().unwrap_or("static") {
        "static" => ("static_select", None),
        "users" => ("users_select", Some("initial_user")),
        "channels" => ("channels_select", Some("initial_channel")),
        "conversations" => ("conversations_select", Some("initial_conversation")),
        "external" => ("external_select", None),
        _ => {
            return Err("data_source must be one of: static, users, channels, conversations, external".into());
        }
    };
    input["type"] = json!(kind);
    if let (Some(initial), Some(value)) = (initial, value) {
        input[initial] = json!(value);
    }
    if kind == "external_select" {
        input["min_query_length"] = json!(element["min_query_length"].as_i64().unwrap_or(1));
        if let Some(chosen) = element["selected_options"].get(0) {
            input["initial_option"] = option(chosen);
        }
    }
    if kind == "static_select" {
        for (name, list) in
            [("options", element.get("options")), ("option_groups", element.get("option_groups"))]
        {
            if let Some(list) = list.and_then(Value::as_array).filter(|it| !it.is_empty()) {
                let shown: Vec<Value> =
                    list.iter().map(if name == "options" { option } else { group }).collect();
                input[name] = json!(shown);
            }
        }
        let groups = element["option_groups"].as_array().into_iter().flatten();
        let all = groups.flat_map(|it| it["options"].as_array().into_iter().flatten());
        let mut all = all.chain(element["options"].as_array().into_iter().flatten());
        if let Some(chosen) = value.and_then(|value| all.find(|it| it["value"] == value)) {
            input["initial_option"] = option(chosen);
        }
    }
    Ok(input)
}

/// `{label, value}` as `{text, value}`.
fn option(old: &Value) -> Value {
    let label = if old["label"].is_string() { &old["label"] } else { &old["text"] };
    json!({"text": plain(label), "value": old["value"]})
}

fn group(old: &Value) -> Value {
    let options: Vec<Value> = old["options"].as_array().into_iter().flatten().map(option).collect();
    json!({"label": plain(&old["label"]), "options": options})
}

/// What was filled in, by the names of the fields; nothing where nothing was.
pub(super) fn submission(view: &Value, values: &Value) -> Map<String, Value> {
    let names = view["blocks"].as_array().into_iter().flatten().filter_map(|it| it["block_id"].as_str());
    let said = |name: &str| {
        let given = &values[name][name];
        let chosen = given["selected_option"]["value"].as_str();
        let fields = ["value", "selected_user", "selected_channel", "selected_conversation"];
        chosen.or_else(|| fields.iter().find_map(|it| given[it].as_str())).filter(|it| !it.is_empty())
    };
    names.map(|name| (name.to_owned(), json!(said(name)))).collect()
}

/// `options` or `option_groups` as an app gives them for such a field.
pub(super) fn suggestions(body: &Value) -> Map<String, Value> {
    let list = |name: &str| body[name].as_array().cloned();
    match (list("option_groups"), list("options")) {
        (Some(groups), _) => {
            let groups: Vec<Value> = groups.iter().map(group).collect();
            Map::from_iter([("option_groups".into(), json!(groups))])
        }
        (None, options) => {
            let options: Vec<Value> = options.unwrap_or_default().iter().map(option).collect();
            Map::from_iter([("options".into(), json!(options))])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::blocks::{Fill, check_view};

    fn dialog() -> Value {
        json!({
            "callback_id": "ryde", "title": "Request a Ride", "submit_label": "Request", "state": "limo",
            "elements": [
                {"type": "text", "label": "Pickup", "name": "origin", "max_length": 20, "hint": "Where?"},
                {"type": "text", "subtype": "number", "label": "People", "name": "count", "value": "2"},
                {"type": "textarea", "label": "Notes", "name": "notes", "optional": true},
                {"type": "select", "label": "Car", "name": "car", "value": "b",
                 "options": [{"label": "Small", "value": "a"}, {"label": "Big", "value": "b"}]},
                {"type": "select", "label": "Who", "name": "who", "data_source": "users", "value": "U1"},
                {"type": "select", "label": "Street", "name": "street", "data_source": "external"},
            ],
        })
    }

    #[test]
    fn a_dialog_is_a_modal_that_may_be_shown() {
        let view = view_of(&dialog()).expect("a view");
        let view = check_view(&view, &mut Fill::new("x")).expect("one that is right");
        let elements: Vec<&Value> =
            view["blocks"].as_array().expect("blocks").iter().map(|it| &it["element"]).collect();
        let kinds: Vec<&str> = elements.iter().filter_map(|it| it["type"].as_str()).collect();
        assert_eq!(
            kinds,
            [
                "plain_text_input",
                "number_input",
                "plain_text_input",
                "static_select",
                "users_select",
                "external_select"
            ]
        );
        assert_eq!(elements[2]["multiline"], true);
        assert_eq!(elements[3]["initial_option"]["text"]["text"], "Big");
        assert_eq!(elements[4]["initial_user"], "U1");
        assert_eq!(view["blocks"][2]["optional"], true);
    }

    #[test]
    fn what_is_filled_in_is_told_by_the_names_of_the_fields() {
        let view = view_of(&dialog()).expect("a view");
        let values = json!({
            "origin": {"origin": {"type": "plain_text_input", "value": "home"}},
            "notes": {"notes": {"type": "plain_text_input", "value": null}},
            "car": {"car": {"type": "static_select", "selected_option": {"value": "a"}}},
            "who": {"who": {"type": "users_select", "selected_user": "U2"}},
        });
        let told = submission(&view, &values);
        assert_eq!(
            Value::Object(told),
            json!({"origin": "home", "count": null, "notes": null, "car": "a", "who": "U2", "street": null})
        );
    }

    #[test]
    fn what_is_wrong_is_named() {
        let wrong = |change: fn(&mut Value)| {
            let mut dialog = dialog();
            change(&mut dialog);
            view_of(&dialog).expect_err("it is wrong")
        };
        assert!(wrong(|it| it["elements"] = json!([])).contains("/dialog/elements"));
        assert!(wrong(|it| it["elements"][1]["name"] = json!("origin")).contains("/elements/1/name"));
        assert!(wrong(|it| it["elements"][0]["type"] = json!("colour")).contains("/elements/0"));
        assert!(wrong(|it| it["callback_id"] = json!("")).contains("callback_id"));
    }

    #[test]
    fn suggestions_of_the_older_kind_are_read() {
        let body = json!({"option_groups": [{"label": "North", "options": [{"label": "A", "value": "a"}]}]});
        assert_eq!(suggestions(&body)["option_groups"][0]["options"][0]["text"]["text"], "A");
        assert_eq!(suggestions(&Value::Null)["options"], json!([]));
    }
}
