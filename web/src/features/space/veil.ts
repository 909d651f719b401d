// Which of a conversation's lines stand in the page. All that the window holds at once would take a slow phone a second
// to make; so a screen full is made first, and more, a few at a time, as far as the reader may soon come. Pure.
import type { Line } from "./lines";
import { beginOf } from "./sheets";

/** Made first: about a screen full of a phone. */
const FIRST = 12;
/** Made or let go of at a time, until it is known what the device makes between two frames. */
export const STEP = 4;
const FEWEST = 1;
const MOST = 4;
/** A step may take so many milliseconds: the frame has to be painted too. */
const LONG = 20;
const SHORT = 8;

/** The window is asked for more while so many lines are still to be made. */
export const SPARE = 30;

export type Way = "older" | "newer";
/** Places in the lines: from the first one that stands in the page to the one behind the last. */
export type Veil = { from: number; to: number };

/** What is made first: around a line, or (-1) at the end. */
export function firstOf(lines: readonly Line[], at: number): Veil {
  const from = Math.max(0, at < 0 ? lines.length - FIRST : Math.min(at - FIRST / 2, lines.length - FIRST));
  return { from: beginOf(lines, from), to: at < 0 ? lines.length : Math.min(lines.length, from + FIRST) };
}

/** The same lines after others came, went or changed; `end`: and all that have come behind them. Nothing if none is left. */
export function followed(standing: readonly Line[], lines: readonly Line[], end: boolean): Veil | null {
  const places = new Map(lines.map((line, place) => [line.key, place]));
  const left = standing.map(({ key }) => places.get(key)).filter((place) => place !== undefined);
  const [first, last] = [left[0], left.at(-1)];
  if (first === undefined || last === undefined) return null;
  return { from: Math.min(first, last), to: end ? lines.length : Math.max(first, last) + 1 };
}

/** Lets go of lines at one end: of as many as are made at most, else they would become more and more. */
export const shed = (veil: Veil, lines: readonly Line[], way: Way): Veil => grown(veil, lines, way, -MOST);

/** A few more lines at one end, above in whole sheets; a negative number lets go of some. */
export function grown({ from, to }: Veil, lines: readonly Line[], way: Way, by = STEP): Veil {
  if (way === "older") return { from: beginOf(lines, Math.min(to, Math.max(0, from - by))), to };
  return { from, to: Math.max(from, Math.min(lines.length, to + by)) };
}

/** How many lines the next step makes, by what the last one took, in milliseconds. */
export function paced(step: number, took: number): number {
  if (took > LONG) return Math.max(FEWEST, Math.floor((step * LONG) / took));
  return took < SHORT ? Math.min(MOST, step + 1) : step;
}
