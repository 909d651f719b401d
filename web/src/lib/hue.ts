// The colour and the letter that stand for somebody without a photo. The same id has the same colour
// on every device, so the hash below must never change.

/** FNV-1a over the UTF-8 bytes, 32 bit: small, even, and the same in every language. */
export function hash(id: string): number {
  let h = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(id)) h = Math.imul(h ^ byte, 0x01000193);
  return h >>> 0;
}

/** One of twelve hues in degrees, 30 apart, from 15. */
export function hue(id: string): number {
  return 15 + 30 * (hash(id) % 12);
}

/** A Latin letter, a digit, a whole Hangul syllable or an ideograph that nothing behind it can become one letter with. */
const PLAIN = /^[0-9A-Za-z\u00C0-\u024F\u4E00-\u9FFF\uAC00-\uD7A3](?=$|[\u0020-\u007E\u00A0-\u024F\u4E00-\u9FFF\uAC00-\uD7A3])/;

/** The first letter as a reader sees it: a whole Hangul syllable, a whole emoji. */
export function initial(name: string): string {
  const trimmed = name.trim();
  if (!trimmed) return "?";
  // The browser's tables of letters take a slow phone a tenth of a second to read: most names do without.
  const plain = PLAIN.exec(trimmed)?.[0];
  if (plain) return plain.toUpperCase();
  const first = new Intl.Segmenter(undefined, { granularity: "grapheme" }).segment(trimmed)[Symbol.iterator]().next();
  return first.done ? "?" : first.value.segment.toLocaleUpperCase();
}
