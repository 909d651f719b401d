// The outbox: wishes are stored before their first attempt, sent in order within a space, and tried again
// until they have an answer (docs/protocol/sync.md, "In"). A refused wish waits for the person and holds up
// nobody but those about the same message.
import { ApiError, type Api } from "./api";
import type { Store } from "./store";
import type { Target, WishKind } from "./view";
import type { Event, FileRef, Id, Seq } from "./wire";
import { send, waits, type Wish } from "./wishes";

const LONGEST = 60_000;
/** Spaces that are sent to at the same time. */
const LANES = 6;

export interface OutboxHouse {
  api: Api;
  store: Store;
  now(): number;
  random(): number;
  online(): boolean;
  /** Whether the server has said in this connection that it still holds the history whose seqs are meant. */
  trusted(): boolean;
  /** A wish has its answer; the log gets the event. */
  granted(event: Event): void;
  /** Its files are needed here no more: it is in the log, or was given up. */
  settled(id: string): void;
  changed(space: Id): void;
}

type Made = Pick<Wish, "id" | "space" | "kind"> & Partial<Wish>;

export class Outbox {
  private wishes: Wish[] = [];
  /** Granted, but not yet folded by the log: shown until then. */
  private granted: Wish[] = [];
  private readonly busy = new Set<Id>();
  private order = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private stopped = false;

  constructor(private readonly house: OutboxHouse) {}

  /** After a start: what was being sent may have arrived or not, so it is sent again. */
  load(wishes: Wish[]): void {
    this.wishes = wishes.map((wish): Wish => ({ ...wish, state: wish.state === "failed" ? "failed" : "queued", next: 0 }));
    this.wishes.sort((a, b) => a.order - b.order);
    this.order = this.wishes.at(-1)?.order ?? 0;
  }

  /** In the order they were made: what is granted but not folded, then what is not granted. */
  of(space: Id): Wish[] {
    return [...this.granted, ...this.wishes].filter((wish) => wish.space === space);
  }

  all(): Wish[] {
    return this.wishes;
  }

  async add(made: Made): Promise<void> {
    if (this.wishes.some((wish) => wish.id === made.id)) return;
    const wish: Wish = { state: "queued", order: ++this.order, at: this.house.now(), tries: 0, next: 0, ...made };
    this.wishes.push(wish);
    this.house.changed(wish.space);
    await this.keep(wish);
    this.kick();
  }

  /** A wish about a message; one that has not been sent yet is changed in the queue instead. */
  async about(target: Target, made: Made): Promise<void> {
    if (typeof target === "number") return this.cancelled(target, made) ? undefined : this.add({ ...made, message: target });
    const post = this.wishes.find((wish) => wish.id === target);
    if (!post) {
      const seq = this.granted.find((wish) => wish.id === target)?.granted?.seq;
      return seq === undefined ? undefined : this.add({ ...made, message: seq });
    }
    const unsent = post.tries === 0 || post.state === "failed";
    if (made.kind === "edit" && unsent) return this.change(post, { text: made.text ?? "" });
    if (made.kind === "remove" && unsent) return this.discard(post.id);
    if (!this.cancelled(target, made)) await this.add({ ...made, of: target });
  }

  async uploaded(id: string, key: string, file: FileRef): Promise<void> {
    const wish = this.wishes.find((it) => it.id === id);
    if (!wish?.post) return;
    const uploads = (wish.post.uploads ?? []).map((it) => (it.key === key ? { ...it, file } : it));
    // A file that arrives mends nothing else: what was refused waits for the person.
    const { state, code, words } = wish;
    await this.change(wish, { post: { ...wish.post, uploads }, ...(state === "failed" && { state, code, words }) });
  }

  /** A file was taken out of a waiting message; one without any content left is given up. */
  async withdrawn(id: string, key: string): Promise<void> {
    const wish = this.wishes.find((it) => it.id === id);
    if (!wish?.post) return;
    const uploads = (wish.post.uploads ?? []).filter((it) => it.key !== key);
    if (!wish.text && !uploads.length && !wish.post.files?.length && !wish.post.forward) return this.discard(id);
    await this.change(wish, { post: { ...wish.post, uploads } });
  }

  async fail(id: string, code: string, words?: string): Promise<void> {
    const wish = this.wishes.find((it) => it.id === id);
    if (wish) await this.change(wish, { state: "failed", code, ...(words !== undefined && { words }) });
  }

  /** With `lost` the server has its files no more: it waits for them again. */
  async retry(id: string, lost = false): Promise<void> {
    const wish = this.wishes.find((it) => it.id === id);
    const uploads = lost && wish?.post?.uploads?.map(({ file: _, ...upload }) => upload);
    if (wish) await this.change(wish, uploads ? { post: { ...wish.post, uploads } } : {});
  }

  async discard(id: string): Promise<void> {
    const gone = this.wishes.filter((wish) => wish.id === id || wish.of === id);
    if (gone.length === 0) return;
    this.wishes = this.wishes.filter((wish) => !gone.includes(wish));
    gone.forEach((wish) => (this.house.changed(wish.space), this.house.settled(wish.id)));
    await this.house.store.remove("outbox", ...gone.map((wish) => wish.id));
    this.kick();
  }

  /** The log has folded a space up to here. */
  folded(space: Id, high: Seq): void {
    const left = this.granted.filter((wish) => wish.space !== space || (wish.granted?.seq ?? 0) > high);
    if (left.length < this.granted.length) this.granted = left;
  }

  /** After another epoch the seqs that wishes name may be those of other messages: the person decides. */
  async distrust(): Promise<void> {
    this.granted = [];
    await Promise.all(this.wishes.filter(isNumbered).map((wish) => this.fail(wish.id, "restored")));
  }

  /** The network is back, or the page: no more waiting. */
  wake(): void {
    for (const wish of this.wishes) wish.next = 0;
    this.kick();
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  /** Sends what can be sent. */
  kick(): void {
    if (this.stopped || !this.house.online()) return;
    const spaces = new Set(this.wishes.map((wish) => wish.space));
    let soonest = Infinity;
    for (const space of spaces) {
      if (this.busy.has(space) || this.busy.size >= LANES) continue;
      const first = this.wishes.find((wish) => wish.space === space && wish.state !== "failed" && !waits(wish));
      if (!first) continue;
      if (first.next > this.house.now()) soonest = Math.min(soonest, first.next);
      else if (!isNumbered(first) || this.house.trusted()) void this.attempt(first);
    }
    clearTimeout(this.timer);
    if (soonest < Infinity) this.timer = setTimeout(() => this.kick(), soonest - this.house.now());
  }

  private async attempt(wish: Wish): Promise<void> {
    this.busy.add(wish.space);
    wish.state = "sending";
    wish.tries += 1;
    this.house.changed(wish.space);
    try {
      await this.keep(wish);
      if (this.stopped) return;
      await this.done(wish, await send(this.house.api, wish));
    } catch (error) {
      if (!this.stopped) await this.undone(wish, error);
    } finally {
      this.busy.delete(wish.space);
      this.house.changed(wish.space);
      this.kick();
    }
  }

  private async done(wish: Wish, event: Event | null): Promise<void> {
    this.wishes = this.wishes.filter((it) => it !== wish);
    if (wish.post?.uploads?.length) this.house.settled(wish.id);
    const about = this.wishes.filter((it) => it.of === wish.id);
    if (event) {
      this.granted.push({ ...wish, granted: event });
      for (const it of about) {
        it.message = event.seq;
        delete it.of;
      }
      this.house.granted(event);
    }
    await this.house.store.put({ outbox: about.map(plain) });
    await this.house.store.remove("outbox", wish.id);
  }

  private async undone(wish: Wish, error: unknown): Promise<void> {
    const refusal = error instanceof ApiError ? error : undefined;
    wish.state = "queued";
    if (refusal && !refusal.passing && refusal.status !== 401) {
      Object.assign(wish, { state: "failed", code: refusal.code, words: refusal.message });
    } else {
      const steps = Math.min(LONGEST, 1_000 * 2 ** Math.min(wish.tries - 1, 6));
      const wait = refusal?.retryAfter ? refusal.retryAfter * 1_000 : steps * (0.75 + 0.5 * this.house.random());
      wish.next = this.house.now() + wait;
    }
    await this.keep(wish);
  }

  private async change(wish: Wish, to: Partial<Wish>): Promise<void> {
    Object.assign(wish, { state: "queued", next: 0 }, to);
    if (wish.state !== "failed") {
      delete wish.code;
      delete wish.words;
    }
    this.house.changed(wish.space);
    await this.keep(wish);
    this.kick();
  }

  /** Taking back what was not sent yet: neither of the two is sent. */
  private cancelled(target: Target, made: Made): boolean {
    const against: Partial<Record<WishKind, WishKind>> = { react: "unreact", unreact: "react", pin: "unpin", unpin: "pin" };
    const before = this.wishes.findLast((wish) => (wish.message ?? wish.of) === target && wish.space === made.space && wish.emoji === made.emoji);
    if (!before || before.kind !== against[made.kind] || before.tries > 0) return false;
    void this.discard(before.id);
    return true;
  }

  private async keep(wish: Wish): Promise<void> {
    // It may have been discarded while its answer was awaited.
    if (this.wishes.includes(wish)) await this.house.store.put({ outbox: [plain(wish)] });
  }
}

const isNumbered = (wish: Wish): boolean => wish.message !== undefined || wish.post?.thread !== undefined;

const plain = ({ granted: _, ...wish }: Wish): Wish => wish;
