// The spaces of the person: their summaries kept up with live events, what is unread in each, and the list
// of them. Also open spaces that are only looked at: those have no live events and are kept nowhere.
import { Log, type LogHouse } from "./log";
import { caughtUp, count, foldSummary, guessed, postedOf, recount, type Tally } from "./summary";
import type { Store } from "./store";
import type { Draft, SpaceItem, Typing } from "./view";
import type { Bookmark, Event, Id, Level, Person, SpaceSummary } from "./wire";

const FLUSH = 500;

export interface Space {
  log: Log;
  summary: SpaceSummary;
  tally: Tally;
  since: number;
  /** The device refused to keep pages: the record is not kept either. */
  refused: boolean;
  /** The counts hold a guess until the server has been asked. */
  uncounted?: boolean;
  bookmarks?: Bookmark[] | undefined;
}

/** What an item of the list shows besides the space itself. */
export interface Beside {
  me: Id;
  person(id: Id): Person | undefined;
  level(space: Id): Level | undefined;
  draft(space: Id): Draft | null;
  failed(space: Id): number;
  typing(space: Id): Typing[];
  marked(space: Id): number;
  call(space: Id): Id | undefined;
  /** The counts of a space, or its last line, became a guess. */
  uncounted(space: Id): void;
}

export class Spaces {
  private readonly mine = new Map<Id, Space>();
  private readonly items = new Map<Id, SpaceItem>();
  private readonly unsaved = new Set<Id>();
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly store: Store, private readonly house: LogHouse, private readonly beside: Beside, private readonly onChange: (space: Id) => void) {}

  async load(): Promise<void> {
    for (const { id, summary, high, floor, tally, since, uncounted, bookmarks } of (await this.store.all()).spaces) {
      this.mine.set(id, { log: new Log(id, high, floor, this.house), summary, tally, since, refused: false, bookmarks, ...(uncounted && { uncounted }) });
    }
  }

  get(space: Id): Space | undefined {
    return this.mine.get(space);
  }

  all(): Space[] {
    return [...this.mine.values()];
  }

  /** A summary of the server. Gives the space and whether it is new here. */
  take(summary: SpaceSummary, since = 0): { space: Space; fresh: boolean } {
    const head = summary.head.seq;
    const tally: Tally = { seq: summary.me?.read ?? 0, unread: summary.me?.unread ?? 0, mentions: summary.me?.mentions ?? 0, head };
    let space = this.mine.get(summary.id);
    const fresh = !space;
    if (space) {
      if (head >= space.summary.head.seq) space.summary = summary;
    } else {
      space = { log: new Log(summary.id, head, head, this.house), summary, tally, since, refused: false };
      this.mine.set(summary.id, space);
    }
    this.setTally(space, tally);
    this.changed(summary.id);
    return { space, fresh };
  }

  /** Events were folded: leads the summary and the counts on. */
  folded(log: Log, events: Event[]): void {
    const space = this.mine.get(log.space);
    if (!space || space.log !== log) return;
    for (const event of events) {
      space.summary = foldSummary(space.summary, event);
      if (event.type === "message.removed" && space.summary.last?.removed && space.summary.last.seq === event.body.message) this.guess(space);
      const posted = postedOf(event, log.recent);
      if (guessed(space.tally, event, posted)) this.guess(space);
      space.tally = count(space.tally, event, this.beside.me, posted);
    }
    if (events.length) this.changed(log.space);
  }

  /** The register `read/<space>`, or what a summary says in its place. */
  setTally(space: Space, tally: Tally): void {
    const { log } = space;
    const now = caughtUp(tally, log.recent, log.high, this.beside.me);
    space.tally = now ?? { ...tally, head: log.high };
    space.uncounted = false;
    if (!now) this.guess(space);
    const marked = this.beside.marked(log.space);
    if (marked > space.tally.seq) this.mark(space, marked);
    this.changed(log.space);
  }

  /** The log went on without some events: what they did is unknown, unless a summary has told. */
  jumped(log: Log): void {
    const space = this.mine.get(log.space);
    if (space && space.tally.head < log.high) this.guess(space);
    this.changed(log.space);
  }

  private guess(space: Space): void {
    space.uncounted = true;
    this.beside.uncounted(space.log.space);
  }

  /** A read mark of this device, before the server knows it. */
  mark(space: Space, seq: number): void {
    space.tally = recount(space.tally, seq, space.log.recent, space.log.high, this.beside.me);
    this.changed(space.log.space);
  }

  drop(id: Id): void {
    this.mine.get(id)?.log.close();
    this.mine.delete(id);
    this.items.delete(id);
    this.unsaved.delete(id);
    void this.store.forgetSpace(id);
    this.onChange(id);
  }

  clear(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    for (const space of this.mine.values()) space.log.close();
    this.mine.clear();
    this.items.clear();
    this.unsaved.clear();
  }

  /** The newest activity first. */
  list(): SpaceItem[] {
    return this.newest().map((space) => this.item(space));
  }

  /** Those in which something was said last. */
  newest(most = Infinity): Space[] {
    const order = (it: Space): number => it.summary.last?.at ?? it.since;
    const mine = this.all().sort((a, b) => order(b) - order(a) || a.summary.name.localeCompare(b.summary.name) || (a.log.space < b.log.space ? -1 : 1));
    return mine.slice(0, most);
  }

  item(space: Space): SpaceItem {
    const known = this.items.get(space.log.space);
    if (known) return known;
    const item = this.make(space);
    this.items.set(item.key, item);
    return item;
  }

  /** Something that is not kept with a space: who types, what runs in it. */
  shown(id: Id): void {
    if (!this.mine.has(id)) return;
    this.items.delete(id);
    this.onChange(id);
  }

  /** Something that the item of a space shows is different. */
  changed(id: Id): void {
    this.items.delete(id);
    this.unsaved.add(id);
    this.timer ??= setTimeout(() => void this.save(), FLUSH);
    this.onChange(id);
  }

  /** Names may be different. */
  renamed(): void {
    for (const id of this.mine.keys()) {
      if (this.mine.get(id)?.summary.kind !== "direct") continue;
      this.items.delete(id);
      this.onChange(id);
    }
  }

  /** `high` may lag behind on the device, but never run ahead of the pages that are kept. */
  async save(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    const spaces = [...this.unsaved].map((id) => this.mine.get(id)).filter((it): it is Space => it !== undefined && !it.refused);
    this.unsaved.clear();
    const records = spaces.map(({ log, summary, tally, since, uncounted, bookmarks }) => ({
      id: log.space, high: log.high, floor: log.floor, summary, tally, since, ...(uncounted && { uncounted }), ...(bookmarks && { bookmarks }),
    }));
    if (records.length) await this.store.put({ spaces: records });
  }

  make(space: Space): SpaceItem {
    const { summary, tally, log, bookmarks } = space;
    const id = log.space;
    const draft = this.beside.draft(id);
    const call = this.beside.call(id);
    return {
      key: id, summary, title: this.title(summary), unread: tally.unread, mentions: tally.mentions,
      level: this.beside.level(id) ?? summary.me?.level ?? "everything",
      ...(summary.last && { last: summary.last }), ...(draft && { draft: draft.text }), ...(call !== undefined && { call }), ...(bookmarks && { bookmarks }),
      failed: this.beside.failed(id), typing: this.beside.typing(id), read: tally.seq, head: log.high,
    };
  }

  private title(summary: SpaceSummary): string {
    if (summary.name || !summary.people) return summary.name;
    const others = summary.people.filter((id) => id !== this.beside.me);
    return (others.length ? others : summary.people).map((id) => this.beside.person(id)?.name ?? "").filter(Boolean).join(", ");
  }
}
