//! Files on the wire.

use madang_model::FileRef;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
pub struct FileAnswer {
    #[schema(value_type = Object)]
    pub file: FileRef,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
pub struct Shown {
    /// 1: to be shown in place, where its type is safe to be.
    pub inline: Option<u8>,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
pub struct Thumb {
    /// 320, 960 or 1920 pixels; another number gets the next larger one.
    pub w: Option<u32>,
    /// As for a file's content, when there is no `w`.
    pub inline: Option<u8>,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
pub struct Square {
    /// 96 or 288 pixels; another number gets the next larger one.
    pub w: Option<u32>,
}
