// Whether a desk is open and until when, in words, on the clock of the reader.
import type { OpenState } from "../../engine/wire-desk";
import { m } from "../../lib/i18n.svelte";
import { clock, dayHeading, daysBetween } from "../../lib/time";

function when(us: number, locale: string, now: Date): string {
  const at = new Date(us / 1_000);
  return daysBetween(at, now) === 0 ? clock(at, locale) : `${dayHeading(at, now, locale)} ${clock(at, locale)}`;
}

export function openWords({ now, until, next }: OpenState, locale: string, at = new Date()): string {
  if (now) return until === undefined ? m.desk_open_always() : m.desk_open_until({ time: when(until, locale, at) });
  return next === undefined ? m.desk_closed_for_good() : m.desk_opens_at({ time: when(next, locale, at) });
}
