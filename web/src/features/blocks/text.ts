// Text objects: plain text with emoji, and mrkdwn. Pure.
import { mrkdwn } from "./mrkdwn";
import { plain, type Inline, type Node } from "./nodes";
import type { Option, Text } from "./shapes";

const EMOJI = /:([a-z0-9_+'-]{1,64}(?:::skin-tone-[2-6])?):/g;

function plainLine(line: string): Inline[] {
  const out: Inline[] = [];
  let from = 0;
  for (const found of line.matchAll(EMOJI)) {
    // 12:30:45 is no emoji.
    if (/[0-9A-Za-z:]$/.test(line.slice(0, found.index))) continue;
    if (found.index > from) out.push({ t: "text", text: line.slice(from, found.index) });
    out.push({ t: "emoji", name: found[1] ?? "" });
    from = found.index + found[0].length;
  }
  if (from < line.length) out.push({ t: "text", text: line.slice(from) });
  return out;
}

export const plainNodes = (text: string, emoji = true): Node[] => [{ t: "p", c: text.split("\n").flatMap((line, n) => [...(n ? [{ t: "br" } as const] : []), ...(emoji ? plainLine(line) : [{ t: "text", text: line } as const])]) }];

export function nodesOf(text: Text | string | undefined): Node[] {
  if (text === undefined || text === null) return [];
  if (typeof text === "string") return plainNodes(text);
  const words = typeof text.text === "string" ? text.text : "";
  return text.type === "mrkdwn" ? mrkdwn(words, text.verbatim) : plainNodes(words, text.emoji !== false);
}

/** Bare words, `emoji` told by who calls: the table of names is loaded elsewhere. */
export const wordsOf = (text: Text | string | undefined, emojiOf: (name: string) => string): string => plain(nodesOf(text)).replace(EMOJI, (_, name: string) => emojiOf(name));

export const labelOf = (option: Option, emojiOf: (name: string) => string): string => wordsOf(option.text, emojiOf);
