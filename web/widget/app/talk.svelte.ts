// What is said in the ticket, as state that screens read: rows, what is not sent yet, who writes, what is new.
import type { Event, Page, Row, Seq } from "../../src/engine/wire";
import type { Frame } from "./house";
import { before, beginAt, missing, nothing, take, takeAll, visible, type History } from "./history";
import { Outbox, type Unsent } from "./outbox";
import { Tray } from "./tray.svelte";
import type { Visit } from "./visit.svelte";
import { pageOf } from "../../src/engine/fold";

/** A signal that somebody writes holds this long, and is sent at most so often; milliseconds. */
const WRITES = 5_000;
const TELLS = 3_000;
const AGAIN = 4_000;
const FEW = 20;

export class Talk {
  private history = $state.raw<History>(nothing);
  loaded = $state(false);
  unsent = $state.raw<readonly Unsent[]>([]);
  /** Who writes at this moment. */
  writer = $state<string>();
  /** Up to here everything was seen by the visitor. */
  seen = $state<Seq>(0);
  readonly rows: readonly Row[] = $derived(visible(this.history.rows));
  readonly unread: number = $derived(this.rows.filter((row) => row.type === "message" && row.author !== this.visit.me?.id && row.seq > this.seen && !row.removed).length);
  readonly hasEarlier: boolean = $derived(this.loaded && this.history.first > 0);
  readonly tray: Tray;
  private readonly outbox: Outbox;
  private head: Seq = 0;
  private fetching = false;
  private stopped = false;
  private writes: ReturnType<typeof setTimeout> | undefined;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private told = 0;

  constructor(readonly space: string, private readonly visit: Visit) {
    this.seen = Number(visit.shelf.get("seen") ?? 0);
    this.tray = new Tray(visit.house);
    const { api } = visit.house;
    this.outbox = new Outbox(visit.shelf, {
      post: (body) => api.call("POST /spaces/{id}/messages", { id: space, body }),
      posted: (event) => this.came(event),
      changed: (unsent) => (this.unsent = unsent),
      random: Math.random,
    });
    this.outbox.wake();
  }

  say(text: string): void {
    this.outbox.say(text, this.tray.take(), this.visit.now());
    this.visit.shelf.put("draft", null);
    this.told = 0;
  }

  again(id: string): void {
    this.outbox.again(id);
  }

  discard(id: string): void {
    this.outbox.discard(id);
  }

  get draft(): string {
    return this.visit.shelf.get("draft") ?? "";
  }

  /** Something is being written: kept, and told to the agent. */
  writing(text: string): void {
    this.visit.shelf.put("draft", text || null);
    const now = Date.now();
    if (!text.trim() || now - this.told < TELLS) return;
    this.told = now;
    this.visit.send({ type: "typing", space: this.space } as { type: string });
  }

  /** The newest row is in sight. */
  read(): void {
    const { high } = this.history;
    if (!this.loaded || high <= this.seen) return;
    this.seen = high;
    this.visit.shelf.put("seen", String(high));
    void this.visit.house.api.call("PUT /spaces/{id}/read", { id: this.space, body: { seq: high } }).catch(() => undefined);
  }

  async earlier(): Promise<void> {
    const page = await this.visit.house.api.page(this.space, this.history.first - 1);
    if (page.page) this.history = before(this.history, page.page);
  }

  welcome(head: Seq): void {
    this.head = Math.max(this.head, head);
    this.outbox.wake();
    void this.fetch();
  }

  heard(frame: Frame): void {
    if (frame.type === "event" && frame.event.space === this.space) this.came(frame.event);
    else if (frame.type === "typing" && frame.space === this.space && frame.person !== this.visit.me?.id) this.somebodyWrites(frame.person);
  }

  wake(): void {
    this.outbox.wake();
    void this.fetch();
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.retry);
    clearTimeout(this.writes);
    this.outbox.stop();
    this.tray.empty();
  }

  private came(event: Event): void {
    if (event.author === this.writer) this.writer = undefined;
    this.history = take(this.history, event);
    if (this.history.ahead.length || !this.loaded) void this.fetch();
  }

  private somebodyWrites(person: string): void {
    this.writer = person;
    clearTimeout(this.writes);
    this.writes = setTimeout(() => (this.writer = undefined), WRITES);
  }

  /** Fetches what is missing, however it came to be. */
  private async fetch(): Promise<void> {
    if (this.fetching || this.stopped) return;
    this.fetching = true;
    clearTimeout(this.retry);
    try {
      for (;;) {
        const lacks = this.loaded ? missing(this.history, this.head) : "anew";
        if (lacks === "nothing" || this.stopped) break;
        if (lacks === "anew") await this.anew();
        else await this.next();
        this.loaded = true;
        if (lacks === "anew" && missing(this.history, this.head) === "anew") this.head = this.history.high;
      }
    } catch {
      if (!this.stopped) this.retry = setTimeout(() => void this.fetch(), AGAIN);
    }
    this.fetching = false;
  }

  /** A page that has just begun shows little: the one before it comes along. */
  private async anew(): Promise<void> {
    this.history = beginAt(await this.newest(), this.history.ahead);
    if (this.history.first > 0 && this.rows.length < FEW) await this.earlier();
  }

  private async newest(): Promise<Page> {
    const { head } = await this.visit.house.api.call("GET /spaces/{id}/events", { id: this.space, query: { after: 0, limit: 1 } });
    const { page } = await this.visit.house.api.page(this.space, pageOf(head.seq));
    if (!page) throw new Error("a page that was not asked for by its tag came without its rows");
    return page;
  }

  private async next(): Promise<void> {
    const { events } = await this.visit.house.api.call("GET /spaces/{id}/events", { id: this.space, query: { after: this.history.high, limit: 200 } });
    if (!events.length) throw new Error("the house does not have what it said it has");
    this.history = takeAll(this.history, events);
  }
}
