import { expect, it } from "vitest";
import type { Point } from "../../../../widget/point";
import { Strokes } from "./strokes";

const ink = (id: string, points: [number, number][]): Point => ({ kind: "ink", id, points, done: false, colour: "red", stays: true });

it("keeps strokes whole, in their order, until they are taken away", () => {
  const strokes = new Strokes();
  strokes.take(ink("a", [[0, 0]]));
  strokes.take(ink("b", [[0.5, 0.5]]));
  strokes.take(ink("a", [[0.1, 0.2]]));
  strokes.take({ kind: "pointer", x: 0, y: 0 });
  expect(strokes.words()).toEqual([{ ...ink("a", [[0, 0], [0.1, 0.2]]), done: true }, { ...ink("b", [[0.5, 0.5]]), done: true }]);
  strokes.take({ kind: "clear", id: "a" });
  expect(strokes.words().map((it) => "id" in it && it.id)).toEqual(["b"]);
  strokes.take({ kind: "clear" });
  expect(strokes.some).toBe(false);
});
