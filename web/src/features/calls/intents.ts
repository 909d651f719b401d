// What this participant sends and wants to see, told to the server: one request at a time, the newest of each thing,
// again until it is heard. Everything told is the whole of it, so a repeat does no harm.
import type { CallIntent } from "../../engine/routes";

const PAUSE = 1_000;

export class Intents {
  private waiting: CallIntent = {};
  private busy = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private closed = false;

  /** `send` answers whether it was heard (true), may be tried again (false), or never will be (undefined). */
  constructor(private readonly send: (intent: CallIntent) => Promise<boolean | undefined>, private readonly gather = 60) {}

  /** Soon told, with whatever else is said in the same moment. */
  tell(intent: CallIntent): void {
    this.waiting = { ...this.waiting, ...intent };
    this.plan(this.gather);
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.timer);
  }

  private plan(after: number): void {
    if (this.busy || this.closed) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.flush(), after);
  }

  private async flush(): Promise<void> {
    const told = this.waiting;
    if (this.closed || !Object.keys(told).length) return;
    this.waiting = {};
    this.busy = true;
    const heard = await this.send(told);
    this.busy = false;
    // What was said meanwhile is newer than what was not heard.
    if (heard === false) this.waiting = { ...told, ...this.waiting };
    this.plan(heard === false ? PAUSE : this.gather);
  }
}
