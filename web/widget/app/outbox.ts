// What the visitor has said and the house has not confirmed: sent one after the other, tried again while there is no
// network, kept so that a page that was closed says it the next time. Each message has its client id from the beginning,
// so that however often it is sent, it is in the log once.
import { ApiError } from "../../src/engine/api";
import { newClientId } from "../../src/engine/ids";
import type { Event, FileRef } from "../../src/engine/wire";
import type { Shelf } from "./shelf";

export interface Unsent { id: string; text: string; files: FileRef[]; at: number; /** What the house said against it. */ refused?: string }

export interface OutboxHouse {
  post(body: { client_id: string; text: string; files?: string[] }): Promise<{ event: Event }>;
  posted(event: Event): void;
  changed(unsent: readonly Unsent[]): void;
  random(): number;
}

const NAME = "unsent";
const FIRST = 1_000;
const LONGEST = 30_000;

export class Outbox {
  private unsent: Unsent[];
  private busy = false;
  private tries = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private stopped = false;

  constructor(private readonly shelf: Shelf, private readonly house: OutboxHouse) {
    this.unsent = read(shelf.get(NAME));
    house.changed(this.unsent);
  }

  say(text: string, files: FileRef[], now: number): void {
    this.change([...this.unsent, { id: newClientId(), text, files, at: now }]);
    this.wake();
  }

  /** Once more, after the house refused it. */
  again(id: string): void {
    this.change(this.unsent.map((it) => (it.id === id ? without(it) : it)));
    this.wake();
  }

  discard(id: string): void {
    this.change(this.unsent.filter((it) => it.id !== id));
  }

  /** The network or the page came back. */
  wake(): void {
    this.tries = 0;
    clearTimeout(this.timer);
    void this.send();
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  private async send(): Promise<void> {
    if (this.busy || this.stopped) return;
    this.busy = true;
    for (let next = this.next(); next && !this.stopped; next = this.next()) {
      const { id, text, files } = next;
      try {
        const { event } = await this.house.post({ client_id: id, text, ...(files.length && { files: files.map((it) => it.id) }) });
        this.tries = 0;
        this.discard(id);
        if (!this.stopped) this.house.posted(event);
      } catch (error) {
        if (error instanceof ApiError && !error.passing && error.status !== 401) {
          this.change(this.unsent.map((it) => (it.id === id ? { ...it, refused: error.message || error.code } : it)));
          continue;
        }
        this.later(error);
        break;
      }
    }
    this.busy = false;
  }

  private next(): Unsent | undefined {
    return this.unsent.find((it) => it.refused === undefined);
  }

  private later(error: unknown): void {
    if (this.stopped) return;
    const asked = error instanceof ApiError ? error.retryAfter : undefined;
    const wait = asked ? asked * 1_000 : Math.min(LONGEST, FIRST * 2 ** this.tries++) * (0.75 + 0.5 * this.house.random());
    this.timer = setTimeout(() => void this.send(), wait);
  }

  private change(unsent: Unsent[]): void {
    this.unsent = unsent;
    if (this.stopped) return;
    this.shelf.put(NAME, unsent.length ? JSON.stringify(unsent) : null);
    this.house.changed(unsent);
  }
}

const without = ({ refused: _, ...rest }: Unsent): Unsent => rest;

function read(kept: string | null): Unsent[] {
  try {
    const all: unknown = JSON.parse(kept ?? "[]");
    return Array.isArray(all) ? (all as Unsent[]).filter((it) => typeof it.id === "string" && typeof it.text === "string" && Array.isArray(it.files)) : [];
  } catch {
    return [];
  }
}
