//! What is sealed opens only where it belongs, and an erased key is gone.

use super::{Erasure, FileKey, KeyWrap, Keyring, Place};
use crate::conformance::{House, for_each_engine};
use crate::db::KEYS;
use crate::error::StoreError;

const DAY_US: i64 = 86_400_000_000;
const HERE: Place = Place { workspace: 7, space: 11, seq: 3, at_us: 20_000 * DAY_US + 5 };

for_each_engine!(
    what_was_sealed_opens_after_a_restart,
    it_opens_nowhere_else,
    changed_or_cut_payloads_are_refused,
    an_erased_space_is_gone_for_good,
    erasing_old_days_leaves_the_younger,
    erasures_are_replayed_after_a_restore,
    an_older_copy_of_the_keys_is_told_what_was_erased_since,
    a_restore_takes_the_journal_in_its_own_transaction,
    an_older_keyring_is_told_who_was_erased_since,
    a_missing_root_key_is_a_clear_sentence,
    a_wrong_root_key_is_a_clear_sentence,
    every_statement_of_the_keyring_is_good,
    many_threads_get_one_key,
);

fn open(house: &House) -> Keyring {
    let root = house.directory().join("keys/root.key");
    Keyring::open(house.open_with_schema(KEYS), &root).unwrap()
}

fn what_was_sealed_opens_after_a_restart(house: &House) {
    let keys = open(house);
    let sealed = keys.seal(HERE, "마당".as_bytes()).unwrap();
    assert_eq!(sealed[0], 1, "the codec byte is first");
    assert_ne!(sealed, keys.seal(HERE, "마당".as_bytes()).unwrap(), "every sealing has its own nonce");
    drop(keys);
    assert_eq!(open(house).unseal(HERE, &sealed).unwrap(), "마당".as_bytes());
}

fn it_opens_nowhere_else(house: &House) {
    let keys = open(house);
    let sealed = keys.seal(HERE, b"secret").unwrap();
    keys.prepare(12, HERE.at_us).unwrap();
    keys.prepare(HERE.space, HERE.at_us + DAY_US).unwrap();
    for wrong in [
        Place { workspace: 8, ..HERE },
        Place { space: 12, ..HERE },
        Place { seq: 4, ..HERE },
        Place { at_us: HERE.at_us + DAY_US, ..HERE },
        // No key was ever made there.
        Place { at_us: HERE.at_us - DAY_US, ..HERE },
    ] {
        assert!(matches!(keys.unseal(wrong, &sealed), Err(StoreError::Seal(_))), "{wrong:?}");
    }
}

fn changed_or_cut_payloads_are_refused(house: &House) {
    let keys = open(house);
    let sealed = keys.seal(HERE, b"secret").unwrap();
    for length in 0..sealed.len() {
        assert!(matches!(keys.unseal(HERE, &sealed[..length]), Err(StoreError::Seal(_))), "cut at {length}");
    }
    for bit in 0..sealed.len() * 8 {
        let mut changed = sealed.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        assert!(matches!(keys.unseal(HERE, &changed), Err(StoreError::Seal(_))), "bit {bit}");
    }
    let mut longer = sealed.clone();
    longer.push(0);
    assert!(matches!(keys.unseal(HERE, &longer), Err(StoreError::Seal(_))));
}

fn an_erased_space_is_gone_for_good(house: &House) {
    let keys = open(house);
    let other = Place { space: 12, ..HERE };
    let sealed = keys.seal(HERE, b"secret").unwrap();
    let kept = keys.seal(other, b"kept").unwrap();
    keys.drop_keys(HERE.space, HERE.at_us).unwrap();
    assert_eq!(keys.unseal(HERE, &sealed), Err(StoreError::Erased));
    assert_eq!(keys.seal(HERE, b"again"), Err(StoreError::Erased));
    assert_eq!(keys.unseal(other, &kept).unwrap(), b"kept");
    drop(keys);
    assert_eq!(open(house).unseal(HERE, &sealed), Err(StoreError::Erased));
}

fn erasing_old_days_leaves_the_younger(house: &House) {
    let keys = open(house);
    let later = Place { at_us: HERE.at_us + DAY_US, ..HERE };
    let old = keys.seal(HERE, b"old").unwrap();
    let young = keys.seal(later, b"young").unwrap();
    keys.drop_keys_before(HERE.space, later.day(), later.at_us).unwrap();
    assert_eq!(keys.unseal(HERE, &old), Err(StoreError::Erased));
    assert_eq!(keys.unseal(later, &young).unwrap(), b"young");
}

fn erasures_are_replayed_after_a_restore(house: &House) {
    let keys = open(house);
    let sealed = keys.seal(HERE, b"secret").unwrap();
    let journal = [Erasure::Space { space: HERE.space, before_day: Some(HERE.day() + 1), at_us: 9 }];
    keys.erase(&journal).unwrap();
    assert_eq!(keys.erasures().unwrap(), journal);
    assert_eq!(keys.unseal(HERE, &sealed), Err(StoreError::Erased));
}

fn an_older_copy_of_the_keys_is_told_what_was_erased_since(house: &House) {
    let keys = open(house);
    let sealed = keys.seal(HERE, b"secret").unwrap();
    let copy = house.directory().join("copy");
    let db = house.open_with_schema(KEYS);
    run(db.snapshot_to(&copy, &[])).unwrap();
    keys.drop_keys(HERE.space, HERE.at_us).unwrap();
    drop((keys, db));
    // Somebody puts the copy back, beside the root key and the journal that were never away.
    let sibling = house.sibling();
    let older = sibling.open_with_schema(KEYS);
    run(older.load_from(&copy)).unwrap();
    let root = house.directory().join("keys/root.key");
    let keys = Keyring::open(older.clone(), &root).unwrap();
    assert_eq!(keys.unseal(HERE, &sealed), Err(StoreError::Erased));
    assert_eq!(keys.replayed().len(), 1);
    drop(keys);
    assert_eq!(Keyring::open(older, &root).unwrap().replayed(), [], "told once");
}

fn a_restore_takes_the_journal_in_its_own_transaction(house: &House) {
    let keys = open(house);
    let sealed = keys.seal(HERE, b"secret").unwrap();
    let copy = house.directory().join("copy");
    run(house.open_with_schema(KEYS).snapshot_to(&copy, &[])).unwrap();
    let journal = [Erasure::Space { space: HERE.space, before_day: None, at_us: 9 }];
    let sibling = house.sibling();
    let older = sibling.open_with_schema(KEYS);
    let refused = run(older.load_and(&copy, |_| Err::<(), _>(StoreError::Closed)));
    assert_eq!(refused.err(), Some(StoreError::Closed), "and nothing was loaded, as the next line shows");
    let (_, known) = run(older.load_and(&copy, move |tx| super::replay(tx, &journal))).unwrap();
    assert_eq!(known, journal);
    let again = Keyring::open(older, &house.directory().join("keys/root.key")).unwrap();
    assert_eq!(again.unseal(HERE, &sealed), Err(StoreError::Erased));
}

fn an_older_keyring_is_told_who_was_erased_since(house: &House) {
    let keys = open(house);
    let copy = house.directory().join("copy");
    let db = house.open_with_schema(KEYS);
    run(db.snapshot_to(&copy, &[])).unwrap();
    let person = Erasure::Person { person: 5, messages: false, by: 3, at_us: 9 };
    keys.erase(&[person]).unwrap();
    // Carried out once more by a job that was run again, it is one erasure.
    keys.erase(&[person]).unwrap();
    assert_eq!(keys.erasures().unwrap(), [person]);
    drop((keys, db));
    let sibling = house.sibling();
    let older = sibling.open_with_schema(KEYS);
    run(older.load_from(&copy)).unwrap();
    let root = house.directory().join("keys/root.key");
    assert!(Keyring::open(older.clone(), &root).unwrap().replayed().contains(&person));
    let again = Keyring::open(older, &root).unwrap();
    assert_eq!((again.replayed(), again.erasures().unwrap().len()), (&[][..], 1), "told once");
}

fn run<T>(work: impl Future<Output = crate::error::Result<T>>) -> crate::error::Result<T> {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(work)
}

fn a_missing_root_key_is_a_clear_sentence(house: &House) {
    drop(open(house));
    std::fs::remove_file(house.directory().join("keys/root.key")).unwrap();
    let refused = Keyring::open(house.open_with_schema(KEYS), &house.directory().join("keys/root.key"));
    assert!(matches!(refused.err(), Some(StoreError::RootKey(text)) if text.contains("is missing")));
    assert!(!house.directory().join("keys/root.key").exists(), "no fresh key hides the loss");
}

fn a_wrong_root_key_is_a_clear_sentence(house: &House) {
    drop(open(house));
    let other = house.directory().join("other.key");
    FileKey::create(&other).unwrap();
    let refused = Keyring::open(house.open_with_schema(KEYS), &other);
    assert!(matches!(refused.err(), Some(StoreError::RootKey(text)) if text.contains("is not the one")));
    std::fs::write(&other, "nonsense").unwrap();
    let refused = Keyring::open(house.open_with_schema(KEYS), &other);
    assert!(matches!(refused.err(), Some(StoreError::RootKey(text)) if text.contains("does not hold")));
}

fn every_statement_of_the_keyring_is_good(house: &House) {
    house.open_with_schema(KEYS).check_statements(super::STATEMENTS.to_vec()).unwrap();
}

fn many_threads_get_one_key(house: &House) {
    let keys = open(house);
    let sealers: Vec<_> = (0..8)
        .map(|_| {
            let keys = keys.clone();
            std::thread::spawn(move || keys.seal(HERE, b"same").unwrap())
        })
        .collect();
    for sealer in sealers {
        assert_eq!(keys.unseal(HERE, &sealer.join().unwrap()).unwrap(), b"same");
    }
}

#[test]
fn the_root_key_is_ours_alone_and_never_replaced() {
    use std::os::unix::fs::PermissionsExt;
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("root.key");
    let key = FileKey::create(&file).unwrap();
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(matches!(FileKey::create(&file), Err(StoreError::RootKey(_))));
    let wrapped = key.wrap(&super::Key::new([9; 32]), b"here").unwrap();
    let again = FileKey::load(&file).unwrap().unwrap();
    assert_eq!(*again.open(&wrapped, b"here").unwrap(), [9; 32]);
    assert!(matches!(again.open(&wrapped, b"there"), Err(StoreError::Seal(_))));
    assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 1, "nothing temporary stays");
}
