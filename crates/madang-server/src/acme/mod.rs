//! A certificate for a public name, asked for and renewed while serving (ACME, RFC 8555).
//!
//! The authority proves our name by a TLS connection to the web port (TLS-ALPN-01, RFC 8737), so no second port and
//! no other program is needed. Nothing here holds up the start: until there is a certificate, `tls` answers with a
//! sentence that says why. `standing` is what the log, `/metrics` and `madang doctor` know.

mod cache;
mod challenge;
mod order;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use parking_lot::Mutex;
use serde::{Deserialize, Serialize};
use tokio::sync::Notify;

use crate::config;
use crate::tls::certificate::{Certificate, Served, now};
use cache::Cache;
pub use challenge::{Challenges, PROTOCOL, is_challenge, stand_in};

/// An order that takes longer than this is given up.
const LONGEST: Duration = Duration::from_secs(300);
/// Long waits are slept in pieces, so that a machine that was asleep or a changed clock is noticed.
const PIECE: i64 = 3_600;

/// How the last attempt went. Kept, so that a server which restarts again and again does not spend the authority's
/// patience: Let's Encrypt refuses a name for an hour after five failures.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// The authority and the names that the kept certificate is from and for.
    pub directory: String,
    pub domains: Vec<String>,
    /// Attempts that failed since the last success.
    pub failures: u32,
    /// Not before then; seconds since 1970 UTC.
    pub next_try: i64,
    pub last_error: Option<String>,
}

/// The names, their certificate, and the way to the next one.
pub struct Acme {
    settings: config::Acme,
    cache: Cache,
    served: Arc<Served>,
    challenges: Arc<Challenges>,
    standing: Mutex<Standing>,
}

/// Why there is no certificate: what decides how long to wait.
enum Trouble {
    /// The authority was not reached; nobody counts that.
    Unreached(anyhow::Error),
    /// It said no, or could not reach us; it counts.
    Declined(anyhow::Error),
}

impl Acme {
    /// Takes over what an earlier process kept in `data`.
    ///
    /// # Errors
    /// A sentence that says what to change.
    pub fn open(settings: config::Acme, data: &Path, served: Arc<Served>) -> Result<Acme> {
        let cache = Cache::open(data)?;
        let mut standing = cache.standing();
        if (&standing.directory, &standing.domains) == (&settings.directory, &settings.domains) {
            if let Some(certificate) = cache.certificate().filter(|it| it.must_be_valid(now()).is_ok()) {
                served.set(certificate);
            }
        } else {
            standing = Standing {
                directory: settings.directory.clone(),
                domains: settings.domains.clone(),
                ..Standing::default()
            };
        }
        if let Some(root) = &settings.root {
            let unread = || config::Misconfigured(format!("cannot read --acme-root {}", root.display()));
            std::fs::metadata(root).with_context(unread)?;
        }
        Ok(Acme {
            settings,
            cache,
            served,
            challenges: Arc::new(Challenges::default()),
            standing: Mutex::new(standing),
        })
    }

    pub fn challenges(&self) -> Arc<Challenges> {
        self.challenges.clone()
    }

    /// What to tell whoever comes while there is no certificate.
    pub fn explanation(&self) -> String {
        let names = self.settings.domains.join(", ");
        let standing = self.standing.lock().clone();
        let why = standing.last_error.map_or_else(String::new, |error| {
            format!("\nThe last attempt failed: {error}\n마지막 시도가 실패했어요: {error}\n")
        });
        format!(
            "Madang is asking for a certificate for {names}. Come back in a minute; whoever runs this server finds \
             more with `madang doctor`.\n\n{names}의 인증서를 받는 중이에요. 잠시 뒤에 다시 열어 주세요. 운영자는 \
             `madang doctor`로 자세한 내용을 볼 수 있어요.\n{why}"
        )
    }

    /// Asks and renews until the process ends. `wake` asks at once, whatever the last attempt said.
    pub async fn run(self: Arc<Self>, wake: Arc<Notify>) {
        loop {
            let wait = self.wait();
            let piece = Duration::from_secs(u64::try_from(wait.clamp(0, PIECE)).unwrap_or(0));
            let asked = tokio::time::timeout(piece, wake.notified()).await.is_ok();
            if self.is_due() && (asked || self.wait() <= 0) {
                self.attempt().await;
            }
        }
    }

    /// A third of its life before its end, as the authorities advise.
    fn renew_at(&self) -> i64 {
        self.served.get().map_or(0, |it| it.not_after - (it.not_after - it.not_before) / 3)
    }

    fn is_due(&self) -> bool {
        now() >= self.renew_at()
    }

    fn wait(&self) -> i64 {
        self.renew_at().max(self.standing.lock().next_try) - now()
    }

    async fn attempt(&self) {
        let names = self.settings.domains.join(", ");
        tracing::info!(names, "Asking for a certificate");
        let ended = match tokio::time::timeout(LONGEST, self.ask()).await {
            Ok(ended) => ended,
            Err(_) => Err(Trouble::Declined(anyhow::anyhow!("it took longer than five minutes"))),
        };
        self.challenges.clear();
        let mut standing = self.standing.lock().clone();
        match ended {
            Ok(certificate) => {
                tracing::info!(names, "The certificate is here");
                (standing.failures, standing.next_try, standing.last_error) = (0, 0, None);
                self.served.set(certificate);
                metrics::counter!("madang_acme_orders_total", "result" => "issued").increment(1);
            }
            Err(trouble) => {
                standing.failures = standing.failures.saturating_add(1);
                let wait = patience(&trouble, standing.failures);
                let (Trouble::Unreached(error) | Trouble::Declined(error)) = trouble;
                tracing::error!(
                    names,
                    wait.seconds = wait,
                    error = format!("{error:#}"),
                    "There is no new certificate; the next attempt comes by itself"
                );
                (standing.next_try, standing.last_error) = (now() + wait, Some(format!("{error:#}")));
                metrics::counter!("madang_acme_orders_total", "result" => "failed").increment(1);
            }
        }
        *self.standing.lock() = standing.clone();
        if let Err(error) = self.cache.keep_standing(&standing) {
            tracing::warn!(%error, "How the certificate stands could not be kept");
        }
    }

    async fn ask(&self) -> Result<Certificate, Trouble> {
        let account = order::account(&self.settings, &self.cache).await?;
        let issued = order::order(&self.settings.domains, &account, &self.challenges).await;
        if let Err(error) = &issued
            && order::is_forgotten(error)
        {
            self.cache.forget_account();
        }
        let (chain, key) = issued.map_err(Trouble::Declined)?;
        let certificate =
            Certificate::from_pem(chain.as_bytes(), key.as_bytes()).map_err(Trouble::Declined)?;
        self.cache.keep_certificate(&chain, &key).map_err(Trouble::Declined)?;
        Ok(certificate)
    }
}

/// Seconds to the next attempt. From two minutes, doubled, a refused name is asked for five times in its first hour,
/// which Let's Encrypt allows; an authority that is not reached at all may be tried more often.
fn patience(trouble: &Trouble, failures: u32) -> i64 {
    let (first, longest) = match trouble {
        Trouble::Unreached(_) => (10, 600),
        Trouble::Declined(_) => (120, 21_600),
    };
    (first << failures.saturating_sub(1).min(12)).min(longest)
}

/// How the certificate of these settings stands, for `madang doctor`: it reads what a serving process kept.
///
/// # Errors
/// When the folder cannot be read.
pub fn look(data: &Path) -> Result<(Standing, Option<Certificate>)> {
    let cache = Cache::open(data)?;
    Ok((cache.standing(), cache.certificate()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_name_is_asked_for_five_times_in_an_hour_and_never_less_than_every_six_hours() {
        let waits = |trouble: &Trouble| -> Vec<i64> { (1..20).map(|n| patience(trouble, n)).collect() };
        let declined = waits(&Trouble::Declined(anyhow::anyhow!("no")));
        assert_eq!(declined[..5].iter().sum::<i64>() / 60, 62, "the sixth attempt is in the second hour");
        assert_eq!(declined.last(), Some(&21_600));
        assert_eq!(waits(&Trouble::Unreached(anyhow::anyhow!("away"))).last(), Some(&600));
    }
}
