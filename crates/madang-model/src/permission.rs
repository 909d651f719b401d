//! Who may do what. The one place where permission is decided (invariant 7).
//!
//! `may` answers for one person and one space, `may_in_house` for the
//! workspace. Callers load the facts, ask here, and never compare roles
//! themselves. What a person may not see does not exist for them: the answer
//! is `NotFound`, not `NotAllowed`.

use serde::{Deserialize, Serialize};

use crate::id::PersonId;
use crate::refusal::{Refusal, Thing};
use crate::space::{SpaceFacts, SpaceKind};

/// A person's role in the workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Somebody who is helped at a desk, and is nobody else here.
    Visitor,
    Guest,
    Member,
    Admin,
    Owner,
}

/// A person's role in one space.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SpaceRole {
    Guest,
    Member,
    Host,
}

macro_rules! role_text {
    ($type:ident { $($variant:ident = $text:literal),* $(,)? }) => {
        impl $type {
            pub fn as_str(self) -> &'static str {
                match self { $($type::$variant => $text),* }
            }

            pub fn parse(text: &str) -> Option<Self> {
                match text { $($text => Some($type::$variant),)* _ => None }
            }
        }
    };
}

role_text!(Role { Visitor = "visitor", Guest = "guest", Member = "member", Admin = "admin", Owner = "owner" });
role_text!(SpaceRole { Guest = "guest", Member = "member", Host = "host" });

impl Role {
    /// A role that somebody can be given. Visitors come by themselves.
    pub fn to_give(text: &str) -> Option<Role> {
        Role::parse(text).filter(|role| *role != Role::Visitor)
    }
}

/// Who acts, seen from one space.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Actor {
    pub person: PersonId,
    /// None for a person who is not of this workspace at all.
    pub role: Option<Role>,
    /// None for a person who is not in this space.
    pub membership: Option<SpaceRole>,
    /// Whether they stand at the desk of this ticket, in its space or not.
    pub agent: bool,
}

impl Actor {
    /// Whether what agents keep among themselves is hidden from them. In a ticket a guest is the visitor.
    pub fn is_outside(&self, space: &SpaceFacts) -> bool {
        space.kind == SpaceKind::Ticket && self.membership == Some(SpaceRole::Guest)
    }
}

/// What somebody may want to do with a space.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Right {
    Read,
    Join,
    Leave,
    /// Keep one's own side of a space one is in: read mark, drafts, how much to hear.
    Follow,
    Post,
    React,
    Pin,
    CallEveryone,
    /// Begin a call, or take part in one.
    Call,
    /// Remove what somebody else wrote.
    Moderate,
    /// Name, description, picture.
    Change,
    AddPeople,
    RemovePeople,
    Archive,
    Delete,
    Restore,
    /// Help a visitor: take a ticket, give it on, close it, and write notes.
    Serve,
    /// Be helped: wish for something, allow it, rate it.
    BeServed,
}

impl Right {
    pub const ALL: [Right; 18] = [
        Right::Read,
        Right::Join,
        Right::Leave,
        Right::Follow,
        Right::Post,
        Right::React,
        Right::Pin,
        Right::CallEveryone,
        Right::Call,
        Right::Moderate,
        Right::Change,
        Right::AddPeople,
        Right::RemovePeople,
        Right::Archive,
        Right::Delete,
        Right::Restore,
        Right::Serve,
        Right::BeServed,
    ];

    /// As the description of the API names it.
    pub fn as_str(self) -> &'static str {
        match self {
            Right::Read => "read",
            Right::Join => "join",
            Right::Leave => "leave",
            Right::Follow => "follow",
            Right::Post => "post",
            Right::React => "react",
            Right::Pin => "pin",
            Right::CallEveryone => "call_everyone",
            Right::Call => "call",
            Right::Moderate => "moderate",
            Right::Change => "change",
            Right::AddPeople => "add_people",
            Right::RemovePeople => "remove_people",
            Right::Archive => "archive",
            Right::Delete => "delete",
            Right::Restore => "restore",
            Right::Serve => "serve",
            Right::BeServed => "be_served",
        }
    }
}

/// Decides whether `actor` has `right` in `space`.
pub fn may(actor: &Actor, right: Right, space: &SpaceFacts) -> Result<(), Refusal> {
    if !sees(actor, space) {
        return Err(Refusal::NotFound(Thing::Space));
    }
    let manages = manages(actor);
    if space.deleted_until.is_some() {
        return match right {
            Right::Restore if manages => Ok(()),
            _ if manages => Err(Refusal::SpaceDeleted),
            _ => Err(Refusal::NotFound(Thing::Space)),
        };
    }
    let changes_content = !matches!(
        right,
        Right::Read | Right::Leave | Right::Follow | Right::Archive | Right::Delete | Right::RemovePeople
    );
    if space.archived && changes_content && right != Right::Restore {
        return Err(Refusal::SpaceArchived);
    }
    if space.kind == SpaceKind::Direct
        && matches!(
            right,
            Right::Join
                | Right::Leave
                | Right::AddPeople
                | Right::RemovePeople
                | Right::Archive
                | Right::Delete
        )
    {
        return Err(Refusal::DirectIsFixed);
    }
    if space.kind == SpaceKind::Ticket
        && matches!(
            right,
            Right::Archive | Right::Delete | Right::Restore | Right::RemovePeople | Right::AddPeople
        )
    {
        return Err(Refusal::TicketIsFixed);
    }
    // Somebody who became a guest of the house is a guest in every space, whatever an old membership says.
    let is_guest = actor.role.is_some_and(|role| role <= Role::Guest);
    let member = actor
        .membership
        .map(|role| if is_guest { SpaceRole::Guest } else { role })
        .ok_or(Refusal::NotAMember);
    match right {
        Right::Read => Ok(()),
        Right::Join => match actor.membership {
            Some(_) => Err(Refusal::AlreadyIn),
            None => Ok(()),
        },
        // The matter is the visitor's: they close it.
        Right::Leave if actor.is_outside(space) => Err(Refusal::TicketIsFixed),
        Right::Leave | Right::Follow | Right::Post | Right::React | Right::Call => member.map(|_| ()),
        Right::Serve if actor.agent && !actor.is_outside(space) => Ok(()),
        Right::BeServed if actor.is_outside(space) => Ok(()),
        Right::Serve => Err(Refusal::NotAllowed("agent")),
        Right::BeServed => Err(Refusal::NotAllowed("visitor")),
        Right::Pin | Right::AddPeople => {
            if member? == SpaceRole::Guest {
                Err(Refusal::NotAllowed("member"))
            } else {
                Ok(())
            }
        }
        Right::CallEveryone => match member? {
            SpaceRole::Host => Ok(()),
            _ if manages => Ok(()),
            SpaceRole::Member if space.members <= crate::limits::EVERYONE_MEMBERS => Ok(()),
            _ => Err(Refusal::EveryoneNotAllowed),
        },
        Right::Change if space.kind == SpaceKind::Direct => member.map(|_| ()),
        Right::Moderate
        | Right::Change
        | Right::RemovePeople
        | Right::Archive
        | Right::Delete
        | Right::Restore => {
            if manages {
                Ok(())
            } else {
                Err(Refusal::NotAllowed("host"))
            }
        }
    }
}

/// Whether the space exists for this person at all.
fn sees(actor: &Actor, space: &SpaceFacts) -> bool {
    actor.membership.is_some()
        || (space.kind == SpaceKind::Open && actor.role.is_some_and(|role| role >= Role::Member))
        || (space.kind == SpaceKind::Ticket && actor.agent)
}

/// A host manages their space; an admin manages every space they can see.
/// A guest never manages, whatever an old membership says.
fn manages(actor: &Actor) -> bool {
    match actor.role {
        Some(Role::Admin | Role::Owner) => true,
        Some(Role::Member) => actor.membership == Some(SpaceRole::Host),
        Some(Role::Visitor | Role::Guest) | None => false,
    }
}

/// What somebody may want to do with the workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum HouseRight {
    /// See everybody, and browse the open spaces.
    SeePeople,
    /// See the e-mail addresses of others.
    SeeAddresses,
    CreateSpace,
    /// Begin a direct space with people one can see.
    StartDirect,
    InviteGuest,
    InviteMember,
    ManagePeople,
    ManageTeams,
    ChangeWorkspace,
    /// See how the house is: numbers, storage, what wants looking at.
    SeeOverview,
    /// Say by which mail server mails leave the house.
    ManageMail,
    /// See every join link of the house, and end it; also of spaces one is not in.
    ManageLinks,
    /// Say how long messages are kept.
    ManageRetention,
    /// Erase what is known of somebody, for good.
    ErasePeople,
    /// Read the audit log, and carry it out of the house.
    ReadAudit,
    /// Bring in another house, with words that are taken for those of its people.
    Import,
    /// Carry everything out of the house, as a file.
    Export,
    /// Make desks, say when they are open and who stands at them.
    ManageDesks,
    /// Stand at a desk. At which ones, the desks say.
    BeAgent,
    /// Bring in contacts from a file, and carry them out of the house.
    MoveContacts,
    /// Say which addresses outside are told what happens.
    ManageWebhooks,
    /// Install apps, say what they may, and end them.
    ManageApps,
}

impl HouseRight {
    pub const ALL: [HouseRight; 22] = [
        HouseRight::SeePeople,
        HouseRight::SeeAddresses,
        HouseRight::CreateSpace,
        HouseRight::StartDirect,
        HouseRight::InviteGuest,
        HouseRight::InviteMember,
        HouseRight::ManagePeople,
        HouseRight::ManageTeams,
        HouseRight::ChangeWorkspace,
        HouseRight::SeeOverview,
        HouseRight::ManageMail,
        HouseRight::ManageLinks,
        HouseRight::ManageRetention,
        HouseRight::ErasePeople,
        HouseRight::ReadAudit,
        HouseRight::Import,
        HouseRight::Export,
        HouseRight::ManageDesks,
        HouseRight::BeAgent,
        HouseRight::MoveContacts,
        HouseRight::ManageWebhooks,
        HouseRight::ManageApps,
    ];

    /// As the description of the API names it.
    pub fn as_str(self) -> &'static str {
        match self {
            HouseRight::SeePeople => "see_people",
            HouseRight::SeeAddresses => "see_addresses",
            HouseRight::CreateSpace => "create_space",
            HouseRight::StartDirect => "start_direct",
            HouseRight::InviteGuest => "invite_guest",
            HouseRight::InviteMember => "invite_member",
            HouseRight::ManagePeople => "manage_people",
            HouseRight::ManageTeams => "manage_teams",
            HouseRight::ChangeWorkspace => "change_workspace",
            HouseRight::SeeOverview => "see_overview",
            HouseRight::ManageMail => "manage_mail",
            HouseRight::ManageLinks => "manage_links",
            HouseRight::ManageRetention => "manage_retention",
            HouseRight::ErasePeople => "erase_people",
            HouseRight::ReadAudit => "read_audit",
            HouseRight::Import => "import",
            HouseRight::Export => "export",
            HouseRight::ManageDesks => "manage_desks",
            HouseRight::BeAgent => "be_agent",
            HouseRight::MoveContacts => "move_contacts",
            HouseRight::ManageWebhooks => "manage_webhooks",
            HouseRight::ManageApps => "manage_apps",
        }
    }
}

/// Decides whether a person with `role` has `right` in the workspace.
pub fn may_in_house(role: Option<Role>, right: HouseRight) -> Result<(), Refusal> {
    let (needed, name) = match right {
        HouseRight::StartDirect => (Role::Guest, "guest"),
        HouseRight::SeePeople
        | HouseRight::SeeAddresses
        | HouseRight::CreateSpace
        | HouseRight::BeAgent
        | HouseRight::InviteGuest => (Role::Member, "member"),
        HouseRight::InviteMember
        | HouseRight::ManagePeople
        | HouseRight::ManageTeams
        | HouseRight::ChangeWorkspace
        | HouseRight::SeeOverview
        | HouseRight::ManageLinks
        | HouseRight::ManageDesks
        | HouseRight::MoveContacts
        | HouseRight::ManageWebhooks
        | HouseRight::ManageApps
        | HouseRight::ReadAudit => (Role::Admin, "admin"),
        // What is erased comes back for nobody; whoever names the mail server reads every link that is mailed.
        HouseRight::Import
        | HouseRight::Export
        | HouseRight::ManageRetention
        | HouseRight::ErasePeople
        | HouseRight::ManageMail => (Role::Owner, "owner"),
    };
    match role {
        None => Err(Refusal::NotFound(Thing::Workspace)),
        Some(role) if role >= needed => Ok(()),
        Some(_) => Err(Refusal::NotAllowed(name)),
    }
}

/// Decides whether a person with `role` may give spaces to a team or take them from it: people of the team, and
/// whoever manages teams. It says nothing about the space; that is asked with `may`.
pub fn may_furnish_team(role: Option<Role>, in_team: bool) -> Result<(), Refusal> {
    may_in_house(role, HouseRight::CreateSpace)?;
    match may_in_house(role, HouseRight::ManageTeams) {
        Err(_) if !in_team => Err(Refusal::NotInTeam),
        _ => Ok(()),
    }
}

/// Decides whether a person with `role` may know of contacts, and write down what is known of them: whoever stands at
/// some desk, and whoever manages desks.
pub fn may_see_contacts(role: Option<Role>, stands_at_a_desk: bool) -> Result<(), Refusal> {
    may_in_house(role, HouseRight::BeAgent)?;
    match may_in_house(role, HouseRight::ManageDesks) {
        Err(_) if !stands_at_a_desk => Err(Refusal::NotAllowed("agent")),
        _ => Ok(()),
    }
}

/// Decides whether somebody with `actor` may give `to` to a person who has
/// `from`. Nobody gives more than they have; only an owner touches owners.
pub fn may_change_role(actor: Role, from: Option<Role>, to: Option<Role>) -> Result<(), Refusal> {
    may_in_house(Some(actor), HouseRight::ManagePeople)?;
    // Whoever is helped at a desk may be forgotten, and becomes nothing else.
    if from == Some(Role::Visitor) && to.is_some() {
        return Err(Refusal::NotFound(Thing::Person));
    }
    let touches_owner = from == Some(Role::Owner) || to == Some(Role::Owner);
    if touches_owner && actor != Role::Owner {
        return Err(Refusal::NotAllowed("owner"));
    }
    Ok(())
}
