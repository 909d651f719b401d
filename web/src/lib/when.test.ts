import { expect, test } from "vitest";
import { choices, dateField, fromFields, spoken, timeField } from "./when";

/** A Wednesday, 22:10. */
const now = new Date(2026, 10, 25, 22, 10, 30);

test("the choices are twenty minutes, an hour, tomorrow at nine and Monday at nine", () => {
  expect(choices(now).map(({ name, at }) => [name, dateField(at), timeField(at)])).toEqual([
    ["minutes", "2026-11-25", "22:30"],
    ["hour", "2026-11-25", "23:10"],
    ["tomorrow", "2026-11-26", "09:00"],
    ["monday", "2026-11-30", "09:00"],
  ]);
  expect(choices(new Date(2026, 10, 29, 12)).map(({ name }) => name)).toEqual(["minutes", "hour", "tomorrow"]);
  expect(dateField(choices(new Date(2026, 10, 30, 12))[3]!.at)).toBe("2026-12-07");
});

test("two fields make a moment, or none", () => {
  expect(fromFields("2026-11-26", "09:05")).toEqual(new Date(2026, 10, 26, 9, 5));
  expect(fromFields("", "09:05")).toBeUndefined();
});

test("a time is understood in both languages", () => {
  const minutes = (text: string) => Math.round((spoken(text, now)!.getTime() - now.getTime()) / 60_000);
  expect([minutes("20m"), minutes("20분"), minutes("2h"), minutes("2시간")]).toEqual([20, 20, 120, 120]);
  for (const word of ["tomorrow", "내일", "1d"]) expect(spoken(word, now)).toEqual(new Date(2026, 10, 26, 9));
  expect(spoken("23:00", now)).toEqual(new Date(2026, 10, 25, 23));
  expect(spoken("9:30", now)).toEqual(new Date(2026, 10, 26, 9, 30));
  for (const word of ["", "soon", "25:00", "20x"]) expect(spoken(word, now)).toBeUndefined();
});
