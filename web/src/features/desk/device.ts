// What time it is for the visitor, and where that clock goes. Pure. A zone that is none is not shown.

export function clockIn(zone: string, at: number, locale: string): { time: string; place: string } | undefined {
  try {
    const time = new Intl.DateTimeFormat(locale, { timeZone: zone, hour: "numeric", minute: "2-digit" }).format(at);
    const named = new Intl.DateTimeFormat(locale, { timeZone: zone, timeZoneName: "shortGeneric" }).formatToParts(at);
    return { time, place: named.find(({ type }) => type === "timeZoneName")?.value ?? zone };
  } catch {
    return undefined;
  }
}
