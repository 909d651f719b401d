// Files that the visitor has chosen for the next message: sent to the house at once, one after the other, each of which
// can be taken back or tried again.
import { ApiError } from "../../src/engine/api";
import { newClientId } from "../../src/engine/ids";
import type { Carried } from "../../src/engine/upload-tus";
import type { FileRef } from "../../src/engine/wire";
import type { House } from "./house";

export interface Loading { key: string; name: string; size: number; sent: number; file?: FileRef; /** Why it did not go. */ trouble?: string }

export class Tray {
  items = $state.raw<readonly Loading[]>([]);
  /** Something is still on its way, or did not go: a message would leave it behind. */
  readonly blocked: boolean = $derived(this.items.some(({ file }) => !file));
  private readonly blobs = new Map<string, File>();
  private running: { key: string; carried: Carried } | undefined;

  constructor(private readonly house: House) {}

  add(files: Iterable<File>): void {
    for (const file of files) {
      const key = newClientId();
      this.blobs.set(key, file);
      this.items = [...this.items, { key, name: file.name, size: file.size, sent: 0 }];
    }
    void this.next();
  }

  remove(key: string): void {
    this.items = this.items.filter((it) => it.key !== key);
    this.blobs.delete(key);
    if (this.running?.key === key) void this.running.carried.stop(true);
  }

  again(key: string): void {
    this.items = this.items.map((it) => (it.key === key ? { key, name: it.name, size: it.size, sent: 0 } : it));
    void this.next();
  }

  /** Those that have arrived, for the message that takes them along. */
  take(): FileRef[] {
    const files = this.items.flatMap(({ file }) => file ?? []);
    this.empty();
    return files;
  }

  empty(): void {
    void this.running?.carried.stop(true);
    this.items = [];
    this.blobs.clear();
  }

  private async next(): Promise<void> {
    const item = this.items.find(({ file, trouble }) => !file && trouble === undefined);
    const blob = item && this.blobs.get(item.key);
    if (this.running || !item || !blob) return;
    try {
      const file = await this.carry(item, blob);
      this.change(item.key, { file, sent: item.size });
    } catch (error) {
      this.change(item.key, { trouble: error instanceof ApiError ? error.message : "" });
    }
    this.running = undefined;
    void this.next();
  }

  private async carry({ key, name }: Loading, blob: File): Promise<FileRef> {
    const { carry } = await import("../../src/engine/upload-tus");
    const carried = carry({
      endpoint: `${location.origin}${this.house.api.base}/uploads`, blob, name, type: blob.type, language: this.house.api.language,
      authorization: this.house.token === undefined ? undefined : `Bearer ${this.house.token}`,
      progress: (sent) => this.change(key, { sent }),
      found: () => undefined,
    });
    this.running = { key, carried };
    const address = await carried.done;
    return (await this.house.api.call("GET /uploads/{id}/file", { id: decodeURIComponent(address.split("/").at(-1) ?? "") })).file;
  }

  private change(key: string, to: Partial<Loading>): void {
    this.items = this.items.map((it) => (it.key === key ? { ...it, ...to } : it));
  }
}
