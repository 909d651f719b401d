// Numbers as people read them in a badge: 7, 99+, 1.2K.

/** An unread count for a badge; empty when there is nothing to say. */
export function badgeCount(n: number, most = 99): string {
  if (!Number.isFinite(n) || n <= 0) return "";
  return n > most ? `${most}+` : String(Math.floor(n));
}

/** A number in the reader's own grouping: 12,345. */
export function whole(n: number, locale: string): string {
  return new Intl.NumberFormat(locale, { maximumFractionDigits: 0 }).format(n);
}

/** A size of a file: 0 B, 812 KB, 1.4 GB. Powers of 1,000, as phones and shops count. */
export function bytes(n: number, locale: string): string {
  const units = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"] as const;
  let step = 0;
  let value = Math.max(0, n);
  while (value >= 999.5 && step < units.length - 1) {
    value /= 1000;
    step += 1;
  }
  const unit = units[step] ?? "byte";
  return new Intl.NumberFormat(locale, {
    style: "unit",
    unit,
    unitDisplay: unit === "byte" ? "narrow" : "short",
    maximumFractionDigits: value < 10 && step > 0 ? 1 : 0,
  }).format(value);
}
