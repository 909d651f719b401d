// Opening hours as the form about them shows and checks them: a week of days with shifts, days that are otherwise,
// and what they mean for a moment. Pure. The server decides (crates/madang-model/src/hours); this says it while one
// is still choosing.
import type { Hours, OpenState, OtherDays, Shift, Weekly } from "../../../engine/wire-desk";
import { fieldsIn, moment } from "../../meetings/clocks";

/** Shifts by day of the week, from Sunday on. */
export type Week = Shift[][];

const MINUTE = 60_000;
const DAY_MINUTES = 24 * 60;
const DAY = DAY_MINUTES * MINUTE;
/** How far is looked: longer than any holiday. */
const FAR_DAYS = 400;

export const minutesOf = (time: string): number | undefined => {
  const found = /^([01]\d|2[0-4]):([0-5]\d)$/.exec(time);
  const minutes = found ? Number(found[1]) * 60 + Number(found[2]) : Infinity;
  return minutes <= DAY_MINUTES ? minutes : undefined;
};

/** In minutes of the day on which it begins; beyond 24 hours for what ends the day after. */
function spanOf({ from, to }: Shift): [number, number] | undefined {
  const begins = minutesOf(from);
  const ends = minutesOf(to);
  if (begins === undefined || ends === undefined || begins === DAY_MINUTES) return undefined;
  return [begins, ends > begins ? ends : ends + DAY_MINUTES];
}

/** Whether it goes on beyond midnight. */
export const overnight = (shift: Shift): boolean => (spanOf(shift)?.[1] ?? 0) > DAY_MINUTES;

export function weekOf(weekly: readonly Weekly[]): Week {
  const week: Week = [[], [], [], [], [], [], []];
  for (const { days, from, to } of weekly) for (const day of days) week[day]?.push({ from, to });
  return week.map(inOrder);
}

/** Days with the same shift stand together. */
export function weeklyOf(week: Week): Weekly[] {
  const found = new Map<string, Weekly>();
  week.forEach((shifts, day) => shifts.forEach(({ from, to }) => {
    const known = found.get(`${from}-${to}`);
    if (known) known.days.push(day);
    else found.set(`${from}-${to}`, { days: [day], from, to });
  }));
  return [...found.values()];
}

/** What is not filled in yet stands last. */
export const inOrder = (shifts: readonly Shift[]): Shift[] => [...shifts].sort((a, b) => (a.from || "99").localeCompare(b.from || "99"));

export type Fault = "time" | "overlap" | "dates" | "date";

/** What is wrong with the shifts of one day. */
export function faultOf(shifts: readonly Shift[]): Fault | undefined {
  const spans = shifts.map(spanOf);
  if (spans.some((span) => !span)) return "time";
  const sorted = (spans as [number, number][]).sort((a, b) => a[0] - b[0]);
  return sorted.some(([from], i) => i > 0 && from < (sorted[i - 1]?.[1] ?? 0)) ? "overlap" : undefined;
}

export function faultOfDays({ from, to, shifts = [] }: OtherDays): Fault | undefined {
  if (!/^\d{4}-\d\d-\d\d$/.test(from)) return "date";
  if (to && to < from) return "dates";
  return faultOf(shifts);
}

/** The next free part of a day, for one more shift. */
export function nextShift(shifts: readonly Shift[]): Shift {
  const last = inOrder(shifts).at(-1);
  if (!last) return { from: "09:00", to: "18:00" };
  const after = minutesOf(last.to) ?? 0;
  const two = (minutes: number) => `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
  return overnight(last) || after >= DAY_MINUTES - 60 ? { from: "", to: "" } : { from: two(after + 60), to: after + 240 > DAY_MINUTES ? "24:00" : two(after + 240) };
}

const dayNumber = (date: string): number => Math.round(Date.parse(`${date}T00:00Z`) / DAY);
const dateOf = (number: number): string => new Date(number * DAY).toISOString().slice(0, 10);

/** Whether days that are otherwise name this one; those of each year may go from one year into the next. */
function names({ from, to = from, yearly }: OtherDays, date: string): boolean {
  if (!yearly) return from <= date && date <= to;
  const first = from.slice(5);
  const last = to.slice(5);
  const day = date.slice(5);
  return from.slice(0, 4) === to.slice(0, 4) || first <= last ? first <= day && day <= last : day >= first || day <= last;
}

function shiftsOf(hours: Hours, week: Week, number: number): readonly Shift[] {
  const date = dateOf(number);
  const other = hours.others?.findLast((one) => names(one, date));
  return other ? (other.shifts ?? []) : (week[(number + 4) % 7] ?? []);
}

/** The moment at which the clock shows so many minutes of a day. */
function at(number: number, minutes: number, zone: string): number {
  const day = dateOf(number + Math.floor(minutes / DAY_MINUTES));
  const rest = minutes % DAY_MINUTES;
  return moment(`${day}T${String(Math.floor(rest / 60)).padStart(2, "0")}:${String(rest % 60).padStart(2, "0")}:00`, zone).getTime();
}

/** How it is at a moment, as the server says it of a desk. */
export function stateAt(hours: Hours, now: Date): OpenState {
  const week = weekOf(hours.week);
  const today = dayNumber(fieldsIn(now, hours.zone).date);
  let open: number | undefined;
  for (let number = today - 2; number < today + FAR_DAYS; number++) {
    // Something that will not come to an end within sight needs no clock to be asked for each day of a year.
    if (open !== undefined && number > today + 35) return { now: true };
    for (const shift of inOrder(shiftsOf(hours, week, number))) {
      const span = spanOf(shift);
      if (!span) continue;
      const [from, to] = [at(number, span[0], hours.zone), at(number, span[1], hours.zone)];
      if (open !== undefined && from > open) return { now: true, until: open * 1_000 };
      if (open !== undefined) open = Math.max(open, to);
      else if (from <= now.getTime() && now.getTime() < to) open = to;
      else if (from > now.getTime()) return { now: false, next: from * 1_000 };
    }
  }
  return open === undefined ? { now: false } : { now: true, until: open * 1_000 };
}
