// What else than a plain message one can make of the box: offered by the menu beside it and as `/` commands.
import { m } from "../../lib/i18n.svelte";
import { toast } from "../../ui/toasts.svelte";
import type { MenuItem } from "../../ui/Menu.svelte";
import type { Conversation } from "./conversation.svelte";

/** `after`: other items stand above. */
export function waysOf(talk: Conversation, after = false): MenuItem[] {
  return [{ label: m.schedule_send(), icon: "clock", apart: after, run: () => schedule(talk) }];
}

export function schedule(talk: Conversation): void {
  if (talk.box?.text()) talk.making = "schedule";
  else toast(m.schedule_write_first());
}
