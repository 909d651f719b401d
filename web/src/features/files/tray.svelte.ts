// The tray of one conversation: takes files in as far as the house allows, and hands them to the message.
import { session } from "../../app/session.svelte";
import type { Upload, UploadItem } from "../../engine/view";
import type { Id, Seq } from "../../engine/wire";
import { bytes } from "../../lib/counts";
import { language, m } from "../../lib/i18n.svelte";
import { toast } from "../../ui/toasts.svelte";
import { measure } from "./measure";
import { keepPreview, trayOf } from "./uploads.svelte";

/** As many as the server takes with one message. */
const MOST = 20;
/** How long the limit is waited for, in milliseconds. */
const PATIENCE = 1_500;

export class Tray {
  /** The most bytes of one file, once known. */
  limit = $state<number>();
  /** Taken by a message whose claim has not come back from the engine yet. */
  #taken = $state.raw<ReadonlySet<string>>(new Set());
  #coming = $state(0);
  readonly items: readonly UploadItem[] = $derived.by(() => trayOf(this.space, this.thread).filter((it) => !this.#taken.has(it.key)));
  /** Nothing can be sent while a file is refused, or is only being looked at. */
  readonly blocked: boolean = $derived.by(() => this.#coming > 0 || this.items.some((it) => it.state === "failed"));

  constructor(private readonly space: Id, private readonly thread?: Seq) {}

  get mostWords(): string {
    return this.limit === undefined ? "" : bytes(this.limit, language.locale);
  }

  async ask(): Promise<void> {
    this.limit ??= await session.client.uploadLimit();
  }

  async add(files: readonly File[]): Promise<void> {
    // A slow network must not keep a file out of the tray; the server refuses what is too large as well.
    await Promise.race([this.ask().catch(() => {}), new Promise((late) => setTimeout(late, PATIENCE))]);
    const room = MOST - this.items.length - this.#coming;
    if (files.length > room) toast(m.files_at_most({ most: MOST }), { kind: "error" });
    const fitting = files.filter((file) => this.#fits(file)).slice(0, Math.max(0, room));
    this.#coming += fitting.length;
    for (const file of fitting) {
      try {
        await this.#attach(file);
      } finally {
        this.#coming -= 1;
      }
    }
  }

  #fits(file: File): boolean {
    if (this.limit === undefined || file.size <= this.limit) return true;
    toast(m.file_too_large({ name: file.name, most: this.mostWords }), { kind: "error" });
    return false;
  }

  async #attach(file: File): Promise<void> {
    const address = URL.createObjectURL(file);
    const size = await measure(file, address);
    URL.revokeObjectURL(address);
    const { space, thread } = this;
    const key = session.client.attach({
      space, name: file.name.normalize("NFC"), type: file.type || "application/octet-stream", size: file.size, blob: file,
      ...(thread !== undefined && { thread }), ...size,
    });
    keepPreview(key, file);
  }

  /** What lies here goes with a message. */
  take(): Upload[] {
    const taken = this.items.map(({ key, name, type, size, width, height }): Upload => ({
      key, name, type, size, ...(width && height && { width, height }),
    }));
    this.#taken = new Set([...this.#taken, ...taken.map(({ key }) => key)]);
    return taken;
  }
}
