//! What is decided about the ticket of a space. The visitor wishes, allows and rates; whoever stands at its desk takes
//! it, gives it on and closes it; whom the house asks to help is decided by `desk::route`.

use super::Scene;
use super::decide::asks;
use crate::desk::ticket::{
    AssignReason, CloseReason, Offer, Opening, Page, PassWhy, ReleaseReason, State, Target, Ticket,
    TicketCommand, Via, WakeReason, Wants,
};
use crate::event::Body;
use crate::id::PersonId;
use crate::limits;
use crate::meeting::invalid;
use crate::name;
use crate::permission::{Actor, Right, Role, SpaceRole};
use crate::refusal::{Refusal, Thing};
use crate::space::SpaceKind;

/// What the house decides of a ticket by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Routed {
    Offer(Offer),
    Passed {
        agent: PersonId,
        why: PassWhy,
    },
    /// A snoozed one's time has come.
    Wake,
    /// Visitor and agent are in a call together.
    Met {
        agent: PersonId,
    },
    /// Something the desk wants to reach was not reached by then (microseconds).
    Overdue {
        target: Target,
        due: i64,
    },
    /// Who waits is not there any more.
    Left,
}

/// The first events of a ticket's space. The author is the visitor.
///
/// # Errors
/// What is wrong with the name, or with what the visitor says.
pub fn open_ticket(visitor: PersonId, visitor_name: &str, opening: Opening) -> Result<Vec<Body>, Refusal> {
    Ok(vec![
        Body::SpaceCreated { name: name::checked_or_empty(visitor_name)?, kind: SpaceKind::Ticket },
        Body::MemberJoined { person: visitor, role: SpaceRole::Guest },
        Body::TicketOpened(Box::new(Opening { page: opening.page.and_then(Page::cleaned), ..opening })),
    ])
}

/// What a decision of the house adds; nothing if the ticket has gone on meanwhile.
pub fn routed(ticket: &Ticket, decision: Routed) -> Option<Body> {
    match decision {
        Routed::Offer(offer) if ticket.state == State::Waiting && ticket.offered.is_none() => {
            Some(Body::TicketOffered(offer))
        }
        Routed::Passed { agent, why } if ticket.offered.is_some_and(|it| it.agent == agent) => {
            Some(Body::TicketPassed { agent, why })
        }
        Routed::Wake if ticket.state == State::Snoozed => Some(Body::TicketWoken { why: WakeReason::Time }),
        Routed::Met { agent } if ticket.state != State::Closed && ticket.met_at.is_none() => {
            Some(Body::TicketMet { agent })
        }
        Routed::Overdue { target, due } if !ticket.overdue.contains(&target) => {
            Some(Body::TicketOverdue { target, due })
        }
        // What they wrote is answered in writing, by and by.
        Routed::Left if ticket.state == State::Waiting && ticket.spoke => {
            (ticket.wants != Wants::Chat).then_some(Body::TicketWanted { wants: Wants::Chat, page: None })
        }
        Routed::Left if ticket.state == State::Waiting => Some(Body::TicketClosed { by: CloseReason::Idle }),
        _ => None,
    }
}

/// Whoever helped is out of a closed ticket, and nobody comes in before it is opened again.
pub(super) fn takes_people(scene: &Scene) -> Result<(), Refusal> {
    match &scene.ticket {
        Some(ticket) if ticket.state == State::Closed => Err(Refusal::TicketClosed),
        _ => Ok(()),
    }
}

/// What a message adds: the visitor's opens a closed ticket again, and wakes a snoozed one.
pub(super) fn written(ticket: &Ticket, author: &Actor) -> Option<Body> {
    match ticket.state {
        _ if author.person != ticket.visitor => None,
        State::Closed => Some(Body::TicketOpened(Box::new(again(ticket, Wants::Chat, ticket.via, None)))),
        State::Snoozed => Some(Body::TicketWoken { why: WakeReason::Message }),
        State::Waiting | State::Open => None,
    }
}

pub(super) fn decide(scene: &Scene, command: &TicketCommand, now_us: i64) -> Result<Vec<Body>, Refusal> {
    let me = scene.actor.person;
    asks(
        scene,
        match command {
            TicketCommand::Want { .. } | TicketCommand::Rate { .. } | TicketCommand::Consent { .. } => {
                Right::BeServed
            }
            TicketCommand::Close if scene.actor.is_outside(&scene.space) => Right::BeServed,
            _ => Right::Serve,
        },
    )?;
    let ticket = scene.ticket.as_ref().ok_or(Refusal::NotFound(Thing::Ticket))?;
    match command {
        TicketCommand::Want { wants, via, page } => Ok(want(ticket, *wants, *via, page.clone())),
        TicketCommand::Take => take(scene, ticket),
        TicketCommand::Pass => match ticket.offered {
            Some(offer) if offer.agent == me => {
                Ok(vec![Body::TicketPassed { agent: me, why: PassWhy::Declined }])
            }
            _ => Err(Refusal::OfferOver),
        },
        TicketCommand::Release => release(ticket),
        TicketCommand::GiveTo { agent } => give(scene, ticket, *agent),
        TicketCommand::MoveTo { desk } => Ok(moved(ticket, *desk)),
        TicketCommand::Snooze { until } => snooze(ticket, *until, now_us),
        TicketCommand::Close => Ok(close(scene, ticket)),
        TicketCommand::Reopen => reopen(scene, ticket),
        TicketCommand::Change { tags, priority, subject } => {
            change(ticket, tags.as_deref(), *priority, subject.as_deref())
        }
        TicketCommand::Rate { stars, comment } => rate(ticket, *stars, comment),
        TicketCommand::Consent { to, given } => Ok(match (given, ticket.allows(*to)) {
            (true, false) if ticket.state != State::Closed => vec![Body::ConsentGiven { to: *to }],
            (true, false) => return Err(Refusal::TicketClosed),
            (false, true) => vec![Body::ConsentWithdrawn { to: *to }],
            _ => Vec::new(),
        }),
    }
}

fn again(ticket: &Ticket, wants: Wants, via: Via, page: Option<Page>) -> Opening {
    Opening {
        desk: ticket.desk,
        round: ticket.round + 1,
        via,
        wants,
        language: ticket.language.clone(),
        skill: ticket.skill.clone(),
        page: page.and_then(Page::cleaned),
    }
}

fn want(ticket: &Ticket, wants: Wants, via: Via, page: Option<Page>) -> Vec<Body> {
    match ticket.state {
        State::Closed => vec![Body::TicketOpened(Box::new(again(ticket, wants, via, page)))],
        _ if ticket.wants == wants && page.is_none() => Vec::new(),
        state => {
            let mut bodies = vec![Body::TicketWanted { wants, page: page.and_then(Page::cleaned) }];
            if state == State::Snoozed {
                bodies.push(Body::TicketWoken { why: WakeReason::Message });
            }
            bodies
        }
    }
}

fn take(scene: &Scene, ticket: &Ticket) -> Result<Vec<Body>, Refusal> {
    let me = scene.actor.person;
    match (ticket.state, ticket.agent) {
        (State::Closed, _) => Err(Refusal::TicketClosed),
        (State::Open, Some(agent)) if agent == me => Ok(Vec::new()),
        (State::Snoozed, Some(agent)) if agent == me => {
            Ok(vec![Body::TicketWoken { why: WakeReason::Agent }])
        }
        (State::Open | State::Snoozed, Some(_)) => Err(Refusal::TicketTaken),
        _ => {
            let accepted = ticket.offered.is_some_and(|it| it.agent == me);
            let why = if accepted { AssignReason::Accepted } else { AssignReason::Taken };
            Ok(come_in(scene, ticket, me).chain([Body::TicketAssigned { agent: me, why }]).collect())
        }
    }
}

fn come_in(scene: &Scene, ticket: &Ticket, agent: PersonId) -> impl Iterator<Item = Body> + use<> {
    let is_in =
        ticket.staff.contains(&agent) || (agent == scene.actor.person && scene.actor.membership.is_some());
    (!is_in).then_some(Body::MemberJoined { person: agent, role: SpaceRole::Member }).into_iter()
}

fn release(ticket: &Ticket) -> Result<Vec<Body>, Refusal> {
    match (ticket.state, ticket.agent) {
        (State::Closed, _) => Err(Refusal::TicketClosed),
        (_, None) => Ok(Vec::new()),
        (_, Some(agent)) => Ok(vec![
            Body::TicketReleased { agent, why: ReleaseReason::Returned },
            Body::MemberLeft { person: agent },
        ]),
    }
}

fn give(scene: &Scene, ticket: &Ticket, agent: PersonId) -> Result<Vec<Body>, Refusal> {
    if ticket.state == State::Closed {
        return Err(Refusal::TicketClosed);
    }
    let stands_there = |it: &super::OtherFacts| {
        it.person == agent && it.agent && it.role.is_some_and(|role| role >= Role::Member)
    };
    if !scene.other.as_ref().is_some_and(stands_there) || agent == ticket.visitor {
        return Err(Refusal::NotFound(Thing::Person));
    }
    if ticket.agent == Some(agent) {
        return Ok(Vec::new());
    }
    let mut bodies: Vec<Body> = come_in(scene, ticket, agent).collect();
    bodies.push(Body::TicketAssigned { agent, why: AssignReason::Transferred });
    bodies.extend(ticket.agent.map(|person| Body::MemberLeft { person }));
    Ok(bodies)
}

fn moved(ticket: &Ticket, desk: crate::id::DeskId) -> Vec<Body> {
    if ticket.desk == desk || ticket.state == State::Closed {
        return Vec::new();
    }
    let gone = ticket.staff.iter().map(|person| Body::MemberLeft { person: *person });
    std::iter::once(Body::TicketMoved { desk }).chain(gone).collect()
}

fn snooze(ticket: &Ticket, until: Option<i64>, now_us: i64) -> Result<Vec<Body>, Refusal> {
    match (ticket.state, until) {
        (State::Closed, _) => Err(Refusal::TicketClosed),
        (State::Snoozed, None) => Ok(vec![Body::TicketWoken { why: WakeReason::Agent }]),
        (_, None) => Ok(Vec::new()),
        (_, Some(until)) if until <= now_us || until > now_us + limits::AHEAD_US => {
            Err(invalid("until", "give a time to come, within 400 days"))
        }
        (State::Waiting, _) => Err(invalid("until", "take the ticket first")),
        (_, Some(until)) => Ok(vec![Body::TicketSnoozed { until }]),
    }
}

/// Whoever helped is out of the space then; it stays with the desk.
fn close(scene: &Scene, ticket: &Ticket) -> Vec<Body> {
    if ticket.state == State::Closed {
        return Vec::new();
    }
    let by = match scene.actor.person == ticket.visitor {
        true => CloseReason::Visitor,
        false => CloseReason::Agent,
    };
    let gone = ticket.staff.iter().map(|person| Body::MemberLeft { person: *person });
    std::iter::once(Body::TicketClosed { by }).chain(gone).collect()
}

fn reopen(scene: &Scene, ticket: &Ticket) -> Result<Vec<Body>, Refusal> {
    if ticket.state != State::Closed {
        return take(scene, ticket);
    }
    let me = scene.actor.person;
    let mut bodies = vec![Body::TicketOpened(Box::new(again(ticket, Wants::Chat, ticket.via, None)))];
    bodies.extend(come_in(scene, ticket, me));
    bodies.push(Body::TicketAssigned { agent: me, why: AssignReason::Taken });
    Ok(bodies)
}

fn change(
    ticket: &Ticket,
    tags: Option<&[String]>,
    priority: Option<u8>,
    subject: Option<&str>,
) -> Result<Vec<Body>, Refusal> {
    let mut bodies = Vec::new();
    if let Some(tags) = tags {
        let tags =
            tags.iter().map(|it| name::checked(it)).collect::<Result<std::collections::BTreeSet<_>, _>>()?;
        if tags.len() > limits::TICKET_TAGS {
            return Err(Refusal::TooMany { what: "tags", limit: limits::TICKET_TAGS });
        }
        let tags: Vec<String> = tags.into_iter().collect();
        if tags != ticket.tags {
            bodies.push(Body::TicketTagged { tags });
        }
    }
    if let Some(priority) = priority.filter(|it| *it != ticket.priority) {
        if priority > 3 {
            return Err(invalid("priority", "give 0 (low) to 3 (urgent)"));
        }
        bodies.push(Body::TicketPrioritised { priority });
    }
    if let Some(subject) = subject.map(|it| it.replace('\0', "").trim().to_owned()) {
        if subject.chars().count() > limits::TICKET_SUBJECT_CHARS {
            return Err(Refusal::TooLong { what: "the subject", limit: limits::TICKET_SUBJECT_CHARS });
        }
        if subject != ticket.subject {
            bodies.push(Body::TicketRenamed { subject });
        }
    }
    Ok(bodies)
}

fn rate(ticket: &Ticket, stars: u8, comment: &str) -> Result<Vec<Body>, Refusal> {
    if !(1..=5).contains(&stars) {
        return Err(invalid("stars", "give 1 to 5"));
    }
    let comment = comment.replace('\0', "").trim().to_owned();
    if comment.chars().count() > limits::RATING_CHARS {
        return Err(Refusal::TooLong { what: "the comment", limit: limits::RATING_CHARS });
    }
    if ticket.assigned_at.is_none() {
        return Err(invalid("stars", "nobody has helped yet"));
    }
    Ok(vec![Body::TicketRated { round: ticket.round, stars, comment }])
}
