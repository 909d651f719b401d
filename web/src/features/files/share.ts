// Handing a file to another app of the device: the file itself where that is possible, else a link to it.
import type { FileRef } from "../../engine/wire";
import { m } from "../../lib/i18n.svelte";
import { toast } from "../../ui/toasts.svelte";
import { originalOf } from "./address";

export const canShare = typeof navigator !== "undefined" && typeof navigator.share === "function";
/** Larger ones would keep the person waiting longer than the browser remembers that she asked. */
const MOST = 20_000_000;

export async function shareFile(file: FileRef, link: string): Promise<void> {
  try {
    const whole = file.size <= MOST ? await fetched(file) : undefined;
    await navigator.share(whole && navigator.canShare?.({ files: [whole] }) ? { files: [whole] } : { title: file.name, url: link });
  } catch (error) {
    if (!(error instanceof DOMException && error.name === "AbortError")) toast(m.error_unknown(), { kind: "error" });
  }
}

async function fetched(file: FileRef): Promise<File | undefined> {
  const response = await fetch(originalOf(file));
  return response.ok ? new File([await response.blob()], file.name, { type: file.type }) : undefined;
}
