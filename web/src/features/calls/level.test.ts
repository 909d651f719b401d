import { expect, test } from "vitest";
import { fallen, loudness } from "./level";

test("silence is nothing, and a loud voice fills the meter without running over", () => {
  expect(loudness(new Float32Array(128))).toBe(0);
  expect(loudness(new Float32Array(128).fill(0.1))).toBeCloseTo(0.4);
  expect(loudness(new Float32Array(128).fill(0.9))).toBe(1);
});

test("the needle rises at once and falls slowly", () => {
  expect(fallen(0.1, 0.8)).toBe(0.8);
  expect(fallen(0.8, 0)).toBeGreaterThan(0.5);
});
