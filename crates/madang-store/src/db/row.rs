//! One row of an answer, read by position with clear errors.

use super::Value;
use crate::error::{Result, StoreError};

/// A row; columns are counted from 0.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    pub(crate) values: Vec<Value>,
}

impl Row {
    /// The column as `T`.
    ///
    /// # Errors
    /// `StoreError::Column` when the column holds something else or the row is shorter.
    pub fn get<T: FromValue>(&self, index: usize) -> Result<T> {
        let found = self.values.get(index);
        found.and_then(T::from_value).ok_or(StoreError::Column {
            index,
            wanted: T::NAME,
            found: found.map_or("nothing", Value::kind),
        })
    }

    /// All columns in order, without copying.
    #[must_use]
    pub fn into_values(self) -> Vec<Value> {
        self.values
    }

    /// How many columns there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether there is no column at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }
}

/// A Rust type that a column can be read as.
pub trait FromValue: Sized {
    /// For messages.
    const NAME: &'static str;
    /// `None` when the value does not fit.
    fn from_value(value: &Value) -> Option<Self>;
}

/// A record that can be read from a row: `rows.iter().map(Message::from_row)`.
pub trait FromRow: Sized {
    /// # Errors
    /// `StoreError::Column` when a column does not fit.
    fn from_row(row: &Row) -> Result<Self>;
}

impl FromValue for bool {
    const NAME: &'static str = "bool";
    fn from_value(value: &Value) -> Option<bool> {
        match value {
            Value::Bool(b) => Some(*b),
            Value::I64(0) => Some(false),
            Value::I64(1) => Some(true),
            _ => None,
        }
    }
}

macro_rules! from_integer {
    ($($t:ty),*) => {
        $(impl FromValue for $t {
            const NAME: &'static str = stringify!($t);
            fn from_value(value: &Value) -> Option<$t> {
                match value {
                    Value::I64(i) => (*i).try_into().ok(),
                    _ => None,
                }
            }
        })*
    };
}

from_integer!(i64, i32, i16, u8, u16, u32, u64, usize);

impl FromValue for f64 {
    const NAME: &'static str = "f64";
    fn from_value(value: &Value) -> Option<f64> {
        match value {
            Value::F64(f) => Some(*f),
            _ => None,
        }
    }
}

impl FromValue for String {
    const NAME: &'static str = "String";
    fn from_value(value: &Value) -> Option<String> {
        match value {
            Value::Text(text) => Some(text.clone()),
            _ => None,
        }
    }
}

impl FromValue for Vec<u8> {
    const NAME: &'static str = "bytes";
    fn from_value(value: &Value) -> Option<Vec<u8>> {
        match value {
            Value::Blob(bytes) => Some(bytes.clone()),
            _ => None,
        }
    }
}

impl<const N: usize> FromValue for [u8; N] {
    const NAME: &'static str = "bytes of fixed length";
    fn from_value(value: &Value) -> Option<[u8; N]> {
        match value {
            Value::Blob(bytes) => bytes.as_slice().try_into().ok(),
            _ => None,
        }
    }
}

impl<T: FromValue> FromValue for Option<T> {
    const NAME: &'static str = T::NAME;
    fn from_value(value: &Value) -> Option<Option<T>> {
        match value {
            Value::Null => Some(None),
            other => T::from_value(other).map(Some),
        }
    }
}
