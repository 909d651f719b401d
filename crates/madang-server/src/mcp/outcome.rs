//! How a tool ends: with what was asked for, or with a reason that the agent can act on. A refusal is a result of the
//! tool and no error of the protocol, so that the agent reads it.

use rmcp::model::{CallToolResult, ContentBlock};
use serde_json::Value;

use super::who::Who;
use crate::error::{Error, told};

/// Runs a tool as who asked, and tells what came of it.
pub(super) async fn answered(
    who: &Who,
    tool: &'static str,
    work: impl Future<Output = Result<Value, Error>>,
) -> CallToolResult {
    let outcome = madang_app::asked_from(who.way, work).await;
    let went_well = outcome.is_ok();
    tracing::info!(mcp.tool = tool, person.id = %who.person, mcp.done = went_well, "An agent used a tool");
    match outcome {
        Ok(value) => CallToolResult::structured(value),
        Err(error) => refused(who, error),
    }
}

/// The reason, as an agent reads it.
pub(super) fn refused(who: &Who, error: Error) -> CallToolResult {
    let (code, message, incident) = told(error, who.language);
    let incident = incident.map(|it| format!(" (incident {it})")).unwrap_or_default();
    CallToolResult::error(vec![ContentBlock::text(format!("{code}: {message}{incident}"))])
}
