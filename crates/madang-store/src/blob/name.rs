//! The name of contents: their SHA-256, and nothing that a person wrote.

use std::fmt;
use std::str::FromStr;

use crate::error::StoreError;

/// SHA-256 of the contents; printed and parsed as 64 lower-case hex digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BlobName([u8; 32]);

impl BlobName {
    /// The name of contents with this hash.
    #[must_use]
    pub fn from_hash(hash: [u8; 32]) -> BlobName {
        BlobName(hash)
    }

    /// The hash.
    #[must_use]
    pub fn hash(&self) -> &[u8; 32] {
        &self.0
    }

    /// `ab/cd/abcd…`: two levels, so that no folder grows beyond what file systems like.
    pub(super) fn path(&self) -> String {
        let hex = self.to_string();
        format!("{}/{}/{hex}", &hex[..2], &hex[2..4])
    }

    /// The name at `path`, when it is one of ours.
    pub(super) fn from_path(path: &str) -> Option<BlobName> {
        let name: BlobName = path.rsplit('/').next()?.parse().ok()?;
        (name.path() == path.trim_start_matches('/')).then_some(name)
    }
}

impl fmt::Display for BlobName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for BlobName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BlobName({self})")
    }
}

impl FromStr for BlobName {
    type Err = StoreError;

    fn from_str(text: &str) -> Result<BlobName, StoreError> {
        let refused = || StoreError::NoSuchBlob("a name of file contents is 64 lower-case hex digits".into());
        let digits = text.as_bytes();
        if digits.len() != 64 {
            return Err(refused());
        }
        let digit = |byte: u8| match byte {
            b'0'..=b'9' => Some(byte - b'0'),
            b'a'..=b'f' => Some(byte - b'a' + 10),
            _ => None,
        };
        let mut hash = [0; 32];
        for (byte, pair) in hash.iter_mut().zip(digits.chunks_exact(2)) {
            let (high, low) = digit(pair[0]).zip(digit(pair[1])).ok_or_else(refused)?;
            *byte = high << 4 | low;
        }
        Ok(BlobName(hash))
    }
}
