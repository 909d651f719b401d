//! What a token may of what its person may. Our own tokens may all of it; those for agents what they were made for; those of
//! apps, and those in the shape of Slack's, what their scopes say there.
//!
//! It narrows and gives nothing: what the person may is asked for by each tool.

use madang_app::apps::{Grant, GrantKind};
use madang_app::records::SpaceRecord;
use madang_model::space::SpaceKind;
use madang_slack::scopes::{HISTORY, READ, gives};
use madang_slack::shapes::kind_of;

/// What a tool takes.
struct Need {
    tool: &'static str,
    /// All of these, of a token for agents.
    agent: &'static [&'static str],
    /// One of these, of Slack's.
    slack: &'static [&'static str],
    /// What of a conversation it reads, by whose kind Slack's scopes are told apart.
    reads: Option<&'static str>,
    /// Whether it changes something.
    changes: bool,
}

const fn reads(
    tool: &'static str,
    agent: &'static [&'static str],
    slack: &'static [&'static str],
    reads: Option<&'static str>,
) -> Need {
    Need { tool, agent, slack, reads, changes: false }
}

const fn changes(tool: &'static str, agent: &'static [&'static str], slack: &'static [&'static str]) -> Need {
    Need { tool, agent, slack, reads: None, changes: true }
}

static NEEDS: &[Need] = &[
    reads("whoami", &[], &[], None),
    reads("list_people", &["read"], &["users:read"], None),
    reads("list_spaces", &["read"], READ, Some("read")),
    reads("read_history", &["read"], HISTORY, Some("history")),
    reads("read_thread", &["read"], HISTORY, Some("history")),
    reads("search", &["read"], &["search:read"], None),
    reads("list_files", &["files"], &["files:read"], None),
    reads("read_file_text", &["files"], &["files:read"], None),
    reads("list_desks", &["tickets"], &["tickets:read"], None),
    reads("list_tickets", &["tickets"], &["tickets:read"], None),
    reads("read_ticket", &["tickets"], &["tickets:read"], None),
    changes("join_space", &["write"], &["channels:join"]),
    changes("open_direct", &["write"], &["im:write", "mpim:write"]),
    changes("post_message", &["write"], &["chat:write"]),
    changes("react", &["write"], &["reactions:write"]),
    changes("upload_file", &["files", "write"], &["files:write"]),
    changes("take_ticket", &["tickets"], &["tickets:write"]),
    changes("answer_ticket", &["tickets"], &["tickets:write"]),
    changes("note_on_ticket", &["tickets"], &["tickets:write"]),
    changes("close_ticket", &["tickets"], &["tickets:write"]),
];

fn need(tool: &str) -> Option<&'static Need> {
    NEEDS.iter().find(|it| it.tool == tool)
}

/// The name of a tool that changes something.
pub(super) fn changing(tool: &str) -> Option<&'static str> {
    need(tool).filter(|it| it.changes).map(|it| it.tool)
}

/// What a token may.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Rights {
    All,
    Agent(Vec<String>),
    Slack(Vec<String>),
}

impl Rights {
    pub(super) fn of(grant: &Grant) -> Rights {
        match (&grant.scopes, grant.kind) {
            (None, _) => Rights::All,
            (Some(scopes), GrantKind::Agent) => Rights::Agent(scopes.clone()),
            (Some(scopes), _) => Rights::Slack(scopes.clone()),
        }
    }

    /// What there is, as it is told where something is missing.
    pub(super) fn there(&self) -> &[String] {
        match self {
            Rights::All => &[],
            Rights::Agent(scopes) | Rights::Slack(scopes) => scopes,
        }
    }

    /// What the token lacks for a tool. A tool that no line is for takes a token that may all.
    pub(super) fn lacks(&self, tool: &str) -> Option<String> {
        let Some(need) = need(tool) else {
            return (*self != Rights::All).then(|| "*".to_owned());
        };
        match self {
            Rights::All => None,
            Rights::Agent(scopes) => {
                let missing: Vec<&str> =
                    need.agent.iter().filter(|it| !scopes.iter().any(|one| one == **it)).copied().collect();
                (!missing.is_empty()).then(|| missing.join(", "))
            }
            Rights::Slack(scopes) => {
                let opens = need.slack.is_empty() || need.slack.iter().any(|it| gives(scopes, it));
                (!opens).then(|| need.slack.join(" / "))
            }
        }
    }

    /// What the token lacks to use a tool in this very space.
    pub(super) fn lacks_in(&self, tool: &str, space: &SpaceRecord) -> Option<String> {
        match self {
            Rights::All => None,
            // A ticket is a space, and not one for whoever was to read the rooms alone.
            Rights::Agent(scopes) => {
                let shut = space.facts.kind == SpaceKind::Ticket && !scopes.iter().any(|it| it == "tickets");
                shut.then(|| "tickets".to_owned())
            }
            Rights::Slack(scopes) => {
                let scope = kind_of(space).scope(need(tool)?.reads?);
                (!gives(scopes, &scope)).then_some(scope)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(scopes: &[&str]) -> Vec<String> {
        scopes.iter().map(|it| (*it).to_owned()).collect()
    }

    #[test]
    fn every_tool_says_what_it_takes_and_whether_it_changes_something() {
        for router in [
            super::super::Tools::space_tools(),
            super::super::Tools::message_tools(),
            super::super::Tools::file_tools(),
            super::super::Tools::people_tools(),
            super::super::Tools::ticket_tools(),
        ] {
            for tool in router.list_all() {
                let need = need(&tool.name).unwrap_or_else(|| panic!("{} has no line", tool.name));
                let only_reads = tool.annotations.as_ref().and_then(|it| it.read_only_hint) == Some(true);
                assert_eq!(need.changes, !only_reads, "{}", tool.name);
            }
        }
        for scope in NEEDS.iter().flat_map(|it| it.slack) {
            assert!(madang_slack::scopes::is_known(scope), "{scope}");
        }
        for scope in NEEDS.iter().flat_map(|it| it.agent) {
            assert!(madang_app::apps::AGENT_SCOPES.contains(scope), "{scope}");
        }
    }

    #[test]
    fn a_token_lacks_by_name_what_it_was_not_made_for() {
        let agent = Rights::Agent(words(&["read", "files"]));
        let check = |rights: &Rights, tool: &str, lacks: Option<&str>| {
            assert_eq!(rights.lacks(tool).as_deref(), lacks, "{tool}");
        };
        check(&agent, "read_history", None);
        check(&agent, "whoami", None);
        check(&agent, "upload_file", Some("write"));
        check(&agent, "answer_ticket", Some("tickets"));
        check(&agent, "a_tool_of_tomorrow", Some("*"));
        check(&Rights::All, "a_tool_of_tomorrow", None);
        let bot = Rights::Slack(words(&["channels:history", "chat:write"]));
        check(&bot, "read_history", None);
        check(&bot, "post_message", None);
        check(&bot, "list_files", Some("files:read"));
        check(&bot, "open_direct", Some("im:write / mpim:write"));
    }
}
