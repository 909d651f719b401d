// Texts as nodes. The names of emoji are known once their table has come, which is when a text holds one.
import { parse, type Block, type EmojiLookup } from "../../src/lib/markdown";

let lookup = $state.raw<EmojiLookup | undefined>(undefined);
let asked = false;

export function reading(text: string): Block[] {
  if (!lookup && !asked && /:[a-z0-9_+-]+:/.test(text)) {
    asked = true;
    void import("../../src/lib/emoji").then(({ emojiByName }) => (lookup = emojiByName), () => (asked = false));
  }
  return parse(text, lookup);
}
