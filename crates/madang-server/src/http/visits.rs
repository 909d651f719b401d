//! Visits: somebody without an account comes to a desk and is helped. A visitor is known by a bearer token, which opens
//! these routes and those of the general API that say so, for the visitor's own ticket.

use std::net::IpAddr;
use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use madang_app::{App, NewVisit};
use madang_model::desk::device::Said;

use super::setup::device;
use crate::auth::Caller;
use crate::endpoint;
use crate::error::Result;
use crate::extract::{Json, Path};
use crate::guard::network;
use crate::router::{Doors, Endpoint, Policy};
use crate::serve::ClientAddress;
use crate::wire::visits::{
    AskToReturn, BeginVisit, Challenge, Claim, Claimed, ComeBack, FrontAnswer, GiveConsent, Identify,
    OpenVisit, Rate, Resume, SentTo, ThisPage, Visit, VisitBegun, VisitCode, via, wants,
};

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        endpoint!(front, __path_front, Policy::Anyone),
        endpoint!(begin, __path_begin, Policy::Opening),
        endpoint!(resume, __path_resume, Policy::Opening),
        endpoint!(visit, __path_visit, Policy::Visit).for_visitors(),
        endpoint!(open, __path_open, Policy::Visit).for_visitors(),
        endpoint!(consent, __path_consent, Policy::Visit).for_visitors(),
        endpoint!(rate, __path_rate, Policy::Visit).for_visitors(),
        endpoint!(close, __path_close, Policy::Visit).for_visitors(),
        endpoint!(is_at, __path_is_at, Policy::Visit).for_visitors(),
        endpoint!(code, __path_code, Policy::Visit).for_visitors(),
        endpoint!(identify, __path_identify, Policy::Visit).for_visitors(),
        endpoint!(claim, __path_claim, Policy::Visit).for_visitors(),
        endpoint!(claimed, __path_claimed, Policy::Visit).for_visitors(),
        endpoint!(ask_to_return, __path_ask_to_return, Policy::Opening),
        endpoint!(come_back, __path_come_back, Policy::Opening),
        endpoint!(challenge, __path_challenge, Policy::Opening),
        endpoint!(transcript, __path_transcript, Policy::Visit).for_visitors(),
    ]
}

fn from(address: Option<Extension<ClientAddress>>) -> Option<IpAddr> {
    address.map(|Extension(ClientAddress(address))| network(address))
}

/// A desk as everybody sees it.
#[utoipa::path(get, path = "/api/v1/desk/{key}", tag = "visits", params(("key" = String, Path)), responses((status = 200, body = FrontAnswer)))]
async fn front(State(app): State<Arc<App>>, Path(key): Path<String>) -> Result<Json<FrontAnswer>> {
    Ok(Json(FrontAnswer { desk: app.desk_front(&key).await?.into() }))
}

/// Comes to a desk.
#[utoipa::path(post, path = "/api/v1/desk/{key}/visits", tag = "visits", params(("key" = String, Path)), request_body = BeginVisit, responses((status = 201, body = VisitBegun)))]
async fn begin(
    State(app): State<Arc<App>>,
    Path(key): Path<String>,
    address: Option<Extension<ClientAddress>>,
    headers: HeaderMap,
    Json(body): Json<BeginVisit>,
) -> Result<(StatusCode, Json<VisitBegun>)> {
    let new = NewVisit {
        name: body.name,
        language: body.language,
        via: via(&body.via)?,
        wants: wants(&body.wants)?,
        skill: body.skill,
        page: body.page.map(Into::into),
        identity: body.identity,
        from: from(address),
        device: body.device.read(said(&headers)),
        proof: body.proof,
    };
    let arrived = app.begin_visit(&key, new, &device(&headers)).await?;
    Ok((StatusCode::CREATED, Json(arrived.into())))
}

/// Goes on with a visit on another device, by a code shown on the first.
#[utoipa::path(post, path = "/api/v1/desk/{key}/resume", tag = "visits", params(("key" = String, Path)), request_body = Resume, responses((status = 201, body = VisitBegun)))]
async fn resume(
    State(app): State<Arc<App>>,
    Path(key): Path<String>,
    headers: HeaderMap,
    Json(body): Json<Resume>,
) -> Result<(StatusCode, Json<VisitBegun>)> {
    let arrived =
        app.resume_visit(&key, &body.code, &device(&headers), body.device.read(said(&headers))).await?;
    Ok((StatusCode::CREATED, Json(arrived.into())))
}

/// One's own visit.
#[utoipa::path(get, path = "/api/v1/visit", tag = "visits", responses((status = 200, body = Visit)))]
async fn visit(State(app): State<Arc<App>>, caller: Caller) -> Result<Json<Visit>> {
    Ok(Json(Visit::from(&app.visit(caller.person).await?)))
}

/// Comes back, or wishes for something else.
#[utoipa::path(post, path = "/api/v1/visit/open", tag = "visits", request_body = OpenVisit, responses((status = 200, body = Visit)))]
async fn open(
    State(app): State<Arc<App>>,
    caller: Caller,
    headers: HeaderMap,
    Json(body): Json<OpenVisit>,
) -> Result<Json<Visit>> {
    let (wants, via) = (wants(&body.wants)?, via(&body.via)?);
    let device = body.device.map(|it| it.read(said(&headers)));
    let look = app.want(caller.person, wants, via, body.page.map(Into::into), device).await?;
    Ok(Json(Visit::from(&look)))
}

/// Allows agents something, or withdraws it at once.
#[utoipa::path(post, path = "/api/v1/visit/consent", tag = "visits", request_body = GiveConsent, responses((status = 200, body = Visit)))]
async fn consent(
    State(app): State<Arc<App>>,
    caller: Caller,
    Json(body): Json<GiveConsent>,
) -> Result<Json<Visit>> {
    Ok(Json(Visit::from(&app.consent(caller.person, body.to()?, body.given).await?)))
}

/// Says how it was.
#[utoipa::path(post, path = "/api/v1/visit/rate", tag = "visits", request_body = Rate, responses((status = 200, body = Visit)))]
async fn rate(State(app): State<Arc<App>>, caller: Caller, Json(body): Json<Rate>) -> Result<Json<Visit>> {
    Ok(Json(Visit::from(&app.rate(caller.person, body.stars, body.comment).await?)))
}

/// Is done.
#[utoipa::path(post, path = "/api/v1/visit/close", tag = "visits", responses((status = 200, body = Visit)))]
async fn close(State(app): State<Arc<App>>, caller: Caller) -> Result<Json<Visit>> {
    Ok(Json(Visit::from(&app.close_visit(caller.person).await?)))
}

/// Has gone to another page of the site: who helps is told, and of all of them the newest is kept.
#[utoipa::path(post, path = "/api/v1/visit/page", tag = "visits", request_body = ThisPage, responses((status = 204)))]
async fn is_at(State(doors): State<Doors>, caller: Caller, Json(body): Json<ThisPage>) -> Result<StatusCode> {
    let (space, desk, page) = doors.app.visitor_is_at(caller.person, body.into()).await?;
    doors.hub.tell_visitor_at(space, desk, &page).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A code by which one goes on on another device: six digits, five minutes, once.
#[utoipa::path(post, path = "/api/v1/visit/code", tag = "visits", responses((status = 200, body = VisitCode)))]
async fn code(State(app): State<Arc<App>>, caller: Caller) -> Result<Json<VisitCode>> {
    let (code, expires_at) = app.visit_code(caller.person).await?;
    Ok(Json(VisitCode { code, expires_at }))
}

/// The site says, signed, who the visitor is whose visit has begun. An earlier visit of theirs goes on then, with a
/// token of its own.
#[utoipa::path(post, path = "/api/v1/visit/identify", tag = "visits", request_body = Identify, responses((status = 200, body = Claimed)))]
async fn identify(
    State(app): State<Arc<App>>,
    caller: Caller,
    headers: HeaderMap,
    Json(body): Json<Identify>,
) -> Result<Json<Claimed>> {
    Ok(Json(app.identify_visit(caller.person, &body.identity, &device(&headers)).await?.into()))
}

/// Mails a code to an address that the visitor gives as theirs.
#[utoipa::path(post, path = "/api/v1/visit/claim", tag = "visits", request_body = Claim, responses((status = 204)))]
async fn claim(
    State(app): State<Arc<App>>,
    caller: Caller,
    address: Option<Extension<ClientAddress>>,
    Json(body): Json<Claim>,
) -> Result<StatusCode> {
    app.claim_visit(caller.person, &body.email, from(address)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The code came: the address is kept as the visitor's. An earlier visit of theirs goes on then, with what was said in
/// this one and a token of its own.
#[utoipa::path(post, path = "/api/v1/visit/claimed", tag = "visits", request_body = Resume, responses((status = 200, body = Claimed)))]
async fn claimed(
    State(app): State<Arc<App>>,
    caller: Caller,
    headers: HeaderMap,
    Json(body): Json<Resume>,
) -> Result<Json<Claimed>> {
    Ok(Json(app.claimed_visit(caller.person, &body.code, &device(&headers)).await?.into()))
}

/// Mails a code to who was at this desk before. Answers the same for every address.
#[utoipa::path(post, path = "/api/v1/desk/{key}/return", tag = "visits", params(("key" = String, Path)), request_body = AskToReturn, responses((status = 204)))]
async fn ask_to_return(
    State(app): State<Arc<App>>,
    Path(key): Path<String>,
    address: Option<Extension<ClientAddress>>,
    Json(body): Json<AskToReturn>,
) -> Result<StatusCode> {
    app.ask_to_return(&key, &body.email, &body.language, from(address)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Goes on with an earlier visit, by the code that was mailed.
#[utoipa::path(post, path = "/api/v1/desk/{key}/returned", tag = "visits", params(("key" = String, Path)), request_body = ComeBack, responses((status = 201, body = VisitBegun)))]
async fn come_back(
    State(app): State<Arc<App>>,
    Path(key): Path<String>,
    address: Option<Extension<ClientAddress>>,
    headers: HeaderMap,
    Json(body): Json<ComeBack>,
) -> Result<(StatusCode, Json<VisitBegun>)> {
    let device = device(&headers);
    let arrived = app.return_to_visit(&key, &body.email, &body.code, &device, from(address)).await?;
    Ok((StatusCode::CREATED, Json(arrived.into())))
}

/// What the browser says of itself in every request.
fn said(headers: &HeaderMap) -> Said<'_> {
    let text = |name: &str| headers.get(name).and_then(|it| it.to_str().ok()).unwrap_or_default();
    Said { agent: text("user-agent"), brands: text("sec-ch-ua"), platform: text("sec-ch-ua-platform") }
}

/// A puzzle for who wants to come to this desk (ALTCHA, SHA-256): its answer goes along as `proof` where a visit is
/// answered `proof_needed`.
#[utoipa::path(get, path = "/api/v1/desk/{key}/challenge", tag = "visits", params(("key" = String, Path)), responses((status = 200, body = Challenge)))]
async fn challenge(State(app): State<Arc<App>>, Path(key): Path<String>) -> Result<Json<Challenge>> {
    Ok(Json(app.challenge(&key).await?.into()))
}

/// Mails what was said to the address that the visitor has shown to be theirs.
#[utoipa::path(post, path = "/api/v1/visit/transcript", tag = "visits", responses((status = 200, body = SentTo)))]
async fn transcript(State(app): State<Arc<App>>, caller: Caller) -> Result<Json<SentTo>> {
    Ok(Json(SentTo { email: app.mail_my_transcript(caller.person).await? }))
}
