// Manifests in Slack's own format, as somebody would paste them.

/** Everything that a bot of ours may. */
export const BOT_SCOPES = [
  "app_mentions:read", "bookmarks:read", "bookmarks:write", "channels:history", "channels:join", "channels:manage", "channels:read", "chat:write",
  "chat:write.customize", "chat:write.public", "commands", "emoji:read", "files:read", "files:write", "groups:history", "groups:read",
  "groups:write", "im:history", "im:read", "im:write", "incoming-webhook", "mpim:history", "mpim:read", "mpim:write", "pins:read",
  "pins:write", "reactions:read", "reactions:write", "reminders:write", "team:read", "usergroups:read", "users:read", "users:read.email",
  "users:write", "links:read", "links:write", "users.profile:read",
];

const EVENTS = [
  "app_home_opened", "app_mention", "message.channels", "message.groups", "message.im", "message.mpim", "reaction_added", "member_joined_channel",
  "file_shared", "pin_added",
];

/** `url`: where events come by HTTP; without it, by Socket Mode. */
export function manifest(name, { url, scopes = BOT_SCOPES, events = EVENTS, command = `/${name.toLowerCase()}`, ...more } = {}) {
  const interactivity = { is_enabled: true, ...(url && { request_url: url, message_menu_options_url: url }) };
  return {
    display_information: { name, description: `${name}, for the stories` },
    features: {
      bot_user: { display_name: name.toLowerCase(), always_online: true },
      app_home: { home_tab_enabled: true, messages_tab_enabled: true },
      slash_commands: [{ command, description: "does what is asked", usage_hint: "[what]", should_escape: true, ...(url && { url }) }],
      shortcuts: [
        { name: "Note this", type: "message", callback_id: "note", description: "writes it down" },
        { name: "Begin", type: "global", callback_id: "begin", description: "begins something" },
      ],
    },
    oauth_config: { scopes: { bot: scopes, user: ["chat:write", "channels:read", "channels:history", "search:read", "users:read"] }, ...more.oauth },
    settings: {
      event_subscriptions: { ...(url && { request_url: url }), bot_events: events },
      interactivity,
      socket_mode_enabled: !url,
      token_rotation_enabled: false,
    },
  };
}
