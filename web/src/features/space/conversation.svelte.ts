// What one conversation (a space or a thread of it) is busy with besides its rows: the text being edited or
// quoted, the message whose actions are open, the list of readers. Shared by list, composer and dialogs.
import { go, href } from "../../app/nav.svelte";
import { nameOf, session, wordsOf } from "../../app/session.svelte";
import type { ShownRow, SpaceItem, Target } from "../../engine/view";
import type { Id, MessageRow, Seq, SpaceSummary } from "../../engine/wire";
import { m } from "../../lib/i18n.svelte";
import type { IconName } from "../../ui/icons/names";
import { toast } from "../../ui/toasts.svelte";

export type ShownMessage = ShownRow & { row: MessageRow };
export type Action = { label: string; icon: IconName; danger?: boolean; apart?: boolean; run: () => void };

/** The reactions offered at once; all others are in the picker. */
export const quickReactions = ["👍", "❤️", "😂", "🎉", "👀", "✅"] as const;

/** How a command names this message: its seq, or its client id while it is only here. */
export const targetOf = (shown: ShownMessage): Target => (shown.row.seq > 0 ? shown.row.seq : (shown.send?.clientId ?? shown.row.client_id ?? ""));

/** Where a message stands: in the main line, or in its thread. */
export const hrefOfMessage = (space: Id, row: Pick<MessageRow, "seq" | "thread" | "also">): string =>
  row.thread !== undefined && !row.also
    ? href("reply", { space, root: String(row.thread), seq: String(row.seq) })
    : href("message", { space, seq: String(row.seq) });

/** The rules are the server's (crates/madang-model/src/permission.rs); here they decide what is offered. */
export const mayWrite = (summary: SpaceSummary | undefined): boolean => !!summary?.me && !summary.archived && !summary.deleted_until;
export const mayPin = (summary: SpaceSummary | undefined): boolean => mayWrite(summary) && summary?.me?.role !== "guest";
export const runsSpace = (summary: SpaceSummary | undefined): boolean =>
  session.me?.role !== "guest" && (summary?.me?.role === "host" || session.me?.role === "owner" || session.me?.role === "admin");

export class Conversation {
  editing = $state.raw<ShownMessage | null>(null);
  /** A text the composer should take in at its caret; it takes it and sets this back. */
  quoted = $state("");
  /** The message whose actions are open in a sheet. */
  acting = $state.raw<ShownMessage | null>(null);
  readersOf = $state.raw<ShownMessage | null>(null);
  removing = $state.raw<ShownMessage | null>(null);
  forwarding = $state.raw<ShownMessage | null>(null);

  constructor(readonly space: Id, readonly item: () => SpaceItem | null | undefined, readonly thread?: Seq) {}

  react(shown: ShownMessage, emoji: string, on: boolean): void {
    void session.client.react(this.space, targetOf(shown), emoji, on);
  }

  openThread(shown: ShownMessage): void {
    const root = shown.row.thread ?? shown.row.seq;
    if (root > 0) go(href("thread", { space: this.space, root: String(root) }));
  }

  /** Everything one may do with a message, in the order of use. */
  actions(shown: ShownMessage): Action[] {
    const { row } = shown;
    const granted = row.seq > 0;
    const mine = row.author === session.me?.id;
    const summary = this.item()?.summary;
    const open = mayWrite(summary);
    const list: (Action | false)[] = [
      granted && open && this.thread === undefined && { label: m.action_thread(), icon: "thread", run: () => this.openThread(shown) },
      open && !!row.text && { label: m.action_quote(), icon: "quote", run: () => (this.quoted = quote(row.text)) },
      !!row.text && { label: m.action_copy(), icon: "copy", run: () => void copy(row.text, m.copied_text()) },
      granted && { label: m.action_link(), icon: "link", run: () => void copy(location.origin + hrefOfMessage(this.space, row), m.copied_link()) },
      granted && { label: m.action_forward(), icon: "forward", run: () => (this.forwarding = shown) },
      granted && mayPin(summary) && { label: row.pinned ? m.action_unpin() : m.action_pin(), icon: "pin", run: () => void session.client.pin(this.space, row.seq, !row.pinned) },
      granted && !!summary?.receipts && { label: m.action_readers(), icon: "check-all", run: () => (this.readersOf = shown) },
      granted && !mine && this.thread === undefined && { label: m.action_unread(), icon: "unread", run: () => void this.markUnread(row.seq) },
      mine && open && !row.forward && { label: m.action_edit(), icon: "edit", apart: true, run: () => (this.editing = shown) },
      (mine || runsSpace(summary)) && open && { label: m.action_remove(), icon: "trash", danger: true, apart: !mine, run: () => (this.removing = shown) },
    ];
    return row.removed ? [] : list.filter((one) => one !== false);
  }

  async markUnread(seq: Seq): Promise<void> {
    try {
      await session.client.unreadFrom(this.space, seq);
      toast(m.marked_unread());
      go("/");
    } catch (error) {
      toast(wordsOf(error), { kind: "error" });
    }
  }

  remove(shown: ShownMessage): void {
    void session.client.remove(this.space, targetOf(shown));
    this.removing = null;
  }
}

const quote = (text: string): string => `${text.split("\n").map((line) => `> ${line}`).join("\n")}\n`;

export async function copy(text: string, done: string): Promise<void> {
  const words = text.replace(/<@([\w-]+)>/g, (_, id: string) => `@${nameOf(id)}`);
  try {
    await navigator.clipboard.writeText(words);
    toast(done);
  } catch {
    toast(m.copy_failed(), { kind: "error" });
  }
}
