// Reactions: the log keeps them by the first name of their emoji, or as characters where they have none. Pure.
import type { EmojiLookup } from "./markdown";

const usual: Readonly<Record<string, string>> = { "+1": "👍", heart: "❤️", joy: "😂", tada: "🎉", eyes: "👀", white_check_mark: "✅" };

/** The names of those that are offered at once; all others are in the picker. */
export const quickReactions: readonly string[] = Object.keys(usual);

/** What is seen of a reaction. The usual ones need no table; undefined when one is needed and not there. */
export function reactionChar(name: string, lookup: EmojiLookup | undefined): string | undefined {
  return usual[name] ?? lookup?.(name) ?? (/^[a-z0-9_+:-]+$/.test(name) ? undefined : name);
}
