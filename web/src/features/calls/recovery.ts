// What to do when the media of a call no longer flows. Pure: the step that follows from what was tried and what the
// server said. A line that is only slow is mended (a new way for the same participant), one that the server has
// forgotten is joined again, a call that went down with the server is started again.

export type Step = "mend" | "join" | "start" | "give up";

export interface Tried {
  /** The step that failed. */
  step: Step;
  /** How often in a row, this time included. */
  times: number;
  /** What the server said; without it there was no answer. */
  code?: string | undefined;
}

/** After so many attempts to mend it the line is given up for a new one. */
const MENDS = 3;
/** The participant is unknown to the server: it was away too long, or the server began anew. */
const FORGOTTEN = new Set(["participant_gone", "call_over", "not_found"]);

export function next({ step, times, code }: Tried): Step {
  if (code === undefined) return step === "mend" && times >= MENDS ? "join" : step;
  if (step === "mend") return "join";
  if (step === "join" && FORGOTTEN.has(code)) return "start";
  return "give up";
}

/** Milliseconds before the next attempt: soon at first, for a network changes in a moment. */
export const patience = (times: number): number => Math.min(8_000, 400 * 2 ** times);

/** How long a line may say that it is disconnected before something is done: it often comes back by itself. */
export const DISCONNECTED = 2_000;
/** How long a mended or new line may take. */
export const UNMENDED = 6_000;
/** A clock that stood still for this long belongs to a device that slept. */
export const SLEPT = 8_000;
/** How long one that failed is left alone: the house says within this whether somebody was taken out. */
export const FAILED = 800;
/** A line that stood this lately was not lost. */
export const WELL = 4_000;
