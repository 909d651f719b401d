// The page that a visitor shows: every change of it goes to whoever looks, as it comes. Nothing of it is kept; who begins
// to look, and who comes back after a lost line, is sent all of it anew.
import type { ClientFrame, Id } from "./wire";
import type { SeenFrame } from "./wire-desk";

type Look = (frame: SeenFrame) => void;

export class Seen {
  private readonly looks = new Map<Id, Set<Look>>();

  constructor(private readonly send: (frame: ClientFrame) => void) {}

  watch(space: Id, look: Look): () => void {
    const looks = this.looks.get(space) ?? new Set();
    this.looks.set(space, looks.add(look));
    this.send({ type: "watch", space, on: true });
    return () => {
      looks.delete(look);
      if (looks.size || this.looks.get(space) !== looks) return;
      this.looks.delete(space);
      this.send({ type: "watch", space, on: false });
    };
  }

  /** The socket is a new one, which watches nothing. */
  welcome(): void {
    for (const space of this.looks.keys()) this.send({ type: "watch", space, on: true });
  }

  frame(frame: SeenFrame): void {
    for (const look of [...(this.looks.get(frame.space) ?? [])]) look(frame);
  }

  clear(): void {
    this.looks.clear();
  }
}
