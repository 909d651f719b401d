// Dates as apps ask for them: `{date_short} at {time}`, on the clock and in the language of who reads. Pure.

/** docs.slack.dev, "Formatting text for app surfaces", date formatting. */
const FORMS: Record<string, Intl.DateTimeFormatOptions> = {
  date: { year: "numeric", month: "long", day: "numeric" },
  date_short: { year: "numeric", month: "short", day: "numeric" },
  date_long: { year: "numeric", month: "long", day: "numeric", weekday: "long" },
  time: { hour: "numeric", minute: "2-digit" },
  time_secs: { hour: "numeric", minute: "2-digit", second: "2-digit" },
};

const MINUTE = 60;
const UNITS = [["year", 365 * 24 * 60 * MINUTE], ["month", 30 * 24 * 60 * MINUTE], ["day", 24 * 60 * MINUTE], ["hour", 60 * MINUTE], ["minute", MINUTE]] as const;

const midnight = (date: Date): number => Date.UTC(date.getFullYear(), date.getMonth(), date.getDate());

function written(token: string, date: Date, now: Date, locale: string): string | undefined {
  const pretty = token.replace(/_pretty$/, "");
  if (token === "date_num") return `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, "0")}-${String(date.getDate()).padStart(2, "0")}`;
  if (token === "ago") {
    const seconds = Math.round((date.getTime() - now.getTime()) / 1000);
    const [unit, size] = UNITS.find((one) => Math.abs(seconds) >= one[1]) ?? (["second", 1] as const);
    return new Intl.RelativeTimeFormat(locale, { numeric: "auto" }).format(Math.trunc(seconds / size), unit);
  }
  if (pretty !== token) {
    const days = (midnight(date) - midnight(now)) / 86_400_000;
    if (Math.abs(days) <= 1) return new Intl.RelativeTimeFormat(locale, { numeric: "auto" }).format(days, "day");
  }
  const form = FORMS[pretty === "day_divider" ? "date_long" : pretty];
  return form && new Intl.DateTimeFormat(locale, form).format(date);
}

/** `at` in seconds since 1970. What is no date shows its fallback. */
export function dated(at: number, format: string, now: Date, locale: string, fallback = ""): string {
  const date = new Date(at * 1000);
  if (!Number.isFinite(at) || Number.isNaN(date.getTime())) return fallback;
  return format.replace(/\{(\w+)\}/g, (whole, token: string) => written(token, date, now, locale) ?? whole) || fallback;
}
