//! Which crate may use which: the table of ARCHITECTURE.md, read against what Cargo resolved.

use serde_json::Value;

use crate::house::{list, text};

struct Arrow {
    name: &'static str,
    /// Crates of this house that it may use.
    own: &'static [&'static str],
    /// Crates from outside that it must not name in its manifest.
    never: &'static [&'static str],
}

const SQL: [&str; 4] = ["rusqlite", "postgres", "tokio-postgres", "sqlx"];
/// `jiff` is the calendar of the model, with zones that are compiled in; that it is not asked for the time is checked in
/// `knows.rs`.
const CLOCK_AND_LOTS: [&str; 6] = ["chrono", "getrandom", "rand", "time", "ulid", "uuid"];

const ARROWS: &[Arrow] = &[
    Arrow {
        name: "madang-model",
        own: &[],
        never: &[
            "axum",
            "chrono",
            "getrandom",
            "http",
            "hyper",
            "postgres",
            "rand",
            "reqwest",
            "rusqlite",
            "sqlx",
            "time",
            "tokio",
            "tracing",
            "ulid",
            "uuid",
        ],
    },
    Arrow {
        name: "madang-store",
        own: &["madang-model"],
        never: &["axum", "http", "hyper", "reqwest", "tower", "tower-http", "utoipa"],
    },
    Arrow {
        name: "madang-media",
        own: &["madang-model"],
        never: &["axum", "hyper", "postgres", "reqwest", "rusqlite", "sqlx", "utoipa"],
    },
    Arrow {
        name: "madang-app",
        own: &["madang-model", "madang-store"],
        never: &["axum", "hyper", "postgres", "rusqlite", "sqlx", "str0m", "tower-http", "utoipa"],
    },
    Arrow {
        name: "madang-slack",
        own: &["madang-model", "madang-app"],
        never: &["postgres", "rusqlite", "sqlx", "str0m"],
    },
    Arrow {
        name: "madang-server",
        own: &["madang-model", "madang-store", "madang-media", "madang-app", "madang-slack"],
        never: &SQL,
    },
    Arrow {
        name: "madang-test",
        own: &["madang-model", "madang-store", "madang-media", "madang-app", "madang-slack", "madang-server"],
        never: &[],
    },
    Arrow { name: "xtask", own: &[], never: &[] },
];

/// Besides `serde_json`, xtask has the standard library: it must build before anything else does.
const XTASK_MAY_USE: &[&str] = &["serde_json"];

pub fn check(graph: &Value) -> Vec<String> {
    let mut findings = Vec::new();
    for package in members(graph) {
        let name = text(package, "name");
        let Some(arrow) = ARROWS.iter().find(|arrow| arrow.name == name) else {
            findings.push(format!("{name}: has no line in xtask/src/tidy/arrows.rs: give it one"));
            continue;
        };
        for dependency in list(package, "dependencies") {
            findings.extend(judge(arrow, dependency));
        }
    }
    findings.extend(deep(graph));
    findings
}

fn judge(arrow: &Arrow, dependency: &Value) -> Option<String> {
    let name = arrow.name;
    let used = text(dependency, "name");
    let for_tests = text(dependency, "kind") == "dev";
    let own = used.starts_with("madang-");
    // Tests of any crate may use the cast and the simulated devices.
    if own && !arrow.own.contains(&used) && !(for_tests && used == "madang-test") {
        return Some(format!("{name}: must not use {used}: see the table in ARCHITECTURE.md"));
    }
    if !for_tests && arrow.never.contains(&used) {
        return Some(format!("{name}: must never know {used}: see the table in ARCHITECTURE.md"));
    }
    if name == "xtask" && !XTASK_MAY_USE.contains(&used) {
        return Some(format!("xtask: must do without {used}"));
    }
    None
}

/// The model stays pure through all it builds on, not only by its own manifest.
fn deep(graph: &Value) -> Vec<String> {
    let nodes = list(&graph["resolve"], "nodes");
    let Some(model) = nodes.iter().find(|node| name_of(graph, text(node, "id")) == "madang-model") else {
        return Vec::new();
    };
    let mut seen = vec![text(model, "id")];
    let mut next = 0;
    while let Some(id) = seen.get(next).copied() {
        next += 1;
        let node = nodes.iter().find(|node| text(node, "id") == id);
        for used in node.map_or(&[][..], |node| list(node, "deps")) {
            let normal = list(used, "dep_kinds").iter().any(|kind| kind["kind"].is_null());
            let id = text(used, "pkg");
            if normal && !seen.contains(&id) {
                seen.push(id);
            }
        }
    }
    seen.iter()
        .map(|id| name_of(graph, id))
        .filter(|name| SQL.contains(name) || CLOCK_AND_LOTS.contains(name) || *name == "tokio")
        .map(|name| format!("madang-model: builds on {name} through another crate: see `cargo tree -p madang-model -i {name}`"))
        .collect()
}

fn members(graph: &Value) -> impl Iterator<Item = &Value> {
    let ids = list(graph, "workspace_members");
    list(graph, "packages").iter().filter(|package| ids.contains(&package["id"]))
}

fn name_of<'a>(graph: &'a Value, id: &str) -> &'a str {
    let package = list(graph, "packages").iter().find(|package| text(package, "id") == id);
    package.map_or("", |package| text(package, "name"))
}

/// The names of the workspace's own crates.
pub fn crates(graph: &Value) -> Vec<&str> {
    members(graph).map(|package| text(package, "name")).collect()
}

#[cfg(test)]
mod tests {
    use super::check;
    use serde_json::{Value, json};

    fn house(name: &str, used: &str, kind: Value) -> Value {
        json!({
            "workspace_members": ["a"],
            "packages": [
                {"id": "a", "name": name, "dependencies": [{"name": used, "kind": kind}]},
                {"id": "b", "name": used, "dependencies": []},
            ],
            "resolve": {"nodes": [
                {"id": "a", "deps": [{"pkg": "b", "dep_kinds": [{"kind": kind}]}]},
                {"id": "b", "deps": []},
            ]},
        })
    }

    #[test]
    fn an_arrow_that_is_not_in_the_table_is_found() {
        assert_eq!(check(&house("madang-store", "madang-app", Value::Null)).len(), 1);
        assert_eq!(check(&house("madang-app", "axum", Value::Null)).len(), 1);
        assert_eq!(check(&house("madang-app", "madang-store", Value::Null)).len(), 0);
    }

    #[test]
    fn tests_may_use_more_but_not_another_layer() {
        assert_eq!(check(&house("madang-app", "axum", json!("dev"))).len(), 0);
        assert_eq!(check(&house("madang-model", "madang-store", json!("dev"))).len(), 1);
        assert_eq!(check(&house("madang-store", "madang-test", json!("dev"))).len(), 0);
    }

    #[test]
    fn the_model_stays_pure_through_others_too() {
        let findings = check(&house("madang-model", "tokio", Value::Null));
        assert_eq!(findings.len(), 2, "{findings:?}");
    }

    #[test]
    fn a_crate_without_a_line_is_found() {
        assert_eq!(check(&house("madang-helpers", "serde", Value::Null)).len(), 1);
    }
}
