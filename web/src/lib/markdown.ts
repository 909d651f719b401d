// The language of message texts: Slack's mrkdwn plus lists, and Markdown's links, read into nodes.
// The house has the same parser in crates/madang-model/src/text, where the reasons for each rule
// stand; testing/vectors/text.json holds the two equal. Pure: no DOM, no HTML, linear time.

export type Inline =
  | { t: "text"; text: string }
  | { t: "b" | "i" | "s"; c: Inline[] }
  | { t: "code"; text: string }
  | { t: "link"; href: string; c: Inline[] }
  | { t: "mention"; id: string }
  | { t: "everyone" }
  | { t: "space"; id: string; name?: string }
  | { t: "emoji"; name: string; char: string }
  | { t: "br" };

export type Block =
  | { t: "p"; c: Inline[] }
  | { t: "quote"; c: Block[] }
  | { t: "code"; lang?: string; text: string }
  | { t: "list"; ordered: boolean; start?: number; items: Block[][] };

/** The characters of a name, with or without a skin tone: `wave`, `wave::skin-tone-3`. */
export type EmojiLookup = (name: string) => string | undefined;

export interface Mentions {
  people: string[];
  everyone: boolean;
}

/** How to say what a text names only by id. */
export interface Names {
  person?: (id: string) => string | undefined;
  space?: (id: string) => string | undefined;
  everyone?: string;
}

/** Reads a text. Without a lookup, which may still be loading, `:names:` stay text. */
export function parse(text: string, emoji: EmojiLookup = () => undefined): Block[] {
  return blocks(text.split(/\r\n|\n|\r/), false, 0, false, emoji);
}

/** The words of a text, for previews and notifications. */
export function plainText(tree: Block[], names: Names = {}): string {
  const inline = (node: Inline): string => {
    switch (node.t) {
      case "text": case "code": return node.text;
      case "mention": return "@" + (names.person?.(node.id) ?? node.id);
      case "everyone": return "@" + (names.everyone ?? "everyone");
      case "space": return "#" + (names.space?.(node.id) ?? node.name ?? node.id);
      case "emoji": return node.char;
      case "br": return "\n";
      default: return node.c.map(inline).join("");
    }
  };
  const block = (node: Block): string => {
    switch (node.t) {
      case "p": return node.c.map(inline).join("");
      case "quote": return plainText(node.c, names);
      case "code": return node.text;
      case "list": return node.items
        .map((item, n) => (node.ordered ? `${(node.start ?? 1) + n}. ` : "• ") + plainText(item, names))
        .join("\n");
    }
  };
  return tree.map(block).join("\n");
}

/** Whom a text calls outside of code: each person once, in the order of their first mention. */
export function mentions(text: string): Mentions {
  const people = new Set<string>();
  let everyone = false;
  const inline = (node: Inline): void => {
    if (node.t === "mention") people.add(node.id);
    else if (node.t === "everyone") everyone = true;
    else if ("c" in node) node.c.forEach(inline);
  };
  const block = (node: Block): void => {
    if (node.t === "p") node.c.forEach(inline);
    else if (node.t === "quote") node.c.forEach(block);
    else if (node.t === "list") node.items.forEach((item) => item.forEach(block));
  };
  parse(text).forEach(block);
  return { people: [...people], everyone };
}

// ── Characters, written out so that both parsers agree to the letter ──

const SPACES = " \\t\\v\\f\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const CJK = "\\u1100-\\u11ff\\u3040-\\u318f\\u31f0-\\u31ff\\u3400-\\u4dbf\\u4e00-\\u9fff\\ua960-\\ua97f"
  + "\\uac00-\\ud7ff\\uf900-\\ufaff\\uff66-\\uff9f\\u{20000}-\\u{3ffff}";
const one = (set: string): ((char: string | undefined) => boolean) => {
  const pattern = new RegExp(`^[${set}]$`, "u");
  return (char) => char !== undefined && pattern.test(char);
};
const isSpace = one(SPACES);
const isCjk = one(CJK);
const isAlnum = one("\\p{Alphabetic}\\p{N}");
const isMarkOnLetter = one("\\u0300-\\u036f");
const isAsciiAlnum = one("0-9A-Za-z");
const isForbidden = one(SPACES + "\\0-\\x1f\\x7f-\\x9f<>\"\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u2069\\ufeff");
const stopsBare = one("`|\\\\^{}\\u2018-\\u201f\\u2026\\u3001-\\u3020\\uff01-\\uff0f\\uff1a-\\uff20");
const opensAfter = one(SPACES + "(\\[{\"',:/|!?*_~");
const isBlank = (text: string): boolean => trimStart(text) === "";
const isWord = (char: string | undefined): boolean => (isAlnum(char) || isMarkOnLetter(char)) && !isCjk(char);

function trimStart(text: string): string {
  let at = 0;
  while (isSpace(text[at])) at++;
  return text.slice(at);
}

function trimEnd(text: string, drop: (char: string | undefined) => boolean): string {
  let end = text.length;
  while (drop(text[end - 1])) end--;
  return text.slice(0, end);
}

/** The whole character at a place, also where it takes two units. */
const charAt = (text: string, at: number): string | undefined => {
  const point = text.codePointAt(at);
  return point === undefined ? undefined : String.fromCodePoint(point);
};

function countWhile(text: string, from: number, most: number, is: (char: string | undefined) => boolean): number {
  let n = 0;
  while (n < most && is(text[from + n])) n++;
  return n;
}

// ── Lines to blocks ──

const MAX_LISTS = 2;

function blocks(lines: string[], inQuote: boolean, lists: number, inItem: boolean, emoji: EmojiLookup): Block[] {
  const out: Block[] = [];
  let paragraph: string[] = [];
  let at = 0;
  const lastFence = lines.findLastIndex((line) => line.includes("```"));

  function endParagraph(): void {
    const c = paragraph.flatMap((line, n) => [...(n ? [{ t: "br" } as const] : []), ...inlines(line, true, emoji)]);
    if (c.length) out.push({ t: "p", c });
    paragraph = [];
  }

  function quote(first: string, toTheEnd: boolean): void {
    const inner = [first];
    for (at++; at < lines.length; at++) {
      const line = lines[at]!;
      if (!toTheEnd && line[0] !== ">") break;
      inner.push(toTheEnd ? line : line.slice(line[1] === " " ? 2 : 1));
    }
    out.push({ t: "quote", c: blocks(inner, true, lists, false, emoji) });
  }

  function fence(line: string): boolean {
    const opening = splitFence(line);
    if (!opening) return false;
    const [before, after] = opening;
    const here = splitFence(after);
    if (!here && lastFence <= at) return false;
    if (!isBlank(before)) paragraph.push(trimEnd(before, isSpace));
    endParagraph();
    const body: string[] = [];
    let lang: string | undefined;
    let rest = "";
    if (here) {
      body.push(here[0]);
      rest = here[1];
    } else {
      const word = trimEnd(trimStart(after), isSpace);
      if (/^[0-9A-Za-z+#._-]{1,20}$/.test(word)) lang = word;
      else if (word) body.push(after);
      for (at++; at < lines.length; at++) {
        const closing = splitFence(lines[at]!);
        if (!closing) body.push(lines[at]!);
        else {
          if (!isBlank(closing[0])) body.push(closing[0]);
          rest = closing[1];
          break;
        }
      }
    }
    out.push({ t: "code", ...(lang === undefined ? {} : { lang }), text: body.join("\n") });
    if (isBlank(rest)) at++;
    else lines[at] = trimStart(rest);
    return true;
  }

  function list(first: Marker): void {
    const items: Block[][] = [];
    const { number } = first;
    let next: Marker | undefined = first;
    while (next) {
      const last: number | undefined = next.number;
      items.push(blocks(item(next, first.indent), inQuote, lists + 1, true, emoji));
      next = at < lines.length ? marker(lines[at]!) : undefined;
      if (next && next.number !== (last === undefined ? undefined : last + 1)) next = undefined;
    }
    const start = number === undefined || number === 1 ? {} : { start: number };
    out.push({ t: "list", ordered: number !== undefined, ...start, items });
  }

  function item(own: Marker, base: number): string[] {
    const inner = [own.text];
    let inCode = fences(own.text) % 2 === 1;
    for (at++; at < lines.length; at++) {
      const line = lines[at]!;
      if (!(inCode && at <= lastFence)) {
        const mine = !isBlank(line) && indentOf(line)[0] >= base + 2;
        if (!mine || (lists + 1 === MAX_LISTS && marker(line))) break;
      }
      if (fences(line) % 2 === 1) inCode = !inCode;
      inner.push(dedent(line, own.width));
    }
    return inner;
  }

  while (at < lines.length) {
    const line = lines[at]!;
    const opens = !inItem || at > 0;
    const quoted = opens && !inQuote ? quotedText(line) : undefined;
    const mark = opens && lists < MAX_LISTS ? marker(line) : undefined;
    if (isBlank(line)) {
      endParagraph();
      at++;
    } else if (quoted !== undefined) {
      endParagraph();
      quote(quoted, line.startsWith(">>>"));
    } else if (mark) {
      endParagraph();
      list(mark);
    } else if (!fence(line)) {
      paragraph.push(line);
      at++;
    }
  }
  endParagraph();
  return out;
}

interface Marker {
  indent: number;
  number: number | undefined;
  width: number;
  text: string;
}

const isDigit = one("0-9");
const isBullet = one("*•\\-");

function marker(line: string): Marker | undefined {
  const [indent, rest] = indentOf(line);
  const digits = countWhile(rest, 0, 4, isDigit);
  if (digits > 3 || !(digits ? rest[digits] === "." : isBullet(rest[0]))) return undefined;
  const tail = rest.slice(digits + 1);
  const text = trimStart(tail);
  if (!text || (tail[0] !== " " && tail[0] !== "\t")) return undefined;
  return { indent, number: digits ? Number(rest.slice(0, digits)) : undefined, width: indent + digits + 2, text };
}

function quotedText(line: string): string | undefined {
  if (line[0] !== ">") return undefined;
  const rest = line.slice(line.startsWith(">>>") ? 3 : 1);
  const first = charAt(rest, 0);
  if (!(isSpace(first) || isAlnum(first) || first === "*" || first === "`" || first === '"')) return undefined;
  const text = first === " " ? rest.slice(1) : rest;
  return isBlank(text) ? undefined : text;
}

function splitFence(line: string): [before: string, after: string] | undefined {
  const at = line.indexOf("```");
  if (at < 0) return undefined;
  return [line.slice(0, at), line.slice(at + countWhile(line, at, Infinity, (c) => c === "`"))];
}

function fences(line: string): number {
  let count = 0;
  for (let split = splitFence(line); split; split = splitFence(split[1])) count++;
  return count;
}

const columns = (char: string | undefined): number => (char === "\t" ? 4 : char === " " ? 1 : 0);

function indentOf(line: string): [indent: number, rest: string] {
  let indent = 0;
  let at = 0;
  while (columns(line[at])) indent += columns(line[at++]);
  return [indent, line.slice(at)];
}

function dedent(line: string, width: number): string {
  let column = 0;
  let at = 0;
  while (column < width && columns(line[at])) column += columns(line[at++]);
  return line.slice(at);
}

// ── One line to its nodes ──

type Role = "text" | "open" | "close";
type Item = Inline | { t: "mark"; mark: string; role: Role };

const NODE = "\ufffc";
const KINDS: Record<string, "b" | "i" | "s"> = { "*": "b", _: "i", "~": "s" };
const inEmojiName = one("a-z0-9_+\\-");

function inlines(line: string, references: boolean, emoji: EmojiLookup): Inline[] {
  const items: Item[] = [];
  let open: { mark: string; at: number; substance: number }[] = [];
  let at = 0;
  let from = 0;
  let before: string | undefined;
  let noMoreCode = false;
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
    if (noMoreCode) return false;
    const end = line.indexOf("`", at + 1);
    noMoreCode = end < 0;
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
    if (isAsciiAlnum(char) || char > "\x7f") substance++;
  }
  flush();
  return build(items);
}

function mayOpenAfter(mark: string, before: string | undefined): boolean {
  if (before === undefined) return true;
  if (before <= "\x7f") return opensAfter(before);
  return isCjk(before) ? mark === "*" : !isWord(before);
}

const isId = (id: string): boolean => /^[0-9A-Za-z]{1,20}$/.test(id);
const asTyped = (href: string): Inline => ({ t: "link", href, c: [{ t: "text", text: href }] });

function reference(inner: string, emoji: EmojiLookup): Inline | undefined {
  const bar = inner.indexOf("|");
  const what = bar < 0 ? inner : inner.slice(0, bar);
  const label = bar < 0 || isBlank(inner.slice(bar + 1)) ? undefined : inner.slice(bar + 1);
  const id = what.slice(1);
  if (what[0] === "@") return isId(id) ? { t: "mention", id } : undefined;
  if (what[0] === "#") return isId(id) ? { t: "space", id, ...(label === undefined ? {} : { name: label }) } : undefined;
  if (what === "!everyone" || what === "!channel" || what === "!here") return { t: "everyone" };
  if (!isAddress(what)) return undefined;
  return label === undefined ? asTyped(what) : { t: "link", href: what, c: inlines(label, false, emoji) };
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

// ── Addresses ──

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

function bareLength(text: string, from: number): number {
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

function isAddress(text: string): boolean {
  if (bodyOf(text, 0) < 0) return false;
  for (const char of text) if (isForbidden(char)) return false;
  return true;
}

function closingParenthesis(text: string, from: number): number {
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
