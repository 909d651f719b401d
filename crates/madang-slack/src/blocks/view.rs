//! A modal or a home tab as an app sends it.

use serde_json::Value;

use super::check::Checker;
use super::{Fill, Wrong, table};

/// The view, with the ids that were missing. Both its kinds are checked: `modal` and `home`.
pub fn check_view(view: &Value, fill: &mut Fill) -> Result<Value, Wrong> {
    let mut view = view.clone();
    let mut checker = Checker::new(fill);
    let kind = view["type"].as_str().unwrap_or_default().to_owned();
    match view.as_object_mut() {
        None => checker.wrong("must provide an object", "/view"),
        Some(object) => {
            if !matches!(kind.as_str(), "modal" | "home") {
                checker.wrong("must be one of: modal, home", "/view/type");
            }
            checker.fields(object, table::VIEW, "/view");
            if kind == "modal" {
                checker.fields(object, table::MODAL, "/view");
            }
            let inputs = object.get("blocks").and_then(Value::as_array).into_iter().flatten();
            if kind == "modal"
                && inputs.into_iter().any(|it| it["type"] == "input")
                && object.get("submit").is_none_or(Value::is_null)
            {
                checker.wrong("missing required field: submit", "/view");
            }
        }
    }
    match checker.messages() {
        messages if messages.is_empty() => Ok(view),
        messages => Err(Wrong { error: "invalid_arguments", messages }),
    }
}
