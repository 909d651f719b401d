import { expect, test } from "vitest";
import { paneCount, visiblePanes } from "./panes";

test("panes follow the width at the reader's text size", () => {
  expect([360, 699, 700, 1099, 1100, 2000].map((w) => paneCount(w, 16))).toEqual([1, 1, 2, 2, 3, 3]);
  expect(paneCount(1280, 32)).toBe(1);
  expect(paneCount(1280, 0)).toBe(3);
});

test("a phone shows the deepest step, a desktop all of them", () => {
  expect(visiblePanes(1, { main: false, side: false })).toEqual(["list"]);
  expect(visiblePanes(1, { main: true, side: true })).toEqual(["side"]);
  expect(visiblePanes(2, { main: false, side: false })).toEqual(["list", "main"]);
  expect(visiblePanes(2, { main: true, side: true })).toEqual(["list", "side"]);
  expect(visiblePanes(3, { main: true, side: false })).toEqual(["list", "main"]);
  expect(visiblePanes(3, { main: true, side: true })).toEqual(["list", "main", "side"]);
});
