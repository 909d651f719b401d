// How long nobody may touch a kiosk before it asks whether somebody is there. Pure; milliseconds.
import type { VisitorTicket } from "../../src/engine/wire-visit";

/** What is asked is asked this long; then the visit ends. */
export const COUNTDOWN = 20_000;

const TALKING = 90_000;
/** Whoever waits in line stands there with nothing to touch. */
const WAITING = 600_000;
const OVER = 30_000;

/** Nothing where it never asks: before anybody came, and during a call. */
export function idleAfter({ within, state, calling }: { within: boolean; state: VisitorTicket["state"] | undefined; calling: boolean }): number | undefined {
  if (!within || state === undefined || calling) return undefined;
  return state === "closed" ? OVER : state === "waiting" ? WAITING : TALKING;
}
