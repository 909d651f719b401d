// Moments ahead that people choose from. Pure: the present moment is an argument, and the clock is the device's.

export type Ahead = "minutes" | "hour" | "tomorrow" | "monday";
export interface Choice { name: Ahead; at: Date }

const MINUTE = 60_000;
/** When a day begins for those who want to be reminded tomorrow. */
const MORNING = 9;

/** A day so many days on, in the morning of the clock on the wall, also when the clocks change in between. */
export const morning = (now: Date, days: number): Date => new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, MORNING);

export function choices(now: Date): Choice[] {
  return [
    { name: "minutes", at: new Date(now.getTime() + 20 * MINUTE) },
    { name: "hour", at: new Date(now.getTime() + 60 * MINUTE) },
    { name: "tomorrow", at: morning(now, 1) },
    // The Monday after today; on a Sunday tomorrow is that already.
    ...(now.getDay() === 0 ? [] : [{ name: "monday" as const, at: morning(now, 8 - now.getDay()) }]),
  ];
}

const two = (n: number): string => String(n).padStart(2, "0");
/** As fields for a date and a time hold it. */
export const dateField = (t: Date): string => `${t.getFullYear()}-${two(t.getMonth() + 1)}-${two(t.getDate())}`;
export const timeField = (t: Date): string => `${two(t.getHours())}:${two(t.getMinutes())}`;

/** What two fields say; nothing while they say nothing. */
export function fromFields(date: string, time: string): Date | undefined {
  const at = new Date(`${date}T${time}`);
  return Number.isNaN(at.getTime()) ? undefined : at;
}

/** `20m`, `20분`, `2h`, `2시간`, `9:30`, `내일`, `tomorrow`: what stands before the words of a reminder. */
export function spoken(text: string, now: Date): Date | undefined {
  const after = /^(\d{1,3}) ?(m|min|minutes?|분|h|hours?|시간|d|days?|일)$/i.exec(text);
  if (after) {
    const count = Number(after[1]);
    const unit = after[2]?.toLowerCase() ?? "";
    if (unit.startsWith("m") || unit === "분") return new Date(now.getTime() + count * MINUTE);
    if (unit.startsWith("h") || unit === "시간") return new Date(now.getTime() + count * 60 * MINUTE);
    return morning(now, count);
  }
  const clock = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(text);
  if (clock) {
    const at = new Date(now.getFullYear(), now.getMonth(), now.getDate(), Number(clock[1]), Number(clock[2]));
    return at > now ? at : new Date(at.getFullYear(), at.getMonth(), at.getDate() + 1, at.getHours(), at.getMinutes());
  }
  return /^(tomorrow|내일)$/i.test(text) ? morning(now, 1) : undefined;
}
