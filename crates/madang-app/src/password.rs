//! Passwords: Argon2id (RFC 9106) with 19 MiB, two passes, one lane, off the
//! runtime's threads and at most two at a time.

use std::sync::{Arc, LazyLock};

use anyhow::anyhow;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use madang_model::Refusal;
use tokio::sync::Semaphore;

use crate::error::Result;

/// Shortest password in characters (NIST SP 800-63B asks for 8; offices get 10).
const SHORTEST: usize = 10;
/// Longest password in bytes: enough for any sentence, too little to keep a core busy.
const LONGEST: usize = 1_024;

/// Beginnings of what is guessed first.
const GUESSED: &[&str] = &[
    "password",
    "passw0rd",
    "12345678",
    "123456789",
    "1234567890",
    "qwertyuiop",
    "qwerty1234",
    "1q2w3e4r",
    "asdfghjkl",
    "iloveyou",
    "letmein",
    "welcome1",
    "adminadmin",
    "administrator",
    "abcdefghij",
    "aaaaaaaaaa",
    "1111111111",
    "0000000000",
    "비밀번호",
    "madangmadang",
    "dkssudgktpdy",
    "sarang",
    "qlalfqjsgh",
];

static AT_ONCE: LazyLock<Arc<Semaphore>> = LazyLock::new(|| Arc::new(Semaphore::new(2)));

fn argon() -> Argon2<'static> {
    let params = Params::new(19 * 1024, 2, 1, None).expect("the parameters are within RFC 9106");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// Refuses what is too short or easily guessed. `about` is what others know of
/// the person: address, name, workspace.
pub(crate) fn check(password: &str, about: &[&str]) -> Result<(), Refusal> {
    if password.chars().count() < SHORTEST {
        return Err(Refusal::WeakPassword("use at least 10 characters"));
    }
    if password.len() > LONGEST {
        return Err(Refusal::TooLong { what: "password", limit: LONGEST });
    }
    let folded = madang_model::name::fold(password);
    let few = folded.chars().collect::<std::collections::BTreeSet<_>>().len() < 4;
    let guessed = GUESSED.iter().any(|it| folded.starts_with(it) && folded.len() < it.len() + 6);
    let known = about.iter().map(|it| madang_model::name::fold(it)).any(|it| !it.is_empty() && folded == it);
    if few || guessed || known {
        return Err(Refusal::WeakPassword("it is easily guessed, choose another"));
    }
    Ok(())
}

/// The hash to keep, in PHC string form.
pub(crate) async fn hash(password: String) -> Result<String> {
    let _permit = AT_ONCE.clone().acquire_owned().await.map_err(|error| anyhow!(error))?;
    let hashed = tokio::task::spawn_blocking(move || {
        argon().hash_password(password.as_bytes()).map(|hash| hash.to_string())
    });
    Ok(hashed.await.map_err(|error| anyhow!(error))?.map_err(|error| anyhow!("hashing failed: {error}"))?)
}

/// Whether the password is the one behind the hash. Takes the same time when
/// there is no hash, so that nobody learns who has an account.
pub(crate) async fn verify(password: String, kept: Option<String>) -> Result<bool> {
    static NOBODY: tokio::sync::OnceCell<String> = tokio::sync::OnceCell::const_new();
    let nobody = NOBODY.get_or_try_init(|| hash("a password that nobody has".into())).await?.clone();
    if password.len() > LONGEST {
        return Ok(false);
    }
    let _permit = AT_ONCE.clone().acquire_owned().await.map_err(|error| anyhow!(error))?;
    let checked = tokio::task::spawn_blocking(move || {
        let known = kept.is_some();
        let text = kept.unwrap_or(nobody);
        let fits = PasswordHash::new(&text)
            .is_ok_and(|hash| argon().verify_password(password.as_bytes(), &hash).is_ok());
        known && fits
    });
    Ok(checked.await.map_err(|error| anyhow!(error))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_and_guessable_passwords_are_refused() {
        for weak in ["짧아요", "password123", "1234567890", "aabbaabbaabb", "nari@example.com"] {
            assert!(check(weak, &["nari@example.com"]).is_err(), "{weak}");
        }
        assert_eq!(check("마당에 핀 꽃 한 송이", &["nari@example.com"]), Ok(()));
    }

    #[tokio::test]
    async fn a_password_fits_its_own_hash_only() {
        let kept = hash("correct horse battery".into()).await.expect("hashed");
        assert!(verify("correct horse battery".into(), Some(kept.clone())).await.expect("checked"));
        assert!(!verify("correct horse batter".into(), Some(kept)).await.expect("checked"));
        assert!(!verify("a password that nobody has".into(), None).await.expect("checked"));
    }
}
