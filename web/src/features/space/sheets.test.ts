import { expect, test } from "vitest";
import type { Line } from "./lines";
import { sheetsOf } from "./sheets";

const message = (seq: number): Line => ({ kind: "message", key: `m${seq}`, shown: { key: `m${seq}`, row: { seq } }, mine: false, first: true, last: true }) as Line;
const day = (name: string): Line => ({ kind: "day", key: name, at: new Date(0) });
const told = (lines: Line[], end = 1_000) => sheetsOf(lines, end).map(({ id, lines }) => `${id}: ${lines.map(({ key }) => key).join(" ")}`);

test("a line stands in the same sheet whatever comes above it and below it", () => {
  const some = [message(40), message(47), message(48), message(49)];
  expect(told(some)).toEqual(["1: m40 m47", "2: m48 m49"]);
  expect(told([message(3), message(30), ...some, message(90)])).toEqual(["0: m3", "1: m30 m40 m47", "2: m48 m49", "3: m90"]);
});

test("a day goes with what follows it, and alone with what is there", () => {
  expect(told([message(47), day("d1"), message(48)])).toEqual(["1: m47", "2: d1 m48"]);
  expect(told([message(47), day("d1")])).toEqual(["1: m47 d1"]);
  expect(told([day("d1")])).toEqual(["0: d1"]);
});

test("no sheet stands twice, also where what was not sent yet, or what came late, has an earlier place", () => {
  expect(told([message(100), message(0), message(30), message(120)])).toEqual(["4: m100 m0 m30", "5: m120"]);
  expect(sheetsOf([], 0)).toEqual([]);
});

test("what is sent stays in its sheet when it has its place", () => {
  expect(told([message(47), message(0)], 47)).toEqual(["1: m47 m0"]);
  expect(told([message(47), message(48), message(90)], 47)).toEqual(["1: m47 m48 m90"]);
});
