//! What the policy of a route says about somebody, by the rules of the model.

use madang_model::permission::{
    Actor, HouseRight, Right, Role, may, may_furnish_team, may_in_house, may_see_contacts,
};
use madang_model::space::SpaceFacts;
use madang_model::{PersonId, Refusal, SpaceId, WorkspaceId};
use serde_json::Value;

use super::stage::{Object, Who};

/// The policy of a route, as `x-policy` says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Policy {
    Anyone,
    Opening,
    Oneself,
    Space(Right),
    Message(Right, Option<Right>),
    /// A right in the space of a call.
    Call(Right),
    House(HouseRight),
    Team,
    File,
    /// The desk at which "a member" stands; also for whoever manages desks.
    Desk,
    /// The same for who stands there alone.
    Agent,
    /// A ticket of that desk.
    Ticket,
    /// A visitor's own ticket.
    Visit,
    /// Contacts, for who stands at a desk ("a member" does) and whoever manages desks.
    Contacts,
}

/// What is to come of a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// It is done: 2xx.
    Done,
    /// No right is missing, whatever else is said.
    LetIn,
    /// Refused with this code.
    Refused(&'static str),
}

impl Policy {
    pub fn read(policy: &Value, path: &str) -> Policy {
        let right = |key: &str| {
            policy[key].as_str().map(|name| {
                let found = Right::ALL.into_iter().find(|right| right.as_str() == name);
                found.unwrap_or_else(|| panic!("{path} names the right {name}, which there is not"))
            })
        };
        match policy["who"].as_str() {
            Some("anyone") => Policy::Anyone,
            Some("opening") => Policy::Opening,
            Some("oneself") => Policy::Oneself,
            Some("team") => Policy::Team,
            Some("file") => Policy::File,
            Some("desk") => Policy::Desk,
            Some("agent") => Policy::Agent,
            Some("ticket") => Policy::Ticket,
            Some("visit") => Policy::Visit,
            Some("contacts") => Policy::Contacts,
            Some("space") if policy.get("others").is_some() => {
                Policy::Message(right("right").expect("a right"), right("others"))
            }
            Some("call") => Policy::Call(right("right").expect("a right")),
            Some("space") => Policy::Space(right("right").expect("a right")),
            Some("house") => {
                let named = |it: &HouseRight| Some(it.as_str()) == policy["right"].as_str();
                Policy::House(HouseRight::ALL.into_iter().find(named).expect("a right of the house"))
            }
            _ => panic!("{path} has no policy that the matrix knows: {policy}"),
        }
    }

    pub fn needs_sign_in(self) -> bool {
        !matches!(self, Policy::Anyone | Policy::Opening)
    }

    /// The objects that the route is asked about.
    pub fn objects(self) -> &'static [Object] {
        match self {
            Policy::Space(_) | Policy::Message(..) | Policy::Call(_) => &Object::ALL,
            _ => &[Object::Closed],
        }
    }

    /// Whether the message or team asked about is one's own, another's, or both in turn.
    pub fn authors(self, who: &Who, object: Object) -> Vec<bool> {
        match self {
            Policy::Message(..) if super::is_inside(who, object) => vec![true, false],
            Policy::Message(..) => vec![false],
            Policy::Team if who.role.is_some_and(|role| role > Role::Visitor) => vec![true, false],
            _ => vec![super::is_inside(who, object)],
        }
    }

    /// `visitors`: whether the route is open to visitors at desks, who may use no other.
    pub fn expects(self, who: &Who, object: Object, own: bool, visitors: bool) -> Expected {
        if !self.needs_sign_in() {
            return Expected::LetIn;
        }
        let Some(role) = who.role else { return Expected::Refused("not_signed_in") };
        if role == Role::Visitor && !visitors {
            return Expected::Refused("not_allowed");
        }
        let actor =
            Actor { person: PersonId(1), role: Some(role), membership: who.membership(object), agent: false };
        let asks = |right| match may(&actor, right, &facts(object)) {
            // Whoever is in has what they wish for.
            Ok(()) | Err(Refusal::AlreadyIn) => Expected::Done,
            Err(refusal) => Expected::Refused(refusal.code()),
        };
        match self {
            Policy::Anyone | Policy::Opening | Policy::Oneself => Expected::LetIn,
            // Rights to a file are those of its message; the stories of files tell them.
            Policy::File => Expected::Refused("not_found"),
            Policy::Space(right) => asks(right),
            // Nobody is in the call by a browser: the stories of calls tell what comes of it.
            Policy::Call(right) => match asks(Right::Call) {
                Expected::Done if asks(right) == Expected::Done => Expected::LetIn,
                Expected::Done => Expected::Refused("not_allowed"),
                refused => refused,
            },
            Policy::Message(right, _) if own => asks(right),
            Policy::Message(right, None) => match asks(right) {
                Expected::Done => Expected::Refused("not_the_author"),
                refused => refused,
            },
            Policy::Message(_, Some(others)) => match asks(Right::Read) {
                Expected::Done => asks(others),
                refused => refused,
            },
            Policy::Desk if may_in_house(Some(role), HouseRight::ManageDesks).is_ok() => Expected::Done,
            Policy::Desk | Policy::Agent | Policy::Ticket if who.name == "a member" => Expected::Done,
            // What becomes of a visit is told in the stories of desks.
            Policy::Visit if role == Role::Visitor => Expected::LetIn,
            Policy::Desk | Policy::Agent | Policy::Ticket | Policy::Visit => Expected::Refused("not_found"),
            Policy::Contacts => match may_see_contacts(Some(role), who.name == "a member") {
                Ok(()) => Expected::Done,
                Err(refusal) => Expected::Refused(refusal.code()),
            },
            Policy::Team => match may_furnish_team(Some(role), own) {
                Ok(()) => Expected::Done,
                Err(refusal) => Expected::Refused(refusal.code()),
            },
            Policy::House(right) => match may_in_house(Some(role), right) {
                // The body of the example names no mail server; the story of mail settings does.
                Ok(()) if right == HouseRight::ManageMail => Expected::LetIn,
                Ok(()) => Expected::Done,
                Err(refusal) => Expected::Refused(refusal.code()),
            },
        }
    }
}

impl Expected {
    /// What is wrong with an answer; none when it is as expected.
    pub fn unlike(self, status: u16, answer: &Value, method: &str) -> Option<String> {
        // The answer to HEAD has no body to read a code from (RFC 9110, 9.3.2).
        let says_why = method != "HEAD";
        let code = answer["error"]["code"].as_str().unwrap_or_default();
        let rights = ["not_signed_in", "not_allowed", "not_in_team", "not_a_member", "not_the_author"];
        let fits = status < 500
            && match self {
                Expected::Done => (200..300).contains(&status),
                Expected::LetIn => !rights.contains(&code),
                Expected::Refused(expected) => {
                    let class = if expected == "not_signed_in" { 401..402 } else { 403..405 };
                    (code == expected || !says_why) && class.contains(&status)
                }
            };
        (!fits).then(|| format!("{self:?} was expected"))
    }
}

fn facts(object: Object) -> SpaceFacts {
    SpaceFacts {
        id: SpaceId(1),
        workspace: WorkspaceId(1),
        kind: object.kind(),
        name: String::new(),
        description: String::new(),
        archived: false,
        deleted_until: None,
        members: 4,
        pins: 0,
        head: 10,
    }
}
