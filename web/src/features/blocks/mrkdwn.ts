// Slack's mrkdwn, read into nodes: *bold*, _italic_, ~strike~, code, quotes, and what stands in <…>. It has no headings
// and no lists. The house reads the same in crates/madang-slack/src/text; testing/vectors/mrkdwn.json holds both. Pure.
import { charAt, countWhile, isAsciiAlnum, isBlank, isSpace, isWord, mayOpenAfter, trimStart } from "../../lib/markdown/chars";
import { bareLength } from "../../lib/markdown/links";
import { leadsOut, type Inline, type Node } from "./nodes";

const FENCE = "```";
const KINDS: Record<string, "b" | "i" | "s"> = { "*": "b", _: "i", "~": "s" };
const ENTITIES: Record<string, string> = { "&amp;": "&", "&lt;": "<", "&gt;": ">" };
/** The three signs that are escaped, and no other. */
export const unescaped = (text: string): string => text.replace(/&(?:amp|lt|gt);/g, (one) => ENTITIES[one] ?? one);

/** `verbatim`: bare addresses are left as they are. */
export function mrkdwn(text: string, verbatim = false): Node[] {
  const out: Node[] = [];
  // What stands behind `>>>` is a quote up to the end, code and all.
  let into = out;
  const parts = text.replace(/\r\n?/g, "\n").split(FENCE);
  // A fence that nobody closes is text.
  if (parts.length % 2 === 0) parts.splice(-2, 2, parts.slice(-2).join(FENCE));
  parts.forEach((part, n) => {
    if (n % 2 === 1) return void into.push({ t: "code", c: raw(part.replace(/^\n|\n$/g, "")) });
    const lines = part.split("\n");
    if (n > 0) lines[0] = trimStart(lines[0] ?? "");
    if (n > 0 && isBlank(lines[0] ?? "") && lines.length > 1) lines.shift();
    if (n < parts.length - 1 && isBlank(lines.at(-1) ?? "") && lines.length > 1) lines.pop();
    into = paragraphs(lines, into, verbatim);
  });
  return out;
}

function paragraphs(lines: readonly string[], into: Node[], verbatim: boolean): Node[] {
  let open: { quoted: boolean; lines: string[] } | undefined;
  const end = (): void => {
    if (!open || open.lines.every(isBlank)) return void (open = undefined);
    const p: Node = { t: "p", c: open.lines.flatMap((line, n) => [...(n ? [{ t: "br" } as const] : []), ...inlines(line, verbatim)]) };
    into.push(open.quoted ? { t: "quote", c: [p] } : p);
    open = undefined;
  };
  const take = (line: string, quoted: boolean): void => {
    if (open?.quoted !== quoted) end();
    open ??= { quoted, lines: [] };
    open.lines.push(line);
  };
  for (const line of lines) {
    const quote = /^(?:&gt;|>)((?:&gt;|>){2})? ?/.exec(line);
    if (!quote) take(line, false);
    else if (quote[1] === undefined) take(line.slice(quote[0].length), true);
    else {
      end();
      const whole: Node = { t: "quote", c: [] };
      into.push(whole);
      into = whole.c;
      take(line.slice(quote[0].length), false);
    }
  }
  end();
  return into;
}

/** Code keeps its signs; what stands in <…> shows as its words. */
const raw = (text: string): Inline[] => [{ t: "text", text: unescaped(text.replace(/<((?:https?:|mailto:|tel:)[^<>|\n]*)(?:\|([^<>\n]*))?>/g, (_, href: string, label?: string) => label || href)) }];

type Mark = { t: "mark"; mark: string; role: "text" | "open" | "close" };

/** One line, in a single pass from left to right. */
export function inlines(line: string, verbatim: boolean, inLink = false): Inline[] {
  const items: (Inline | Mark)[] = [];
  let open: { mark: string; at: number; from: number }[] = [];
  let at = 0;
  let from = 0;
  let before: string | undefined;
  const lastAngle = line.lastIndexOf(">");
  /** As long as the line, and an escaped angle ends an address as a bare one does. */
  const addresses = line.replace(/&(?:lt|gt);/g, (one) => ENTITIES[one]!.padEnd(4));

  const flush = (): void => {
    if (from < at) items.push({ t: "text", text: unescaped(line.slice(from, at)) });
  };
  const take = (length: number, item: Inline | Mark, left: string): true => {
    flush();
    items.push(item);
    before = left;
    from = at += length;
    return true;
  };

  function code(): boolean {
    const run = countWhile(line, at, Infinity, (char) => char === "`");
    if (run > 1) return take(run, { t: "text", text: line.slice(at, at + run) }, "`");
    const end = line.indexOf("`", at + 1);
    return end > at + 1 && take(end + 1 - at, { t: "code", c: raw(line.slice(at + 1, end)) }, "`");
  }

  function mark(sign: string): boolean {
    const run = countWhile(line, at, Infinity, (char) => char === sign);
    if (run > 1) return take(run, { t: "text", text: line.slice(at, at + run) }, sign);
    const after = charAt(line, at + 1);
    const n = open.findIndex((one) => one.mark === sign);
    const opened = open[n];
    let role: Mark["role"] = "text";
    if (opened && opened.from < at && before !== undefined && !isSpace(before) && !isWord(after)) {
      items[opened.at] = { t: "mark", mark: sign, role: "open" };
      open = open.slice(0, n);
      role = "close";
    } else if (mayOpenAfter(sign, before) && after !== undefined && !isSpace(after)) {
      if (opened) open.splice(n, 1);
      open.push({ mark: sign, at: items.length + (from < at ? 1 : 0), from: at + 1 });
    }
    return take(1, { t: "mark", mark: sign, role }, sign);
  }

  function emoji(): boolean {
    if (before === ":" || isAsciiAlnum(before)) return false;
    const name = /^:([a-z0-9_+'-]{1,64}(?:::skin-tone-[2-6])?):/.exec(line.slice(at, at + 90))?.[1];
    return name !== undefined && take(name.length + 2, { t: "emoji", name }, ":");
  }

  function angle(): boolean {
    if (at > lastAngle) return false;
    const end = line.indexOf(">", at);
    const inner = line.slice(at + 1, end);
    const node = inner.includes("<") ? undefined : reference(inner);
    return node !== undefined && take(end + 1 - at, node, "\ufffc");
  }

  function bare(): boolean {
    const length = verbatim || isAsciiAlnum(before) ? 0 : bareLength(addresses, at);
    if (!length) return false;
    const href = unescaped(line.slice(at, at + length));
    return take(length, { t: "link", href, c: [{ t: "text", text: href }] }, "\ufffc");
  }

  while (at < line.length) {
    const char = charAt(line, at)!;
    if (char === "`" ? code() : KINDS[char] ? mark(char) : char === ":" ? emoji() : inLink ? false : char === "<" ? angle() : "hHmMtT".includes(char) && bare()) continue;
    at += char.length;
    before = char === ";" && /&(?:amp|lt|gt);$/.test(line.slice(Math.max(0, at - 5), at)) ? "\ufffc" : char;
  }
  flush();
  return build(items);
}

/** What stands in <…>. Undefined: it is text, with its angles. */
function reference(inner: string): Inline | undefined {
  const bar = inner.indexOf("|");
  const what = bar < 0 ? inner : inner.slice(0, bar);
  const label = bar < 0 ? undefined : unescaped(inner.slice(bar + 1));
  const named = label ? { name: label.replace(/^[@#]/, "") } : {};
  const id = what.slice(1);
  if (what[0] === "@" || what[0] === "#") {
    if (/^[0-9A-Za-z]+$/.test(id)) return { t: what[0] === "@" ? "person" : "space", id, ...named };
    return named.name ? { t: "text", text: what[0] + named.name } : undefined;
  }
  if (what[0] === "!") return special(id, label, named);
  const href = unescaped(what);
  // What is no link keeps its words, and where it would have led.
  if (!leadsOut(href)) return label ? { t: "text", text: `${label} (${href})` } : undefined;
  return { t: "link", href, c: label ? inlines(inner.slice(bar + 1), true, true) : [{ t: "text", text: href.replace(/^(?:mailto|tel):/i, "") }] };
}

function special(what: string, label: string | undefined, named: { name?: string }): Inline {
  const [kind = "", ...more] = what.split("^");
  if (kind === "subteam") return { t: "group", id: more[0] ?? "", ...named };
  if (kind === "date") {
    const href = more[2] === undefined ? "" : unescaped(more.slice(2).join("^"));
    return { t: "date", at: Number(more[0]), format: unescaped(more[1] ?? ""), ...(leadsOut(href) && { href }), ...(label && { fallback: label }) };
  }
  return /^(?:here|channel|everyone)$/.test(kind) ? { t: "call", whom: kind } : { t: "text", text: label ?? `<!${what}>` };
}

function build(items: readonly (Inline | Mark)[]): Inline[] {
  const levels: Inline[][] = [[]];
  for (const item of items) {
    let node: Inline;
    if (item.t !== "mark") node = item;
    else if (item.role === "open") {
      levels.push([]);
      continue;
    } else node = item.role === "close" ? { t: KINDS[item.mark]!, c: levels.pop()! } : { t: "text", text: item.mark };
    const level = levels.at(-1)!;
    const last = level.at(-1);
    if (node.t === "text" && last?.t === "text") level[level.length - 1] = { t: "text", text: last.text + node.text };
    else level.push(node);
  }
  return levels[0]!;
}
