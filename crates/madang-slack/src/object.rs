//! Objects of JSON that are made of what is there already.

/// An object as `json!` writes it, but its values are moved into it: `json!` reads what it is given and makes it again,
/// and a list of messages stands in four objects before it is an answer.
macro_rules! object {
    ($($name:literal: $value:expr),* $(,)?) => {{
        let mut object = serde_json::Map::new();
        $(object.insert($name.to_owned(), serde_json::Value::from($value));)*
        object
    }};
}
