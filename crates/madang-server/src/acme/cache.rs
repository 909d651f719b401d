//! What of ACME outlives the process: `acme/` in the data folder, readable by us alone.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use instant_acme::AccountCredentials;

use super::Standing;
use crate::tls::certificate::Certificate;

const ACCOUNT: &str = "account.json";
const CHAIN: &str = "certificate.pem";
const KEY: &str = "certificate.key";
const STANDING: &str = "standing.json";

pub struct Cache {
    folder: PathBuf,
}

impl Cache {
    /// # Errors
    /// When the folder cannot be made.
    pub fn open(data: &Path) -> Result<Cache> {
        use std::os::unix::fs::DirBuilderExt;
        let folder = data.join("acme");
        std::fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&folder)
            .with_context(|| format!("cannot make {}", folder.display()))?;
        Ok(Cache { folder })
    }

    /// The account at `directory`, if there is one.
    pub fn account(&self, directory: &str) -> Option<AccountCredentials> {
        let text = std::fs::read(self.folder.join(ACCOUNT)).ok()?;
        let kept: serde_json::Value = serde_json::from_slice(&text).ok()?;
        // An account of another authority opens nothing here.
        (kept["directory"] == directory).then(|| serde_json::from_value(kept).ok()).flatten()
    }

    /// # Errors
    /// When it cannot be written.
    pub fn keep_account(&self, account: &AccountCredentials) -> Result<()> {
        self.keep(ACCOUNT, &serde_json::to_vec(account)?)
    }

    pub fn forget_account(&self) {
        if let Err(error) = std::fs::remove_file(self.folder.join(ACCOUNT)) {
            tracing::warn!(%error, "The account that the authority does not know could not be forgotten");
        }
    }

    pub fn certificate(&self) -> Option<Certificate> {
        let read = |name| std::fs::read(self.folder.join(name)).ok();
        Certificate::from_pem(&read(CHAIN)?, &read(KEY)?).ok()
    }

    /// # Errors
    /// When it cannot be written.
    pub fn keep_certificate(&self, chain: &str, key: &str) -> Result<()> {
        self.keep(KEY, key.as_bytes())?;
        self.keep(CHAIN, chain.as_bytes())
    }

    pub fn standing(&self) -> Standing {
        let text = std::fs::read(self.folder.join(STANDING)).unwrap_or_default();
        serde_json::from_slice(&text).unwrap_or_default()
    }

    /// # Errors
    /// When it cannot be written.
    pub fn keep_standing(&self, standing: &Standing) -> Result<()> {
        self.keep(STANDING, &serde_json::to_vec_pretty(standing)?)
    }

    /// Whole or not at all, and 0600: temporary files are made so.
    fn keep(&self, name: &str, bytes: &[u8]) -> Result<()> {
        let path = self.folder.join(name);
        let kept = || format!("cannot write {}", path.display());
        let mut file = tempfile::NamedTempFile::new_in(&self.folder).with_context(kept)?;
        file.write_all(bytes).and_then(|()| file.as_file().sync_all()).with_context(kept)?;
        file.persist(&path).with_context(kept)?;
        std::fs::File::open(&self.folder)?.sync_all().with_context(kept)
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn what_is_kept_is_ours_alone() {
        let data = tempfile::tempdir().expect("a folder");
        let cache = Cache::open(data.path()).expect("opened");
        assert_eq!(cache.standing(), Standing::default());
        let standing = Standing { failures: 3, last_error: Some("no".into()), ..Standing::default() };
        cache.keep_standing(&standing).expect("kept");
        cache.keep_certificate("nonsense", "secret").expect("kept");
        assert_eq!(cache.standing(), standing);
        assert!(cache.certificate().is_none(), "nonsense is no certificate");
        let mode = |path: &Path| std::fs::metadata(path).expect("there").permissions().mode() & 0o777;
        assert_eq!(mode(&data.path().join("acme")), 0o700);
        for entry in std::fs::read_dir(data.path().join("acme")).expect("a folder") {
            assert_eq!(mode(&entry.expect("an entry").path()), 0o600);
        }
    }
}
