//! One value of a parameter or column, the same for both engines.

/// What a parameter or a column can hold. Times are `I64` microseconds UTC, ids `I64`, JSON is `Text`.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// SQL NULL.
    Null,
    /// BOOLEAN. SQLite hands it back as `I64`; `Row::get::<bool>` reads both.
    Bool(bool),
    /// BIGINT.
    I64(i64),
    /// DOUBLE PRECISION.
    F64(f64),
    /// TEXT, without U+0000.
    Text(String),
    /// BLOB.
    Blob(Vec<u8>),
}

impl Value {
    /// The parameter of `{ids:$1}`: a set of ids for `WHERE id IN {ids:$1}`.
    #[must_use]
    pub fn ids(ids: &[i64]) -> Value {
        let mut text = String::with_capacity(2 + ids.len() * 8);
        text.push('[');
        for (index, id) in ids.iter().enumerate() {
            if index > 0 {
                text.push(',');
            }
            text.push_str(&id.to_string());
        }
        text.push(']');
        Value::Text(text)
    }

    /// A word for messages.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Value::Null => "NULL",
            Value::Bool(_) => "BOOLEAN",
            Value::I64(_) => "BIGINT",
            Value::F64(_) => "DOUBLE PRECISION",
            Value::Text(_) => "TEXT",
            Value::Blob(_) => "BLOB",
        }
    }

    /// Whether PostgreSQL could not keep this value, and so neither engine may.
    pub(crate) fn has_nul(&self) -> bool {
        matches!(self, Value::Text(text) if text.as_bytes().contains(&0))
    }
}

macro_rules! value_from {
    ($($from:ty => |$v:ident| $to:expr),* $(,)?) => {
        $(impl From<$from> for Value {
            fn from($v: $from) -> Value {
                $to
            }
        })*
    };
}

value_from! {
    bool => |v| Value::Bool(v),
    i64 => |v| Value::I64(v),
    i32 => |v| Value::I64(v.into()),
    i16 => |v| Value::I64(v.into()),
    u8 => |v| Value::I64(v.into()),
    u16 => |v| Value::I64(v.into()),
    u32 => |v| Value::I64(v.into()),
    f64 => |v| Value::F64(v),
    &str => |v| Value::Text(v.to_owned()),
    String => |v| Value::Text(v),
    &String => |v| Value::Text(v.clone()),
    &[u8] => |v| Value::Blob(v.to_vec()),
    Vec<u8> => |v| Value::Blob(v),
    &Vec<u8> => |v| Value::Blob(v.clone()),
    bytes::Bytes => |v| Value::Blob(v.to_vec()),
    &Value => |v| v.clone(),
}

impl<const N: usize> From<&[u8; N]> for Value {
    fn from(v: &[u8; N]) -> Value {
        Value::Blob(v.to_vec())
    }
}

impl<const N: usize> From<[u8; N]> for Value {
    fn from(v: [u8; N]) -> Value {
        Value::Blob(v.to_vec())
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(v: Option<T>) -> Value {
        v.map_or(Value::Null, Into::into)
    }
}

/// Parameters of a statement: `values![space, seq, text]`.
#[macro_export]
macro_rules! values {
    () => { &[] as &[$crate::db::Value] };
    ($($value:expr),+ $(,)?) => { &[$($crate::db::Value::from($value)),+] };
}
