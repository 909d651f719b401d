//! The root key, which wraps every other key. The file is the default; a vault or a cloud's key service would be
//! another `KeyWrap`.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

use zeroize::Zeroizing;

use super::{Key, cipher};
use crate::disk;
use crate::error::{Result, StoreError};

/// Wraps keys so that they may lie in a database.
pub trait KeyWrap: Send + Sync {
    /// Encrypts `key` for keeping, bound to `context`.
    ///
    /// # Errors
    /// `RootKey` when the root key cannot be used just then.
    fn wrap(&self, key: &Key, context: &[u8]) -> Result<Vec<u8>>;

    /// Gives back what `wrap` was given with the same `context`.
    ///
    /// # Errors
    /// `Seal` when it was wrapped by another root key or for another context; `RootKey` as above.
    fn open(&self, wrapped: &[u8], context: &[u8]) -> Result<Key>;
}

/// A root key in a file that only we can read: `madang-root-key-1 ` and 64 hex digits.
pub struct FileKey(Key);

const PREFIX: &str = "madang-root-key-1 ";

impl FileKey {
    /// Reads the file; `None` when there is none.
    ///
    /// # Errors
    /// `RootKey` when it cannot be read or is not a root key.
    pub fn load(file: &Path) -> Result<Option<FileKey>> {
        let text = match fs::read_to_string(file) {
            Ok(text) => Zeroizing::new(text),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(unusable(file, &error)),
        };
        warn_if_open(file);
        let key = text.trim_end().strip_prefix(PREFIX).and_then(from_hex);
        key.map(|key| Some(FileKey(key))).ok_or_else(|| unusable(file, &"it does not hold a Madang root key"))
    }

    /// Makes a fresh root key in `file`, durable before this returns. An existing file is never replaced.
    ///
    /// # Errors
    /// `RootKey` when the file exists or cannot be written.
    pub fn create(file: &Path) -> Result<FileKey> {
        let key = cipher::fresh_key()?;
        write_new(file, &key).map_err(|error| unusable(file, &error))?;
        tracing::info!(file = %file.display(), "made a root key: keep a copy apart from the backups");
        Ok(FileKey(key))
    }
}

impl KeyWrap for FileKey {
    fn wrap(&self, key: &Key, context: &[u8]) -> Result<Vec<u8>> {
        cipher::seal(&self.0, context, key.as_slice())
    }

    fn open(&self, wrapped: &[u8], context: &[u8]) -> Result<Key> {
        let plain = Zeroizing::new(cipher::open(&self.0, context, wrapped)?);
        let bytes: [u8; 32] =
            plain.as_slice().try_into().map_err(|_| StoreError::Seal("not a wrapped key".into()))?;
        Ok(Zeroizing::new(bytes))
    }
}

/// Whole or not at all: a temporary file, synced, then linked to its name, which fails when the name is taken.
fn write_new(file: &Path, key: &Key) -> io::Result<()> {
    let directory = file.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    disk::make_directory(directory)?;
    let temporary = directory.join(format!(".root-key-{}", std::process::id()));
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut handle = options.open(&temporary)?;
    let text = Zeroizing::new(format!("{PREFIX}{}\n", *to_hex(key)));
    let written = handle.write_all(text.as_bytes()).and_then(|()| handle.sync_all());
    let linked = written.and_then(|()| fs::hard_link(&temporary, file));
    fs::remove_file(&temporary)?;
    linked?;
    disk::sync_directory(directory)
}

fn warn_if_open(file: &Path) {
    #[cfg(unix)]
    if let Ok(meta) = fs::metadata(file) {
        let mode = std::os::unix::fs::PermissionsExt::mode(&meta.permissions());
        if mode & 0o077 != 0 {
            tracing::warn!(file = %file.display(), "others can read the root key: chmod 600 it");
        }
    }
}

fn unusable(file: &Path, why: &dyn std::fmt::Display) -> StoreError {
    StoreError::RootKey(format!("the root key {} cannot be used: {why}", file.display()))
}

fn to_hex(key: &Key) -> Zeroizing<String> {
    let mut text = String::with_capacity(64);
    for byte in key.iter() {
        for digit in [byte >> 4, byte & 15] {
            text.extend(char::from_digit(u32::from(digit), 16));
        }
    }
    Zeroizing::new(text)
}

fn from_hex(text: &str) -> Option<Key> {
    let digits: Option<Vec<u8>> =
        text.chars().map(|c| c.to_digit(16).and_then(|d| u8::try_from(d).ok())).collect();
    let digits = Zeroizing::new(digits?);
    let mut key = Key::default();
    if digits.len() != 64 {
        return None;
    }
    for (byte, pair) in key.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = pair[0] << 4 | pair[1];
    }
    Some(key)
}
