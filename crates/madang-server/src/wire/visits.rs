//! Desks and tickets, as visitors see them.

use madang_app::{Arrived, DeskFront, Known, VisitLook};
use madang_model::Refusal;
use madang_model::desk::device::Device;
use madang_model::desk::ticket::{Consent, Page, State, Via, Wants};
use madang_model::desk::{Offers, Words};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::desks::OpenNow;
use super::person::Person;

#[derive(Debug, Serialize, ToSchema)]
pub struct Front {
    pub key: String,
    pub name: String,
    pub workspace: String,
    pub languages: Vec<String>,
    #[schema(value_type = Object)]
    pub welcome: Words,
    #[schema(value_type = Object)]
    pub closed: Words,
    #[schema(value_type = Object)]
    pub offers: Offers,
    pub ask_name: bool,
    pub skills: Vec<String>,
    /// CSS selectors of what is never shown of a page.
    pub masks: Vec<String>,
    /// The time zone of its hours.
    pub zone: String,
    pub open: OpenNow,
    pub waiting: i64,
    /// Whether mail goes out, so that an address may be left.
    pub mail: bool,
    /// Where a time is booked while the desk is closed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub booking: Option<String>,
}

impl From<DeskFront> for Front {
    fn from(front: DeskFront) -> Self {
        let settings = front.record.settings;
        Front {
            key: front.record.key,
            name: settings.name,
            workspace: front.workspace,
            languages: settings.languages,
            welcome: settings.welcome,
            closed: settings.closed,
            offers: settings.offers,
            ask_name: settings.ask_name,
            skills: settings.skills,
            masks: settings.masks,
            zone: settings.hours.zone,
            open: front.open.into(),
            waiting: front.waiting,
            booking: front.booking,
            mail: front.mail,
        }
    }
}

/// A desk for whoever of the house wants to ask it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Askable {
    /// The page of the desk.
    pub url: String,
    #[serde(flatten)]
    pub desk: Front,
}

impl Askable {
    pub fn new(front: DeskFront, public_url: &str) -> Askable {
        Askable { url: format!("{public_url}/h/{}", front.record.key), desk: front.into() }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct AskableDesks {
    pub desks: Vec<Askable>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct FrontAnswer {
    pub desk: Front,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct ThisPage {
    pub url: String,
    #[serde(default)]
    pub title: String,
}

impl From<ThisPage> for Page {
    fn from(it: ThisPage) -> Self {
        Page { url: it.url, title: it.title }
    }
}

/// With what a visitor comes; browser and system are taken from the request.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct ThisDevice {
    /// Of the screen, in CSS pixels.
    pub width: Option<u32>,
    pub height: Option<u32>,
    /// Whose clock: "Asia/Seoul".
    pub zone: String,
    /// BCP 47 tags, the preferred one first.
    pub languages: Vec<String>,
}

impl ThisDevice {
    pub fn read(self, said: madang_model::desk::device::Said<'_>) -> Device {
        let ThisDevice { width, height, zone, languages } = self;
        Device { width, height, zone, languages, ..Device::default() }.read(said)
    }
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct BeginVisit {
    #[serde(default)]
    pub name: String,
    /// A BCP 47 tag.
    #[serde(default)]
    pub language: String,
    /// "widget", "page" or "kiosk".
    pub via: String,
    /// "chat", "voice" or "video".
    pub wants: String,
    pub skill: Option<String>,
    pub page: Option<ThisPage>,
    /// What the site says of who is signed in there: a token that its server signed (docs/protocol/desks.md).
    pub identity: Option<String>,
    #[serde(default)]
    pub device: ThisDevice,
    /// The answer to a puzzle, as ALTCHA writes it: base64 of `{algorithm, challenge, number, salt, signature}`.
    pub proof: Option<String>,
}

/// A puzzle: which number gives `challenge`, in hex, as SHA-256 of `salt` and it in decimal digits.
#[derive(Debug, Serialize, ToSchema)]
pub struct Challenge {
    pub algorithm: &'static str,
    pub challenge: String,
    pub maxnumber: u64,
    pub salt: String,
    pub signature: String,
}

impl From<madang_app::Challenge> for Challenge {
    fn from(it: madang_app::Challenge) -> Self {
        Challenge {
            algorithm: it.algorithm,
            challenge: it.challenge,
            maxnumber: it.maxnumber,
            salt: it.salt,
            signature: it.signature,
        }
    }
}

/// Where a letter went.
#[derive(Debug, Serialize, ToSchema)]
pub struct SentTo {
    pub email: String,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct Identify {
    pub identity: String,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct Claim {
    pub email: String,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct AskToReturn {
    pub email: String,
    /// A BCP 47 tag: the language of the letter.
    #[serde(default)]
    pub language: String,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct ComeBack {
    pub email: String,
    /// Six digits, as they came by mail.
    pub code: String,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct OpenVisit {
    pub wants: String,
    pub via: String,
    pub page: Option<ThisPage>,
    pub device: Option<ThisDevice>,
}

/// # Errors
/// `Invalid`.
pub fn via(text: &str) -> Result<Via, Refusal> {
    Via::parse(text)
        .filter(|it| *it != Via::Mail)
        .ok_or_else(|| Refusal::Invalid { what: "via", why: "it is widget, page or kiosk".into() })
}

/// # Errors
/// `Invalid`.
pub fn wants(text: &str) -> Result<Wants, Refusal> {
    Wants::parse(text)
        .ok_or_else(|| Refusal::Invalid { what: "wants", why: "it is chat, voice or video".into() })
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct GiveConsent {
    /// "page", "point", "act", "camera" or "screen".
    pub to: String,
    pub given: bool,
}

impl GiveConsent {
    /// # Errors
    /// `Invalid`.
    pub fn to(&self) -> Result<Consent, Refusal> {
        Consent::parse(&self.to).ok_or_else(|| Refusal::Invalid {
            what: "to",
            why: "it is page, point, act, camera or screen".into(),
        })
    }
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct Rate {
    /// 1 to 5.
    pub stars: u8,
    #[serde(default)]
    pub comment: String,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct Resume {
    pub code: String,
    #[serde(default)]
    pub device: ThisDevice,
}

/// A ticket as its visitor sees it. Times in microseconds.
#[derive(Debug, Serialize, ToSchema)]
pub struct VisitorTicket {
    pub space: String,
    /// The key of its desk.
    pub desk: String,
    pub number: i64,
    pub round: u32,
    /// "waiting", "open" or "closed".
    pub state: &'static str,
    /// In the line, from 1 on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<usize>,
    /// How long it may take; missing where nobody knows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wait_seconds: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent: Option<Person>,
    pub wants: &'static str,
    pub consents: Vec<&'static str>,
    /// Whether this round was rated.
    pub rated: bool,
    /// Whether somebody has helped in this round.
    pub helped: bool,
    /// Of the newest thing that happened in it: an answer that says less is older, and late.
    pub changed_at: i64,
}

impl VisitorTicket {
    pub fn new(look: &VisitLook) -> Self {
        let ticket = &look.record.ticket;
        VisitorTicket {
            space: look.record.space.to_string(),
            desk: look.desk_key.clone(),
            number: look.record.number,
            round: ticket.round,
            state: match ticket.state {
                State::Snoozed => State::Open.as_str(),
                state => state.as_str(),
            },
            place: look.place,
            wait_seconds: look.wait_us.map(|it| it / 1_000_000),
            agent: look.agent.as_ref().map(Person::from),
            wants: ticket.wants.as_str(),
            consents: ticket.consents.iter().map(|it| it.as_str()).collect(),
            rated: ticket.stars.is_some(),
            helped: ticket.assigned_at.is_some(),
            changed_at: look.record.changed_at,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Visit {
    pub space: String,
    pub me: Person,
    pub ticket: VisitorTicket,
    /// Everybody else who wrote in it or is in it.
    pub people: Vec<Person>,
}

impl From<&VisitLook> for Visit {
    fn from(look: &VisitLook) -> Self {
        Visit {
            space: look.record.space.to_string(),
            me: Person::from(&look.me),
            ticket: VisitorTicket::new(look),
            people: look.people.iter().map(Person::from).collect(),
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct VisitBegun {
    /// What the device sends as `Authorization: Bearer` from here on. Shown this once.
    pub token: String,
    #[serde(flatten)]
    pub visit: Visit,
}

impl From<Arrived> for VisitBegun {
    fn from(arrived: Arrived) -> Self {
        VisitBegun { visit: Visit::from(&arrived.look), token: arrived.secret }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Claimed {
    /// Of the earlier visit that goes on; without it this one does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
    #[serde(flatten)]
    pub visit: Visit,
}

impl From<Known> for Claimed {
    fn from(known: Known) -> Self {
        match known {
            Known::Here(look) => Claimed { token: None, visit: Visit::from(&look) },
            Known::Earlier(arrived) => {
                Claimed { visit: Visit::from(&arrived.look), token: Some(arrived.secret) }
            }
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct VisitCode {
    /// Six digits, good once.
    pub code: String,
    /// Microseconds since 1970.
    pub expires_at: i64,
}

/// How the visitor's ticket stands, whenever that changes.
#[derive(Serialize)]
#[serde(tag = "type", rename = "visit")]
pub struct VisitFrame {
    pub ticket: VisitorTicket,
}
