// What is drawn on a picture, whole: to tell it anew to whoever comes later, and to keep it in a picture of its own. Pure.
import type { Colour, Place, Point } from "../../../../widget/point";

export interface Stroke { id: string; colour: Colour; points: Place[] }

export class Strokes {
  private all: Stroke[] = [];

  get some(): boolean {
    return this.all.length > 0;
  }

  take(point: Point): void {
    if (point.kind === "clear") this.all = point.id === undefined ? [] : this.all.filter(({ id }) => id !== point.id);
    if (point.kind !== "ink") return;
    const known = this.all.find(({ id }) => id === point.id);
    if (known) known.points.push(...point.points);
    else this.all.push({ id: point.id, colour: point.colour, points: [...point.points] });
  }

  words(): Point[] {
    return this.all.map(({ id, colour, points }) => ({ kind: "ink", id, points, done: true, colour, stays: true }));
  }

  each(draw: (stroke: Stroke) => void): void {
    this.all.forEach(draw);
  }
}
