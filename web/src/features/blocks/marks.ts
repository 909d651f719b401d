// Rich text as it is written in a field: with the marks of the house's own messages (`*bold*`, `- item`), read into what
// apps understand, and back. What has no mark (a user group, a colour) becomes its words. Pure.
import { parse, type Block, type EmojiLookup, type Inline } from "../../lib/markdown";
import { plain } from "./nodes";
import { rich } from "./rich";
import type { Rich, RichPart, RichText } from "./shapes";

type Style = NonNullable<RichPart["style"]>;
const STYLES = { b: "bold", i: "italic", s: "strike" } as const;
const MARKS: readonly (readonly [keyof Style, string])[] = [["code", "`"], ["strike", "~"], ["italic", "_"], ["bold", "*"]];

const words = (text: string, style: Style): RichPart => ({ type: "text", text, ...(Object.keys(style).length && { style }) });

function parts(nodes: readonly Inline[], style: Style = {}): RichPart[] {
  return nodes.flatMap((node): RichPart[] => {
    switch (node.t) {
      case "text": return [words(node.text, style)];
      case "br": return [words("\n", {})];
      case "code": return [words(node.text, { ...style, code: true })];
      case "link": return [{ type: "link", url: node.href, text: plainOf(node.c), ...(Object.keys(style).length && { style }) }];
      case "mention": return [{ type: "user", user_id: node.id }];
      case "space": return [{ type: "channel", channel_id: node.id }];
      case "everyone": return [{ type: "broadcast", range: "channel" }];
      case "emoji": return [{ type: "emoji", name: node.name }];
      default: return parts(node.c, { ...style, [STYLES[node.t]]: true });
    }
  });
}

const plainOf = (nodes: readonly Inline[]): string => parts(nodes).map((one) => one.text ?? (one.name ? `:${one.name}:` : "")).join("");

/** Words of one style that stand beside each other are one. */
function joined(list: RichPart[]): RichPart[] {
  const out: RichPart[] = [];
  for (const one of list) {
    const last = out.at(-1);
    if (one.type === "text" && last?.type === "text" && JSON.stringify(one.style) === JSON.stringify(last.style)) last.text = `${last.text}${one.text}`;
    else out.push({ ...one });
  }
  return out;
}

/** What is within a quote stands in lines: quotes hold no lists. */
const lines = (nodes: readonly Block[]): RichPart[] => nodes.flatMap((node, n) => [...(n ? [words("\n", {})] : []), ...linesOf(node)]);

function linesOf(node: Block): RichPart[] {
  switch (node.t) {
    case "p": return parts(node.c);
    case "code": return [words(node.text, { code: true })];
    case "quote": return lines(node.c);
    case "list": return node.items.flatMap((item, n) => [words(`${n ? "\n" : ""}${node.ordered ? `${(node.start ?? 1) + n}.` : "•"} `, {}), ...lines(item)]);
  }
}

function listed(node: Block & { t: "list" }, indent: number): Rich[] {
  const out: Rich[] = [];
  const style = node.ordered ? "ordered" : "bullet";
  node.items.forEach((item, n) => {
    const inner = item.filter((one): one is Block & { t: "list" } => one.t === "list");
    const last = out.at(-1);
    const here: RichPart = { type: "rich_text_section", elements: joined(lines(item.filter((one) => one.t !== "list"))) };
    const offset = (node.start ?? 1) - 1 + n;
    if (last?.indent === indent) last.elements?.push(here);
    else out.push({ type: "rich_text_list", style, indent, ...(node.ordered && offset > 0 && { offset }), elements: [here] });
    out.push(...inner.flatMap((one) => listed(one, indent + 1)));
  });
  return out;
}

/** A text with marks, as apps read it; nothing where nothing was written. */
export function richOf(text: string, emoji?: EmojiLookup): RichText | null {
  const elements: Rich[] = [];
  for (const node of parse(text, emoji)) {
    const last = elements.at(-1);
    if (node.t === "list") elements.push(...listed(node, 0));
    else if (node.t === "code") elements.push({ type: "rich_text_preformatted", elements: [words(node.text, {})] });
    else if (node.t === "quote") elements.push({ type: "rich_text_quote", elements: joined(lines(node.c)) });
    // A line between two paragraphs is a line of the one section that both stand in.
    else if (last?.type === "rich_text_section") last.elements = joined([...(last.elements ?? []), words("\n\n", {}), ...parts(node.c)]);
    else elements.push({ type: "rich_text_section", elements: joined(parts(node.c)) });
  }
  return elements.length ? { type: "rich_text", elements } : null;
}

/** A mark holds to its words: blank space stays outside, and every line is marked for itself. */
const marked = (text: string, mark: string): string => text.replace(/^([ \t]*)(\S(?:.*\S)?)([ \t]*)$/gm, (_, before: string, inside: string, after: string) => before + mark + inside + mark + after);

function written(part: RichPart): string {
  const bare = ((): string => {
    switch (part.type) {
      case "link": return part.text && part.text !== part.url ? `[${part.text}](${part.url})` : (part.url ?? "");
      case "user": return `<@${part.user_id}>`;
      case "channel": return `<#${part.channel_id}>`;
      case "broadcast": return "<!everyone>";
      case "emoji": return `:${part.name}:`;
      default: return part.text ?? plain(rich([{ type: "rich_text_section", elements: [part] }]));
    }
  })();
  const { style } = part;
  return MARKS.reduce((text, [name, mark]) => (style?.[name] ? marked(text, mark) : text), bare);
}

const line = (list: readonly RichPart[] = []): string => list.map(written).join("");

/** What an app has put into the field, as it would be written. */
export function marksOf(text: RichText | null | undefined): string {
  return (text?.elements ?? []).map((one) => {
    const inside = one.elements ?? [];
    switch (one.type) {
      case "rich_text_list": return inside.map((item, n) => `${"  ".repeat(one.indent ?? 0)}${one.style === "ordered" ? `${(one.offset ?? 0) + n + 1}.` : "-"} ${line(item.elements)}`).join("\n");
      case "rich_text_quote": return line(inside).split("\n").map((words) => `> ${words}`).join("\n");
      case "rich_text_preformatted": return `\`\`\`\n${plain(rich([one]))}\n\`\`\``;
      default: return line(inside).replace(/\n$/, "");
    }
  }).join("\n");
}

/** Whether it is more than plain words, so that it is worth seeing how it will look. */
export const hasMarks = (text: RichText | null): boolean => !!text?.elements.some((one) => one.type !== "rich_text_section" || one.elements?.some((part) => part.type !== "text" || part.style));
