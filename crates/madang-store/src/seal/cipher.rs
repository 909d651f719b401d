//! The one cipher (codec 1). A new one gets a new codec byte, and this one stays for reading.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};

use super::Key;
use crate::error::{Result, StoreError};

const XCHACHA20_POLY1305: u8 = 1;
const NONCE: usize = 24;
const TAG: usize = 16;

/// A fresh random key.
pub(super) fn fresh_key() -> Result<Key> {
    let mut key = Key::default();
    fill(key.as_mut_slice())?;
    Ok(key)
}

pub(super) fn seal(key: &Key, associated: &[u8], plain: &[u8]) -> Result<Vec<u8>> {
    let mut nonce = [0; NONCE];
    fill(&mut nonce)?;
    let payload = Payload { msg: plain, aad: associated };
    let sealed = XChaCha20Poly1305::new(&(**key).into())
        .encrypt(&XNonce::from(nonce), payload)
        .map_err(|_| StoreError::Seal("too long to seal".into()))?;
    let mut out = Vec::with_capacity(1 + NONCE + sealed.len());
    out.push(XCHACHA20_POLY1305);
    out.extend_from_slice(&nonce);
    out.extend_from_slice(&sealed);
    Ok(out)
}

pub(super) fn open(key: &Key, associated: &[u8], sealed: &[u8]) -> Result<Vec<u8>> {
    let refused = |why: &str| StoreError::Seal(why.to_owned());
    let (codec, rest) = sealed.split_first().ok_or_else(|| refused("it is empty"))?;
    if *codec != XCHACHA20_POLY1305 {
        return Err(refused(&format!("codec {codec} is not known to this version")));
    }
    if rest.len() < NONCE + TAG {
        return Err(refused("it is cut short"));
    }
    let (nonce, sealed) = rest.split_at(NONCE);
    let nonce: [u8; NONCE] = nonce.try_into().map_err(|_| refused("it is cut short"))?;
    XChaCha20Poly1305::new(&(**key).into())
        .decrypt(&XNonce::from(nonce), Payload { msg: sealed, aad: associated })
        .map_err(|_| refused("it was changed, moved, or sealed with another key"))
}

fn fill(bytes: &mut [u8]) -> Result<()> {
    getrandom::fill(bytes)
        .map_err(|error| StoreError::Seal(format!("the system gives no random bytes: {error}")))
}
