// What a report shows, worked out of what the server adds up. Pure: the language is an argument.
import type { Figures, Share, Spread } from "../../../engine/wire-desk";

const SECOND = 1_000_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const units = new Map<string, Intl.NumberFormat>();

function counted(count: number, unit: "second" | "minute" | "hour" | "day", locale: string, digits = 0): string {
  const key = `${locale} ${unit} ${digits}`;
  let format = units.get(key);
  if (!format) units.set(key, (format = new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "short", maximumFractionDigits: digits })));
  return format.format(count);
}

/** How long something took, in microseconds, as precise as anybody reads it: "4.2 sec", "3 min", "2 hr 10 min". */
export function lasted(us: number, locale: string): string {
  if (us < 10 * SECOND) return counted(us / SECOND, "second", locale, 1);
  const seconds = Math.round(us / SECOND);
  if (seconds < 60) return counted(seconds, "second", locale);
  const minutes = Math.round(us / MINUTE);
  if (minutes < 60) return counted(minutes, "minute", locale);
  if (us < 2 * DAY) return [counted(Math.floor(minutes / 60), "hour", locale), ...(minutes % 60 ? [counted(minutes % 60, "minute", locale)] : [])].join(" ");
  return counted(us / DAY, "day", locale, 1);
}

/** The middle one and nine of ten; nothing where there was none. */
export const spread = (of: Spread, locale: string): { median: string; most: string } | null => (of.count ? { median: lasted(of.median, locale), most: lasted(of.p90, locale) } : null);

/** The average of the stars, and how many gave some. */
export function rating({ stars }: Figures): { average: number; count: number } | null {
  const count = stars.reduce((sum, one) => sum + one, 0);
  return count ? { average: stars.reduce((sum, one, i) => sum + one * (i + 1), 0) / count, count } : null;
}

export const percent = ({ of, reached }: Share, locale: string): string | null => (of ? new Intl.NumberFormat(locale, { style: "percent" }).format(reached / of) : null);

/** Every day from the first to the last, those on which nothing came too. */
export function everyDay<T extends { day: string }>(days: readonly T[], from: Date, until: Date, empty: (day: string) => T): T[] {
  const known = new Map(days.map((one) => [one.day, one]));
  const all: T[] = [];
  for (const at = new Date(Date.UTC(from.getFullYear(), from.getMonth(), from.getDate())); at <= new Date(Date.UTC(until.getFullYear(), until.getMonth(), until.getDate())); at.setUTCDate(at.getUTCDate() + 1)) {
    const day = at.toISOString().slice(0, 10);
    all.push(known.get(day) ?? empty(day));
    known.delete(day);
  }
  // The desk's clock may be a day ahead of this device's, or behind.
  return [...all, ...known.values()].sort((a, b) => a.day.localeCompare(b.day));
}

/** From midnight so many days ago to the next, by this device's clock, in microseconds. */
export function stretch(days: number, now: Date): { from: Date; until: Date; query: { from: number; until: number } } {
  const from = new Date(now.getFullYear(), now.getMonth(), now.getDate() - days + 1);
  const until = new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1);
  return { from, until: now, query: { from: from.getTime() * 1_000, until: until.getTime() * 1_000 } };
}
