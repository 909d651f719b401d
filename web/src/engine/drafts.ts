// Unsent text, per space and thread: kept on the device at once, told to the server after a pause, and the
// later one wins between devices.
import type { Api } from "./api";
import type { DraftRecord, Store } from "./store";
import type { Draft } from "./view";
import type { Id, Register, Seq } from "./wire";

const PAUSE = 300;
const AGAIN = 10_000;

export interface DraftHouse {
  api: Api;
  store: Store;
  /** Server time, microseconds. */
  clock(): number;
  changed(space: Id, thread: Seq | undefined): void;
}

export class Drafts {
  private readonly held = new Map<string, DraftRecord>();
  private readonly timers = new Map<string, ReturnType<typeof setTimeout>>();
  private readonly telling = new Set<string>();
  private stopped = false;

  constructor(private readonly house: DraftHouse) {}

  load(records: DraftRecord[]): void {
    for (const record of records) this.held.set(keyOf(record.space, record.thread), record);
  }

  of(space: Id, thread: Seq = 0): Draft | null {
    const held = this.held.get(keyOf(space, thread));
    return held && held.text !== "" ? { text: held.text, at: held.at } : null;
  }

  set(space: Id, thread: Seq = 0, text: string): void {
    const key = keyOf(space, thread);
    const before = this.held.get(key);
    if ((before?.text ?? "") === text) return;
    // The clock follows the server's and may step back: what is written later is never the older word.
    const at = Math.max(this.house.clock(), (before?.at ?? 0) + 1);
    this.held.set(key, { space, thread, text, at, synced: false });
    this.house.changed(space, thread || undefined);
    this.plan(key, PAUSE);
  }

  /** A register `draft/<space>` or `draft/<space>/<root>` of another device. */
  register({ key, value }: Register): void {
    const [, space = "", root = "0"] = key.split("/");
    const thread = Number(root);
    const told = value as { text: string; at: number } | null;
    const held = this.held.get(keyOf(space, thread));
    if (held && (told ? told.at <= held.at : !held.synced)) return;
    if (!told && !held?.text) return;
    this.keep({ space, thread, text: told?.text ?? "", at: told?.at ?? held?.at ?? 0, synced: true });
    this.house.changed(space, thread || undefined);
  }

  /** Back on the network: tells what was not told. */
  again(): void {
    for (const [key, record] of this.held) if (!record.synced) this.plan(key, 0);
  }

  /** Writes down what still waits for its pause, for a page that is closing. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.timers.forEach((timer) => clearTimeout(timer));
    await Promise.all([...this.timers.keys()].map((key) => this.held.get(key)).map((record) => record && this.keep(record)));
    this.timers.clear();
  }

  private plan(key: string, delay: number): void {
    clearTimeout(this.timers.get(key));
    this.timers.set(key, setTimeout(() => void this.tell(key), delay));
  }

  private async tell(key: string): Promise<void> {
    this.timers.delete(key);
    const record = this.held.get(key);
    if (!record || record.synced) return;
    await this.keep(record);
    if (this.stopped) return;
    // One after the other, so that an earlier word does not arrive after a later one.
    if (this.telling.has(key)) return this.plan(key, PAUSE);
    this.telling.add(key);
    const { space, thread, text, at } = record;
    try {
      await this.house.api.call("PUT /spaces/{id}/draft", { id: space, body: { text, at, ...(thread && { thread }) } });
    } catch (error) {
      if ((error as { passing?: boolean }).passing !== false) {
        if (!this.stopped && !this.timers.has(key)) this.plan(key, AGAIN);
        return;
      }
      // The server will never take it (the space is archived, or gone): it stays on this device.
    } finally {
      this.telling.delete(key);
    }
    if (this.held.get(key) === record) await this.keep({ ...record, synced: true });
  }

  private async keep(record: DraftRecord): Promise<void> {
    // An empty one stays known here: the frame of an earlier word may still be on its way.
    this.held.set(keyOf(record.space, record.thread), record);
    if (record.text === "" && record.synced) {
      await this.house.store.remove("drafts", [record.space, record.thread]);
    } else {
      await this.house.store.put({ drafts: [record] });
    }
  }
}

const keyOf = (space: Id, thread: Seq): string => `${space}/${thread}`;
