// One line of text to its nodes, in a single pass from left to right.

import type { EmojiLookup, Inline } from "../markdown";
import { charAt, countWhile, hasSubstance, isAsciiAlnum, isBlank, isSpace, isWord, mayOpenAfter, one } from "./chars";
import { bareLength, closingParenthesis, isAddress } from "./links";

type Role = "text" | "open" | "close";
type Item = Inline | { t: "mark"; mark: string; role: Role };

const NODE = "\ufffc";
const KINDS: Record<string, "b" | "i" | "s"> = { "*": "b", _: "i", "~": "s" };
const inEmojiName = one("a-z0-9_+\\-");

export function inlines(line: string, references: boolean, emoji: EmojiLookup): Inline[] {
  const items: Item[] = [];
  let open: { mark: string; at: number; substance: number }[] = [];
  let at = 0;
  let from = 0;
  let before: string | undefined;
  let substance = 0;

  const flush = (): void => {
    if (from < at) items.push({ t: "text", text: line.slice(from, at) });
  };
  const take = (length: number, item: Item): true => {
    flush();
    before = item.t === "text" ? item.text[0] : item.t === "mark" ? item.mark : NODE;
    if (item.t !== "text" && item.t !== "mark") substance++;
    items.push(item);
    from = at += length;
    return true;
  };
  const run = (sign: string): boolean => {
    const length = countWhile(line, at, Infinity, (c) => c === sign);
    return length > 1 && take(length, { t: "text", text: line.slice(at, at + length) });
  };
  const upTo = (either: string, end: string): number => {
    let i = at + 1;
    while (i < line.length && line[i] !== either && line[i] !== end) i++;
    return line[i] === end ? i : -1;
  };

  function code(): boolean {
    if (run("`")) return true;
    const end = line.indexOf("`", at + 1);
    return end > 0 && take(end + 1 - at, { t: "code", text: line.slice(at + 1, end) });
  }

  function mark(sign: string): boolean {
    if (run(sign)) return true;
    const after = charAt(line, at + 1);
    const closes = before !== undefined && !isSpace(before) && !isWord(after);
    const opens = mayOpenAfter(sign, before) && after !== undefined && !isSpace(after);
    const n = open.findIndex((o) => o.mark === sign);
    const opened = open[n];
    let role: Role = "text";
    if (opened && closes && opened.substance < substance) {
      items[opened.at] = { t: "mark", mark: sign, role: "open" };
      open = open.slice(0, n);
      role = "close";
    } else if (opens) {
      if (opened) open.splice(n, 1);
      open.push({ mark: sign, at: items.length + (from < at ? 1 : 0), substance });
    }
    return take(1, { t: "mark", mark: sign, role });
  }

  function emojiName(): boolean {
    if (before === ":" || isAsciiAlnum(before)) return false;
    const length = countWhile(line, at + 1, 64, inEmojiName);
    const end = at + 1 + length;
    if (line[end] !== ":") return false;
    let name = line.slice(at + 1, end);
    const tone = line.slice(end + 1, end + 14);
    if (tone.startsWith(":skin-tone-") && tone[12] === ":") {
      const toned = name + ":" + tone.slice(0, 12);
      const char = emoji(toned);
      if (char) return take(length + 15, { t: "emoji", name: toned, char });
    }
    const char = emoji(name);
    return char !== undefined && take(length + 2, { t: "emoji", name, char });
  }

  function angle(): boolean {
    const end = upTo("<", ">");
    const node = end < 0 ? undefined : reference(line.slice(at + 1, end), emoji);
    return node !== undefined && take(end + 1 - at, node);
  }

  function labelled(): boolean {
    const end = upTo("[", "]");
    if (end < 0 || line[end + 1] !== "(") return false;
    const close = closingParenthesis(line, end + 2);
    const href = line.slice(end + 2, close);
    const label = line.slice(at + 1, end);
    if (close < 0 || !isAddress(href) || isBlank(label)) return false;
    return take(close + 1 - at, { t: "link", href, c: inlines(label, false, emoji) });
  }

  function bareLink(): boolean {
    const length = isAsciiAlnum(before) ? 0 : bareLength(line, at);
    return length > 0 && take(length, asTyped(line.slice(at, at + length)));
  }

  while (at < line.length) {
    const char = charAt(line, at)!;
    if (char === "`" ? code()
      : KINDS[char] ? mark(char)
      : char === ":" ? emojiName()
      : !references ? false
      : char === "<" ? angle()
      : char === "[" ? labelled()
      : "hHmMtT".includes(char) && bareLink()) continue;
    at += char.length;
    before = char;
    if (hasSubstance(char)) substance++;
  }
  flush();
  return build(items);
}

const isId = (id: string): boolean => /^[0-9A-Za-z]{1,20}$/.test(id);
const asTyped = (href: string): Inline & { t: "link" } => ({ t: "link", href, c: [{ t: "text", text: href }] });

function reference(inner: string, emoji: EmojiLookup): Inline | undefined {
  const bar = inner.indexOf("|");
  const what = bar < 0 ? inner : inner.slice(0, bar);
  const label = bar < 0 || isBlank(inner.slice(bar + 1)) ? undefined : inner.slice(bar + 1);
  const id = what.slice(1);
  if (what[0] === "@") return isId(id) ? { t: "mention", id } : undefined;
  if (what[0] === "#") return isId(id) ? { t: "space", id, ...(label === undefined ? {} : { name: label }) } : undefined;
  if (what === "!everyone" || what === "!channel" || what === "!here") return { t: "everyone" };
  if (!isAddress(what)) return undefined;
  return { ...(label === undefined ? asTyped(what) : { t: "link", href: what, c: inlines(label, false, emoji) }), quiet: true };
}

function build(items: Item[]): Inline[] {
  const levels: Inline[][] = [[]];
  for (const item of items) {
    let node: Inline;
    if (item.t !== "mark") node = item;
    else if (item.role === "open") {
      levels.push([]);
      continue;
    } else if (item.role === "close") node = { t: KINDS[item.mark]!, c: levels.pop()! };
    else node = { t: "text", text: item.mark };
    const level = levels.at(-1)!;
    const last = level.at(-1);
    if (node.t === "text" && last?.t === "text") last.text += node.text;
    else level.push(node);
  }
  return levels[0]!;
}
