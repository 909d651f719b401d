//! The house simulation: seeds that once failed, a few fixed ones, and a new one each time.
//!
//! `MADANG_HOUSE_PLAN=FILE` runs the plan of a failed run again, `MADANG_HOUSE_SEEDS=N` so many new
//! seeds, `MADANG_HOUSE_SEED=N` just that one, `MADANG_HOUSE_STEPS=N` plans of another length.

use std::time::{Instant, SystemTime, UNIX_EPOCH};

use madang_test::simulation::{Plan, run};

const STEPS: usize = 2_000;
/// Always run.
const FIXED: [u64; 1] = [20_261_126];

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().expect("a number"))
}

fn plans() -> Vec<Plan> {
    if let Some(file) = std::env::var_os("MADANG_HOUSE_PLAN") {
        let text = std::fs::read_to_string(file).expect("the plan can be read");
        return vec![serde_json::from_str(&text).expect("it is a plan")];
    }
    let steps = number("MADANG_HOUSE_STEPS").map_or(STEPS, |steps| steps as usize);
    if let Some(seed) = number("MADANG_HOUSE_SEED") {
        return vec![Plan::of(seed, steps)];
    }
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs();
    let new = (0..number("MADANG_HOUSE_SEEDS").unwrap_or(1)).map(|n| now * 1_000 + n);
    FIXED.into_iter().chain(new).map(|seed| Plan::of(seed, steps)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn at_rest_every_device_a_fresh_one_and_the_log_are_equal() {
    for plan in plans() {
        let (seed, steps, began) = (plan.seed, plan.len(), Instant::now());
        println!("seed {seed}: {steps} steps");
        let verdict = run(plan).await.unwrap_or_else(|error| panic!("{error:#}"));
        println!("seed {seed}: {verdict:?} in {} s", began.elapsed().as_secs());
        assert!(
            verdict.devices > 20 && verdict.messages > steps / 5 && verdict.files > steps / 200,
            "too little happened: {verdict:?}"
        );
    }
}
