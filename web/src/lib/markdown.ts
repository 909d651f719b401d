// The language of message texts: Slack's mrkdwn plus lists, and Markdown's links, read into nodes.
// The house has the same parser in crates/madang-model/src/text, where the reasons for each rule
// stand; testing/vectors/text.json holds the two equal. Pure: no DOM, no HTML, linear time.

import { blocks } from "./markdown/blocks";

export type Inline =
  | { t: "text"; text: string }
  | { t: "b" | "i" | "s"; c: Inline[] }
  | { t: "code"; text: string }
  | { t: "link"; href: string; c: Inline[]; /** Written in `<…>`: nothing of where it leads is shown. */ quiet?: true }
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

/** Up to three emoji and nothing else are shown large. */
const emojiOnly = /^(?:\p{RGI_Emoji}|\s){1,8}$/v;
export const isLarge = (text: string): boolean => text.length < 40 && emojiOnly.test(text.trim());

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
