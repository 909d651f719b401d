import { expect, test } from "vitest";
import { isQuiet, parseQuiet, quietUntil, usualQuiet } from "./quiet";

/** November 2026: the 22nd is a Sunday. */
const on = (day: number, time: string): Date => new Date(2026, 10, day, Number(time.slice(0, 2)), Number(time.slice(3)));
const quiet = (from: string, to: string, days: number[]) => ({ from, to, days, zone: "Asia/Seoul" });
const every = [0, 1, 2, 3, 4, 5, 6];

const vectors = import.meta.glob<Case[]>("../../../../testing/vectors/quiet.json", { eager: true, import: "default" });
interface Case { what: string; quiet: unknown; wall: string; is: boolean }

test("quiet hours are what the vectors say, as on the server", () => {
  const cases = Object.values(vectors).flat();
  expect(cases.length).toBeGreaterThanOrEqual(15);
  for (const { what, quiet, wall, is } of cases) expect(isQuiet(parseQuiet(quiet), new Date(wall)), what).toBe(is);
});

test("a night runs past midnight and belongs to the day it began on", () => {
  const sunday = quiet("22:00", "07:00", [0]);
  expect(isQuiet(sunday, on(22, "21:59"))).toBe(false);
  expect(isQuiet(sunday, on(22, "22:00"))).toBe(true);
  expect(isQuiet(sunday, on(23, "06:59"))).toBe(true);
  expect(isQuiet(sunday, on(23, "07:00"))).toBe(false);
  expect(isQuiet(sunday, on(23, "23:00")), "Monday is not chosen").toBe(false);
  expect(isQuiet(sunday, on(22, "03:00")), "Saturday is not chosen").toBe(false);
});

test("hours within a day are quiet on the chosen days only", () => {
  const lunch = quiet("12:00", "13:00", [1, 2, 3, 4, 5]);
  expect(isQuiet(lunch, on(23, "12:30"))).toBe(true);
  expect(isQuiet(lunch, on(23, "13:00"))).toBe(false);
  expect(isQuiet(lunch, on(22, "12:30"))).toBe(false);
});

test("the same time twice is a whole day", () => {
  const sunday = quiet("09:00", "09:00", [0]);
  expect(isQuiet(sunday, on(22, "08:59"))).toBe(false);
  expect(isQuiet(sunday, on(22, "09:00"))).toBe(true);
  expect(isQuiet(sunday, on(23, "08:59"))).toBe(true);
  expect(isQuiet(sunday, on(23, "09:00"))).toBe(false);
});

test("without quiet hours, or without a day, it is never quiet", () => {
  expect(isQuiet(null, on(22, "03:00"))).toBe(false);
  expect(isQuiet(quiet("00:00", "00:00", []), on(22, "03:00"))).toBe(false);
});

test("settings that make no sense are no quiet hours", () => {
  for (const value of [undefined, null, "22:00", { from: "25:00", to: "07:00", days: every }, { from: "22:00", to: "7", days: every }, { from: "22:00", to: "07:00" }]) {
    expect(parseQuiet(value), JSON.stringify(value)).toBeNull();
  }
  expect(parseQuiet({ ...usualQuiet("Asia/Seoul"), days: [0, 9, "1", 6] })).toEqual({ from: "22:00", to: "07:00", days: [0, 6], zone: "Asia/Seoul" });
});

test("quiet once ends at its moment, and what makes no sense never began", () => {
  const now = on(22, "12:00");
  expect(quietUntil((now.getTime() + 60_000) * 1000, now)).toEqual(new Date(now.getTime() + 60_000));
  for (const value of [now.getTime() * 1000, (now.getTime() - 1) * 1000, "soon", null, undefined]) expect(quietUntil(value, now), String(value)).toBeNull();
});
