// What the buttons and keys of a field with marks do to its text. Each answers what is put where, and what is selected
// then; the field itself does it, so that undoing knows of it. Pure.

/** In place of `[from, to)` stands `piece`; then `[start, end)` is selected. */
export interface Change { from: number; to: number; piece: string; start: number; end: number }
export type Marking = "bold" | "italic" | "strike" | "code" | "link" | "bullets" | "numbers" | "quote";

const AROUND = { bold: "*", italic: "_", strike: "~", code: "`" } as const;
const BULLET = /^(\s*)- /;
const NUMBER = /^(\s*)\d{1,3}\. /;
const QUOTE = /^()> /;

/** Puts a mark around what is selected, or takes it away where it stands there. */
function around(text: string, from: number, to: number, mark: string): Change {
  const inside = text.slice(from, to);
  const size = mark.length;
  if (text.slice(from - size, from) === mark && text.slice(to, to + size) === mark) return { from: from - size, to: to + size, piece: inside, start: from - size, end: to - size };
  if (inside.length > 2 * size && inside.startsWith(mark) && inside.endsWith(mark)) return { from, to, piece: inside.slice(size, -size), start: from, end: to - 2 * size };
  // A mark that stands beside a blank is none.
  const [, before = "", words = "", after = ""] = /^(\s*)([\s\S]*?)(\s*)$/.exec(inside) ?? [];
  const start = from + before.length + size;
  return { from, to, piece: before + mark + words + mark + after, start, end: start + words.length };
}

function linked(text: string, from: number, to: number): Change {
  const inside = text.slice(from, to);
  const isAddress = /^https?:\/\/\S+$/i.test(inside);
  const label = isAddress ? "" : inside;
  const address = isAddress ? inside : "https://";
  const piece = `[${label}](${address})`;
  // What is still missing is selected.
  const start = isAddress ? from + 1 : from + label.length + 3;
  return { from, to, piece, start, end: isAddress ? start : start + address.length };
}

/** Begins every line that is touched with a sign, or takes it away where all have it. */
function begun(text: string, from: number, to: number, kind: "bullets" | "numbers" | "quote"): Change {
  const first = text.lastIndexOf("\n", from - 1) + 1;
  const next = text.indexOf("\n", to);
  const last = next < 0 ? text.length : next;
  const own = { bullets: BULLET, numbers: NUMBER, quote: QUOTE }[kind];
  const lines = text.slice(first, last).split("\n");
  const all = lines.every((line) => own.test(line));
  const piece = lines.map((line, n) => {
    const bare = line.replace(BULLET, "$1").replace(NUMBER, "$1").replace(QUOTE, "");
    return all ? bare : { bullets: "- ", numbers: `${n + 1}. `, quote: "> " }[kind] + bare;
  }).join("\n");
  const end = first + piece.length;
  return { from: first, to: last, piece, start: lines.length > 1 ? first : end, end };
}

export function mark(text: string, from: number, to: number, what: Marking): Change {
  if (what === "link") return linked(text, from, to);
  if (what === "bullets" || what === "numbers" || what === "quote") return begun(text, from, to, what);
  return around(text, from, to, AROUND[what]);
}

/** Enter in a list or a quote goes on with it; on a line that has nothing but its sign it ends. */
export function onward(text: string, at: number): Change | undefined {
  const first = text.lastIndexOf("\n", at - 1) + 1;
  const line = text.slice(first, at);
  const [sign, indent = "", number] = /^(\s*)(?:- |(\d{1,3})\. |> )/.exec(line) ?? [];
  if (sign === undefined) return undefined;
  if (line === sign) return { from: first, to: at, piece: "", start: first, end: first };
  const piece = `\n${number === undefined ? sign : `${indent}${Number(number) + 1}. `}`;
  return { from: at, to: at, piece, start: at + piece.length, end: at + piece.length };
}

const KEYS: Record<string, Marking> = { KeyB: "bold", KeyI: "italic", KeyE: "code", KeyK: "link" };
const SHIFTED: Record<string, Marking> = { KeyX: "strike", Digit7: "numbers", Digit8: "bullets", Digit9: "quote" };

/** What a key means, by its place, so that it is the same while Korean is typed. */
export const meant = (event: Pick<KeyboardEvent, "code" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">): Marking | undefined =>
  (event.ctrlKey || event.metaKey) && !event.altKey ? (event.shiftKey ? SHIFTED : KEYS)[event.code] : undefined;
