//! What a device does at a step of its script.

use std::sync::Arc;

use anyhow::{Result, ensure};
use madang_model::{Event, Seq, SpaceId};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::task::JoinHandle;

use super::device::{Answer, Device, Mood};
use super::files;
use super::held::Held;
use super::lost::send_and_hang_up;
use super::plan::{Deed, Manner, Step};
use super::space::Want;
use super::world::World;

/// Messages among which one is drawn: the newest.
const NEWEST: usize = 40;
const EMOJI: [&str; 4] = ["tada", "eyes", "+1", "heart"];

/// A request that a deed comes to.
#[derive(Debug, Clone)]
struct Request {
    method: Method,
    path: String,
    body: Option<Value>,
    /// Whose fate is kept in the journal.
    client_id: Option<String>,
}

fn of(method: Method, path: String, body: Option<Value>) -> Request {
    Request { method, path, body, client_id: None }
}

/// Somebody who can be named: an id, or an address.
pub type Named = String;

/// Runs one device's script to its end.
pub async fn perform(device: Arc<Device>, world: Arc<World>, people: Arc<Vec<Named>>, script: Vec<Step>) {
    let mut open: Vec<JoinHandle<()>> = Vec::new();
    let mut late: Vec<(usize, Request, Manner)> = Vec::new();
    for (place, step) in script.iter().enumerate() {
        for (_, request, manner) in late.extract_if(.., |(due, ..)| *due <= place).collect::<Vec<_>>() {
            open.push(tokio::spawn(carry_out(device.clone(), world.clone(), request, manner)));
        }
        if let Some(request) = step_of(&device, &world, &people, *step).await {
            match step.manner {
                Manner::Alongside => {
                    open.push(tokio::spawn(carry_out(device.clone(), world.clone(), request, Manner::Plain)));
                }
                Manner::Late => {
                    late.push((place + 2 + (step.what % 5) as usize, request, Manner::Plain));
                }
                manner => carry_out(device.clone(), world.clone(), request, manner).await,
            }
        }
        world.step_taken();
    }
    for (_, request, manner) in late {
        carry_out(device.clone(), world.clone(), request, manner).await;
    }
    for task in open {
        if let Err(error) = task.await {
            world.broke(format!("{}: {error}", device.name));
        }
    }
}

async fn carry_out(device: Arc<Device>, world: Arc<World>, request: Request, manner: Manner) {
    if let Err(error) = send(&device, &world, &request, manner).await {
        world.broke(format!("{}: {error:#}", device.name));
    }
}

async fn send(device: &Arc<Device>, world: &World, request: &Request, manner: Manner) -> Result<()> {
    let ask = || device.ask(&request.method, &request.path, request.body.as_ref());
    let answers: Vec<Answer> = match manner {
        Manner::Twice => {
            let (one, other) = tokio::join!(ask(), ask());
            vec![one?, other?]
        }
        Manner::Lost => {
            let origin = world.origin();
            let method = request.method.as_str();
            // A house that is down just now loses the request as well as the answer.
            let _ = send_and_hang_up(&origin, device.header(), method, &request.path, request.body.as_ref())
                .await;
            vec![ask().await?]
        }
        Manner::Plain | Manner::Alongside | Manner::Late => vec![ask().await?],
    };
    for (status, answer) in &answers {
        ensure!(
            matches!(status, 200 | 201 | 204 | 403 | 404 | 409 | 422),
            "{request:?} got {status}: {answer}"
        );
        if let Some(id) = answer["space"]["id"].as_str() {
            let mut spaces = world.spaces.lock().await;
            let id: SpaceId = id.parse()?;
            if !spaces.contains(&id) {
                spaces.push(id);
            }
        }
        if answer["event"].is_object() {
            let event: Event = serde_json::from_value(answer["event"].clone())?;
            world.files.answered(&event)?;
            let wishes = device.held.lock().answered(event);
            device.grant(wishes);
        }
    }
    let Some(client_id) = &request.client_id else { return Ok(()) };
    let mut journal = world.journal.lock().await;
    let fate = journal.entry((device.person, client_id.clone())).or_default();
    fate.unseen |= manner == Manner::Lost;
    for (_, answer) in answers.iter().filter(|(_, answer)| answer["event"].is_object()) {
        let event: Event = serde_json::from_value(answer["event"].clone())?;
        fate.answered.insert((event.space, event.seq));
    }
    Ok(())
}

/// What a lot is drawn among.
struct Choice<'a> {
    held: &'a Held,
    step: Step,
}

impl Choice<'_> {
    /// One of the device's spaces; every other time the oldest, so that one log grows long.
    fn space(&self) -> Option<SpaceId> {
        let spaces: Vec<SpaceId> = self.held.spaces.keys().copied().collect();
        let lot = self.step.space as usize;
        match spaces.len() {
            0 => None,
            _ if lot.is_multiple_of(2) => spaces.first().copied(),
            count => Some(spaces[(lot / 2) % count]),
        }
    }

    /// One of the newest messages that are held of it.
    fn message(&self, space: SpaceId) -> Option<Seq> {
        let rows = self.held.spaces.get(&space)?.rows();
        let messages: Vec<Seq> = rows.filter(|row| row.message().is_some()).map(|row| row.seq).collect();
        let newest = &messages[messages.len().saturating_sub(NEWEST)..];
        (!newest.is_empty()).then(|| newest[self.step.what as usize % newest.len()])
    }

    /// As `message`, of one's own as long as there is one.
    fn own(&self, space: SpaceId) -> Option<Seq> {
        let rows = self.held.spaces.get(&space)?.rows();
        let own: Vec<Seq> = rows
            .filter(|row| row.author == self.held.me && row.message().is_some())
            .map(|it| it.seq)
            .collect();
        let newest = &own[own.len().saturating_sub(NEWEST)..];
        if newest.is_empty() {
            self.message(space)
        } else {
            Some(newest[self.step.what as usize % newest.len()])
        }
    }

    /// As `message`, one with files as long as there is one.
    fn message_with_files(&self, space: SpaceId) -> Option<Seq> {
        let rows = self.held.spaces.get(&space)?.rows();
        let with = rows.filter(|row| row.message().is_some_and(|it| !it.files.is_empty()));
        let with: Vec<Seq> = with.map(|row| row.seq).collect();
        if with.is_empty() { self.message(space) } else { Some(with[self.step.what as usize % with.len()]) }
    }

    /// Any of the device's spaces.
    fn another(&self, lot: usize) -> Option<SpaceId> {
        self.held.spaces.keys().nth(lot / 3 % self.held.spaces.len().max(1)).copied()
    }

    fn high(&self, space: SpaceId) -> Seq {
        self.held.spaces.get(&space).map_or(0, |held| held.high)
    }
}

/// What a step comes to just now: a request, or something done at once.
async fn step_of(device: &Arc<Device>, world: &World, people: &[Named], step: Step) -> Option<Request> {
    let lot = step.what as usize;
    match step.deed {
        Deed::Vanish => return mood(device, Mood::Away),
        Deed::Return | Deed::Hear => return mood(device, Mood::Online),
        Deed::Deafen => return mood(device, Mood::Deaf),
        Deed::Forget => {
            device.forget();
            return None;
        }
        Deed::Look => {
            look(device, step);
            return None;
        }
        Deed::Attach => {
            let sent = attach(device, world, step).await;
            return sent.unwrap_or_else(|error| {
                world.broke(format!("{}: {error:#}", device.name));
                None
            });
        }
        Deed::Fetch => {
            if let Some((id, name)) = with_files(device, step)
                && let Err(error) = files::fetch(device, world, &id, &name).await
            {
                world.broke(format!("{}: {error:#}", device.name));
            }
            return None;
        }
        Deed::Create => return Some(create(world, lot)),
        Deed::Join | Deed::Restore => {
            let spaces = world.spaces.lock().await;
            let space = spaces.get(step.space as usize % spaces.len().max(1))?;
            let verb = if step.deed == Deed::Join { "join" } else { "restore" };
            return Some(of(Method::POST, format!("/spaces/{space}/{verb}"), None));
        }
        Deed::Direct => {
            let body = json!({"people": [people[lot % people.len()]]});
            return Some(of(Method::POST, "/directs".into(), Some(body)));
        }
        Deed::SeeActivity => {
            let at = device.held.lock().people_at;
            return Some(of(Method::PUT, "/activity/read".into(), Some(json!({"at": at}))));
        }
        Deed::Profile => {
            let name = format!("{} {}", device.name.split('/').next().unwrap_or("?"), world.number());
            return Some(of(Method::PATCH, "/me".into(), Some(json!({"name": name}))));
        }
        _ => {}
    }
    let held = device.held.lock();
    let choice = Choice { held: &held, step };
    let space = choice.space()?;
    if step.deed == Deed::Type {
        device.signal_typing(space);
        return None;
    }
    about_message(&choice, world, people, space).or_else(|| about_space(&choice, world, people, space))
}

fn mood(device: &Device, mood: Mood) -> Option<Request> {
    device.mood.send_replace(mood);
    None
}

/// Somebody scrolls to an old page.
fn look(device: &Arc<Device>, step: Step) {
    let wish = {
        let held = device.held.lock();
        let choice = Choice { held: &held, step };
        choice.space().and_then(|id| {
            let space = held.spaces.get(&id)?;
            let n = i64::from(step.what) % (madang_model::position::page_of(space.high) + 1);
            (!space.is_fresh(n)).then_some((id, space.stay, Want::Page(n)))
        })
    };
    device.grant(wish.into_iter().collect());
}

/// Sends a file, sometimes two, and gives the message that they go into.
async fn attach(device: &Device, world: &World, step: Step) -> Result<Option<Request>> {
    let space = Choice { held: &device.held.lock(), step }.space();
    let mut sent = Vec::new();
    for more in 0..1 + u32::from(step.what.is_multiple_of(4)) {
        sent.extend(files::send(device, world, step.what + more).await?);
    }
    let Some(space) = space.filter(|_| !sent.is_empty()) else { return Ok(None) };
    let client_id = format!("wish-{}", world.number());
    let body = json!({"client_id": client_id, "files": sent});
    let request = of(Method::POST, format!("/spaces/{space}/messages"), Some(body));
    Ok(Some(Request { client_id: Some(client_id), ..request }))
}

/// A file of a message that the device holds.
fn with_files(device: &Device, step: Step) -> Option<(String, String)> {
    let held = device.held.lock();
    let space = Choice { held: &held, step }.space()?;
    let messages = held.spaces.get(&space)?.rows().filter_map(|row| row.message());
    let files: Vec<_> = messages.flat_map(|message| &message.files).collect();
    let file = files.get(step.what as usize % files.len().max(1))?;
    Some((file.id.to_string(), file.name.clone()))
}

fn create(world: &World, lot: usize) -> Request {
    let client_id = format!("space-{}", world.number());
    let kind = if lot.is_multiple_of(2) { "open" } else { "closed" };
    let body = json!({"client_id": client_id, "name": format!("마당 {lot}"), "kind": kind});
    of(Method::POST, "/spaces".into(), Some(body))
}

fn about_message(choice: &Choice<'_>, world: &World, people: &[Named], space: SpaceId) -> Option<Request> {
    let lot = choice.step.what as usize;
    let client_id = format!("wish-{}", world.number());
    let base = format!("/spaces/{space}/messages");
    let one = |message: Seq| format!("{base}/{message}");
    let emoji = EMOJI[lot % EMOJI.len()];
    let tail = format!("?client_id={client_id}");
    let mut text = format!("글 {client_id}");
    match lot % 9 {
        0 => text.push_str(&format!(" <@{}>", people[lot / 9 % people.len()])),
        1 => text.push_str(" <!everyone>"),
        _ => {}
    }
    let post = |thread: Option<Seq>, also: bool| json!({"client_id": client_id, "text": text, "thread": thread, "also": also});
    let mut request = match choice.step.deed {
        Deed::Post => of(Method::POST, base, Some(post(None, false))),
        Deed::Reply => of(Method::POST, base, Some(post(Some(choice.message(space)?), false))),
        Deed::ReplyToAll => of(Method::POST, base, Some(post(Some(choice.message(space)?), true))),
        Deed::Forward => {
            let to = choice.another(lot)?;
            let seq = choice.message_with_files(space)?;
            let body = json!({"client_id": client_id, "text": "", "forward": {"space": space, "seq": seq}});
            of(Method::POST, format!("/spaces/{to}/messages"), Some(body))
        }
        Deed::Edit => {
            let body = json!({"client_id": client_id, "text": format!("{text}, 고침")});
            of(Method::PATCH, one(choice.own(space)?), Some(body))
        }
        Deed::Remove => of(Method::DELETE, one(choice.own(space)?) + &tail, None),
        Deed::React => {
            of(Method::PUT, format!("{}/reactions/{emoji}{tail}", one(choice.message(space)?)), None)
        }
        Deed::TakeBack => {
            of(Method::DELETE, format!("{}/reactions/{emoji}{tail}", one(choice.message(space)?)), None)
        }
        Deed::Pin => of(Method::PUT, format!("{}/pin{tail}", one(choice.message(space)?)), None),
        Deed::Unpin => of(Method::DELETE, format!("{}/pin{tail}", one(choice.message(space)?)), None),
        _ => return None,
    };
    request.client_id = Some(client_id);
    Some(request)
}

fn about_space(choice: &Choice<'_>, world: &World, people: &[Named], space: SpaceId) -> Option<Request> {
    let lot = choice.step.what as usize;
    let high = choice.high(space);
    let at = |what: &str| format!("/spaces/{space}{what}");
    let back = lot as Seq % 12;
    Some(match choice.step.deed {
        // The space that everybody is in stays, or half of the plan would be about nothing.
        Deed::Delete | Deed::Archive | Deed::Expel if space == world.main => return None,
        Deed::Read => of(Method::PUT, at("/read"), Some(json!({"seq": high - back / 3}))),
        Deed::Unread => of(Method::POST, at("/unread"), Some(json!({"seq": (high - back).max(1)}))),
        Deed::Draft | Deed::ThreadDraft => {
            let thread = (choice.step.deed == Deed::ThreadDraft).then(|| choice.message(space)).flatten();
            let text = if lot.is_multiple_of(4) { String::new() } else { format!("아직 {lot}") };
            let body = json!({"text": text, "thread": thread, "at": world.number()});
            of(Method::PUT, at("/draft"), Some(body))
        }
        Deed::Involve => {
            let level = ["nothing", "mentions", "everything"][lot % 3];
            of(Method::PUT, at("/involvement"), Some(json!({"level": level})))
        }
        Deed::Remind => of(Method::POST, at(&format!("/messages/{}/remind", choice.message(space)?)), None),
        Deed::Leave => of(Method::POST, at("/leave"), None),
        Deed::Add => {
            let role = if lot.is_multiple_of(7) { "host" } else { "member" };
            let body = json!({"person": people[lot / 7 % people.len()], "role": role});
            of(Method::POST, at("/members"), Some(body))
        }
        Deed::Expel => of(Method::DELETE, at(&format!("/members/{}", people[lot % people.len()])), None),
        Deed::Archive => of(Method::POST, at("/archive"), None),
        Deed::Unarchive => of(Method::POST, at("/unarchive"), None),
        Deed::Delete => of(Method::DELETE, format!("/spaces/{space}"), None),
        Deed::Rename => {
            let body = json!({"name": format!("이름 {lot}"), "description": format!("무엇 {}", lot % 5)});
            of(Method::PATCH, format!("/spaces/{space}"), Some(body))
        }
        _ => return None,
    })
}
