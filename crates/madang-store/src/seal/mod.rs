//! Sealed payloads: what people write lies on the disk only encrypted, with a key per space and UTC day, and
//! destroying a key destroys what it sealed.
//!
//! Layout of a sealed payload: codec byte, then what that codec says. Codec 1 is XChaCha20-Poly1305 with a random
//! 24-byte nonce in front. Workspace, space and seq are bound as associated data, so that a payload moved to
//! another row does not open.

mod cipher;
pub mod journal;
mod keyring;
mod own;
mod root;
#[cfg(test)]
mod tests;

pub use keyring::{Erasure, Keyring, replay};
pub use own::OwnSeal;
pub use root::{FileKey, KeyWrap};

#[cfg(test)]
pub(crate) use keyring::ALL as STATEMENTS;

/// A 256-bit key that is overwritten when it goes.
pub type Key = zeroize::Zeroizing<[u8; 32]>;

/// Where a payload belongs; sealed under one name it opens under no other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The workspace's id.
    pub workspace: i64,
    /// The space's id.
    pub space: i64,
    /// The event's number in its space.
    pub seq: i64,
    /// When the event happened, in microseconds UTC; its day chooses the key.
    pub at_us: i64,
}

impl Place {
    /// Days since 1970-01-01 UTC.
    #[must_use]
    pub fn day(&self) -> i64 {
        day_of(self.at_us)
    }

    fn associated(&self) -> [u8; 24] {
        let mut bytes = [0; 24];
        bytes[..8].copy_from_slice(&self.workspace.to_le_bytes());
        bytes[8..16].copy_from_slice(&self.space.to_le_bytes());
        bytes[16..].copy_from_slice(&self.seq.to_le_bytes());
        bytes
    }
}

/// The UTC day of a time in microseconds.
#[must_use]
pub fn day_of(at_us: i64) -> i64 {
    at_us.div_euclid(86_400_000_000)
}
