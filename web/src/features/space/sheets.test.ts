import { expect, test } from "vitest";
import type { Line } from "./lines";
import { beginOf, sheetsOf } from "./sheets";

const message = (seq: number): Line => ({ kind: "message", key: `m${seq}`, shown: { key: `m${seq}`, row: { seq } }, mine: false, first: true, last: true }) as Line;
const day = (name: string): Line => ({ kind: "day", key: name, at: new Date(0) });
const told = (lines: Line[], end = 1_000) => sheetsOf(lines, end).map(({ id, lines }) => `${id}: ${lines.map(({ key }) => key).join(" ")}`);

test("a line stands in the same sheet whatever comes above it and below it", () => {
  const some = [message(40), message(41), message(44), message(45)];
  expect(told(some)).toEqual(["20: m40 m41", "22: m44 m45"]);
  expect(told([message(3), message(38), ...some, message(90)])).toEqual(["1: m3", "19: m38", "20: m40 m41", "22: m44 m45", "45: m90"]);
});

test("a day goes with what follows it, and alone with what is there", () => {
  expect(told([message(43), day("d1"), message(44)])).toEqual(["21: m43", "22: d1 m44"]);
  expect(told([message(43), day("d1")])).toEqual(["21: m43 d1"]);
  expect(told([day("d1")])).toEqual(["0: d1"]);
});

test("no sheet stands twice, also where what was not sent yet, or what came late, has an earlier place", () => {
  expect(told([message(100), message(0), message(30), message(120)])).toEqual(["50: m100 m0 m30", "60: m120"]);
  expect(sheetsOf([], 0)).toEqual([]);
});

test("what is sent stays in its sheet when it has its place", () => {
  expect(told([message(43), message(0)], 43)).toEqual(["21: m43 m0"]);
  expect(told([message(43), message(44), message(90)], 43)).toEqual(["21: m43 m44 m90"]);
});

test("above, lines come and go by whole sheets, a day with the sheet that follows it", () => {
  const lines = [message(39), day("d1"), message(40), message(41), message(43), message(44)];
  expect([0, 1, 2, 3, 4, 5].map((at) => beginOf(lines, at))).toEqual([0, 1, 1, 1, 4, 5]);
  expect(beginOf([], 0)).toBe(0);
  expect(beginOf(lines, lines.length)).toBe(lines.length);
});
