// Strokes and pointers on a shared screen, as fractions of its frame. Pure: time is an argument. Nothing of it is
// kept; a stroke fades unless whoever drew it let it stay.
import type { CallSignal, Id } from "../../engine/wire";

export type Point = [number, number];
export interface Stroke { id: string; by: Id; colour: number; stay: boolean; points: Point[]; /** When it was last drawn at. */ at: number; done: boolean }
export interface Finger { by: Id; x: number; y: number; at: number }
export interface Sheet { strokes: Stroke[]; fingers: Finger[] }

/** Milliseconds that a stroke stands after its end, and that it takes to fade. */
export const STANDS = 4_000;
export const FADES = 800;
/** A pointer that does not move is gone after this. */
export const RESTS = 2_500;
/** What one frame may hold, whoever sends it. */
const MOST_STROKES = 300;
const MOST_POINTS = 2_000;
export const COLOURS = 8;

export const blank: Sheet = { strokes: [], fingers: [] };

/** A sheet after a signal about its track. */
export function draw(sheet: Sheet, by: Id, signal: CallSignal, now: number): Sheet {
  switch (signal.kind) {
    case "pointer":
      return { ...sheet, fingers: [...sheet.fingers.filter((it) => it.by !== by), { by, x: within(signal.x), y: within(signal.y), at: now }] };
    case "ink":
      return { ...sheet, strokes: drawn(sheet.strokes, by, signal, now) };
    case "ink_undo":
      return { ...sheet, strokes: sheet.strokes.filter((it) => it.by !== by || it.id !== signal.stroke) };
    case "ink_clear":
      return { ...sheet, strokes: sheet.strokes.filter((it) => it.by !== by) };
    default:
      return sheet;
  }
}

function drawn(strokes: Stroke[], by: Id, signal: CallSignal & { kind: "ink" }, now: number): Stroke[] {
  const points = signal.points.slice(0, MOST_POINTS).map(([x, y]): Point => [within(x), within(y)]);
  const known = strokes.find((it) => it.by === by && it.id === signal.stroke);
  if (!known) {
    const fresh: Stroke = { id: signal.stroke, by, colour: Math.abs(Math.trunc(signal.colour)) % COLOURS, stay: signal.stay, points, at: now, done: signal.done };
    return [...strokes.slice(-MOST_STROKES + 1), fresh];
  }
  const room = MOST_POINTS - known.points.length;
  const grown = { ...known, points: [...known.points, ...points.slice(0, room)], at: now, done: known.done || signal.done };
  return strokes.map((it) => (it === known ? grown : it));
}

const within = (part: number): number => (Number.isFinite(part) ? Math.min(1, Math.max(0, part)) : 0);

/** How much of a stroke is still to be seen, from 1 to 0. */
export function strength(stroke: Stroke, now: number): number {
  if (stroke.stay || !stroke.done) return 1;
  return Math.min(1, Math.max(0, 1 - (now - stroke.at - STANDS) / FADES));
}

/** Without what has faded. The same sheet if nothing has. */
export function faded(sheet: Sheet, now: number): Sheet {
  const strokes = sheet.strokes.filter((it) => strength(it, now) > 0);
  const fingers = sheet.fingers.filter((it) => now - it.at < RESTS);
  return strokes.length === sheet.strokes.length && fingers.length === sheet.fingers.length ? sheet : { strokes, fingers };
}

/** The newest stroke of somebody, for their undo. */
export const lastOf = (sheet: Sheet, by: Id): Stroke | undefined => sheet.strokes.findLast((it) => it.by === by);

export interface Box { x: number; y: number; width: number; height: number }

/** Where in an element the frame of a video stands that is shown whole ("object-fit: contain"). */
export function frameIn(width: number, height: number, frame: { width: number; height: number }): Box {
  if (!frame.width || !frame.height) return { x: 0, y: 0, width, height };
  const scale = Math.min(width / frame.width, height / frame.height);
  const [w, h] = [frame.width * scale, frame.height * scale];
  return { x: (width - w) / 2, y: (height - h) / 2, width: w, height: h };
}

export const fraction = (x: number, y: number, box: Box): Point => [within((x - box.x) / (box.width || 1)), within((y - box.y) / (box.height || 1))];

/** A point that says nothing new need not be sent. */
export const moved = (from: Point | undefined, to: Point): boolean => !from || Math.hypot(from[0] - to[0], from[1] - to[1]) > 0.002;

