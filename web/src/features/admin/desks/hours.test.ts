import { describe, expect, it } from "vitest";
import type { Hours, Shift } from "../../../engine/wire-desk";
import { moment } from "../../meetings/clocks";
import { faultOf, faultOfDays, nextShift, overnight, stateAt, weekOf, weeklyOf } from "./hours";

const seoul = "Asia/Seoul";
const office: Hours = { zone: seoul, week: [{ days: [1, 2, 3, 4, 5], from: "09:00", to: "12:00" }, { days: [1, 2, 3, 4, 5], from: "13:00", to: "18:00" }] };

/** How it is when the clock of the desk shows a time: "open until 12:00", "opens Mon 09:00". */
function how(hours: Hours, local: string): string {
  const { now, until, next } = stateAt(hours, moment(`${local}:00`, hours.zone));
  const say = (us: number | undefined) => (us === undefined ? "" : new Intl.DateTimeFormat("sv-SE", { timeZone: hours.zone, dateStyle: "short", timeStyle: "short" }).format(new Date(us / 1_000)));
  return `${now ? "open" : "closed"} ${say(until ?? next)}`.trim();
}

describe("opening hours on the form", () => {
  it("keep a week through the form and back", () => {
    expect(weekOf(office.week)[1]).toEqual([{ from: "09:00", to: "12:00" }, { from: "13:00", to: "18:00" }]);
    expect(weeklyOf(weekOf(office.week))).toEqual(office.week);
    expect(weeklyOf(weekOf([]))).toEqual([]);
    expect(weekOf([{ days: [1], from: "", to: "" }, { days: [1], from: "09:00", to: "12:00" }])[1]?.map(({ from }) => from)).toEqual(["09:00", ""]);
  });

  // 2026-11-27 is a Friday.
  it.each<[string, Hours, string, string]>([
    ["in a shift", office, "2026-11-27T10:00", "open 2026-11-27 12:00"],
    ["at its first minute", office, "2026-11-27T09:00", "open 2026-11-27 12:00"],
    ["at its end", office, "2026-11-27T12:00", "closed 2026-11-27 13:00"],
    ["over the weekend", office, "2026-11-27T18:00", "closed 2026-11-30 09:00"],
    ["past midnight", { zone: seoul, week: [{ days: [5], from: "22:00", to: "02:00" }] }, "2026-11-28T01:59", "open 2026-11-28 02:00"],
    ["two shifts that meet are one", { zone: seoul, week: [{ days: [5], from: "20:00", to: "24:00" }, { days: [6], from: "00:00", to: "03:00" }] }, "2026-11-27T23:00", "open 2026-11-28 03:00"],
    ["round the clock", { zone: seoul, week: [{ days: [0, 1, 2, 3, 4, 5, 6], from: "00:00", to: "24:00" }] }, "2026-11-27T10:00", "open"],
    ["never", { zone: seoul, week: [] }, "2026-11-27T10:00", "closed"],
    ["a holiday is closed", { ...office, others: [{ from: "2026-11-27" }] }, "2026-11-27T10:00", "closed 2026-11-30 09:00"],
    ["a holiday of each year", { ...office, others: [{ from: "2020-12-25", yearly: true }] }, "2026-12-24T18:30", "closed 2026-12-28 09:00"],
    ["days into the new year", { ...office, others: [{ from: "2024-12-24", to: "2025-01-02", yearly: true }] }, "2026-12-28T10:00", "closed 2027-01-04 09:00"],
    ["a longer day", { ...office, others: [{ from: "2026-11-28", shifts: [{ from: "10:00", to: "14:00" }] }] }, "2026-11-27T20:00", "closed 2026-11-28 10:00"],
    ["the last that names a day holds", { ...office, others: [{ from: "2026-11-27" }, { from: "2026-11-27", shifts: [{ from: "10:00", to: "11:00" }] }] }, "2026-11-27T10:30", "open 2026-11-27 11:00"],
    ["a shift of a day goes on into a holiday", { zone: seoul, week: [{ days: [5], from: "22:00", to: "02:00" }], others: [{ from: "2026-11-28" }] }, "2026-11-28T01:00", "open 2026-11-28 02:00"],
    ["summer time begins", { zone: "Europe/Berlin", week: [{ days: [0, 1, 2, 3, 4, 5, 6], from: "09:00", to: "17:00" }] }, "2027-03-28T01:00", "closed 2027-03-28 09:00"],
  ])("%s", (_, hours, local, means) => expect(how(hours, local)).toBe(means));

  it.each<[Shift[], string | undefined]>([
    [[], undefined],
    [[{ from: "09:00", to: "12:00" }, { from: "12:00", to: "18:00" }], undefined],
    [[{ from: "09:00", to: "12:30" }, { from: "12:00", to: "18:00" }], "overlap"],
    [[{ from: "22:00", to: "02:00" }, { from: "23:00", to: "23:30" }], "overlap"],
    [[{ from: "", to: "12:00" }], "time"],
    [[{ from: "24:00", to: "12:00" }], "time"],
  ])("%j has the fault %s", (shifts, fault) => expect(faultOf(shifts)).toBe(fault));

  it("says what is wrong with other days", () => {
    expect(faultOfDays({ from: "" })).toBe("date");
    expect(faultOfDays({ from: "2026-12-24", to: "2026-12-23" })).toBe("dates");
    expect(faultOfDays({ from: "2026-12-24", to: "2026-12-26" })).toBeUndefined();
  });

  it("offers the next shift of a day", () => {
    expect(nextShift([])).toEqual({ from: "09:00", to: "18:00" });
    expect(nextShift([{ from: "09:00", to: "12:00" }])).toEqual({ from: "13:00", to: "16:00" });
    expect(nextShift([{ from: "18:00", to: "21:30" }])).toEqual({ from: "22:30", to: "24:00" });
    expect(nextShift([{ from: "22:00", to: "02:00" }])).toEqual({ from: "", to: "" });
    expect(overnight({ from: "22:00", to: "02:00" })).toBe(true);
    expect(overnight({ from: "22:00", to: "24:00" })).toBe(false);
  });
});
