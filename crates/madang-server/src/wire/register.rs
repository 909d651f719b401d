//! A register.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
pub struct Register {
    #[schema(example = "settings")]
    pub key: String,
    pub rev: i64,
    #[schema(value_type = Object)]
    pub value: serde_json::Value,
}

impl From<madang_store::registers::Register> for Register {
    fn from(register: madang_store::registers::Register) -> Self {
        Register { key: register.key, rev: register.rev, value: register.value }
    }
}

/// The answer to whatever set a register; none when nothing was ever set.
#[derive(Debug, Serialize, ToSchema)]
pub struct RegisterAnswer {
    pub register: Option<Register>,
}

impl From<Option<madang_store::registers::Register>> for RegisterAnswer {
    fn from(register: Option<madang_store::registers::Register>) -> Self {
        RegisterAnswer { register: register.map(Into::into) }
    }
}

impl From<madang_store::registers::Register> for RegisterAnswer {
    fn from(register: madang_store::registers::Register) -> Self {
        Some(register).into()
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Registers {
    /// The newest `rev` of the person.
    pub rev: i64,
    pub registers: Vec<Register>,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
pub struct After {
    /// Only what changed after this `rev`.
    #[serde(default)]
    pub after: i64,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct SetRead {
    pub seq: i64,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct SetLevel {
    /// "nothing", "mentions" or "everything".
    pub level: String,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct SetDraft {
    pub text: String,
    pub thread: Option<i64>,
    /// When it was written, in microseconds; the later of two stays.
    pub at: i64,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct SetActivityRead {
    /// Everything up to this time (microseconds) is seen.
    pub at: i64,
}
