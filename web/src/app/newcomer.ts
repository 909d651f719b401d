// On a device where nobody was signed in when it was last used, this asks at once, while the scripts and the engine are
// still on their way, whose door this is and whether somebody is signed in all the same. So a first visit does not wait
// for one after the other.
import type { Answer } from "../engine/routes";

const KEY = "madang.known";

/** Whether somebody was signed in on this device when it was last used. */
export const isKnown = globalThis.localStorage?.getItem(KEY) === "1";

let asked: Promise<Answer<"GET /setup">> | undefined = isKnown ? undefined : ask();

async function ask(): Promise<Answer<"GET /setup">> {
  const answer = await fetch("/api/v1/setup");
  if (!answer.ok) throw new Error(`asked at the door: ${answer.status}`);
  return (await answer.json()) as Answer<"GET /setup">;
}

// Whoever needs it later asks again.
asked?.catch(() => (asked = undefined));

/** What was asked at once, if it was and may still be right. */
export const atTheDoor = (): typeof asked => asked;

/** Tells the next start who is known here. */
export function remember(someone: boolean): void {
  if (someone) localStorage.setItem(KEY, "1");
  else localStorage.removeItem(KEY);
  // Another person's sign-in, or the first day of the house: what was answered before is over.
  if (someone) asked = undefined;
}
