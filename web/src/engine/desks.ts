// Desks as the device of an agent hears of them: whether the person is reachable, which tickets ring here, and that a
// queue has changed. Nothing of it is kept; whoever shows a queue asks for it again.
import type { Api } from "./api";
import type { DesksNow } from "./view";
import type { Id } from "./wire";
import type { AgentNow, AgentSwitch, DeskFrame, Page, Ticket } from "./wire-desk";

/** An "offer_over" that was lost must not let it ring for ever: so long after its time is up, in milliseconds. */
const GRACE = 3_000;
/** How soon after a queue has changed it is asked again what holds of the person. */
const SOON = 1_000;

export interface DesksHouse { api: Api; now(): number; skew(): number; changed(): void }

export class Desks {
  private readonly rings = new Map<Id, { ticket: Ticket; timer: ReturnType<typeof setTimeout> }>();
  private readonly turns: Record<Id, number> = {};
  private agent: Pick<AgentNow, "reachable" | "desks"> | undefined;
  private why: AgentSwitch | null = null;
  private pages: Record<Id, Page> = {};
  private all = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private asking = 0;

  constructor(private readonly house: DesksHouse) {}

  now(): DesksNow {
    const why = this.why?.reachable === this.agent?.reachable ? this.why?.why : undefined;
    return { ...(this.agent && { agent: { ...this.agent, ...(why && { why }) } }), offers: [...this.rings.values()].map(({ ticket }) => ticket), turns: { ...this.turns }, turn: this.all, pages: this.pages };
  }

  /** After every welcome: what was missed is asked for. */
  welcome(): void {
    this.all += 1;
    this.pages = {};
    this.house.changed();
    void this.ask();
  }

  /** The switch was turned, here, on another device, or by the house. */
  turned(to: AgentSwitch | null): void {
    this.why = to;
    if (!this.agent || !to || this.agent.reachable === to.reachable) return this.house.changed();
    this.agent = { ...this.agent, reachable: to.reachable };
    this.house.changed();
  }

  frame(frame: DeskFrame): void {
    switch (frame.type) {
      case "offer":
        this.ring(frame.ticket);
        return this.house.changed();
      case "offer_over":
        return this.hush(frame.space);
      case "visitor_at":
        this.pages = { ...this.pages, [frame.space]: frame.page };
        return this.house.changed();
      case "desk":
        this.turns[frame.desk] = (this.turns[frame.desk] ?? 0) + 1;
        this.timer ??= setTimeout(() => {
          this.timer = undefined;
          void this.ask();
        }, SOON);
        return this.house.changed();
    }
  }

  /** No longer rings here, whatever the server has said of it. */
  hush(space: Id): void {
    if (this.silence(space)) this.house.changed();
  }

  /** What an answer of the server says: of a switch that was pressed, or of the beginning. */
  know({ reachable, desks, offers }: AgentNow): void {
    this.agent = { reachable, desks };
    for (const space of this.rings.keys()) this.silence(space);
    for (const ticket of offers) this.ring(ticket);
    this.house.changed();
  }

  clear(): void {
    clearTimeout(this.timer);
    for (const space of this.rings.keys()) this.silence(space);
  }

  /** Offline, or no agent: what is known stays, and the next welcome asks again. */
  private async ask(): Promise<void> {
    const turn = ++this.asking;
    const now = await this.house.api.call("GET /me/agent").catch(() => undefined);
    if (now && turn === this.asking) this.know(now);
  }

  private ring(ticket: Ticket): void {
    this.silence(ticket.space);
    const left = (ticket.offered?.until ?? 0) / 1_000 - this.house.now() - this.house.skew();
    if (left <= 0) return;
    this.rings.set(ticket.space, { ticket, timer: setTimeout(() => this.hush(ticket.space), left + GRACE) });
  }

  private silence(space: Id): boolean {
    clearTimeout(this.rings.get(space)?.timer);
    return this.rings.delete(space);
  }
}
