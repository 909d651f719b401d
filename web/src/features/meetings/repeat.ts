// How a meeting repeats: what a form offers, and the rule (RFC 5545) that the server keeps. Pure. A rule that the form
// does not offer, made by a program, is kept as it is.

/** From Monday on, as rules write them. */
export const WEEKDAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"] as const;
export type Weekday = (typeof WEEKDAYS)[number];
export type Every = "never" | "day" | "weekdays" | "week" | "fortnight" | "date" | "nth" | "other";

export interface Repeat {
  every: Every;
  /** Of a week. */
  days: Weekday[];
  ends: "never" | "date" | "count";
  /** The last day, as a date field holds it. */
  until: string;
  count: number;
  /** The rule that the form does not offer. */
  rule?: string;
}

export const never = (): Repeat => ({ every: "never", days: [], ends: "never", until: "", count: 10 });

/** The weekday of a date field's date, on whatever clock. */
export function weekdayOf(date: string): Weekday {
  const day = new Date(`${date}T00:00:00Z`).getUTCDay();
  return WEEKDAYS[(day + 6) % 7] ?? "MO";
}

/** Which of its weekday a date is in its month: 1 to 4, or -1 for the last. */
export function nthOf(date: string): number {
  const day = Number(date.slice(8, 10));
  const nth = Math.ceil(day / 7);
  return nth > 4 ? -1 : nth;
}

/** The rule of what was chosen, for a first meeting on this date; nothing for a single one. */
export function ruleOf(repeat: Repeat, date: string): string | undefined {
  const parts = frequency(repeat, date);
  if (!parts) return undefined;
  if (repeat.ends === "date" && repeat.until) return `${parts};UNTIL=${repeat.until.replaceAll("-", "")}`;
  if (repeat.ends === "count") return `${parts};COUNT=${repeat.count}`;
  return parts;
}

function frequency({ every, days, rule }: Repeat, date: string): string | undefined {
  const named = (days.length ? WEEKDAYS.filter((day) => days.includes(day)) : [weekdayOf(date)]).join(",");
  switch (every) {
    case "never":
      return undefined;
    case "day":
      return "FREQ=DAILY";
    case "weekdays":
      return "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR";
    case "week":
      return `FREQ=WEEKLY;BYDAY=${named}`;
    case "fortnight":
      return `FREQ=WEEKLY;INTERVAL=2;BYDAY=${named}`;
    case "date":
      return `FREQ=MONTHLY;BYMONTHDAY=${Number(date.slice(8, 10))}`;
    case "nth":
      return `FREQ=MONTHLY;BYDAY=${nthOf(date)}${weekdayOf(date)}`;
    case "other":
      return rule?.replace(/;(UNTIL|COUNT)=[^;]*/g, "");
  }
}

export interface Parts { freq: string; interval: number; days: Weekday[]; nth?: number; date?: number; count?: number; until?: Date }

/** What a rule says. */
export function partsOf(rule: string): Parts {
  const named = new Map(rule.split(";").map((part) => part.split("=") as [string, string]));
  const by = named.get("BYDAY") ?? "";
  const nth = /^(-?\d)([A-Z]{2})$/.exec(by);
  const until = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(named.get("UNTIL") ?? "");
  const days = (nth ? [nth[2]] : by.split(",")).filter((day): day is Weekday => WEEKDAYS.includes(day as Weekday));
  return {
    freq: named.get("FREQ") ?? "",
    interval: Number(named.get("INTERVAL") ?? 1),
    days,
    ...(nth && { nth: Number(nth[1]) }),
    ...(named.has("BYMONTHDAY") && { date: Number(named.get("BYMONTHDAY")) }),
    ...(named.has("COUNT") && { count: Number(named.get("COUNT")) }),
    ...(until && { until: new Date(Date.UTC(Number(until[1]), Number(until[2]) - 1, Number(until[3]), Number(until[4]), Number(until[5]), Number(until[6]))) }),
  };
}

/** What the form shows of a rule; `dayIn` gives the date of a moment on the clock of the meeting's zone. */
export function repeatOf(rule: string | undefined, dayIn: (at: Date) => string): Repeat {
  if (!rule) return never();
  const { freq, interval, days, nth, date, count, until } = partsOf(rule);
  const repeat: Repeat = { ...never(), ...(count !== undefined && { ends: "count", count }), ...(until && { ends: "date", until: dayIn(until) }) };
  if (freq === "DAILY" && interval === 1) return { ...repeat, every: "day" };
  if (freq === "WEEKLY" && interval === 1 && days.join() === "MO,TU,WE,TH,FR") return { ...repeat, every: "weekdays", days };
  if (freq === "WEEKLY" && interval <= 2) return { ...repeat, every: interval === 1 ? "week" : "fortnight", days };
  if (freq === "MONTHLY" && interval === 1 && nth !== undefined) return { ...repeat, every: "nth" };
  if (freq === "MONTHLY" && interval === 1 && date !== undefined && date > 0) return { ...repeat, every: "date" };
  return { ...repeat, every: "other", rule };
}
