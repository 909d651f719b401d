// Which keys do something on every screen. Pure; what they do stands in shortcuts.ts, and the list that
// people see in features/me/Shortcuts.svelte.

export type Shortcut = "help" | "find" | "next" | "previous" | "nextUnread" | "previousUnread" | "close";
type Press = Pick<KeyboardEvent, "key" | "code" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">;

/** `typing`: the press goes into a field, where plain keys are letters. */
export function shortcutOf({ key, code, ctrlKey, metaKey, altKey, shiftKey }: Press, typing: boolean): Shortcut | null {
  // By place on the keyboard, so that it works while Korean is being typed.
  if ((ctrlKey || metaKey) && !altKey && !shiftKey && code === "KeyK") return "find";
  if (ctrlKey || metaKey) return null;
  if (altKey && key === "ArrowDown") return shiftKey ? "nextUnread" : "next";
  if (altKey && key === "ArrowUp") return shiftKey ? "previousUnread" : "previous";
  if (altKey || typing) return null;
  if (key === "?" || (shiftKey && code === "Slash")) return "help";
  return key === "Escape" ? "close" : null;
}

/** The next of a list in a direction, round its end; the first or last when none is current. */
export function stepTo<T>(list: readonly T[], current: (one: T) => boolean, by: 1 | -1, wanted: (one: T) => boolean = () => true): T | undefined {
  const at = list.findIndex(current);
  const from = at < 0 && by < 0 ? 0 : at;
  for (let n = 1; n <= list.length; n++) {
    const one = list[(from + by * n + list.length * 2) % list.length];
    if (one !== undefined && wanted(one) && !current(one)) return one;
  }
  return undefined;
}
