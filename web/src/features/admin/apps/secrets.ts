// What opens an app, in the order in which it is set up. Pure.
import type { AppCredentials } from "../../../engine/wire-apps";
import type { Secret } from "./Secrets.svelte";

const ORDER = ["bot_token", "app_token", "user_token", "signing_secret", "client_id", "client_secret", "verification_token", "app_id"] as const;

/** Their names are those of Slack's documents in every language: whoever sets a bot up looks for them. */
const NAMES: Record<(typeof ORDER)[number], string> = {
  bot_token: "Bot token (xoxb)", app_token: "App token (xapp)", user_token: "User token (xoxp)", signing_secret: "Signing secret",
  client_id: "Client ID", client_secret: "Client secret", verification_token: "Verification token", app_id: "App ID",
};

export const secretsOf = (made: AppCredentials): Secret[] => ORDER.flatMap((key) => (made[key] ? [{ name: NAMES[key], value: made[key] }] : []));
