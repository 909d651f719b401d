import { describe, expect, it } from "vitest";
import type { Point } from "../../../../widget/point";
import { Pen, type Hit } from "./frame/pen";

const hit = (node: number, x: number, y: number): Hit => ({ node, at: [x, y], within: (x, y) => [x, y] });

function pen(): [Pen, Point[]] {
  const said: Point[] = [];
  let n = 0;
  return [new Pen((point) => said.push(point), () => `id${++n}`), said];
}

describe("the agent's finger", () => {
  it("points at a measured pace", () => {
    const [held, said] = pen();
    for (let now = 0; now < 240; now += 10) held.move(hit(4, 0.5, 0.5), 0, 0, now);
    expect(said).toEqual(Array.from({ length: 4 }, () => ({ kind: "pointer", node: 4, x: 0.5, y: 0.5 })));
  });

  it("draws on the element where the stroke began, whatever it comes over", () => {
    const [held, said] = pen();
    held.tool = "draw";
    held.down(hit(4, 0, 0));
    held.move(hit(9, 1, 1), 0.1, 0.2, 100);
    held.move(undefined, 0.3, 0.4, 110);
    held.up(120);
    held.move(hit(4, 0, 0), 0.9, 0.9, 300);
    expect(said).toEqual([
      { kind: "ink", id: "id1", node: 4, points: [[0, 0], [0.1, 0.2]], done: false, colour: "red", stays: false },
      { kind: "ink", id: "id1", node: 4, points: [[0.3, 0.4]], done: true, colour: "red", stays: false },
    ]);
  });

  it("tells the end of a dot, loses no point of a long stroke, and takes back the last", () => {
    const [held, said] = pen();
    held.tool = "draw";
    held.down(hit(4, 0, 0));
    held.up(0);
    expect(said).toMatchObject([{ id: "id1", points: [[0, 0]], done: true }]);
    said.length = 0;
    held.down(hit(4, 0, 0));
    for (let n = 1; n <= 1_000; n++) held.move(hit(4, 0, 0), n, n, n * 10);
    held.up(20_000);
    const points = said.flatMap((it) => (it.kind === "ink" ? it.points.map(([x]) => x) : []));
    expect(new Set(points).size).toBe(1_001);
    expect(points).toEqual([...points].sort((a, b) => a - b));
    const last = said.at(-1);
    held.undo();
    expect(said.at(-1)).toEqual({ kind: "clear", id: last?.kind === "ink" ? last.id : "" });
    held.clear();
    held.undo();
    expect(said.at(-1)).toEqual({ kind: "clear" });
  });

  it("picks what to show and what to press", () => {
    const [held, said] = pen();
    held.tool = "show";
    held.down(hit(4, 0, 0));
    held.tool = "press";
    held.down(hit(5, 0, 0));
    held.down(undefined);
    expect(said).toEqual([{ kind: "show", node: 4 }, { kind: "click", node: 5, id: "id1" }]);
  });
});
