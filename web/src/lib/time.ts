// Times as people read them. Pure: the present moment and the language are arguments, and the device's
// own time zone is used throughout.

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const formats = new Map<string, Intl.DateTimeFormat>();

function format(locale: string, key: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const id = `${locale} ${key}`;
  let found = formats.get(id);
  if (!found) formats.set(id, (found = new Intl.DateTimeFormat(locale, options)));
  return found;
}

/** Microseconds of an event to a Date. */
export const fromMicros = (atUs: number): Date => new Date(Math.floor(atUs / 1000));

/** How many midnights lie between the two; 0 is the same day, 1 is yesterday. */
export function daysBetween(then: Date, now: Date): number {
  const midnight = (d: Date) => Date.UTC(d.getFullYear(), d.getMonth(), d.getDate());
  return Math.round((midnight(now) - midnight(then)) / DAY);
}

/** Unicode's tables say AM and PM in Korean since version 48; people there say and write these. */
const koreanHalves = { am: "오전", pm: "오후" } as const;

function written(f: Intl.DateTimeFormat, t: Date, locale: string): string {
  if (locale !== "ko") return f.format(t);
  const half = t.getHours() < 12 ? koreanHalves.am : koreanHalves.pm;
  return f.formatToParts(t).map((part) => (part.type === "dayPeriod" ? half : part.value)).join("");
}

/** The short forms of a list, by hand in the languages of the house: the first of the browser's formats takes a slow
 *  phone a tenth of a second, and a list of chats stands before it. */
type Short = { clock: (t: Date) => string; day: (t: Date) => string; date: (t: Date) => string; days: readonly [today: string, yesterday: string] };

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const hour = (t: Date): string => `${t.getHours() % 12 || 12}:${String(t.getMinutes()).padStart(2, "0")}`;
const isMorning = (t: Date): boolean => t.getHours() < 12;

const shorts: Readonly<Record<string, Short>> = {
  en: {
    clock: (t) => `${hour(t)}\u202f${isMorning(t) ? "AM" : "PM"}`,
    day: (t) => `${months[t.getMonth()]} ${t.getDate()}`,
    date: (t) => `${t.getMonth() + 1}/${t.getDate()}/${t.getFullYear()}`,
    days: ["Today", "Yesterday"],
  },
  ko: {
    clock: (t) => `${isMorning(t) ? koreanHalves.am : koreanHalves.pm} ${hour(t)}`,
    day: (t) => `${t.getMonth() + 1}월 ${t.getDate()}일`,
    date: (t) => `${t.getFullYear()}. ${t.getMonth() + 1}. ${t.getDate()}.`,
    days: ["오늘", "어제"],
  },
};

const byBrowser = (locale: string): Short => ({
  clock: (t) => format(locale, "clock", { hour: "numeric", minute: "2-digit" }).format(t),
  day: (t) => format(locale, "day", { month: "short", day: "numeric" }).format(t),
  date: (t) => format(locale, "date", { year: "numeric", month: "numeric", day: "numeric" }).format(t),
  days: [relativeDay(0, locale), relativeDay(-1, locale)],
});

const shortOf = (locale: string): Short => shorts[locale] ?? byBrowser(locale);

/** 오후 2:14, 2:14 PM. */
export const clock = (t: Date, locale: string): string => shortOf(locale).clock(t);

/** For a list of chats: a clock today, a weekday's name this week, else a date. */
export function listTime(t: Date, now: Date, locale: string): string {
  const days = daysBetween(t, now);
  const short = shortOf(locale);
  if (days <= 0) return short.clock(t);
  if (days === 1) return short.days[1];
  return t.getFullYear() === now.getFullYear() ? short.day(t) : short.date(t);
}

/** For the line between two days of a conversation. */
export function dayHeading(t: Date, now: Date, locale: string): string {
  const days = daysBetween(t, now);
  if (days === 0 || days === 1) return shortOf(locale).days[days];
  const year = t.getFullYear() === now.getFullYear() ? {} : ({ year: "numeric" } as const);
  return format(locale, `heading ${days > 0 && "year" in year}`, { ...year, month: "long", day: "numeric", weekday: "long" }).format(t);
}

/** 방금, 5분 전, 어제 … never more exact than a reader cares about. */
export function relative(t: Date, now: Date, locale: string): string {
  const words = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  const past = now.getTime() - t.getTime();
  if (Math.abs(past) < MINUTE) return words.format(0, "second");
  if (Math.abs(past) < HOUR) return words.format(-Math.trunc(past / MINUTE), "minute");
  const days = daysBetween(t, now);
  if (days === 0) return words.format(-Math.trunc(past / HOUR), "hour");
  if (Math.abs(days) < 7) return words.format(-days, "day");
  return listTime(t, now, locale);
}

/** Everything, for a tooltip and for screen readers. */
export const fullTime = (t: Date, locale: string): string =>
  written(format(locale, "full", { dateStyle: "full", timeStyle: "short" }), t, locale);

/** The days of the week with their short names, from Sunday (0). */
export const weekdays = (locale: string): { day: number; short: string }[] =>
  // The 1st of November 2026 is a Sunday.
  [0, 1, 2, 3, 4, 5, 6].map((day) => ({ day, short: format(locale, "weekday", { weekday: "short" }).format(new Date(2026, 10, 1 + day)) }));

/** Milliseconds until the relative words may change. */
export const nextTick = (t: Date, now: Date): number => (Math.abs(now.getTime() - t.getTime()) < HOUR ? MINUTE : HOUR);

function relativeDay(days: number, locale: string): string {
  const text = new Intl.RelativeTimeFormat(locale, { numeric: "auto" }).format(days, "day");
  return text.charAt(0).toLocaleUpperCase(locale) + text.slice(1);
}
