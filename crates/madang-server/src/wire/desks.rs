//! Desks and tickets, as agents and administrators see them.

use madang_app::{Agency, Desk as DeskLook, QueueCounts, TicketLook};
use madang_model::desk::DeskSettings;
use madang_model::desk::device::Device;
use madang_model::desk::ticket::{Consent, Page, State, Target};
use madang_model::hours::Open;
use madang_model::{PersonId, Refusal, TeamId, refusal::Thing};
use madang_store::blocks::BlockRecord;
use madang_store::desks::AgentRecord;
use madang_store::visit_letters::FollowUp as FollowUpRecord;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::person::Person;
use super::space::Last;

/// How the hours of a desk are at this moment. Times in microseconds since 1970.
#[derive(Debug, Serialize, ToSchema)]
pub struct OpenNow {
    pub now: bool,
    /// When it closes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<i64>,
    /// When it opens next.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<i64>,
}

impl From<Open> for OpenNow {
    fn from(open: Open) -> Self {
        match open {
            Open::Until(until) => OpenNow { now: true, until, next: None },
            Open::From(next) => OpenNow { now: false, until: None, next },
        }
    }
}

/// Somebody named at a desk. No skills and no languages are all of the desk.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Agent {
    pub person: String,
    #[serde(default)]
    pub skills: Vec<String>,
    #[serde(default)]
    pub languages: Vec<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Desk {
    pub id: String,
    /// What its public addresses name.
    pub key: String,
    /// The page of the desk.
    pub url: String,
    #[schema(value_type = Object)]
    pub settings: DeskSettings,
    pub open: OpenNow,
    pub agents: Vec<Agent>,
    /// Whoever is in such a team stands at the desk.
    pub teams: Vec<String>,
    /// Visitors who wait.
    pub waiting: i64,
    /// Whether one stands at it oneself.
    pub mine: bool,
    /// When the secret was made by which sites say who is signed in there; without it they cannot.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret_at: Option<i64>,
    /// Where it takes mail, if mail comes in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mail: Option<String>,
}

/// Somebody who is kept out of all desks.
#[derive(Debug, Serialize, ToSchema)]
pub struct Block {
    pub id: String,
    /// "network", "email" or "identity" (whom a site says they are).
    pub kind: String,
    /// The name or address that it was done for.
    pub shown: String,
    pub reason: String,
    pub by: String,
    /// Microseconds since 1970.
    pub at: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<i64>,
}

impl From<BlockRecord> for Block {
    fn from(it: BlockRecord) -> Self {
        let (id, by) = (it.id.to_string(), it.by.to_string());
        Block { id, kind: it.kind, shown: it.shown, reason: it.reason, by, at: it.at, until: it.until }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Blocks {
    pub blocks: Vec<Block>,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct BlockVisitor {
    #[serde(default)]
    pub reason: String,
    /// For so many; without it for good.
    pub days: Option<u32>,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct SetFollowUp {
    /// Microseconds since 1970.
    pub at: i64,
    pub text: String,
}

/// That a visitor is asked again.
#[derive(Debug, Serialize, ToSchema)]
pub struct FollowUp {
    pub at: i64,
    pub text: String,
    /// In whose name.
    pub agent: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct FollowUpAnswer {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub follow_up: Option<FollowUp>,
}

impl From<Option<FollowUpRecord>> for FollowUpAnswer {
    fn from(it: Option<FollowUpRecord>) -> Self {
        let follow_up = it.map(|it| FollowUp { at: it.due_at, text: it.text, agent: it.agent.to_string() });
        FollowUpAnswer { follow_up }
    }
}

/// Shown this once.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeskSecret {
    pub secret: String,
}

impl Desk {
    pub fn new(desk: DeskLook, public_url: &str) -> Desk {
        let agent = |it: AgentRecord| Agent {
            person: it.person.to_string(),
            skills: it.skills,
            languages: it.languages,
        };
        Desk {
            id: desk.record.id.to_string(),
            url: format!("{public_url}/h/{}", desk.record.key),
            key: desk.record.key,
            settings: desk.record.settings,
            open: desk.open.into(),
            agents: desk.agents.into_iter().map(agent).collect(),
            teams: desk.teams.iter().map(ToString::to_string).collect(),
            waiting: desk.waiting,
            mine: desk.mine,
            secret_at: desk.secret_at,
            mail: desk.mail,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Desks {
    pub desks: Vec<Desk>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct DeskAnswer {
    pub desk: Desk,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct SetDesk {
    /// As `Desk.settings`; what is missing has its usual value.
    #[schema(value_type = Object)]
    pub settings: DeskSettings,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct StaffDesk {
    #[serde(default)]
    pub agents: Vec<Agent>,
    /// Ids of teams.
    #[serde(default)]
    pub teams: Vec<String>,
}

impl StaffDesk {
    /// # Errors
    /// `NotFound` for what is no id.
    pub fn read(self) -> Result<(Vec<AgentRecord>, Vec<TeamId>), Refusal> {
        let agent = |it: Agent| {
            let person: PersonId = it.person.parse().map_err(|_| Refusal::NotFound(Thing::Person))?;
            Ok(AgentRecord { person, skills: it.skills, languages: it.languages })
        };
        let team = |it: &String| it.parse().map_err(|_| Refusal::NotFound(Thing::Team));
        Ok((
            self.agents.into_iter().map(agent).collect::<Result<_, Refusal>>()?,
            self.teams.iter().map(team).collect::<Result<_, Refusal>>()?,
        ))
    }
}

/// Who is asked to help, until when (microseconds), and why they.
#[derive(Debug, Serialize, ToSchema)]
pub struct Offered {
    pub agent: String,
    pub until: i64,
    pub reason: &'static str,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Rating {
    pub stars: u8,
    pub comment: String,
}

/// By when, in the hours of the desk.
#[derive(Debug, Serialize, ToSchema)]
pub struct Due {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_answer_at: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub close_at: Option<i64>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Ticket {
    pub space: String,
    pub desk: String,
    pub number: i64,
    /// Counted from 1: how often it was opened.
    pub round: u32,
    /// "waiting", "offered", "open", "snoozed" or "closed".
    pub state: &'static str,
    pub visitor: Person,
    /// Empty until an agent names it.
    pub subject: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent: Option<String>,
    /// Who helped in the round before, or before it was given back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_agent: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offered: Option<Offered>,
    pub language: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub skill: Option<String>,
    /// 0 to 3; 1 is usual.
    pub priority: u8,
    /// "widget", "page" or "kiosk".
    pub via: &'static str,
    /// "chat", "voice" or "video".
    pub wants: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    /// Where the visitor is, as far as they said.
    pub page: Option<Page>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    /// With what the visitor comes: {browser?, system?, width?, height?, zone?, languages?}.
    pub device: Option<Device>,
    pub opened_at: i64,
    pub waiting_since: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assigned_at: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_answer_at: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub snoozed_until: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rating: Option<Rating>,
    pub tags: Vec<String>,
    /// What the visitor allows: "page", "point", "act", "camera", "screen".
    pub consents: Vec<&'static str>,
    pub due: Due,
    /// What was not reached in this round: "first_answer", "close".
    pub overdue: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last: Option<Last>,
}

impl From<TicketLook> for Ticket {
    fn from(look: TicketLook) -> Self {
        let ticket = look.record.ticket;
        let offered = ticket.offered.filter(|_| ticket.state == State::Waiting);
        let comment = look.comment.unwrap_or_default();
        Ticket {
            space: look.record.space.to_string(),
            desk: ticket.desk.to_string(),
            number: look.record.number,
            round: ticket.round,
            state: if offered.is_some() { "offered" } else { ticket.state.as_str() },
            visitor: Person::from(&look.visitor),
            subject: ticket.subject,
            agent: ticket.agent.map(|it| it.to_string()),
            last_agent: ticket.last_agent.map(|it| it.to_string()),
            offered: offered.map(|it| Offered {
                agent: it.agent.to_string(),
                until: it.until,
                reason: it.reason.as_str(),
            }),
            language: ticket.language,
            skill: ticket.skill,
            priority: ticket.priority,
            via: ticket.via.as_str(),
            wants: ticket.wants.as_str(),
            page: look.page,
            device: look.device,
            opened_at: ticket.opened_at,
            waiting_since: ticket.waiting_since,
            assigned_at: ticket.assigned_at,
            first_answer_at: ticket.first_answer_at,
            snoozed_until: ticket.snoozed_until,
            closed_at: ticket.closed_at,
            rating: ticket.stars.map(|stars| Rating { stars, comment }),
            tags: ticket.tags,
            consents: ticket.consents.into_iter().map(Consent::as_str).collect(),
            due: Due { first_answer_at: look.due.answer_by, close_at: look.due.close_by },
            overdue: ticket.overdue.into_iter().map(Target::as_str).collect(),
            last: look.last.as_ref().map(Last::from),
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct TicketAnswer {
    pub ticket: Ticket,
}

impl From<TicketLook> for TicketAnswer {
    fn from(look: TicketLook) -> Self {
        TicketAnswer { ticket: look.into() }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Counts {
    pub waiting: i64,
    pub mine: i64,
    pub open: i64,
    pub snoozed: i64,
}

impl From<QueueCounts> for Counts {
    fn from(it: QueueCounts) -> Self {
        Counts { waiting: it.waiting, mine: it.mine, open: it.open, snoozed: it.snoozed }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Tickets {
    pub tickets: Vec<Ticket>,
    pub counts: Counts,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
pub struct ListTickets {
    /// "waiting", "mine", "open", "snoozed", "closed" or "all"; "waiting" without it.
    pub view: Option<String>,
    /// From an earlier answer's `next_cursor`.
    pub cursor: Option<String>,
    /// At most this many, 1 to 100.
    pub limit: Option<i64>,
}

/// To an agent of its desk, or to another desk; one of the two.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Transfer {
    pub agent: Option<String>,
    pub desk: Option<String>,
    /// For whoever has it then.
    pub note: Option<String>,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct Snooze {
    /// Microseconds since 1970; without it the ticket is woken.
    pub until: Option<i64>,
}

/// Only what is there is changed.
#[derive(Debug, Deserialize, ToSchema)]
pub struct ChangeTicket {
    pub tags: Option<Vec<String>>,
    pub priority: Option<u8>,
    pub subject: Option<String>,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct BeReachable {
    pub reachable: bool,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct AgentSide {
    /// One's own switch.
    pub reachable: bool,
    /// At how many desks one stands.
    pub desks: usize,
    /// What one is asked to help with at this moment.
    pub offers: Vec<Ticket>,
}

impl From<Agency> for AgentSide {
    fn from(it: Agency) -> Self {
        let offers = it.offers.into_iter().map(Into::into).collect();
        AgentSide { reachable: it.reachable, desks: it.desks, offers }
    }
}

/// The queue of a desk changed: ask again.
#[derive(Serialize)]
#[serde(tag = "type", rename = "desk")]
pub struct DeskFrame {
    pub desk: String,
}

/// The visitor of a ticket has gone to another page.
#[derive(Serialize)]
#[serde(tag = "type", rename = "visitor_at")]
pub struct VisitorAtFrame<'a> {
    pub space: madang_model::SpaceId,
    pub page: &'a Page,
}

/// Rings: help is asked for.
#[derive(Serialize)]
#[serde(tag = "type", rename = "offer")]
pub struct OfferFrame {
    pub ticket: Ticket,
}

/// Rings no more.
#[derive(Serialize)]
#[serde(tag = "type", rename = "offer_over")]
pub struct OfferOverFrame {
    pub space: String,
}
