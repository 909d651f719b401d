//! Tickets: what agents do with them.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use madang_app::App;
use madang_model::desk::ticket::TicketCommand;
use madang_model::permission::{HouseRight, Right};
use madang_model::refusal::Thing;
use madang_model::{DeskId, Refusal, SpaceId};
use madang_store::log::Queue;

use crate::auth::Caller;
use crate::endpoint;
use crate::error::Result;
use crate::extract::{Json, Path, Query};
use crate::router::{Endpoint, Policy};
use crate::wire::desks::{
    AgentSide, BeReachable, BlockVisitor, ChangeTicket, FollowUpAnswer, ListTickets, SetFollowUp, Snooze,
    TicketAnswer, Tickets, Transfer,
};
use crate::wire::visits::SentTo;

/// Tickets of one answer.
const PAGE: i64 = 50;

pub fn endpoints() -> Vec<Endpoint> {
    let serve = Policy::Space(Right::Serve);
    vec![
        endpoint!(list, __path_list, Policy::Agent),
        endpoint!(one, __path_one, Policy::Ticket),
        endpoint!(take, __path_take, serve),
        endpoint!(pass, __path_pass, serve),
        endpoint!(release, __path_release, serve),
        endpoint!(transfer, __path_transfer, serve),
        endpoint!(snooze, __path_snooze, serve),
        endpoint!(close, __path_close, serve),
        endpoint!(reopen, __path_reopen, serve),
        endpoint!(change, __path_change, serve),
        endpoint!(join, __path_join, serve),
        endpoint!(transcript, __path_transcript, serve),
        endpoint!(follow_up, __path_follow_up, serve),
        endpoint!(set_follow_up, __path_set_follow_up, serve),
        endpoint!(end_follow_up, __path_end_follow_up, serve),
        endpoint!(block, __path_block, serve),
        endpoint!(side, __path_side, Policy::Oneself),
        endpoint!(switch, __path_switch, Policy::House(HouseRight::BeAgent)),
    ]
}

/// The tickets of a desk, for who stands at it: those that wait in the order in which they are served, others newest
/// first.
#[utoipa::path(get, path = "/api/v1/desks/{id}/tickets", tag = "tickets", params(("id" = String, Path), ListTickets), responses((status = 200, body = Tickets)))]
async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(desk): Path<DeskId>,
    Query(query): Query<ListTickets>,
) -> Result<Json<Tickets>> {
    let queue = match query.view.as_deref().unwrap_or("waiting") {
        "waiting" => Queue::Waiting,
        "mine" => Queue::Mine(caller.person),
        "open" => Queue::Open,
        "snoozed" => Queue::Snoozed,
        "closed" => Queue::Closed,
        "all" => Queue::All,
        _ => {
            let why = "it is waiting, mine, open, snoozed, closed or all".into();
            return Err(Refusal::Invalid { what: "view", why }.into());
        }
    };
    let cursor = query.cursor.map(|it| it.parse().map_err(|_| Refusal::NotFound(Thing::Ticket)));
    let limit = query.limit.unwrap_or(PAGE).clamp(1, 100);
    let (tickets, counts) = app.tickets(caller.person, desk, queue, cursor.transpose()?, limit).await?;
    let more = i64::try_from(tickets.len()).is_ok_and(|it| it == limit);
    let next_cursor = tickets.last().filter(|_| more).map(|it| it.record.space.to_string());
    let tickets = tickets.into_iter().map(Into::into).collect();
    Ok(Json(Tickets { tickets, counts: counts.into(), next_cursor }))
}

/// One ticket, for who stands at its desk and whoever else helps in it.
#[utoipa::path(get, path = "/api/v1/tickets/{id}", tag = "tickets", params(("id" = String, Path)), responses((status = 200, body = TicketAnswer)))]
async fn one(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(space): Path<SpaceId>,
) -> Result<Json<TicketAnswer>> {
    Ok(Json(app.ticket(caller.person, space).await?.into()))
}

async fn serve(
    app: &Arc<App>,
    by: Caller,
    space: SpaceId,
    what: TicketCommand,
) -> Result<Json<TicketAnswer>> {
    Ok(Json(app.serve(by.person, space, what).await?.into()))
}

/// Helps with a ticket that waits; also the yes to an offer.
#[utoipa::path(post, path = "/api/v1/tickets/{id}/take", tag = "tickets", params(("id" = String, Path)), responses((status = 200, body = TicketAnswer)))]
async fn take(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(space): Path<SpaceId>,
) -> Result<Json<TicketAnswer>> {
    serve(&app, caller, space, TicketCommand::Take).await
}

/// The no to an offer.
#[utoipa::path(post, path = "/api/v1/tickets/{id}/pass", tag = "tickets", params(("id" = String, Path)), responses((status = 200, body = TicketAnswer)))]
async fn pass(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(space): Path<SpaceId>,
) -> Result<Json<TicketAnswer>> {
    serve(&app, caller, space, TicketCommand::Pass).await
}

/// Gives a ticket back to those that wait.
#[utoipa::path(post, path = "/api/v1/tickets/{id}/release", tag = "tickets", params(("id" = String, Path)), responses((status = 200, body = TicketAnswer)))]
async fn release(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(space): Path<SpaceId>,
) -> Result<Json<TicketAnswer>> {
    serve(&app, caller, space, TicketCommand::Release).await
}

/// Gives a ticket to a colleague, or to another desk, where it waits.
#[utoipa::path(post, path = "/api/v1/tickets/{id}/transfer", tag = "tickets", params(("id" = String, Path)), request_body = Transfer, responses((status = 200, body = TicketAnswer)))]
async fn transfer(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(space): Path<SpaceId>,
    Json(body): Json<Transfer>,
) -> Result<Json<TicketAnswer>> {
    let to = match (body.agent, body.desk) {
        (Some(agent), None) => {
            TicketCommand::GiveTo { agent: agent.parse().map_err(|_| Refusal::NotFound(Thing::Person))? }
        }
        (None, Some(desk)) => {
            TicketCommand::MoveTo { desk: desk.parse().map_err(|_| Refusal::NotFound(Thing::Desk))? }
        }
        _ => {
            let why = "name an agent or a desk".into();
            return Err(Refusal::Invalid { what: "agent", why }.into());
        }
    };
    Ok(Json(app.transfer(caller.person, space, to, body.note).await?.into()))
}

/// Puts a ticket aside until a time, or takes it up again.
#[utoipa::path(post, path = "/api/v1/tickets/{id}/snooze", tag = "tickets", params(("id" = String, Path)), request_body = Snooze, responses((status = 200, body = TicketAnswer)))]
async fn snooze(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(space): Path<SpaceId>,
    Json(body): Json<Snooze>,
) -> Result<Json<TicketAnswer>> {
    serve(&app, caller, space, TicketCommand::Snooze { until: body.until }).await
}

/// Closes a ticket. Its visitor opens it again by writing.
#[utoipa::path(post, path = "/api/v1/tickets/{id}/close", tag = "tickets", params(("id" = String, Path)), responses((status = 200, body = TicketAnswer)))]
async fn close(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(space): Path<SpaceId>,
) -> Result<Json<TicketAnswer>> {
    serve(&app, caller, space, TicketCommand::Close).await
}

/// Opens a closed ticket again, and helps.
#[utoipa::path(post, path = "/api/v1/tickets/{id}/reopen", tag = "tickets", params(("id" = String, Path)), responses((status = 200, body = TicketAnswer)))]
async fn reopen(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(space): Path<SpaceId>,
) -> Result<Json<TicketAnswer>> {
    serve(&app, caller, space, TicketCommand::Reopen).await
}

/// Tags, priority and subject, which the visitor does not see.
#[utoipa::path(post, path = "/api/v1/tickets/{id}/change", tag = "tickets", params(("id" = String, Path)), request_body = ChangeTicket, responses((status = 200, body = TicketAnswer)))]
async fn change(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(space): Path<SpaceId>,
    Json(body): Json<ChangeTicket>,
) -> Result<Json<TicketAnswer>> {
    let ChangeTicket { tags, priority, subject } = body;
    serve(&app, caller, space, TicketCommand::Change { tags, priority, subject }).await
}

/// Comes into the space of a ticket beside whoever helps; everybody in it is told.
#[utoipa::path(post, path = "/api/v1/tickets/{id}/join", tag = "tickets", params(("id" = String, Path)), responses((status = 200, body = TicketAnswer)))]
async fn join(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(space): Path<SpaceId>,
) -> Result<Json<TicketAnswer>> {
    Ok(Json(app.join_ticket(caller.person, space).await?.into()))
}

/// One's own side as an agent: the switch, and what one is asked.
#[utoipa::path(get, path = "/api/v1/me/agent", tag = "tickets", responses((status = 200, body = AgentSide)))]
async fn side(State(app): State<Arc<App>>, caller: Caller) -> Result<Json<AgentSide>> {
    Ok(Json(app.agency(caller.person).await?.into()))
}

/// Turns one's own switch, on all devices.
#[utoipa::path(put, path = "/api/v1/me/agent", tag = "tickets", request_body = BeReachable, responses((status = 200, body = AgentSide)))]
async fn switch(
    State(app): State<Arc<App>>,
    caller: Caller,
    Json(body): Json<BeReachable>,
) -> Result<Json<AgentSide>> {
    Ok(Json(app.be_reachable(caller.person, body.reachable).await?.into()))
}

/// Mails what was said to the address that is known of the visitor.
#[utoipa::path(post, path = "/api/v1/tickets/{id}/transcript", tag = "tickets", params(("id" = String, Path)), responses((status = 200, body = SentTo)))]
async fn transcript(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(space): Path<SpaceId>,
) -> Result<Json<SentTo>> {
    Ok(Json(SentTo { email: app.mail_ticket_transcript(caller.person, space).await? }))
}

/// When, and with which words, the visitor is asked again.
#[utoipa::path(get, path = "/api/v1/tickets/{id}/follow-up", tag = "tickets", params(("id" = String, Path)), responses((status = 200, body = FollowUpAnswer)))]
async fn follow_up(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(space): Path<SpaceId>,
) -> Result<Json<FollowUpAnswer>> {
    Ok(Json(app.follow_up(caller.person, space).await?.into()))
}

/// Has the visitor asked again at a time, with these words: the ticket is opened again for the agent then.
#[utoipa::path(put, path = "/api/v1/tickets/{id}/follow-up", tag = "tickets", params(("id" = String, Path)), request_body = SetFollowUp, responses((status = 200, body = FollowUpAnswer)))]
async fn set_follow_up(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(space): Path<SpaceId>,
    Json(body): Json<SetFollowUp>,
) -> Result<Json<FollowUpAnswer>> {
    Ok(Json(app.set_follow_up(caller.person, space, Some((body.at, body.text))).await?.into()))
}

/// Nobody is asked again.
#[utoipa::path(delete, path = "/api/v1/tickets/{id}/follow-up", tag = "tickets", params(("id" = String, Path)), responses((status = 204)))]
async fn end_follow_up(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(space): Path<SpaceId>,
) -> Result<StatusCode> {
    app.set_follow_up(caller.person, space, None).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Keeps the visitor out of all desks, for some days or for good, and ends their visit.
#[utoipa::path(post, path = "/api/v1/tickets/{id}/block", tag = "tickets", params(("id" = String, Path)), request_body = BlockVisitor, responses((status = 204)))]
async fn block(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(space): Path<SpaceId>,
    Json(body): Json<BlockVisitor>,
) -> Result<StatusCode> {
    app.block_visitor(caller.person, space, &body.reason, body.days).await?;
    Ok(StatusCode::NO_CONTENT)
}
