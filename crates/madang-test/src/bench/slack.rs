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
        "oauth_config": {"scopes": {"bot": ["chat:write", "channels:read", "channels:history"]}},
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
    // Whoever posts by the native door posts by Slack's too: the same messages, told to the same people.
    let command = ["token", "create", "--person", "nari@example.com", "--kind", "slack-user", "--json"];
    let made = house.command(&command)?;
    let person = made["token"].as_str().context("a token of a person")?;
    let native = format!("{}/api/v1/spaces/{}/messages", house.origin(), house.space);
    let slack = format!("{}/api/chat.postMessage", house.origin());
    let channel = channel(&house, token).await?;
    let said = |text: &str| json!({"channel": channel, "text": text});
    let mut rates = Vec::new();
    for round in 0..ROUNDS {
        let ours = posts(&native, &house.token, &|text| json!({"text": text})).await?;
        let theirs = posts(&slack, person, &said).await?;
        let bots = posts(&slack, token, &said).await?;
        rates.push((theirs / ours, bots / ours));
        super::say(&format!(
            "round {}: native {ours:.0}/s, by Slack's door {theirs:.0}/s, a bot {bots:.0}/s",
            round + 1
        ))?;
    }
    let history = format!("{}/api/conversations.history?channel={channel}&limit=1000", house.origin());
    let began = Instant::now();
    let answer: Value = house.client.get(history).bearer_auth(token).send().await?.json().await?;
    let took = began.elapsed();
    let count = answer["messages"].as_array().map_or(0, Vec::len);
    let (person, bot) = (middle(rates.iter().map(|it| it.0)), middle(rates.iter().map(|it| it.1)));
    Ok(format!(
        "chat.postMessage beside the native post, {SENDERS} senders: {person:.0} % as the same person, {bot:.0} % as a \
         bot (middle of {ROUNDS} rounds)\n\
         conversations.history gave {count} messages in one call, in {} ms",
        took.as_millis()
    ))
}

/// The first space, by the id that Slack's clients have of it.
async fn channel(house: &House, token: &str) -> Result<String> {
    let list = format!("{}/api/conversations.list", house.origin());
    let answer: Value = house.client.get(list).bearer_auth(token).send().await?.json().await?;
    Ok(answer["channels"][0]["id"].as_str().context("a channel")?.to_owned())
}

/// The middle of some ratios, in percent.
fn middle(ratios: impl Iterator<Item = f64>) -> f64 {
    let mut ratios: Vec<f64> = ratios.collect();
    ratios.sort_by(f64::total_cmp);
    ratios[ratios.len() / 2] * 100.0
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
