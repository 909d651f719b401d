// The words of a block that cannot be shown as what it is. Pure.
import type { Block } from "./shapes";

const WORDS = ["fallback", "title", "text", "subtitle", "body", "description", "alt_text", "caption", "label"] as const;

const wordOf = (one: unknown): string => (typeof one === "string" ? one : typeof (one as { text?: unknown } | null)?.text === "string" ? (one as { text: string }).text : "");

/** Of a call: what it is called, and the way to it. */
const callOf = ({ call }: Block): string[] => [call?.v1?.name ?? "", call?.v1?.join_url ?? ""].filter(Boolean);

/** Every word that stands in it, in the order of use; empty if there is none. */
export function fallbackOf(block: Block): string {
  const own = WORDS.map((key) => wordOf(block[key])).filter(Boolean);
  const inside = [...(block.elements ?? []), ...(block.fields ?? []), ...(block.child_blocks ?? [])].map((one) => (one && typeof one === "object" ? fallbackOf(one as Block) : "")).filter(Boolean);
  return [...own, ...callOf(block), ...inside].join("\n");
}
