import { expect, test } from "vitest";
import type { CallSignal } from "../../engine/wire";
import { blank, draw, faded, FADES, fraction, frameIn, lastOf, moved, RESTS, STANDS, strength, type Point } from "./ink";

const ink = (stroke: string, points: Point[], more: Partial<CallSignal & { kind: "ink" }> = {}): CallSignal => ({ kind: "ink", track: "a/screen", stroke, points, colour: 3, stay: false, done: true, ...more });

test("a stroke grows as it is drawn, and each person's is their own", () => {
  let sheet = draw(blank, "nari", ink("1", [[0, 0]], { done: false }), 0);
  sheet = draw(sheet, "joon", ink("1", [[1, 1]]), 5);
  sheet = draw(sheet, "nari", ink("1", [[0.5, 0.5]]), 10);
  expect(sheet.strokes.map(({ by, points, done }) => [by, points, done])).toEqual([["nari", [[0, 0], [0.5, 0.5]], true], ["joon", [[1, 1]], true]]);
});

test("what was drawn fades some time after its end, and what shall stay stays", () => {
  let sheet = draw(blank, "nari", ink("1", [[0, 0]]), 0);
  sheet = draw(sheet, "nari", ink("2", [[0, 0]], { stay: true }), 0);
  expect(strength(sheet.strokes[0]!, STANDS)).toBe(1);
  expect(strength(sheet.strokes[0]!, STANDS + FADES / 2)).toBeCloseTo(0.5);
  expect(faded(sheet, STANDS)).toBe(sheet);
  expect(faded(sheet, STANDS + FADES).strokes.map(({ id }) => id)).toEqual(["2"]);
});

test("a stroke that is being drawn does not fade under the pen", () => {
  const sheet = draw(blank, "nari", ink("1", [[0, 0]], { done: false }), 0);
  expect(faded(sheet, 60_000)).toBe(sheet);
});

test("undo takes back one's own last stroke, and clearing only one's own", () => {
  let sheet = blank;
  for (const [by, id] of [["nari", "1"], ["joon", "2"], ["nari", "3"]] as const) sheet = draw(sheet, by, ink(id, [[0, 0]], { stay: true }), 0);
  sheet = draw(sheet, "nari", { kind: "ink_undo", track: "a/screen", stroke: lastOf(sheet, "nari")!.id }, 1);
  expect(sheet.strokes.map(({ id }) => id)).toEqual(["1", "2"]);
  // Nobody takes back what is not theirs.
  sheet = draw(sheet, "joon", { kind: "ink_undo", track: "a/screen", stroke: "1" }, 2);
  sheet = draw(sheet, "nari", { kind: "ink_clear", track: "a/screen" }, 3);
  expect(sheet.strokes.map(({ id }) => id)).toEqual(["2"]);
});

test("a pointer is one for each person, and gone when it rests", () => {
  let sheet = draw(blank, "nari", { kind: "pointer", track: "a/screen", x: 0.1, y: 0.2 }, 0);
  sheet = draw(sheet, "nari", { kind: "pointer", track: "a/screen", x: 0.3, y: 7 }, 10);
  expect(sheet.fingers).toEqual([{ by: "nari", x: 0.3, y: 1, at: 10 }]);
  expect(faded(sheet, 10 + RESTS).fingers).toEqual([]);
});

test("a hostile sender fills no memory and draws nowhere but on the frame", () => {
  let sheet = blank;
  for (let i = 0; i < 400; i++) sheet = draw(sheet, "sam", ink(`${i}`, Array.from({ length: 3_000 }, () => [Number.NaN, -4] as Point), { colour: -9.7 }), 0);
  expect(sheet.strokes.length).toBe(300);
  expect(sheet.strokes[0]!.points.length).toBe(2_000);
  expect(sheet.strokes[0]!.points[0]).toEqual([0, 0]);
  expect(sheet.strokes[0]!.colour).toBe(1);
});

test("a point on the frame is the same place on every screen, whatever its shape", () => {
  const phone = frameIn(360, 640, { width: 1280, height: 720 });
  const desk = frameIn(1600, 600, { width: 1280, height: 720 });
  expect(phone.height).toBeCloseTo(202.5);
  const at: Point = fraction(desk.x + desk.width / 4, desk.y + desk.height / 2, desk);
  expect(at[0]).toBeCloseTo(0.25);
  expect(fraction(phone.x + at[0] * phone.width, phone.y + at[1] * phone.height, phone)[0]).toBeCloseTo(0.25);
  expect(fraction(-10, 0, desk)).toEqual([0, 0]);
  expect(moved(at, [0.2501, 0.5])).toBe(false);
});
