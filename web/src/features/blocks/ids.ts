// Ids as Slack's clients know them, and ours: a letter and our number in base 36 (crates/madang-slack/src/id.rs), or
// 13 characters of Crockford's base 32. Pure.

const OURS = "0123456789abcdefghjkmnpqrstvwxyz";
const THEIRS = "0123456789abcdefghijklmnopqrstuvwxyz";
const LENGTH = 13;

const isOurs = (id: string): boolean => id.length === LENGTH && [...id].every((char) => OURS.includes(char));

/** Our id that one of these letters begins, in either way of writing; undefined for one of another house. */
export function ours(letters: string, id: string): string | undefined {
  if (isOurs(id)) return id;
  const digits = id.slice(1).toLowerCase();
  if (!letters.includes(id[0] ?? " ") || !/^(?:0|[1-9a-z][0-9a-z]{0,12})$/.test(digits) || id.slice(1) !== digits.toUpperCase()) return undefined;
  let number = 0n;
  for (const digit of digits) number = number * 36n + BigInt(THEIRS.indexOf(digit));
  if (number >= 1n << 63n) return undefined;
  let out = "";
  for (let n = 0; n < LENGTH; n++, number >>= 5n) out = OURS[Number(number & 31n)] + out;
  return out;
}

/** Our id as Slack's clients would write it. */
export function theirs(letter: string, id: string): string {
  if (!isOurs(id)) return id;
  let number = 0n;
  for (const char of id) number = (number << 5n) | BigInt(OURS.indexOf(char));
  return letter + number.toString(36).toUpperCase();
}

export const personOf = (id: string): string | undefined => ours("UW", id);
export const spaceOf = (id: string): string | undefined => ours("CDG", id);
export const fileOf = (id: string): string | undefined => ours("F", id);

/** A moment of the log, in microseconds, as the name of the message that it belongs to. */
export const stamp = (at: number): string => `${Math.floor(at / 1e6)}.${String(at % 1e6).padStart(6, "0")}`;
