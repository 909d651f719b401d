//! The process is killed under load, again and again: what it acknowledged is
//! there, once, in order, without a gap, and so are the files that were on their way.

mod uploads;

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context, Result};
use madang_test::House;
use serde_json::{Value, json};
use tokio::sync::{Mutex, Notify};
use uploads::Sender;

const SENDERS: usize = 8;
/// Who sends files meanwhile.
const FILE_SENDERS: usize = 3;

/// What somebody wants, with the id under which it is wanted once.
#[derive(Debug, Clone)]
struct Wish {
    client_id: String,
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Post,
    Reply(i64),
    Edit(i64),
    React(i64),
    /// A register, not an event: what counts is how far the mark has come.
    Read(i64),
}

/// What was acknowledged.
#[derive(Default)]
struct Journal {
    /// Client id to seq, and what it was.
    events: HashMap<String, (i64, Kind)>,
    /// The furthest read mark.
    read: i64,
}

struct Load {
    url: String,
    token: String,
    client: reqwest::Client,
    journal: Arc<Mutex<Journal>>,
    acks: AtomicUsize,
    enough: Notify,
    target: usize,
}

impl Load {
    fn new(house: &House, journal: &Arc<Mutex<Journal>>, target: usize) -> Load {
        Load {
            url: house.url(&format!("/spaces/{}", house.space)),
            token: house.token.clone(),
            client: house.client.clone(),
            journal: journal.clone(),
            acks: AtomicUsize::new(0),
            enough: Notify::new(),
            target,
        }
    }

    /// Counts what was acknowledged, and says so when it is enough.
    fn count(&self) {
        if self.acks.fetch_add(1, Ordering::SeqCst) + 1 >= self.target {
            self.enough.notify_one();
        }
    }

    /// Asks for it; once there is an answer it is in the journal. Gives the seq.
    async fn ask(&self, wish: &Wish) -> Result<i64> {
        let (url, id) = (&self.url, &wish.client_id);
        let text = format!("글 {id}");
        let request = match wish.kind {
            Kind::Post => {
                self.client.post(format!("{url}/messages")).json(&json!({"client_id": id, "text": text}))
            }
            Kind::Reply(root) => {
                let body = json!({"client_id": id, "text": text, "thread": root});
                self.client.post(format!("{url}/messages")).json(&body)
            }
            Kind::Edit(seq) => {
                let body = json!({"client_id": id, "text": text});
                self.client.patch(format!("{url}/messages/{seq}")).json(&body)
            }
            Kind::React(seq) => {
                self.client.put(format!("{url}/messages/{seq}/reactions/tada?client_id={id}"))
            }
            Kind::Read(seq) => self.client.put(format!("{url}/read")).json(&json!({"seq": seq})),
        };
        let answer = request.bearer_auth(&self.token).send().await?.error_for_status()?;
        let answer: Value = answer.json().await?;
        let mut journal = self.journal.lock().await;
        let seq = if let Kind::Read(seq) = wish.kind {
            journal.read = journal.read.max(seq);
            seq
        } else {
            let seq = answer["event"]["seq"].as_i64().context("an acknowledged event has a seq")?;
            journal.events.insert(id.clone(), (seq, wish.kind));
            seq
        };
        drop(journal);
        self.count();
        Ok(seq)
    }
}

/// Writes until the house is gone; what was not acknowledged is wanted once
/// more in the next cycle, under the same id.
async fn send(load: Arc<Load>, cycle: usize, sender: usize) -> Option<Wish> {
    let mut last = 0;
    for number in 0.. {
        let kind = match number % 6 {
            0 | 3 => Kind::Post,
            1 => Kind::Reply(last),
            2 => Kind::Edit(last),
            4 => Kind::React(last),
            _ => Kind::Read(last),
        };
        let wish = Wish { client_id: format!("c{cycle}-s{sender}-{number}"), kind };
        match load.ask(&wish).await {
            Ok(seq) if kind == Kind::Post => last = seq,
            Ok(_) => {}
            Err(_) => return Some(wish),
        }
    }
    None
}

/// The type and the body that an event of this wish has.
fn is_what_was_wanted(event: &Value, client_id: &str, kind: Kind) -> bool {
    let body = &event["body"];
    let text = body["text"] == json!(format!("글 {client_id}"));
    match kind {
        Kind::Post => event["type"] == "message.posted" && text && body["thread"].is_null(),
        Kind::Reply(root) => event["type"] == "message.posted" && text && body["thread"] == json!(root),
        Kind::Edit(seq) => event["type"] == "message.edited" && text && body["message"] == json!(seq),
        Kind::React(seq) => event["type"] == "reaction.added" && body["message"] == json!(seq),
        Kind::Read(_) => false,
    }
}

async fn check(house: &House, journal: &Mutex<Journal>) -> Result<Vec<Value>> {
    let (events, journal) = (house.events().await?, journal.lock().await);
    let mut found: HashMap<&str, &Value> = HashMap::new();
    for (place, event) in events.iter().enumerate() {
        assert_eq!(event["seq"].as_i64(), Some(place as i64 + 1), "no gap and no double");
        if let Some(client_id) = event["client_id"].as_str() {
            assert!(found.insert(client_id, event).is_none(), "{client_id} is there twice");
        }
    }
    for (client_id, (seq, kind)) in &journal.events {
        let event = found.get(client_id.as_str()).with_context(|| format!("{client_id} was acknowledged"))?;
        assert_eq!(event["seq"], json!(seq), "{client_id} was acknowledged there");
        assert!(is_what_was_wanted(event, client_id, *kind), "{event} is {kind:?}");
    }
    let path = format!("/spaces/{}", house.space);
    let (_, space) = house.ask(Some(&house.token), "GET", &path, None).await?;
    let read = space["space"]["me"]["read"].as_i64().context("the owner has a mark")?;
    assert!(read >= journal.read, "the mark was at {} and is at {read}", journal.read);
    drop(journal);
    Ok(events)
}

/// Gives how many events and how many files were acknowledged.
async fn crash_loop(cycles: usize) -> Result<(usize, usize)> {
    let mut house = House::set_up()?;
    let journal: Arc<Mutex<Journal>> = Arc::default();
    let mut unanswered: Vec<Wish> = Vec::new();
    let mut files: Vec<Sender> = (0..FILE_SENDERS).map(Sender::new).collect();
    for cycle in 0..cycles {
        house.start().await?;
        // Another moment in each cycle, from the first post on.
        let load = Load::new(&house, &journal, 1 + cycle * 37 % 160);
        let again = Load::new(&house, &journal, usize::MAX);
        for wish in unanswered.drain(..) {
            again.ask(&wish).await?;
        }
        let events = check(&house, &journal).await?;
        for sender in &mut files {
            sender.check(&house, &events, false).await?;
        }
        let load = Arc::new(load);
        let sending: Vec<_> = files
            .drain(..)
            .map(|sender| tokio::spawn(sender.send(load.clone(), house.origin().to_owned())))
            .collect();
        let senders: Vec<_> =
            (0..SENDERS).map(|sender| tokio::spawn(send(load.clone(), cycle, sender))).collect();
        load.enough.notified().await;
        house.kill().await?;
        for sender in senders {
            unanswered.extend(sender.await?);
        }
        for sender in sending {
            files.push(sender.await??);
        }
    }
    house.start().await?;
    let events = check(&house, &journal).await?;
    for sender in &mut files {
        sender.check(&house, &events, true).await?;
    }
    uploads::every_named_file_is_whole(&house, &events).await?;
    assert_eq!(house.stop().await?, Some(0));
    Ok((journal.lock().await.events.len(), files.iter().map(Sender::posted).sum()))
}

#[tokio::test(flavor = "multi_thread")]
async fn every_acknowledged_message_survives_kill_nine() {
    let cycles = std::env::var("MADANG_CRASH_CYCLES").ok().and_then(|text| text.parse().ok()).unwrap_or(20);
    let (kept, files) = crash_loop(cycles).await.expect("the loop runs");
    println!("{kept} events and {files} files in {cycles} cycles");
    assert!(files >= cycles / 2, "{files} files in {cycles} cycles are too few to prove anything");
    assert!(kept >= cycles, "{kept} events in {cycles} cycles are too few to prove anything");
}

#[tokio::test]
async fn sigterm_ends_the_server_cleanly() {
    let mut house = House::set_up().expect("a house");
    house.start().await.expect("it serves");
    let wish = Wish { client_id: "last words".into(), kind: Kind::Post };
    let load = Load::new(&house, &Arc::default(), usize::MAX);
    let seq = load.ask(&wish).await.expect("acknowledged");
    assert_eq!(house.stop().await.expect("it stops"), Some(0));
    house.start().await.expect("it serves again");
    let events = house.events().await.expect("events");
    assert_eq!(events.last().and_then(|event| event["seq"].as_i64()), Some(seq));
}
