// Classes of characters, written out so that both parsers agree to the letter.
// The same tables stand in crates/madang-model/src/text/chars.rs.

export const SPACES = " \\t\\v\\f\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const CJK = "\\u1100-\\u11ff\\u3040-\\u318f\\u31f0-\\u31ff\\u3400-\\u4dbf\\u4e00-\\u9fff\\ua960-\\ua97f"
  + "\\uac00-\\ud7ff\\uf900-\\ufaff\\uff66-\\uff9f\\u{20000}-\\u{3ffff}";
export const one = (set: string): ((char: string | undefined) => boolean) => {
  const pattern = new RegExp(`^[${set}]$`, "u");
  return (char) => char !== undefined && pattern.test(char);
};
export const isSpace = one(SPACES);
export const isCjk = one(CJK);
export const isAlnum = one("\\p{Alphabetic}\\p{N}");
const isMarkOnLetter = one("\\u0300-\\u036f");
export const isAsciiAlnum = one("0-9A-Za-z");
const opensAfter = one(SPACES + "(\\[{\"',:/|!?*_~");
export const hasSubstance = one("0-9A-Za-z\\u0080-\\u1fff\\u2070-\\u2fff\\u3040-\\u{10ffff}");
export const isBlank = (text: string): boolean => trimStart(text) === "";
export const isWord = (char: string | undefined): boolean => (isAlnum(char) || isMarkOnLetter(char)) && !isCjk(char);

export function trimStart(text: string): string {
  let at = 0;
  while (isSpace(text[at])) at++;
  return text.slice(at);
}

export function trimEnd(text: string, drop: (char: string | undefined) => boolean): string {
  let end = text.length;
  while (drop(text[end - 1])) end--;
  return text.slice(0, end);
}

/** The whole character at a place, also where it takes two units. */
export const charAt = (text: string, at: number): string | undefined => {
  const point = text.codePointAt(at);
  return point === undefined ? undefined : String.fromCodePoint(point);
};

export function countWhile(text: string, from: number, most: number, is: (char: string | undefined) => boolean): number {
  let n = 0;
  while (n < most && is(text[from + n])) n++;
  return n;
}

/** May a mark open with this character on its left? Of the three only `*` opens right after a CJK letter. */
export function mayOpenAfter(mark: string, before: string | undefined): boolean {
  if (before === undefined) return true;
  if (before <= "\x7f") return opensAfter(before);
  return isCjk(before) ? mark === "*" : !isWord(before);
}

export const isDigit = one("0-9");
