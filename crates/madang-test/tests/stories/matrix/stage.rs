//! Who asks, and about what.

use madang_model::permission::{Role, SpaceRole};
use madang_model::space::SpaceKind;
use madang_test::House;
use serde_json::json;

use crate::cast::{does, guest, joins, link};
use crate::talk::{new_space, post};

/// Somebody who asks.
pub struct Who {
    pub name: &'static str,
    pub token: Option<String>,
    pub id: String,
    /// None for somebody who is not signed in, whatever they send.
    pub role: Option<Role>,
    inside: Vec<(Object, SpaceRole)>,
}

/// What is asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Object {
    Closed,
    /// A closed space in which only its host and one guest are.
    Foreign,
    Open,
    Direct,
}

impl Object {
    pub const ALL: [Object; 4] = [Object::Closed, Object::Foreign, Object::Open, Object::Direct];

    pub fn kind(self) -> SpaceKind {
        match self {
            Object::Closed | Object::Foreign => SpaceKind::Closed,
            Object::Open => SpaceKind::Open,
            Object::Direct => SpaceKind::Direct,
        }
    }
}

impl Who {
    pub fn membership(&self, object: Object) -> Option<SpaceRole> {
        self.inside.iter().find(|(it, _)| *it == object).map(|(_, role)| *role)
    }
}

/// A space with somebody in it, and a message of its host.
pub struct Place {
    pub object: Object,
    pub space: String,
    pub seq: i64,
}

pub struct Stage<'a> {
    pub house: &'a House,
    pub cast: Vec<Who>,
    direct: String,
    /// At which "a member" stands, and a ticket of it.
    pub desk: String,
    pub ticket: String,
}

impl<'a> Stage<'a> {
    pub async fn set(house: &'a House) -> Stage<'a> {
        use Object::{Closed, Direct, Foreign, Open};
        let me = does(house, &house.token, "GET", "/me", None).await;
        let nari = me["me"]["id"].as_str().expect("an id").to_owned();
        let (joon, joons) = house.member("joon").expect("joon");
        let (bori, boris) = house.member("bori").expect("bori");
        let (mina, minas) = house.member("mina").expect("mina");
        let (gone, gones) = house.member("gone").expect("gone");
        let (dara, daras) = house.member("dara").expect("dara");
        does(house, &house.token, "PATCH", &format!("/people/{dara}"), Some(json!({"role": "admin"}))).await;
        let hall = new_space(house, &house.token, "closed").await;
        let (sam, sams) = guest(house, &hall, "sam").await;
        let (bora, boras) = joins(house, &link(house, &house.token, &hall).await, "bora").await;
        does(house, &house.token, "DELETE", &format!("/people/{gone}"), None).await;
        let second = does(house, &joons, "POST", "/tokens", Some(json!({"label": "lost"}))).await;
        let path = format!("/tokens/{}", second["id"].as_str().expect("an id"));
        does(house, &joons, "DELETE", &path, None).await;
        let ended = second["token"].as_str().expect("a token").to_owned();
        let direct = does(house, &house.token, "POST", "/directs", Some(json!({"people": [joon]}))).await;
        let (host, member, visitor) = (SpaceRole::Host, SpaceRole::Member, SpaceRole::Guest);
        let who = |name, token: Option<String>, id: &str, role, inside: &[(Object, SpaceRole)]| Who {
            name,
            token,
            id: id.to_owned(),
            role,
            inside: inside.to_vec(),
        };
        let everywhere = [(Closed, host), (Foreign, host), (Open, host), (Direct, member)];
        let cast = vec![
            who("nobody", None, &mina, None, &[]),
            who("somebody removed", Some(gones), &gone, None, &[]),
            who("an ended session", Some(ended), &joon, None, &[]),
            who("a member outside", Some(minas), &mina, Some(Role::Member), &[]),
            who("a guest elsewhere", Some(boras), &bora, Some(Role::Guest), &[(Foreign, visitor)]),
            who("a guest", Some(sams), &sam, Some(Role::Guest), &[(Closed, visitor), (Open, visitor)]),
            who(
                "a member",
                Some(joons),
                &joon,
                Some(Role::Member),
                &[(Closed, member), (Open, member), (Direct, member)],
            ),
            who("a host", Some(boris), &bori, Some(Role::Member), &[(Closed, host), (Open, host)]),
            who("an admin outside", Some(daras), &dara, Some(Role::Admin), &[]),
            who("the owner", Some(house.token.clone()), &nari, Some(Role::Owner), &everywhere),
        ];
        let mut cast = cast;
        let (desk, key) = crate::desks::desk(house, &[&joon], json!({})).await;
        let (visitors, ticket) = crate::desks::comes(house, &key, "dara", "chat").await;
        let visit = does(house, &visitors, "GET", "/visit", None).await;
        let visitor = visit["me"]["id"].as_str().expect("an id");
        cast.push(who("a visitor", Some(visitors), visitor, Some(Role::Visitor), &[]));
        let direct = direct["space"]["id"].as_str().expect("an id").to_owned();
        Stage { house, cast, direct, desk, ticket }
    }

    /// A fresh space of a kind with everybody who belongs in it. There is one direct space, for its people have one.
    pub async fn object(&self, object: Object) -> Place {
        let owner = &self.house.token;
        let space = match object {
            Object::Direct => self.direct.clone(),
            Object::Open => new_space(self.house, owner, "open").await,
            Object::Closed | Object::Foreign => new_space(self.house, owner, "closed").await,
        };
        for who in self.cast.iter().filter(|who| object != Object::Direct && who.name != "the owner") {
            if let Some(role) = who.membership(object) {
                let body = json!({"person": who.id, "role": role.as_str()});
                does(self.house, owner, "POST", &format!("/spaces/{space}/members"), Some(body)).await;
            }
        }
        let seq = post(self.house, owner, &space, "비밀").await;
        Place { object, space, seq }
    }
}
