// Message texts as nodes and as plain words, with the names of the people in them. Emoji names are read
// once their table has come, which is after the first screen; those of the usual reactions are known at once.
import { nameOf } from "../app/session.svelte";
import { m } from "./i18n.svelte";
import { reactionChar } from "./reactions";
import { parse, plainText, type Block, type EmojiLookup } from "./markdown";

let lookup = $state.raw<EmojiLookup | undefined>(undefined);
let asked = false;

function askForTable(): void {
  if (lookup || asked) return;
  asked = true;
  void import("./emoji").then(({ emojiByName }) => (lookup = emojiByName), () => (asked = false));
}

/** Reads a text; asks for the emoji table when a text needs it. */
export function read(text: string): Block[] {
  if (/:[a-z0-9_+-]+:/.test(text)) askForTable();
  return parse(text, lookup);
}

/** The characters of names, as far as their table has come. */
export const emojiLookup = (): EmojiLookup | undefined => lookup;

/** A reaction as it is seen; its name in colons until the table has come. */
export function emojiOf(name: string): string {
  const seen = reactionChar(name, lookup);
  if (seen === undefined) askForTable();
  return seen ?? `:${name}:`;
}

/** One line of words, for lists and notices. */
export const oneLine = (text: string): string =>
  plainText(read(text), { person: nameOf, everyone: m.everyone() }).replace(/\s+/g, " ").trim();
