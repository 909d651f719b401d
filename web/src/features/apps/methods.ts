// The methods with which a person's client acts in apps (docs/protocol/slack.md): asked with the cookie, answered with
// `{ok}` or Slack's word for what is wrong.
import { m } from "../../lib/i18n.svelte";
import { newClientId } from "../../engine/ids";
import type { Group, Option, Value, Values, View } from "../blocks/shapes";

/** This tab: a view that its press opens is shown here and nowhere else. */
export const tab = newClientId();

/** The house waits three seconds for the app; a line may take a while longer. */
const PATIENCE = 20_000;

export type Container = Record<string, string | number> & { type: string };
/** A part of the surface that was pressed or chosen in. */
export type Acted = { block_id: string; action_id: string } & Value;

export interface Command { command: string; description?: string; usage_hint?: string }
export interface Shortcut { name: string; callback_id: string; type: "message" | "global"; description?: string }
export interface AppFace { id: string; slack_id: string; name: string; icon?: string; description?: string; bot: string; home: boolean; messages: boolean; commands: Command[]; shortcuts: Shortcut[] }

/** What an app asks for that wants to be let in. `may`: whether this person can say yes. */
export interface Wanted { app: { id: string; name: string; description: string }; workspace: string; bot: string[]; user: string[]; host: string; wants_space: boolean; may: boolean; back: string }

interface Methods {
  "blocks.actions": [{ container: Container; actions: Acted[]; state?: { values: Values } }, object];
  "blocks.suggestions": [{ container: Container; block_id: string; action_id: string; value: string }, { options?: Option[]; option_groups?: Group[] }];
  "views.submit": [{ view_id: string; state: { values: Values } }, { response_action?: "errors" | "update" | "push" | "clear"; errors?: Record<string, string>; view?: View }];
  "views.close": [{ view_id: string; is_cleared?: boolean }, object];
  "chat.command": [{ channel: string; command: string; text: string; thread_ts?: string }, object];
  "attachments.action": [{ channel_id: string; message_ts: string; attachment_id: number | string; callback_id?: string; action: { name: string; type: string; value?: string; selected_options?: { value: string }[] } }, object];
  "users.info": [{ user: string }, { user: { id: string; name: string; real_name?: string } }];
  "conversations.info": [{ channel: string }, { channel: { id: string; name?: string } }];
  "madang.apps": [object, { apps: AppFace[] }];
  "madang.shortcut": [{ app: string; callback_id: string; channel?: string; message_ts?: string }, object];
  "madang.home": [{ app: string }, { view?: View }];
  "madang.oauth": [Record<string, string>, Wanted];
  "madang.oauth.decide": [Record<string, string | boolean>, { redirect: string }];
}

/** What an app, or the house for it, did not do; `code` is Slack's word for it. */
export class NotDone extends Error {
  override name = "NotDone";
  constructor(readonly code: string) {
    super(code);
  }
}

export async function ask<M extends keyof Methods>(method: M, given: Methods[M][0]): Promise<Methods[M][1]> {
  let answer: { ok?: boolean; error?: string };
  try {
    const response = await fetch(`/api/${method}`, {
      method: "POST",
      credentials: "same-origin",
      headers: { "Content-Type": "application/json", Accept: "application/json" },
      body: JSON.stringify({ ...given, client_token: tab }),
      signal: AbortSignal.timeout(PATIENCE),
    });
    answer = (await response.json()) as typeof answer;
  } catch {
    throw new NotDone("offline");
  }
  if (!answer.ok) throw new NotDone(answer.error ?? "fatal_error");
  return answer as Methods[M][1];
}

/** In the language of the screen. */
export function wordsOfNotDone(error: unknown): string {
  const code = error instanceof NotDone ? error.code : "";
  if (code === "offline") return m.error_offline();
  if (code === "post_error" || code === "operation_timeout") return m.app_silent();
  if (/^(?:invalid_container|view_not_found|message_not_found|not_found|channel_not_found)$/.test(code)) return m.app_gone_stale();
  return code === "" || code === "fatal_error" ? m.error_unknown() : m.app_refused({ code });
}
