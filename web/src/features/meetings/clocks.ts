// Clocks of other zones. Pure but for the zone of this device; the rules of zones are the browser's.

export const ownZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Every zone that the browser knows, and the one that is used already. */
export function zones(used: string): string[] {
  const known = Intl.supportedValuesOf?.("timeZone") ?? [];
  return [...new Set([...known, used, ownZone()])].sort();
}

/** The place that a zone is named after: `Seoul`. */
export const placeOf = (zone: string): string => (zone.split("/").pop() ?? zone).replaceAll("_", " ");

const formats = new Map<string, Intl.DateTimeFormat>();

function parts(at: Date, zone: string): Record<string, string> {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat("en-US", { timeZone: zone, hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit" });
    formats.set(zone, format);
  }
  return Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
}

/** A moment as date and time fields hold it, on the clock of a zone. */
export function fieldsIn(at: Date, zone: string): { date: string; time: string } {
  const { year, month, day, hour, minute } = parts(at, zone);
  return { date: `${year}-${month}-${day}`, time: `${hour}:${minute}` };
}

/** How far the clock of a zone is ahead of UTC at a moment, in milliseconds. */
function ahead(at: number, zone: string): number {
  const { year, month, day, hour, minute, second } = parts(new Date(at), zone);
  const shown = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
  return shown - Math.floor(at / 1000) * 1000;
}

/** The moment at which the clock of a zone shows `2026-12-01T09:00:00`. A time that it skips is read with the offset
    from before, one that it shows twice is the first: as the server does it (RFC 5545, 3.3.5). */
export function moment(local: string, zone: string): Date {
  const wall = Date.parse(`${local}Z`);
  const DAY = 86_400_000;
  const before = wall - ahead(wall - DAY, zone);
  const after = wall - ahead(wall + DAY, zone);
  const fits = (at: number) => at + ahead(at, zone) === wall;
  return new Date(fits(before) ? before : fits(after) ? after : before);
}
