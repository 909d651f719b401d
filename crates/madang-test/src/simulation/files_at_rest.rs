//! Files at rest: whoever may read a message has its files byte for byte, nobody else has them, and nothing lies on the
//! disk of what was removed or given up.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use futures_util::future::try_join_all;
use madang_model::space::{SpaceKind, SpaceState};
use madang_model::{Event, SpaceId};

use super::device::Device;
use super::files::{End, content, content_of, key_of, number_of};
use super::judge::folded;
use super::world::World;
use crate::house::House;

/// Longer than tidying takes; only a failure waits for it.
const PATIENCE: Duration = Duration::from_secs(20);
/// Belongs to no upload, so it is gone once the house is tidied.
const STRAY: &str = "0000000000007";

/// A file and the space of its message.
struct Lies {
    id: String,
    number: u64,
    space: SpaceId,
}

/// Asks on every device for every file; gives how many there are.
///
/// # Errors
/// The first that is kept from somebody, given to somebody, or not the bytes that were sent.
pub async fn judge(
    devices: &[&Arc<Device>],
    world: &World,
    logs: &BTreeMap<SpaceId, &Vec<Event>>,
) -> Result<usize> {
    let spaces: BTreeMap<SpaceId, SpaceState> =
        logs.iter().map(|(id, log)| (*id, folded(*id, log))).collect();
    let live = live(&spaces)?;
    let there: BTreeSet<&String> = live.iter().map(|it| &it.id).collect();
    let named = world.files.named.lock().clone();
    let removed: Vec<&String> = named
        .iter()
        .filter(|it| spaces.contains_key(&it.space) && !there.contains(&it.id))
        .map(|it| &it.id)
        .collect();
    let (live, removed, spaces) = (&live, &removed, &spaces);
    let all = devices.iter().map(|device| async move {
        let guest = device.held.lock().people[&device.person.to_string()]["role"] == "guest";
        for file in live {
            let space = &spaces[&file.space];
            let inside = space.members.contains_key(&device.person);
            let may = inside || (space.kind == SpaceKind::Open && !guest);
            let (status, bytes) = content(device, world, &file.id).await?;
            let (id, name, expected) = (&file.id, &device.name, if may { 200 } else { 404 });
            ensure!(status == expected, "{name} asks for {id} of {}: {status}", space.id);
            ensure!(!may || bytes == content_of(file.number), "{name} gets other bytes for {id}");
        }
        for id in removed {
            let (status, _) = content(device, world, id).await?;
            ensure!(status == 404, "{} gets {id} of a removed message: {status}", device.name);
        }
        anyhow::Ok(())
    });
    try_join_all(all).await?;
    Ok(live.len())
}

/// The files of all messages that were not removed.
fn live(spaces: &BTreeMap<SpaceId, SpaceState>) -> Result<Vec<Lies>> {
    let mut live = Vec::new();
    for (id, space) in spaces.iter().filter(|(_, space)| space.deleted_until.is_none()) {
        let messages = space.rows.values().filter_map(|row| row.message()).filter(|it| !it.removed);
        for file in messages.flat_map(|it| &it.files) {
            live.push(Lies { id: file.id.to_string(), number: number_of(&file.name)?, space: *id });
        }
    }
    Ok(live)
}

/// Contents of which nothing may be left: those that were removed or given up and that nothing else has.
fn over(world: &World, live: &BTreeSet<String>, seen: &BTreeSet<SpaceId>) -> BTreeSet<u64> {
    let (mut over, mut kept) = (BTreeSet::new(), BTreeSet::new());
    let named = world.files.named.lock();
    let posted: BTreeSet<&String> = named.iter().map(|it| &it.id).collect();
    for file in named.iter() {
        // Of a space that nobody is in at the end nobody can say what is in it.
        let stays = live.contains(&file.id) || !seen.contains(&file.space);
        let side = if stays { &mut kept } else { &mut over };
        side.insert(key_of(file.number));
    }
    for (number, end) in world.files.uploads.lock().values() {
        match end {
            End::GivenUp => over.insert(key_of(*number)),
            // Not posted, or by a message whose answer nobody has: it is its sender's for a day.
            End::File(id) if posted.contains(id) => false,
            End::File(_) | End::Lying => kept.insert(key_of(*number)),
        };
    }
    over.difference(&kept).copied().collect()
}

/// Starts the house anew, which tidies it, and looks what lies on its disk.
///
/// # Errors
/// What should have been cleared away, or lies there and is nobody's.
pub async fn tidied(house: &mut House, world: &World, logs: &BTreeMap<SpaceId, Vec<Event>>) -> Result<()> {
    ensure!(house.stop().await? == Some(0), "the house does not stop cleanly");
    let spool = house.data().join("uploads");
    std::fs::write(spool.join(STRAY), b"of nobody")?;
    house.start().await?;
    world.moved_to(house.origin());
    let lying: BTreeSet<String> = {
        let uploads = world.files.uploads.lock();
        let lying = uploads.iter().filter(|(_, (_, end))| *end == End::Lying);
        lying.filter_map(|(path, _)| path.rsplit('/').next().map(str::to_owned)).collect()
    };
    let clear = async {
        loop {
            let there = names(&spool)?;
            if there.iter().all(|name| lying.contains(name)) {
                return anyhow::Ok(());
            }
            tokio::task::yield_now().await;
        }
    };
    let waited = tokio::time::timeout(PATIENCE, clear).await;
    waited.with_context(|| format!("of nobody: {:?} besides {lying:?}", names(&spool)))??;
    let spaces: BTreeMap<SpaceId, SpaceState> =
        logs.iter().map(|(id, log)| (*id, folded(*id, log))).collect();
    let live = live(&spaces)?.into_iter().map(|it| it.id).collect();
    let open = spaces.values().filter(|space| space.deleted_until.is_none());
    let over = over(world, &live, &open.map(|space| space.id).collect());
    let sent: HashMap<Vec<u8>, u64> = {
        let uploads = world.files.uploads.lock();
        uploads.values().map(|(number, _)| (content_of(*number), key_of(*number))).collect()
    };
    for bytes in contents(&house.data().join("files"))? {
        let key = sent.get(&bytes).with_context(|| format!("{} bytes that nobody sent", bytes.len()))?;
        ensure!(!over.contains(key), "content {key} is left of what was removed or given up");
    }
    Ok(())
}

fn names(folder: &Path) -> Result<Vec<String>> {
    let entries = std::fs::read_dir(folder)?.collect::<std::io::Result<Vec<_>>>()?;
    Ok(entries.iter().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect())
}

/// Everything that is in the file store.
fn contents(folder: &Path) -> Result<Vec<Vec<u8>>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(contents(&path)?);
        } else {
            found.push(std::fs::read(path)?);
        }
    }
    Ok(found)
}
