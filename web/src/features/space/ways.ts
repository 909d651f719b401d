// What else than a plain message one can make of the box: offered by the menu beside it and as `/` commands.
import { session } from "../../app/session.svelte";
import { m } from "../../lib/i18n.svelte";
import type { MenuItem } from "../../ui/Menu.svelte";
import { toast } from "../../ui/toasts.svelte";
import { runShortcut, shortcutLabel, shortcuts } from "../apps/apps.svelte";
import { trayOf } from "../files/uploads.svelte";
import type { Conversation } from "./conversation.svelte";

/** `after`: other items stand above. */
export function waysOf(talk: Conversation, after = false): MenuItem[] {
  return [
    { label: m.poll_new(), icon: "poll", apart: after, run: () => (talk.making = "poll") },
    { label: m.checklist_new(), icon: "checklist", run: () => (talk.making = "checklist") },
    { label: m.voice_new(), icon: "mic", run: () => (talk.making = "voice") },
    { label: m.must_send(), icon: "check-all", run: () => sendToConfirm(talk) },
    { label: m.schedule_send(), icon: "clock", run: () => schedule(talk) },
    ...shortcuts("global").map(({ app, shortcut }, n): MenuItem => ({ label: shortcutLabel(app, shortcut), icon: "bot", apart: n === 0, run: () => runShortcut(app, shortcut, { channel: talk.space }) })),
  ];
}

export function schedule(talk: Conversation): void {
  if (talk.box?.text() || trayOf(talk.space, talk.thread).length) talk.making = "schedule";
  else toast(m.schedule_write_first());
}

/** Sends what stands in the box as a message that everybody is asked to confirm. */
export function sendToConfirm(talk: Conversation): void {
  const text = talk.box?.text();
  if (!text) return void toast(m.must_write_first());
  session.client.post({ space: talk.space, text, card: { kind: "confirm" }, ...(talk.thread !== undefined && { thread: talk.thread }) });
  talk.box?.empty();
}
