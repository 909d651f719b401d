// One space's log as this device follows it: `high`, up to where every event is folded; `floor`, below which
// pages may have missed some; events that came too early; and the fetching of what is missing
// (docs/protocol/sync.md, "Gaps"). All changes of pages run one after the other, in `lane`.
import { ApiError, type Api } from "./api";
import type { Pages } from "./pages";
import type { Event, Id, Page, Seq } from "./wire";

/** A greater gap is not fetched: the newest page is taken instead. */
export const GAP = 512;
/** Enough events to lead a page that was fetched meanwhile up to `high`. */
const RECENT = 2 * GAP;
/** An answer to one's own command may overtake the socket: wait before calling that a gap. */
const PATIENCE = 2_000;

export interface LogHouse {
  api: Api;
  pages: Pages;
  epoch(): number;
  /** Another epoch showed up in an answer. */
  onEpoch(): void;
  onFolded(log: Log, events: Event[], changed: Page[]): void;
  /** `floor` moved: pages may be stale, and events were left out. */
  onJump(log: Log): void;
  /** The device refused to keep pages: `high` must not be kept beyond them in this run. */
  onRefused(log: Log): void;
}

export class Log {
  /** The newest folded events, without gaps, up to `high`. */
  recent: Event[] = [];
  /** Set false for a space that no live events come from: its pages are always stale. */
  live = true;
  closed = false;
  private readonly early = new Map<Seq, Event>();
  private readonly coming = new Map<number, Promise<Page>>();
  private lane: Promise<unknown> = Promise.resolve();
  private filling: Promise<void> | undefined;
  private target = 0;
  private failures = 0;
  private patience: ReturnType<typeof setTimeout> | undefined;

  constructor(readonly space: Id, public high: Seq, public floor: Seq, private readonly house: LogHouse) {}

  /** An event of the socket, or (`patient`) of an answer, in any order and any number of times. */
  receive(event: Event, patient = false): void {
    if (event.seq <= this.high || this.closed) return;
    this.early.set(event.seq, event);
    this.pump(patient);
  }

  /** The server's head as of a welcome, before which nothing comes over the socket. */
  async reach(head: Seq): Promise<void> {
    if (head <= this.high || this.closed) return;
    const far = head - this.high > GAP;
    if (far || !(await this.house.pages.any(this.space))) return this.jump(head);
    return this.fill(head);
  }

  /** Goes on from a later position without what lies between; `floor` remembers it. */
  jump(seq: Seq): Promise<void> {
    return this.run(async () => {
      if (seq <= this.high) return;
      this.high = this.floor = seq;
      this.recent = [];
      for (const early of this.early.keys()) if (early <= seq) this.early.delete(early);
      this.house.onJump(this);
      this.pump(true);
    });
  }

  /** Whether nothing that happened to this page up to `high` is missing in it. */
  fresh(page: Page): boolean {
    return this.live && page.at >= this.floor;
  }

  /** Fetches a page, unless the held one is still right, and leads it up to `high`. */
  refresh(n: number): Promise<Page> {
    let coming = this.coming.get(n);
    if (!coming) {
      coming = this.fetchPage(n).finally(() => this.coming.delete(n));
      this.coming.set(n, coming);
    }
    return coming;
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.patience);
    this.early.clear();
  }

  /** Resolves when everything that was begun is done. */
  async settled(): Promise<void> {
    await this.filling;
    await this.lane;
  }

  private async fetchPage(n: number): Promise<Page> {
    for (let attempt = 0; ; attempt++) {
      const held = await this.house.pages.held(this.space, n);
      const since = this.high;
      const answer = await this.house.api.page(this.space, n, held && `"${this.house.epoch()}-${n}-${held.version}"`);
      if (answer.epoch !== undefined && this.house.epoch() && answer.epoch !== this.house.epoch()) this.house.onEpoch();
      // "Not changed" was said at or after `since`: up to there the held page lacks nothing.
      const page = answer.page ?? { ...held!, at: Math.max(held!.at, answer.at ?? since) };
      if (!this.live) {
        this.house.pages.lend(page);
        return page;
      }
      const whole = await this.run(() => this.merge(page));
      // Live events ran past what is remembered of them while the page was on its way: once more.
      if (whole) return whole;
      if (attempt === 4) return page;
    }
  }

  private async merge(page: Page): Promise<Page | undefined> {
    const held = await this.house.pages.held(this.space, page.page);
    if (held && this.fresh(held) && page.at <= this.high) return held;
    if (page.at < this.floor) return undefined;
    const first = this.recent[0]?.seq ?? this.high + 1;
    if (page.at < this.high && first > page.at + 1) return undefined;
    const { page: whole, kept } = await this.house.pages.put(page, this.recent.filter((event) => event.seq > page.at));
    if (!kept) this.house.onRefused(this);
    this.house.onFolded(this, [], [whole]);
    return whole;
  }

  private pump(patient: boolean): void {
    void this.run(async () => {
      const events: Event[] = [];
      for (let next = this.high + 1; this.early.has(next); next++) {
        events.push(this.early.get(next)!);
        this.early.delete(next);
      }
      for (const seq of this.early.keys()) if (seq <= this.high) this.early.delete(seq);
      if (events.length) await this.take(events);
      if (this.early.size) this.missing(patient);
    });
  }

  private async take(events: Event[]): Promise<void> {
    const { changed, kept } = await this.house.pages.fold(this.space, this.floor, events);
    if (this.closed) return;
    if (!kept) this.house.onRefused(this);
    this.high = events.at(-1)!.seq;
    this.recent = [...this.recent, ...events].slice(-RECENT);
    this.house.onFolded(this, events, changed);
  }

  private missing(patient: boolean): void {
    const furthest = Math.max(...this.early.keys());
    if (furthest - this.high > GAP) {
      void this.jump(furthest - 1);
    } else if (!patient) {
      void this.fill(furthest - 1);
    } else {
      this.later(PATIENCE, () => this.pump(false));
    }
  }

  private later(ms: number, task: () => void): void {
    clearTimeout(this.patience);
    this.patience = setTimeout(task, ms);
  }

  /** Fetches what lies between `high` and `to`, and tries again later when there is no answer. */
  private fill(to: Seq): Promise<void> {
    this.target = Math.max(this.target, to);
    this.filling ??= this.fetchEvents().finally(() => {
      this.filling = undefined;
      if (this.early.size && !this.closed) this.pump(true);
    });
    return this.filling;
  }

  private async fetchEvents(): Promise<void> {
    while (this.high < this.target && !this.closed) {
      const before = this.high;
      try {
        const { events, head } = await this.house.api.call("GET /spaces/{id}/events", { id: this.space, query: { after: before, limit: GAP } });
        if (this.house.epoch() && head.epoch !== this.house.epoch()) return this.house.onEpoch();
        for (const event of events) if (event.seq > this.high) this.early.set(event.seq, event);
        this.failures = 0;
      } catch (error) {
        if (error instanceof ApiError && error.passing) this.later(Math.min(30_000, 1_000 * 2 ** this.failures++), () => this.fill(this.target));
        return;
      }
      this.pump(true);
      await this.lane;
      // The server gave nothing that follows: go on from there rather than ask for ever.
      if (this.high === before) return this.jump(this.target);
    }
  }

  private run<T>(task: () => Promise<T>): Promise<T> {
    const done = this.lane.then(task);
    this.lane = done.catch(() => {});
    return done;
  }
}
