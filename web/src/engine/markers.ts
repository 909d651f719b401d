// The read markers of the spaces that are looked at, as the engine keeps them; what pages make of them is in receipts.ts.
import { ApiError, type Api } from "./api";
import type { Event, Id, Seq } from "./wire";

/** Markers of the spaces that somebody looks at; null where receipts are off or not known yet. */
export class Markers {
  private readonly spaces = new Map<Id, Map<Id, Seq> | null>();
  private readonly watched = new Map<Id, number>();

  constructor(private readonly api: Api, private readonly changed: (space: Id) => void) {}

  of(space: Id): [Id, Seq][] | null {
    const markers = this.spaces.get(space);
    return markers ? [...markers] : null;
  }

  watch(space: Id): () => void {
    const watchers = (this.watched.get(space) ?? 0) + 1;
    this.watched.set(space, watchers);
    if (watchers === 1) void this.fetch(space);
    return () => {
      const left = (this.watched.get(space) ?? 1) - 1;
      if (left > 0) this.watched.set(space, left);
      else {
        this.watched.delete(space);
        this.spaces.delete(space);
      }
    };
  }

  /** After a welcome: what moved meanwhile was signalled to nobody. */
  again(): void {
    for (const space of this.watched.keys()) void this.fetch(space);
  }

  moved(space: Id, markers: [Id, Seq][]): void {
    const held = this.spaces.get(space);
    if (!held) return;
    for (const [person, seq] of markers) held.set(person, seq);
    this.changed(space);
  }

  /** Who comes in begins at their joining; bots are given by the caller. */
  event(event: Event, isBot: (person: Id) => boolean): void {
    const held = this.spaces.get(event.space);
    if (!held) return;
    if (event.type === "member.joined" && !isBot(event.body.person)) held.set(event.body.person, event.seq);
    else if (event.type === "member.left") held.delete(event.body.person);
    else return;
    this.changed(event.space);
  }

  private async fetch(space: Id): Promise<void> {
    try {
      const { markers } = await this.api.call("GET /spaces/{id}/markers", { id: space });
      if (!this.watched.has(space)) return;
      // A receipt that overtook the answer is newer than it.
      const held = this.spaces.get(space);
      const fresh = new Map(markers);
      if (held) for (const [person, seq] of held) if (fresh.has(person) && seq > (fresh.get(person) ?? 0)) fresh.set(person, seq);
      this.spaces.set(space, fresh);
    } catch (error) {
      if (!(error instanceof ApiError) || error.passing) return;
      this.spaces.set(space, null);
    }
    this.changed(space);
  }
}
