//! Whom to ask for one ticket.

use std::cmp::Reverse;

use super::{Agent, Board, PAUSE_US, Pass, PassWhy, RINGS_A_STEP, Reason, Rules, Stand, Waiting};
use crate::id::PersonId;

/// Steps from the best suited to anybody.
pub(super) const STEPS: i64 = 2;

/// How well somebody is suited; the lower the better, and the difference is the number of steps.
const SKILLED: i64 = 0;
const SPEAKS: i64 = 1;
const ANYBODY: i64 = STEPS;

/// Somebody who stands at the desk and can be reached.
struct Candidate<'a> {
    agent: &'a Agent,
    fit: i64,
    reason: Reason,
    /// Below what the desk allows.
    below: bool,
    /// Being rung for another ticket.
    rung: bool,
    /// When they passed on this ticket, oldest first.
    passes: Vec<i64>,
}

impl Candidate<'_> {
    fn free(&self) -> bool {
        self.below && !self.rung
    }
}

pub(super) fn choose(
    board: &Board,
    rules: &Rules,
    ticket: &Waiting,
    just: Option<Pass>,
    rung: &[PersonId],
    now_us: i64,
) -> Option<(PersonId, Reason)> {
    let waited_us = now_us - ticket.waiting_since_us;
    let there: Vec<Candidate> =
        board.agents.iter().filter_map(|agent| candidate(agent, rules, ticket, just, rung)).collect();
    if rules.same_agent
        && let Some(last) =
            there.iter().find(|it| Some(it.agent.person) == ticket.last_agent && it.passes.is_empty())
        && last.below
    {
        if last.free() {
            return Some((last.agent.person, Reason::SameAgent));
        }
        if waited_us < rules.ring_us {
            return None;
        }
    }
    let (times, best) = next(&there, now_us)?;
    let better = |it: &Candidate| {
        let patience_us = (best.fit - it.fit) * RINGS_A_STEP * rules.ring_us;
        !it.free() && it.passes.len() <= times && waited_us < patience_us
    };
    if there.iter().any(better) {
        return None;
    }
    Some((best.agent.person, best.reason))
}

/// How often all who have a hand free were asked about it.
pub(super) fn times_asked(board: &Board, ticket: &Waiting, just: Option<Pass>, rung: &[PersonId]) -> usize {
    let Some(rules) = board.rules(ticket.desk) else { return 0 };
    let there = board.agents.iter().filter_map(|agent| candidate(agent, rules, ticket, just, rung));
    there.filter(Candidate::free).map(|it| it.passes.len()).min().unwrap_or(0)
}

fn candidate<'a>(
    agent: &'a Agent,
    rules: &Rules,
    ticket: &Waiting,
    just: Option<Pass>,
    rung: &[PersonId],
) -> Option<Candidate<'a>> {
    let stand = agent.stand(rules.desk).filter(|_| agent.reachable)?;
    let (fit, reason) = fit(stand, ticket);
    let answered = |pass: &&Pass| pass.agent == agent.person && pass.why != PassWhy::Unreachable;
    let mut passes: Vec<i64> =
        ticket.passed.iter().chain(&just).filter(answered).map(|pass| pass.at_us).collect();
    passes.sort_unstable();
    let below = agent.open < rules.per_agent;
    Some(Candidate { agent, fit, reason, below, rung: rung.contains(&agent.person), passes })
}

fn fit(stand: &Stand, ticket: &Waiting) -> (i64, Reason) {
    let named = stand.languages.iter().any(|language| same_language(language, &ticket.language));
    if !named && !stand.languages.is_empty() {
        return (ANYBODY, Reason::First);
    }
    match &ticket.skill {
        Some(skill) if stand.skills.contains(skill) => (SKILLED, Reason::Skill),
        _ if named => (SPEAKS, Reason::Language),
        _ => (SPEAKS, Reason::First),
    }
}

/// `ko-KR` is answered by whoever speaks `ko`.
fn same_language(one: &str, other: &str) -> bool {
    let primary = |tag: &str| tag.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
    primary(one) == primary(other)
}

/// Who is next among those with a hand free, and how often each of them was asked before. None while all have passed and
/// the pause is not over.
fn next<'a, 'b>(there: &'b [Candidate<'a>], now_us: i64) -> Option<(usize, &'b Candidate<'a>)> {
    let free = || there.iter().filter(|it| it.free());
    let times = free().map(|it| it.passes.len()).min()?;
    if times > 0 {
        let last_us = free().map(|it| it.passes[times - 1]).max()?;
        if now_us < last_us + PAUSE_US {
            return None;
        }
    }
    // Never assigned is longest without: an empty option is the lowest.
    let key = |it: &&Candidate| (it.fit, it.agent.open, it.agent.last_assigned_us, it.agent.person);
    let best = free().filter(|it| it.passes.len() == times).min_by_key(key)?;
    Some((times, best))
}

/// The order of the line: the smallest is first.
pub(super) fn order(ticket: &Waiting) -> impl Ord + use<> {
    (Reverse(ticket.priority), ticket.waiting_since_us, ticket.number, ticket.space)
}
