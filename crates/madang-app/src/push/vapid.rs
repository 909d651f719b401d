//! Who we are to a push service: a key of the house's own, made at its first start, and a short signed word to go
//! with each message (RFC 8292).

use aws_lc_rs::agreement::{ECDH_P256, PrivateKey};
use aws_lc_rs::encoding::{AsBigEndian, EcPrivateKeyBin};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use madang_store::db::Db;
use madang_store::house;
use madang_store::seal::Keyring;
use parking_lot::RwLock;
use reqwest::Url;
use serde_json::json;
use zeroize::Zeroizing;

use crate::error::Result;

/// What the key is sealed for.
const PURPOSE: &str = "push";
/// How long a signed word holds, in seconds; at most a day (RFC 8292, 2).
const HOLDS: i64 = 12 * 3_600;

/// The house's key for push services.
pub struct Vapid {
    pair: EcdsaKeyPair,
    /// The uncompressed point, base64url: what browsers are given as `applicationServerKey`.
    public: String,
    /// Whom a push service may write to when something is wrong: `mailto:` or `https:`. Who was named in the app, else
    /// who was named at the start.
    chosen: RwLock<Option<String>>,
    contact: String,
}

impl Vapid {
    /// The key that is kept, or a fresh one, kept before it is used.
    ///
    /// # Errors
    /// What the store said; `Seal` when it was kept under another root key.
    pub fn open(db: &Db, keyring: &Keyring, contact: String) -> Result<Vapid> {
        let kept = db.read_blocking(|conn| house::fact(conn, house::PUSH_KEY))?;
        let sealed = match kept {
            Some(sealed) => sealed,
            None => {
                let fresh = STANDARD.encode(keyring.seal_own(&fresh()?, PURPOSE)?);
                // Whoever was first has the key that counts.
                db.write_blocking(move |tx| -> Result<String> {
                    Ok(house::fact_or(tx, house::PUSH_KEY, &fresh)?)
                })?
            }
        };
        let sealed = STANDARD.decode(sealed).map_err(|_| anyhow::anyhow!("the key for push is damaged"))?;
        Vapid::from_private(&*keyring.open_own(&sealed, PURPOSE)?, contact)
    }

    fn from_private(private: &[u8; 32], contact: String) -> Result<Vapid> {
        let wrong = |_| anyhow::anyhow!("the key for push is damaged");
        let key = PrivateKey::from_private_key(&ECDH_P256, private).map_err(|_| anyhow::anyhow!("no key"))?;
        let public = key.compute_public_key().map_err(wrong)?;
        let algorithm = &ECDSA_P256_SHA256_FIXED_SIGNING;
        let pair = EcdsaKeyPair::from_private_key_and_public_key(algorithm, private, public.as_ref())
            .map_err(|_| anyhow::anyhow!("the key for push is damaged"))?;
        Ok(Vapid {
            pair,
            public: URL_SAFE_NO_PAD.encode(public.as_ref()),
            chosen: RwLock::new(None),
            contact,
        })
    }

    pub fn public(&self) -> &str {
        &self.public
    }

    pub fn contact(&self) -> String {
        self.chosen.read().clone().unwrap_or_else(|| self.contact.clone())
    }

    /// From here on; empty for who was named at the start.
    pub fn set_contact(&self, contact: &str) {
        *self.chosen.write() = Some(contact.to_owned()).filter(|it| !it.is_empty());
    }

    /// The `Authorization` of a message to this endpoint (RFC 8292, 3).
    ///
    /// # Errors
    /// When there is no randomness to sign with.
    pub fn authorization(&self, endpoint: &Url, now_us: i64) -> Result<String> {
        let header = URL_SAFE_NO_PAD.encode(json!({"typ": "JWT", "alg": "ES256"}).to_string());
        let claims = json!({
            "aud": endpoint.origin().ascii_serialization(),
            "exp": now_us / 1_000_000 + HOLDS,
            "sub": self.contact(),
        });
        let said = format!("{header}.{}", URL_SAFE_NO_PAD.encode(claims.to_string()));
        let signed = self
            .pair
            .sign(&SystemRandom::new(), said.as_bytes())
            .map_err(|_| anyhow::anyhow!("the word for a push service could not be signed"))?;
        let token = format!("{said}.{}", URL_SAFE_NO_PAD.encode(signed.as_ref()));
        Ok(format!("vapid t={token}, k={}", self.public))
    }
}

fn fresh() -> Result<Zeroizing<[u8; 32]>> {
    let none = |_| anyhow::anyhow!("no key for push could be made");
    let key = PrivateKey::generate(&ECDH_P256).map_err(none)?;
    let bytes: EcPrivateKeyBin<'_> = key.as_be_bytes().map_err(none)?;
    let mut private = Zeroizing::new([0; 32]);
    private.copy_from_slice(bytes.as_ref());
    Ok(private)
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
    use serde_json::Value;

    use super::*;

    #[test]
    fn a_push_service_can_check_who_sent_it_and_for_whom() {
        let vapid =
            Vapid::from_private(&fresh().expect("a key"), "mailto:nari@example.com".into()).expect("a key");
        let endpoint: Url =
            "https://push.example.net/p/JzLQ3raZJfFBR0aqvOMsLrt54w4rJUsV".parse().expect("a url");
        let said = vapid.authorization(&endpoint, 1_453_523_768_000_000).expect("signed");
        let (token, key) =
            said.strip_prefix("vapid t=").and_then(|it| it.split_once(", k=")).expect("two parts");
        assert_eq!(key, vapid.public());
        let point = URL_SAFE_NO_PAD.decode(key).expect("base64");
        assert_eq!((point.len(), point[0]), (65, 4));
        let (signed, signature) = token.rsplit_once('.').expect("three parts");
        let signature = URL_SAFE_NO_PAD.decode(signature).expect("base64");
        UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, &point)
            .verify(signed.as_bytes(), &signature)
            .expect("signed by us");
        let part = |n: usize| -> Value {
            let text = URL_SAFE_NO_PAD.decode(signed.split('.').nth(n).expect("a part")).expect("base64");
            serde_json::from_slice(&text).expect("JSON")
        };
        assert_eq!(part(0), json!({"typ": "JWT", "alg": "ES256"}));
        assert_eq!(
            part(1),
            json!({"aud": "https://push.example.net", "exp": 1_453_566_968, "sub": "mailto:nari@example.com"})
        );
    }
}
