// Which messages are read in one's own language, on this page; and whether the house offers that at all.
import { session } from "../../app/session.svelte";
import type { Id, Seq } from "../../engine/wire";

/** As this device last heard, so that the action is there at once the next time. */
const KEY = "madang.translates";

let offered = $state(localStorage.getItem(KEY) === "on");
let asked = false;
let wanted = $state.raw<readonly string[]>([]);
const keyOf = (space: Id, seq: Seq) => `${space} ${seq}`;

/** Whether messages can be translated here; asked once on this page. */
export function offersTranslation(): boolean {
  if (!asked) {
    asked = true;
    void ask();
  }
  return offered;
}

async function ask(): Promise<void> {
  try {
    offered = (await session.client.api.call("GET /workspace")).translates;
    if (offered) localStorage.setItem(KEY, "on");
    else localStorage.removeItem(KEY);
  } catch {
    asked = false;
  }
}

export const wantsTranslation = (space: Id, seq: Seq): boolean => wanted.includes(keyOf(space, seq));

export function wantTranslation(space: Id, seq: Seq, on: boolean): void {
  const key = keyOf(space, seq);
  wanted = [...wanted.filter((one) => one !== key), ...(on ? [key] : [])];
}
