// What of a page nobody else sees, whatever its desk says.

/** What pages use `autocomplete` for that is secret (HTML, 4.10.18.7.1), and the types of fields that are. */
const fields = ["[type=password i]", "[type=hidden i]", "[type=file i]", "[autocomplete*=password i]", "[autocomplete~=one-time-code i]", "[autocomplete*=cc- i]"];

/** Shown as an empty box. A frame is another page, to which nobody agreed. */
export const BLOCKED = [...fields.map((it) => `input${it}`), "[data-madang-block]", "[data-rr-is-password]", "iframe", "object", "embed", "madang-help", "madang-page"];
/** Shown as text without letters: what is marked, and what is written into without being a field. */
export const MASKED = ["[data-madang-mask]", "[contenteditable]:not([contenteditable=false i])", "[role=textbox]", "textarea"].join();

/** With what the desk wants hidden; a selector that this browser cannot read hides nothing, so it is left out aloud. */
export function blocked(masks: readonly string[], readable: (selector: string) => boolean): string {
  const good = masks.filter((it) => {
    const reads = it.trim() !== "" && readable(it);
    if (!reads && it.trim()) console.warn(`madang: "${it}" is no selector`);
    return reads;
  });
  return [...BLOCKED, ...good].join();
}

/** Stands for whatever was typed, and does not tell how long it was. */
export const MASK = "••••••";
