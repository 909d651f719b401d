import { expect, test } from "vitest";
import { fieldsIn, moment, placeOf } from "./clocks";
import { never, nthOf, repeatOf, ruleOf, weekdayOf, type Repeat } from "./repeat";

const dayIn = (at: Date) => fieldsIn(at, "Asia/Seoul").date;

test.each<[Partial<Repeat>, string | undefined]>([
  [{ every: "never" }, undefined],
  [{ every: "day", ends: "count", count: 5 }, "FREQ=DAILY;COUNT=5"],
  [{ every: "weekdays" }, "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"],
  [{ every: "week", days: ["WE", "MO"] }, "FREQ=WEEKLY;BYDAY=MO,WE"],
  [{ every: "week" }, "FREQ=WEEKLY;BYDAY=TU"],
  [{ every: "fortnight", ends: "date", until: "2026-12-31" }, "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU;UNTIL=20261231"],
  [{ every: "date" }, "FREQ=MONTHLY;BYMONTHDAY=1"],
  [{ every: "nth" }, "FREQ=MONTHLY;BYDAY=1TU"],
  [{ every: "other", rule: "FREQ=DAILY;INTERVAL=3;COUNT=4", ends: "count", count: 6 }, "FREQ=DAILY;INTERVAL=3;COUNT=6"],
])("what is chosen becomes a rule: %o", (chosen, rule) => {
  expect(ruleOf({ ...never(), ...chosen }, "2026-12-01")).toBe(rule);
});

test.each([
  [undefined, { every: "never" }],
  ["FREQ=WEEKLY;BYDAY=MO,WE;COUNT=3", { every: "week", days: ["MO", "WE"], ends: "count", count: 3 }],
  ["FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", { every: "weekdays" }],
  // The last moment of the 31st in Seoul.
  ["FREQ=DAILY;UNTIL=20261231T145959Z", { every: "day", ends: "date", until: "2026-12-31" }],
  ["FREQ=MONTHLY;BYDAY=-1FR", { every: "nth" }],
  ["FREQ=MONTHLY;BYMONTHDAY=15", { every: "date" }],
  ["FREQ=DAILY;INTERVAL=3", { every: "other", rule: "FREQ=DAILY;INTERVAL=3" }],
])("a rule is shown as it was chosen: %s", (rule, shown) => {
  expect(repeatOf(rule, dayIn)).toMatchObject(shown);
});

test("dates have their weekday and their place in the month", () => {
  expect([weekdayOf("2026-12-01"), weekdayOf("2026-12-06")]).toEqual(["TU", "SU"]);
  expect([nthOf("2026-12-01"), nthOf("2026-12-22"), nthOf("2026-12-29")]).toEqual([1, 4, -1]);
});

test("a time on the clock of a zone is one moment, also when that clock changes", () => {
  expect(moment("2026-12-01T09:00:00", "Asia/Seoul").toISOString()).toBe("2026-12-01T00:00:00.000Z");
  expect(moment("2026-07-01T09:00:00", "Europe/Berlin").toISOString()).toBe("2026-07-01T07:00:00.000Z");
  expect(moment("2027-03-28T02:30:00", "Europe/Berlin").toISOString()).toBe("2027-03-28T01:30:00.000Z");
  expect(moment("2027-10-31T02:30:00", "Europe/Berlin").toISOString()).toBe("2027-10-31T00:30:00.000Z");
  expect(fieldsIn(new Date("2026-12-01T23:30:00Z"), "Asia/Seoul")).toEqual({ date: "2026-12-02", time: "08:30" });
  expect(placeOf("America/Argentina/Buenos_Aires")).toBe("Buenos Aires");
});
