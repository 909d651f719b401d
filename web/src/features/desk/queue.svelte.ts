// The queue as the console shows it: the tickets of one view at all of one's desks, or at one of them. Asked for again
// when a desk says that it has changed.
import { session, wordsOf } from "../../app/session.svelte";
import type { Id } from "../../engine/wire";
import type { Ticket, TicketCounts, TicketView } from "../../engine/wire-desk";
import { desks } from "./desk.svelte";
import { inOrder, summed, views } from "./order";

const KEY = "madang.desk.view";
const stored = (): TicketView => views.find((view) => view === localStorage.getItem(KEY)) ?? "waiting";

class Queue {
  view = $state<TicketView>(stored());
  /** One desk only; empty for all of one's own. */
  desk = $state<Id>("");
  tickets = $state.raw<readonly Ticket[] | null>(null);
  counts = $state.raw<TicketCounts>({ waiting: 0, mine: 0, open: 0, snoozed: 0 });
  failed = $state("");
  busy = $state(false);
  private cursors: ReadonlyMap<Id, string> = new Map();
  readonly more = $derived.by(() => (void this.tickets, this.cursors.size > 0));
  private turn = 0;

  show(view: TicketView): void {
    if (this.view === view) return;
    this.view = view;
    this.tickets = null;
    localStorage.setItem(KEY, view);
  }

  /** The desks that are asked. */
  asked(): readonly Id[] {
    return this.desk ? [this.desk] : desks.mine.map(({ id }) => id);
  }

  async load(): Promise<void> {
    const turn = ++this.turn;
    const { view } = this;
    try {
      const answers = await Promise.all(this.asked().map(async (id) => ({ id, ...(await session.client.api.call("GET /desks/{id}/tickets", { id, query: { view } })) })));
      if (turn !== this.turn) return;
      this.cursors = new Map(answers.flatMap(({ id, next_cursor }) => (next_cursor ? [[id, next_cursor] as const] : [])));
      this.take(answers.flatMap(({ tickets }) => tickets));
      this.counts = summed(answers.map(({ counts }) => counts));
      this.failed = "";
    } catch (error) {
      if (turn === this.turn) this.failed = wordsOf(error);
    }
  }

  async loadMore(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    const { turn, view } = this;
    try {
      const answers = await Promise.all([...this.cursors].map(async ([id, cursor]) => ({ id, ...(await session.client.api.call("GET /desks/{id}/tickets", { id, query: { view, cursor } })) })));
      if (turn !== this.turn) return;
      this.cursors = new Map(answers.flatMap(({ id, next_cursor }) => (next_cursor ? [[id, next_cursor] as const] : [])));
      this.take([...(this.tickets ?? []), ...answers.flatMap(({ tickets }) => tickets)]);
    } catch (error) {
      this.failed = wordsOf(error);
    } finally {
      this.busy = false;
    }
  }

  private take(tickets: readonly Ticket[]): void {
    for (const one of tickets) desks.know(one);
    this.tickets = inOrder(this.view, tickets);
  }
}

export const queue = new Queue();
