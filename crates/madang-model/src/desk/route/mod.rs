//! Who is offered which waiting ticket. Pure: a board in, decisions out; the same board gives the same decisions, in
//! whatever order its lists come. The app keeps the board and carries the decisions out, each an event with its reason.
//!
//! - **Order.** The highest priority first, then whoever waits longest, then the lower number.
//! - **Whom.** The agent of the last time, if the desk wants that and they have a hand free; while they are being rung for
//!   another ticket they are waited for, but not longer than one ring. Else whoever has the skill *and* the language, else
//!   the language, else anybody. Among equals the one with the fewest open tickets, then the one who got none for longest,
//!   then the lower id.
//! - **Wider as the wait grows.** Nobody is waited for who is not there. While somebody better suited is there but has
//!   their hands full, the ticket waits for them two rings for each step down (skill → language → anybody), and then goes
//!   to the next best. Who has passed on it is not waited for either.
//! - **Passing.** An offer that is not answered runs out and goes to the next. When all who have a hand free have passed,
//!   all are asked again, a minute after the last of them, and after the tickets that were asked about less often: else
//!   the first few in line would ring for ever where nobody answers, and the rest never.
//! - **One at a time.** Nobody is rung for two tickets at once, and nobody for one more than the desk allows.
//! - **Closed.** The tickets of a closed desk wait and are not offered; what rings already may still be answered.

use crate::id::{DeskId, PersonId, SpaceId};

pub use super::ticket::{PassWhy, Reason};

mod choose;
#[cfg(test)]
mod laws;
mod line;
#[cfg(test)]
mod simulation;
#[cfg(test)]
mod tests;

pub use line::{Handled, expected_wait, place};

/// After all have passed: how long until they are asked again.
pub const PAUSE_US: i64 = 60 * 1_000_000;
/// Rings for which somebody better suited is waited for, for each step down.
const RINGS_A_STEP: i64 = 2;

/// Everything that waits and everybody who may help, of a whole workspace. Each desk, agent and ticket stands in it once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Board {
    pub desks: Vec<Rules>,
    pub agents: Vec<Agent>,
    pub tickets: Vec<Waiting>,
}

/// How a desk wants it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rules {
    pub desk: DeskId,
    /// By its hours, at this moment.
    pub open: bool,
    /// How long an agent is rung.
    pub ring_us: i64,
    /// No ticket of this desk is offered to whoever has so many open, at whatever desk.
    pub per_agent: u32,
    /// Whoever comes back is offered to the agent of the last time first.
    pub same_agent: bool,
}

/// Somebody who stands at one desk or several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agent {
    pub person: PersonId,
    /// By their own switch, and still of the workspace.
    pub reachable: bool,
    /// Tickets that are open with them, at all desks. What rings is not among them.
    pub open: u32,
    /// When they last got a ticket.
    pub last_assigned_us: Option<i64>,
    pub at: Vec<Stand>,
}

/// What an agent can do at a desk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stand {
    pub desk: DeskId,
    pub skills: Vec<String>,
    /// None named: whichever the desk speaks.
    pub languages: Vec<String>,
}

/// A ticket that waits, offered or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    pub space: SpaceId,
    pub desk: DeskId,
    pub number: i64,
    /// From when on it waits in this round, or since it was released.
    pub waiting_since_us: i64,
    /// 0 to 3; the highest is first.
    pub priority: u8,
    /// A BCP 47 tag, such as `ko` or `ko-KR`.
    pub language: String,
    pub skill: Option<String>,
    /// Who had it in its last round.
    pub last_agent: Option<PersonId>,
    /// Who passed on it since it waits.
    pub passed: Vec<Pass>,
    pub offered: Option<Offer>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pass {
    pub agent: PersonId,
    pub at_us: i64,
    pub why: PassWhy,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offer {
    pub agent: PersonId,
    /// It rings no longer then.
    pub until_us: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// The offer to them is over.
    Passed { space: SpaceId, agent: PersonId, why: PassWhy },
    /// They are rung.
    Offered { space: SpaceId, agent: PersonId, reason: Reason, until_us: i64 },
}

/// What is to be done at this moment, in this order.
#[must_use]
pub fn route(board: &Board, now_us: i64) -> Vec<Decision> {
    let mut decisions = Vec::new();
    let mut rung: Vec<PersonId> = Vec::new();
    let mut free: Vec<(&Waiting, Option<Pass>)> = Vec::new();
    for ticket in line::line(board) {
        let Some(offer) = ticket.offered else {
            free.push((ticket, None));
            continue;
        };
        match over(board, ticket, offer, &rung, now_us) {
            None => rung.push(offer.agent),
            Some(why) => {
                decisions.push(Decision::Passed { space: ticket.space, agent: offer.agent, why });
                free.push((ticket, Some(Pass { agent: offer.agent, at_us: now_us, why })));
            }
        }
    }
    free.sort_by_cached_key(|(ticket, pass)| {
        (choose::times_asked(board, ticket, *pass, &rung), choose::order(ticket))
    });
    for (ticket, pass) in free {
        let Some(rules) = board.rules(ticket.desk).filter(|rules| rules.open) else { continue };
        let Some((agent, reason)) = choose::choose(board, rules, ticket, pass, &rung, now_us) else {
            continue;
        };
        rung.push(agent);
        let until_us = now_us + rules.ring_us;
        decisions.push(Decision::Offered { space: ticket.space, agent, reason, until_us });
    }
    decisions
}

/// When to ask again though nobody did anything: the next moment at which time alone may change what `route` says. It may
/// be early, never late.
#[must_use]
pub fn again(board: &Board, now_us: i64) -> Option<i64> {
    let mut moments = Vec::new();
    for ticket in &board.tickets {
        if let Some(offer) = ticket.offered {
            moments.push(offer.until_us.max(now_us + 1));
            continue;
        }
        let Some(rules) = board.rules(ticket.desk).filter(|rules| rules.open) else { continue };
        let since_us = ticket.waiting_since_us;
        moments.push(since_us + rules.ring_us);
        moments.extend((1..=choose::STEPS).map(|steps| since_us + steps * RINGS_A_STEP * rules.ring_us));
        moments.extend(ticket.passed.iter().map(|pass| pass.at_us + PAUSE_US));
    }
    moments.into_iter().filter(|moment| *moment > now_us).min()
}

/// Why an offer that stands can stand no longer.
fn over(board: &Board, ticket: &Waiting, offer: Offer, rung: &[PersonId], now_us: i64) -> Option<PassWhy> {
    let agent = board.agents.iter().find(|agent| agent.person == offer.agent);
    let per_agent = board.rules(ticket.desk).map_or(0, |rules| rules.per_agent);
    let there = agent
        .is_some_and(|agent| agent.reachable && agent.stand(ticket.desk).is_some() && agent.open < per_agent);
    if !there || rung.contains(&offer.agent) {
        return Some(PassWhy::Unreachable);
    }
    (now_us >= offer.until_us).then_some(PassWhy::TimeOut)
}

impl Board {
    fn rules(&self, desk: DeskId) -> Option<&Rules> {
        self.desks.iter().find(|rules| rules.desk == desk)
    }
}

impl Agent {
    fn stand(&self, desk: DeskId) -> Option<&Stand> {
        self.at.iter().find(|stand| stand.desk == desk)
    }
}
