// Standard Markdown (CommonMark with tables and tasks), read into nodes by `marked`. Its HTML is never used: marks of HTML
// in a text are shown as they were written. Pure.
import { Lexer, type Token, type Tokens } from "marked";
import { leadsOut, type Inline, type Node } from "./nodes";

/** Apps send up to 12,000 characters; what is much longer is not read into a tree. */
const MOST = 100_000;

export function markdown(text: string): Node[] {
  if (text.length > MOST) return [{ t: "p", c: lines(text) }];
  return new Lexer({ gfm: true }).lex(text).flatMap(block);
}

const lines = (text: string): Inline[] => text.split("\n").flatMap((line, n) => [...(n ? [{ t: "br" } as const] : []), ...(line ? [{ t: "text", text: line } as const] : [])]);
const trimmed = (text: string): string => text.replace(/\n+$/, "");

function block(token: Token): Node[] {
  switch (token.type) {
    case "space": case "def": return [];
    case "hr": return [{ t: "rule" }];
    case "heading": return [{ t: "h", level: (token as Tokens.Heading).depth, c: inlines(token.tokens) }];
    case "code": return [{ t: "code", c: [{ t: "text", text: (token as Tokens.Code).text }] }];
    case "blockquote": return [{ t: "quote", c: (token.tokens ?? []).flatMap(block) }];
    case "list": {
      const { ordered, start, items } = token as Tokens.List;
      return [{ t: "list", ordered, ...(typeof start === "number" && start !== 1 && { start }), items: items.map((item) => ({ c: item.tokens.filter((one) => one.type !== "checkbox").flatMap(block), ...(item.task && { done: item.checked ?? false }) })) }];
    }
    case "table": {
      const { header, rows, align } = token as Tokens.Table;
      return [{ t: "table", head: header.map((cell) => inlines(cell.tokens)), rows: rows.map((row) => row.map((cell) => inlines(cell.tokens))), align }];
    }
    case "html": return [{ t: "p", c: lines(trimmed(token.raw)) }];
    // Text of a tight list stands without a paragraph.
    default: return [{ t: "p", c: "tokens" in token && token.tokens ? inlines(token.tokens) : lines(unescaped((token as Tokens.Text).text ?? token.raw)) }];
  }
}

const inlines = (tokens: readonly Token[] | undefined): Inline[] => (tokens ?? []).flatMap(inline);
/** Named and numbered signs that people write; everything else stays as it is. */
const SIGNS: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: "\u00a0" };
const unescaped = (text: string): string =>
  text.replace(/&(?:(\w+)|#(\d{1,7})|#x([0-9a-f]{1,6}));/gi, (whole, name?: string, decimal?: string, hex?: string) => {
    if (name) return SIGNS[name] ?? whole;
    const point = decimal ? Number(decimal) : Number.parseInt(hex ?? "0", 16);
    return point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : whole;
  });

const EMOJI = /:([a-z0-9_+'-]{1,64}(?:::skin-tone-[2-6])?):/g;
function words(text: string): Inline[] {
  const out: Inline[] = [];
  let from = 0;
  for (const found of text.matchAll(EMOJI)) {
    if (/[0-9A-Za-z:]$/.test(text.slice(0, found.index))) continue;
    out.push(...lines(text.slice(from, found.index)), { t: "emoji", name: found[1] ?? "" });
    from = found.index + found[0].length;
  }
  return [...out, ...lines(text.slice(from))];
}

function inline(token: Token): Inline[] {
  switch (token.type) {
    case "strong": return [{ t: "b", c: inlines(token.tokens) }];
    case "em": return [{ t: "i", c: inlines(token.tokens) }];
    case "del": return [{ t: "s", c: inlines(token.tokens) }];
    case "codespan": return [{ t: "code", c: [{ t: "text", text: (token as Tokens.Codespan).text }] }];
    case "br": return [{ t: "br" }];
    case "escape": return [{ t: "text", text: (token as Tokens.Escape).text }];
    case "html": return lines(token.raw);
    case "link": {
      const { href } = token as Tokens.Link;
      const c = inlines(token.tokens);
      return leadsOut(href) ? [{ t: "link", href, c }] : c;
    }
    case "image": {
      const { href, text } = token as Tokens.Image;
      return /^https?:\/\//i.test(href) ? [{ t: "image", src: href, alt: text }] : [{ t: "text", text }];
    }
    default: return "tokens" in token && token.tokens ? inlines(token.tokens) : words(unescaped((token as Tokens.Text).text ?? token.raw));
  }
}
