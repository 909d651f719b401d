// Message texts as nodes and as plain words, with the names of the people in them. Emoji names are read
// once their table has come, which is after the first screen.
import { nameOf } from "../app/session.svelte";
import { m } from "./i18n.svelte";
import { parse, plainText, type Block, type EmojiLookup } from "./markdown";

let lookup = $state.raw<EmojiLookup | undefined>(undefined);
let asked = false;

/** Reads a text; asks for the emoji table when a text needs it. */
export function read(text: string): Block[] {
  if (!lookup && !asked && /:[a-z0-9_+-]+:/.test(text)) {
    asked = true;
    void import("./emoji").then(({ emojiByName }) => (lookup = emojiByName), () => (asked = false));
  }
  return parse(text, lookup);
}

/** One line of words, for lists and notices. */
export const oneLine = (text: string): string =>
  plainText(read(text), { person: nameOf, everyone: m.everyone() }).replace(/\s+/g, " ").trim();
