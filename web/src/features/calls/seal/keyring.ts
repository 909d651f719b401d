// The keys of a call as its worker holds them: one for sending, those of everybody for opening, the ones of before for
// a moment. Pure but for cryptography; time is given.
import type { Id } from "../../../engine/wire";
import { frameKey, type FrameKey } from "./sframe";

/** So long what was sealed before a change still opens: it may be on its way. */
export const OLD_KEYS = 10_000;
/** So long the old key is sent with after a change, until the others have the new one. */
export const SWITCH = 400;
/** Pictures come later than sound, and layers that nobody sees take numbers too: about ten seconds of a busy sender. */
const WINDOW = 2_048;

export interface EpochKeys {
  epoch: number;
  base: CryptoKey;
  /** My place among the members. */
  me: number;
  /** In the order that all devices agree on. */
  members: readonly Id[];
}

interface Known extends EpochKeys { until: number; keys: Map<number, Promise<FrameKey>>; seen: Map<number, Replay> }

/** RFC 9605, 9.3: what was opened once is not opened again. */
export class Replay {
  private readonly seen = new Float64Array(WINDOW).fill(-1);
  private highest = -1;

  has(ctr: number): boolean {
    return ctr <= this.highest - WINDOW || this.seen[ctr % WINDOW] === ctr;
  }

  /** Only what proved to be genuine is remembered. */
  add(ctr: number): void {
    this.seen[ctr % WINDOW] = ctr;
    this.highest = Math.max(this.highest, ctr);
  }
}

/** RFC 9605, 5.2: a key is named by its sender's place and the last bits of the epoch. */
export const kidOf = (place: number, epoch: number): number => place * 256 + (epoch % 256);

export class KeyRing {
  private readonly epochs = new Map<number, Known>();
  private newest = 0;
  private sending: { key: Promise<FrameKey>; ctr: number } | undefined;
  private next: { key: Promise<FrameKey>; at: number } | undefined;

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** An epoch that is there already is not taken again: its numbers would begin anew under the same key. */
  add(keys: EpochKeys): void {
    if (keys.epoch <= this.newest) return;
    const now = this.now();
    for (const [name, known] of this.epochs) {
      known.until = Math.min(known.until, now + OLD_KEYS);
      if (known.until <= now) this.epochs.delete(name);
    }
    const known: Known = { ...keys, until: Infinity, keys: new Map(), seen: new Map() };
    this.epochs.set(keys.epoch % 256, known);
    this.newest = keys.epoch;
    const key = this.keyOf(known, keys.me);
    if (this.sending) this.next = { key, at: now + SWITCH };
    else this.sending = { key, ctr: 0 };
  }

  /** The key to send with, and a number that it was never used with. None: nothing may be sent yet. */
  async take(): Promise<{ key: FrameKey; ctr: number } | undefined> {
    if (this.next && this.now() >= this.next.at) {
      this.sending = { key: this.next.key, ctr: 0 };
      this.next = undefined;
    }
    const { sending } = this;
    if (!sending) return undefined;
    const ctr = sending.ctr++;
    return { key: await sending.key, ctr };
  }

  /** The key under this name, whose it is, and what was opened with it. None: it is not known, or not any more. */
  async find(kid: number): Promise<{ key: FrameKey; seen: Replay; sender: Id } | undefined> {
    const known = this.epochs.get(kid % 256);
    const place = Math.floor(kid / 256);
    const sender = known?.members[place];
    if (!known || !sender || known.until <= this.now() || place === known.me) return undefined;
    let seen = known.seen.get(place);
    if (!seen) known.seen.set(place, (seen = new Replay()));
    return { key: await this.keyOf(known, place), seen, sender };
  }

  private keyOf(known: Known, place: number): Promise<FrameKey> {
    let key = known.keys.get(place);
    if (!key) known.keys.set(place, (key = frameKey(known.base, kidOf(place, known.epoch))));
    return key;
  }
}
