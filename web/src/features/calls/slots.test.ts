import { expect, test } from "vitest";
import type { TrackName } from "../../engine/wire";
import { assign, bound, gathered, mayStand, sameWants, step, type Sight } from "./slots";

const sight = (track: TrackName, priority = 1, height = 180): Sight => ({ track, height, priority });
const shown = (wants: ReturnType<typeof assign>) => wants.map(({ track }) => track);

test("the most important pictures get the places there are", () => {
  const wants = assign(["4", "5"], [], [sight("a/camera"), sight("b/camera", 3), sight("c/camera", 2)]);
  expect(shown(wants)).toEqual(["b/camera", "c/camera"]);
});

test("whoever stays in sight stays in their place, whatever the order", () => {
  const first = assign(["4", "5", "6"], [], [sight("a/camera"), sight("b/camera"), sight("c/camera")]);
  const then = assign(["4", "5", "6"], first, [sight("c/camera", 3), sight("d/screen", 2), sight("a/camera")]);
  expect(shown(then)).toEqual(["a/camera", "d/screen", "c/camera"]);
});

test("a place nobody needs is told so", () => {
  const first = assign(["4", "5"], [], [sight("a/camera"), sight("b/camera")]);
  expect(assign(["4", "5"], first, [sight("b/camera")])[0]).toEqual({ mid: "4", track: null, height: 0, priority: 0 });
});

test("a track shown twice is wanted once, as large and as important as the larger of its tiles", () => {
  expect(gathered([sight("a/camera", 1, 540), sight("a/camera", 3, 90), sight("b/camera")])).toEqual([sight("a/camera", 3, 540), sight("b/camera")]);
});

test("a window that grows by a pixel asks for nothing new", () => {
  expect(step(361)).toBe(step(362));
  const wants = (height: number) => assign(["4"], [], [sight("a/camera", 1, step(height))]);
  expect(sameWants(wants(361), wants(362))).toBe(true);
  expect(sameWants(wants(361), wants(720))).toBe(false);
});

test("what the server says of the places tells where each track comes in, and why one does not", () => {
  const wanted = assign(["4", "5", "6"], [], [sight("a/camera"), sight("b/camera"), sight("c/camera")]);
  const { at, why } = bound([{ mid: "4", track: "a/camera" }, { mid: "5", track: null, why: "bandwidth" }, { mid: "6", track: "c/camera", why: "muted" }], wanted);
  expect([...at]).toEqual([["a/camera", "4"]]);
  expect([...why]).toEqual([["b/camera", "bandwidth"], ["c/camera", "muted"]]);
});

test("a sealed picture stands under the name of whoever sealed it and under no other", () => {
  expect(mayStand("a/camera", "a")).toBe(true);
  expect(mayStand("a/screen", "a")).toBe(true);
  for (const other of ["b", "aa", "a/"]) expect(mayStand("a/camera", other), other).toBe(false);
  // Nothing was opened yet, so nothing is seen yet either; in a call that is not sealed nothing ever is.
  expect([mayStand("a/camera", undefined), mayStand("a/camera", null)]).toEqual([true, true]);
});
