//! Where file contents are: the only place that names OpenDAL's services.

use std::path::{Path, PathBuf};

use opendal::Operator;
use opendal::services::{Fs, S3};

use crate::disk;
use crate::error::{Result, StoreError};

/// A local folder or an S3-compatible bucket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BlobPlace {
    /// A folder of ours.
    Folder(PathBuf),
    /// A bucket. Keys come from the environment (`AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, …) or the machine's
    /// role.
    S3 {
        /// The bucket's name.
        bucket: String,
        /// In front of all our names; may be empty.
        prefix: String,
        /// `https://s3.example.org`; `None` is AWS.
        endpoint: Option<String>,
        /// `None` is what the environment says, else `auto`.
        region: Option<String>,
        /// Contents are collected here before they are sent, because their name is known only at the end.
        spool: PathBuf,
    },
}

impl BlobPlace {
    /// `--files-url`: `s3://bucket/prefix?endpoint=https://…&region=…`, or a folder, with or without `file:` or
    /// `file://` before it.
    ///
    /// # Errors
    /// `Config` for another scheme or a missing bucket.
    pub fn from_url(url: &str, spool: &Path) -> Result<BlobPlace> {
        let Some(rest) = url.strip_prefix("s3://") else {
            let folder = url.strip_prefix("file://").or_else(|| url.strip_prefix("file:")).unwrap_or(url);
            if folder.is_empty() || folder.contains("://") {
                return Err(StoreError::Config(format!(
                    "`{url}` is no place for files: use a folder or s3://bucket/prefix?endpoint=https://host"
                )));
            }
            return Ok(BlobPlace::Folder(folder.into()));
        };
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (bucket, prefix) = path.split_once('/').unwrap_or((path, ""));
        if bucket.is_empty() {
            return Err(StoreError::Config(format!("`{url}` names no bucket: write s3://bucket/prefix")));
        }
        let (mut endpoint, mut region) = (None, None);
        for option in query.split('&').filter(|option| !option.is_empty()) {
            match option.split_once('=') {
                Some(("endpoint", value)) => endpoint = Some(value.replace("%3A", ":").replace("%2F", "/")),
                Some(("region", value)) => region = Some(value.to_owned()),
                _ => {
                    return Err(StoreError::Config(format!(
                        "`{option}` in the files URL is not known: there are endpoint and region"
                    )));
                }
            }
        }
        let (bucket, prefix) = (bucket.to_owned(), prefix.to_owned());
        Ok(BlobPlace::S3 { bucket, prefix, endpoint, region, spool: spool.to_path_buf() })
    }

    /// Where contents are collected until their name is known. For a folder it is on the same file system.
    pub(super) fn spool(&self) -> PathBuf {
        match self {
            BlobPlace::Folder(folder) => folder.join("incoming"),
            BlobPlace::S3 { spool, .. } => spool.clone(),
        }
    }

    pub(super) fn operator(&self) -> Result<Operator> {
        let unusable = |error: &dyn std::fmt::Display| {
            StoreError::Config(format!("file contents cannot be kept there: {error}"))
        };
        disk::make_directory(&self.spool()).map_err(|error| unusable(&error))?;
        match self {
            BlobPlace::Folder(folder) => {
                let folder = folder.to_str().ok_or_else(|| unusable(&"the folder's name is not UTF-8"))?;
                Operator::new(Fs::default().root(folder)).map_err(|error| unusable(&error))
            }
            BlobPlace::S3 { bucket, prefix, endpoint, region, .. } => {
                let from_environment = std::env::var("AWS_REGION").is_ok();
                let mut service = S3::default().bucket(bucket).root(prefix);
                if let Some(endpoint) = endpoint {
                    service = service.endpoint(endpoint);
                }
                if let Some(region) = region.as_deref().or((!from_environment).then_some("auto")) {
                    service = service.region(region);
                }
                Operator::new(service).map_err(|error| unusable(&error))
            }
        }
    }
}

/// What was being taken in when the last process ended belongs to nobody.
pub(super) fn empty(spool: &Path) {
    let Ok(entries) = std::fs::read_dir(spool) else { return };
    for entry in entries.flatten() {
        if let Err(error) = std::fs::remove_file(entry.path()) {
            tracing::warn!(file = %entry.path().display(), %error, "an unfinished upload cannot be removed");
        }
    }
}
