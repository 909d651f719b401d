//! The line that waits: its order, one's place in it, and how long it may take.

use super::choose::order;
use super::{Board, Waiting};
use crate::id::{DeskId, SpaceId};

/// Fewer tickets than these say nothing about the next.
const SAMPLES: usize = 5;

/// How it went with a ticket not long ago.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Handled {
    /// From the first offer until somebody took it.
    pub rang_us: i64,
    /// From then on until it was closed or snoozed.
    pub open_us: i64,
}

/// All that waits, first come first.
pub(super) fn line(board: &Board) -> Vec<&Waiting> {
    let mut line: Vec<&Waiting> = board.tickets.iter().collect();
    line.sort_by_key(|ticket| order(ticket));
    line
}

/// Its place in the line of its desk, from 1 on. None if it does not wait.
#[must_use]
pub fn place(board: &Board, space: SpaceId) -> Option<usize> {
    let desk = board.tickets.iter().find(|ticket| ticket.space == space)?.desk;
    let of_desk = line(board).into_iter().filter(|ticket| ticket.desk == desk);
    of_desk.map(|ticket| ticket.space).position(|it| it == space).map(|before| before + 1)
}

/// How long whoever has this place may have to wait, from how it went lately: so many must finish first, and they are
/// helped by so many hands at once. None without data, and where nobody can be reached: then nobody knows.
///
/// Medians, because one ticket that stayed open over lunch would else speak for all.
#[must_use]
pub fn expected_wait(board: &Board, desk: DeskId, place: usize, lately: &[Handled]) -> Option<i64> {
    let rules = board.rules(desk)?;
    let there = board.agents.iter().filter(|agent| agent.reachable && agent.stand(desk).is_some());
    let (mut hands, mut free) = (0_i64, 0_i64);
    for agent in there {
        hands += i64::from(rules.per_agent);
        free += i64::from(rules.per_agent.saturating_sub(agent.open));
    }
    if hands == 0 || lately.len() < SAMPLES {
        return None;
    }
    let rang_us = median(lately.iter().map(|it| it.rang_us))?;
    let open_us = median(lately.iter().map(|it| it.open_us))?;
    let must_finish = i64::try_from(place).unwrap_or(i64::MAX).saturating_sub(free).max(0);
    Some(rang_us.saturating_add(must_finish.saturating_mul(open_us) / hands))
}

fn median(values: impl Iterator<Item = i64>) -> Option<i64> {
    let mut values: Vec<i64> = values.map(|value| value.max(0)).collect();
    values.sort_unstable();
    values.get(values.len() / 2).copied()
}
