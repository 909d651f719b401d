//! Posting by Slack's door beside posting by the native one: the same house, the same senders, in turn.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::House;

/// Each posts its next message when the last one was acknowledged.
const SENDERS: usize = 32;
const ROUNDS: usize = 4;
const ROUND: Duration = Duration::from_secs(4);

/// A manifest of a bot that posts.
fn manifest() -> Value {
    json!({
        "display_information": {"name": "Bench"},
        "features": {"bot_user": {"display_name": "bench"}},
        "oauth_config": {"scopes": {"bot": ["chat:write", "channels:history"]}},
    })
}

/// Measures, and gives a table.
///
/// # Errors
/// What a server said.
pub fn run() -> Result<String> {
    tokio::runtime::Runtime::new()?.block_on(measured())
}

async fn measured() -> Result<String> {
    let mut house = House::set_up()?;
    house.start().await?;
    let (status, made) =
        house.ask(Some(&house.token), "POST", "/apps", Some(json!({"manifest": manifest()}))).await?;
    let (Some(bot), Some(token)) = (made["app"]["bot"].as_str(), made["credentials"]["bot_token"].as_str())
    else {
        bail!("no app could be installed: {status} {made}")
    };
    let members = format!("/spaces/{}/members", house.space);
    house.ask(Some(&house.token), "POST", &members, Some(json!({"person": bot}))).await?;
    let native = format!("{}/api/v1/spaces/{}/messages", house.origin(), house.space);
    let slack = format!("{}/api/chat.postMessage", house.origin());
    let space = house.space.clone();
    let mut rates = Vec::new();
    for round in 0..ROUNDS {
        let ours = posts(&native, &house.token, &|text| json!({"text": text})).await?;
        let theirs = posts(&slack, token, &|text| json!({"channel": space, "text": text})).await?;
        rates.push((ours, theirs));
        super::say(&format!("round {}: native {ours:.0}/s, Slack {theirs:.0}/s", round + 1))?;
    }
    let history = format!("{}/api/conversations.history?channel={space}&limit=1000", house.origin());
    let began = Instant::now();
    let answer: Value = house.client.get(history).bearer_auth(token).send().await?.json().await?;
    let took = began.elapsed();
    let count = answer["messages"].as_array().map_or(0, Vec::len);
    let mut ratios: Vec<f64> = rates.iter().map(|(ours, theirs)| theirs / ours).collect();
    ratios.sort_by(f64::total_cmp);
    let middle = ratios[ratios.len() / 2];
    Ok(format!(
        "chat.postMessage beside the native post, {SENDERS} senders: {:.0} % (middle of {ROUNDS} rounds)\n\
         conversations.history gave {count} messages in one call, in {} ms",
        middle * 100.0,
        took.as_millis()
    ))
}

/// How many messages were acknowledged in a second.
async fn posts(url: &str, token: &str, body: &dyn Fn(&str) -> Value) -> Result<f64> {
    let client = reqwest::Client::new();
    let began = Instant::now();
    let mut senders = Vec::new();
    for sender in 0..SENDERS {
        let (client, url, token) = (client.clone(), url.to_owned(), token.to_owned());
        let body = body(&format!("안녕하세요 {sender}: *배포* 했어요"));
        senders.push(tokio::spawn(async move {
            let mut count = 0usize;
            while began.elapsed() < ROUND {
                let answer = client.post(&url).bearer_auth(&token).json(&body).send().await?;
                let status = answer.status();
                let text = answer.text().await?;
                if !status.is_success() || text.contains("\"ok\":false") {
                    bail!("a message got {status} {text}");
                }
                count += 1;
            }
            Ok(count)
        }));
    }
    let mut count = 0;
    for sender in senders {
        count += sender.await.context("a sender ended")??;
    }
    Ok(count as f64 / began.elapsed().as_secs_f64())
}
