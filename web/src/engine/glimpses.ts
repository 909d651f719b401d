// Keeps what the screen looked like last, and deletes it as a whole wherever the caches of the device are wiped
// (store.ts).
import { databaseOf, done, keyOf, openGlimpses, SCREENS, type Glimpse } from "./glimpse";

/** Keeps and forgets, one after the other: nothing that is being kept outlives a wish to forget it. */
export class Glimpses {
  private turn: Promise<unknown> = Promise.resolve();

  /** Without an origin nothing is kept. */
  constructor(private readonly origin: string) {}

  keep(glimpse: Glimpse): Promise<void> {
    return this.inTurn(async () => {
      const db = await openGlimpses(this.origin);
      try {
        await done(db.transaction(SCREENS, "readwrite").objectStore(SCREENS).put(glimpse, keyOf(glimpse.path)));
      } finally {
        db.close();
      }
    });
  }

  forget(): Promise<void> {
    return this.inTurn(async () => void (await done(indexedDB.deleteDatabase(databaseOf(this.origin)))));
  }

  /** A device that refuses to keep it starts without. */
  private inTurn(task: () => Promise<void>): Promise<void> {
    if (this.origin === "") return Promise.resolve();
    this.turn = this.turn.then(task).catch(() => {});
    return this.turn as Promise<void>;
  }
}
