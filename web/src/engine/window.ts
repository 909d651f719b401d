// A window of pages over one space, as the list of messages needs it: a contiguous run of pages, grown at
// either end until enough main-line rows are visible, and trimmed at the other. Shows held pages at once and
// revalidates the stale ones; offline it shows what is there and says that something is missing.
import type { Around } from "./door";
import { isMain, pageOf } from "./fold";
import type { Log } from "./log";
import type { Pages } from "./pages";
import type { WindowState } from "./view";
import type { Id, Page, Row, Seq } from "./wire";
import type { Shown, Wish } from "./wishes";

/** Pages with something in the main line that are kept; others count for nothing. */
const MOST = 5;
/** While the end is followed the far side is left alone longer, so that a reader up there is not moved. */
const MOST_FOLLOWING = 8;
const FIRST_ROWS = 60;
const MORE_ROWS = 40;
const AT_ONCE = 4;

export interface WindowHouse {
  log: Log;
  pages: Pages;
  shown: Shown;
  me: Id;
  wishes(): Wish[];
  read(): Seq;
  unread(): number;
  changed(): void;
}

export class PageWindow {
  private lo = 0;
  private hi = -1;
  private readonly held = new Map<number, Page>();
  private loading = 0;
  private readonly missing = new Set<number>();
  private readAt = 0;
  private turn = 0;
  private growing: Promise<void> = Promise.resolve();
  private around: Around = "end";
  /** The end was in the window when last looked: new pages are taken in as they begin. */
  private following = false;
  gone = false;

  constructor(private readonly house: WindowHouse) {}

  /** Replaces the window by the pages around a place. */
  async open(around: Around): Promise<void> {
    const turn = ++this.turn;
    const { log } = this.house;
    this.around = around;
    this.readAt = this.house.read();
    const unread = around === "unread" && this.house.unread() > 0;
    const end = around === "end" || (around === "unread" && !unread);
    const middle = pageOf(end ? log.high : unread ? Math.min(this.readAt + 1, log.high) : Number(around));
    this.held.clear();
    this.missing.clear();
    this.lo = middle;
    this.hi = middle - 1;
    this.following = false;
    await this.busy(async () => {
      if (!(await this.reach(middle, turn)) || turn !== this.turn) return;
      this.hi = middle;
      if (!end) await this.grow(1, MORE_ROWS, turn);
      await this.grow(-1, end ? FIRST_ROWS : MORE_ROWS, turn);
    });
  }

  older(): Promise<void> {
    return this.more(-1);
  }

  newer(): Promise<void> {
    return this.more(1);
  }

  /** The log has folded on; `changed` are the pages it changed. */
  folded(changed: Page[]): void {
    const atEnd = this.following;
    for (const page of changed) {
      if (page.page >= this.lo && page.page <= this.hi) this.held.set(page.page, page);
      else if (atEnd && page.page === this.hi + 1) this.held.set((this.hi = page.page), page);
    }
    if (atEnd && this.hi < pageOf(this.house.log.high)) void this.more(1);
    if (atEnd) this.trim(-1, MOST_FOLLOWING);
    this.house.changed();
  }

  /** Pages may have become stale, or the network is back: looks again at what is shown or was missing. */
  revive(): void {
    if (this.gone) return;
    if (this.hi < this.lo) return void this.open(this.around);
    const turn = this.turn;
    for (let n = this.lo; n <= this.hi; n++) {
      const page = this.held.get(n);
      if (!page || !this.house.log.fresh(page)) void this.busy(() => this.revalidate(n, turn));
    }
    const lost = [...this.missing];
    this.missing.clear();
    if (lost.some((n) => n < this.lo)) void this.more(-1);
    if (lost.some((n) => n > this.hi)) void this.more(1);
    this.following = this.atEnd;
    this.house.changed();
  }

  state(): WindowState {
    const { log, shown, me } = this.house;
    const wishes = this.house.wishes();
    const mains = this.gone ? [] : this.all().flatMap(mainRows);
    const rows = shown.rows(mains, wishes);
    const { atEnd } = this;
    // Where nothing could be loaded, one's own unsent messages are still there.
    const nothing = this.hi < this.lo && typeof this.around !== "number";
    if ((atEnd || nothing) && !this.gone) {
      const posts = wishes.filter((wish) => wish.kind === "post" && (wish.post?.thread === undefined || wish.post.also));
      rows.push(...shown.posts(posts, wishes, rows));
    }
    const reaches = this.lo * 64 <= this.readAt + 1;
    const first = reaches ? mains.find((row) => row.seq > this.readAt && row.author !== me && row.type === "message" && !row.removed) : undefined;
    return {
      rows, atEnd,
      atStart: this.lo === 0 && this.held.has(0),
      loading: this.loading > 0,
      missing: this.missing.size > 0,
      ...(first && { firstUnread: first.seq }),
      head: log.high,
      last: mains.at(-1)?.seq ?? 0,
      gone: this.gone,
    };
  }

  private get atEnd(): boolean {
    return this.hi >= pageOf(this.house.log.high) && this.held.has(this.hi);
  }

  private all(): Page[] {
    const pages: Page[] = [];
    for (let n = this.lo; n <= this.hi; n++) {
      const page = this.held.get(n);
      if (page) pages.push(page);
    }
    return pages;
  }

  private more(way: 1 | -1): Promise<void> {
    const turn = this.turn;
    // One after the other: two at once would take the same pages twice.
    this.growing = this.growing.then(() => this.busy(() => this.grow(way, MORE_ROWS, turn)));
    return this.growing;
  }

  /** Takes pages at one end until `wanted` more rows are visible, and lets go of the other end. */
  private async grow(way: 1 | -1, wanted: number, turn: number): Promise<void> {
    let gained = 0;
    for (let step = 1; gained < wanted && turn === this.turn; step = Math.min(AT_ONCE, step * 2)) {
      const next: number[] = [];
      for (let i = 1; i <= step; i++) {
        const n = way < 0 ? this.lo - i : this.hi + i;
        if (n >= 0 && n <= pageOf(this.house.log.high)) next.push(n);
      }
      if (next.length === 0) break;
      const reached = await Promise.all(next.map((n) => this.reach(n, turn)));
      if (turn !== this.turn) return;
      for (const [i, n] of next.entries()) {
        if (!reached[i]) return;
        if (way < 0) this.lo = n;
        else this.hi = Math.max(this.hi, n);
        gained += mainRows(this.held.get(n)!).length;
        if (gained >= wanted) break;
      }
      this.following = this.atEnd;
      this.house.changed();
    }
    this.trim(way < 0 ? 1 : -1, MOST);
    this.following = this.atEnd;
  }

  /** Whether the page is here now. A stale one is shown as it is while it is asked for again. */
  private async reach(n: number, turn: number): Promise<boolean> {
    const { log, pages } = this.house;
    const page = await pages.held(log.space, n);
    if (turn !== this.turn) return false;
    if (!page) return this.revalidate(n, turn);
    this.held.set(n, page);
    pages.want(log.space, n);
    this.house.changed();
    if (!log.fresh(page)) void this.busy(() => this.revalidate(n, turn));
    return true;
  }

  private async revalidate(n: number, turn: number): Promise<boolean> {
    try {
      const page = await this.house.log.refresh(n);
      if (turn !== this.turn) return false;
      const newer = this.held.get(n);
      if (!newer || newer.at <= page.at) this.held.set(n, page);
      this.missing.delete(n);
      if (this.house.log.live) this.house.pages.want(page.space, n);
      return true;
    } catch {
      if (turn === this.turn) this.missing.add(n);
      return false;
    } finally {
      this.house.changed();
    }
  }

  private trim(way: 1 | -1, most: number): void {
    const full = (): number => this.all().filter((page) => mainRows(page).length > 0).length;
    while (full() > most) this.held.delete(way < 0 ? this.lo++ : this.hi--);
  }

  private async busy<T>(task: () => Promise<T>): Promise<T> {
    this.loading++;
    this.house.changed();
    try {
      return await task();
    } finally {
      this.loading--;
      this.house.changed();
    }
  }
}

const known = new WeakMap<Page, Row[]>();

function mainRows(page: Page): Row[] {
  let rows = known.get(page);
  if (!rows) known.set(page, (rows = page.rows.filter(isMain)));
  return rows;
}
