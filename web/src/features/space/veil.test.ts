import { expect, test } from "vitest";
import type { Line } from "./lines";
import { firstOf, followed, grown, paced, shed } from "./veil";

const message = (seq: number): Line => ({ kind: "message", key: `k${seq}`, shown: { key: `k${seq}`, row: { seq } }, mine: false, first: true, last: true }) as Line;
const lines = (from: number, to: number): Line[] => Array.from({ length: to - from }, (_, n) => message(from + n));

test("a screen full is made first, at the end or around a line", () => {
  const all = lines(0, 200);
  expect(firstOf(all, -1)).toEqual({ from: 188, to: 200 });
  expect(firstOf(all, 100)).toEqual({ from: 94, to: 106 });
  expect(firstOf(all, 2)).toEqual({ from: 0, to: 12 });
  expect(firstOf(all, 199)).toEqual({ from: 188, to: 200 });
  expect(firstOf(lines(0, 3), -1)).toEqual({ from: 0, to: 3 });
  expect(firstOf([], -1)).toEqual({ from: 0, to: 0 });
});

test("what stands in the page stays there when lines come before it, behind it, or go", () => {
  const standing = lines(50, 60);
  expect(followed(standing, lines(0, 100), false)).toEqual({ from: 50, to: 60 });
  expect(followed(standing, lines(40, 70), false)).toEqual({ from: 10, to: 20 });
  expect(followed(standing, lines(53, 100), false)).toEqual({ from: 0, to: 7 });
  expect(followed(standing, lines(0, 64), true)).toEqual({ from: 50, to: 64 });
  expect(followed(standing, lines(70, 100), false)).toBeNull();
});

test("more is made at the end that is asked for, never beyond what there is, and let go of in the same way", () => {
  const all = lines(0, 100);
  expect(grown({ from: 50, to: 60 }, all, "older", 6)).toEqual({ from: 44, to: 60 });
  expect(grown({ from: 2, to: 60 }, all, "older", 6)).toEqual({ from: 0, to: 60 });
  expect(grown({ from: 50, to: 98 }, all, "newer", 6)).toEqual({ from: 50, to: 100 });
  expect(grown({ from: 51, to: 60 }, all, "older", 2), "above by whole sheets").toEqual({ from: 48, to: 60 });
  expect(shed({ from: 44, to: 60 }, all, "older")).toEqual({ from: 48, to: 60 });
  expect(shed({ from: 44, to: 60 }, all, "newer")).toEqual({ from: 44, to: 56 });
  expect(grown({ from: 58, to: 60 }, all, "newer", -6)).toEqual({ from: 58, to: 58 });
});

test("a step makes as many lines as the device can make in time", () => {
  expect(paced(4, 12)).toBe(4);
  expect(paced(3, 3)).toBe(4);
  expect(paced(4, 3)).toBe(4);
  expect(paced(4, 40)).toBe(2);
  expect(paced(1, 200)).toBe(1);
});
