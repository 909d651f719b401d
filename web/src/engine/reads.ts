// Read marks on their way to the server: the furthest one of each space, at most one a second, kept until it
// was taken. A mark never goes back here; "unread from here" does, and needs the server.
import { ApiError, type Api } from "./api";
import type { Store } from "./store";
import type { Id, Register, Seq } from "./wire";

const PACE = 1_000;

export class Reads {
  private readonly pending = new Map<Id, Seq>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private last = -Infinity;

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

  again(): void {
    this.soon();
  }

  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  private soon(): void {
    if (this.timer !== undefined || this.pending.size === 0) return;
    this.timer = setTimeout(() => void this.flush(), Math.max(0, this.last + PACE - this.house.now()));
  }

  private async flush(): Promise<void> {
    this.timer = undefined;
    this.last = this.house.now();
    if (!this.house.online()) return;
    await Promise.all([...this.pending].map(([space, seq]) => this.send(space, seq)));
    this.keep();
  }

  private async send(space: Id, seq: Seq): Promise<void> {
    try {
      const { register } = await this.house.api.call("PUT /spaces/{id}/read", { id: space, body: { seq } });
      if (this.pending.get(space) === seq) this.pending.delete(space);
      this.house.took(register);
    } catch (error) {
      // Without an answer it is sent with the next mark or welcome; refused, it is of no use any more.
      if (error instanceof ApiError && !error.passing && this.pending.get(space) === seq) this.pending.delete(space);
    }
  }

  private keep(): void {
    void this.house.store.putMeta({ reads: Object.fromEntries(this.pending) });
  }
}
