//! Refusals: the house says no, and the person can act on it.
//!
//! A closed list with stable codes. The words for people, in Korean and in
//! English, stand in one table keyed by `code()` at the door.

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("sign in first")]
    NotSignedIn,
    /// Also said of what exists but must not be seen.
    #[error("there is no such {0}, or you may not see it")]
    NotFound(Thing),
    #[error("you are not in this space")]
    NotAMember,
    #[error("this needs the role {0}")]
    NotAllowed(&'static str),
    #[error("only people of this team and administrators may give it spaces or take them")]
    NotInTeam,
    #[error("this space is archived")]
    SpaceArchived,
    #[error("this space is deleted")]
    SpaceDeleted,
    #[error("the time to restore this space is over")]
    UndoOver,
    #[error("this message was removed")]
    MessageRemoved,
    #[error("only its author can edit a message")]
    NotTheAuthor,
    #[error("a message needs text or a file")]
    Empty,
    #[error("{what} is too long: at most {limit}")]
    TooLong { what: &'static str, limit: usize },
    #[error("too many {what}: at most {limit}")]
    TooMany { what: &'static str, limit: usize },
    #[error("{what} is not valid: {why}")]
    Invalid { what: &'static str, why: String },
    #[error("a reply belongs to a message, not to another reply")]
    NotARoot,
    #[error("calling on everyone needs a host in a space of this size")]
    EveryoneNotAllowed,
    #[error("people cannot be added to or removed from a direct space")]
    DirectIsFixed,
    #[error("this person is already in")]
    AlreadyIn,
    #[error("the last owner cannot go: make somebody else an owner first")]
    LastOwner,
    #[error("this person is deactivated: reactivate them under Administration, People")]
    Deactivated,
    #[error("this e-mail address is taken")]
    EmailTaken,
    #[error("the e-mail address or the password is wrong")]
    WrongCredentials,
    #[error("the password is too weak: {0}")]
    WeakPassword(&'static str),
    #[error("this link is not valid any more")]
    LinkInvalid,
    #[error("the house is already set up")]
    AlreadySetUp,
    #[error("the house is not set up yet")]
    NotSetUp,
    #[error("read marks are not shown in a space of this size")]
    ReceiptsOff,
    #[error("this file cannot be used here")]
    FileNotUsable,
    #[error("the same client id was used for something else")]
    ClientIdReused,
    #[error("too many requests: try again in {seconds} s")]
    TooFast { seconds: u64 },
    #[error("the upload is at {offset}, not at the place this part begins")]
    UploadMoved { offset: i64 },
    #[error("this upload is being written by another request: ask where it is and go on from there")]
    UploadBusy,
    #[error("this is too large: at most {limit} bytes")]
    TooLarge { limit: i64 },
    #[error("your unfinished uploads would be too large together")]
    TooMuchUnfinished { limit: i64 },
    #[error("this message asks nothing that could be answered so")]
    NoSuchCard,
    #[error("this poll is closed")]
    PollClosed,
    #[error("a poll or a checklist keeps its words: remove it and make another")]
    CardIsFixed,
    #[error("translation is not set up here: whoever runs the server names a service with --translate-url")]
    NoTranslation,
    #[error("the translation service gave no translation: {0}")]
    NotTranslated(String),
    #[error("the mail server is named where Madang is started (--mail-url): change it there")]
    MailIsFixed,
    #[error("an export is being written: wait until it is done, or stop it")]
    ExportUnderway,
    #[error("calls are off here: whoever runs the server turns them on with --media-listen")]
    CallsOff,
    #[error("this call is over")]
    CallOver,
    #[error("this device is not in the call any more: join again")]
    ParticipantGone,
    #[error("this call is locked: ask somebody in it to let you in")]
    CallLocked,
    #[error("wait a moment: somebody in the call lets you in")]
    WaitingRoom,
    #[error(
        "this call is end-to-end encrypted, and this browser cannot take part in such a call: use a current Chrome, Edge, Firefox or Safari"
    )]
    CallSealed,
    #[error("no call runs in this space: begin one, then connect")]
    NoCall,
    #[error("this token lets no program in: make one in a call of the space, under More, Connect a program")]
    StreamUnknown,
    #[error("this is off in an end-to-end encrypted call: the server can neither hear nor see it")]
    OffInSealedCall,
    #[error("people came or went meanwhile: make keys for whoever is there now")]
    KeysStale,
    #[error("this meeting was cancelled")]
    MeetingCancelled,
    #[error("calls are not recorded here: whoever runs the workspace may allow it in its settings")]
    RecordingOff,
    #[error("this page takes no bookings at the moment")]
    BookingOff,
    #[error("somebody else took this time: choose another")]
    SlotTaken,
    #[error("this booking is over or was cancelled")]
    BookingOver,
    #[error("this desk is closed for good")]
    DeskEnded,
    #[error("too many people wait at this desk: try again later, or leave a message")]
    DeskFull,
    #[error("somebody else helps here already")]
    TicketTaken,
    #[error("this ticket is closed: open it again first")]
    TicketClosed,
    #[error("this is not asked of you any more")]
    OfferOver,
    #[error("a ticket is closed, not archived, deleted or joined: its desk says who helps")]
    TicketIsFixed,
    #[error("the visitor did not allow this")]
    NoConsent,
    #[error("this desk does not offer this")]
    NotOffered,
    #[error("this code is wrong or was used: ask for a new one")]
    CodeWrong,
    #[error("the site did not say rightly who you are: load the page again, or tell the site")]
    IdentityWrong,
    #[error("what the site said of you is too old: load the page again")]
    IdentityOver,
    #[error("this desk does not take requests from here at present")]
    KeptOut,
    #[error("many people come to this desk now: this device has to show that it is not a program first")]
    ProofNeeded,
    #[error("no address is known to which it could go")]
    AddressNeeded,
    #[error("no mail goes out here: whoever runs the workspace can name a mail server in its settings")]
    NoMail,
    #[error("this request comes from a page of another site")]
    ForeignPage,
    #[error("this address does not take the method {0}")]
    WrongMethod(String),
}

/// What was not found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Thing {
    Space,
    Message,
    Person,
    File,
    Upload,
    Team,
    Session,
    Invitation,
    Link,
    Export,
    Call,
    Meeting,
    Recording,
    BookingPage,
    Booking,
    Bookmark,
    Calendar,
    Desk,
    Ticket,
    Contact,
    Note,
    Webhook,
    App,
    Delivery,
    Workspace,
    Register,
    /// An address of the API.
    Route,
}

impl std::fmt::Display for Thing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Thing::Space => "space",
            Thing::Message => "message",
            Thing::Person => "person",
            Thing::File => "file",
            Thing::Upload => "upload",
            Thing::Team => "team",
            Thing::Session => "session",
            Thing::Invitation => "invitation",
            Thing::Link => "link",
            Thing::Export => "export",
            Thing::Call => "call",
            Thing::Meeting => "meeting",
            Thing::Recording => "recording",
            Thing::BookingPage => "booking page",
            Thing::Booking => "booking",
            Thing::Bookmark => "bookmark",
            Thing::Calendar => "calendar",
            Thing::Desk => "desk",
            Thing::Ticket => "ticket",
            Thing::Contact => "contact",
            Thing::Note => "note",
            Thing::Webhook => "webhook",
            Thing::App => "app",
            Thing::Delivery => "delivery",
            Thing::Workspace => "workspace",
            Thing::Register => "register",
            Thing::Route => "address of the API",
        })
    }
}

impl Refusal {
    /// The stable code that programs and translations rely on.
    pub fn code(&self) -> &'static str {
        match self {
            Refusal::NotSignedIn => "not_signed_in",
            Refusal::NotFound(_) => "not_found",
            Refusal::NotAMember => "not_a_member",
            Refusal::NotAllowed(_) => "not_allowed",
            Refusal::NotInTeam => "not_in_team",
            Refusal::SpaceArchived => "space_archived",
            Refusal::SpaceDeleted => "space_deleted",
            Refusal::UndoOver => "undo_over",
            Refusal::MessageRemoved => "message_removed",
            Refusal::NotTheAuthor => "not_the_author",
            Refusal::Empty => "empty",
            Refusal::TooLong { .. } => "too_long",
            Refusal::TooMany { .. } => "too_many",
            Refusal::Invalid { .. } => "invalid",
            Refusal::NotARoot => "not_a_root",
            Refusal::EveryoneNotAllowed => "everyone_not_allowed",
            Refusal::DirectIsFixed => "direct_is_fixed",
            Refusal::AlreadyIn => "already_in",
            Refusal::LastOwner => "last_owner",
            Refusal::Deactivated => "deactivated",
            Refusal::EmailTaken => "email_taken",
            Refusal::WrongCredentials => "wrong_credentials",
            Refusal::WeakPassword(_) => "weak_password",
            Refusal::LinkInvalid => "link_invalid",
            Refusal::AlreadySetUp => "already_set_up",
            Refusal::NotSetUp => "not_set_up",
            Refusal::ReceiptsOff => "receipts_off",
            Refusal::FileNotUsable => "file_not_usable",
            Refusal::ClientIdReused => "client_id_reused",
            Refusal::TooFast { .. } => "too_fast",
            Refusal::UploadMoved { .. } => "upload_moved",
            Refusal::UploadBusy => "upload_busy",
            Refusal::TooLarge { .. } => "too_large",
            Refusal::TooMuchUnfinished { .. } => "too_much_unfinished",
            Refusal::NoSuchCard => "no_such_card",
            Refusal::PollClosed => "poll_closed",
            Refusal::CardIsFixed => "card_is_fixed",
            Refusal::NoTranslation => "no_translation",
            Refusal::NotTranslated(_) => "not_translated",
            Refusal::MailIsFixed => "mail_is_fixed",
            Refusal::ExportUnderway => "export_underway",
            Refusal::CallsOff => "calls_off",
            Refusal::CallOver => "call_over",
            Refusal::ParticipantGone => "participant_gone",
            Refusal::CallLocked => "call_locked",
            Refusal::WaitingRoom => "waiting_room",
            Refusal::CallSealed => "call_sealed",
            Refusal::NoCall => "no_call",
            Refusal::StreamUnknown => "stream_unknown",
            Refusal::OffInSealedCall => "off_in_sealed_call",
            Refusal::KeysStale => "keys_stale",
            Refusal::MeetingCancelled => "meeting_cancelled",
            Refusal::RecordingOff => "recording_off",
            Refusal::BookingOff => "booking_off",
            Refusal::SlotTaken => "slot_taken",
            Refusal::BookingOver => "booking_over",
            Refusal::DeskEnded => "desk_ended",
            Refusal::DeskFull => "desk_full",
            Refusal::TicketTaken => "ticket_taken",
            Refusal::TicketClosed => "ticket_closed",
            Refusal::OfferOver => "offer_over",
            Refusal::TicketIsFixed => "ticket_is_fixed",
            Refusal::NoConsent => "no_consent",
            Refusal::NotOffered => "not_offered",
            Refusal::CodeWrong => "code_wrong",
            Refusal::IdentityWrong => "identity_wrong",
            Refusal::IdentityOver => "identity_over",
            Refusal::KeptOut => "kept_out",
            Refusal::ProofNeeded => "proof_needed",
            Refusal::AddressNeeded => "address_needed",
            Refusal::NoMail => "no_mail",
            Refusal::ForeignPage => "foreign_page",
            Refusal::WrongMethod(_) => "wrong_method",
        }
    }
}
