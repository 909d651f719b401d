//! Files in the simulated house: sent in parts over lines that are cut and servers that are killed, given up now and
//! then, fetched by whoever holds their message. What must be true of them at rest is in `files_at_rest`.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail, ensure};
use madang_model::event::Posted;
use madang_model::{Body, Event, SpaceId};
use parking_lot::Mutex;

use super::device::{Device, TRIES};
use super::lots::Lots;
use super::world::World;
use crate::tus::{Told, Tus, noise};

/// What came of an upload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// Nobody went on with it; it waits for a day.
    Lying,
    /// It became the file with this id.
    File(String),
    GivenUp,
}

/// A file that an answered message names.
#[derive(Debug, Clone)]
pub struct Named {
    pub id: String,
    pub number: u64,
    pub space: SpaceId,
}

/// What all devices together know of files.
#[derive(Debug, Default)]
pub struct Files {
    /// By path: the number that is the file's name, and what came of it.
    pub uploads: Mutex<BTreeMap<String, (u64, End)>>,
    pub named: Mutex<Vec<Named>>,
}

impl Files {
    /// Remembers the files of an answered message.
    pub fn answered(&self, event: &Event) -> Result<()> {
        let Body::MessagePosted(Posted { files, .. }) = &event.body else { return Ok(()) };
        for file in files {
            let (id, number) = (file.id.to_string(), number_of(&file.name)?);
            self.named.lock().push(Named { id, number, space: event.space });
        }
        Ok(())
    }

    fn note(&self, path: &str, number: u64, end: End) {
        self.uploads.lock().insert(path.to_owned(), (number, end));
    }
}

/// Files with the same key have the same content: every third shares its content with others.
pub fn key_of(number: u64) -> u64 {
    if number.is_multiple_of(3) { number % 5 } else { number }
}

/// Small, so that many fit into a run, and in several parts all the same.
pub fn content_of(number: u64) -> Vec<u8> {
    let key = key_of(number);
    noise(key, 1 + (key as usize).wrapping_mul(7_919) % 16_000)
}

/// The number that a file's name is.
pub fn number_of(name: &str) -> Result<u64> {
    name.strip_suffix(".bin").and_then(|it| it.parse().ok()).with_context(|| format!("who sent {name}?"))
}

/// A question that is asked until it is answered.
enum Wanted<'a> {
    Begin(&'a str, usize),
    Offset(&'a str),
    File(&'a str),
    GiveUp(&'a str),
}

impl Wanted<'_> {
    async fn ask(&self, tus: &Tus<'_>) -> Result<Told> {
        match *self {
            Wanted::Begin(name, length) => tus.begin(name, length).await,
            Wanted::Offset(path) => tus.offset(path).await,
            Wanted::File(path) => tus.file(path).await,
            Wanted::GiveUp(path) => tus.give_up(path).await,
        }
    }
}

async fn surely(device: &Device, world: &World, wanted: Wanted<'_>) -> Result<Told> {
    for _ in 0..TRIES {
        let origin = world.origin();
        match wanted.ask(&device.tus(&origin)).await {
            Ok(Told { status: 408 | 423 | 425 | 429 | 503 | 507, .. }) | Err(_) => world.again(&origin).await,
            Ok(told) if told.status >= 500 || matches!(told.status, 400 | 401) => bail!("{told:?}"),
            Ok(told) => return Ok(told),
        }
    }
    bail!("{} never got an answer about an upload", device.name)
}

/// Sends a file; gives its id, or none when it was given up on the way.
pub async fn send(device: &Device, world: &World, lot: u32) -> Result<Option<String>> {
    let number = world.number() as u64;
    let (bytes, mut lots) = (content_of(number), Lots::new((u64::from(lot) << 20) | number));
    let begun = surely(device, world, Wanted::Begin(&format!("{number}.bin"), bytes.len())).await?;
    // Uploads that were begun and whose answers were lost count too, until there are too many of them.
    if begun.status == 422 {
        return Ok(None);
    }
    ensure!(begun.status == 201, "an upload does not begin: {begun:?}");
    let path = begun.path.context("an upload has a place")?;
    world.files.note(&path, number, End::Lying);
    let tires = lots.below(5) == 0;
    let mut at = 0;
    while at < bytes.len() {
        if tires && lots.below(3) == 0 {
            return leave(device, world, (&path, number), &mut lots).await;
        }
        at = send_part(device, world, &path, (&bytes, at), &mut lots).await?;
    }
    let told = surely(device, world, Wanted::File(&path)).await?;
    let id = told.answer["file"]["id"].as_str().with_context(|| format!("{path} is complete: {told:?}"))?;
    if lots.below(8) == 0 {
        return give_up(device, world, (&path, number)).await;
    }
    world.files.note(&path, number, End::File(id.to_owned()));
    Ok(Some(id.to_owned()))
}

/// Sends one part and gives how far the upload is then: never less far than was answered before.
async fn send_part(
    device: &Device,
    world: &World,
    path: &str,
    (bytes, at): (&[u8], usize),
    lots: &mut Lots,
) -> Result<usize> {
    let part = &bytes[at..bytes.len().min(at + 1 + lots.below(6_000))];
    let origin = world.origin();
    let tus = device.tus(&origin);
    if lots.below(4) == 0 {
        // A house that is down just now does not even hear of it.
        let _ = tus.send_and_hang_up(path, at, bytes.len() - at, part).await;
    } else if let Ok(told) = tus.send(path, at, part).await
        && told.status == 204
    {
        ensure!(told.offset == Some((at + part.len()) as i64), "a part of {path} from {at}: {told:?}");
        return Ok(at + part.len());
    }
    let told = surely(device, world, Wanted::Offset(path)).await?;
    let offset = told.offset.filter(|_| told.status == 200).with_context(|| format!("{path}: {told:?}"))?;
    let offset = usize::try_from(offset)?;
    ensure!((at..=bytes.len()).contains(&offset), "{path} was acknowledged up to {at} and is at {offset}");
    Ok(offset)
}

/// Some say so when they have had enough, and some just go.
async fn leave(
    device: &Device,
    world: &World,
    upload: (&str, u64),
    lots: &mut Lots,
) -> Result<Option<String>> {
    if lots.below(3) == 0 { Ok(None) } else { give_up(device, world, upload).await }
}

async fn give_up(device: &Device, world: &World, (path, number): (&str, u64)) -> Result<Option<String>> {
    let told = surely(device, world, Wanted::GiveUp(path)).await?;
    // Not there any more: the answer to the first try was lost.
    ensure!(matches!(told.status, 204 | 404), "{path} cannot be given up: {told:?}");
    world.files.note(path, number, End::GivenUp);
    let told = surely(device, world, Wanted::Offset(path)).await?;
    ensure!(told.status == 404, "{path} was given up and is there: {told:?}");
    Ok(None)
}

/// Fetches a file whose message the device holds: it is whole, or gone from this person by now.
pub async fn fetch(device: &Device, world: &World, id: &str, name: &str) -> Result<()> {
    let (status, bytes) = content(device, world, id).await?;
    ensure!(matches!(status, 200 | 404), "{name} is {status}");
    ensure!(status == 404 || bytes == content_of(number_of(name)?), "{name} came with other bytes");
    Ok(())
}

/// The content of a file, asked for again when the line is cut.
pub async fn content(device: &Device, world: &World, id: &str) -> Result<(u16, Vec<u8>)> {
    for _ in 0..TRIES {
        let origin = world.origin();
        match device.tus(&origin).content(id).await {
            Ok((429 | 503, _)) | Err(_) => world.again(&origin).await,
            Ok(got) => return Ok(got),
        }
    }
    bail!("{} never got the file {id}", device.name)
}
