// Who follows what: gathers changes and tells followers once per frame, at once if it has been quiet.

const FRAME = 16;

export class Hub {
  private readonly followers = new Map<string, Set<() => void>>();
  private readonly dirty = new Set<string>();
  private planned = false;
  private last = -Infinity;

  constructor(private readonly now: () => number) {}

  /** Calls `tell` at once, and after every `changed(key)`. */
  follow(key: string, tell: () => void): () => void {
    let known = this.followers.get(key);
    if (!known) this.followers.set(key, (known = new Set()));
    known.add(tell);
    tell();
    return () => {
      known.delete(tell);
      if (known.size === 0 && this.followers.get(key) === known) this.followers.delete(key);
    };
  }

  changed(key: string): void {
    if (!this.followers.has(key)) return;
    this.dirty.add(key);
    if (this.planned) return;
    this.planned = true;
    if (this.now() - this.last >= FRAME) queueMicrotask(() => this.flush());
    else setTimeout(() => this.flush(), FRAME);
  }

  private flush(): void {
    this.planned = false;
    this.last = this.now();
    const keys = [...this.dirty];
    this.dirty.clear();
    for (const key of keys) for (const tell of [...(this.followers.get(key) ?? [])]) tell();
  }
}
