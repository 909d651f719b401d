import { expect, test } from "vitest";
import { clock, dayHeading, daysBetween, fromMicros, fullTime, listTime, nextTick, relative, weekdays } from "./time";

// Local times throughout, so that the tests say the same in every time zone.
const now = new Date(2026, 10, 22, 14, 14, 30);
const plain = (text: string) => text.replace(/[\u202f\u00a0]/g, " ");

test("a chat list shows a clock today, a word for yesterday, then dates", () => {
  expect(listTime(new Date(2026, 10, 22, 9, 5), now, "ko")).toBe("오전 9:05");
  expect(plain(listTime(new Date(2026, 10, 22, 9, 5), now, "en"))).toBe("9:05 AM");
  expect(listTime(new Date(2026, 10, 21, 23, 59), now, "ko")).toBe("어제");
  expect(listTime(new Date(2026, 10, 21, 0, 1), now, "en")).toBe("Yesterday");
  expect(listTime(new Date(2026, 2, 3), now, "ko")).toBe("3월 3일");
  expect(listTime(new Date(2025, 2, 3), now, "ko")).toBe("2025. 3. 3.");
});

test("what is written by hand is what the browser would write", () => {
  const written = (locale: string, options: Intl.DateTimeFormatOptions) => (t: Date) => plain(new Intl.DateTimeFormat(locale, options).format(t));
  const korean = (text: string) => text.replace("AM", "오전").replace("PM", "오후");
  for (let n = 0; n < 48; n++) {
    const today = new Date(2026, 10, 22, n / 2, n % 2 ? 7 : 52);
    const early = new Date(2026, n / 5, 1 + (n % 28), n / 2);
    const before = new Date(1990 + n / 2, n / 5, 1 + (n % 28));
    for (const locale of ["en", "ko"]) {
      const told = written(locale, { hour: "numeric", minute: "2-digit" })(today);
      expect(plain(clock(today, locale))).toBe(locale === "ko" ? korean(told) : told);
      expect(listTime(early, now, locale)).toBe(written(locale, { month: "short", day: "numeric" })(early));
      expect(listTime(before, now, locale)).toBe(written(locale, { year: "numeric", month: "numeric", day: "numeric" })(before));
    }
  }
  expect(listTime(now, now, "de")).toBe("14:14");
  expect(dayHeading(new Date(2026, 10, 21), now, "de")).toBe("Gestern");
});

test("a day heading names today and yesterday, else the weekday", () => {
  expect(dayHeading(now, now, "ko")).toBe("오늘");
  expect(dayHeading(new Date(2026, 10, 21), now, "en")).toBe("Yesterday");
  expect(dayHeading(new Date(2026, 10, 15), now, "ko")).toBe("11월 15일 일요일");
  expect(dayHeading(new Date(2025, 10, 15), now, "ko")).toBe("2025년 11월 15일 토요일");
});

test("relative words grow coarser with distance", () => {
  const ago = (ms: number) => relative(new Date(now.getTime() - ms), now, "ko");
  expect(ago(20_000)).toBe("지금");
  expect(ago(5 * 60_000)).toBe("5분 전");
  expect(ago(3 * 3_600_000)).toBe("3시간 전");
  expect(ago(24 * 3_600_000)).toBe("어제");
  expect(ago(5 * 24 * 3_600_000)).toBe("5일 전");
  expect(ago(40 * 24 * 3_600_000)).toBe("10월 13일");
  expect(relative(new Date(now.getTime() + 10 * 60_000), now, "en")).toBe("in 10 minutes");
});

test("midnights are counted, not hours", () => {
  expect(daysBetween(new Date(2026, 10, 21, 23, 59), new Date(2026, 10, 22, 0, 1))).toBe(1);
  expect(daysBetween(new Date(2026, 10, 22, 0, 1), new Date(2026, 10, 22, 23, 59))).toBe(0);
});

test("an event's microseconds become a date", () => {
  expect(fromMicros(1_795_000_000_123_456).getTime()).toBe(1_795_000_000_123);
});

test("the full form and the clock say the day and the hour", () => {
  expect(clock(now, "ko")).toBe("오후 2:14");
  expect(fullTime(now, "ko")).toBe("2026년 11월 22일 일요일 오후 2:14");
});

test("a week has its days in the reader's language, from Sunday", () => {
  expect(weekdays("ko").map(({ short }) => short)).toEqual(["일", "월", "화", "수", "목", "금", "토"]);
  expect(weekdays("en").map(({ day }) => day)).toEqual([0, 1, 2, 3, 4, 5, 6]);
});

test("relative words are refreshed each minute in the first hour", () => {
  expect(nextTick(now, now)).toBe(60_000);
  expect(nextTick(new Date(2026, 10, 22, 1), now)).toBe(3_600_000);
});
