// Which links of a message are shown with what they lead to. The house decides by the same rules
// (crates/madang-model/src/text/previewed.rs); testing/vectors/previews.json holds the two equal.
import { parse, type Block, type Inline } from "./markdown";

/** Links of one message that are shown with what they lead to. */
const MOST = 3;

/** Web links outside of code and quotes that are not quiet: each address once, the first few. */
export function previewed(text: string): string[] {
  const found = new Set<string>();
  const inline = (node: Inline): void => {
    if (node.t === "link") {
      if (!node.quiet && /^http/i.test(node.href)) found.add(node.href);
    } else if ("c" in node) node.c.forEach(inline);
  };
  const block = (node: Block): void => {
    if (node.t === "p") node.c.forEach(inline);
    else if (node.t === "list") node.items.forEach((item) => item.forEach(block));
  };
  if (text.includes("://")) parse(text).forEach(block);
  return [...found].slice(0, MOST);
}

/** Links into our own house lead to what each reader sees differently. */
export function previewedElsewhere(text: string, origin: string): string[] {
  const own = origin.toLowerCase();
  return previewed(text).filter((href) => !(href.toLowerCase().startsWith(own) && /^(?:$|[/?#])/.test(href.slice(own.length))));
}
