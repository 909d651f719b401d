// The tree that mrkdwn, rich text and Markdown of apps are read into. Nodes.svelte shows it; never through HTML.

export type Inline =
  | { t: "text"; text: string }
  | { t: "b" | "i" | "s" | "u" | "code"; c: Inline[] }
  | { t: "link"; href: string; c: Inline[] }
  /** Whoever is called: a person, a user group, or all of them. */
  | { t: "person" | "group" | "space"; id: string; name?: string }
  | { t: "call"; whom: string }
  | { t: "emoji"; name: string; char?: string }
  | { t: "date"; at: number; format: string; href?: string; fallback?: string }
  | { t: "color"; value: string }
  | { t: "image"; src: string; alt: string }
  | { t: "br" };

export type Node =
  | { t: "p"; c: Inline[] }
  | { t: "h"; level: number; c: Inline[] }
  | { t: "quote"; c: Node[] }
  | { t: "code"; c: Inline[] }
  | { t: "list"; ordered: boolean; start?: number; items: Item[] }
  | { t: "table"; head: Inline[][]; rows: Inline[][][]; align: (string | null)[] }
  | { t: "rule" };
/** `done`: of a list of tasks. */
export interface Item { c: Node[]; done?: boolean }

/** Where a press may lead: nothing that runs in this page. */
export const leadsOut = (href: string): boolean => /^(?:https?:\/\/|mailto:|tel:)/i.test(href);

const wordsOfInline = (node: Inline): string => {
  switch (node.t) {
    case "text": return node.text;
    case "person": case "group": return `@${node.name ?? ""}`;
    case "space": return `#${node.name ?? ""}`;
    case "call": return `@${node.whom}`;
    case "emoji": return node.char ?? `:${node.name}:`;
    case "date": return node.fallback ?? "";
    case "color": return node.value;
    case "image": return node.alt;
    case "br": return "\n";
    default: return node.c.map(wordsOfInline).join("");
  }
};

/** The bare words, where nothing else can be shown: in a list, on a button, for a screen reader. */
export function plain(nodes: readonly (Node | Inline)[]): string {
  return nodes.map((node) => {
    switch (node.t) {
      case "p": case "h": return node.c.map(wordsOfInline).join("");
      case "quote": return plain(node.c);
      case "list": return node.items.map((item) => plain(item.c)).join("\n");
      case "table": return [node.head, ...node.rows].map((row) => row.map((cell) => cell.map(wordsOfInline).join("")).join(" ")).join("\n");
      case "rule": return "";
      case "code": return node.c.map(wordsOfInline).join("");
      default: return wordsOfInline(node);
    }
  }).join("\n");
}
