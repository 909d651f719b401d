// Texts as they are compared, the same as in crates/madang-model/src/search/tokens.rs.

/** Compatibility-composed (Hangul in pieces becomes whole), lower case, Latin letters without their accents. */
export const fold = (text: string): string => text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").normalize("NFKC").toLowerCase();

/** A piece of an excerpt; `hit` is what was asked for. */
export interface Part { text: string; hit?: boolean }

const LONGEST = 160;
const BEFORE = 40;

/** The part of a text around the first word asked for, on one line, with the words marked. */
export function excerpt(text: string, words: readonly string[]): Part[] {
  const chars = [...text.normalize("NFC").trim().replace(/\s+/gu, " ")];
  const marks = marked(chars, words);
  const first = Math.max(0, marks.indexOf(true));
  const start = chars.length <= LONGEST ? 0 : Math.min(Math.max(0, first - BEFORE), chars.length - LONGEST);
  const end = Math.min(start + LONGEST, chars.length);
  const parts: Part[] = [];
  const push = (char: string, hit: boolean): void => {
    const last = parts.at(-1);
    if (last && !!last.hit === hit) last.text += char;
    else parts.push({ text: char, ...(hit && { hit }) });
  };
  if (start > 0) push("…", false);
  for (let n = start; n < end; n += 1) push(chars[n] ?? "", marks[n] ?? false);
  if (end < chars.length) push("…", false);
  return parts;
}

/** Characters are compared folded, one by one, so that places in the folded text are places in the shown one. */
function marked(chars: readonly string[], words: readonly string[]): boolean[] {
  let folded = "";
  const places: number[] = [];
  chars.forEach((char, n) => {
    const bare = fold(char);
    folded += bare;
    for (let i = 0; i < bare.length; i += 1) places.push(n);
  });
  const marks = chars.map(() => false);
  for (const word of words.map(fold).filter((it) => it.trim())) {
    for (let at = folded.indexOf(word); at >= 0; at = folded.indexOf(word, at + word.length)) {
      for (const place of places.slice(at, at + word.length)) marks[place] = true;
    }
  }
  return marks;
}
