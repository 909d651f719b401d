// Read marks on their way to the server: the furthest one of each space, at most one a second, kept until it
// was taken. A mark never goes back here; "unread from here" does, and needs the server.
import { ApiError, type Api } from "./api";
import type { Store } from "./store";
import type { Id, Register, Seq } from "./wire";

const PACE = 1_000;

export class Reads {
  private readonly pending = new Map<Id, Seq>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private next = -Infinity;
  private failures = 0;
  private stopped = false;

  constructor(
    private readonly house: { api: Api; store: Store; now(): number; online(): boolean; took(register: Register): void },
  ) {}

  load(reads: Record<Id, Seq> = {}): void {
    for (const [space, seq] of Object.entries(reads)) this.pending.set(space, seq);
  }

  of(space: Id): Seq {
    return this.pending.get(space) ?? 0;
  }

  mark(space: Id, seq: Seq): void {
    if (seq <= this.of(space)) return;
    this.pending.set(space, seq);
    this.keep();
    this.soon();
  }

  forget(space: Id): void {
    if (this.pending.delete(space)) this.keep();
  }

  /** Back on the network: no more waiting. */
  again(): void {
    this.stop();
    this.failures = 0;
    this.next = this.house.now();
    this.soon();
  }

  close(): void {
    this.stopped = true;
    this.stop();
  }

  private stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  private soon(): void {
    if (this.timer !== undefined || this.pending.size === 0) return;
    this.timer = setTimeout(() => void this.flush(), Math.max(0, this.next - this.house.now()));
  }

  private async flush(): Promise<void> {
    this.timer = undefined;
    this.next = this.house.now() + PACE;
    if (!this.house.online()) return;
    const done = await Promise.all([...this.pending].map(([space, seq]) => this.send(space, seq)));
    this.keep();
    this.failures = done.includes(false) ? Math.min(this.failures + 1, 5) : 0;
    if (this.failures) this.next = this.house.now() + PACE * 2 ** this.failures;
    if (!this.stopped) this.soon();
  }

  /** False when there was no answer. Refused, a mark is of no use any more. */
  private async send(space: Id, seq: Seq): Promise<boolean> {
    try {
      const { register } = await this.house.api.call("PUT /spaces/{id}/read", { id: space, body: { seq } });
      if (this.pending.get(space) === seq) this.pending.delete(space);
      this.house.took(register);
      return true;
    } catch (error) {
      if (!(error instanceof ApiError) || error.passing) return false;
      if (this.pending.get(space) === seq) this.pending.delete(space);
      return true;
    }
  }

  private keep(): void {
    void this.house.store.putMeta({ reads: Object.fromEntries(this.pending) });
  }
}
