//! Numbers for monitoring, in Prometheus' text format. For administrators.

use std::sync::OnceLock;

use axum::extract::State;
use madang_model::permission::HouseRight;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};

use crate::auth::Caller;
use crate::endpoint;
use crate::error::Result;
use crate::router::{Doors, Endpoint, Policy};

static RECORDER: OnceLock<Option<PrometheusHandle>> = OnceLock::new();

pub fn endpoints() -> Vec<Endpoint> {
    vec![endpoint!(metrics, __path_metrics, Policy::House(HouseRight::ManagePeople))]
}

/// Begins to count. Once per process.
pub fn begin() {
    RECORDER.get_or_init(|| match PrometheusBuilder::new().install_recorder() {
        Ok(handle) => Some(handle),
        Err(error) => {
            tracing::warn!(%error, "Nothing is counted for /metrics");
            None
        }
    });
}

/// Counters and gauges of this process.
#[utoipa::path(get, path = "/metrics", tag = "health", responses((status = 200, description = "Prometheus text format", body = String)))]
async fn metrics(State(doors): State<Doors>, caller: Caller) -> Result<String> {
    doors.app.asks_house(caller.person, HouseRight::ManagePeople).await?;
    let stats = doors.app.db.stats();
    let stored = [
        ("madang_commits_total", stats.commits),
        ("madang_writes_total", stats.jobs),
        ("madang_statements_total", stats.statements),
    ];
    let stored = stored.map(|(name, count)| format!("# TYPE {name} counter\n{name} {count}\n")).concat();
    let mut own = stored + &doors.hub.counts.render();
    let (calls, participants) = doors.app.call_counts();
    for (name, count) in [("madang_calls_running", calls), ("madang_call_participants", participants)] {
        own += &format!("# TYPE {name} gauge\n{name} {count}\n");
    }
    own += "# TYPE madang_follower_behind gauge\n";
    for (name, events) in doors.app.behind().await? {
        own += &format!("madang_follower_behind{{follower=\"{name}\"}} {events}\n");
    }
    let counted = RECORDER.get().and_then(Option::as_ref).map(PrometheusHandle::render).unwrap_or_default();
    Ok(own + &counted)
}
