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

/** A size of a file: 131 B, 812 KB, 1.4 GB. Powers of 1,000, as phones and shops count. Number and sign stay in one
 *  line. The signs are the same in every language that we speak; Intl would write "131byte" in Korean. */
export function bytes(n: number, locale: string): string {
  const signs = ["B", "KB", "MB", "GB", "TB"];
  let step = 0;
  let value = Math.max(0, n);
  while (value >= 999.5 && step < signs.length - 1) {
    value /= 1000;
    step += 1;
  }
  const number = new Intl.NumberFormat(locale, { maximumFractionDigits: value < 10 && step > 0 ? 1 : 0 }).format(value);
  return `${number}\u00a0${signs[step]}`;
}
