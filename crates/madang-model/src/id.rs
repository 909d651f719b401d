//! Identifiers: 63-bit numbers that grow with time, shown as 13 characters.
//!
//! 41 bits of milliseconds since 2025-01-01, 10 bits of node, 12 bits of
//! counter (the layout of Twitter's Snowflake). In JSON and in URLs an id is
//! text in Crockford's base 32, lower case, always 13 characters, so that text
//! order is age order and no JavaScript number loses digits.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const LENGTH: usize = 13;

/// 2025-01-01T00:00:00Z in milliseconds since 1970.
pub const ID_EPOCH_MS: i64 = 1_735_689_600_000;

/// Why a text is not an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an id is 13 characters of 0-9 and a-z without i, l, o, u")]
pub struct NotAnId;

fn encode(number: i64) -> [u8; LENGTH] {
    let mut rest = number as u64;
    let mut out = [b'0'; LENGTH];
    for place in out.iter_mut().rev() {
        *place = ALPHABET[(rest & 31) as usize];
        rest >>= 5;
    }
    out
}

fn decode(text: &str) -> Result<i64, NotAnId> {
    if text.len() != LENGTH {
        return Err(NotAnId);
    }
    let mut number: u64 = 0;
    for byte in text.bytes() {
        let digit = ALPHABET.iter().position(|&it| it == byte).ok_or(NotAnId)?;
        if number >> 58 != 0 {
            return Err(NotAnId);
        }
        number = (number << 5) | digit as u64;
    }
    i64::try_from(number).map_err(|_| NotAnId)
}

/// Builds the number of an id from its three parts.
///
/// `now_ms` is milliseconds since 1970; `node` uses 10 bits, `counter` 12.
pub fn compose(now_ms: i64, node: u16, counter: u16) -> i64 {
    let ms = (now_ms - ID_EPOCH_MS).max(0) & ((1 << 41) - 1);
    (ms << 22) | (i64::from(node & 0x3ff) << 12) | i64::from(counter & 0xfff)
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let text = encode(self.0);
                f.write_str(std::str::from_utf8(&text).expect("the alphabet is ASCII"))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({self})", stringify!($name))
            }
        }

        impl FromStr for $name {
            type Err = NotAnId;

            fn from_str(text: &str) -> Result<Self, NotAnId> {
                decode(text).map(Self)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    )*};
}

ids! {
    /// One organisation's house.
    WorkspaceId,
    /// Somebody, across workspaces.
    PersonId,
    /// A place with one log.
    SpaceId,
    /// A named set of people.
    TeamId,
    /// One upload, known by its own id and not by its content.
    FileId,
    /// A file on its way in.
    UploadId,
    /// A signed-in period of a device, or a token of a program.
    SessionId,
    /// A live meeting in a space.
    CallId,
    /// One joined device of somebody in a call.
    ParticipantId,
    /// A call as it was written down.
    RecordingId,
    /// A help counter of a workspace.
    DeskId,
    /// Somebody outside, of whom the house knows something.
    ContactId,
    /// An address outside that is told what happens.
    WebhookId,
    /// A page at which times are booked.
    BookingPageId,
    /// A time that somebody took.
    BookingId,
    /// A calendar that somebody keeps elsewhere.
    CalendarId,
    /// A link that stands above a conversation.
    BookmarkId,
    /// An integration that was installed here.
    AppId,
    /// What an app shows somebody: a dialog, or its home.
    ViewId,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_survives_its_text() {
        for number in [0, 1, 31, 32, i64::MAX, compose(1_800_000_000_123, 1023, 4095)] {
            let id = SpaceId(number);
            assert_eq!(id.to_string().parse::<SpaceId>(), Ok(id));
        }
    }

    #[test]
    fn text_order_is_age_order() {
        let older = PersonId(compose(1_800_000_000_000, 7, 4095));
        let newer = PersonId(compose(1_800_000_000_001, 0, 0));
        assert!(older < newer && older.to_string() < newer.to_string());
    }

    #[test]
    fn what_is_no_id_is_refused() {
        for text in ["", "abc", "zzzzzzzzzzzzz", "../../etc/pass", "0000000000i00", "00000000000000"] {
            assert_eq!(text.parse::<FileId>(), Err(NotAnId), "{text}");
        }
    }
}
