// Writes the emoji tables that the house and the web client share, from the npm package
// emojibase-data 17.0.0 (MIT, see EMOJI-LICENSE beside emoji.txt; names are those of iamcal's emoji-data, which Slack uses too).
// Run by hand when Unicode grows:  npm i --prefix /tmp/emoji emojibase-data@17.0.0
//                                  node web/scripts/emoji.mjs /tmp/emoji
// One line per emoji: characters, names (the first is the one we store), and how it takes a
// skin tone (1: after its first character; 2: after the last one as well; nothing: not at all).
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const from = process.argv[2];
if (!from) throw new Error("Say where emojibase-data is installed: node web/scripts/emoji.mjs DIR");
const read = (path) => JSON.parse(readFileSync(join(from, "node_modules/emojibase-data", path), "utf8"));
const names = read("en/shortcodes/iamcal.json");
const otherNames = read("en/shortcodes/emojibase.json");
const korean = new Map(read("ko/data.json").map((e) => [e.hexcode, e]));
// Group 2 is skin and hair components, which are no emoji of their own.
const all = read("en/data.json")
  .filter((e) => e.group !== undefined && e.group !== 2)
  .sort((a, b) => a.order - b.order);

// What is shown as an emoji by itself needs no variation selector; emojibase adds one.
const charsOf = (e) => (e.type === 1 && [...e.emoji].length === 2 ? e.emoji.replace(/\uFE0F$/, "") : e.emoji);
const namesOf = (e) => [names[e.hexcode] ?? otherNames[e.hexcode]].flat();

function withTone(emoji, tone, places) {
  const [first, ...rest] = emoji;
  if (rest[0] === "\uFE0F") rest.shift();
  return first + tone + rest.join("") + (places === 2 ? tone : "");
}

function toneColumn(e) {
  const medium = e.skins?.find((s) => [s.tone].flat().every((t) => t === 3));
  if (!medium) return "";
  const places = [1, 2].find((n) => withTone(charsOf(e), "\u{1F3FD}", n) === medium.emoji);
  if (!places) throw new Error(`${e.emoji} takes its skin tone in a way the table cannot say`);
  return `\t${places}`;
}

// A search finds the woman or man of a person by the person's words, and a flag by its
// country's name in the browser; so neither needs words of its own here.
const wordless = (e) => /(^|-)(2640|2642)(-|$)|^1F46[89]-200D/.test(e.hexcode) || /^1F1[EF]/.test(e.hexcode);

function words(e) {
  if (wordless(e)) return "";
  const { label, tags = [] } = korean.get(e.hexcode);
  const own = split([label]);
  // Faces, hands and feasts are what people search by feeling, so they keep every word.
  const felt = e.group === 0 || e.group === 6 || (e.group === 1 && e.subgroup <= 23);
  const more = felt ? Infinity : 2;
  const kept = [...new Set(own)];
  for (const word of split(tags)) if (!kept.some((k) => k.includes(word))) kept.push(word);
  return kept.slice(0, own.length + more).join(" ");
}
const split = (texts) => texts.flatMap((t) => t.split(/[\s,:()]+/)).filter((w) => /\p{L}/u.test(w));

const table = all.map((e) => `${charsOf(e)}\t${namesOf(e).join(" ")}${toneColumn(e)}`).join("\n");
const ko = all.map(words).join("\n");
const source = "// Written by web/scripts/emoji.mjs from emojibase-data 17.0.0 (MIT, © 2017-2019 Miles Johnson). Do not edit.\n";
const here = (path) => new URL(path, import.meta.url);
writeFileSync(here("../../crates/madang-model/src/text/emoji.txt"), table);
writeFileSync(here("../src/lib/emoji-names.ts"), `${source}export default \`${table}\`;\n`);
writeFileSync(here("../src/lib/emoji-words-ko.ts"), `${source}export default \`${ko}\`;\n`);
for (const [what, text] of [["names", table], ["words", ko]])
  process.stdout.write(`${what}: ${text.split("\n").length} lines, ${gzipSync(text, { level: 9 }).length} bytes gz\n`);
