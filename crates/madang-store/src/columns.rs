//! The model's types as parameters and columns.

use madang_model::desk::ticket::State;
use madang_model::permission::{Role, SpaceRole};
use madang_model::register::Involvement;
use madang_model::space::SpaceKind;
use madang_model::{
    AppId, BookingId, BookingPageId, BookmarkId, CalendarId, CallId, ContactId, DeskId, FileId, PersonId,
    RecordingId, SessionId, SpaceId, TeamId, UploadId, ViewId, WebhookId, WorkspaceId,
};

use crate::db::{FromValue, Value};

macro_rules! id_columns {
    ($($id:ident),*) => {$(
        impl From<$id> for Value {
            fn from(id: $id) -> Value {
                Value::I64(id.0)
            }
        }

        impl FromValue for $id {
            const NAME: &'static str = stringify!($id);
            fn from_value(value: &Value) -> Option<Self> {
                i64::from_value(value).map($id)
            }
        }
    )*};
}

id_columns!(
    AppId,
    BookingId,
    BookingPageId,
    BookmarkId,
    CalendarId,
    CallId,
    ContactId,
    DeskId,
    FileId,
    PersonId,
    RecordingId,
    SessionId,
    SpaceId,
    TeamId,
    UploadId,
    ViewId,
    WebhookId,
    WorkspaceId
);

macro_rules! word_columns {
    ($($word:ident),*) => {$(
        impl From<$word> for Value {
            fn from(word: $word) -> Value {
                Value::Text(word.as_str().to_owned())
            }
        }

        impl FromValue for $word {
            const NAME: &'static str = stringify!($word);
            fn from_value(value: &Value) -> Option<Self> {
                match value {
                    Value::Text(text) => $word::parse(text),
                    _ => None,
                }
            }
        }
    )*};
}

word_columns!(Role, SpaceRole, SpaceKind, Involvement, State);
