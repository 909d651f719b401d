// What the device keeps, in IndexedDB: one database per server and person. All of it is a cache that may
// vanish at any time, except `outbox`, `drafts`, `uploads` and `blobs`. Without a database everything still works, from memory.
import { deleteDB, openDB, type DBSchema, type IDBPDatabase } from "idb";
import { Glimpses } from "./glimpses";
import type { Tally } from "./summary";
import type { UploadRecord } from "./uploads";
import type { Wish } from "./wishes";
import type { Bookmark, Id, Page, Person, Register, Seq, SpaceSummary } from "./wire";

/** `high`: up to where every event is folded; pages whose `at` is below `floor` may have missed some. */
export interface SpaceRecord {
  id: Id;
  summary: SpaceSummary;
  high: Seq;
  floor: Seq;
  tally: Tally;
  /** When this device learned of it (microseconds); orders a space that has no message yet. */
  since: number;
  /** The tally holds a guess. */
  uncounted?: boolean;
  bookmarks?: Bookmark[] | undefined;
}
export interface DraftRecord { space: Id; thread: Seq; text: string; at: number; synced: boolean }
export interface Meta { epoch: number; rev: number; peopleAt: number; me: Person; device: string; reads: Record<Id, Seq> }

interface Schema extends DBSchema {
  meta: { key: string; value: unknown };
  spaces: { key: Id; value: SpaceRecord };
  pages: { key: [Id, number]; value: Page };
  /** When a page was last wanted (milliseconds), apart from the pages so that trimming reads none of them. */
  wanted: { key: [Id, number]; value: { space: Id; page: number; at: number } };
  people: { key: Id; value: Person };
  registers: { key: string; value: Register };
  outbox: { key: string; value: Wish };
  drafts: { key: [Id, Seq]; value: DraftRecord };
  uploads: { key: string; value: UploadRecord };
  /** The content of uploads, apart so that noting where one has come to copies none of it. */
  blobs: { key: string; value: { key: string; blob: Blob } };
}
export type Kind = "meta" | "spaces" | "pages" | "wanted" | "people" | "registers" | "outbox" | "drafts" | "uploads" | "blobs";
const CACHES = ["meta", "spaces", "pages", "wanted", "people", "registers"] as const;
const VERSION = 2;

type Db = IDBPDatabase<Schema>;

export class Store {
  private constructor(readonly name: string, private db: Db | undefined, readonly glimpses: Glimpses) {}

  /** Without a name nothing is kept. `onOutdated` is called when a newer version of the program wants the database for itself. */
  static async open(name: string, onOutdated: () => void = () => {}, glimpses = new Glimpses("")): Promise<Store> {
    const store = new Store(name, undefined, glimpses);
    if (name === "") return store;
    try {
      store.db = await openDB<Schema>(name, VERSION, {
        upgrade(db, before) {
          if (before < 2) {
            db.createObjectStore("uploads", { keyPath: "key" });
            db.createObjectStore("blobs", { keyPath: "key" });
          }
          if (before >= 1) return;
          db.createObjectStore("meta");
          db.createObjectStore("spaces", { keyPath: "id" });
          db.createObjectStore("pages", { keyPath: ["space", "page"] });
          db.createObjectStore("wanted", { keyPath: ["space", "page"] });
          db.createObjectStore("people", { keyPath: "id" });
          db.createObjectStore("registers", { keyPath: "key" });
          db.createObjectStore("outbox", { keyPath: "id" });
          db.createObjectStore("drafts", { keyPath: ["space", "thread"] });
        },
        blocking: () => {
          store.close();
          onOutdated();
        },
        terminated: () => {
          store.db = undefined;
        },
      });
    } catch (error) {
      if (error instanceof DOMException && error.name === "VersionError") onOutdated();
    }
    return store;
  }

  /** Nothing is kept beyond this run. */
  get volatile(): boolean {
    return this.db === undefined;
  }

  close(): void {
    this.db?.close();
    this.db = undefined;
  }

  /** Closes and deletes everything, unsent wishes and drafts too. */
  async destroy(): Promise<void> {
    this.close();
    await this.glimpses.forget();
    if (this.name) await deleteDB(this.name).catch(() => {});
  }

  async meta(): Promise<Partial<Meta>> {
    const names: (keyof Meta)[] = ["epoch", "rev", "peopleAt", "me", "device", "reads"];
    const values = await this.read((db) => Promise.all(names.map((name) => db.get("meta", name))), []);
    return Object.fromEntries(names.map((name, i) => [name, values[i]]).filter(([, value]) => value !== undefined)) as Partial<Meta>;
  }

  async all(): Promise<{ spaces: SpaceRecord[]; people: Person[]; registers: Register[]; outbox: Wish[]; drafts: DraftRecord[]; uploads: UploadRecord[] }> {
    const none = { spaces: [], people: [], registers: [], outbox: [], drafts: [], uploads: [] };
    return this.read(async (db) => {
      const [spaces, people, registers, outbox, drafts, uploads] = await Promise.all([
        db.getAll("spaces"), db.getAll("people"), db.getAll("registers"), db.getAll("outbox"), db.getAll("drafts"), db.getAll("uploads"),
      ]);
      return { spaces, people, registers, outbox, drafts, uploads };
    }, none);
  }

  page(space: Id, page: number): Promise<Page | undefined> {
    return this.read((db) => db.get("pages", [space, page]), undefined);
  }

  async blob(key: string): Promise<Blob | undefined> {
    return (await this.read((db) => db.get("blobs", key), undefined))?.blob;
  }

  /** Held pages of a space from one number on. */
  pages(space: Id, from: number): Promise<Page[]> {
    return this.read((db) => db.getAll("pages", IDBKeyRange.bound([space, from], [space, Infinity])), []);
  }

  async holdsAny(space: Id): Promise<boolean> {
    const range = IDBKeyRange.bound([space, 0], [space, Infinity]);
    return this.read(async (db) => (await db.getKey("pages", range)) !== undefined, false);
  }

  wanted(): Promise<{ space: Id; page: number; at: number }[]> {
    return this.read((db) => db.getAll("wanted"), []);
  }

  /** Puts records in one transaction. False when the device refused (no room): nothing of it was kept. */
  async put(records: { [K in Kind]?: Schema[K]["value"][] | undefined }): Promise<boolean> {
    const { meta, ...stores } = records;
    const kinds = Object.keys(records) as Kind[];
    return this.write(kinds, (tx) => [
      ...(meta ?? []).flatMap((part) => Object.entries(part as object).map(([name, value]) => tx.objectStore("meta").put(value, name))),
      ...Object.entries(stores).flatMap(([kind, list]) => (list ?? []).map((it) => tx.objectStore(kind as "people").put(it as Person))),
    ]);
  }

  putMeta(part: Partial<Meta>): Promise<boolean> {
    return this.put({ meta: [part] });
  }

  async remove(kind: Exclude<Kind, "meta">, ...keys: unknown[]): Promise<void> {
    await this.write([kind], (tx) => keys.map((key) => tx.objectStore(kind).delete(key as IDBKeyRange)));
  }

  /** Deletes all that is held of a space; its unsent wishes and drafts stay. */
  async forgetSpace(space: Id): Promise<void> {
    await this.glimpses.forget();
    const range = IDBKeyRange.bound([space, 0], [space, Infinity]);
    await this.write(["spaces", "pages", "wanted"], (tx) => [
      tx.objectStore("spaces").delete(space), tx.objectStore("pages").delete(range), tx.objectStore("wanted").delete(range),
    ]);
  }

  /** Deletes all that can be had again from the server. */
  async forgetCaches(): Promise<void> {
    await this.glimpses.forget();
    await this.write([...CACHES], (tx) => CACHES.map((kind) => tx.objectStore(kind).clear()));
  }

  private async read<T>(ask: (db: Db) => Promise<T>, otherwise: T): Promise<T> {
    if (!this.db) return otherwise;
    return ask(this.db).catch(() => otherwise);
  }

  private async write(kinds: Kind[], work: (tx: WriteTx) => Promise<unknown>[]): Promise<boolean> {
    if (!this.db || kinds.length === 0) return true;
    let abort = (): void => {};
    try {
      const tx = this.db.transaction(kinds, "readwrite");
      abort = () => tx.abort();
      tx.done.catch(() => {});
      await Promise.all([...work(tx as unknown as WriteTx), tx.done]);
      return true;
    } catch {
      try {
        abort();
      } catch {
        // It has ended by itself.
      }
      return false;
    }
  }
}

interface WriteTx {
  objectStore(kind: Kind): {
    put(value: unknown, key?: string): Promise<unknown>;
    delete(key: IDBKeyRange | string | [Id, number]): Promise<unknown>;
    clear(): Promise<unknown>;
  };
}

/** Who was signed in last, per server: read before it is known which database to open. */
export class Who {
  private readonly db: Promise<IDBPDatabase | undefined>;

  constructor(private readonly origin: string) {
    this.db = openDB("madang", 1, { upgrade: (db) => void db.createObjectStore("who") }).catch(() => undefined);
  }

  async get(): Promise<Id | undefined> {
    return (await this.db)?.get("who", this.origin).catch(() => undefined) as Promise<Id | undefined>;
  }

  async set(person: Id): Promise<void> {
    await (await this.db)?.put("who", person, this.origin).catch(() => undefined);
  }

  async clear(): Promise<void> {
    await (await this.db)?.delete("who", this.origin).catch(() => undefined);
  }
}
