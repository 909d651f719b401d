//! The rounds of a ticket, each told by itself: when it was opened, who helped, what was called, how it was rated.

use super::ticket::{Via, Wants};
use crate::event::{Body, Event};
use crate::id::{DeskId, PersonId};
use crate::position::Seq;

/// A call within a round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoundCall {
    /// The event that began it.
    pub seq: Seq,
    pub at: i64,
    /// Microseconds; none while it runs.
    pub lasted_us: Option<i64>,
}

/// One opening of a ticket, until it is closed. Times are microseconds since 1970.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Round {
    pub round: u32,
    pub desk: DeskId,
    pub via: Via,
    pub wants: Wants,
    pub opened_at: i64,
    /// Who helped last.
    pub agent: Option<PersonId>,
    pub closed_at: Option<i64>,
    pub stars: Option<u8>,
    pub comment: String,
    pub calls: Vec<RoundCall>,
}

/// The rounds that the events of a ticket tell of, oldest first. Events that begin in the middle of a round tell
/// nothing of it.
pub fn rounds(events: &[Event]) -> Vec<Round> {
    let mut rounds: Vec<Round> = Vec::new();
    for event in events {
        match &event.body {
            Body::TicketOpened(opening) => rounds.push(Round {
                round: opening.round,
                desk: opening.desk,
                via: opening.via,
                wants: opening.wants,
                opened_at: event.at_us,
                agent: None,
                closed_at: None,
                stars: None,
                comment: String::new(),
                calls: Vec::new(),
            }),
            // A round may be rated after the next one was opened.
            Body::TicketRated { round, stars, comment } => {
                if let Some(rated) = rounds.iter_mut().find(|it| it.round == *round) {
                    (rated.stars, rated.comment) = (Some(*stars), comment.clone());
                }
            }
            body => {
                if let Some(round) = rounds.last_mut() {
                    round.fold(event, body);
                }
            }
        }
    }
    rounds
}

impl Round {
    fn fold(&mut self, event: &Event, body: &Body) {
        match body {
            Body::TicketAssigned { agent, .. } => self.agent = Some(*agent),
            Body::TicketMoved { desk } => self.desk = *desk,
            Body::TicketClosed { .. } => self.closed_at = Some(event.at_us),
            Body::CallStarted { .. } => {
                self.calls.push(RoundCall { seq: event.seq, at: event.at_us, lasted_us: None });
            }
            Body::CallEnded { started, ending } => {
                if let Some(call) = self.calls.iter_mut().find(|it| it.seq == *started) {
                    call.lasted_us = Some(ending.lasted_us);
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::ticket::{AssignReason, CloseReason, Opening};
    use super::*;
    use crate::call::Ending;
    use crate::id::{CallId, SpaceId};

    fn told(bodies: Vec<Body>) -> Vec<Round> {
        let events: Vec<Event> = bodies
            .into_iter()
            .zip(1..)
            .map(|(body, seq)| Event {
                space: SpaceId(9),
                seq,
                at_us: seq * 10,
                author: PersonId(1),
                client_id: None,
                staff: body.is_staff(),
                body,
            })
            .collect();
        rounds(&events)
    }

    fn opened(round: u32) -> Body {
        Body::TicketOpened(Box::new(Opening {
            desk: DeskId(3),
            round,
            via: Via::Widget,
            wants: Wants::Video,
            language: "ko".into(),
            skill: None,
            page: None,
        }))
    }

    #[test]
    fn each_round_has_its_own_calls_agent_and_rating() {
        let call = Body::CallStarted { call: CallId(5), video: true, sealed: false, ended: None };
        let ending = Ending { lasted_us: 7, ..Ending::default() };
        let rounds = told(vec![
            opened(1),
            Body::TicketAssigned { agent: PersonId(2), why: AssignReason::Taken },
            call,
            Body::CallEnded { started: 3, ending },
            Body::TicketClosed { by: CloseReason::Agent },
            opened(2),
            Body::TicketMoved { desk: DeskId(4) },
            Body::TicketRated { round: 1, stars: 5, comment: "고마워요".into() },
        ]);
        assert_eq!(rounds.len(), 2);
        assert_eq!(rounds[0].calls, [RoundCall { seq: 3, at: 30, lasted_us: Some(7) }]);
        assert_eq!((rounds[0].agent, rounds[0].closed_at), (Some(PersonId(2)), Some(50)));
        assert_eq!((rounds[0].stars, rounds[0].comment.as_str()), (Some(5), "고마워요"));
        assert_eq!((rounds[1].desk, rounds[1].agent, rounds[1].stars), (DeskId(4), None, None));
    }

    #[test]
    fn what_is_of_no_round_is_let_go() {
        assert_eq!(told(vec![Body::TicketClosed { by: CloseReason::Visitor }]), []);
    }
}
