// When a desk opens and how long one waits, in the visitor's words. Times are told on the visitor's own clock, and on
// that of the desk as well where the two differ. Pure: the present and both zones are arguments.
import type { Locale } from "../../src/lib/i18n.svelte";

const MINUTE = 60_000;

export interface Opening { here: string; /** On the clock of the desk, where it shows another time. */ there?: string }

/** A moment with its day, unless that is today: "9:00 AM", "Mon, Nov 30, 9:00 AM". */
export function moment(at: number, now: number, locale: Locale, zone: string): string {
  const day = (t: number): string => new Intl.DateTimeFormat("en-CA", { timeZone: zone, dateStyle: "short" }).format(t);
  const same = day(at) === day(now);
  const words = new Intl.DateTimeFormat(locale, { timeZone: zone, hour: "numeric", minute: "2-digit", ...(!same && { weekday: "short", month: "short", day: "numeric" }) });
  if (locale !== "ko") return words.format(at);
  const early = Number(new Intl.DateTimeFormat("en", { timeZone: zone, hour: "2-digit", hourCycle: "h23" }).format(at)) < 12;
  return words.formatToParts(at).map((part) => (part.type === "dayPeriod" ? (early ? "오전" : "오후") : part.value)).join("");
}

/** `next` is in microseconds. */
export function opening(next: number, now: number, locale: Locale, here: string, desk: string | undefined): Opening {
  const at = next / 1000;
  const mine = moment(at, now, locale, here);
  if (!desk || desk === here) return { here: mine };
  const theirs = moment(at, now, locale, desk);
  return theirs === mine ? { here: mine } : { here: mine, there: theirs };
}

/** Whole minutes that are not too few; nothing where the house does not know. */
export const minutes = (seconds: number | undefined): number | undefined => (seconds === undefined ? undefined : Math.max(1, Math.ceil((seconds * 1000) / MINUTE)));

/** "Seoul" of "Asia/Seoul". */
export const city = (zone: string): string => (zone.split("/").at(-1) ?? zone).replaceAll("_", " ");
