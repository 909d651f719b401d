//! The keys of sealed payloads, in a database of their own with backups of its own: dropping a key there is
//! erasing what it sealed, once no backup of the keyring holds it any more.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use moka::sync::Cache;
use parking_lot::RwLock;
use serde::{Deserialize, Serialize};

use super::root::{FileKey, KeyWrap};
use super::{Key, Place, cipher, day_of, journal};
use crate::db::{Conn, Db, Tx};
use crate::error::{Result, StoreError};
use crate::{sql, values};

/// A key stays in memory this long at most, so a key dropped on another node opens nothing here afterwards.
const CACHED: Duration = Duration::from_secs(300);
const CACHED_KEYS: u64 = 100_000;
const PROOF: &[u8] = b"madang root proof 1";

sql! {
    const ROOT = "SELECT proof FROM root WHERE id = 1";
    const SET_ROOT = "INSERT INTO root (id, proof) VALUES (1, $1) ON CONFLICT (id) DO NOTHING";
    const KEY = "SELECT wrapped FROM keys WHERE space = $1 AND day = $2";
    const ADD_KEY = "INSERT INTO keys (space, day, wrapped) VALUES ($1, $2, $3) ON CONFLICT (space, day) DO NOTHING";
    const IS_ERASED = "SELECT 1 FROM erasures WHERE space = $1 AND (before_day IS NULL OR before_day > $2) LIMIT 1";
    const DROP_ALL = "DELETE FROM keys WHERE space = $1";
    const DROP_BEFORE = "DELETE FROM keys WHERE space = $1 AND day < $2";
    const ERASE = "INSERT INTO erasures (space, before_day, at_us) VALUES ($1, $2, $3)";
    const ERASURES = "SELECT space, before_day, at_us FROM erasures ORDER BY at_us, space";
    const ERASE_PERSON = "INSERT INTO erased_people (person, messages, erased_by, at_us) VALUES ($1, $2, $3, $4)
        ON CONFLICT (person, messages, at_us) DO NOTHING";
    const ERASED_PEOPLE = "SELECT person, messages, erased_by, at_us FROM erased_people ORDER BY at_us, person";
}

/// What was erased: the journal that is replayed after a restore, so that nothing erased comes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Erasure {
    /// What was said in a space.
    Space {
        /// Its id.
        #[serde(with = "as_text")]
        space: i64,
        /// Days (since 1970-01-01 UTC) before this one; `None` is the whole space, for good.
        before_day: Option<i64>,
        /// When, in microseconds UTC.
        at_us: i64,
    },
    /// What was known of a person. The keyring only remembers it: their rows are in the content database.
    Person {
        /// Their id.
        #[serde(with = "as_text")]
        person: i64,
        /// All that they wrote too.
        messages: bool,
        /// Who erased them.
        #[serde(with = "as_text")]
        by: i64,
        /// When, in microseconds UTC.
        at_us: i64,
    },
}

impl Erasure {
    /// The space, where all of it was erased.
    #[must_use]
    pub fn whole_space(&self) -> Option<i64> {
        match self {
            Erasure::Space { space, before_day: None, .. } => Some(*space),
            _ => None,
        }
    }

    fn takes_key(&self, of: i64, day: i64) -> bool {
        matches!(self, Erasure::Space { space, before_day, .. }
            if *space == of && before_day.is_none_or(|before| day < before))
    }
}

/// Ids have more digits than a JSON number keeps elsewhere.
mod as_text {
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(id: &i64, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(id)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<i64, D::Error> {
        String::deserialize(from)?.parse().map_err(D::Error::custom)
    }
}

/// Seals and opens payloads. Clones share it. All calls may wait for the disk, once for a space and day.
#[derive(Clone)]
pub struct Keyring {
    inner: Arc<Inner>,
}

struct Inner {
    db: Db,
    root: Box<dyn KeyWrap>,
    /// The journal's file, for a keyring whose root key is a file.
    journal: Option<PathBuf>,
    /// What the journal knew and the keyring did not, at the opening.
    replayed: Vec<Erasure>,
    cache: Cache<(i64, i64), Arc<Key>>,
    /// Shared while a key is fetched into the cache, alone while keys are dropped: a dropped key never gets back in.
    dropping: RwLock<()>,
}

impl Keyring {
    /// Opens the keyring in `db` (made with `migrations: KEYS`) with the root key in `file`, which is made at the
    /// first start.
    ///
    /// # Errors
    /// `RootKey` with a sentence when the file is missing or wrong although there are keys.
    pub fn open(db: Db, file: &Path) -> Result<Keyring> {
        let root = match FileKey::load(file)? {
            Some(key) => key,
            None if proof(&db)?.is_none() => FileKey::create(file)?,
            None => {
                let file = file.display();
                return Err(StoreError::RootKey(format!(
                    "the root key {file} is missing, and without it nothing that people wrote can be read: put the \
                     copy of that file back (another node or the place you keep it has it)"
                )));
            }
        };
        let journal = file.with_file_name(journal::JOURNAL);
        Keyring::made_of(db, Box::new(root), Some(journal)).map_err(|error| match error {
            StoreError::Seal(_) => StoreError::RootKey(format!(
                "the root key {} is not the one that this keyring was made with: put the right file back",
                file.display()
            )),
            other => other,
        })
    }

    /// As `open`, with a root key that is somewhere else.
    ///
    /// # Errors
    /// `Seal` when the keyring was made with another root key.
    pub fn with(db: Db, root: Box<dyn KeyWrap>) -> Result<Keyring> {
        Keyring::made_of(db, root, None)
    }

    fn made_of(db: Db, root: Box<dyn KeyWrap>, journal: Option<PathBuf>) -> Result<Keyring> {
        let kept = match proof(&db)? {
            Some(kept) => kept,
            None => {
                let fresh = root.wrap(&cipher::fresh_key()?, PROOF)?;
                db.write_blocking(move |tx| tx.exec(SET_ROOT, values![fresh.clone()]))?;
                // Another node may have been first; then its root key counts.
                proof(&db)?.ok_or(StoreError::Closed)?
            }
        };
        root.open(&kept, PROOF)?;
        let replayed = match &journal {
            Some(file) => agree(&db, file)?,
            None => Vec::new(),
        };
        let cache = Cache::builder().max_capacity(CACHED_KEYS).time_to_live(CACHED).build();
        let inner = Inner { db, root, journal, replayed, cache, dropping: RwLock::new(()) };
        Ok(Keyring { inner: Arc::new(inner) })
    }

    /// Erasures that the journal's file knew and this keyring did not: somebody had put an older copy of the keys
    /// back. They were carried out again; what the content database holds of them wants to go too.
    #[must_use]
    pub fn replayed(&self) -> &[Erasure] {
        &self.inner.replayed
    }

    /// Encrypts a payload for its place. A fresh key is durable before it is used.
    ///
    /// # Errors
    /// `Erased` when the place's key was dropped; what the keyring's database said.
    pub fn seal(&self, place: Place, plain: &[u8]) -> Result<Vec<u8>> {
        let key = self.key(place.space, place.day(), true)?;
        cipher::seal(&key, &place.associated(), plain)
    }

    /// Gives back what was sealed for this place.
    ///
    /// # Errors
    /// `Erased` when its key was dropped, `Seal` when it is not what was sealed for this place.
    pub fn unseal(&self, place: Place, sealed: &[u8]) -> Result<Vec<u8>> {
        let key = self.key(place.space, place.day(), false)?;
        cipher::open(&key, &place.associated(), sealed)
    }

    /// Makes the key for a space and moment ready, so that a following `seal` waits for nothing.
    ///
    /// # Errors
    /// As `seal`.
    pub fn prepare(&self, space: i64, at_us: i64) -> Result<()> {
        self.key(space, day_of(at_us), true).map(drop)
    }

    /// Whether `seal` for this space and moment would wait for nothing.
    #[must_use]
    pub fn is_prepared(&self, space: i64, at_us: i64) -> bool {
        self.inner.cache.contains_key(&(space, day_of(at_us)))
    }

    /// Makes everything of a space unreadable, for good.
    ///
    /// # Errors
    /// What the keyring's database said; nothing is dropped then.
    pub fn drop_keys(&self, space: i64, at_us: i64) -> Result<()> {
        self.erase(&[Erasure::Space { space, before_day: None, at_us }])
    }

    /// Makes what a space holds from before `day` (days since 1970-01-01 UTC) unreadable, for good.
    ///
    /// # Errors
    /// As `drop_keys`.
    pub fn drop_keys_before(&self, space: i64, day: i64, at_us: i64) -> Result<()> {
        self.erase(&[Erasure::Space { space, before_day: Some(day), at_us }])
    }

    /// The journal of erasures: spaces, then people, oldest first.
    ///
    /// # Errors
    /// What the keyring's database said.
    pub fn erasures(&self) -> Result<Vec<Erasure>> {
        self.inner.db.read_blocking(list)
    }

    /// Erases, also again after a restore brought keys back.
    ///
    /// # Errors
    /// What the journal's file or the keyring's database said; nothing is dropped then, and what the journal got
    /// is carried out at the next start.
    pub fn erase(&self, erasures: &[Erasure]) -> Result<()> {
        let _alone = self.inner.dropping.write();
        // First: an older copy of the keys must not come back without being told.
        if let Some(file) = &self.inner.journal {
            journal::append(file, erasures)?;
        }
        let list = erasures.to_vec();
        self.inner.db.write_blocking(move |tx| list.iter().try_for_each(|erasure| erase(tx, erasure)))?;
        self.inner.db.fold_log();
        for (name, _) in &self.inner.cache {
            let (space, day) = *name;
            if erasures.iter().any(|it| it.takes_key(space, day)) {
                self.inner.cache.invalidate(&*name);
            }
        }
        Ok(())
    }

    /// Seals a secret of the house itself with the root key, for keeping in the content database. It opens for the
    /// same purpose alone.
    ///
    /// # Errors
    /// `RootKey` when the root key cannot be used just then.
    pub fn seal_own(&self, secret: &Key, purpose: &str) -> Result<Vec<u8>> {
        self.inner.root.wrap(secret, &own(purpose))
    }

    /// Gives back what `seal_own` sealed.
    ///
    /// # Errors
    /// `Seal` when it was sealed with another root key or for another purpose.
    pub fn open_own(&self, sealed: &[u8], purpose: &str) -> Result<Key> {
        self.inner.root.open(sealed, &own(purpose))
    }

    fn key(&self, space: i64, day: i64, make: bool) -> Result<Arc<Key>> {
        if let Some(key) = self.inner.cache.get(&(space, day)) {
            return Ok(key);
        }
        let _shared = self.inner.dropping.read();
        let wrapped = match self.find(space, day)? {
            Some(wrapped) => wrapped,
            None if make => self.make(space, day)?,
            None => return Err(StoreError::Seal("its key is not in the keyring".into())),
        };
        let key = Arc::new(self.inner.root.open(&wrapped, &context(space, day))?);
        self.inner.cache.insert((space, day), key.clone());
        Ok(key)
    }

    fn find(&self, space: i64, day: i64) -> Result<Option<Vec<u8>>> {
        self.inner.db.read_blocking(move |conn| {
            if let Some(row) = conn.row(KEY, values![space, day])? {
                return row.get(0).map(Some);
            }
            match conn.row(IS_ERASED, values![space, day])? {
                Some(_) => Err(StoreError::Erased),
                None => Ok(None),
            }
        })
    }

    /// The answer comes after the commit, so the key is durable before anything is sealed with it.
    fn make(&self, space: i64, day: i64) -> Result<Vec<u8>> {
        let wrapped = self.inner.root.wrap(&cipher::fresh_key()?, &context(space, day))?;
        self.inner.db.write_blocking(move |tx| {
            if tx.row(IS_ERASED, values![space, day])?.is_some() {
                return Err(StoreError::Erased);
            }
            tx.exec(ADD_KEY, values![space, day, wrapped.clone()])?;
            // Whoever was first has the key that counts.
            tx.row(KEY, values![space, day])?.ok_or(StoreError::Closed)?.get(0)
        })
    }
}

fn erase(tx: &mut Tx, erasure: &Erasure) -> Result<()> {
    match *erasure {
        Erasure::Space { space, before_day, at_us } => {
            match before_day {
                None => tx.exec(DROP_ALL, values![space])?,
                Some(day) => tx.exec(DROP_BEFORE, values![space, day])?,
            };
            tx.exec(ERASE, values![space, before_day, at_us])?;
        }
        Erasure::Person { person, messages, by, at_us } => {
            tx.exec(ERASE_PERSON, values![person, messages, by, at_us])?;
        }
    }
    Ok(())
}

fn list(conn: &mut Conn) -> Result<Vec<Erasure>> {
    let space = |row: &crate::db::Row| {
        Ok(Erasure::Space { space: row.get(0)?, before_day: row.get(1)?, at_us: row.get(2)? })
    };
    let person = |row: &crate::db::Row| {
        Ok(Erasure::Person {
            person: row.get(0)?,
            messages: row.get(1)?,
            by: row.get(2)?,
            at_us: row.get(3)?,
        })
    };
    let mut all: Vec<Erasure> = conn.rows(ERASURES, values![])?.iter().map(space).collect::<Result<_>>()?;
    let people = conn.rows(ERASED_PEOPLE, values![])?;
    all.extend(people.iter().map(person).collect::<Result<Vec<_>>>()?);
    Ok(all)
}

/// Carries out what `journal` knows and the keyring does not. Gives every erasure that the keyring knows then.
/// Only for a keyring that nobody has opened: a restore.
///
/// # Errors
/// What the keyring's database said.
pub fn replay(tx: &mut Tx, journal: &[Erasure]) -> Result<Vec<Erasure>> {
    let mut known = list(tx)?;
    for erasure in journal {
        if !known.contains(erasure) {
            erase(tx, erasure)?;
            known.push(*erasure);
        }
    }
    Ok(known)
}

/// Brings the keyring and the journal's file to know the same. Gives what the keyring did not know.
fn agree(db: &Db, file: &Path) -> Result<Vec<Erasure>> {
    let written = journal::read(file)?;
    let known = db.read_blocking(list)?;
    let missing = |from: &[Erasure], of: &[Erasure]| -> Vec<Erasure> {
        let there: std::collections::HashSet<&Erasure> = of.iter().collect();
        from.iter().filter(|erasure| !there.contains(erasure)).copied().collect()
    };
    journal::append(file, &missing(&known, &written))?;
    let again = missing(&written, &known);
    if !again.is_empty() {
        tracing::warn!(
            count = again.len(),
            "an older copy of the keys was put back: what was erased since is erased again"
        );
        let list = again.clone();
        db.write_blocking(move |tx| list.iter().try_for_each(|erasure| erase(tx, erasure)))?;
        db.fold_log();
    }
    Ok(again)
}

fn proof(db: &Db) -> Result<Option<Vec<u8>>> {
    let row = db.read_blocking(|conn| conn.row(ROOT, values![]))?;
    row.map(|row| row.get(0)).transpose()
}

fn own(purpose: &str) -> Vec<u8> {
    format!("madang own 1 {purpose}").into_bytes()
}

fn context(space: i64, day: i64) -> Vec<u8> {
    let mut context = b"madang key 1".to_vec();
    context.extend_from_slice(&space.to_le_bytes());
    context.extend_from_slice(&day.to_le_bytes());
    context
}
