// Times to choose from, by day on the clock of a zone. Pure; the rules of zones are the browser's.
import { fieldsIn, moment } from "../src/features/meetings/clocks";
import type { FreeTime } from "../src/engine/wire-booking";

export type Days = ReadonlyMap<string, readonly FreeTime[]>;

const DAY = 86_400_000;
const at = (us: number) => new Date(us / 1000);

/** `2026-12-01`, on the clock of a zone. */
export const dayOf = (us: number, zone: string): string => fieldsIn(at(us), zone).date;

/** Times by day, days in order. */
export function byDay(times: readonly FreeTime[], zone: string): Days {
  const days = new Map<string, FreeTime[]>();
  for (const time of times) {
    const day = dayOf(time.start, zone);
    const list = days.get(day);
    if (list) list.push(time);
    else days.set(day, [time]);
  }
  return days;
}

const number = (month: string): [year: number, month: number] => [Number(month.slice(0, 4)), Number(month.slice(5, 7)) - 1];

/** The month so many after one: `2026-12` and 1 is `2027-01`. */
export function monthAfter(month: string, by: number): string {
  const [year, index] = number(month);
  return new Date(Date.UTC(year, index + by, 1)).toISOString().slice(0, 7);
}

/** A month as weeks from Sunday on; nothing where a week reaches into another month. */
export function weeks(month: string): (string | null)[][] {
  const [year, index] = number(month);
  const first = new Date(Date.UTC(year, index, 1)).getUTCDay();
  const count = new Date(Date.UTC(year, index + 1, 0)).getUTCDate();
  const cells: (string | null)[] = Array.from({ length: first }, () => null);
  for (let day = 1; day <= count; day += 1) cells.push(`${month}-${String(day).padStart(2, "0")}`);
  while (cells.length % 7) cells.push(null);
  return Array.from({ length: cells.length / 7 }, (_, week) => cells.slice(week * 7, week * 7 + 7));
}

/** When a month begins on the clock of a zone, and the one after it, in microseconds. */
export function windowOf(month: string, zone: string): { from: number; to: number } {
  const begins = (of: string) => moment(`${of}-01T00:00:00`, zone).getTime() * 1000;
  return { from: begins(month), to: begins(monthAfter(month, 1)) };
}

/** The last month in which something may be booked. */
export const lastMonth = (now: number, horizonDays: number, zone: string): string => dayOf((now + horizonDays * DAY) * 1000, zone).slice(0, 7);

/** A time of day on the clock of a zone, by hand: browsers differ in how they say noon in Korean. */
export function clockOf(us: number, zone: string, locale: string): string {
  const [hour = 0, minute = 0] = fieldsIn(at(us), zone).time.split(":").map(Number);
  const shown = `${hour % 12 || 12}:${String(minute).padStart(2, "0")}`;
  if (locale === "ko") return `${hour < 12 ? "오전" : "오후"} ${shown}`;
  return `${shown}\u202f${hour < 12 ? "AM" : "PM"}`;
}

/** A day in words: "Tuesday, December 1". */
export function dayWords(day: string, locale: string, year = false): string {
  const words = new Intl.DateTimeFormat(locale, { timeZone: "UTC", weekday: "long", month: "long", day: "numeric", ...(year && { year: "numeric" }) });
  return words.format(new Date(`${day}T00:00:00Z`));
}

export function monthWords(month: string, locale: string): string {
  return new Intl.DateTimeFormat(locale, { timeZone: "UTC", year: "numeric", month: "long" }).format(new Date(`${month}-01T00:00:00Z`));
}

/** The days of a week, short, from Sunday on. */
export function weekWords(locale: string): string[] {
  const words = new Intl.DateTimeFormat(locale, { timeZone: "UTC", weekday: "short" });
  // 4 January 1970 was a Sunday.
  return Array.from({ length: 7 }, (_, day) => words.format(new Date((3 + day) * DAY)));
}
