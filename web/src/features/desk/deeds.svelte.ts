// What an agent does with the ticket that is looked at: what is offered in its menu, by the buttons at its foot and by
// keys. The rules are the server's.
import { session } from "../../app/session.svelte";
import type { Id } from "../../engine/wire";
import type { Canned, Ticket } from "../../engine/wire-desk";
import { m } from "../../lib/i18n.svelte";
import type { MenuItem } from "../../ui/Menu.svelte";
import { toast } from "../../ui/toasts.svelte";
import { copy, type Conversation } from "../space/conversation.svelte";
import { desks } from "./desk.svelte";
import { callVisitor, listenIn } from "./face";
import type { DeskKey } from "./keys";
import { queue } from "./queue.svelte";

export type Asking = "transfer" | "snooze" | "change" | "follow_up" | "block" | "macro";

export class Deeds {
  asking = $state<Asking | null>(null);
  busy = $state(false);

  constructor(private readonly ticket: () => Ticket | undefined, private readonly talk: Conversation, /** The kept replies of its desk, with names filled in. */ readonly macros: () => readonly Canned[]) {
    talk.deeds = { ask: (what) => void (what === "close" ? this.close() : this.ask(what)) };
  }

  get space(): Id {
    return this.talk.space;
  }

  private get inside(): boolean {
    return !!this.talk.item()?.summary.me;
  }

  private get helping(): boolean {
    return this.ticket()?.agent === session.me?.id;
  }

  private get closed(): boolean {
    return this.ticket()?.state === "closed";
  }

  ask(what: Asking): void {
    if (!this.closed || what === "follow_up" || what === "block") this.asking = what;
  }

  private async run(work: () => Promise<Ticket | undefined>): Promise<Ticket | undefined> {
    if (this.busy) return undefined;
    this.busy = true;
    try {
      return await work();
    } finally {
      this.busy = false;
    }
  }

  async take(): Promise<void> {
    const wants = this.ticket()?.wants ?? "chat";
    // The browser wants to hear of microphone and camera while the press is fresh.
    if (!(await this.run(() => desks.do("take", this.space)))) return;
    queue.show("mine");
    if (wants !== "chat") await this.call();
  }

  async close(): Promise<void> {
    if (this.closed) return;
    const { space } = this;
    const done = await this.run(() => desks.do("close", space));
    if (done) toast(m.ticket_closed_done(), { kind: "ok", action: { label: m.ticket_reopen(), run: () => void desks.do("reopen", space) } });
  }

  async wake(): Promise<void> {
    await this.run(() => desks.attempt(() => session.client.api.call("POST /tickets/{space}/snooze", { space: this.space, body: {} })));
  }

  async snooze(at: Date): Promise<void> {
    await this.run(() => desks.attempt(() => session.client.api.call("POST /tickets/{space}/snooze", { space: this.space, body: { until: at.getTime() * 1_000 } })));
  }

  /** A kept reply as a whole: what it says is said, its tags are added, and the ticket is closed if it says so. What failed
   *  is told, and what comes after it is left. */
  async runMacro(one: Canned): Promise<void> {
    const ticket = this.ticket();
    const { space } = this;
    if (!ticket) return;
    const { api } = session.client;
    await this.run(() => desks.attempt(async () => {
      if (!this.helping) await api.call("POST /tickets/{space}/take", { space, body: {} });
      if (one.text) await api.call("POST /spaces/{id}/messages", { id: space, body: { client_id: crypto.randomUUID(), text: one.text } });
      const tags = [...new Set([...ticket.tags, ...(one.tags ?? [])])];
      let now = tags.length > ticket.tags.length ? await api.call("POST /tickets/{space}/change", { space, body: { tags } }) : undefined;
      if (one.close) now = await api.call("POST /tickets/{space}/close", { space, body: {} });
      toast(m.ticket_macro_done({ name: one.name }), { kind: "ok" });
      return now;
    }));
  }

  /** What was said goes by mail to the visitor. */
  async transcript(): Promise<void> {
    await this.run(() => desks.attempt(async () => {
      const { email } = await session.client.api.call("POST /tickets/{space}/transcript", { space: this.space, body: {} });
      toast(m.ticket_transcript_done({ email }), { kind: "ok" });
      return undefined;
    }));
  }

  async call(): Promise<void> {
    const ticket = this.ticket();
    if (ticket) await callVisitor(ticket, desks.of(ticket.desk));
  }

  /** Into the call, to hear what is said in it. */
  async listen(): Promise<void> {
    const { space } = this;
    if (this.inside || (await this.run(() => desks.do("join", space)))) await listenIn(space);
  }

  /** What is most likely wanted next, as buttons. */
  next(): MenuItem[] {
    const ticket = this.ticket();
    if (!ticket) return [];
    const take: MenuItem = { label: m.ticket_take(), icon: "desk", run: () => void this.take() };
    const join: MenuItem = { label: m.ticket_join(), icon: "eye", run: () => void this.run(() => desks.do("join", this.space)) };
    if (ticket.state === "closed") return [{ label: m.ticket_reopen(), icon: "retry", run: () => void this.run(() => desks.do("reopen", this.space)) }];
    if (ticket.state === "offered" && ticket.offered?.agent === session.me?.id) return [take, { label: m.offer_pass(), icon: "forward", run: () => void this.pass() }];
    if (ticket.state === "waiting" || ticket.state === "offered") return this.inside ? [take] : [take, join];
    return this.inside ? [] : [join, take];
  }

  async pass(): Promise<void> {
    await this.run(() => desks.do("pass", this.space));
    void session.client.hush(this.space);
  }

  items(): MenuItem[] {
    const ticket = this.ticket();
    if (!ticket) return [];
    const open = ticket.state === "open" || ticket.state === "snoozed";
    const list: (MenuItem | false)[] = [
      open && !this.helping && { label: m.ticket_take(), icon: "desk", run: () => void this.take() },
      !this.inside && { label: m.ticket_join(), icon: "eye", run: () => void this.run(() => desks.do("join", this.space)) },
      open && !!ticket.agent && !this.helping && { label: m.ticket_listen(), icon: "speaker", run: () => void this.listen() },
      !this.closed && !!this.macros().length && { label: m.ticket_macro(), icon: "play", run: () => this.ask("macro") },
      !this.closed && { label: m.ticket_transfer(), icon: "transfer", run: () => this.ask("transfer") },
      open && (ticket.state === "snoozed" ? { label: m.ticket_wake(), icon: "bell", run: () => void this.wake() } : { label: m.ticket_snooze(), icon: "snooze", run: () => this.ask("snooze") }),
      !this.closed && { label: m.ticket_change(), icon: "tag", run: () => this.ask("change") },
      { label: m.ticket_follow_up(), icon: "clock", run: () => this.ask("follow_up") },
      { label: m.ticket_transcript(), icon: "at", run: () => void this.transcript() },
      { label: m.copy_link(), icon: "link", run: () => void copy(`${location.origin}/agent/${encodeURIComponent(this.space)}`, m.copied_link()) },
      open && this.helping && { label: m.ticket_release(), icon: "undo", apart: true, run: () => void this.run(() => desks.do("release", this.space)) },
      !this.closed && { label: m.ticket_close(), icon: "check", apart: !(open && this.helping), run: () => void this.close() },
      this.closed && { label: m.ticket_reopen(), icon: "retry", apart: true, run: () => void this.run(() => desks.do("reopen", this.space)) },
      { label: m.ticket_block(), icon: "block", danger: true, run: () => this.ask("block") },
    ];
    return list.filter((one) => one !== false);
  }

  /** Does what a key means; false if that is nothing here, and the key stays with the browser. */
  key(key: DeskKey): boolean {
    const ticket = this.ticket();
    if (!ticket) return false;
    if (key === "take") return ticket.state !== "closed" && !this.helping && (void this.take(), true);
    if (key === "close") return !this.closed && (void this.close(), true);
    if (key === "snooze") return ticket.state === "open" && (this.ask("snooze"), true);
    if (key === "transfer") return !this.closed && (this.ask("transfer"), true);
    if ((key === "note" || key === "write") && this.inside) {
      this.talk.note = key === "note";
      this.talk.box?.focus();
      return true;
    }
    return false;
  }
}
