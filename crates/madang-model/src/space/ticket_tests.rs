//! What may be done with a ticket, and what its log adds up to.

use proptest::prelude::*;

use super::*;
use crate::command::{Command, Draft};
use crate::desk::ticket::{
    AssignReason, CloseReason, Consent, Offer, Opening, PassWhy, Reason, State, TicketCommand, Via, Wants,
};
use crate::event::{Body, Event};
use crate::id::DeskId;
use crate::permission::{Right, may};
use crate::refusal::{Refusal, Thing};

/// The visitor; joon and mina stand at the desk, bori does not.
const DARA: PersonId = PersonId(6);
const JOON: PersonId = PersonId(2);
const MINA: PersonId = PersonId(3);
const BORI: PersonId = PersonId(5);
const DESK: DeskId = DeskId(70);
const NOW: i64 = 1_000_000;

/// A ticket's space, in memory.
struct Room {
    space: SpaceState,
    log: Vec<Event>,
}

impl Room {
    fn new() -> Room {
        let opening = Opening {
            desk: DESK,
            round: 1,
            via: Via::Widget,
            wants: Wants::Video,
            language: "ko".into(),
            skill: None,
            page: None,
        };
        let mut room = Room { space: SpaceState::new(SpaceId(9), WorkspaceId(7)), log: Vec::new() };
        room.append(DARA, open_ticket(DARA, "다라", opening).expect("it is right"));
        room
    }

    fn append(&mut self, author: PersonId, bodies: Vec<Body>) {
        for body in bodies {
            let seq = self.space.head + 1;
            let note = body.message().and_then(|it| self.space.rows.get(&it)).is_some_and(|row| row.staff);
            let staff = note || body.is_staff();
            let at_us = NOW + seq;
            let event = Event { space: SpaceId(9), seq, at_us, author, client_id: None, staff, body };
            self.space.apply(&event);
            self.log.push(event);
        }
    }

    fn scene(&self, person: PersonId, command: &Command) -> Scene {
        let role = |it| Some(if it == DARA { Role::Visitor } else { Role::Member });
        let stands = |it| it == JOON || it == MINA;
        let mut scene = self.space.scene(person, command, role);
        scene.actor.agent = stands(person);
        if let Some(other) = &mut scene.other {
            other.agent = stands(other.person);
        }
        scene
    }

    fn does(&mut self, person: PersonId, command: TicketCommand) -> Result<Vec<&'static str>, Refusal> {
        self.runs(person, &Command::Ticket(command))
    }

    fn runs(&mut self, person: PersonId, command: &Command) -> Result<Vec<&'static str>, Refusal> {
        let bodies = decide(&self.scene(person, command), command, NOW)?;
        let kinds = bodies.iter().map(Body::kind).collect();
        self.append(person, bodies);
        Ok(kinds)
    }

    fn writes(&mut self, person: PersonId, note: bool) -> Result<Vec<&'static str>, Refusal> {
        self.runs(person, &Command::PostMessage(Draft { text: "글".into(), note, ..Draft::default() }))
    }

    fn ticket(&self) -> &Ticket {
        self.space.ticket.as_ref().expect("it is a ticket's space")
    }

    fn offer(&mut self, agent: PersonId) {
        let offer = Offer { agent, until: NOW + 9, reason: Reason::First };
        let body = routed(self.ticket(), Routed::Offer(offer)).expect("it waits");
        self.append(agent, vec![body]);
    }
}

fn change() -> TicketCommand {
    TicketCommand::Change { tags: None, priority: Some(2), subject: None }
}

fn rate(stars: u8) -> TicketCommand {
    TicketCommand::Rate { stars, comment: String::new() }
}

fn want(wants: Wants) -> TicketCommand {
    TicketCommand::Want { wants, via: Via::Page, page: None }
}

#[test]
fn each_side_of_a_desk_has_its_own_commands() {
    let serve = [
        TicketCommand::Take,
        TicketCommand::Release,
        TicketCommand::GiveTo { agent: MINA },
        TicketCommand::MoveTo { desk: DeskId(71) },
        TicketCommand::Snooze { until: None },
        TicketCommand::Reopen,
        change(),
    ];
    for command in serve {
        let mut room = Room::new();
        assert_eq!(room.does(DARA, command.clone()), Err(Refusal::NotAllowed("agent")), "{command:?}");
        assert_eq!(room.does(BORI, command), Err(Refusal::NotFound(Thing::Space)), "who stands elsewhere");
    }
    let consent = TicketCommand::Consent { to: Consent::Page, given: true };
    for command in [want(Wants::Chat), rate(5), consent] {
        let mut room = Room::new();
        assert_eq!(room.does(JOON, command.clone()), Err(Refusal::NotAllowed("visitor")), "{command:?}");
        room.does(JOON, TicketCommand::Take).expect("taken");
        assert_eq!(room.does(JOON, command), Err(Refusal::NotAllowed("visitor")));
    }
}

#[test]
fn a_ticket_is_no_space_to_be_kept_joined_or_taken_away() {
    let room = Room::new();
    let facts = room.space.facts();
    let visitor = room.scene(DARA, &Command::JoinSpace).actor;
    let agent = Actor { agent: true, ..room.scene(JOON, &Command::JoinSpace).actor };
    for right in [Right::Archive, Right::Delete, Right::Restore, Right::RemovePeople, Right::AddPeople] {
        for actor in [visitor, agent] {
            assert_eq!(may(&actor, right, &facts), Err(Refusal::TicketIsFixed), "{right:?}");
        }
    }
    assert_eq!(may(&visitor, Right::Leave, &facts), Err(Refusal::TicketIsFixed), "they close it");
    assert_eq!(may(&agent, Right::Join, &facts), Ok(()));
    assert!(visitor.is_outside(&facts) && !agent.is_outside(&facts));
}

#[test]
fn whoever_is_first_helps_and_an_offer_is_no_lock() {
    let mut room = Room::new();
    room.offer(JOON);
    assert_eq!(room.ticket().offered.map(|it| it.agent), Some(JOON));
    let again = Offer { agent: MINA, until: NOW + 9, reason: Reason::First };
    assert_eq!(routed(room.ticket(), Routed::Offer(again)), None, "one is asked at a time");
    assert_eq!(room.does(MINA, TicketCommand::Pass), Err(Refusal::OfferOver));
    assert_eq!(room.does(MINA, TicketCommand::Take), Ok(vec!["member.joined", "ticket.assigned"]));
    assert_eq!(room.does(JOON, TicketCommand::Take), Err(Refusal::TicketTaken));
    assert_eq!(room.does(MINA, TicketCommand::Take), Ok(vec![]), "twice is once");
    let late = Routed::Passed { agent: JOON, why: PassWhy::TimeOut };
    assert_eq!(routed(room.ticket(), late), None, "it has gone on");
    let last = &room.log.last().expect("an event").body;
    assert_eq!(*last, Body::TicketAssigned { agent: MINA, why: AssignReason::Taken });
}

#[test]
fn given_back_it_waits_where_it_was_in_the_line() {
    let mut room = Room::new();
    let since = room.ticket().waiting_since;
    room.does(JOON, TicketCommand::Take).expect("taken");
    assert_eq!(room.does(JOON, TicketCommand::Release), Ok(vec!["ticket.released", "member.left"]));
    let ticket = room.ticket();
    assert_eq!((ticket.state, ticket.agent, ticket.waiting_since), (State::Waiting, None, since));
    assert_eq!((ticket.last_agent, ticket.staff.as_slice()), (Some(JOON), &[][..]));
    // Whoever is taken out of the house leaves it waiting too.
    room.does(MINA, TicketCommand::Take).expect("taken");
    room.append(MINA, vec![Body::MemberLeft { person: MINA }]);
    assert_eq!((room.ticket().state, room.ticket().agent), (State::Waiting, None));
}

#[test]
fn it_is_given_to_who_stands_there_and_to_nobody_else() {
    let mut room = Room::new();
    room.does(JOON, TicketCommand::Take).expect("taken");
    for other in [BORI, DARA] {
        let given = room.does(JOON, TicketCommand::GiveTo { agent: other });
        assert_eq!(given, Err(Refusal::NotFound(Thing::Person)));
    }
    let given = room.does(JOON, TicketCommand::GiveTo { agent: MINA });
    assert_eq!(given, Ok(vec!["member.joined", "ticket.assigned", "member.left"]));
    assert_eq!((room.ticket().agent, room.ticket().staff.as_slice()), (Some(MINA), &[MINA][..]));
    let moved = room.does(MINA, TicketCommand::MoveTo { desk: DeskId(71) });
    assert_eq!(moved, Ok(vec!["ticket.moved", "member.left"]));
    assert_eq!((room.ticket().desk, room.ticket().state), (DeskId(71), State::Waiting));
}

#[test]
fn closed_it_is_opened_again_by_a_word_of_its_visitor() {
    let mut room = Room::new();
    room.does(JOON, TicketCommand::Take).expect("taken");
    room.does(DARA, TicketCommand::Consent { to: Consent::Camera, given: true }).expect("allowed");
    assert_eq!(room.does(JOON, TicketCommand::Close), Ok(vec!["ticket.closed", "member.left"]));
    assert!(room.ticket().consents.is_empty(), "what was allowed ends with it");
    assert_eq!(room.does(JOON, TicketCommand::Take), Err(Refusal::TicketClosed));
    let allow = TicketCommand::Consent { to: Consent::Page, given: true };
    assert_eq!(room.does(DARA, allow), Err(Refusal::TicketClosed));
    assert_eq!(room.does(DARA, rate(5)), Ok(vec!["ticket.rated"]));
    assert_eq!(room.writes(DARA, false), Ok(vec!["message.posted", "ticket.opened"]));
    let ticket = room.ticket();
    assert_eq!((ticket.round, ticket.state, ticket.last_agent), (2, State::Waiting, Some(JOON)));
    assert_eq!((ticket.stars, ticket.first_answer_at), (None, None), "each round by itself");
    assert_eq!(room.does(DARA, rate(5)).map_err(|it| it.code()), Err("invalid"), "nobody has helped yet");
    assert_eq!(room.does(DARA, TicketCommand::Close), Ok(vec!["ticket.closed"]));
    let last = &room.log.last().expect("an event").body;
    assert_eq!(*last, Body::TicketClosed { by: CloseReason::Visitor });
}

#[test]
fn put_aside_it_wakes_at_its_time_by_its_visitor_and_by_its_agent() {
    let mut room = Room::new();
    let until = |us| TicketCommand::Snooze { until: Some(NOW + us) };
    assert_eq!(room.does(JOON, until(9)).map_err(|it| it.code()), Err("invalid"), "take it first");
    room.does(JOON, TicketCommand::Take).expect("taken");
    assert_eq!(room.does(JOON, until(0)).map_err(|it| it.code()), Err("invalid"), "that is over");
    for wakes in 0..3 {
        assert_eq!(room.does(JOON, until(9)), Ok(vec!["ticket.snoozed"]));
        match wakes {
            0 => assert_eq!(room.writes(DARA, false), Ok(vec!["message.posted", "ticket.woken"])),
            1 => assert_eq!(room.does(JOON, TicketCommand::Snooze { until: None }), Ok(vec!["ticket.woken"])),
            _ => {
                let body = routed(room.ticket(), Routed::Wake).expect("it sleeps");
                room.append(JOON, vec![body]);
            }
        }
        assert_eq!((room.ticket().state, room.ticket().agent), (State::Open, Some(JOON)));
        assert_eq!(routed(room.ticket(), Routed::Wake), None);
    }
}

#[test]
fn notes_are_for_agents_and_an_answer_to_one_is_a_note() {
    let mut room = Room::new();
    assert_eq!(room.writes(DARA, true), Err(Refusal::NotAllowed("agent")));
    room.writes(JOON, true).expect("without coming in");
    let note = room.log.last().expect("an event").clone();
    assert!(note.staff && room.ticket().first_answer_at.is_none(), "no answer to the visitor");
    let reply = |thread| Command::PostMessage(Draft { text: "글".into(), thread, ..Draft::default() });
    assert_eq!(room.runs(DARA, &reply(Some(note.seq))), Err(Refusal::NotFound(Thing::Message)));
    let edit = Command::EditMessage { message: note.seq, text: "고침".into(), app: None };
    assert_eq!(room.runs(DARA, &edit), Err(Refusal::NotFound(Thing::Message)), "to them there is none");
    room.does(JOON, TicketCommand::Take).expect("taken");
    room.runs(JOON, &reply(Some(note.seq))).expect("answered");
    assert!(room.log.last().expect("an event").staff);
    room.runs(JOON, &edit).expect("edited");
    assert!(room.log.last().expect("an event").staff);
    let named = Command::PostMessage(Draft { text: format!("<@{DARA}>"), note: true, ..Draft::default() });
    room.runs(JOON, &named).expect("written");
    match &room.log.last().expect("an event").body {
        Body::MessagePosted(posted) => assert!(posted.mentions.is_empty(), "it calls on no visitor"),
        other => panic!("{other:?}"),
    }
    room.writes(JOON, false).expect("written");
    assert!(room.ticket().first_answer_at.is_some());
}

#[test]
fn a_visitor_begins_no_call_and_lets_nobody_in() {
    let mut room = Room::new();
    let call = Command::StartCall { call: crate::id::CallId(1), video: true, sealed: false };
    assert_eq!(room.runs(DARA, &call), Err(Refusal::NotAllowed("agent")));
    let add = Command::AddMember { person: BORI, role: SpaceRole::Member };
    assert!(room.runs(DARA, &add).is_err());
    room.does(JOON, TicketCommand::Take).expect("taken");
    assert_eq!(room.runs(JOON, &add), Ok(vec!["member.joined"]), "a colleague");
    assert_eq!(room.runs(JOON, &call), Ok(vec!["call.started"]));
}

/// Anything that anybody may ask of a ticket.
fn any_command() -> impl Strategy<Value = (PersonId, Command)> {
    let ticket = prop_oneof![
        Just(TicketCommand::Take),
        Just(TicketCommand::Pass),
        Just(TicketCommand::Release),
        Just(TicketCommand::GiveTo { agent: MINA }),
        Just(TicketCommand::GiveTo { agent: JOON }),
        (70..73_i64).prop_map(|it| TicketCommand::MoveTo { desk: DeskId(it) }),
        Just(TicketCommand::Snooze { until: Some(NOW + 9) }),
        Just(TicketCommand::Close),
        Just(TicketCommand::Reopen),
        Just(want(Wants::Voice)),
        Just(rate(4)),
        any::<bool>().prop_map(|given| TicketCommand::Consent { to: Consent::Camera, given }),
    ];
    let command = prop_oneof![
        6 => ticket.prop_map(Command::Ticket),
        1 => any::<bool>().prop_map(|note| {
            Command::PostMessage(Draft { text: "글".into(), note, ..Draft::default() })
        }),
        1 => Just(Command::JoinSpace),
        1 => Just(Command::LeaveSpace),
    ];
    (prop_oneof![Just(DARA), Just(JOON), Just(MINA), Just(BORI)], command)
}

proptest! {
    #[test]
    fn whatever_is_asked_a_ticket_stands_in_one_way(
        asked in proptest::collection::vec((any_command(), any::<bool>()), 0..60),
    ) {
        let mut room = Room::new();
        for ((person, command), offers) in asked {
            let _ = room.runs(person, &command);
            if offers && room.ticket().state == State::Waiting && room.ticket().offered.is_none() {
                room.offer(MINA);
            }
            let ticket = room.ticket();
            let helped = matches!(ticket.state, State::Open | State::Snoozed);
            prop_assert_eq!(helped, ticket.agent.is_some(), "{:?}", ticket);
            prop_assert!(ticket.offered.is_none() || ticket.state == State::Waiting, "{:?}", ticket);
            if let Some(agent) = ticket.agent {
                prop_assert!(ticket.staff.contains(&agent), "whoever helps is in it: {:?}", ticket);
            }
            prop_assert!(!ticket.staff.contains(&DARA) && !ticket.staff.contains(&BORI));
            if ticket.state == State::Closed {
                prop_assert!(ticket.staff.is_empty() && ticket.consents.is_empty(), "{:?}", ticket);
            }
            prop_assert_eq!(
                ticket.snoozed_until.is_some(), ticket.state == State::Snoozed, "{:?}", ticket
            );
        }
        // The log says it all again (invariant 4).
        let mut again = SpaceState::new(SpaceId(9), WorkspaceId(7));
        room.log.iter().for_each(|event| again.apply(event));
        prop_assert_eq!(again, room.space);
    }
}
