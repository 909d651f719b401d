// One thread: its root and replies, asked for once and then led on by live events. Each row knows the event
// that changed it last, so an event is folded into a row only if it is later than that.
import { ApiError, type Api } from "./api";
import { foldRow, begin, touches } from "./fold";
import type { Log } from "./log";
import type { Pages } from "./pages";
import type { ThreadState } from "./view";
import type { Event, Row, Seq } from "./wire";
import type { Shown, Wish } from "./wishes";

export interface ThreadHouse {
  api: Api;
  log: Log;
  pages: Pages;
  shown: Shown;
  wishes(): Wish[];
  changed(): void;
}

export class Thread {
  private rows: Row[] = [];
  private loading = false;
  private missing = false;
  gone = false;

  constructor(private readonly root: Seq, private readonly house: ThreadHouse) {}

  /** Shows what is held, then asks for the whole. Also when events may have been missed. */
  async open(): Promise<void> {
    if (this.loading || this.gone) return;
    const { api, log, pages } = this.house;
    this.loading = true;
    if (this.rows.length === 0) {
      for (const page of await pages.from(log.space, this.root)) this.adopt(page.rows);
      const rootPage = await pages.held(log.space, Math.floor(this.root / 64));
      if (rootPage) this.adopt(rootPage.rows);
      this.house.changed();
    }
    try {
      const { root, rows } = await api.call("GET /spaces/{id}/threads/{seq}", { id: log.space, seq: this.root });
      this.rows = [];
      this.adopt([root, ...rows]);
      this.missing = false;
      // What was folded while the answer was on its way; rows that have it already say so.
      this.folded(log.recent);
    } catch (error) {
      if (error instanceof ApiError && !error.passing) this.gone = true;
      else this.missing = true;
    }
    this.loading = false;
    this.house.changed();
  }

  folded(events: Event[]): void {
    let next = this.rows;
    for (const event of events) {
      if (event.type === "message.posted" && event.body.thread === this.root && !next.some((row) => row.seq === event.seq)) {
        next = [...next, begin(event)!];
      }
      for (const seq of touches(event)) {
        const at = next.findIndex((row) => row.seq === seq && row.changed < event.seq);
        const row = next[at];
        if (row) next = next.with(at, foldRow(row, event));
      }
    }
    if (next === this.rows) return;
    this.rows = next;
    this.house.changed();
  }

  state(): ThreadState {
    const wishes = this.house.wishes();
    const rows = this.gone ? [] : this.house.shown.rows(this.rows, wishes);
    const root = rows.find((shown) => shown.row.seq === this.root);
    const replies = rows.filter((shown) => shown !== root);
    const posts = wishes.filter((wish) => wish.kind === "post" && wish.post?.thread === this.root);
    return {
      ...(root && { root }),
      rows: this.gone ? [] : [...replies, ...this.house.shown.posts(posts, wishes, replies)],
      loading: this.loading, missing: this.missing, gone: this.gone,
    };
  }

  private adopt(rows: Row[]): void {
    const there = new Set(this.rows.map((row) => row.seq));
    const mine = rows.filter((row) => !there.has(row.seq) && (row.seq === this.root || (row.type === "message" && row.thread === this.root)));
    if (mine.length) this.rows = [...this.rows, ...mine].sort((a, b) => a.seq - b.seq);
  }
}
