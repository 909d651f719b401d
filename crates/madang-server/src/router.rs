//! The table of all routes, each with its policy, and the router made of it.
//!
//! A handler is listed once, by `endpoint!`; its path and
//! method come from the same `#[utoipa::path]` that describes it. So there is
//! no route without a policy, and none that is not in the OpenAPI text.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::middleware::from_fn_with_state;
use axum::routing::{MethodFilter, MethodRouter};
use axum::{Extension, Router};
use madang_app::App;
use madang_model::permission::{HouseRight, Right};
use serde_json::json;
use utoipa::openapi::path::{HttpMethod, Operation};
use utoipa::openapi::{RefOr, Schema};

use crate::guard;
use crate::socket::Hub;

/// What every handler can ask for.
#[derive(Clone)]
pub struct Doors {
    pub app: Arc<App>,
    pub hub: Arc<Hub>,
    pub guard: Arc<crate::guard::Guard>,
    /// The door for Slack's clients.
    pub slack: madang_slack::Slack,
    /// The relay of this house, where it has one.
    pub relay: Option<Arc<crate::turn::Relay>>,
    /// As the server was started, with the address that it really listens at.
    pub config: Arc<crate::config::Config>,
}

impl axum::extract::FromRef<Doors> for Arc<App> {
    fn from_ref(doors: &Doors) -> Self {
        doors.app.clone()
    }
}

/// Who may use a route. The rule itself is asked for in the model; the table
/// says which, and the authorisation matrix in the tests holds the two together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Policy {
    /// Nobody needs to be known, and nothing is told that anybody may not know.
    Anyone,
    /// Nobody is known yet: signing in, links with their own secret. Each
    /// network may try so often a minute.
    Opening,
    /// Any signed-in person, about nothing but themselves.
    Oneself,
    /// A right in the space that the path names.
    Space(Right),
    /// A message of that space: one's own with the first right, that of
    /// somebody else with the second; with none, its author only.
    Message(Right, Option<Right>),
    /// A right in the space of the call that the path names. Its host has the rights of hosts in it.
    Call(Right),
    /// A right in the workspace.
    House(HouseRight),
    /// The team that the path names, for its people and whoever manages teams.
    Team,
    /// The file that the path names, through the one file gate.
    File,
    /// The desk that the path names, for who stands at it and whoever manages desks.
    Desk,
    /// The same, for who stands at it alone.
    Agent,
    /// The ticket that the path names, for who stands at its desk and whoever else helps in it.
    Ticket,
    /// A visitor's own ticket.
    Visit,
    /// Contacts, for who stands at some desk and whoever manages desks.
    Contacts,
}

impl Policy {
    /// Whether the caller must be signed in.
    pub fn needs_sign_in(self) -> bool {
        !matches!(self, Policy::Anyone | Policy::Opening)
    }

    /// As the description of the API says it, in `x-policy`.
    pub fn described(self) -> serde_json::Value {
        match self {
            Policy::Anyone => json!({"who": "anyone"}),
            Policy::Opening => json!({"who": "opening"}),
            Policy::Oneself => json!({"who": "oneself"}),
            Policy::Space(right) => json!({"who": "space", "right": right.as_str()}),
            Policy::Message(own, others) => {
                json!({"who": "space", "right": own.as_str(), "others": others.map(Right::as_str)})
            }
            Policy::Call(right) => json!({"who": "call", "right": right.as_str()}),
            Policy::House(right) => json!({"who": "house", "right": right.as_str()}),
            Policy::Team => json!({"who": "team"}),
            Policy::File => json!({"who": "file"}),
            Policy::Desk => json!({"who": "desk"}),
            Policy::Agent => json!({"who": "agent"}),
            Policy::Ticket => json!({"who": "ticket"}),
            Policy::Visit => json!({"who": "visit"}),
            Policy::Contacts => json!({"who": "contacts"}),
        }
    }
}

/// Stands with the requests of routes that visitors may use.
#[derive(Debug, Clone, Copy)]
pub struct ForVisitors;

/// One route.
pub struct Endpoint {
    pub method: HttpMethod,
    pub path: String,
    pub policy: Policy,
    /// Its body is read as it comes and limited by the handler, not by the size of JSON.
    pub streaming: bool,
    /// Visitors at desks may use it too.
    pub visitors: bool,
    pub(crate) operation: Operation,
    pub(crate) schemas: Vec<(String, RefOr<Schema>)>,
    pub(crate) route: MethodRouter<Doors>,
}

/// Lists a handler with its policy: `endpoint!(post, __path_post, Policy::Space(Right::Post))`.
/// The second name is the one that `#[utoipa::path]` makes.
#[macro_export]
macro_rules! endpoint {
    ($handler:ident, $described:ident, $policy:expr) => {
        $crate::router::Endpoint::new::<$described, _, _>(
            $policy,
            <$described as utoipa::__dev::SchemaReferences>::schemas,
            $handler,
        )
    };
}

impl Endpoint {
    /// Used by `endpoint!`.
    pub fn new<P, H, T>(
        policy: Policy,
        schemas: fn(&mut Vec<(String, RefOr<Schema>)>),
        handler: H,
    ) -> Endpoint
    where
        P: utoipa::Path,
        H: axum::handler::Handler<T, Doors>,
        T: 'static,
    {
        let method = P::methods().pop().expect("utoipa::path always names a method");
        let mut collected = Vec::new();
        schemas(&mut collected);
        Endpoint {
            path: P::path(),
            policy,
            streaming: false,
            visitors: false,
            operation: P::operation(),
            schemas: collected,
            route: axum::routing::on(filter(&method), handler),
            method,
        }
    }

    /// With something around the handler.
    pub fn layered(self, around: impl FnOnce(MethodRouter<Doors>) -> MethodRouter<Doors>) -> Endpoint {
        Endpoint { route: around(self.route), ..self }
    }

    /// The policy as the description of the API says it.
    pub fn described(&self) -> serde_json::Value {
        let mut policy = self.policy.described();
        if self.visitors {
            policy["visitors"] = json!(true);
        }
        policy
    }

    /// Also for visitors at desks, who may use nothing else.
    pub fn for_visitors(self) -> Endpoint {
        Endpoint { visitors: true, ..self }
    }

    /// For a body that is taken in as a stream.
    pub fn streaming(self) -> Endpoint {
        Endpoint { streaming: true, ..self }
    }
}

fn filter(method: &HttpMethod) -> MethodFilter {
    match method {
        HttpMethod::Get => MethodFilter::GET,
        HttpMethod::Post => MethodFilter::POST,
        HttpMethod::Put => MethodFilter::PUT,
        HttpMethod::Delete => MethodFilter::DELETE,
        HttpMethod::Patch => MethodFilter::PATCH,
        HttpMethod::Head => MethodFilter::HEAD,
        HttpMethod::Options => MethodFilter::OPTIONS,
        HttpMethod::Trace => MethodFilter::TRACE,
    }
}

/// The router of all endpoints.
pub fn router(endpoints: Vec<Endpoint>, doors: &Doors) -> Router<Doors> {
    let mut by_path: BTreeMap<String, MethodRouter<Doors>> = BTreeMap::new();
    for endpoint in endpoints {
        let route = match endpoint.policy {
            Policy::Opening => endpoint.route.layer(from_fn_with_state(doors.clone(), guard::openings)),
            _ => endpoint.route,
        };
        let route = if endpoint.visitors { route.layer(Extension(ForVisitors)) } else { route };
        let merged = by_path.remove(&endpoint.path).unwrap_or_default().merge(route);
        by_path.insert(endpoint.path, merged);
    }
    let mut router = Router::new();
    for (path, route) in by_path {
        router = router.route(&path, route);
    }
    router
}
