// Lines to blocks: paragraphs, quotes, fenced code and lists.

import type { Block, EmojiLookup } from "../markdown";
import { charAt, countWhile, isAlnum, isBlank, isDigit, isSpace, one, trimEnd, trimStart } from "./chars";
import { inlines } from "./inlines";

const MAX_LISTS = 2;

export function blocks(lines: string[], inQuote: boolean, lists: number, inItem: boolean, emoji: EmojiLookup): Block[] {
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
