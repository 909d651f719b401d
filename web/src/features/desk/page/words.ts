// What the agent's screen and the frame that holds the picture of the visitor's page say to each other. The frame is a page
// of its own, with a policy that lets it fetch nothing: what is built in it comes from somebody else's browser.
import type { Showing } from "../../../../widget/cobrowse";
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
  | { type: "showing"; showing: Showing }
  /** The page can be seen. */
  | { type: "seen"; seen: boolean }
  /** There is something to undo. */
  | { type: "ink"; some: boolean };

export const READY = "madang:seen";
