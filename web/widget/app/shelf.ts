// Where the app keeps what it needs the next time: the token of the visit, and what was written and not sent. In a frame
// the browser keeps it apart for each site that embeds us; a kiosk has it in memory alone, and so has a browser that
// lets nobody keep anything.

export interface Shelf {
  get(name: string): string | null;
  put(name: string, value: string | null): void;
  /** Forgets everything of this desk. */
  wipe(): void;
}

export function memoryShelf(): Shelf {
  const kept = new Map<string, string>();
  return {
    get: (name) => kept.get(name) ?? null,
    put: (name, value) => void (value === null ? kept.delete(name) : kept.set(name, value)),
    wipe: () => kept.clear(),
  };
}

export function shelfOf(desk: string, storage: () => Storage): Shelf {
  const prefix = `madang.visit.${desk}.`;
  let place: Storage;
  try {
    place = storage();
    place.setItem(`${prefix}try`, "");
    place.removeItem(`${prefix}try`);
  } catch {
    return memoryShelf();
  }
  const guarded = <T>(task: () => T, otherwise: T): T => {
    try {
      return task();
    } catch {
      // Full, or taken away meanwhile.
      return otherwise;
    }
  };
  return {
    get: (name) => guarded(() => place.getItem(prefix + name), null),
    put: (name, value) => guarded(() => (value === null ? place.removeItem(prefix + name) : place.setItem(prefix + name, value)), undefined),
    wipe: () => guarded(() => Object.keys(place).filter((key) => key.startsWith(prefix)).forEach((key) => place.removeItem(key)), undefined),
  };
}
