// The keys of the console, by their place on the keyboard, so that they are the same while Korean is typed. Pure; the
// list that people see stands in features/me/Shortcuts.svelte.

export type DeskKey = "next" | "previous" | "close" | "snooze" | "transfer" | "note" | "write" | "take";
type Press = Pick<KeyboardEvent, "code" | "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">;

const keys: Readonly<Record<string, DeskKey>> = { KeyJ: "next", KeyK: "previous", KeyC: "close", KeyS: "snooze", KeyT: "transfer", KeyN: "note", KeyR: "write", KeyA: "take", Slash: "write" };

/** `typing`: the press goes into a field. */
export function deskKeyOf({ code, ctrlKey, metaKey, altKey, shiftKey }: Press, typing: boolean): DeskKey | null {
  if (typing || ctrlKey || metaKey || altKey || shiftKey) return null;
  return keys[code] ?? null;
}
