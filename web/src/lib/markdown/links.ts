// Addresses in a text. Only http, https, mailto and tel become links; everything else stays text.

import { SPACES, charAt, countWhile, isAlnum, isAsciiAlnum, isCjk, isDigit, one, trimEnd } from "./chars";

const isForbidden = one(SPACES + "\\0-\\x1f\\x7f-\\x9f<>\"\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u2069\\ufeff");
const stopsBare = one("`|\\\\^{}\\u2018-\\u201f\\u2026\\u3001-\\u3020\\uff01-\\uff0f\\uff1a-\\uff20");
const isLocal = one("0-9A-Za-z._%+\\-");
const endsSentence = one(".,:;!?'*_~\\[\\](");

/** Where the address behind its scheme starts, if one that may be a link starts here. */
function bodyOf(text: string, at: number): number {
  const scheme = /^(?:https?:\/\/|mailto:|tel:)/i.exec(text.slice(at, at + 8))?.[0];
  if (!scheme) return -1;
  let body = at + scheme.length;
  let first = body;
  if (isTel(scheme)) return telephone(text, body) ? body : -1;
  if (/^m/i.test(scheme)) {
    const local = countWhile(text, body, 65, isLocal);
    if (!local || local > 64 || text[body + local] !== "@") return -1;
    first += local + 1;
  }
  return isAlnum(charAt(text, first)) ? body : -1;
}

const isTel = (text: string): boolean => /^t/i.test(text);

export function bareLength(text: string, from: number): number {
  const body = bodyOf(text, from);
  if (body < 0) return 0;
  if (isTel(text[from]!)) return body - from + telephone(text, body);
  let end = body;
  let depth = 0;
  let before = ":";
  while (end < text.length) {
    const char = charAt(text, end)!;
    if (isForbidden(char) || stopsBare(char) || (char === ")" && !depth)) break;
    if (isCjk(char) && (isAsciiAlnum(before) || ")*~".includes(before))) break;
    if (char === "(") depth++;
    if (char === ")") depth--;
    before = char;
    end += char.length;
  }
  return trimEnd(text.slice(from, end), endsSentence).length;
}

export function isAddress(text: string): boolean {
  if (bodyOf(text, 0) < 0) return false;
  for (const char of text) if (isForbidden(char)) return false;
  return true;
}

export function closingParenthesis(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    const char = text[at]!;
    if (char === "(") depth++;
    else if (char === ")" && !depth--) return at;
    else if (char === "[" || isForbidden(char)) return -1;
  }
  return -1;
}

function telephone(text: string, from: number): number {
  let digits = 0;
  let end = 0;
  for (let n = 0; n < 32; n++) {
    const char = text[from + n];
    if (isDigit(char)) {
      digits++;
      end = n + 1;
    } else if (!(char === "+" && n === 0) && !"-.()".includes(char ?? "x")) break;
  }
  return digits < 3 ? 0 : end;
}
