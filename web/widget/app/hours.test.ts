import { expect, test } from "vitest";
import { city, minutes, moment, opening } from "./hours";

const at = (text: string) => Date.parse(text);
const micros = (text: string) => at(text) * 1000;
const plain = (text: string) => text.replace(/[\u202f\u00a0]/g, " ");

test.each([
  ["2026-11-27T09:30:00Z", "ko", "Asia/Seoul", "오후 6:30"],
  ["2026-11-27T09:30:00Z", "en", "Europe/Berlin", "10:30 AM"],
  ["2026-11-27T15:30:00Z", "ko", "Asia/Seoul", "11월 28일 (토) 오전 12:30"],
  ["2026-11-30T08:00:00Z", "en", "Europe/Berlin", "Mon, Nov 30, 9:00 AM"],
] as const)("%s in %s at %s is %s", (when, locale, zone, words) => {
  expect(plain(moment(at(when), at("2026-11-27T03:00:00Z"), locale, zone))).toBe(words);
});

test("the clock of the desk is told where it shows another time", () => {
  const told = opening(micros("2026-11-27T23:00:00Z"), at("2026-11-27T22:00:00Z"), "en", "America/New_York", "Asia/Seoul");
  expect(plain(told.here)).toBe("6:00 PM");
  expect(plain(told.there ?? "")).toBe("8:00 AM");
  const now = at("2026-11-27T22:00:00Z");
  expect(opening(micros("2026-11-27T23:00:00Z"), now, "en", "Asia/Tokyo", "Asia/Seoul").there).toBeUndefined();
  expect(opening(micros("2026-11-27T23:00:00Z"), now, "en", "Asia/Seoul", undefined).there).toBeUndefined();
});

test.each([[undefined, undefined], [0, 1], [60, 1], [61, 2], [599, 10]])("%s seconds are %s minutes", (seconds, whole) => {
  expect(minutes(seconds)).toBe(whole);
});

test("a zone is said by its city", () => {
  expect(city("America/New_York")).toBe("New York");
});
