// The desks of this person, as screens share them: where they stand, whether they are reachable, what is offered to
// them, and what can be done to a ticket. Followed by start.ts; lives as long as the shell.
import { session, wordsOf } from "../../app/session.svelte";
import { ApiError } from "../../engine/client";
import type { DesksNow } from "../../engine/view";
import type { Id } from "../../engine/wire";
import type { Desk, Page, Ticket } from "../../engine/wire-desk";
import { m } from "../../lib/i18n.svelte";
import { toast } from "../../ui/toasts.svelte";

/** What is done to a ticket, by the last word of its route. */
type Deed = "take" | "pass" | "release" | "close" | "reopen" | "join";

class AgentDesks {
  now = $state.raw<DesksNow>({ offers: [], turns: {}, turn: 0 });
  /** Those one stands at, and for who looks after desks all; null until they are known. */
  all = $state.raw<readonly Desk[] | null>(null);
  failed = $state("");
  /** Tickets as answers have shown them lately, for whoever shows one and did not ask. */
  known = $state.raw<ReadonlyMap<Id, Ticket>>(new Map());
  readonly mine = $derived((this.all ?? []).filter((desk) => desk.mine));
  readonly isAgent = $derived((this.now.agent?.desks ?? 0) > 0);
  /** Who waits at the desks one stands at. */
  readonly waiting = $derived(this.mine.reduce((sum, desk) => sum + desk.waiting, 0));
  private heardTurn = "";

  heard(next: DesksNow): void {
    const before = this.now.pages;
    this.now = next;
    if (next.pages !== before) this.moved(before ?? {}, next.pages ?? {});
    const turn = JSON.stringify([next.turn, next.turns, next.agent?.desks]);
    if (turn === this.heardTurn) return;
    this.heardTurn = turn;
    if (this.isAgent) void this.load();
  }

  /** Whoever is helped has gone to another page since. What an answer has said later stands. */
  private moved(before: Readonly<Record<Id, Page>>, now: Readonly<Record<Id, Page>>): void {
    for (const [space, page] of Object.entries(now)) {
      const ticket = this.known.get(space);
      if (ticket && (before[space]?.url !== page.url || before[space].title !== page.title)) this.know({ ...ticket, page });
    }
  }

  async load(): Promise<void> {
    try {
      this.all = (await session.client.api.call("GET /desks")).desks;
      this.failed = "";
    } catch (error) {
      this.failed = wordsOf(error);
    }
  }

  of(desk: Id): Desk | undefined {
    return this.all?.find(({ id }) => id === desk);
  }

  /** How often something at a desk may have changed: read in an effect to ask again. */
  turnOf(desk: Id): string {
    return `${this.now.turn} ${this.now.turns[desk] ?? 0}`;
  }

  know(ticket: Ticket): Ticket {
    this.known = new Map(this.known).set(ticket.space, ticket);
    return ticket;
  }

  async setReachable(reachable: boolean): Promise<void> {
    try {
      await session.client.api.call("PUT /me/agent", { body: { reachable } });
      toast(reachable ? m.desk_reachable_on() : m.desk_reachable_off(), { kind: "ok" });
    } catch (error) {
      toast(wordsOf(error), { kind: "error" });
    }
  }

  /** Does something to a ticket. The ticket as it is then, or nothing if it was refused, which has been said. */
  async do(deed: Deed, space: Id): Promise<Ticket | undefined> {
    return this.attempt(() => session.client.api.call(`POST /tickets/{space}/${deed}`, { space, body: {} }) as Promise<{ ticket?: Ticket } | undefined>);
  }

  async attempt(work: () => Promise<{ ticket?: Ticket } | undefined>): Promise<Ticket | undefined> {
    try {
      const answer = await work();
      return answer?.ticket && this.know(answer.ticket);
    } catch (error) {
      toast(error instanceof ApiError && error.code === "ticket_taken" ? m.desk_taken_by_other() : wordsOf(error), { kind: error instanceof ApiError && error.code === "ticket_taken" ? "info" : "error" });
      return undefined;
    }
  }
}

export const desks = new AgentDesks();

/** What is offered to me and not to a colleague. */
export const offersToMe = (): readonly Ticket[] => desks.now.offers.filter((one) => !one.offered || one.offered.agent === session.me?.id);
