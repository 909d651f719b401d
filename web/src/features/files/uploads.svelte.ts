// Files on their way from this device, as state that screens read, and what is shown of them before the server
// has pictures: their own content, by the upload's key and then by the file's id.
import { session } from "../../app/session.svelte";
import type { UploadItem } from "../../engine/view";
import type { Id, Seq } from "../../engine/wire";

let items = $state.raw<readonly UploadItem[]>([]);
let previews = $state.raw<ReadonlyMap<string, string>>(new Map());
let following = false;
const asked = new Set<string>();
/** Addresses of content kept for showing; the oldest are let go. */
const MOST = 80;

function all(): readonly UploadItem[] {
  if (!following && session.connected) {
    following = true;
    session.client.uploads((next) => {
      // The message will name the file by its id; what is shown stays the same picture.
      for (const { key, file } of next) {
        const address = file && previews.get(key);
        if (address && !previews.has(file.id)) show(file.id, address);
      }
      items = next;
    });
  }
  return items;
}

export const uploadOf = (key: string): UploadItem | undefined => all().find((it) => it.key === key);

/** What lies in the tray of a conversation. */
export const trayOf = (space: Id, thread: Seq | undefined): UploadItem[] =>
  all().filter((it) => it.space === space && it.thread === thread && it.of === undefined);

function show(id: string, address: string): void {
  const next = new Map(previews).set(id, address);
  for (const [oldest, old] of next) {
    if (next.size <= MOST) break;
    next.delete(oldest);
    if (![...next.values()].includes(old)) URL.revokeObjectURL(old);
  }
  previews = next;
}

export function keepPreview(key: string, blob: Blob): void {
  if (!previews.has(key)) show(key, URL.createObjectURL(blob));
}

/** The address of content that is on this device. What an earlier page attached is asked of the engine. */
export function previewOf(id: string): string | undefined {
  const found = previews.get(id);
  if (!found && !asked.has(id) && items.some((it) => it.key === id)) {
    asked.add(id);
    void session.client.uploadBlob(id).then((blob) => blob && keepPreview(id, blob), () => asked.delete(id));
  }
  return found;
}
