// The folded pages that this device holds: a small cache in memory over the database, and the one place
// where events are folded into them. A page is fresh when its `at` is not below its space's floor; a stale
// page is never folded into, since it would then look fresh with events missing in between.
import { PAGE, fold, pageOf, touches } from "./fold";
import type { Store } from "./store";
import type { Event, Id, Page, Seq } from "./wire";

const CACHED = 300;
const DAY = 86_400_000;

export class Pages {
  private readonly cache = new Map<string, Page>();
  private readonly wanted = new Map<string, number>();

  constructor(private readonly store: Store, private readonly now: () => number) {}

  async held(space: Id, page: number): Promise<Page | undefined> {
    const key = `${space}/${page}`;
    const known = this.cache.get(key);
    if (known) return known;
    const kept = await this.store.page(space, page);
    // A newer one may have been put while the database was asked.
    const newer = this.cache.get(key);
    if (newer || !kept) return newer;
    this.remember(kept);
    return kept;
  }

  /** Notes that a reader looks at a page, so that trimming takes others first. Written at most once a day. */
  want(space: Id, page: number): void {
    const key = `${space}/${page}`;
    const now = this.now();
    if (now - (this.wanted.get(key) ?? 0) < DAY) return;
    this.wanted.set(key, now);
    void this.store.put({ wanted: [{ space, page, at: now }] });
  }

  /** All held pages of a space from the one of `seq` on. */
  async from(space: Id, seq: Seq): Promise<Page[]> {
    const kept = await this.store.pages(space, pageOf(seq));
    return kept.map((page) => this.cache.get(`${space}/${page.page}`) ?? page);
  }

  async any(space: Id): Promise<boolean> {
    for (const key of this.cache.keys()) if (key.startsWith(`${space}/`)) return true;
    return this.store.holdsAny(space);
  }

  /** Keeps a page as the server gave it, with `later` events folded in. False when the device refused it. */
  async put(page: Page, later: Event[] = []): Promise<{ page: Page; kept: boolean }> {
    const whole = later.reduce(fold, page);
    this.remember(whole);
    this.want(page.space, page.page);
    return { page: whole, kept: await this.store.put({ pages: [whole] }) };
  }

  /** Only in memory: for spaces that no live events come from. */
  lend(page: Page): void {
    this.remember(page);
  }

  /** Folds events, in order and without gaps, into the fresh pages that are held. Gives the pages that changed. */
  async fold(space: Id, floor: Seq, events: Event[]): Promise<{ changed: Page[]; kept: boolean }> {
    const pages = new Map<number, Page>();
    const before = new Map<number, Page>();
    for (const event of events) {
      for (const n of new Set(touches(event).map(pageOf))) {
        if (pages.has(n)) continue;
        const page = await this.held(space, n);
        if (!page || page.at < floor) continue;
        pages.set(n, page);
        before.set(n, page);
      }
      const begun = await this.begun(space, floor, event.seq, pages);
      if (begun) {
        pages.set(begun.page, begun);
        this.want(space, begun.page);
      }
      for (const n of new Set(touches(event).map(pageOf))) {
        const page = pages.get(n);
        if (page) pages.set(n, fold(page, event));
      }
    }
    const changed = [...pages.values()].filter((page) => before.get(page.page) !== page);
    changed.forEach((page) => this.remember(page));
    return { changed, kept: changed.length === 0 || (await this.store.put({ pages: changed })) };
  }

  forget(space: Id): void {
    for (const key of [...this.cache.keys()]) if (key.startsWith(`${space}/`)) this.cache.delete(key);
  }

  clear(): void {
    this.cache.clear();
  }

  /** With the first seq of a page the page is known whole: it is held from its beginning, if the one before is. */
  private async begun(space: Id, floor: Seq, seq: Seq, pages: Map<number, Page>): Promise<Page | undefined> {
    const n = pageOf(seq);
    if ((seq % PAGE !== 0 && seq !== 1) || pages.has(n)) return undefined;
    const before = n === 0 ? undefined : (pages.get(n - 1) ?? (await this.held(space, n - 1)));
    if (n > 0 && (!before || before.at < floor)) return undefined;
    if (await this.held(space, n)) return undefined;
    return { space, page: n, version: 0, at: seq - 1, rows: [] };
  }

  private remember(page: Page): void {
    const key = `${page.space}/${page.page}`;
    this.cache.delete(key);
    this.cache.set(key, page);
    if (this.cache.size <= CACHED) return;
    for (const oldest of this.cache.keys()) {
      this.cache.delete(oldest);
      break;
    }
  }
}
