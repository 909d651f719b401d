//! Opening the house, people, invitations, links, teams, sessions.

use madang_app::Invitation as AppInvitation;
use madang_model::permission::Role;
use madang_store::house::WorkspaceRecord;
use madang_store::links::LinkRecord;
use madang_store::secrets::SecretRecord;
use madang_store::teams::TeamRecord;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::person::Person;

#[derive(Debug, Serialize, ToSchema)]
pub struct SetupState {
    /// The house waits for its first day.
    pub needed: bool,
    /// Reached by https, or on this machine: phones and cameras need that.
    pub secure: bool,
    /// Mail can be sent.
    pub mail: bool,
    /// Whose door this is, after the first day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub front: Option<super::settings::Front>,
    /// Whether whoever asks is signed in.
    pub signed_in: bool,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct SetUpHouse {
    pub workspace: String,
    pub email: String,
    pub name: String,
    pub password: String,
    #[serde(default)]
    pub language: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Workspace {
    pub id: String,
    pub name: String,
    /// Whether what links lead to is shown beside messages.
    pub previews: bool,
}

impl From<WorkspaceRecord> for Workspace {
    fn from(record: WorkspaceRecord) -> Self {
        Workspace { id: record.id.to_string(), name: record.name, previews: record.previews }
    }
}

/// What is left out stays as it is.
#[derive(Debug, Deserialize, ToSchema)]
pub struct ChangeWorkspace {
    pub name: Option<String>,
    pub previews: Option<bool>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct WorkspaceAnswer {
    pub workspace: Workspace,
    /// Whether messages can be translated.
    pub translates: bool,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct HouseBegun {
    pub me: Person,
    pub workspace: Workspace,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct SignIn {
    pub email: String,
    pub password: String,
    /// What the person calls the device.
    pub device: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Me {
    pub me: Person,
    /// Where an invitation or a link led.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub space: Option<String>,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct Email {
    pub email: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct EmailAnswer {
    pub email: String,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct NewPassword {
    pub password: String,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct ChangePassword {
    pub current: String,
    pub password: String,
    /// Let programs go on with the tokens they have.
    #[serde(default)]
    pub keep_tokens: bool,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct MakeAccount {
    pub email: String,
    pub password: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Offer {
    pub workspace: String,
    pub email: String,
    pub inviter: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub space: Option<Named>,
    pub role: &'static str,
    /// The address has an account: sign in to accept.
    pub account: bool,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Named {
    pub name: String,
}

/// As a new person all fields; as the signed-in person it is for, none.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Accept {
    pub name: Option<String>,
    pub password: Option<String>,
    #[serde(default)]
    pub language: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Door {
    pub workspace: String,
    pub space: DoorSpace,
    pub inviter: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct DoorSpace {
    pub id: String,
    pub name: String,
    pub members: i64,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct JoinByLink {
    pub name: Option<String>,
    #[serde(default)]
    pub language: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct MyProfile {
    pub me: MeWithAccount,
    pub workspace: Workspace,
    #[schema(value_type = Object)]
    pub settings: serde_json::Value,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct MeWithAccount {
    #[serde(flatten)]
    pub person: Person,
    /// False for a guest with just a name.
    pub account: bool,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct ChangeMe {
    pub name: Option<String>,
    pub language: Option<String>,
    /// A file id, or null to take the picture away.
    #[serde(default, deserialize_with = "super::space::given")]
    #[schema(value_type = Option<String>)]
    pub picture: Option<Option<String>>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Settings {
    #[schema(value_type = Object)]
    pub settings: serde_json::Value,
}

/// Changes of settings, by key. A key that is given twice is refused: two
/// readers of the same text must not see two things in it.
#[derive(Debug)]
pub struct Changes(pub serde_json::Map<String, serde_json::Value>);

impl<'de> Deserialize<'de> for Changes {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Keys).map(Changes)
    }
}

struct Keys;

impl<'de> serde::de::Visitor<'de> for Keys {
    type Value = serde_json::Map<String, serde_json::Value>;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut changes = serde_json::Map::new();
        while let Some((key, value)) = map.next_entry::<String, serde_json::Value>()? {
            if changes.contains_key(&key) {
                return Err(serde::de::Error::custom(format!("duplicate field `{key}`")));
            }
            changes.insert(key, value);
        }
        Ok(changes)
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Sessions {
    pub sessions: Vec<Session>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Session {
    pub id: String,
    pub device: String,
    pub created_at: i64,
    pub seen_at: i64,
    pub current: bool,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Tokens {
    pub tokens: Vec<Token>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Token {
    pub id: String,
    pub label: String,
    /// `native`, `agent`, or `app` for one by which an app acts.
    pub kind: &'static str,
    /// What it may; missing where it may what oneself may.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scopes: Option<Vec<String>>,
    pub created_at: i64,
    pub seen_at: i64,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct CreateToken {
    #[serde(default)]
    pub label: String,
    /// `native`, which is usual, or `agent`: opens the door for AI agents alone.
    pub kind: Option<String>,
    /// Of an agent's: some of `read`, `write`, `files` and `tickets`.
    #[serde(default)]
    pub scopes: Vec<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct TokenCreated {
    pub id: String,
    /// Shown this once.
    pub token: String,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
pub struct ListPeople {
    /// Part of a name.
    pub q: Option<String>,
    pub cursor: Option<String>,
    pub limit: Option<i64>,
    /// "deactivated": those who are out for a while, for who manages people.
    pub state: Option<String>,
    /// Comma-separated ids: just these.
    pub ids: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct People {
    pub people: Vec<Person>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct Invite {
    pub email: String,
    /// "owner", "admin" or "member".
    pub role: String,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct ChangeRole {
    pub role: String,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct ErasePerson {
    /// What they wrote goes too; without it, it stays without a name.
    #[serde(default)]
    pub messages: bool,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct PersonAnswer {
    pub person: Person,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Invited {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person: Option<Person>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub invitation: Option<Invitation>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Invitation {
    pub id: String,
    pub email: String,
    pub role: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub space: Option<String>,
    pub inviter: String,
    pub created_at: i64,
    pub expires_at: i64,
    pub mailed: bool,
    /// The link, for the inviter to pass on, when no mail can be sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

impl From<SecretRecord> for Invitation {
    fn from(record: SecretRecord) -> Self {
        Invitation {
            id: record.id.to_string(),
            email: record.email.unwrap_or_default(),
            role: record.role.unwrap_or(Role::Guest).as_str(),
            space: record.space.map(|id| id.to_string()),
            inviter: record.inviter.map(|id| id.to_string()).unwrap_or_default(),
            created_at: record.created_at,
            expires_at: record.expires_at,
            mailed: record.mailed,
            url: None,
        }
    }
}

impl From<AppInvitation> for Invitation {
    fn from(invitation: AppInvitation) -> Self {
        Invitation { url: invitation.url, ..invitation.record.into() }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Invitations {
    pub invitations: Vec<Invitation>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct InvitationAnswer {
    pub invitation: Invitation,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Members {
    pub members: Vec<Member>,
    pub invited: Vec<Invitation>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Member {
    pub person: Person,
    /// "host", "member" or "guest".
    pub role: &'static str,
    pub joined_at: i64,
}

/// Somebody by address, or by id.
#[derive(Debug, Deserialize, ToSchema)]
pub struct AddMember {
    pub email: Option<String>,
    pub person: Option<String>,
    /// "member" or "host"; guests of the workspace stay guests.
    pub role: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct MemberAdded {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub membership: Option<Membership>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub invitation: Option<Invitation>,
    #[schema(value_type = Option<Object>)]
    pub event: Option<std::sync::Arc<madang_model::Event>>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Membership {
    pub person: Person,
    pub role: &'static str,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct CreateLink {
    /// Seconds, or 0 for without end; as the workspace has chosen when left out.
    pub expires_in: Option<i64>,
    /// How many may come in, or 0 for any number; as the workspace has chosen when left out.
    pub uses: Option<i64>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Links {
    pub links: Vec<Link>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct LinkAnswer {
    pub link: Link,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Link {
    pub id: String,
    pub created_by: String,
    pub created_at: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uses_left: Option<i64>,
    pub used: i64,
    /// Only in the answer that made it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

impl From<LinkRecord> for Link {
    fn from(link: LinkRecord) -> Self {
        Link {
            id: link.id.to_string(),
            created_by: link.created_by.to_string(),
            created_at: link.created_at,
            expires_at: link.expires_at,
            uses_left: link.uses_left,
            used: link.used,
            url: None,
        }
    }
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct Name {
    pub name: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Teams {
    pub teams: Vec<Team>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct TeamAnswer {
    pub team: Team,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Team {
    pub id: String,
    pub name: String,
    pub members: Vec<String>,
    pub spaces: Vec<String>,
}

impl From<TeamRecord> for Team {
    fn from(team: TeamRecord) -> Self {
        Team {
            id: team.id.to_string(),
            name: team.name,
            members: team.members.iter().map(ToString::to_string).collect(),
            spaces: team.spaces.iter().map(ToString::to_string).collect(),
        }
    }
}
