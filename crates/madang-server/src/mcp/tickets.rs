//! Tools about the tickets of help desks, for who stands at the desk.

use madang_app::{NewMessage, TicketLook};
use madang_model::desk::ticket::TicketCommand;
use madang_model::hours::Open;
use madang_model::refusal::Thing;
use madang_model::{DeskId, PersonId, Refusal, SpaceId};
use madang_store::log::Queue;
use rmcp::handler::server::wrapper::Parameters;
use rmcp::model::CallToolResult;
use rmcp::{schemars, tool, tool_router};
use serde::Deserialize;
use serde_json::{Value, json};

use super::Tools;
use super::outcome::answered;
use super::said::{self, put};
use super::spaces::cursor;
use super::who::Who;
use crate::error::Result;

/// Tickets of one answer.
const PAGE: i64 = 50;
/// Messages that come with a ticket.
const LAST: usize = 50;

#[derive(Deserialize, schemars::JsonSchema)]
struct Nothing {}

#[derive(Deserialize, schemars::JsonSchema)]
struct ListTickets {
    /// The id of the desk.
    desk: String,
    /// "waiting", "mine", "open", "snoozed", "closed" or "all" [default: waiting].
    view: Option<String>,
    /// From `next_cursor` of the answer before.
    cursor: Option<String>,
}

#[derive(Deserialize, schemars::JsonSchema)]
struct OneTicket {
    /// The id of the ticket, which is that of its space.
    ticket: String,
}

#[derive(Deserialize, schemars::JsonSchema)]
struct Write {
    /// The id of the ticket, which is that of its space.
    ticket: String,
    text: String,
    /// Any text that is new for each message: sent again with the same one, it is posted once.
    client_id: Option<String>,
}

#[tool_router(router = ticket_tools, vis = "pub(super)")]
impl Tools {
    /// Lists the help desks at which one stands, with how many visitors wait.
    #[tool(annotations(title = "List desks", read_only_hint = true, open_world_hint = false))]
    async fn list_desks(&self, who: Who, Parameters(Nothing {}): Parameters<Nothing>) -> CallToolResult {
        let listing = async {
            let desks = self.app.desks(who.person).await?;
            let said = desks.iter().map(|it| {
                let open = matches!(it.open, Open::Until(_));
                let (id, name) = (it.record.id, it.record.settings.name.as_str());
                json!({"id": id, "name": name, "open": open, "waiting": it.waiting, "mine": it.mine})
            });
            Ok(json!({"desks": said.collect::<Vec<_>>()}))
        };
        answered(&who, "list_desks", listing).await
    }

    /// Lists the tickets of a desk: those that wait in the order in which they are served, others newest first.
    #[tool(annotations(title = "List tickets", read_only_hint = true, open_world_hint = false))]
    async fn list_tickets(&self, who: Who, Parameters(asked): Parameters<ListTickets>) -> CallToolResult {
        answered(&who, "list_tickets", self.tickets_of(who.person, asked)).await
    }

    /// Reads a ticket with what was said last in it. A `note` is for agents alone and hidden from the visitor.
    #[tool(annotations(title = "Read a ticket", read_only_hint = true, open_world_hint = false))]
    async fn read_ticket(&self, who: Who, Parameters(asked): Parameters<OneTicket>) -> CallToolResult {
        let reading = async {
            let space = ticket_id(&asked.ticket)?;
            let look = self.app.ticket(who.person, space).await?;
            let history = self.history(who.person, space, None, LAST).await?;
            Ok(json!({"ticket": ticket(&look), "messages": history["messages"], "more": history["more"]}))
        };
        answered(&who, "read_ticket", reading).await
    }

    /// Helps with a ticket that waits: from then on one answers its visitor.
    #[tool(annotations(title = "Take a ticket", destructive_hint = false, open_world_hint = false))]
    async fn take_ticket(&self, who: Who, Parameters(asked): Parameters<OneTicket>) -> CallToolResult {
        answered(&who, "take_ticket", self.served(who.person, asked, TicketCommand::Take)).await
    }

    /// Writes to the visitor of a ticket that one helps with.
    #[tool(annotations(title = "Answer a ticket", destructive_hint = false, open_world_hint = true))]
    async fn answer_ticket(&self, who: Who, Parameters(asked): Parameters<Write>) -> CallToolResult {
        answered(&who, "answer_ticket", self.written(who.person, asked, false)).await
    }

    /// Writes a note for the agents of a ticket, which its visitor never sees.
    #[tool(annotations(title = "Note on a ticket", destructive_hint = false, open_world_hint = false))]
    async fn note_on_ticket(&self, who: Who, Parameters(asked): Parameters<Write>) -> CallToolResult {
        answered(&who, "note_on_ticket", self.written(who.person, asked, true)).await
    }

    /// Closes a ticket. Its visitor opens it again by writing.
    #[tool(annotations(
        title = "Close a ticket",
        destructive_hint = false,
        idempotent_hint = true,
        open_world_hint = true
    ))]
    async fn close_ticket(&self, who: Who, Parameters(asked): Parameters<OneTicket>) -> CallToolResult {
        answered(&who, "close_ticket", self.served(who.person, asked, TicketCommand::Close)).await
    }
}

impl Tools {
    async fn tickets_of(&self, person: PersonId, asked: ListTickets) -> Result<Value> {
        let desk: DeskId = asked.desk.parse().map_err(|_| Refusal::NotFound(Thing::Desk))?;
        let queue = match asked.view.as_deref().unwrap_or("waiting") {
            "waiting" => Queue::Waiting,
            "mine" => Queue::Mine(person),
            "open" => Queue::Open,
            "snoozed" => Queue::Snoozed,
            "closed" => Queue::Closed,
            "all" => Queue::All,
            _ => {
                let why = "it is waiting, mine, open, snoozed, closed or all".into();
                return Err(Refusal::Invalid { what: "view", why }.into());
            }
        };
        let after = asked.cursor.as_deref().map(cursor).transpose()?;
        let (tickets, counts) = self.app.tickets(person, desk, queue, after, PAGE).await?;
        let next =
            (tickets.len() as i64 == PAGE).then(|| tickets.last().map(|it| it.record.space.to_string()));
        Ok(json!({
            "tickets": tickets.iter().map(ticket).collect::<Vec<_>>(),
            "counts": {"waiting": counts.waiting, "mine": counts.mine, "open": counts.open, "snoozed": counts.snoozed},
            "next_cursor": next.flatten(),
        }))
    }

    async fn served(&self, person: PersonId, asked: OneTicket, what: TicketCommand) -> Result<Value> {
        Ok(ticket(&self.app.serve(person, ticket_id(&asked.ticket)?, what).await?))
    }

    async fn written(&self, person: PersonId, asked: Write, note: bool) -> Result<Value> {
        let space = ticket_id(&asked.ticket)?;
        // Only a ticket: what is meant for a visitor, or hidden from one, must not land in a room.
        self.app.ticket(person, space).await?;
        let new = NewMessage { client_id: asked.client_id, text: asked.text, note, ..NewMessage::default() };
        let event = self.app.post(person, space, new).await?;
        Ok(json!({"ticket": event.space, "seq": event.seq, "at": said::time(event.at_us)}))
    }
}

fn ticket_id(text: &str) -> Result<SpaceId, Refusal> {
    text.parse().map_err(|_| Refusal::NotFound(Thing::Ticket))
}

fn ticket(look: &TicketLook) -> Value {
    let ticket = &look.record.ticket;
    let mut said = json!({
        "id": look.record.space,
        "number": look.record.number,
        "state": ticket.state.as_str(),
        "visitor": {"id": look.visitor.id, "name": look.visitor.name},
        "language": ticket.language,
        "priority": ticket.priority,
        "opened_at": said::time(ticket.opened_at),
        "waiting_since": said::time(ticket.waiting_since),
        "tags": ticket.tags,
    });
    put(&mut said, "subject", Some(ticket.subject.as_str()).filter(|it| !it.is_empty()));
    put(&mut said, "agent", ticket.agent.map(|it| it.to_string()));
    put(&mut said, "closed_at", ticket.closed_at.map(said::time));
    put(&mut said, "stars", ticket.stars);
    put(&mut said, "last", look.last.as_ref().map(|it| it.text.clone()));
    said
}
