// Ink, a pointing finger and a ring, over a page that goes on being used: each stays on the element it was drawn on while
// the page scrolls, turns or grows, and none of it catches a press. Serves the visitor's page and the agent's picture of it.
import type { Colour, Place, Point } from "../point";

export interface Box { left: number; top: number; width: number; height: number }
/** Where a node is now, or the viewport without one; nothing for what is gone or out of the page. */
export type Boxes = (node: number | undefined) => Box | undefined;

/** Milliseconds that ink is seen, a finger waits for its next move, a ring goes round. */
const FADES = 6_000;
const POINTS = 3_000;
const RINGS = 8_000;
const SVG = "http://www.w3.org/2000/svg";

interface Mark { shape: SVGElement; node: number | undefined; place(box: Box): void; until: number }

export class Ink {
  private readonly marks = new Map<string, Mark>();
  private readonly strokes = new Map<string, Place[]>();
  private frame = 0;

  constructor(private readonly canvas: SVGSVGElement, private readonly boxes: Boxes) {
    canvas.setAttribute("aria-hidden", "true");
  }

  show(point: Point): void {
    switch (point.kind) {
      case "pointer":
        this.put("pointer", point.node, "circle", "finger", POINTS, (shape) => ({ left, top, width, height }) => set(shape, { cx: left + point.x * width, cy: top + point.y * height, r: 11 }));
        break;
      case "ink":
        this.draw(point.id, point.node, point.points, point.colour, point.done && !point.stays ? FADES : Infinity);
        break;
      case "clear":
        for (const id of point.id === undefined ? [...this.marks.keys()] : [`ink ${point.id}`]) this.remove(id);
        break;
      case "show":
        this.put("ring", point.node, "rect", "ring", RINGS, (shape) => ({ left, top, width, height }) => set(shape, { x: left - 6, y: top - 6, width: width + 12, height: height + 12, rx: 10 }));
        break;
      case "click":
      case "ask":
    }
    this.tick();
  }

  /** What is seen is gone at once. */
  wipe(): void {
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    for (const id of [...this.marks.keys()]) this.remove(id);
  }

  /** Parts of one stroke come one after the other; each begins where the last ended. */
  private draw(id: string, node: number | undefined, points: readonly Place[], colour: Colour, lasts: number): void {
    const all = [...(this.strokes.get(id) ?? []), ...points];
    this.strokes.set(id, all);
    this.put(`ink ${id}`, node, "polyline", `stroke ${colour}`, lasts, (shape) => ({ left, top, width, height }) => set(shape, { points: all.map(([x, y]) => `${round(left + x * width)},${round(top + y * height)}`).join(" ") }));
  }

  private put(id: string, node: number | undefined, kind: string, look: string, lasts: number, place: (shape: SVGElement) => (box: Box) => void): void {
    const shape = this.marks.get(id)?.shape ?? (document.createElementNS(SVG, kind) as SVGElement);
    shape.setAttribute("class", look);
    shape.dataset["mark"] = id;
    if (!shape.isConnected) this.canvas.append(shape);
    this.marks.set(id, { shape, node, place: place(shape), until: performance.now() + lasts });
  }

  private remove(id: string): void {
    this.marks.get(id)?.shape.remove();
    this.marks.delete(id);
    this.strokes.delete(id.replace(/^ink /, ""));
  }

  /** Runs while there is something to keep in its place. */
  private readonly tick = (): void => {
    cancelAnimationFrame(this.frame);
    const now = performance.now();
    for (const [id, mark] of this.marks) {
      if (now >= mark.until) {
        this.remove(id);
        continue;
      }
      const box = this.boxes(mark.node);
      mark.shape.setAttribute("visibility", box ? "visible" : "hidden");
      if (!box) continue;
      mark.place(box);
      mark.shape.classList.toggle("fades", mark.until - now < 1_000);
    }
    this.frame = this.marks.size ? requestAnimationFrame(this.tick) : 0;
  };
}

const round = (it: number): number => Math.round(it * 10) / 10;

function set(shape: SVGElement, values: Record<string, number | string>): void {
  for (const [name, value] of Object.entries(values)) shape.setAttribute(name, String(typeof value === "number" ? round(value) : value));
}

/** How marks look; for a constructed sheet or a style of ours. */
export const marks = `
.stroke, .ring { fill: none; stroke-width: 5; stroke-linecap: round; stroke-linejoin: round }
.red { stroke: #d92d20 } .blue { stroke: #175cd3 } .green { stroke: #087443 }
.ring { stroke: #d92d20; stroke-width: 4; animation: ring 1s ease-in-out infinite alternate }
.finger { fill: #d92d20cc; stroke: #fff; stroke-width: 3 }
.fades { opacity: 0; transition: opacity 1s }
@keyframes ring { to { stroke-opacity: .35 } }
@media (prefers-reduced-motion: reduce) { .ring { animation: none } .fades { transition: none } }
`;
