//! Uploads while the process is killed: what was acknowledged of them is there, and nothing half is given out.

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use madang_test::House;
use madang_test::tus::{Tus, noise};
use serde_json::{Value, json};

use super::Load;

/// Bytes of a part; a file has a few of them.
const PART: usize = 24_000;

/// Somebody who sends one file after the other, over all the lives of the process.
#[derive(Debug)]
pub struct Sender {
    name: usize,
    /// How many it has begun.
    begun: u64,
    under_way: Option<UnderWay>,
    /// Acknowledged as files: id and number of each.
    finished: Vec<(String, u64)>,
    /// Of these, the ones whose messages were acknowledged, with their seqs.
    posted: BTreeMap<String, i64>,
    /// Whose bytes were compared after an earlier kill.
    compared: usize,
}

/// An upload that the sender is at.
#[derive(Debug, Clone)]
struct UnderWay {
    path: String,
    number: u64,
    /// As far as the server has said.
    acknowledged: usize,
    /// It is a file by now, to be posted.
    file: Option<String>,
}

fn content_of(number: u64) -> Vec<u8> {
    noise(number, PART + (number as usize * 7_919) % (3 * PART))
}

fn tus<'a>(client: &'a reqwest::Client, origin: &'a str, token: &str) -> Tus<'a> {
    Tus { client, origin, key: ("authorization", format!("Bearer {token}")) }
}

impl Sender {
    pub fn new(name: usize) -> Sender {
        let (finished, posted) = (Vec::new(), BTreeMap::new());
        Sender { name, begun: 0, under_way: None, finished, posted, compared: 0 }
    }

    /// Sends until the house is gone.
    ///
    /// # Errors
    /// What the house must not say; that it is gone is none.
    pub async fn send(mut self, load: Arc<Load>, origin: String) -> Result<Sender> {
        let (client, token) = (load.client.clone(), load.token.clone());
        let tus = tus(&client, &origin, &token);
        while self.step(&tus, &load).await?.is_some() {
            load.count();
        }
        Ok(self)
    }

    /// One request; none when the house is gone.
    async fn step(&mut self, tus: &Tus<'_>, load: &Load) -> Result<Option<()>> {
        let Some(now) = self.under_way.clone() else { return self.begin(tus).await };
        let bytes = content_of(now.number);
        if let Some(file) = &now.file {
            return self.post(load, file).await;
        }
        if now.acknowledged == bytes.len() {
            let Ok(told) = tus.file(&now.path).await else { return Ok(None) };
            let id = told.answer["file"]["id"].as_str().with_context(|| format!("complete, and {told:?}"))?;
            self.finished.push((id.to_owned(), now.number));
            self.under_way = Some(UnderWay { file: Some(id.to_owned()), ..now });
            return Ok(Some(()));
        }
        let part = &bytes[now.acknowledged..bytes.len().min(now.acknowledged + PART)];
        let Ok(told) = tus.send(&now.path, now.acknowledged, part).await else { return Ok(None) };
        ensure!(told.status == 204, "a part from {}: {told:?}", now.acknowledged);
        let acknowledged = now.acknowledged + part.len();
        ensure!(told.offset == Some(acknowledged as i64), "a part from {}: {told:?}", now.acknowledged);
        self.under_way = Some(UnderWay { acknowledged, ..now });
        Ok(Some(()))
    }

    async fn begin(&mut self, tus: &Tus<'_>) -> Result<Option<()>> {
        self.begun += 1;
        let number = self.begun * 8 + self.name as u64;
        let length = content_of(number).len();
        let Ok(told) = tus.begin(&format!("{number}.bin"), length).await else { return Ok(None) };
        let path = told.path.clone().with_context(|| format!("not begun: {told:?}"))?;
        self.under_way = Some(UnderWay { path, number, acknowledged: 0, file: None });
        Ok(Some(()))
    }

    async fn post(&mut self, load: &Load, file: &str) -> Result<Option<()>> {
        let body = json!({"client_id": format!("file-{file}"), "files": [file]});
        let request = load.client.post(format!("{}/messages", load.url)).bearer_auth(&load.token).json(&body);
        let Ok(answer) = request.send().await else { return Ok(None) };
        let status = answer.status();
        let Ok(answer) = answer.json::<Value>().await else { return Ok(None) };
        let seq =
            answer["event"]["seq"].as_i64().with_context(|| format!("not posted: {status} {answer}"))?;
        self.posted.insert(file.to_owned(), seq);
        self.under_way = None;
        Ok(Some(()))
    }

    /// Looks, after a kill, at what was acknowledged: it is there, and what is half is not given out.
    ///
    /// # Errors
    /// What the house said.
    pub async fn check(&mut self, house: &House, events: &[Value], all: bool) -> Result<()> {
        let tus = tus(&house.client, house.origin(), &house.token);
        if let Some(now) = &mut self.under_way
            && now.file.is_none()
        {
            let length = content_of(now.number).len();
            let told = tus.offset(&now.path).await?;
            let offset = usize::try_from(told.offset.with_context(|| format!("it is there: {told:?}"))?)?;
            let possible = now.acknowledged..=length.min(now.acknowledged + PART);
            assert!(possible.contains(&offset), "acknowledged {} and at {offset}", now.acknowledged);
            if offset < length {
                let told = tus.file(&now.path).await?;
                assert_eq!(told.status, 409, "half a file is none: {told:?}");
            }
            now.acknowledged = offset;
        }
        let compare = if all { 0 } else { self.compared };
        for (id, number) in self.finished.iter().skip(compare) {
            let (status, bytes) = tus.content(id).await?;
            assert!(status == 200 && bytes == content_of(*number), "{number}.bin was acknowledged: {status}");
        }
        self.compared = self.finished.len();
        for (id, seq) in &self.posted {
            let event = events.get(usize::try_from(seq - 1)?).context("its message was acknowledged")?;
            assert_eq!(event["body"]["files"][0]["id"], json!(id), "{event}");
        }
        Ok(())
    }

    /// How many files were posted.
    pub fn posted(&self) -> usize {
        self.posted.len()
    }
}

/// No message names a file that is not whole, also of those whose answers were lost.
///
/// # Errors
/// What the house said.
pub async fn every_named_file_is_whole(house: &House, events: &[Value]) -> Result<()> {
    let tus = tus(&house.client, house.origin(), &house.token);
    let files = events.iter().filter_map(|event| event["body"]["files"].as_array()).flatten();
    for file in files {
        let (id, name) = (file["id"].as_str().context("an id")?, file["name"].as_str().context("a name")?);
        let number = name.strip_suffix(".bin").context("a number")?.parse()?;
        let (status, bytes) = tus.content(id).await?;
        assert!(status == 200 && bytes == content_of(number), "{name} is {status}");
    }
    Ok(())
}
