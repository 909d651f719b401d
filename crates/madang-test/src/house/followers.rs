//! Whether any follower is behind, as `/metrics` tells an owner. A story that
//! ends while one is behind and stays so has failed.

use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};

/// How often it is asked.
const AGAIN: Duration = Duration::from_millis(20);
/// Longer than a follower takes to notice by itself that it was sent back.
const PATIENCE: Duration = Duration::from_secs(30);
const NUMBER: &str = "madang_follower_behind";

/// The followers by name, and how many events each has still to read.
///
/// # Errors
/// What the house said.
pub async fn behind(client: &reqwest::Client, origin: &str, token: &str) -> Result<Vec<(String, u64)>> {
    let answer = client.get(format!("{origin}/metrics")).bearer_auth(token).send().await?;
    let text = answer.error_for_status()?.text().await?;
    let mut followers = Vec::new();
    for line in text.lines().filter_map(|line| line.strip_prefix(NUMBER)?.strip_prefix("{follower=\"")) {
        let (name, count) = line.split_once("\"} ").with_context(|| format!("what is {line}?"))?;
        followers.push((name.to_owned(), count.parse()?));
    }
    ensure!(!followers.is_empty(), "/metrics tells of no follower");
    Ok(followers)
}

/// Waits until no follower is behind.
///
/// # Errors
/// When one stays behind.
pub async fn caught_up(client: &reqwest::Client, origin: &str, token: &str) -> Result<()> {
    let mut again = tokio::time::interval(AGAIN);
    let wait = async {
        loop {
            again.tick().await;
            if behind(client, origin, token).await?.iter().all(|(_, count)| *count == 0) {
                return Ok(());
            }
        }
    };
    match tokio::time::timeout(PATIENCE, wait).await {
        Ok(done) => done,
        Err(_) => bail!("a follower stays behind: {:?}", behind(client, origin, token).await?),
    }
}

/// As `caught_up`, for a thread that may wait.
///
/// # Errors
/// As `caught_up`.
pub fn caught_up_blocking(origin: String, token: String) -> Result<()> {
    let asked = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(caught_up(&reqwest::Client::new(), &origin, &token))
    });
    asked.join().map_err(|_| anyhow::anyhow!("asking the followers broke"))?
}
