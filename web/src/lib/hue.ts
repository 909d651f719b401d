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

/** The first letter as a reader sees it: a whole Hangul syllable, a whole emoji. */
export function initial(name: string): string {
  const trimmed = name.trim();
  if (!trimmed) return "?";
  const first = new Intl.Segmenter(undefined, { granularity: "grapheme" }).segment(trimmed)[Symbol.iterator]().next();
  return first.done ? "?" : first.value.segment.toLocaleUpperCase();
}
