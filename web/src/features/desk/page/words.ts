// What the agent's screen and the frame that holds the picture of the visitor's page say to each other. The frame is a page
// of its own, with a policy that lets it fetch nothing: what is built in it comes from somebody else's browser.
import type { Told } from "../../../../widget/cobrowse";
import type { Colour, Point } from "../../../../widget/point";

export const tools = ["point", "draw", "show", "press"] as const;
export type Tool = (typeof tools)[number];

export type ToFrame =
  | { type: "events"; full: boolean; events: unknown[] }
  | { type: "hold"; tool: Tool; colour: Colour; stays: boolean }
  | { type: "undo" }
  | { type: "clear" };

export type FromFrame =
  | { type: "point"; point: Point }
  /** The page can be seen. */
  | { type: "seen"; seen: boolean }
  /** There is something to undo. */
  | { type: "ink"; some: boolean };

/** What events say of how it goes with the page, where they are not of it. */
export function toldOf(events: readonly unknown[]): Told | undefined {
  const [first] = events as { type: number; data?: { payload?: { showing?: Told } } }[];
  return first?.type === 5 ? first.data?.payload?.showing : undefined;
}

export const READY = "madang:seen";
