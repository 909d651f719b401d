// What one conversation (a space or a thread of it) is busy with besides its rows: the text being edited or
// quoted, the message whose actions are open, the list of readers. Shared by list, composer and dialogs. What
// one may do with a message stands in actions.ts, which comes when somebody asks for it.
import { go, href } from "../../app/nav.svelte";
import { nameOf, session, wordsOf } from "../../app/session.svelte";
import type { ShownRow, SpaceItem, Target } from "../../engine/view";
import type { FileRef, Id, MessageRow, Seq, SpaceSummary } from "../../engine/wire";
import { m } from "../../lib/i18n.svelte";
import { rememberEmoji } from "../../lib/recent-emoji";
import { toast } from "../../ui/toasts.svelte";
import type { Line } from "./lines";

export type ShownMessage = ShownRow & { row: MessageRow };
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
  /** The file that is looked at, and the lines it stands among. */
  viewing = $state.raw<{ file: FileRef; lines: readonly Line[] } | null>(null);
  /** The message that a reaction is being picked for. */
  reacting = $state.raw<ShownMessage | null>(null);
  /** The message whose text lies open to be selected. */
  selecting = $state.raw<ShownMessage | null>(null);
  /** The message one wants to be reminded of. */
  reminding = $state.raw<ShownMessage | null>(null);
  /** What is being made of what stands in the box. */
  making = $state<"schedule" | "poll" | "checklist" | "voice" | "leave" | null>(null);
  /** The message whose confirmations are looked at. */
  confirming = $state.raw<ShownMessage | null>(null);
  /** The box of the composer: its text as it is stored, how it is emptied, and how one comes to write. */
  box: { text: () => string; empty: () => void; focus: () => void } | undefined;
  /** Something of what ConversationDialogs.svelte shows is open. */
  readonly open = $derived(this.acting ?? this.readersOf ?? this.removing ?? this.forwarding ?? this.reacting ?? this.selecting ?? this.viewing ?? this.reminding ?? this.making ?? this.confirming);
  /** Whoever comes new or has been away for long is offered to see where the space stands. */
  readonly lost = $derived.by(() => {
    const item = this.thread === undefined ? this.item() : undefined;
    const joined = item?.summary.me?.joined;
    return !!item && joined !== undefined && (item.unread >= 30 || (item.head - joined < 6 && joined > 12));
  });
  /** In a ticket: what is written is for the team alone. */
  note = $state(false);
  /** In a ticket: replies that are kept, with names filled in. */
  replies: (() => readonly { name: string; text: string }[]) | undefined;
  /** In a ticket: what is done with it by a `/` command. */
  deeds: { ask(what: "close" | "snooze" | "transfer"): void } | undefined;
  /** The newest message of oneself in sight, for the arrow that edits it; kept by whoever shows the rows. */
  mine: ShownMessage | undefined;
  /** Of a thread: what it begins with, once that is here. */
  root: ShownRow | undefined;

  constructor(readonly space: Id, readonly item: () => SpaceItem | null | undefined, readonly thread?: Seq) {}

  /** By the name under which the log keeps it, so that the row is right before the server has answered. */
  react(shown: ShownMessage, name: string, on: boolean): void {
    if (on) rememberEmoji(name);
    void session.client.react(this.space, targetOf(shown), name, on);
  }

  /** Arrow up in an empty box edits what one wrote last. */
  arrowUp(event: KeyboardEvent): void {
    const { target } = event;
    if (event.key !== "ArrowUp" || event.isComposing || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (!(target instanceof HTMLTextAreaElement) || target.value !== "" || this.editing || !this.mine) return;
    event.preventDefault();
    this.editing = this.mine;
  }

  openThread(shown: ShownMessage): void {
    const root = shown.row.thread ?? shown.row.seq;
    if (root > 0) go(href("thread", { space: this.space, root: String(root) }));
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

/** The newest row that one may edit. */
export const newestMine = (rows: readonly ShownRow[]): ShownMessage | undefined =>
  rows.findLast((shown): shown is ShownMessage => shown.row.type === "message" && shown.row.author === session.me?.id && !shown.row.removed && !shown.row.forward && !shown.row.app && !shown.row.card && shown.send?.state !== "failed");

export async function copy(text: string, done: string): Promise<void> {
  const words = text.replace(/<@([\w-]+)>/g, (_, id: string) => `@${nameOf(id)}`);
  try {
    await navigator.clipboard.writeText(words);
    toast(done);
  } catch {
    toast(m.copy_failed(), { kind: "error" });
  }
}
