// The agent's finger on the picture of a page: which element it is on, and what of it is told at which pace. Knows no
// screen: places come in as fractions of what is seen.
import { LONGEST, type Colour, type Place, type Point } from "../../../../../widget/point";
import type { Tool } from "../words";

/** Milliseconds between two words about the finger, and about a stroke that is being drawn. */
const PACE = 60;

/** A place on the picture: the element there, unless it is the picture itself, and where within its box. */
export interface Hit { node?: number; at: Place; within(x: number, y: number): Place }

export class Pen {
  tool: Tool = "point";
  colour: Colour = "red";
  stays = false;
  private drawing: { id: string; hit: Hit; waiting: Place[]; last: Place; count: number } | undefined;
  private readonly drawn: string[] = [];
  private told = -PACE;

  constructor(private readonly say: (point: Point) => void, private readonly fresh: () => string) {}

  get some(): boolean {
    return this.drawn.length > 0;
  }

  down(hit: Hit | undefined): void {
    if (!hit) return;
    const { node } = hit;
    if (this.tool === "show") return void (node && this.say({ kind: "show", node }));
    if (this.tool === "press") return void (node && this.say({ kind: "click", node, id: this.fresh() }));
    if (this.tool === "draw") {
      const id = this.fresh();
      this.drawn.push(id);
      this.drawing = { id, hit, waiting: [hit.at], last: hit.at, count: 0 };
    } else this.finger(hit);
  }

  move(hit: Hit | undefined, x: number, y: number, now: number): void {
    const { drawing } = this;
    if (drawing) {
      drawing.waiting.push(drawing.hit.within(x, y));
      if (now - this.told >= PACE) this.ink(drawing, false, now);
      // What is longer goes on as a stroke of its own, from where it was.
      if (drawing.count >= LONGEST) {
        this.ink(drawing, true, now);
        this.down({ ...drawing.hit, at: drawing.hit.within(x, y) });
      }
    } else if (hit && this.tool === "point" && now - this.told >= PACE) {
      this.told = now;
      this.finger(hit);
    }
  }

  up(now: number): void {
    if (this.drawing) this.ink(this.drawing, true, now);
    this.drawing = undefined;
  }

  undo(): void {
    const id = this.drawn.pop();
    if (id !== undefined) this.say({ kind: "clear", id });
  }

  clear(): void {
    this.drawn.length = 0;
    this.say({ kind: "clear" });
  }

  private finger({ node, at: [x, y] }: Hit): void {
    this.say({ kind: "pointer", ...(node && { node }), x, y });
  }

  private ink(drawing: NonNullable<Pen["drawing"]>, done: boolean, now: number): void {
    // The end of a stroke is told though the finger has not moved since: its ink begins to fade then.
    const points = drawing.waiting.length ? drawing.waiting : [drawing.last];
    this.told = now;
    drawing.count += points.length;
    drawing.last = points.at(-1) ?? drawing.last;
    drawing.waiting = [];
    const { node } = drawing.hit;
    this.say({ kind: "ink", id: drawing.id, ...(node && { node }), points, done, colour: this.colour, stays: this.stays });
  }
}
