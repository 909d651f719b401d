//! File contents come back as they went, under names that only we choose.

use std::path::Path;

use futures_util::StreamExt;

use super::{BlobName, BlobPlace, Blobs, Total};
use crate::error::StoreError;

const HELLO: &str = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

fn open(folder: &Path) -> Blobs {
    Blobs::open(&BlobPlace::from_url(folder.to_str().unwrap(), folder).unwrap()).unwrap()
}

async fn range(blobs: &Blobs, name: &BlobName, range: Option<std::ops::Range<u64>>) -> Vec<u8> {
    let mut parts = Box::pin(blobs.open_range(name, range).await.unwrap());
    let mut all = Vec::new();
    while let Some(part) = parts.next().await {
        all.extend_from_slice(&part.unwrap());
    }
    all
}

#[tokio::test]
async fn contents_come_back_under_their_hash_also_after_a_restart() {
    let directory = tempfile::tempdir().unwrap();
    let folder = directory.path().join("deep/files");
    let name = open(&folder).put(b"hello").await.unwrap();
    assert_eq!(name.to_string(), HELLO);
    assert!(folder.join("2c/f2").join(HELLO).is_file());
    let blobs = open(&folder);
    assert_eq!(blobs.read(&name).await.unwrap(), "hello");
    assert_eq!(blobs.size(&name).await.unwrap(), 5);
    assert_eq!(blobs.put(b"hello").await.unwrap(), name);
    assert_eq!(blobs.total().await.unwrap(), Total { count: 1, bytes: 5 });
    blobs.verify(&name).await.unwrap();
}

#[tokio::test]
async fn a_long_upload_is_read_in_parts() {
    let directory = tempfile::tempdir().unwrap();
    let blobs = open(directory.path());
    let contents: Vec<u8> = (0..9_000_001_u32).map(|n| (n % 251) as u8).collect();
    let mut upload = blobs.begin().await.unwrap();
    for part in contents.chunks(300_000) {
        upload.append(part).await.unwrap();
    }
    assert_eq!(upload.size(), 9_000_001);
    let (name, size) = upload.finish().await.unwrap();
    assert_eq!(size, 9_000_001);
    assert_eq!(range(&blobs, &name, None).await, contents);
    assert_eq!(range(&blobs, &name, Some(5_000_000..5_000_007)).await, contents[5_000_000..5_000_007]);
    assert_eq!(range(&blobs, &name, Some(9_000_000..10_000_000)).await, contents[9_000_000..]);
    assert!(range(&blobs, &name, Some(10_000_000..10_000_001)).await.is_empty());
}

#[tokio::test]
async fn an_unfinished_upload_leaves_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let blobs = open(directory.path());
    let mut upload = blobs.begin().await.unwrap();
    upload.append(b"half").await.unwrap();
    let incoming = directory.path().join("incoming");
    assert_eq!(std::fs::read_dir(&incoming).unwrap().count(), 1);
    drop(upload);
    assert_eq!(std::fs::read_dir(&incoming).unwrap().count(), 0);
    std::fs::write(incoming.join("from a process that was killed"), b"x").unwrap();
    // Another process that opens the same place takes nothing away; the one that serves does, at its start.
    let again = open(directory.path());
    assert_eq!(again.total().await.unwrap(), Total::default());
    assert_eq!(std::fs::read_dir(&incoming).unwrap().count(), 1);
    again.forget_unfinished();
    assert_eq!(std::fs::read_dir(&incoming).unwrap().count(), 0);
}

#[tokio::test]
async fn what_is_gone_is_gone() {
    let directory = tempfile::tempdir().unwrap();
    let blobs = open(directory.path());
    let name = blobs.put(b"hello").await.unwrap();
    assert!(blobs.exists(&name).await.unwrap());
    blobs.delete(&name).await.unwrap();
    blobs.delete(&name).await.unwrap();
    assert!(!blobs.exists(&name).await.unwrap());
    assert_eq!(blobs.read(&name).await, Err(StoreError::NoSuchBlob(HELLO.into())));
    assert!(matches!(blobs.open_range(&name, None).await.err(), Some(StoreError::NoSuchBlob(_))));
}

#[tokio::test]
async fn changed_contents_are_noticed() {
    let directory = tempfile::tempdir().unwrap();
    let blobs = open(directory.path());
    let name = blobs.put(b"hello").await.unwrap();
    std::fs::write(directory.path().join("2c/f2").join(HELLO), b"jello").unwrap();
    assert!(matches!(blobs.verify(&name).await, Err(StoreError::Corrupt(_))));
}

#[test]
fn only_a_hash_is_a_name() {
    assert_eq!(HELLO.parse::<BlobName>().unwrap().to_string(), HELLO);
    for wrong in ["", "../../etc/passwd", &HELLO[1..], &HELLO.to_uppercase(), &HELLO.replace('2', "/")] {
        assert!(wrong.parse::<BlobName>().is_err(), "{wrong}");
    }
}

#[test]
fn places_are_read_from_urls() {
    let spool = Path::new("/spool");
    let place = |url| BlobPlace::from_url(url, spool);
    assert_eq!(place("file:///data/files").unwrap(), BlobPlace::Folder("/data/files".into()));
    assert_eq!(place("data/files").unwrap(), BlobPlace::Folder("data/files".into()));
    assert_eq!(
        place("s3://bucket/in/here?endpoint=https://s3.example.org&region=eu").unwrap(),
        BlobPlace::S3 {
            bucket: "bucket".into(),
            prefix: "in/here".into(),
            endpoint: Some("https://s3.example.org".into()),
            region: Some("eu".into()),
            spool: spool.into(),
        }
    );
    for wrong in ["", "s3://", "ftp://host/x", "s3://bucket?colour=blue"] {
        assert!(matches!(place(wrong), Err(StoreError::Config(_))), "{wrong}");
    }
}
