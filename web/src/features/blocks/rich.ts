// A rich_text block, read into nodes. Its lists are flat, with how deep each stands; they are put into one another. Pure.
import { leadsOut, type Inline, type Item, type Node } from "./nodes";
import type { Rich, RichPart } from "./shapes";

export function rich(elements: readonly Rich[] = []): Node[] {
  const out: Node[] = [];
  /** The lists that are open, from the outermost inwards. */
  let open: { depth: number; items: Item[]; ordered: boolean }[] = [];
  for (const one of elements) {
    if (one.type !== "rich_text_list") {
      open = [];
      const node = plainNode(one);
      if (node) out.push(node);
      continue;
    }
    const depth = one.indent ?? 0;
    const ordered = one.style === "ordered";
    open = open.filter((list) => list.depth < depth || (list.depth === depth && list.ordered === ordered));
    let list = open.at(-1);
    if (!list || list.depth < depth) {
      const node: Node & { t: "list" } = { t: "list", ordered, ...(one.offset ? { start: one.offset + 1 } : {}), items: [] };
      (list?.items.at(-1)?.c ?? out).push(node);
      open.push((list = { depth, items: node.items, ordered }));
    }
    for (const item of one.elements ?? []) list.items.push({ c: [{ t: "p", c: (item.elements ?? []).flatMap(inline) }] });
  }
  return out;
}

function plainNode(one: Rich): Node | undefined {
  const c = (one.elements ?? []).flatMap((part) => inline(part));
  switch (one.type) {
    case "rich_text_quote": return { t: "quote", c: [{ t: "p", c }] };
    case "rich_text_preformatted": return { t: "code", c };
    default: return c.length ? { t: "p", c } : undefined;
  }
}

const broken = (text: string): Inline[] => text.split("\n").flatMap((line, n) => [...(n ? [{ t: "br" } as const] : []), ...(line ? [{ t: "text", text: line } as const] : [])]);

function bare(part: RichPart): Inline[] {
  switch (part.type) {
    case "text": return broken(part.text ?? "");
    case "link": {
      const c: Inline[] = [{ t: "text", text: part.text || part.url || "" }];
      return part.url && leadsOut(part.url) && !part.unsafe ? [{ t: "link", href: part.url, c }] : c;
    }
    case "user": return [{ t: "person", id: part.user_id ?? "" }];
    case "channel": return [{ t: "space", id: part.channel_id ?? "" }];
    case "usergroup": return [{ t: "group", id: part.usergroup_id ?? "" }];
    case "team": return [{ t: "group", id: part.team_id ?? "" }];
    case "broadcast": return [{ t: "call", whom: part.range ?? "channel" }];
    case "emoji": return [{ t: "emoji", name: part.skin_tone ? `${part.name}::skin-tone-${part.skin_tone}` : (part.name ?? ""), ...charOf(part.unicode) }];
    case "color": return [{ t: "color", value: part.value ?? "" }];
    case "date": return [{ t: "date", at: part.timestamp ?? Number.NaN, format: part.format ?? "", ...(part.url && leadsOut(part.url) && { href: part.url }), ...(part.fallback && { fallback: part.fallback }) }];
    // Of a kind that is not known: whatever words it has.
    default: return broken(part.text ?? part.fallback ?? "");
  }
}

/** `1f44b-1f3fb`: code points in hexadecimal. */
function charOf(unicode: string | undefined): { char?: string } {
  if (!unicode || !/^[0-9a-f]{2,6}(?:-[0-9a-f]{2,6})*$/i.test(unicode)) return {};
  const points = unicode.split("-").map((point) => Number.parseInt(point, 16));
  return points.every((point) => point <= 0x10ffff) ? { char: String.fromCodePoint(...points) } : {};
}

function inline(part: RichPart): Inline[] {
  const { style } = part;
  let c = bare(part);
  if (!style || typeof style === "string") return c;
  if (style.code) c = [{ t: "code", c }];
  if (style.bold) c = [{ t: "b", c }];
  if (style.italic) c = [{ t: "i", c }];
  if (style.strike) c = [{ t: "s", c }];
  if (style.underline) c = [{ t: "u", c }];
  return c;
}
