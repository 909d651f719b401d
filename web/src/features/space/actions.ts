// Everything one may do with a message, in the order of use; and the key that does it on a row with the focus.
// The rules are the server's; here they decide what is offered.
import { nameOf, session } from "../../app/session.svelte";
import type { SpaceSummary } from "../../engine/wire";
import { m } from "../../lib/i18n.svelte";
import { quote } from "../../lib/quote";
import type { IconName } from "../../ui/icons/names";
import { runShortcut, shortcutLabel, shortcuts } from "../apps/apps.svelte";
import { stamp } from "../blocks/ids";
import { save, savedMark, unsave } from "../later/later.svelte";
import { offersTranslation, wantsTranslation, wantTranslation } from "../translate/wanted.svelte";
import { copy, hrefOfMessage, mayPin, mayWrite, runsSpace, type Conversation, type ShownMessage } from "./conversation.svelte";

/** `key` is its place on the keyboard (`KeyboardEvent.code`), so that it is the same while Korean is typed. */
export type Action = { label: string; icon: IconName; key?: string; danger?: boolean; apart?: boolean; run: () => void };

export function actionsOf(talk: Conversation, shown: ShownMessage): Action[] {
  const { row } = shown;
  const granted = row.seq > 0;
  const mine = row.author === session.me?.id;
  const summary = talk.item()?.summary;
  const open = mayWrite(summary);
  const main = talk.thread === undefined;
  const kept = granted && savedMark(talk.space, row.seq);
  const translated = granted && wantsTranslation(talk.space, row.seq);
  const list: (Action | false)[] = [
    granted && open && main && { label: m.action_thread(), icon: "thread", key: "KeyR", run: () => talk.openThread(shown) },
    granted && open && { label: m.action_react(), icon: "emoji", key: "KeyX", run: () => (talk.reacting = shown) },
    open && !!row.text && { label: m.action_quote(), icon: "quote", key: "KeyQ", run: () => (talk.quoted = quote(row.text, nameOf, m.everyone())) },
    !!row.text && { label: m.action_copy(), icon: "copy", key: "KeyC", run: () => void copy(row.text, m.copied_text()) },
    !!(row.text || row.forward?.text) && { label: m.action_select(), icon: "text", run: () => (talk.selecting = shown) },
    granted && !!(row.text || row.forward?.text) && offersTranslation() && { label: translated ? m.translation_hide() : m.action_translate(), icon: "language", run: () => wantTranslation(talk.space, row.seq, !translated) },
    granted && { label: m.action_link(), icon: "link", key: "KeyL", run: () => void copy(location.origin + hrefOfMessage(talk.space, row), m.copied_link()) },
    granted && { label: m.action_forward(), icon: "forward", key: "KeyF", run: () => (talk.forwarding = shown) },
    granted && mayPin(summary) && { label: row.pinned ? m.action_unpin() : m.action_pin(), icon: "pin", key: "KeyP", run: () => void session.client.pin(talk.space, row.seq, !row.pinned) },
    granted && !!summary?.me && { label: kept ? m.saved_take_out() : m.action_save(), icon: "bookmark", key: "KeyS", run: () => void (kept ? unsave(talk.space, row.seq) : save(talk.space, row.seq)) },
    granted && !!summary?.me && { label: m.action_remind(), icon: "clock", run: () => (talk.reminding = shown) },
    ...(granted && open ? shortcuts("message").map(({ app, shortcut }): Action => ({ label: shortcutLabel(app, shortcut), icon: "bot", run: () => runShortcut(app, shortcut, { channel: talk.space, message_ts: stamp(row.at) }) })) : []),
    granted && !!summary?.receipts && { label: m.action_readers(), icon: "check-all", run: () => (talk.readersOf = shown) },
    granted && !mine && main && !!summary?.me && { label: m.action_unread(), icon: "unread", key: "KeyU", run: () => void talk.markUnread(row.seq) },
    mine && open && !row.forward && !row.app && (!row.card || row.card.kind === "confirm") && { label: m.action_edit(), icon: "edit", key: "KeyE", apart: true, run: () => (talk.editing = shown) },
    (mine || runsSpace(summary)) && open && { label: m.action_remove(), icon: "trash", key: "Delete", danger: true, apart: !mine, run: () => (talk.removing = shown) },
  ];
  return row.removed ? [] : list.filter((one) => one !== false);
}

/** Does what the key on a row means, if it means anything for this message. */
export const runKey = (talk: Conversation, shown: ShownMessage, code: string): void => actionsOf(talk, shown).find((one) => one.key === code)?.run();

/** Above this many members only hosts and who runs the workspace call everybody; as in the model's limits. */
const EVERYONE_MEMBERS = 50;
export const mayCallEveryone = (summary: SpaceSummary | undefined): boolean =>
  runsSpace(summary) || summary?.me?.role === "host" || (summary?.me?.role === "member" && summary.members <= EVERYONE_MEMBERS);
