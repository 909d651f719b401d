//! Acts that the audit log remembers: who came in, who was let in or out, what
//! was made, ended, changed and carried out of the house.
//!
//! Only acts upon the workspace. What people say to each other is in the logs
//! of their spaces and never here. Why this is no event log:
//! docs/decisions/0013.

macro_rules! acts {
    ($($(#[$meta:meta])* $variant:ident = $text:literal),* $(,)?) => {
        /// What was done. The text is kept for good and never changes its meaning.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Act { $($(#[$meta])* $variant),* }

        impl Act {
            pub const ALL: &[Act] = &[$(Act::$variant),*];

            pub fn as_str(self) -> &'static str {
                match self { $(Act::$variant => $text),* }
            }

            pub fn parse(text: &str) -> Option<Act> {
                match text { $($text => Some(Act::$variant),)* _ => None }
            }
        }
    };
}

acts! {
    HouseSetUp = "house.set_up",
    HouseRestored = "house.restored",
    SessionOpened = "session.opened",
    /// A wrong password. What was typed is not kept.
    SessionRefused = "session.refused",
    SessionEnded = "session.ended",
    /// All sessions and tokens of a person.
    SessionsEnded = "session.all_ended",
    PasswordChanged = "session.password_changed",
    PasswordReset = "session.password_reset",
    TokenMade = "token.made",
    TokenEnded = "token.ended",
    PersonInvited = "person.invited",
    InvitationSentAgain = "person.invited_again",
    InvitationRevoked = "person.invitation_revoked",
    /// By an invitation, a join link, or the command line.
    PersonJoined = "person.joined",
    /// A guest by link confirmed an address.
    AccountMade = "person.account_made",
    RoleChanged = "person.role_changed",
    PersonDeactivated = "person.deactivated",
    PersonReactivated = "person.reactivated",
    PersonRemoved = "person.removed",
    PersonErased = "person.erased",
    SpaceCreated = "space.created",
    SpaceArchived = "space.archived",
    SpaceUnarchived = "space.unarchived",
    SpaceDeleted = "space.deleted",
    SpaceRestored = "space.restored",
    SpaceErased = "space.erased",
    HostChanged = "space.host_changed",
    DeskMade = "desk.made",
    DeskChanged = "desk.changed",
    /// Who stands at it.
    DeskStaffed = "desk.staffed",
    DeskEnded = "desk.ended",
    /// The secret by which sites say who is signed in there.
    DeskSecretMade = "desk.secret_made",
    DeskSecretEnded = "desk.secret_ended",
    VisitorBlocked = "desk.visitor_blocked",
    VisitorUnblocked = "desk.visitor_unblocked",
    BookingPageMade = "booking.made",
    BookingPageChanged = "booking.changed",
    BookingPageEnded = "booking.ended",
    ContactsMerged = "contact.merged",
    /// All that was known of somebody outside, and who they were as visitors.
    ContactErased = "contact.erased",
    ContactsImported = "contact.imported",
    WebhookMade = "webhook.made",
    WebhookChanged = "webhook.changed",
    WebhookRemoved = "webhook.removed",
    /// By the house: nothing was taken there for days.
    WebhookStopped = "webhook.stopped",
    AppInstalled = "app.installed",
    AppChanged = "app.changed",
    AppRemoved = "app.removed",
    AppTokenMade = "app.token_made",
    AppTokenEnded = "app.token_ended",
    AppWebhookMade = "app.webhook_made",
    AppWebhookEnded = "app.webhook_ended",
    AppSecretMade = "app.secret_made",
    /// By the house: what it was told was not taken.
    AppSuspended = "app.suspended",
    AppResumed = "app.resumed",
    TeamMade = "team.made",
    TeamRenamed = "team.renamed",
    TeamDeleted = "team.deleted",
    TeamJoined = "team.member_added",
    TeamLeft = "team.member_removed",
    TeamGivenSpace = "team.space_added",
    TeamTakenSpace = "team.space_removed",
    LinkMade = "link.made",
    LinkRevoked = "link.revoked",
    /// An address of a file that opens for everybody.
    FileLinkMade = "link.file_made",
    FileLinkEnded = "link.file_ended",
    WorkspaceRenamed = "settings.workspace_renamed",
    SettingsChanged = "settings.changed",
    MailTested = "settings.mail_tested",
    Imported = "settings.imported",
    RetentionChanged = "retention.changed",
    RetentionRan = "retention.ran",
    AuditExported = "export.audit",
    ContactsExported = "export.contacts",
    /// Somebody took along what the house holds of themselves.
    OwnDataTaken = "export.own_data",
    /// Everything was asked for as a file; with what is written where not everybody reads, or without.
    HouseExported = "export.house",
    HouseExportTaken = "export.house_taken",
    HouseExportRemoved = "export.house_removed",
}

/// The kinds by which acts are looked through: what stands before the dot.
pub const KINDS: &[&str] = &[
    "house",
    "session",
    "token",
    "person",
    "space",
    "team",
    "desk",
    "booking",
    "contact",
    "webhook",
    "app",
    "link",
    "settings",
    "retention",
    "export",
];

/// What an act was done to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Object {
    Nothing,
    Person(i64),
    Space(i64),
    Team(i64),
    Session(i64),
    Invitation(i64),
    Link(i64),
    Desk(crate::DeskId),
    BookingPage(crate::BookingPageId),
    Contact(crate::ContactId),
    Webhook(crate::WebhookId),
    App(crate::AppId),
}

impl Object {
    /// Its kind and its id, as they are kept.
    pub fn parts(self) -> (&'static str, Option<i64>) {
        match self {
            Object::Nothing => ("", None),
            Object::Person(id) => ("person", Some(id)),
            Object::Space(id) => ("space", Some(id)),
            Object::Team(id) => ("team", Some(id)),
            Object::Session(id) => ("session", Some(id)),
            Object::Invitation(id) => ("invitation", Some(id)),
            Object::Link(id) => ("link", Some(id)),
            Object::BookingPage(id) => ("booking_page", Some(id.0)),
            Object::Desk(id) => ("desk", Some(id.0)),
            Object::Contact(id) => ("contact", Some(id.0)),
            Object::Webhook(id) => ("webhook", Some(id.0)),
            Object::App(id) => ("app", Some(id.0)),
        }
    }
}

impl From<crate::PersonId> for Object {
    fn from(id: crate::PersonId) -> Self {
        Object::Person(id.0)
    }
}

impl From<crate::SpaceId> for Object {
    fn from(id: crate::SpaceId) -> Self {
        Object::Space(id.0)
    }
}

impl From<crate::TeamId> for Object {
    fn from(id: crate::TeamId) -> Self {
        Object::Team(id.0)
    }
}

impl From<crate::SessionId> for Object {
    fn from(id: crate::SessionId) -> Self {
        Object::Session(id.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_act_has_a_name_of_its_own_and_a_kind() {
        for (index, act) in Act::ALL.iter().enumerate() {
            assert_eq!(Act::parse(act.as_str()), Some(*act));
            let (kind, _) = act.as_str().split_once('.').expect("kind.what");
            assert!(KINDS.contains(&kind), "{kind}");
            assert!(Act::ALL[..index].iter().all(|it| it.as_str() != act.as_str()), "{act:?}");
        }
    }
}
