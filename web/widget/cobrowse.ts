// What the visitor's app and the part that shows the page say to each other, over the port of `share` (bridge.ts).
import type { Point, Answer } from "./point";

/** Which of the three the visitor has agreed to. */
export type May = "page" | "point" | "act";

/** How it goes with the page, as the agent is told too. */
export type Showing =
  /** It is read. */
  | "preparing"
  | "live"
  /** By the visitor, or because a field is written into that nobody may see. */
  | "paused"
  /** More than can be shown without making the page slow. */
  | "too_large"
  | "slow";

/** As the agent's screen is told; `over` by the house, when the visitor has taken their consent back. */
export type Told = Showing | "over";

export interface Batch { n: number; full: boolean; events: unknown[] }

export type ToPage =
  | { type: "begin"; masks: string[]; agent: string }
  /** Somebody new looks: all of the page is needed. */
  | { type: "full" }
  | { type: "may"; to: May[] }
  | { type: "point"; point: Point };

export type FromShared =
  | ({ type: "events" } & Batch)
  | { type: "showing"; showing: Showing }
  /** The help covers what is to be seen. */
  | { type: "covered" }
  | { type: "stop" }
  | { type: "consent"; to: May; given: boolean }
  | { type: "answer"; answer: Answer };
