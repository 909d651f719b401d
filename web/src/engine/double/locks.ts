// Web Locks for a runtime without them: exclusive locks with waiting, `ifAvailable` and `steal`.

type Grant = (lock: Lock | null) => unknown;
interface Held { release(): void; reject(error: unknown): void }
interface Waiting { name: string; grant: Grant; resolve(value: unknown): void; reject(error: unknown): void }

export class Locks {
  private readonly held = new Map<string, Held>();
  private waiting: Waiting[] = [];

  request(name: string, ...rest: [Grant] | [LockOptions, Grant]): Promise<unknown> {
    const [options, grant] = rest.length === 1 ? [{} as LockOptions, rest[0]] : rest;
    return new Promise((resolve, reject) => {
      if (options.steal) {
        const robbed = this.held.get(name);
        this.held.delete(name);
        robbed?.reject(new DOMException("stolen", "AbortError"));
      } else if (options.ifAvailable && this.held.has(name)) {
        return resolve(grant(null));
      }
      this.waiting.push({ name, grant, resolve, reject });
      this.next();
    });
  }

  /** As when the page that holds it is closed. */
  drop(name: string): void {
    this.held.get(name)?.release();
  }

  private next(): void {
    for (const it of [...this.waiting]) {
      if (this.held.has(it.name)) continue;
      this.waiting = this.waiting.filter((other) => other !== it);
      const release = (): void => {
        if (this.held.get(it.name) !== held) return;
        this.held.delete(it.name);
        this.next();
      };
      const held: Held = { release, reject: it.reject };
      this.held.set(it.name, held);
      void Promise.resolve(it.grant({ name: it.name, mode: "exclusive" })).then((value) => (release(), it.resolve(value)));
    }
  }
}
