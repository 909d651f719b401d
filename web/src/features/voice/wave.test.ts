import { expect, test } from "vitest";
import { minutes, peaksOf } from "./wave";

test("each bar is the loudest of its stretch, and the loudest of all is one", () => {
  expect(peaksOf(new Float32Array([0, 0.25, -0.5, 0.1, 0, 0]), 3)).toEqual([0.5, 1, 0]);
});

test("silence stays silent, and fewer samples than bars are no fault", () => {
  expect(peaksOf(new Float32Array(100), 4)).toEqual([0, 0, 0, 0]);
  expect(peaksOf(new Float32Array([0.5]), 3)).toHaveLength(3);
});

test("a length is told in minutes and seconds", () => {
  expect([minutes(0), minutes(65.9), minutes(600)]).toEqual(["0:00", "1:05", "10:00"]);
});
