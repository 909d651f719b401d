//! Sealing for what the house keeps for itself and for no space: one key of its own for each purpose, made at first
//! use and wrapped by the root key.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use super::{Key, Keyring, cipher};
use crate::db::Db;
use crate::error::{Result, StoreError};
use crate::house;

/// Seals and opens for one purpose.
pub struct OwnSeal(Key);

impl OwnSeal {
    /// The key that is kept as the fact `fact`, or a fresh one, kept before it is used.
    ///
    /// # Errors
    /// What the store said; `Seal` when it was kept under another root key.
    pub fn open(db: &Db, keyring: &Keyring, fact: &'static str) -> Result<OwnSeal> {
        let kept = db.read_blocking(move |conn| house::fact(conn, fact))?;
        let sealed = match kept {
            Some(sealed) => sealed,
            None => {
                let fresh = STANDARD.encode(keyring.seal_own(&cipher::fresh_key()?, fact)?);
                // Whoever was first has the key that counts.
                db.write_blocking(move |tx| house::fact_or(tx, fact, &fresh))?
            }
        };
        let sealed =
            STANDARD.decode(sealed).map_err(|_| StoreError::Seal(format!("the key {fact} is damaged")))?;
        Ok(OwnSeal(keyring.open_own(&sealed, fact)?))
    }

    /// A name for something that tells nothing of it to who has not the key.
    #[must_use]
    pub fn mark(&self, text: &str) -> [u8; 32] {
        Sha256::new().chain_update(self.0.as_slice()).chain_update(text.as_bytes()).finalize().into()
    }

    /// Seals what belongs to `place`; it opens nowhere else.
    ///
    /// # Errors
    /// When the system gives no random bytes.
    pub fn seal(&self, place: &[u8], plain: &[u8]) -> Result<Vec<u8>> {
        cipher::seal(&self.0, place, plain)
    }

    /// # Errors
    /// `Seal` when it was changed or moved.
    pub fn unseal(&self, place: &[u8], sealed: &[u8]) -> Result<Vec<u8>> {
        cipher::open(&self.0, place, sealed)
    }
}
