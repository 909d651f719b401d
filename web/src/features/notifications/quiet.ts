// Quiet hours, and quiet once: when nobody wants to be disturbed. Pure. Kept in the person's settings as `quiet` and
// `quiet_until` (microseconds since 1970). The hours are counted on the clock of the device in hand, the zone goes along
// for those who have no such clock.

export interface Quiet {
  /** "22:00", on a 24 hour clock. */
  from: string;
  to: string;
  /** The days on which it begins, 0 is Sunday. What runs past midnight belongs to the day it began on. */
  days: number[];
  /** IANA name of the zone in which it was set. */
  zone: string;
}

export const usualQuiet = (zone: string): Quiet => ({ from: "22:00", to: "07:00", days: [0, 1, 2, 3, 4, 5, 6], zone });

const clock = /^([01]\d|2[0-3]):([0-5]\d)$/;
const DAY = 24 * 60;

/** Reads what the settings hold, whatever that is; null means no quiet hours. */
export function parseQuiet(value: unknown): Quiet | null {
  if (!value || typeof value !== "object") return null;
  const { from, to, days, zone } = value as Record<string, unknown>;
  if (typeof from !== "string" || typeof to !== "string" || !clock.test(from) || !clock.test(to) || !Array.isArray(days)) return null;
  return { from, to, days: days.filter((day): day is number => Number.isInteger(day) && day >= 0 && day < 7), zone: typeof zone === "string" ? zone : "" };
}

const minutes = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

/** Whether it is quiet at this moment on the device's clock. The same time twice means a whole day. */
export function isQuiet(quiet: Quiet | null, now: Date): boolean {
  if (!quiet) return false;
  const from = minutes(quiet.from);
  const lasts = (minutes(quiet.to) - from + DAY) % DAY || DAY;
  const at = now.getHours() * 60 + now.getMinutes();
  const today = now.getDay();
  const yesterday = (today + 6) % 7;
  return (quiet.days.includes(today) && at >= from && at < from + lasts) || (quiet.days.includes(yesterday) && at + DAY < from + lasts);
}

/** Until when it is quiet once; null when it is not. */
export function quietUntil(value: unknown, now: Date): Date | null {
  return typeof value === "number" && value / 1000 > now.getTime() ? new Date(value / 1000) : null;
}
