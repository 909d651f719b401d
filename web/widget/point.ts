// What an agent shows on a visitor's page, and the page's answer: relayed as it is and kept nowhere (docs/protocol/desks.md).
// Whatever comes from the other side is read here before it is believed.

/** Of the box of a node, or of the viewport where none is named: 0 to 1. */
export type Place = readonly [x: number, y: number];

export type Point =
  | { kind: "pointer"; node?: number; x: number; y: number }
  | { kind: "ink"; id: string; node?: number; points: Place[]; done: boolean; colour: Colour; /** Does not fade. */ stays: boolean }
  /** All ink, or one stroke. */
  | { kind: "clear"; id?: string }
  | { kind: "show"; node: number }
  | { kind: "click"; node: number; id: string }
  /** The agent would like to see the page. */
  | { kind: "ask"; to: "page" };

/** From the page to the agent. */
export type Answer = { kind: "clicked"; id: string; done: boolean };

export const colours = ["red", "blue", "green"] as const;
export type Colour = (typeof colours)[number];

/** Points of one stroke: some minutes of drawing. A frame of the socket holds no more. */
export const LONGEST = 400;
/** The box of an element may be left while drawing, but not the page's whole neighbourhood. */
const FAR = 100;

export function readPoint(word: unknown): Point | undefined {
  if (!isObject(word)) return undefined;
  const node = count(word["node"]);
  const id = typeof word["id"] === "string" && word["id"].length <= 40 ? word["id"] : undefined;
  switch (word["kind"]) {
    case "pointer": {
      const at = place([word["x"], word["y"]]);
      return at && { kind: "pointer", x: at[0], y: at[1], ...(node && { node }) };
    }
    case "ink": {
      const points = Array.isArray(word["points"]) ? word["points"].slice(0, LONGEST).map(place) : [];
      if (id === undefined || !points.length || !points.every((it) => it !== undefined)) return undefined;
      const colour = colours.find((it) => it === word["colour"]) ?? "red";
      return { kind: "ink", id, points: points, done: word["done"] === true, colour, stays: word["stays"] === true, ...(node && { node }) };
    }
    case "clear":
      return { kind: "clear", ...(id !== undefined && { id }) };
    case "show":
      return node ? { kind: "show", node } : undefined;
    case "click":
      return node && id !== undefined ? { kind: "click", node, id } : undefined;
    case "ask":
      return { kind: "ask", to: "page" };
    default:
      return undefined;
  }
}

export function readAnswer(word: unknown): Answer | undefined {
  if (!isObject(word) || word["kind"] !== "clicked" || typeof word["id"] !== "string") return undefined;
  return { kind: "clicked", id: word["id"], done: word["done"] === true };
}

function place(at: unknown): Place | undefined {
  if (!Array.isArray(at)) return undefined;
  const [x, y] = at as unknown[];
  return number(x) && number(y) ? [Math.min(FAR, Math.max(-FAR, x)), Math.min(FAR, Math.max(-FAR, y))] : undefined;
}

const number = (it: unknown): it is number => typeof it === "number" && Number.isFinite(it);
const count = (it: unknown): number | undefined => (number(it) && Number.isInteger(it) && it > 0 ? it : undefined);
const isObject = (it: unknown): it is Record<string, unknown> => typeof it === "object" && it !== null && !Array.isArray(it);
