//! The house: many devices of several people, thousands of deeds, cut lines,
//! doubled and lost requests, restarts; and at rest everybody agrees.
//!
//! `plan` says what will be tried, `deeds` tries it, `held` is what a device
//! makes of what it is told, `judge` compares. The server is the real binary.

mod cast;
mod deeds;
mod device;
mod files;
mod files_at_rest;
mod held;
mod judge;
mod lost;
mod lots;
mod page;
mod plan;
mod space;
mod world;

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use tokio::task::JoinHandle;

pub use judge::Verdict;
pub use lots::Lots;
pub use plan::{Blow, Plan};

use crate::house::House;
use device::{Device, Mood};
use judge::Judged;
use world::World;

/// Runs a plan against a house of its own. When it fails the plan is kept and
/// the error says how to run it again.
///
/// # Errors
/// What was not as it must be.
pub async fn run(plan: Plan) -> Result<Verdict> {
    let seed = plan.seed;
    let file = keep(&plan)?;
    let verdict = simulate(plan)
        .await
        .with_context(|| format!("seed {seed} fails; again with MADANG_HOUSE_PLAN={}", file.display()))?;
    std::fs::remove_file(&file)?;
    Ok(verdict)
}

/// Writes the plan down before anything can go wrong.
fn keep(plan: &Plan) -> Result<PathBuf> {
    let test = std::env::current_exe()?;
    let target = test.ancestors().nth(3).context("tests live in target/PROFILE/deps")?;
    let folder = target.join("house");
    std::fs::create_dir_all(&folder)?;
    let file = folder.join(format!("{}.json", plan.seed));
    std::fs::write(&file, serde_json::to_string(plan)?)?;
    Ok(file)
}

async fn simulate(plan: Plan) -> Result<Verdict> {
    let mut house = House::set_up()?;
    house.start().await?;
    let verdict = live_in(&mut house, plan).await;
    if verdict.is_err() {
        // What went wrong is to be told, not that followers are behind in a house that is left in a hurry.
        house.kill().await?;
    }
    verdict
}

async fn live_in(house: &mut House, plan: Plan) -> Result<Verdict> {
    let world = Arc::new(World::new(house.origin(), house.space.parse()?)?);
    let devices = cast::let_in(house, &world).await?;
    let lines: Vec<JoinHandle<()>> = devices.iter().map(|it| tokio::spawn(it.clone().live())).collect();
    for device in &devices {
        device.until("a welcome", |held| held.greeted).await?;
    }
    let people = Arc::new(names(&devices));
    let scripts: Vec<JoinHandle<()>> = devices
        .iter()
        .zip(plan.scripts)
        .map(|(device, script)| {
            tokio::spawn(deeds::perform(device.clone(), world.clone(), people.clone(), script))
        })
        .collect();
    for (after, blow) in plan.blows {
        world.steps(after).await?;
        strike(house, &world, blow).await?;
    }
    for script in scripts {
        script.await?;
        world.is_whole()?;
    }
    let judged = settle(house, &devices, &world).await;
    world.is_whole()?;
    lines.iter().for_each(JoinHandle::abort);
    let Judged { verdict, logs } = judged?;
    files_at_rest::tidied(house, &world, &logs).await?;
    ensure!(house.stop().await? == Some(0), "the house does not stop cleanly");
    Ok(verdict)
}

/// Ids of all, and addresses of those who have one: people are named by both.
fn names(devices: &[Arc<Device>]) -> Vec<String> {
    let first = devices.iter().filter(|device| device.name.ends_with("/0"));
    first.map(|device| device.person.to_string()).collect()
}

async fn strike(house: &mut House, world: &World, blow: Blow) -> Result<()> {
    match blow {
        Blow::Kill => {
            house.kill().await?;
            house.start().await?;
        }
        Blow::Restart => {
            ensure!(house.stop().await? == Some(0), "the house does not stop cleanly");
            house.start().await?;
        }
        Blow::Rebuild => house.rebuild().await?,
    }
    world.moved_to(house.origin());
    Ok(())
}

/// Lets everything come to rest and compares.
async fn settle(house: &House, devices: &[Arc<Device>], world: &Arc<World>) -> Result<Judged> {
    judge::restore_all(devices, world).await?;
    for device in devices {
        device.mood.send_replace(Mood::Online);
    }
    house.caught_up().await?;
    let fresh: Vec<Arc<Device>> = devices
        .iter()
        .filter(|device| device.name.ends_with("/0"))
        .map(|device| device.anew(device.name.replace("/0", "/fresh")))
        .collect();
    let lines: Vec<JoinHandle<()>> = fresh.iter().map(|it| tokio::spawn(it.clone().live())).collect();
    let judged = judge::judge(devices, &fresh, world).await?;
    let before = judge::activity(&fresh).await?;
    house.rebuild().await?;
    house.caught_up().await?;
    judge::same_activity(&before, &judge::activity(&fresh).await?)?;
    lines.iter().for_each(JoinHandle::abort);
    Ok(judged)
}
