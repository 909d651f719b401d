// Calls as this device hears of them: which run, which ring. Nothing of it is kept; what a page in a call must
// hear at once (slots, signals) is passed on as it comes.
import type { CallsNow, Ringing } from "./view";
import type { Call, CallFrame, Id, InCall } from "./wire";

/** The server lets it ring for 45 s; a "ring_over" that was lost must not let it ring for ever. */
const LONGEST = 60_000;

export class Calls {
  private readonly running = new Map<Id, Call>();
  private readonly rings = new Map<Id, Ringing & { timer: ReturnType<typeof setTimeout> }>();
  private readonly listeners = new Set<(frame: InCall) => void>();

  /** `changed` is told the space in which a call began or ended. */
  constructor(private readonly tell: () => void, private readonly changed: (space: Id) => void) {}

  now(): CallsNow {
    return { calls: [...this.running.values()], rings: [...this.rings.values()].map(({ call, from }) => ({ call: this.running.get(call.id) ?? call, from })) };
  }

  /** The call that runs in a space. */
  in(space: Id): Id | undefined {
    for (const call of this.running.values()) if (call.space === space) return call.id;
    return undefined;
  }

  /** All that run, as a welcome says. */
  welcome(calls: readonly Call[]): void {
    const known = new Set(calls.map(({ id }) => id));
    for (const id of [...this.running.keys()]) if (!known.has(id)) this.end(id);
    for (const call of calls) this.take(call);
    this.tell();
  }

  frame(frame: CallFrame): void {
    switch (frame.type) {
      case "call":
        if (frame.call.ended === undefined) this.take(frame.call);
        else {
          this.end(frame.call.id);
          this.pass(frame);
        }
        return this.tell();
      case "ring":
        this.take(frame.call);
        this.silence(frame.call.id);
        this.rings.set(frame.call.id, { call: frame.call, from: frame.from, timer: setTimeout(() => this.hush(frame.call.id), LONGEST) });
        return this.tell();
      case "ring_over":
        return this.hush(frame.call);
      default:
        this.pass(frame);
    }
  }

  /** No longer rings here, whatever the server has said of it. */
  hush(call: Id): void {
    if (this.silence(call)) this.tell();
  }

  listen(listener: (frame: InCall) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  clear(): void {
    for (const id of [...this.rings.keys()]) this.silence(id);
    this.running.clear();
  }

  private pass(frame: InCall): void {
    for (const listener of [...this.listeners]) listener(frame);
  }

  private take(call: Call): void {
    const fresh = !this.running.has(call.id);
    this.running.set(call.id, call);
    if (fresh) this.changed(call.space);
  }

  private end(id: Id): void {
    this.silence(id);
    const call = this.running.get(id);
    this.running.delete(id);
    if (call) this.changed(call.space);
  }

  private silence(id: Id): boolean {
    clearTimeout(this.rings.get(id)?.timer);
    return this.rings.delete(id);
  }
}
