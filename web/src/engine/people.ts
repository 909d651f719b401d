// People known to this device, and the looking-up of those who are not: one request for all that are asked
// for within 50 ms.
import type { Api } from "./api";
import type { Store } from "./store";
import type { Id, Person } from "./wire";

const GATHER = 50;
/** As many ids as fit a request line with room to spare. */
const AT_ONCE = 100;

export class People {
  readonly held = new Map<Id, Person>();
  private readonly asked = new Map<Id, ((person: Person | undefined) => void)[]>();
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly api: Api, private readonly store: Store, private readonly changed: () => void) {}

  load(people: Person[]): void {
    for (const person of people) this.held.set(person.id, person);
  }

  take(people: Person[]): void {
    if (people.length === 0) return;
    this.load(people);
    void this.store.put({ people });
    this.changed();
  }

  find(id: Id): Promise<Person | undefined> {
    const known = this.held.get(id);
    if (known) return Promise.resolve(known);
    return new Promise((resolve) => {
      this.asked.set(id, [...(this.asked.get(id) ?? []), resolve]);
      this.timer ??= setTimeout(() => void this.fetch(), GATHER);
    });
  }

  private async fetch(): Promise<void> {
    this.timer = undefined;
    const asked = [...this.asked];
    this.asked.clear();
    for (let at = 0; at < asked.length; at += AT_ONCE) {
      const part = asked.slice(at, at + AT_ONCE);
      try {
        const ids = part.map(([id]) => id).join(",");
        this.take((await this.api.call("GET /people", { query: { ids } })).people);
      } catch {
        // Offline: they are asked for again when next looked at.
      }
      for (const [id, waiting] of part) waiting.forEach((resolve) => resolve(this.held.get(id)));
    }
  }
}
