//! What a command adds to a space, or why it adds nothing.
//!
//! Pure: the time comes in as an argument, so the same call gives the same
//! events on every machine and in every test. A command whose wish is already
//! fulfilled (a reaction given twice) adds no event and is no refusal.

use super::{MessageFacts, Scene, SpaceKind, bookmarks, meetings, tickets};
use crate::app_part::{self, AppPart, Unfurls};
use crate::card::{Card, Item, Poll};
use crate::command::{Command, Draft};
use crate::event::{Body, Picture, Posted};
use crate::id::{CallId, PersonId};
use crate::limits;
use crate::name;
use crate::permission::{Right, Role, SpaceRole, may};
use crate::refusal::{Refusal, Thing};
use crate::text;

/// Decides what `command` adds to the space of `scene`.
///
/// `now_us` is microseconds since 1970.
pub fn decide(scene: &Scene, command: &Command, now_us: i64) -> Result<Vec<Body>, Refusal> {
    may(&scene.actor, Right::Read, &scene.space).or_else(|refusal| match command {
        Command::RestoreSpace => Ok(()),
        _ => Err(refusal),
    })?;
    match command {
        Command::PostMessage(draft) => post(scene, draft),
        Command::EditMessage { message, text, app } => edit(scene, *message, text, app.as_deref()),
        Command::UnfurlMessage { unfurls, .. } => unfurl(scene, unfurls),
        Command::RemoveMessage { message } => remove(scene, *message),
        Command::AddReaction { emoji, .. } => add_reaction(scene, emoji),
        Command::RemoveReaction { emoji, .. } => remove_reaction(scene, emoji),
        Command::PinMessage { .. } => pin(scene),
        Command::UnpinMessage { .. } => unpin(scene),
        Command::AddBookmark(bookmark) => bookmarks::add(scene, bookmark),
        Command::ChangeBookmark { bookmark, title, link, emoji } => {
            bookmarks::change(scene, *bookmark, title.as_deref(), link.as_deref(), emoji.as_deref())
        }
        Command::RemoveBookmark { bookmark } => bookmarks::remove(scene, *bookmark),
        Command::RemindReaders { people, .. } => remind(scene, people),
        Command::Vote { options, .. } => vote(scene, options),
        Command::ClosePoll { .. } => close(scene),
        Command::CheckItem { item, done, .. } => check(scene, *item, *done),
        Command::AssignItem { item, person, .. } => assign(scene, *item, *person),
        Command::ConfirmMessage { .. } => confirm(scene),
        Command::StartCall { call, video, sealed } => start_call(scene, *call, *video, *sealed),
        Command::PlanMeeting(wish) => meetings::plan(scene, wish, now_us),
        Command::ChangeMeeting { wish, .. } => meetings::change(scene, wish, now_us),
        Command::ChangeOneMeeting { occurrence, at, .. } => {
            let at = at.as_ref().map(|(start, minutes)| (start.as_str(), *minutes));
            meetings::change_one(scene, occurrence, at, now_us)
        }
        Command::CancelMeeting { .. } => meetings::cancel(scene),
        Command::Ticket(command) => tickets::decide(scene, command, now_us),
        Command::ChangeSpace { name, description, picture } => {
            change(scene, name.as_deref(), description.as_deref(), picture.as_ref())
        }
        Command::ArchiveSpace => archive(scene),
        Command::UnarchiveSpace => unarchive(scene),
        Command::DeleteSpace => asks(scene, Right::Delete)
            .map(|()| vec![Body::SpaceDeleted { until: now_us + limits::UNDO_DELETE_US }]),
        Command::RestoreSpace => restore(scene, now_us),
        Command::JoinSpace => join(scene),
        Command::LeaveSpace => {
            asks(scene, Right::Leave).map(|()| vec![Body::MemberLeft { person: scene.actor.person }])
        }
        Command::AddMember { person, role } => add_member(scene, *person, *role),
        Command::RemoveMember { person } => remove_member(scene, *person),
    }
}

/// The first events of a new space. The author becomes its host.
pub fn create(
    author: PersonId,
    kind: SpaceKind,
    name: &str,
    people: &[(PersonId, SpaceRole)],
) -> Result<Vec<Body>, Refusal> {
    let name = match kind {
        SpaceKind::Direct => name::checked_or_empty(name)?,
        SpaceKind::Open | SpaceKind::Closed => name::checked(name)?,
        // Tickets are opened by visitors, and by no other door.
        SpaceKind::Ticket => return Err(Refusal::TicketIsFixed),
    };
    if kind == SpaceKind::Direct && people.len() + 1 > limits::DIRECT_PEOPLE {
        return Err(Refusal::TooMany { what: "people", limit: limits::DIRECT_PEOPLE });
    }
    let host = if kind == SpaceKind::Direct { SpaceRole::Member } else { SpaceRole::Host };
    let mut bodies =
        vec![Body::SpaceCreated { name, kind }, Body::MemberJoined { person: author, role: host }];
    for &(person, role) in people.iter().filter(|(person, _)| *person != author) {
        bodies.push(Body::MemberJoined { person, role });
    }
    Ok(bodies)
}

/// A message that somebody wrote in another house, as it is kept here. Its text is held to the same limits as one that
/// is written here; nobody asks whether the author may still write.
pub fn brought(draft: &Draft) -> Result<Body, Refusal> {
    if draft.text.trim().is_empty() && draft.files.is_empty() {
        return Err(Refusal::Empty);
    }
    let (text, mentions, everyone) = checked_text(&draft.text)?;
    Ok(Body::MessagePosted(Posted {
        text,
        thread: draft.thread,
        also: draft.also && draft.thread.is_some(),
        files: draft.files.clone(),
        mentions,
        everyone,
        ..Posted::default()
    }))
}

pub(super) fn asks(scene: &Scene, right: Right) -> Result<(), Refusal> {
    may(&scene.actor, right, &scene.space)
}

/// The message of the command. To a visitor a note does not exist.
fn existing(scene: &Scene) -> Result<MessageFacts, Refusal> {
    let seen = scene.message.clone().filter(|it| !it.note || !scene.actor.is_outside(&scene.space));
    seen.ok_or(Refusal::NotFound(Thing::Message))
}

/// The message of the command, which must exist and not have been removed.
fn standing(scene: &Scene) -> Result<MessageFacts, Refusal> {
    let message = existing(scene)?;
    if message.removed { Err(Refusal::MessageRemoved) } else { Ok(message) }
}

fn post(scene: &Scene, draft: &Draft) -> Result<Vec<Body>, Refusal> {
    // Whoever stands at the desk of a ticket may leave a note without coming in.
    asks(scene, if draft.note { Right::Serve } else { Right::Post })?;
    let (card, text) = match draft.card.as_ref().map(|card| card.asked(&draft.text)).transpose()? {
        Some((card, text)) => (Some(card), text),
        None => (None, draft.text.clone()),
    };
    let shows = draft.app.as_ref().is_some_and(|it| it.shows());
    if text.trim().is_empty() && draft.files.is_empty() && draft.forward.is_none() && !shows {
        return Err(Refusal::Empty);
    }
    draft.app.as_ref().map_or(Ok(()), |it| it.checked())?;
    if draft.files.len() > limits::MESSAGE_FILES {
        return Err(Refusal::TooMany { what: "files", limit: limits::MESSAGE_FILES });
    }
    let root = draft.thread.map(|_| standing(scene)).transpose()?;
    if root.as_ref().is_some_and(|it| it.thread.is_some()) {
        return Err(Refusal::NotARoot);
    }
    // An answer to a note is one too.
    let note = draft.note || root.is_some_and(|it| it.note);
    if note {
        asks(scene, Right::Serve)?;
    }
    let (text, mentions, everyone) = checked_text(&text)?;
    if everyone {
        asks(scene, Right::CallEveryone)?;
    }
    let mentions = named_to(scene, note, mentions);
    let mut bodies = vec![Body::MessagePosted(Posted {
        text,
        thread: draft.thread,
        also: draft.also && draft.thread.is_some(),
        files: draft.files.clone(),
        forward: draft.forward.clone(),
        card: card.map(Box::new),
        app: draft.app.clone(),
        mentions,
        everyone,
        note,
        removed: false,
    })];
    bodies.extend(scene.ticket.as_ref().and_then(|it| tickets::written(it, &scene.actor)));
    Ok(bodies)
}

/// Whom a text names: a note tells nothing to the visitor, also if it names them.
fn named_to(scene: &Scene, note: bool, mut people: Vec<PersonId>) -> Vec<PersonId> {
    let visitor = scene.ticket.as_ref().map(|it| it.visitor).filter(|_| note);
    people.retain(|it| Some(*it) != visitor);
    people
}

fn edit(scene: &Scene, message: i64, text: &str, app: Option<&AppPart>) -> Result<Vec<Body>, Refusal> {
    asks(scene, Right::Post)?;
    let mut before = standing(scene)?;
    if before.author != scene.actor.person {
        return Err(Refusal::NotTheAuthor);
    }
    if before.card.take().is_some_and(|card| card.makes_text()) {
        return Err(Refusal::CardIsFixed);
    }
    if text.trim().is_empty() && !app.is_some_and(|it| it.shows()) {
        return Err(Refusal::Empty);
    }
    app.map_or(Ok(()), |it| it.checked())?;
    let (text, mentions, everyone) = checked_text(text)?;
    if everyone {
        asks(scene, Right::CallEveryone)?;
    }
    // Whoever was named already was told already.
    let mentions = mentions.into_iter().filter(|person| !before.named.contains(person)).collect();
    let mentions = named_to(scene, before.note, mentions);
    Ok(vec![Body::MessageEdited { message, text, mentions, app: app.cloned().map(Box::new) }])
}

fn unfurl(scene: &Scene, unfurls: &Unfurls) -> Result<Vec<Body>, Refusal> {
    asks(scene, Right::Post)?;
    let message = standing(scene)?;
    app_part::within(serde_json::to_vec(unfurls).map_or(0, |it| it.len()))?;
    Ok(vec![Body::MessageUnfurled { message: message.seq, unfurls: unfurls.clone() }])
}

fn remove(scene: &Scene, message: i64) -> Result<Vec<Body>, Refusal> {
    let facts = existing(scene)?;
    asks(scene, if facts.author == scene.actor.person { Right::Post } else { Right::Moderate })?;
    if facts.removed {
        return Ok(Vec::new());
    }
    Ok(vec![Body::MessageRemoved { message, thread: facts.thread }])
}

fn add_reaction(scene: &Scene, emoji: &str) -> Result<Vec<Body>, Refusal> {
    asks(scene, Right::React)?;
    let message = standing(scene)?;
    let emoji = text::normalize_emoji(emoji)
        .ok_or_else(|| Refusal::Invalid { what: "emoji", why: "give an emoji or the name of one".into() })?;
    if message.emoji_mine {
        return Ok(Vec::new());
    }
    if !message.emoji_there && message.reaction_kinds >= limits::REACTION_KINDS {
        return Err(Refusal::TooMany { what: "kinds of reaction", limit: limits::REACTION_KINDS as usize });
    }
    Ok(vec![Body::ReactionAdded { message: message.seq, emoji }])
}

fn remove_reaction(scene: &Scene, emoji: &str) -> Result<Vec<Body>, Refusal> {
    asks(scene, Right::React)?;
    let message = existing(scene)?;
    let emoji = text::normalize_emoji(emoji).unwrap_or_else(|| emoji.to_owned());
    if !message.emoji_mine {
        return Ok(Vec::new());
    }
    Ok(vec![Body::ReactionRemoved { message: message.seq, emoji }])
}

fn pin(scene: &Scene) -> Result<Vec<Body>, Refusal> {
    asks(scene, Right::Pin)?;
    let message = standing(scene)?;
    if message.pinned {
        return Ok(Vec::new());
    }
    if scene.space.pins >= limits::PINS {
        return Err(Refusal::TooMany { what: "pinned messages", limit: limits::PINS as usize });
    }
    Ok(vec![Body::MessagePinned { message: message.seq }])
}

fn unpin(scene: &Scene) -> Result<Vec<Body>, Refusal> {
    asks(scene, Right::Pin)?;
    let message = existing(scene)?;
    if !message.pinned {
        return Ok(Vec::new());
    }
    Ok(vec![Body::MessageUnpinned { message: message.seq }])
}

fn remind(scene: &Scene, people: &[PersonId]) -> Result<Vec<Body>, Refusal> {
    let message = standing(scene)?;
    asks(scene, if message.author == scene.actor.person { Right::Post } else { Right::Moderate })?;
    if scene.space.members > limits::RECEIPT_MEMBERS {
        return Err(Refusal::ReceiptsOff);
    }
    if people.is_empty() {
        return Ok(Vec::new());
    }
    Ok(vec![Body::MessageReminded { message: message.seq, people: people.to_vec() }])
}

/// The poll of the command's message, which goes on.
fn open_poll(message: &MessageFacts) -> Result<&Poll, Refusal> {
    match &message.card {
        Some(Card::Poll(poll)) if poll.closed.is_some() => Err(Refusal::PollClosed),
        Some(Card::Poll(poll)) => Ok(poll),
        _ => Err(Refusal::NoSuchCard),
    }
}

fn vote(scene: &Scene, options: &[u16]) -> Result<Vec<Body>, Refusal> {
    asks(scene, Right::React)?;
    let facts = standing(scene)?;
    let (poll, message) = (open_poll(&facts)?, facts.seq);
    let options = poll.checked(options)?;
    if poll.anonymous {
        if facts.ballot == options {
            return Ok(Vec::new());
        }
        return Ok(vec![Body::MessageCounted { message, counts: poll.recounted(&facts.ballot, &options) }]);
    }
    if poll.vote_of(scene.actor.person) == options {
        return Ok(Vec::new());
    }
    Ok(vec![Body::MessageVoted { message, options }])
}

fn close(scene: &Scene) -> Result<Vec<Body>, Refusal> {
    let facts = standing(scene)?;
    asks(scene, if facts.author == scene.actor.person { Right::Post } else { Right::Moderate })?;
    match open_poll(&facts) {
        Err(Refusal::PollClosed) => Ok(Vec::new()),
        Err(refusal) => Err(refusal),
        Ok(_) => Ok(vec![Body::MessageClosed { message: facts.seq }]),
    }
}

/// An item of the checklist of the command's message.
fn item_of(message: &MessageFacts, item: u16) -> Result<&Item, Refusal> {
    let Some(Card::Checklist(list)) = &message.card else { return Err(Refusal::NoSuchCard) };
    let missing = || Refusal::Invalid { what: "item", why: "there is no such item".into() };
    list.items.get(usize::from(item)).ok_or_else(missing)
}

fn check(scene: &Scene, item: u16, done: bool) -> Result<Vec<Body>, Refusal> {
    asks(scene, Right::React)?;
    let facts = standing(scene)?;
    let message = facts.seq;
    if item_of(&facts, item)?.done.is_some() == done {
        return Ok(Vec::new());
    }
    let body = match done {
        true => Body::MessageChecked { message, item },
        false => Body::MessageUnchecked { message, item },
    };
    Ok(vec![body])
}

fn assign(scene: &Scene, item: u16, person: Option<PersonId>) -> Result<Vec<Body>, Refusal> {
    asks(scene, Right::React)?;
    let facts = standing(scene)?;
    if item_of(&facts, item)?.assignee == person {
        return Ok(Vec::new());
    }
    if person.is_some() && scene.other.is_none_or(|it| it.membership.is_none()) {
        return Err(Refusal::NotFound(Thing::Person));
    }
    Ok(vec![Body::MessageAssigned { message: facts.seq, item, person }])
}

fn confirm(scene: &Scene) -> Result<Vec<Body>, Refusal> {
    asks(scene, Right::React)?;
    let facts = standing(scene)?;
    let Some(Card::Confirm(confirm)) = &facts.card else { return Err(Refusal::NoSuchCard) };
    if confirm.people.iter().any(|(person, _)| *person == scene.actor.person) {
        return Ok(Vec::new());
    }
    Ok(vec![Body::MessageConfirmed { message: facts.seq }])
}

fn start_call(scene: &Scene, call: CallId, video: bool, sealed: bool) -> Result<Vec<Body>, Refusal> {
    asks(scene, Right::Call)?;
    // A visitor wishes to be called; who helps begins.
    if scene.actor.is_outside(&scene.space) {
        return Err(Refusal::NotAllowed("agent"));
    }
    // One call a space: whoever wants to talk joins the one that runs.
    if scene.call.is_some() {
        return Ok(Vec::new());
    }
    Ok(vec![Body::CallStarted { call, video, sealed, ended: None }])
}

fn change(
    scene: &Scene,
    name: Option<&str>,
    description: Option<&str>,
    picture: Option<&Picture>,
) -> Result<Vec<Body>, Refusal> {
    asks(scene, Right::Change)?;
    let name = match name {
        None => None,
        Some(name) if scene.space.kind == SpaceKind::Direct => Some(name::checked_or_empty(name)?),
        Some(name) => Some(name::checked(name)?),
    };
    let description = match description {
        None => None,
        Some(text) if text.chars().count() > limits::DESCRIPTION_CHARS => {
            return Err(Refusal::TooLong { what: "the description", limit: limits::DESCRIPTION_CHARS });
        }
        Some(text) => Some(text.trim().to_owned()),
    };
    let name = name.filter(|it| *it != scene.space.name);
    let description = description.filter(|it| *it != scene.space.description);
    if name.is_none() && description.is_none() && picture.is_none() {
        return Ok(Vec::new());
    }
    Ok(vec![Body::SpaceChanged { name, description, picture: picture.cloned() }])
}

fn archive(scene: &Scene) -> Result<Vec<Body>, Refusal> {
    asks(scene, Right::Archive)?;
    Ok(if scene.space.archived { Vec::new() } else { vec![Body::SpaceArchived {}] })
}

fn unarchive(scene: &Scene) -> Result<Vec<Body>, Refusal> {
    asks(scene, Right::Archive)?;
    Ok(if scene.space.archived { vec![Body::SpaceUnarchived {}] } else { Vec::new() })
}

fn restore(scene: &Scene, now_us: i64) -> Result<Vec<Body>, Refusal> {
    asks(scene, Right::Restore)?;
    match scene.space.deleted_until {
        None => Ok(Vec::new()),
        Some(until) if until < now_us => Err(Refusal::UndoOver),
        Some(_) => Ok(vec![Body::SpaceRestored {}]),
    }
}

fn join(scene: &Scene) -> Result<Vec<Body>, Refusal> {
    match asks(scene, Right::Join) {
        Err(Refusal::AlreadyIn) => return Ok(Vec::new()),
        other => other?,
    }
    tickets::takes_people(scene)?;
    Ok(vec![Body::MemberJoined { person: scene.actor.person, role: SpaceRole::Member }])
}

fn add_member(scene: &Scene, person: PersonId, role: SpaceRole) -> Result<Vec<Body>, Refusal> {
    // Whoever helps a visitor calls a colleague in; nobody else comes into a ticket, by a link or with a team.
    match scene.space.kind {
        SpaceKind::Ticket => asks(scene, Right::Serve).and_then(|()| tickets::takes_people(scene))?,
        _ => asks(scene, Right::AddPeople)?,
    }
    let other = scene.other.filter(|it| it.person == person).ok_or(Refusal::NotFound(Thing::Person))?;
    let role = match other.role.ok_or(Refusal::NotFound(Thing::Person))? {
        Role::Visitor | Role::Guest if scene.space.kind == SpaceKind::Ticket => {
            return Err(Refusal::TicketIsFixed);
        }
        // Whoever is helped at a desk sees nothing else of the house.
        Role::Visitor => return Err(Refusal::NotFound(Thing::Person)),
        Role::Guest => SpaceRole::Guest,
        Role::Member | Role::Admin | Role::Owner => role.max(SpaceRole::Member),
    };
    if role == SpaceRole::Host {
        asks(scene, Right::RemovePeople)?;
    }
    if other.membership.is_some() {
        return Ok(Vec::new());
    }
    Ok(vec![Body::MemberJoined { person, role }])
}

fn remove_member(scene: &Scene, person: PersonId) -> Result<Vec<Body>, Refusal> {
    if person == scene.actor.person {
        return asks(scene, Right::Leave).map(|()| vec![Body::MemberLeft { person }]);
    }
    asks(scene, Right::RemovePeople)?;
    let other = scene.other.filter(|it| it.person == person).ok_or(Refusal::NotFound(Thing::Person))?;
    if other.membership.is_none() {
        return Ok(Vec::new());
    }
    Ok(vec![Body::MemberLeft { person }])
}

/// Checks a message's text and finds whom it calls.
fn checked_text(text: &str) -> Result<(String, Vec<PersonId>, bool), Refusal> {
    if text.chars().count() > limits::MESSAGE_CHARS {
        return Err(Refusal::TooLong { what: "the message", limit: limits::MESSAGE_CHARS });
    }
    let text = storable(text);
    let everyone = text::mentions(&text).everyone;
    let people = named(&text);
    if people.len() > limits::MENTIONS {
        return Err(Refusal::TooMany { what: "mentions", limit: limits::MENTIONS });
    }
    Ok((text, people, everyone))
}

/// The people whom a text names, each once.
pub fn named(text: &str) -> Vec<PersonId> {
    let mut people: Vec<PersonId> =
        text::mentions(text).people.iter().filter_map(|id| id.parse().ok()).collect();
    people.sort_unstable();
    people.dedup();
    people
}

/// PostgreSQL keeps no U+0000 in text, so no engine gets it; trailing blank
/// space is nobody's content.
fn storable(text: &str) -> String {
    text.replace('\0', "").trim_end().to_owned()
}
