//! The words for what becomes of a visitor's matter.

use serde::{Deserialize, Serialize};

use crate::event::{Body, Event};
use crate::id::{DeskId, PersonId};
use crate::position::Seq;

/// Passes that are remembered: where nobody answers all night, the last ones tell enough.
const PASSES: usize = 200;
/// What a ticket has until somebody gives it another.
pub const USUAL_PRIORITY: u8 = 1;

macro_rules! words {
    ($($(#[$meta:meta])* $name:ident { $($variant:ident = $text:literal),* $(,)? })*) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name { $(#[serde(rename = $text)] $variant),* }

        impl $name {
            pub const ALL: &[$name] = &[$($name::$variant),*];

            pub fn as_str(self) -> &'static str {
                match self { $($name::$variant => $text),* }
            }

            pub fn parse(text: &str) -> Option<Self> {
                match text { $($text => Some($name::$variant),)* _ => None }
            }
        }
    )*};
}

words! {
    /// The way by which a visitor came.
    Via { Widget = "widget", Page = "page", Kiosk = "kiosk", Mail = "mail" }
    /// What a visitor wishes for.
    Wants { Chat = "chat", Voice = "voice", Video = "video" }
    /// How a ticket stands. One that is offered to an agent waits still.
    State { Waiting = "waiting", Open = "open", Snoozed = "snoozed", Closed = "closed" }
    /// Why an agent was asked.
    Reason { First = "first", SameAgent = "same_agent", Skill = "skill", Language = "language" }
    /// Why an agent who was asked does not help.
    ///
    /// `unreachable`: they switched off, left the desk or the house, or have their hands full. It does not count as an
    /// answer: once they are back they are asked like anybody.
    PassWhy { TimeOut = "time_out", Declined = "declined", Unreachable = "unreachable" }
    /// How an agent came to a ticket.
    AssignReason { Accepted = "accepted", Taken = "taken", Transferred = "transferred" }
    /// Why an agent has it no more.
    ReleaseReason { Returned = "returned" }
    WakeReason { Time = "time", Message = "message", Agent = "agent" }
    /// `merged`: its visitor was here before, and goes on in the ticket of that time.
    /// `idle`: they left before they said anything.
    CloseReason { Agent = "agent", Visitor = "visitor", Merged = "merged", Idle = "idle" }
    /// What a desk wants to reach.
    Target { FirstAnswer = "first_answer", Close = "close" }
    /// What a visitor lets an agent do.
    ///
    /// `page`: see the page, without what was typed, and draw on it; `point`: scroll it to what is shown; `act`: ask to
    /// have something pressed; `camera`: see what the camera shows; `screen`: see the screen.
    Consent { Page = "page", Point = "point", Act = "act", Camera = "camera", Screen = "screen" }
}

/// A page as its address and title say.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    pub url: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title: String,
}

/// How somebody comes to a desk, the first time and again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opening {
    pub desk: DeskId,
    /// Counted from 1: each opening of a ticket is timed, rated and reported by itself.
    pub round: u32,
    pub via: Via,
    pub wants: Wants,
    pub language: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub skill: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<Page>,
}

/// Who is asked to help.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    pub agent: PersonId,
    /// Microseconds since 1970; then somebody else is asked.
    pub until: i64,
    pub reason: Reason,
}

/// An agent who was asked and does not help.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pass {
    pub agent: PersonId,
    pub at: i64,
    pub why: PassWhy,
}

/// A ticket as the sum of its log. Times are microseconds since 1970.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ticket {
    pub desk: DeskId,
    pub visitor: PersonId,
    pub round: u32,
    pub state: State,
    /// Who helps.
    pub agent: Option<PersonId>,
    /// Who helped before, in this round or an earlier one.
    pub last_agent: Option<PersonId>,
    pub offered: Option<Offer>,
    /// Who was asked in vain since it waits.
    pub passes: Vec<Pass>,
    /// Who is in its space but the visitor.
    pub staff: Vec<PersonId>,
    pub via: Via,
    pub wants: Wants,
    pub language: String,
    pub skill: Option<String>,
    /// 0 to 3; 1 is usual.
    pub priority: u8,
    pub subject: String,
    pub tags: Vec<String>,
    pub consents: Vec<Consent>,
    /// Of this round.
    pub stars: Option<u8>,
    pub opened_at: i64,
    /// From when on its place in the line counts. Who is given back does not lose it.
    pub waiting_since: i64,
    pub assigned_at: Option<i64>,
    pub first_answer_at: Option<i64>,
    pub snoozed_until: Option<i64>,
    pub closed_at: Option<i64>,
    /// The event that says on which page the visitor was last.
    pub page_seq: Option<Seq>,
    pub rated_seq: Option<Seq>,
    /// When the visitor wished to be called, if nobody has met them since.
    #[serde(default)]
    pub wished_at: Option<i64>,
    /// When visitor and agent were first in a call together, in this round.
    #[serde(default)]
    pub met_at: Option<i64>,
    /// From the wish to that moment, in microseconds.
    #[serde(default)]
    pub met_after: Option<i64>,
    /// Whether the visitor wrote anything in this round: also what opened it.
    #[serde(default)]
    pub spoke: bool,
    /// Targets that were missed in this round.
    #[serde(default)]
    pub overdue: Vec<Target>,
    /// How this round ended.
    #[serde(default)]
    pub closed_by: Option<CloseReason>,
}

impl Ticket {
    /// How it is after the event that begins its first round.
    pub fn begun(event: &Event, opening: &Opening) -> Ticket {
        let mut ticket = Ticket {
            desk: opening.desk,
            visitor: event.author,
            round: 0,
            state: State::Waiting,
            agent: None,
            last_agent: None,
            offered: None,
            passes: Vec::new(),
            staff: Vec::new(),
            via: opening.via,
            wants: opening.wants,
            language: String::new(),
            skill: None,
            priority: USUAL_PRIORITY,
            subject: String::new(),
            tags: Vec::new(),
            consents: Vec::new(),
            stars: None,
            opened_at: 0,
            waiting_since: 0,
            assigned_at: None,
            first_answer_at: None,
            snoozed_until: None,
            closed_at: None,
            page_seq: None,
            rated_seq: None,
            wished_at: None,
            met_at: None,
            met_after: None,
            spoke: false,
            overdue: Vec::new(),
            closed_by: None,
        };
        ticket.open(event, opening);
        ticket
    }

    /// Adds the next event of its space. Cannot fail (invariant 5).
    pub fn apply(&mut self, event: &Event) {
        let at = event.at_us;
        match &event.body {
            Body::TicketOpened(opening) => self.open(event, opening),
            Body::TicketWanted { wants, page } => {
                self.wants = *wants;
                self.wished_at = (*wants != Wants::Chat).then(|| self.wished_at.unwrap_or(at));
                self.page_seq = page.as_ref().map(|_| event.seq).or(self.page_seq);
            }
            Body::TicketMet { .. } if self.met_at.is_none() => {
                self.met_at = Some(at);
                self.met_after = self.wished_at.take().map(|wished| at - wished);
                self.first_answer_at.get_or_insert(at);
            }
            Body::TicketOverdue { target, .. } if !self.overdue.contains(target) => {
                self.overdue.push(*target);
            }
            Body::TicketOffered(offer) => self.offered = Some(*offer),
            Body::TicketPassed { agent, why } => {
                self.offered = None;
                self.passes.push(Pass { agent: *agent, at, why: *why });
                let too_many = self.passes.len().saturating_sub(PASSES);
                self.passes.drain(..too_many);
            }
            Body::TicketAssigned { agent, .. } => {
                (self.agent, self.last_agent) = (Some(*agent), Some(*agent));
                (self.offered, self.state) = (None, State::Open);
                self.snoozed_until = None;
                self.passes.clear();
                self.assigned_at.get_or_insert(at);
            }
            Body::TicketReleased { .. } => self.wait(),
            Body::TicketMoved { desk } => {
                self.desk = *desk;
                self.skill = None;
                self.wait();
            }
            Body::TicketSnoozed { until } => {
                (self.state, self.snoozed_until) = (State::Snoozed, Some(*until));
            }
            Body::TicketWoken { .. } => {
                self.state = if self.agent.is_some() { State::Open } else { State::Waiting };
                self.snoozed_until = None;
            }
            Body::TicketClosed { by } => {
                (self.state, self.closed_at, self.closed_by) = (State::Closed, Some(at), Some(*by));
                (self.wished_at, self.spoke) = (None, false);
                (self.agent, self.offered, self.snoozed_until) = (None, None, None);
                self.passes.clear();
                self.consents.clear();
            }
            Body::TicketTagged { tags } => self.tags.clone_from(tags),
            Body::TicketPrioritised { priority } => self.priority = *priority,
            Body::TicketRenamed { subject } => self.subject.clone_from(subject),
            Body::TicketRated { stars, .. } => {
                (self.stars, self.rated_seq) = (Some(*stars), Some(event.seq));
            }
            Body::ConsentGiven { to } if !self.allows(*to) => self.consents.push(*to),
            Body::ConsentWithdrawn { to } => self.consents.retain(|it| it != to),
            Body::MemberJoined { person, .. } if *person != self.visitor && !self.staff.contains(person) => {
                self.staff.push(*person);
            }
            Body::MemberLeft { person } => {
                self.staff.retain(|it| it != person);
                // Also whoever was taken out of the house.
                if self.agent == Some(*person) {
                    self.wait();
                }
            }
            Body::MessagePosted(_) if event.author == self.visitor => self.spoke = true,
            Body::MessagePosted(_) if !event.staff => {
                self.first_answer_at.get_or_insert(at);
            }
            _ => {}
        }
    }

    fn open(&mut self, event: &Event, opening: &Opening) {
        self.round = opening.round;
        (self.via, self.wants) = (opening.via, opening.wants);
        self.language.clone_from(&opening.language);
        self.skill = opening.skill.clone().or(self.skill.take());
        self.page_seq = opening.page.as_ref().map(|_| event.seq).or(self.page_seq);
        (self.opened_at, self.waiting_since) = (event.at_us, event.at_us);
        (self.assigned_at, self.first_answer_at, self.closed_at, self.stars) = (None, None, None, None);
        self.wished_at = (opening.wants != Wants::Chat).then_some(event.at_us);
        (self.met_at, self.met_after, self.closed_by) = (None, None, None);
        self.overdue.clear();
        self.wait();
    }

    fn wait(&mut self) {
        (self.state, self.agent, self.offered, self.snoozed_until) = (State::Waiting, None, None, None);
        self.passes.clear();
    }

    /// Whether the visitor allowed it.
    pub fn allows(&self, consent: Consent) -> bool {
        self.consents.contains(&consent)
    }
}

/// What somebody asks of a ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TicketCommand {
    /// The visitor comes back, or wishes for something else.
    Want {
        wants: Wants,
        via: Via,
        page: Option<Page>,
    },
    /// An agent helps; also the answer to an offer.
    Take,
    /// The agent who is asked says no.
    Pass,
    /// The agent gives it back to those who wait.
    Release,
    /// To a colleague, who stands at its desk.
    GiveTo {
        agent: PersonId,
    },
    /// To another desk, where it waits.
    MoveTo {
        desk: DeskId,
    },
    /// Until a moment (microseconds); without one it is woken.
    Snooze {
        until: Option<i64>,
    },
    Close,
    /// An agent opens it again and helps.
    Reopen,
    Change {
        tags: Option<Vec<String>>,
        priority: Option<u8>,
        subject: Option<String>,
    },
    Rate {
        stars: u8,
        comment: String,
    },
    Consent {
        to: Consent,
        given: bool,
    },
}
