// Emoji by name and the search for one. The table is the house's own (crates/madang-model/src/text/
// emoji.txt). Load this module by `import()`, so that its 15 KB come after the first screen; the
// Korean words for the search, another 21 KB, only come with loadKoreanWords.

import table from "./emoji-names";

export interface Emoji {
  /** The name that is stored. */
  name: string;
  char: string;
  /** After how many of its characters a skin tone goes: none, the first, or first and last. */
  tones: 0 | 1 | 2;
}

interface Row extends Emoji {
  names: string[];
  words: string[];
}

const rows: Row[] = table.split("\n").map((line) => {
  const [char = "", names = "", tones = "0"] = line.split("\t");
  const all = names.split(" ");
  return { char, name: all[0]!, names: all, tones: Number(tones) as 0 | 1 | 2, words: [] };
});
const byName = new Map(rows.flatMap((row) => row.names.map((name) => [name, row] as const)));

/** Every emoji in the order in which pickers show them. */
export const allEmoji: readonly Emoji[] = rows;

/** The characters of a name, which may carry a skin tone: `wave`, `wave::skin-tone-3`. */
export function emojiByName(name: string): string | undefined {
  const [base = "", tone, more] = name.split("::skin-tone-");
  const row = byName.get(base);
  if (!row || tone === undefined) return row?.char;
  if (more !== undefined || !row.tones || !/^[2-6]$/.test(tone)) return undefined;
  return withTone(row, String.fromCodePoint(0x1f3f9 + Number(tone)));
}

function withTone({ char, tones }: Emoji, tone: string): string {
  const [first, ...rest] = char;
  if (rest[0] === "\ufe0f") rest.shift();
  return first + tone + rest.join("") + (tones === 2 ? tone : "");
}

/** Lets searchEmoji find by Korean words, and flags by their countries' Korean names. */
export async function loadKoreanWords(): Promise<void> {
  const { default: words } = await import("./emoji-words-ko");
  words.split("\n").forEach((line, n) => {
    rows[n]!.words = line.split(" ").filter(Boolean).map(letters);
  });
  const countries = new Intl.DisplayNames("ko", { type: "region", fallback: "none" });
  for (const row of rows) {
    const flag = row.names.find((name) => /^flag-[a-z]{2}$/.test(name));
    const country = flag && countries.of(flag.slice(5).toUpperCase());
    if (country) row.words = ["국기", ...country.split(" ")].map(letters);
  }
}

/**
 * Emoji whose name or Korean words start with what was typed, the best first. A syllable that is
 * still being composed finds too: `고야` finds `고양이`, as both are compared letter by letter.
 */
export function searchEmoji(prefix: string, most = 24): Emoji[] {
  const wanted = letters(prefix.trim().replace(/^:/, ""));
  if (!wanted) return [];
  return rows
    .map((row) => ({ row, rank: rank(row, wanted) }))
    .filter((hit) => hit.rank < NO_HIT)
    .sort((a, b) => a.rank - b.rank)
    .slice(0, most)
    .map((hit) => hit.row);
}

const NO_HIT = 9;

function rank({ names, words }: Row, wanted: string): number {
  if (names.includes(wanted) || words.includes(wanted)) return 0;
  if (names.some((name) => name.startsWith(wanted))) return 1;
  if (words.some((word) => word.startsWith(wanted))) return 2;
  if (names.some((name) => name.split(/[_-]/).some((part) => part.startsWith(wanted)))) return 3;
  return NO_HIT;
}

const letters = (text: string): string => text.toLowerCase().normalize("NFD");
