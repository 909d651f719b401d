//! At rest: every device, a fresh device and the log itself say the same.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use madang_model::position::page_of;
use madang_model::row::Row;
use madang_model::space::SpaceState;
use madang_model::{Event, PersonId, Seq, SpaceId, WorkspaceId};
use reqwest::Method;
use serde_json::{Value, json};

use super::device::Device;
use super::files_at_rest;
use super::held::Held;
use super::space::Want;
use super::world::{Fate, World};

/// What a person sees when they ask by HTTP and nothing else.
struct Truth {
    logs: BTreeMap<SpaceId, Vec<Event>>,
    summaries: BTreeMap<SpaceId, Value>,
    registers: Value,
    rev: i64,
}

/// What the run came to.
#[derive(Debug, Clone, Copy, Default)]
pub struct Verdict {
    pub spaces: usize,
    pub events: usize,
    pub messages: usize,
    pub devices: usize,
    /// Files of messages that were not removed.
    pub files: usize,
}

/// What the run came to, and the logs that somebody reads at the end.
pub struct Judged {
    pub verdict: Verdict,
    pub logs: BTreeMap<SpaceId, Vec<Event>>,
}

/// Judges a house in which nothing happens any more.
///
/// # Errors
/// The first thing that is not as it must be.
pub async fn judge(devices: &[Arc<Device>], fresh: &[Arc<Device>], world: &World) -> Result<Judged> {
    let mut truths: BTreeMap<PersonId, Truth> = BTreeMap::new();
    for device in fresh {
        truths.insert(device.person, truth(device).await.with_context(|| device.name.clone())?);
    }
    for device in devices.iter().chain(fresh) {
        let truth = truths.get(&device.person).context("everybody has a fresh device")?;
        compare(device, truth).await.with_context(|| format!("on the device {}", device.name))?;
    }
    agree_on_people(devices, fresh).await?;
    read_marks_agree(fresh, &truths).await?;
    let mut logs: BTreeMap<SpaceId, &Vec<Event>> = BTreeMap::new();
    for truth in truths.values() {
        for (space, log) in &truth.logs {
            let known = logs.entry(*space).or_insert(log);
            ensure!(*known == log, "two people read two logs of {space}");
        }
    }
    let messages = account(&logs, &*world.journal.lock().await)?;
    let all: Vec<&Arc<Device>> = devices.iter().chain(fresh).collect();
    let files = files_at_rest::judge(&all, world, &logs).await?;
    let events = logs.values().map(|log| log.len()).sum();
    let verdict = Verdict { spaces: logs.len(), events, messages, devices: all.len(), files };
    Ok(Judged { verdict, logs: logs.into_iter().map(|(id, log)| (id, log.clone())).collect() })
}

async fn truth(device: &Device) -> Result<Truth> {
    let mut summaries = BTreeMap::new();
    let mut cursor = String::new();
    loop {
        let answer = device.get(&format!("/spaces?limit=50{cursor}")).await?;
        for space in answer["spaces"].as_array().context("spaces are a list")? {
            let id: SpaceId = serde_json::from_value(space["id"].clone())?;
            summaries.insert(id, space.clone());
        }
        let Some(next) = answer["next_cursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    let mut logs = BTreeMap::new();
    for (id, summary) in &summaries {
        let log = whole_log(device, *id).await?;
        ensure!(summary["head"]["seq"] == json!(log.len()), "the head of {id} is not its last event");
        logs.insert(*id, log);
    }
    let answer = device.get("/registers?after=0").await?;
    let mut registers = BTreeMap::new();
    for register in answer["registers"].as_array().context("registers are a list")? {
        let key = register["key"].as_str().context("a register has a key")?;
        registers.insert(key, (register["rev"].as_i64(), register["value"].clone()));
    }
    let rev = answer["rev"].as_i64().context("there is a rev")?;
    Ok(Truth { logs, summaries, registers: json!(registers), rev })
}

/// Every event of a space: from 1, without a gap, times growing.
async fn whole_log(device: &Device, space: SpaceId) -> Result<Vec<Event>> {
    let mut log: Vec<Event> = Vec::new();
    loop {
        let answer = device.get(&format!("/spaces/{space}/events?after={}&limit=500", log.len())).await?;
        let more: Vec<Event> = serde_json::from_value(answer["events"].clone())?;
        if more.is_empty() {
            break;
        }
        log.extend(more);
    }
    for (place, event) in log.iter().enumerate() {
        ensure!(event.seq == place as Seq + 1 && event.space == space, "a gap in {space} before {event:?}");
    }
    ensure!(log.windows(2).all(|pair| pair[0].at_us < pair[1].at_us), "time stood still in {space}");
    Ok(log)
}

/// Waits until the device is at rest, lets it look at every page, and compares.
async fn compare(device: &Arc<Device>, truth: &Truth) -> Result<()> {
    let heads: BTreeMap<SpaceId, Seq> = truth.logs.iter().map(|(id, log)| (*id, log.len() as Seq)).collect();
    let at_rest = |held: &Held| {
        let own = held.spaces.iter().map(|(id, space)| (*id, space.high));
        held.greeted && held.rev >= truth.rev && own.collect::<BTreeMap<_, _>>() == heads
    };
    device.until(&format!("rev {} and {heads:?}", truth.rev), at_rest).await?;
    let mut wishes = Vec::new();
    for (id, space) in &device.held.lock().spaces {
        let stale = (0..=page_of(heads[id])).filter(|n| !space.is_fresh(*n));
        wishes.extend(stale.map(|n| (*id, space.stay, Want::Page(n))));
    }
    device.grant(wishes);
    device
        .until("all pages", |held| {
            held.spaces
                .iter()
                .all(|(id, it)| (0..=page_of(heads.get(id).copied().unwrap_or(0))).all(|n| it.is_fresh(n)))
        })
        .await?;
    let held = device.held.lock();
    for (id, space) in &held.spaces {
        let state = folded(*id, &truth.logs[id]);
        let rows: Vec<&Row> = space.rows().collect();
        same(&format!("the rows of {id}"), &json!(rows), &json!(state.rows.values().collect::<Vec<_>>()))?;
        let summary = json!({
            "name": state.name, "description": truth.summaries[id]["description"], "archived": state.archived,
            "deleted": state.deleted_until.is_some(), "members": state.members.len(),
        });
        same(&format!("the summary of {id}"), &space.summary.canonical(), &summary)?;
    }
    same("the registers", &held.canonical_registers(), &truth.registers)?;
    ensure!(held.strays.is_empty(), "it heard of spaces that one had left: {:?}", held.strays);
    nothing_of_left_spaces(&held)
}

pub fn folded(id: SpaceId, log: &[Event]) -> SpaceState {
    let mut state = SpaceState::new(id, WorkspaceId(0));
    log.iter().for_each(|event| state.apply(event));
    state
}

/// Whoever is out of a space holds no draft, mark or wish of it.
fn nothing_of_left_spaces(held: &Held) -> Result<()> {
    for (key, (_, value)) in &held.registers {
        let mut parts = key.split('/');
        let (word, id) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        if matches!(word, "read" | "draft" | "involvement")
            && !held.spaces.keys().any(|space| space.to_string() == id)
        {
            ensure!(value.is_null(), "{key} is still there: {value}");
        }
    }
    Ok(())
}

/// Canonical JSON, byte for byte. Names the first place that differs.
fn same(what: &str, found: &Value, wanted: &Value) -> Result<()> {
    let bytes = (found.to_string(), wanted.to_string());
    if bytes.0 == bytes.1 {
        return Ok(());
    }
    let parts = |value: &Value| -> Vec<(String, String)> {
        match value {
            Value::Array(list) => list.iter().map(|it| (it["seq"].to_string(), it.to_string())).collect(),
            Value::Object(map) => map.iter().map(|(key, it)| (key.clone(), it.to_string())).collect(),
            other => vec![(String::new(), other.to_string())],
        }
    };
    let (found, wanted): (BTreeMap<_, _>, BTreeMap<_, _>) =
        (parts(found).into_iter().collect(), parts(wanted).into_iter().collect());
    let keys: BTreeSet<&String> = found.keys().chain(wanted.keys()).collect();
    let first = keys.into_iter().find(|key| found.get(*key) != wanted.get(*key));
    let of = |map: &BTreeMap<String, String>| first.and_then(|key| map.get(key).cloned());
    anyhow::bail!("{what} differ at {first:?}:\n  held   {:?}\n  wanted {:?}", of(&found), of(&wanted))
}

/// A device knows everybody of whom a fresh one is told, as they are. It may know more: whom a guest shares no
/// space with any more.
async fn agree_on_people(devices: &[Arc<Device>], fresh: &[Arc<Device>]) -> Result<()> {
    for device in devices {
        let one = fresh.iter().find(|it| it.person == device.person).context("a fresh device")?;
        let told = one.held.lock().people.clone();
        let known = |held: &Held| -> BTreeMap<String, Value> {
            told.keys().filter_map(|id| Some((id.clone(), held.people.get(id)?.clone()))).collect()
        };
        let waited = device.until("the people of a fresh device", |held| known(held) == told).await;
        let held = known(&device.held.lock());
        same(&format!("the people on {}", device.name), &json!(held), &json!(told))?;
        waited?;
    }
    Ok(())
}

/// Everybody's mark, as others see it, is the one that its owner has; and what
/// is counted as unread is what stands above it.
async fn read_marks_agree(fresh: &[Arc<Device>], truths: &BTreeMap<PersonId, Truth>) -> Result<()> {
    for device in fresh {
        let truth = &truths[&device.person];
        for (id, summary) in &truth.summaries {
            let answer = device.get(&format!("/spaces/{id}/markers")).await?;
            for pair in answer["markers"].as_array().context("markers are a list")? {
                let person: PersonId = serde_json::from_value(pair[0].clone())?;
                let own = &truths.get(&person).with_context(|| format!("who is {person}?"))?.summaries[id];
                ensure!(own["me"]["read"] == pair[1], "the mark of {person} in {id}: {pair}, {}", own["me"]);
            }
            let read = summary["me"]["read"].as_i64().context("one has a mark")?;
            let state = folded(*id, &truth.logs[id]);
            let counts = |row: &&Row| {
                row.seq > read
                    && row.author != device.person
                    && row.message().is_some_and(|it| !it.removed && (it.thread.is_none() || it.also))
            };
            let unread = state.rows.values().filter(counts).count();
            ensure!(summary["me"]["unread"] == json!(unread), "{unread} unread in {id}: {}", summary["me"]);
        }
    }
    Ok(())
}

/// Every command that was answered is in the log once, where the answer said;
/// and nothing is there that nobody asked for. Gives how many there are.
fn account(
    logs: &BTreeMap<SpaceId, &Vec<Event>>,
    journal: &BTreeMap<(PersonId, String), Fate>,
) -> Result<usize> {
    let mut found: BTreeMap<(PersonId, String), Vec<(SpaceId, Seq)>> = BTreeMap::new();
    for (space, log) in logs {
        for event in log.iter() {
            if let Some(client_id) = event.client_id.clone().filter(|it| it.starts_with("wish-")) {
                found.entry((event.author, client_id)).or_default().push((*space, event.seq));
            }
        }
    }
    for (wish, fate) in journal {
        ensure!(fate.answered.len() <= 1, "{wish:?} was answered with two events: {fate:?}");
        let places = found.remove(wish).unwrap_or_default();
        match fate.answered.first() {
            // The space may have been seen by nobody at the end; then nobody can look.
            Some((space, _)) if !logs.contains_key(space) => {}
            Some(answered) => {
                ensure!(places == [*answered], "{wish:?} was answered {answered:?}, is {places:?}")
            }
            None => ensure!(
                places.len() <= usize::from(fate.unseen),
                "{wish:?} was refused and is there all the same: {places:?}"
            ),
        }
    }
    ensure!(found.is_empty(), "nobody asked for {found:?}");
    Ok(journal.values().filter(|fate| !fate.answered.is_empty()).count())
}

/// Everybody's activity list, for comparing before and after it is built anew.
///
/// # Errors
/// What the house said.
pub async fn activity(fresh: &[Arc<Device>]) -> Result<BTreeMap<String, Value>> {
    let mut lists = BTreeMap::new();
    for device in fresh {
        let mut lines = Vec::new();
        let mut cursor = String::new();
        loop {
            let answer = device.get(&format!("/activity?limit=100{cursor}")).await?;
            lines.extend(answer["items"].as_array().context("items are a list")?.iter().cloned());
            let Some(next) = answer["next_cursor"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        let new = device.get("/registers?after=0").await?["registers"]
            .as_array()
            .and_then(|list| list.iter().find(|it| it["key"] == "activity").map(|it| it["value"].clone()));
        lists.insert(device.name.clone(), json!({"lines": lines, "register": new}));
    }
    Ok(lists)
}

/// Two states of the lists are the same.
///
/// # Errors
/// The first difference.
pub fn same_activity(before: &BTreeMap<String, Value>, after: &BTreeMap<String, Value>) -> Result<()> {
    for (name, list) in before {
        let now = &after[name];
        same(&format!("the activity lines of {name}"), &now["lines"], &list["lines"])?;
        same(&format!("the activity register of {name}"), &now["register"], &list["register"])?;
    }
    Ok(())
}

/// Brings back what was deleted, so that everything can be compared. Whoever deleted a space can do so.
///
/// # Errors
/// What the house said.
pub async fn restore_all(devices: &[Arc<Device>], world: &World) -> Result<()> {
    for device in devices.iter().filter(|device| device.name.ends_with("/0")) {
        for space in world.spaces.lock().await.iter() {
            device.ask(&Method::POST, &format!("/spaces/{space}/restore"), None).await?;
        }
    }
    Ok(())
}
