//! Certificate and key from files, read again when they change.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use anyhow::{Context, Result};
use tokio::sync::Notify;

use super::certificate::{Certificate, Served, now};

/// How often the files are looked at. Whoever cannot wait sends SIGHUP.
const LOOK: Duration = Duration::from_secs(10);

/// The two files.
#[derive(Debug, Clone)]
pub struct Files {
    pub cert: PathBuf,
    pub key: PathBuf,
}

/// By what a changed file is noticed: length and time of both.
type Looks = [Option<(u64, SystemTime)>; 2];

impl Files {
    /// # Errors
    /// A sentence that names the file and says what is wrong with it.
    pub fn read(&self) -> Result<Certificate> {
        let bytes = |path: &Path, what: &str| {
            std::fs::read(path).with_context(|| format!("cannot read the {what} {}", path.display()))
        };
        let (chain, key) = (bytes(&self.cert, "certificate")?, bytes(&self.key, "key")?);
        let wrong = || format!("{} and {} cannot be used for https", self.cert.display(), self.key.display());
        let certificate = Certificate::from_pem(&chain, &key).with_context(wrong)?;
        certificate.must_be_valid(now()).with_context(wrong)?;
        Ok(certificate)
    }

    fn looks(&self) -> Looks {
        let one = |path: &Path| {
            let meta = std::fs::metadata(path).ok()?;
            Some((meta.len(), meta.modified().ok()?))
        };
        [one(&self.cert), one(&self.key)]
    }

    /// Serves what the files hold, whenever they change, until the process ends. What cannot be used is said in the
    /// log, and the certificate before it stays.
    pub async fn follow(self, served: Arc<Served>, reload: Arc<Notify>) {
        let mut known = self.looks();
        loop {
            // Which of the two woke us does not matter: a look costs two system calls.
            let asked = tokio::time::timeout(LOOK, reload.notified()).await.is_ok();
            let looks = self.looks();
            if looks == known && !asked {
                continue;
            }
            known = looks;
            match self.read() {
                Ok(certificate) => {
                    tracing::info!(names = ?certificate.names, "The certificate was read again");
                    served.set(certificate);
                }
                Err(error) => {
                    tracing::error!(
                        error = format!("{error:#}"),
                        "The new certificate is not used; the one before stays"
                    );
                }
            }
        }
    }
}
