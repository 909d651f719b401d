import { describe, expect, it } from "vitest";
import { byDay, clockOf, dayOf, monthAfter, weeks, windowOf } from "./days";
import { placeOf } from "./place";

const us = (text: string) => Date.parse(text) * 1000;

describe("times by day", () => {
  it("puts a time on the day that the guest's clock shows", () => {
    const start = us("2026-12-01T23:30:00Z");
    expect(dayOf(start, "Asia/Seoul")).toBe("2026-12-02");
    expect(dayOf(start, "America/New_York")).toBe("2026-12-01");
    const days = byDay([{ start, end: start + 1 }, { start: start + 1, end: start + 2 }], "Asia/Seoul");
    expect([...days].map(([day, times]) => [day, times.length])).toEqual([["2026-12-02", 2]]);
  });

  it("says times in words of both languages", () => {
    const noon = us("2026-12-01T03:00:00Z");
    expect(clockOf(noon, "Asia/Seoul", "ko")).toBe("오후 12:00");
    expect(clockOf(noon, "Asia/Seoul", "en")).toBe("12:00\u202fPM");
    expect(clockOf(us("2026-11-30T15:05:00Z"), "Asia/Seoul", "ko")).toBe("오전 12:05");
  });

  it("asks for a whole month on the clock of the zone, also when that changes within it", () => {
    expect(windowOf("2027-03", "Europe/Berlin")).toEqual({ from: us("2027-02-28T23:00:00Z"), to: us("2027-03-31T22:00:00Z") });
    expect(monthAfter("2026-12", 1)).toBe("2027-01");
    expect(monthAfter("2026-01", -1)).toBe("2025-12");
  });

  it("lays a month out in weeks from Sunday on", () => {
    const december = weeks("2026-12");
    expect(december[0]).toEqual([null, null, "2026-12-01", "2026-12-02", "2026-12-03", "2026-12-04", "2026-12-05"]);
    expect(december.flat().filter(Boolean)).toHaveLength(31);
    expect(december.every((week) => week.length === 7)).toBe(true);
  });
});

describe("the address of the page", () => {
  it("names a page, and a booking with its secret", () => {
    expect(placeOf("/b/abcdefghijkl")).toEqual({ key: "abcdefghijkl", secret: undefined });
    expect(placeOf("/b/abcdefghijkl/s-_1/")).toEqual({ key: "abcdefghijkl", secret: "s-_1" });
    expect(placeOf("/b/")).toBeUndefined();
    expect(placeOf("/b/a/b/c")).toBeUndefined();
  });
});
