// What the screen looked like last, kept so that a start can show it before the engine has answered. One small
// database per server, apart from the person's own: it is found without knowing who is signed in. This is what a
// start needs of it; glimpses.ts keeps and forgets.
import type { Id } from "./wire";

/** A text, or an element: its name, its attributes, what is in it. */
export type Node = string | [tag: string, attributes: Record<string, string>, inside: Node[]];

export interface Glimpse {
  /** The path it is of. */
  path: string;
  person: Id;
  /** The spaces that something is told of. */
  spaces: Id[];
  /** Milliseconds since 1970. */
  at: number;
  /** The style sheet that its classes are of: another build's do not fit. */
  style: string;
  /** Of the page, in CSS pixels: the panes differ by it. */
  width: number;
  /** Attributes of the page's root: language, theme, text size. */
  root: Record<string, string>;
  nodes: Node[];
}

export const SCREENS = "screens";
export const databaseOf = (origin: string): string => `madang-glimpse-${origin}`;
/** The list, and whatever was looked at last besides. */
export const keyOf = (path: string): string => (path === "/" ? "list" : "other");

export const done = <T>(asked: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });

export function openGlimpses(origin: string): Promise<IDBDatabase> {
  const asked = indexedDB.open(databaseOf(origin), 1);
  asked.onupgradeneeded = () => asked.result.createObjectStore(SCREENS);
  return done(asked);
}

/** What is kept of a path, if anything is. */
export async function readGlimpse(origin: string, path: string): Promise<Glimpse | undefined> {
  const db = await openGlimpses(origin);
  try {
    const found: Glimpse | undefined = await done(db.transaction(SCREENS).objectStore(SCREENS).get(keyOf(path)));
    return found?.path === path ? found : undefined;
  } finally {
    db.close();
  }
}
