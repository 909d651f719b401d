//! What a caller is told when something does not work.
//!
//! A refusal becomes 4xx with its code and words; a fault is logged once, here,
//! and becomes 5xx with an incident id that the log has too.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use madang_app::Error as AppError;
use madang_model::Refusal;
use madang_store::StoreError;
use serde::Serialize;
use utoipa::ToSchema;

use crate::words::{self, Language};

tokio::task_local! {
    /// The language of the answer, from `Accept-Language`.
    pub static LANGUAGE: Language;
}

/// Anything a handler can end in.
#[derive(Debug)]
pub struct Error(pub AppError);

impl<E: Into<AppError>> From<E> for Error {
    fn from(error: E) -> Self {
        Error(error.into())
    }
}

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// The body of every error.
#[derive(Debug, Serialize, ToSchema)]
pub struct ErrorBody {
    pub error: ErrorDetail,
}

/// A stable `code` for programs and a sentence for people.
#[derive(Debug, Serialize, ToSchema)]
pub struct ErrorDetail {
    #[schema(example = "not_a_member")]
    pub code: &'static str,
    pub message: String,
    /// Found in the server's log too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub incident: Option<String>,
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        match self.0 {
            AppError::Refusal(refusal) => refused(&refusal),
            AppError::Store(StoreError::NulInText) => {
                refused(&Refusal::Invalid { what: "text", why: "it holds a character U+0000".into() })
            }
            AppError::Store(StoreError::DiskFull) => later("disk_full", StatusCode::INSUFFICIENT_STORAGE, 10),
            AppError::Store(StoreError::Overloaded | StoreError::Busy(_) | StoreError::Closed) => {
                later("busy", StatusCode::SERVICE_UNAVAILABLE, 1)
            }
            AppError::Store(
                StoreError::Unreachable(_) | StoreError::Uncertain(_) | StoreError::Conflict(_),
            ) => later("busy", StatusCode::SERVICE_UNAVAILABLE, 2),
            other => fault(&other.to_string()),
        }
    }
}

/// What is said of an error where it does not become an answer over HTTP: code, words, and the incident of a fault,
/// which is logged here.
pub fn told(error: Error, language: Language) -> (&'static str, String, Option<String>) {
    match error.0 {
        AppError::Refusal(refusal) => (refusal.code(), words::refusal(&refusal, language), None),
        AppError::Store(StoreError::DiskFull) => ("disk_full", words::fault("disk_full", language), None),
        AppError::Store(
            StoreError::Overloaded
            | StoreError::Busy(_)
            | StoreError::Closed
            | StoreError::Unreachable(_)
            | StoreError::Uncertain(_)
            | StoreError::Conflict(_),
        ) => ("busy", words::fault("busy", language), None),
        other => {
            let incident = madang_app::incident();
            tracing::error!(incident, "Something broke: {other}");
            ("internal", words::fault("internal", language), Some(incident))
        }
    }
}

fn language() -> Language {
    LANGUAGE.try_with(|language| *language).unwrap_or_default()
}

/// The answer to a refusal.
pub fn refused(refusal: &Refusal) -> Response {
    let mut response = answer(status(refusal), refusal.code(), words::refusal(refusal, language()), None);
    if let Refusal::TooFast { seconds } = refusal {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(*seconds));
    }
    response
}

fn later(code: &'static str, status: StatusCode, seconds: u64) -> Response {
    let mut response = answer(status, code, words::fault(code, language()), None);
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    response
}

/// The answer to something broken. Logs it.
pub fn fault(what: &str) -> Response {
    let incident = madang_app::incident();
    tracing::error!(incident, "Something broke: {what}");
    answer(
        StatusCode::INTERNAL_SERVER_ERROR,
        "internal",
        words::fault("internal", language()),
        Some(incident),
    )
}

fn answer(status: StatusCode, code: &'static str, message: String, incident: Option<String>) -> Response {
    (status, axum::Json(ErrorBody { error: ErrorDetail { code, message, incident } })).into_response()
}

fn status(refusal: &Refusal) -> StatusCode {
    match refusal {
        Refusal::NotSignedIn | Refusal::WrongCredentials | Refusal::StreamUnknown => StatusCode::UNAUTHORIZED,
        Refusal::NotFound(_)
        | Refusal::LinkInvalid
        | Refusal::CallOver
        | Refusal::NoCall
        | Refusal::ParticipantGone => StatusCode::NOT_FOUND,
        Refusal::NotAMember
        | Refusal::NotAllowed(_)
        | Refusal::NotTheAuthor
        | Refusal::EveryoneNotAllowed
        | Refusal::DirectIsFixed
        | Refusal::FileNotUsable
        | Refusal::NotInTeam
        | Refusal::IdentityWrong
        | Refusal::IdentityOver
        | Refusal::KeptOut
        | Refusal::ProofNeeded
        | Refusal::ForeignPage => StatusCode::FORBIDDEN,
        Refusal::WrongMethod(_) => StatusCode::METHOD_NOT_ALLOWED,
        Refusal::NoSuchCard
        | Refusal::PollClosed
        | Refusal::CardIsFixed
        | Refusal::ExportUnderway
        | Refusal::SpaceArchived
        | Refusal::SpaceDeleted
        | Refusal::UndoOver
        | Refusal::MessageRemoved
        | Refusal::AlreadyIn
        | Refusal::LastOwner
        | Refusal::Deactivated
        | Refusal::EmailTaken
        | Refusal::AlreadySetUp
        | Refusal::NotSetUp
        | Refusal::ReceiptsOff
        | Refusal::NoTranslation
        | Refusal::ClientIdReused
        | Refusal::MailIsFixed
        | Refusal::CallsOff
        | Refusal::CallLocked
        | Refusal::CallSealed
        | Refusal::OffInSealedCall
        | Refusal::KeysStale
        | Refusal::WaitingRoom
        | Refusal::MeetingCancelled
        | Refusal::SlotTaken
        | Refusal::BookingOver
        | Refusal::RecordingOff
        | Refusal::UploadMoved { .. } => StatusCode::CONFLICT,
        Refusal::DeskEnded | Refusal::BookingOff => StatusCode::GONE,
        Refusal::DeskFull
        | Refusal::TicketTaken
        | Refusal::TicketClosed
        | Refusal::OfferOver
        | Refusal::TicketIsFixed
        | Refusal::NoConsent
        | Refusal::NoMail
        | Refusal::AddressNeeded
        | Refusal::NotOffered => StatusCode::CONFLICT,
        Refusal::CodeWrong => StatusCode::NOT_FOUND,
        Refusal::TooFast { .. } => StatusCode::TOO_MANY_REQUESTS,
        Refusal::UploadBusy => StatusCode::LOCKED,
        Refusal::NotTranslated(_) => StatusCode::BAD_GATEWAY,
        Refusal::TooLarge { .. } | Refusal::TooMuchUnfinished { .. } => StatusCode::PAYLOAD_TOO_LARGE,
        Refusal::Empty
        | Refusal::TooLong { .. }
        | Refusal::TooMany { .. }
        | Refusal::Invalid { .. }
        | Refusal::NotARoot
        | Refusal::WeakPassword(_) => StatusCode::UNPROCESSABLE_ENTITY,
    }
}
