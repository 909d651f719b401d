//! What a desk wants to reach, and what is late: counted in its opening hours, so that a night does not count.

use super::Targets;
use super::ticket::{State, Target, Ticket};
use crate::hours::Calendar;

const MINUTE_US: i64 = 60 * 1_000_000;

/// By when something is to be done with a ticket (microseconds since 1970), as long as it is not.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Due {
    pub answer_by: Option<i64>,
    pub close_by: Option<i64>,
}

/// By when a ticket is to be answered and closed. A snoozed one waits for somebody else, and has no time to be closed by.
#[must_use]
pub fn due(ticket: &Ticket, targets: Targets, hours: &Calendar) -> Due {
    if ticket.state == State::Closed {
        return Due::default();
    }
    let by = |minutes: Option<u32>| {
        minutes.and_then(|it| hours.after_working(ticket.opened_at, i64::from(it) * MINUTE_US))
    };
    Due {
        answer_by: by(targets.first_answer_minutes).filter(|_| ticket.first_answer_at.is_none()),
        close_by: by(targets.close_minutes).filter(|_| ticket.state != State::Snoozed),
    }
}

impl Due {
    /// What is late at a moment and was not said yet.
    pub fn late(self, ticket: &Ticket, now_us: i64) -> impl Iterator<Item = (Target, i64)> + use<> {
        self.to_say(ticket).filter(move |(_, due)| *due <= now_us)
    }

    /// When something is late next.
    #[must_use]
    pub fn next(self, ticket: &Ticket, now_us: i64) -> Option<i64> {
        self.to_say(ticket).map(|(_, due)| due).filter(|due| *due > now_us).min()
    }

    fn to_say(self, ticket: &Ticket) -> impl Iterator<Item = (Target, i64)> + use<> {
        let said = ticket.overdue.clone();
        let all = [(Target::FirstAnswer, self.answer_by), (Target::Close, self.close_by)];
        all.into_iter()
            .filter_map(|(target, due)| due.map(|it| (target, it)))
            .filter(move |(target, _)| !said.contains(target))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::report::tests::{at, ticket};
    use crate::hours::{Hours, Shift, Weekly};

    fn hours() -> Calendar {
        let shift = Shift { from: "09:00".into(), to: "18:00".into() };
        let week = vec![Weekly { days: vec![1, 2, 3, 4, 5], shift }];
        Hours { zone: "Asia/Seoul".into(), week, others: Vec::new() }.read().expect("hours")
    }

    const TARGETS: Targets = Targets { first_answer_minutes: Some(30), close_minutes: Some(540) };

    #[test]
    fn a_night_and_a_weekend_do_not_count() {
        for (opened, answer_by, close_by) in [
            // Within the day; nine hours are one day of work.
            ("2026-11-26 10:00", "2026-11-26 10:30", "2026-11-27 10:00"),
            // Ten minutes before it closes, on a Friday.
            ("2026-11-27 17:50", "2026-11-30 09:20", "2026-11-30 17:50"),
            // On a Sunday.
            ("2026-11-29 03:00", "2026-11-30 09:30", "2026-11-30 18:00"),
        ] {
            let due = due(&ticket(at(opened)), TARGETS, &hours());
            assert_eq!(due, Due { answer_by: Some(at(answer_by)), close_by: Some(at(close_by)) }, "{opened}");
        }
    }

    #[test]
    fn what_is_late_is_said_once() {
        let mut late = ticket(at("2026-11-26 10:00"));
        let due = due(&late, TARGETS, &hours());
        assert_eq!(due.next(&late, late.opened_at), Some(at("2026-11-26 10:30")));
        assert_eq!(due.late(&late, at("2026-11-26 10:29")).count(), 0);
        let said: Vec<_> = due.late(&late, at("2026-11-26 10:30")).collect();
        assert_eq!(said, [(Target::FirstAnswer, at("2026-11-26 10:30"))]);
        late.overdue.push(Target::FirstAnswer);
        assert_eq!(due.late(&late, at("2026-11-26 11:00")).count(), 0);
        assert_eq!(due.next(&late, at("2026-11-26 11:00")), Some(at("2026-11-27 10:00")));
    }

    #[test]
    fn what_was_answered_is_not_late_and_what_sleeps_need_not_be_closed() {
        let mut known = ticket(at("2026-11-26 10:00"));
        known.first_answer_at = Some(at("2026-11-26 10:10"));
        known.state = State::Snoozed;
        assert_eq!(due(&known, TARGETS, &hours()), Due::default());
        known.state = State::Closed;
        assert_eq!(due(&known, TARGETS, &hours()), Due::default());
        assert_eq!(
            due(&ticket(0), Targets::default(), &hours()),
            Due::default(),
            "a desk that wants nothing"
        );
    }
}
