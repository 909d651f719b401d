//! Who has Madang open: a signal, kept in memory alone. Who waits and is gone is not asked about for ever.

use std::collections::HashMap;

use madang_model::PersonId;
use parking_lot::Mutex;

use crate::app::App;

/// Whoever is away so long while they wait has left: time enough for a tunnel, and for a page that is loaded again.
pub(super) const PATIENCE_US: i64 = 3 * 60 * 1_000_000;

#[derive(Debug, Clone, Copy)]
enum There {
    /// So many connections.
    Is(usize),
    /// Since a moment.
    Gone(i64),
}

/// People by their connections with this process.
#[derive(Default)]
pub(crate) struct Connected {
    people: Mutex<HashMap<PersonId, There>>,
}

impl App {
    /// A device of somebody came, or went.
    pub fn is_there(&self, person: PersonId, is: bool) {
        let now_us = self.clock.now_us();
        let mut people = self.connected.people.lock();
        let there = people.entry(person).or_insert(There::Is(0));
        let count = match *there {
            There::Is(count) => count,
            There::Gone(_) => 0,
        };
        *there = match (is, count) {
            (true, count) => There::Is(count + 1),
            (false, 0 | 1) => There::Gone(now_us),
            (false, count) => There::Is(count - 1),
        };
    }

    /// Since when somebody has nothing open, as far as this process knows; none for who has.
    pub(super) fn gone_since(&self, person: PersonId) -> Option<i64> {
        match self.connected.people.lock().get(&person) {
            Some(There::Is(_)) => None,
            Some(There::Gone(since)) => Some(*since),
            None => Some(self.began_us),
        }
    }

    /// Forgets those who are gone for longer than anybody waits for them.
    pub(super) fn forget_the_gone(&self) {
        let now_us = self.clock.now_us();
        let is_known = |it: &There| match it {
            There::Is(_) => true,
            There::Gone(since) => now_us - since <= PATIENCE_US,
        };
        self.connected.people.lock().retain(|_, it| is_known(it));
    }
}
