// Files on their way to the server. Each is kept on the device until its message is in the log, goes on where
// it stopped after a lost network or a restart, and waits in the tray of its conversation until it is sent.
// Lives with the engine, so that closing one of two tabs ends nothing (docs/decisions/0008).
import { ApiError, type Api } from "./api";
import type { Store } from "./store";
import type { Carried, HttpStack } from "./upload-tus";
import type { Upload, UploadItem } from "./view";
import type { FileRef, Id, Seq } from "./wire";
import type { Wish } from "./wishes";

/** Uploads that run at the same time. */
const LANES = 2;
const LONGEST = 60_000;
/** The server forgets a complete file that no message took within a day; this long we trust that it is there. */
const FRESH = 20 * 3_600_000;

/** A file that a page attaches. */
export interface AttachWish extends Upload { space: Id; thread?: Seq; blob: Blob }

/** What is kept of it beside its content. */
export interface UploadRecord extends Upload {
  space: Id;
  thread?: Seq;
  order: number;
  state: UploadItem["state"];
  /** The client id of the message that waits for it. */
  of?: string;
  /** Where the server takes it in. */
  address?: string;
  file?: FileRef;
  /** When it was complete (milliseconds). */
  at?: number;
  tries: number;
  next: number;
  code?: string;
  words?: string;
}

export interface UploadsHouse {
  api: Api;
  store: Store;
  origin: string;
  /** How requests are made where there is no XMLHttpRequest. */
  stack?: HttpStack | undefined;
  now(): number;
  random(): number;
  online(): boolean;
  changed(): void;
  arrived(of: string, key: string, file: FileRef): void;
  refused(of: string, code: string, words: string): void;
}

export class Uploads {
  private records: UploadRecord[] = [];
  private items: UploadItem[] | undefined;
  private readonly blobs = new Map<string, Blob>();
  private readonly running = new Map<string, Carried | undefined>();
  private readonly sent = new Map<string, number>();
  private known: Promise<number | undefined> | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private stopped = false;

  constructor(private readonly house: UploadsHouse) {}

  /** After a start, with the messages in the outbox: the two may disagree by what was kept last. */
  load(records: UploadRecord[], wishes: readonly Wish[]): void {
    const lost = records.filter((it) => it.of !== undefined && !wishes.some((wish) => wish.id === it.of));
    if (lost.length) void this.erase(lost);
    this.records = records.filter((it) => !lost.includes(it)).sort((a, b) => a.order - b.order);
    for (const record of this.records) {
      if (record.state === "sending") record.state = "waiting";
      record.next = 0;
      this.freshen(record);
    }
    for (const { id, post } of wishes) {
      for (const { key, file } of post?.uploads ?? []) {
        const record = this.records.find((it) => it.key === key);
        if (record) record.of = id;
        if (record?.file && !file) this.house.arrived(id, key, record.file);
        if (!record && !file) this.house.refused(id, "file_gone", "");
      }
    }
  }

  all(): UploadItem[] {
    this.items ??= this.records.map((it) => this.item(it));
    return this.items;
  }

  /** The content of a file that is still here, for its preview. */
  async blob(key: string): Promise<Blob | undefined> {
    return this.blobs.get(key) ?? (await this.house.store.blob(key));
  }

  /** The most bytes a file may have; undefined while the server cannot be asked. */
  limit(): Promise<number | undefined> {
    this.known ??= this.house.api.uploadLimit().catch(() => (this.known = undefined));
    return this.known;
  }

  async attach({ blob, ...wish }: AttachWish): Promise<void> {
    if (this.records.some((it) => it.key === wish.key)) return;
    const order = (this.records.at(-1)?.order ?? 0) + 1;
    const record: UploadRecord = { ...wish, order, state: "waiting", tries: 0, next: 0 };
    this.blobs.set(record.key, blob);
    this.records.push(record);
    this.changed(record);
    await this.keep(record);
    // A device without room for it keeps it only as long as it runs.
    void this.house.store.put({ blobs: [{ key: record.key, blob }] });
    this.kick();
  }

  /** The files of a tray go with a message. */
  async claim(of: string, keys: readonly string[]): Promise<void> {
    for (const key of keys) {
      const record = this.records.find((it) => it.key === key);
      if (!record) {
        this.house.refused(of, "file_gone", "");
        continue;
      }
      record.of = of;
      if (record.file) this.house.arrived(of, key, record.file);
      if (record.state === "failed") this.house.refused(of, record.code ?? "", record.words ?? "");
      this.changed(record);
      await this.keep(record);
    }
  }

  /** Takes a file back, and ends what is under way of it. */
  async cancel(key: string): Promise<UploadRecord | undefined> {
    const record = this.records.find((it) => it.key === key);
    if (!record) return undefined;
    const run = this.running.get(key);
    this.drop([record]);
    if (run) void run.stop(true);
    await this.erase([record]);
    this.kick();
    return record;
  }

  async again(key: string): Promise<void> {
    const record = this.records.find((it) => it.key === key);
    if (record?.state === "failed") await this.restart(record);
    this.kick();
  }

  /** A refused message is tried again: so are those of its files that did not arrive, or that the server no longer has. */
  async againOf(of: string, lost: boolean): Promise<void> {
    for (const record of this.records.filter((it) => it.of === of)) {
      if (record.state === "failed" || (record.state === "ready" && lost)) await this.restart(record);
    }
    this.kick();
  }

  /** The message is in the log, or was given up. */
  async forget(of: string): Promise<void> {
    const gone = this.records.filter((it) => it.of === of);
    if (!gone.length) return;
    for (const { key, state } of gone) if (state !== "ready") void this.running.get(key)?.stop(true);
    this.drop(gone);
    await this.erase(gone);
    this.kick();
  }

  /** Takes in a small file at once, without a message: a picture of a person or a space. */
  async whole(blob: Blob, name: string, type: string): Promise<FileRef> {
    const { carry } = await import("./upload-tus").catch(() => {
      throw new ApiError(0, "offline", "");
    });
    const run = carry({ ...this.way(), blob, name, type, language: this.house.api.language, progress: () => {}, found: () => {} });
    return this.fetched(await run.done);
  }

  wake(): void {
    for (const record of this.records) record.next = 0;
    this.kick();
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
    for (const run of this.running.values()) void run?.stop(false);
  }

  kick(): void {
    if (this.stopped || !this.house.online()) return;
    let soonest = Infinity;
    for (const record of this.records) {
      if (record.state !== "waiting" || this.running.has(record.key)) continue;
      if (record.next > this.house.now()) soonest = Math.min(soonest, record.next);
      else if (this.running.size < LANES) void this.run(record);
    }
    clearTimeout(this.timer);
    if (soonest < Infinity) this.timer = setTimeout(() => this.kick(), soonest - this.house.now());
  }

  private async run(record: UploadRecord): Promise<void> {
    const { key } = record;
    this.running.set(key, undefined);
    record.state = "sending";
    record.tries += 1;
    this.changed(record);
    try {
      const file = await this.carried(record);
      if (this.holds(record) && file) await this.arrived(record, file);
    } catch (error) {
      if (this.holds(record) && !this.stopped) await this.undone(record, error);
    } finally {
      this.running.delete(key);
      this.kick();
    }
  }

  private async carried(record: UploadRecord): Promise<FileRef | undefined> {
    const blob = await this.blob(record.key);
    if (!blob) throw new ApiError(410, "file_gone", "");
    const { carry } = await import("./upload-tus");
    if (this.stopped || !this.holds(record)) return undefined;
    const { name, type, address } = record;
    const run = carry({
      ...this.way(), blob, name, type, address, language: this.house.api.language,
      progress: (sent) => this.progress(record, sent),
      found: (at) => {
        record.address = at;
        void this.keep(record);
      },
    });
    this.running.set(record.key, run);
    return this.fetched(await run.done);
  }

  private async arrived(record: UploadRecord, file: FileRef): Promise<void> {
    Object.assign(record, { state: "ready", file, at: this.house.now() });
    this.changed(record);
    await this.keep(record);
    if (record.of !== undefined) this.house.arrived(record.of, record.key, file);
  }

  private async undone(record: UploadRecord, error: unknown): Promise<void> {
    const refusal = error instanceof ApiError && !error.passing && error.status !== 401 ? error : undefined;
    if (refusal) {
      Object.assign(record, { state: "failed", code: refusal.code, words: refusal.message });
      delete record.address;
      if (record.of !== undefined) this.house.refused(record.of, refusal.code, refusal.message);
    } else {
      const after = error instanceof ApiError ? error.retryAfter : undefined;
      const steps = Math.min(LONGEST, 1_000 * 2 ** Math.min(record.tries - 1, 6));
      record.state = "waiting";
      record.next = this.house.now() + (after ? after * 1_000 : steps * (0.75 + 0.5 * this.house.random()));
    }
    this.changed(record);
    await this.keep(record);
  }

  private async restart(record: UploadRecord): Promise<void> {
    Object.assign(record, { state: "waiting", tries: 0, next: 0 });
    if (record.file) delete record.address;
    delete record.file;
    delete record.code;
    delete record.words;
    this.sent.delete(record.key);
    this.changed(record);
    await this.keep(record);
  }

  /** What lay in the tray too long is sent anew, from what is kept here. */
  private freshen(record: UploadRecord): void {
    if (record.state !== "ready" || this.house.now() - (record.at ?? 0) < FRESH) return;
    record.state = "waiting";
    delete record.file;
    delete record.address;
  }

  private progress(record: UploadRecord, sent: number): void {
    const percent = (bytes: number): number => Math.floor((100 * bytes) / (record.size || 1));
    const before = this.sent.get(record.key) ?? 0;
    this.sent.set(record.key, sent);
    if (percent(before) !== percent(sent)) this.changed(record);
  }

  private async fetched(address: string): Promise<FileRef> {
    const id = decodeURIComponent(address.split("/").at(-1) ?? "");
    return (await this.house.api.call("GET /uploads/{id}/file", { id })).file;
  }

  private way(): { endpoint: string; stack?: HttpStack | undefined } {
    return { endpoint: `${this.house.origin}${this.house.api.base}/uploads`, stack: this.house.stack };
  }

  private item(record: UploadRecord): UploadItem {
    const { order: _, address: __, at: ___, tries: ____, next: _____, words, ...shown } = record;
    const sent = record.state === "ready" ? record.size : Math.min(record.size, this.sent.get(record.key) ?? 0);
    return { ...shown, sent, ...(words !== undefined && { message: words }) };
  }

  private holds(record: UploadRecord): boolean {
    return this.records.includes(record);
  }

  private drop(gone: UploadRecord[]): void {
    this.records = this.records.filter((it) => !gone.includes(it));
    this.items = undefined;
    this.house.changed();
  }

  private async erase(gone: UploadRecord[]): Promise<void> {
    const keys = gone.map(({ key }) => key);
    for (const key of keys) {
      this.blobs.delete(key);
      this.sent.delete(key);
    }
    await this.house.store.remove("uploads", ...keys);
    await this.house.store.remove("blobs", ...keys);
  }

  private changed(record: UploadRecord): void {
    // The others stay the same objects, so that only this one crosses to the pages.
    const at = this.records.indexOf(record);
    if (this.items && this.items.length === this.records.length) this.items = this.items.with(at, this.item(record));
    else this.items = undefined;
    this.house.changed();
  }

  private async keep(record: UploadRecord): Promise<void> {
    if (this.holds(record)) await this.house.store.put({ uploads: [{ ...record }] });
  }
}
