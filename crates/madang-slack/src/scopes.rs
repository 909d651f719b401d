//! What a token may: Slack's scopes, and which of them a method asks for.
//!
//! A method that names several scopes is content with any one of them; for reading conversations it is the scope of the
//! conversation's kind that counts.

/// Every scope that a manifest may name.
pub static SCOPES: &[&str] = &[
    "admin",
    "app_mentions:read",
    "assistant:write",
    "authorizations:read",
    "bookmarks:read",
    "bookmarks:write",
    "bot",
    "calls:read",
    "calls:write",
    "canvases:read",
    "canvases:write",
    "channels:history",
    "channels:join",
    "channels:manage",
    "channels:read",
    "channels:write",
    "channels:write.invites",
    "channels:write.topic",
    "chat:write",
    "chat:write.customize",
    "chat:write.public",
    "chat:write:bot",
    "chat:write:user",
    "client",
    "commands",
    "connections:write",
    "conversations.connect:manage",
    "conversations.connect:read",
    "conversations.connect:write",
    "datastore:read",
    "datastore:write",
    "dnd:read",
    "dnd:write",
    "email",
    "emoji:read",
    "files:read",
    "files:write",
    "files:write:user",
    "groups:history",
    "groups:read",
    "groups:write",
    "groups:write.invites",
    "groups:write.topic",
    "hosting:read",
    "hosting:write",
    "identify",
    "identity.avatar",
    "identity.basic",
    "identity.email",
    "identity.team",
    "im:history",
    "im:read",
    "im:write",
    "im:write.topic",
    "incoming-webhook",
    "links.embed:write",
    "links:read",
    "links:write",
    "lists:read",
    "lists:write",
    "metadata.message:read",
    "mpim:history",
    "mpim:read",
    "mpim:write",
    "mpim:write.topic",
    "openid",
    "pins:read",
    "pins:write",
    "post",
    "profile",
    "reactions:read",
    "reactions:write",
    "read",
    "reminders:read",
    "reminders:write",
    "remote_files:read",
    "remote_files:share",
    "remote_files:write",
    "rtm:stream",
    "search:read",
    "search:read.enterprise",
    "search:read.files",
    "search:read.im",
    "search:read.mpim",
    "search:read.private",
    "search:read.public",
    "search:read.users",
    "stars:read",
    "stars:write",
    "team.billing:read",
    "team.preferences:read",
    "team:read",
    "tickets:read",
    "tickets:write",
    "tokens.basic",
    "triggers:read",
    "triggers:write",
    "usergroups:read",
    "usergroups:write",
    "users.profile:read",
    "users.profile:write",
    "users:read",
    "users:read.email",
    "users:write",
    "workflow.steps:execute",
    "workflows.templates:read",
    "workflows.templates:write",
];

#[must_use]
pub fn is_known(scope: &str) -> bool {
    SCOPES.binary_search(&scope).is_ok() || scope.starts_with("admin.")
}

/// What a person's own token may when no app narrows it: everything that a person may do by themselves.
#[must_use]
pub fn of_a_person() -> Vec<&'static str> {
    let apps_only =
        ["bot", "commands", "incoming-webhook", "connections:write", "chat:write.customize", "admin"];
    SCOPES.iter().copied().filter(|it| !apps_only.contains(it)).collect()
}

/// Whether one of `granted` gives what `scope` asks: the wide scopes of older apps give their narrow ones too.
#[must_use]
pub fn gives(granted: &[String], scope: &str) -> bool {
    let wide: &[&str] = match scope {
        "channels:read" => &["channels:manage", "channels:write", "read", "bot", "client"],
        "groups:read" => &["groups:write", "read", "bot", "client"],
        "im:read" => &["im:write", "read", "bot", "client"],
        "mpim:read" => &["mpim:write", "read", "bot", "client"],
        "channels:history" | "groups:history" | "im:history" | "mpim:history" => &["read", "bot", "client"],
        "channels:manage"
        | "channels:join"
        | "channels:write"
        | "channels:write.invites"
        | "channels:write.topic" => &["channels:manage", "channels:write", "post", "client"],
        "groups:write" | "groups:write.invites" | "groups:write.topic" => &["groups:write", "post", "client"],
        "im:write" | "mpim:write" => &["post", "bot", "client"],
        "chat:write" => &["chat:write:bot", "chat:write:user", "post", "bot", "client"],
        "files:write" => &["files:write:user", "post", "bot", "client"],
        "files:read" | "team:read" | "users:read" | "emoji:read" | "reactions:read" | "pins:read"
        | "bookmarks:read" | "search:read" | "usergroups:read" | "stars:read" | "reminders:read"
        | "dnd:read" => &["read", "bot", "client"],
        "reactions:write" | "pins:write" | "bookmarks:write" | "stars:write" | "reminders:write"
        | "users:write" => &["post", "bot", "client"],
        "rtm:stream" => &["bot", "client"],
        "users.profile:read" => &["users:read", "read", "bot", "client"],
        _ => &["client"],
    };
    granted.iter().any(|it| it == scope || wide.contains(&it.as_str()))
}

/// The four kinds of conversation, as scopes name them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Conversation {
    Channel,
    Group,
    Im,
    Mpim,
}

impl Conversation {
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Conversation::Channel => "channels",
            Conversation::Group => "groups",
            Conversation::Im => "im",
            Conversation::Mpim => "mpim",
        }
    }

    /// `channels:history`, `im:read`…
    #[must_use]
    pub fn scope(self, what: &str) -> String {
        format!("{}:{what}", self.word())
    }
}

/// The scopes of reading conversations, any of which opens a method that lists or reads them.
pub const READ: &[&str] = &["channels:read", "groups:read", "im:read", "mpim:read"];
pub const HISTORY: &[&str] = &["channels:history", "groups:history", "im:history", "mpim:history"];
pub const MANAGE: &[&str] = &["channels:manage", "channels:write", "groups:write", "im:write", "mpim:write"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scopes_are_in_order_so_that_they_are_found() {
        assert!(SCOPES.is_sorted());
        assert!(is_known("chat:write") && is_known("admin.users:read") && !is_known("chat:fly"));
        for scope in READ.iter().chain(HISTORY).chain(MANAGE) {
            assert!(is_known(scope), "{scope}");
        }
    }

    #[test]
    fn wide_scopes_give_narrow_ones_and_nothing_more() {
        let gives = |granted: &str, scope: &str| gives(&[granted.to_owned()], scope);
        assert!(
            gives("chat:write", "chat:write")
                && gives("bot", "chat:write")
                && gives("channels:manage", "channels:read")
        );
        assert!(!gives("channels:read", "channels:history") && !gives("chat:write.public", "chat:write"));
        assert!(!gives("bot", "channels:manage") && !gives("chat:write", "files:write"));
        assert_eq!(Conversation::Im.scope("history"), "im:history");
    }
}
