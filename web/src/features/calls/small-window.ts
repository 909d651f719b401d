// The small window of a call (beside.ts): dressed as the page is, filled with whoever speaks, and gone with the call.
import { mount, unmount } from "svelte";
import { smallWindows } from "./beside";
import Beside from "./Beside.svelte";
import type { CurrentCall } from "./current.svelte";

const SIZE = { width: 360, height: 270 };

/** The same styles, language and appearance; what is set for single elements of the page is none of its affair. */
function dress({ documentElement: root, head }: Document): void {
  for (const { name, value } of document.documentElement.attributes) if (name !== "style") root.setAttribute(name, value);
  for (const sheet of document.querySelectorAll("link[rel=stylesheet], style")) {
    const copy = sheet.cloneNode(true);
    if (copy instanceof HTMLLinkElement && sheet instanceof HTMLLinkElement) copy.href = sheet.href;
    head.append(copy);
  }
}

export async function open(current: CurrentCall): Promise<void> {
  if (!smallWindows || smallWindows.window) return;
  const small = await smallWindows.requestWindow(SIZE);
  if (current.phase === "over") return small.close();
  dress(small.document);
  const shown = mount(Beside, { target: small.document.body, props: { current, small } });
  small.addEventListener("pagehide", () => void unmount(shown), { once: true });
}
