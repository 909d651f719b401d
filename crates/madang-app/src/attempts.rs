//! What somebody may try only so often: proofs of who they are, and letters
//! into somebody's mailbox.
//!
//! Guesses are counted where they come from as well as by whom they are about:
//! whoever guesses at an account slows themselves down and not its owner. What
//! turned out to be no guess is taken back, so nobody is slowed down by using
//! the house. The pace of all requests is kept at the door.

use std::collections::HashMap;
use std::net::IpAddr;

use madang_model::Refusal;
use parking_lot::Mutex;

const MINUTE_US: i64 = 60 * 1_000_000;
const HOUR_US: i64 = 60 * MINUTE_US;

/// So many in so much time.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limit {
    name: &'static str,
    count: usize,
    time_us: i64,
}

const fn limit(name: &'static str, count: usize, time_us: i64) -> Limit {
    Limit { name, count, time_us }
}

/// Wrong passwords for one account, from one network.
pub(crate) const SIGN_IN: Limit = limit("sign in", 5, MINUTE_US);
/// Wrong passwords for any account, from one network.
pub(crate) const SIGN_IN_FROM: Limit = limit("sign in from", 20, MINUTE_US);
/// Wrong current passwords of somebody who is signed in.
pub(crate) const CHANGE: Limit = limit("change password", 5, MINUTE_US);
/// Resets asked for one address, from one network.
pub(crate) const RESET: Limit = limit("reset", 3, MINUTE_US);
/// Accounts that one guest begins to make.
pub(crate) const ACCOUNT: Limit = limit("account", 3, MINUTE_US);
/// The same invitation sent again.
pub(crate) const AGAIN: Limit = limit("again", 3, MINUTE_US);
/// Invitations of one person, revoked ones too.
pub(crate) const INVITE: Limit = limit("invite", 50, 24 * HOUR_US);
/// Wrong codes at one desk, by which visitors go on on another device.
pub(crate) const VISIT_CODE: Limit = limit("visit code", 30, 5 * MINUTE_US);
/// Codes by mail for one visit or at the door of one desk, from one network.
pub(crate) const CLAIM: Limit = limit("claim", 5, HOUR_US);
/// Codes by mail for anybody, from one network.
pub(crate) const CLAIM_FROM: Limit = limit("claim from", 20, HOUR_US);
/// Visits begun from one network.
pub(crate) const VISIT_FROM: Limit = limit("visit from", 200, 10 * MINUTE_US);
/// Visits begun from the pages of one site, as they say.
pub(crate) const VISIT_AT: Limit = limit("visit at", 2_000, 10 * MINUTE_US);
/// Visits begun at one desk, before whoever comes shows a proof of work.
pub(crate) const CROWD: Limit = limit("crowd", 20, MINUTE_US);
/// Transcripts of one visitor.
pub(crate) const TRANSCRIPT: Limit = limit("transcript", 5, HOUR_US);
/// Bookings made or moved from one network.
pub(crate) const BOOK: Limit = limit("book", 20, HOUR_US);
/// Calendars that one person has read anew.
pub(crate) const CALENDAR: Limit = limit("calendar", 20, HOUR_US);
/// Pictures from outside that nobody has asked for yet, for one person.
pub(crate) const PICTURES: Limit = limit("pictures", 300, 10 * MINUTE_US);
/// Pages of a site through which one visitor goes.
pub(crate) const VISIT_PAGE: Limit = limit("visit page", 60, MINUTE_US);
/// Letters to one address, whoever asks for them.
pub(crate) const LETTER: Limit = limit("letter", 10, HOUR_US);

/// Attempts of the time that their limits look back.
#[derive(Default)]
pub(crate) struct Attempts {
    recent: Mutex<Recent>,
}

#[derive(Default)]
struct Recent {
    times: HashMap<(&'static str, String), (i64, Vec<i64>)>,
    /// How many were left after the last sweep.
    kept: usize,
}

impl Attempts {
    /// Counts an attempt, or says how long to wait.
    pub(crate) fn count(&self, limit: Limit, key: &str, now_us: i64) -> Result<(), Refusal> {
        let mut recent = self.recent.lock();
        if recent.times.len() > 2 * recent.kept + 1_000 {
            recent.times.retain(|_, (time_us, times)| times.last().is_some_and(|at| now_us - at < *time_us));
            recent.kept = recent.times.len();
        }
        let (_, times) =
            recent.times.entry((limit.name, key.to_owned())).or_insert((limit.time_us, Vec::new()));
        times.retain(|at| now_us - at < limit.time_us);
        if times.len() >= limit.count {
            let wait = limit.time_us - (now_us - times[0]);
            return Err(Refusal::TooFast { seconds: (wait / 1_000_000 + 1) as u64 });
        }
        times.push(now_us);
        Ok(())
    }

    /// Takes an attempt back that turned out to be no guess.
    pub(crate) fn take_back(&self, limit: Limit, key: &str, counted_us: i64) {
        if let Some((_, times)) = self.recent.lock().times.get_mut(&(limit.name, key.to_owned()))
            && let Some(place) = times.iter().rposition(|at| *at == counted_us)
        {
            times.remove(place);
        }
    }
}

/// About somebody, from somewhere.
pub(crate) fn about(email: &str, from: Option<IpAddr>) -> String {
    match from {
        Some(from) => format!("{email} {from}"),
        None => email.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn so_many_in_so_much_time_and_what_is_taken_back_counts_not() {
        let attempts = Attempts::default();
        for at in 0..5 {
            assert_eq!(attempts.count(SIGN_IN, "nari", at), Ok(()));
        }
        assert_eq!(attempts.count(SIGN_IN, "nari", 5), Err(Refusal::TooFast { seconds: 60 }));
        assert_eq!(attempts.count(SIGN_IN, "joon", 5), Ok(()));
        attempts.take_back(SIGN_IN, "nari", 3);
        assert_eq!(attempts.count(SIGN_IN, "nari", 6), Ok(()));
        assert_eq!(attempts.count(SIGN_IN, "nari", MINUTE_US), Ok(()), "the first one is a minute old");
    }

    #[test]
    fn what_is_over_is_forgotten() {
        let attempts = Attempts::default();
        for key in 0..5_000 {
            attempts.count(RESET, &key.to_string(), 0).expect("the first of its key");
        }
        attempts.count(RESET, "later", MINUTE_US).expect("the first of its key");
        for key in 0..6_000 {
            attempts.count(RESET, &format!("new {key}"), MINUTE_US).expect("the first of its key");
        }
        assert!(attempts.recent.lock().times.len() < 10_000);
    }
}
