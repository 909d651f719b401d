// When a meeting is and how it repeats, in words, on the clock of this device.
import { m } from "../../lib/i18n.svelte";
import { clock, daysBetween, fullTime } from "../../lib/time";
import { placeOf } from "./clocks";
import { partsOf, WEEKDAYS, weekdayOf } from "./repeat";

/** Today, tomorrow, or a date with its weekday; then from when to when. */
export function whenWords(start: Date, end: Date, now: Date, locale: string): string {
  const days = daysBetween(now, start);
  const near = days === 0 || days === 1 ? new Intl.RelativeTimeFormat(locale, { numeric: "auto" }).format(days, "day") : "";
  const day = near
    ? near.charAt(0).toLocaleUpperCase(locale) + near.slice(1)
    : new Intl.DateTimeFormat(locale, { ...(start.getFullYear() !== now.getFullYear() && { year: "numeric" }), month: "short", day: "numeric", weekday: "short" }).format(start);
  const until = daysBetween(start, end) === 0 ? clock(end, locale) : fullTime(end, locale);
  return m.meeting_when({ day, from: clock(start, locale), until });
}

/** What the clock of whoever planned it shows, where it is another than this device's. */
export function elsewhere(local: string, zone: string, start: Date, locale: string): string {
  const here = `${String(start.getHours()).padStart(2, "0")}:${String(start.getMinutes()).padStart(2, "0")}`;
  if (local.slice(11, 16) === here && Number(local.slice(8, 10)) === start.getDate()) return "";
  const shown = new Date(`${local}Z`);
  const day = daysBetween(new Date(shown.getUTCFullYear(), shown.getUTCMonth(), shown.getUTCDate()), start) === 0 ? "" : `${new Intl.DateTimeFormat(locale, { weekday: "short", timeZone: "UTC" }).format(shown)} `;
  return m.meeting_zone({ time: day + clock(new Date(shown.getUTCFullYear(), 0, 1, shown.getUTCHours(), shown.getUTCMinutes()), locale), place: placeOf(zone) });
}

/** The name of a weekday. */
export const weekdayName = (day: (typeof WEEKDAYS)[number], locale: string, width: "long" | "short" = "long"): string =>
  // The 2nd of November 2026 is a Monday.
  new Intl.DateTimeFormat(locale, { weekday: width, timeZone: "UTC" }).format(new Date(Date.UTC(2026, 10, 2 + WEEKDAYS.indexOf(day))));

export const nthName = (nth: number): string => [m.meeting_nth_1, m.meeting_nth_2, m.meeting_nth_3, m.meeting_nth_4][nth - 1]?.() ?? m.meeting_nth_last();

/** How it repeats; empty for a single one. */
export function repeatWords(rule: string | undefined, start: string, locale: string): string {
  if (!rule) return "";
  const { freq, interval, days, nth, date, count, until } = partsOf(rule);
  const named = (days.length ? days : [weekdayOf(start.slice(0, 10))]).map((day) => weekdayName(day, locale)).join(", ");
  const every = everyWords(freq, interval, named, nth, date ?? Number(start.slice(8, 10)));
  if (count !== undefined) return m.meeting_repeat_count({ every, count });
  if (until) return m.meeting_repeat_until({ every, date: new Intl.DateTimeFormat(locale, { dateStyle: "medium" }).format(until) });
  return every;
}

function everyWords(freq: string, interval: number, days: string, nth: number | undefined, date: number): string {
  switch (freq) {
    case "DAILY":
      return interval === 1 ? m.meeting_every_day() : m.meeting_every_days({ count: interval });
    case "WEEKLY":
      return interval === 1 ? m.meeting_every_week({ days }) : m.meeting_every_weeks({ count: interval, days });
    case "MONTHLY": {
      const on = nth !== undefined ? m.meeting_on_nth({ nth: nthName(nth), day: days }) : date < 0 ? m.meeting_on_last() : m.meeting_on_date({ date });
      return interval === 1 ? m.meeting_every_month({ on }) : m.meeting_every_months({ count: interval, on });
    }
    default:
      return m.meeting_every_year();
  }
}
