// The deck of spaces to catch up with: which belong to it, and in which order. Pure.
import type { SpaceItem } from "../../engine/view";
import { isAside, isWaiting } from "../chats/filters";

export const belongs = (item: SpaceItem): boolean => isWaiting(item) && !isAside(item);

/** Those that name the person first, then the newest. */
export const deckOf = (items: readonly SpaceItem[]): SpaceItem[] =>
  items.filter(belongs).sort((a, b) => Number(b.mentions > 0) - Number(a.mentions > 0) || (b.last?.at ?? 0) - (a.last?.at ?? 0));

/** What a key means for the card on top; by its place on the keyboard, whatever script is typed. */
export function deedOf({ code, key }: { code: string; key: string }): "read" | "keep" | "open" | "undo" | undefined {
  if (key === "ArrowRight" || code === "KeyE") return "read";
  if (key === "ArrowLeft" || code === "KeyK") return "keep";
  if (key === "Enter" || code === "KeyO") return "open";
  return code === "KeyZ" ? "undo" : undefined;
}
