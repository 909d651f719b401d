// Typing, in and out. Signals are never kept: what came expires by itself, what goes out is throttled.
import type { Typing } from "./view";
import type { Event, Id, Seq } from "./wire";

const EXPIRES = 5_000;
const THROTTLE = 3_000;

interface Known extends Typing { timer: ReturnType<typeof setTimeout> }

export class Signals {
  private readonly spaces = new Map<Id, Known[]>();
  private readonly sent = new Map<string, number>();

  constructor(
    private readonly now: () => number,
    private readonly send: (space: Id, thread?: Seq) => void,
    private readonly changed: (space: Id) => void,
  ) {}

  typing(space: Id): Typing[] {
    return (this.spaces.get(space) ?? []).map(({ person, thread }) => ({ person, ...(thread !== undefined && { thread }) }));
  }

  came(space: Id, person: Id, thread?: Seq): void {
    this.drop(space, person);
    const timer = setTimeout(() => this.ended(space, person), EXPIRES);
    const known: Known = { person, timer, ...(thread !== undefined && { thread }) };
    this.spaces.set(space, [...(this.spaces.get(space) ?? []), known]);
    this.changed(space);
  }

  /** Who has posted is no longer typing. */
  event(event: Event): void {
    if (event.type === "message.posted") this.ended(event.space, event.author);
  }

  /** One's own typing; told at most once in three seconds. */
  type(space: Id, thread?: Seq): void {
    const key = `${space}/${thread ?? ""}`;
    if (this.now() - (this.sent.get(key) ?? -THROTTLE) < THROTTLE) return;
    this.sent.set(key, this.now());
    this.send(space, thread);
  }

  clear(): void {
    for (const [space, known] of [...this.spaces]) known.forEach(({ person }) => this.ended(space, person));
  }

  private ended(space: Id, person: Id): void {
    if (this.drop(space, person)) this.changed(space);
  }

  private drop(space: Id, person: Id): boolean {
    const known = this.spaces.get(space) ?? [];
    const gone = known.find((it) => it.person === person);
    if (!gone) return false;
    clearTimeout(gone.timer);
    this.spaces.set(space, known.filter((it) => it !== gone));
    return true;
  }
}
