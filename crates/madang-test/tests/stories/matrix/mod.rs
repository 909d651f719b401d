//! Who may do what: every route that the API describes, with everybody who could ask, on objects of their own
//! space and of others. What is to come is worked out from the route's policy (`x-policy` in the description) and
//! from the rules of the model; so a route without a row fails, and so does one whose row is not what it does.

mod apps;
mod examples;
mod expected;
mod stage;

use futures_util::StreamExt;
use serde_json::Value;

use self::examples::Ask;
use self::expected::{Expected, Policy};
use self::stage::{Object, Stage, Who};
use crate::translation::{Service, house};

/// Routes that are asked at the same time.
const AT_ONCE: usize = 6;

/// One operation of the description.
struct Route {
    method: String,
    path: String,
    policy: Policy,
    visitors: bool,
}

impl Route {
    /// A house writes one export at a time, and whoever erases somebody removes those that are done; whoever may ends
    /// the call of a space that others ask about: such routes are asked one after the other.
    fn is_asked_alone(&self) -> bool {
        self.path.contains("/exports") || self.path.ends_with("/erase") || self.path.contains("/calls/{call}")
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_authorisation_matrix_holds() {
    let translator = Service::open().await;
    let house = house(&translator).await;
    let (_, api) = house.ask(None, "GET", "/openapi.json", None).await.expect("asked");
    let routes = routes(&api);
    assert!(routes.len() > 60, "the description lists the routes");
    let stage = Stage::set(&house).await;
    let (alone, others): (Vec<&Route>, Vec<&Route>) = routes.iter().partition(|it| it.is_asked_alone());
    let asked = futures_util::stream::iter(others).map(|route| one_route(&stage, route));
    let mut failures: Vec<Vec<String>> = asked.buffer_unordered(AT_ONCE).collect().await;
    for route in alone {
        failures.push(one_route(&stage, route).await);
    }
    let failures = failures.concat();
    assert!(failures.is_empty(), "{} cells are wrong:\n{}", failures.len(), failures.join("\n"));
}

fn routes(api: &Value) -> Vec<Route> {
    let mut routes = Vec::new();
    for (path, methods) in api["paths"].as_object().expect("paths") {
        for (method, operation) in methods.as_object().expect("methods") {
            let policy = Policy::read(&operation["x-policy"], path);
            let signed_in = !operation["security"].is_null();
            assert_eq!(policy.needs_sign_in(), signed_in, "{method} {path} says two things");
            let visitors = operation["x-policy"]["visitors"] == true;
            routes.push(Route { method: method.to_uppercase(), path: path.clone(), policy, visitors });
        }
    }
    routes
}

/// Everybody asks for one route; gives the cells that are not as they should be.
async fn one_route(stage: &Stage<'_>, route: &Route) -> Vec<String> {
    let mut wrong = Vec::new();
    for object in route.policy.objects() {
        let shared = stage.object(*object).await;
        for who in &stage.cast {
            for own in route.policy.authors(who, *object) {
                let expected = route.policy.expects(who, *object, own, route.visitors);
                // Whoever may gets objects of their own to do it to; the others must not change the shared ones.
                let fresh = match expected {
                    Expected::Done => Some(stage.object(*object).await),
                    _ => None,
                };
                let ask = Ask { stage, route, who, object: fresh.as_ref().unwrap_or(&shared), own };
                let (status, answer) = ask.send().await;
                if let Some(why) = expected.unlike(status, &answer, &route.method) {
                    let whose = if own { "own" } else { "another's" };
                    wrong.push(format!(
                        "{} {} by {} on {object:?} ({whose}): {why}, got {status} {answer}",
                        route.method, route.path, who.name
                    ));
                }
            }
        }
    }
    wrong
}

fn is_inside(who: &Who, object: Object) -> bool {
    who.membership(object).is_some()
}
