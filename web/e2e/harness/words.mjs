// What the screen says, in either language, by the names of messages/*.json: a story asks for `say("send")`
// and keeps its meaning when a text is worded better.
import { readFileSync } from "node:fs";

const read = (locale) => JSON.parse(readFileSync(new URL(`../../messages/${locale}.json`, import.meta.url), "utf8"));
const texts = { en: read("en"), ko: read("ko") };

/** `wordsOf("ko-KR")("replies", { count: 2 })`. A name that does not exist is a fault of the story. */
export function wordsOf(locale) {
  const language = locale.startsWith("ko") ? "ko" : "en";
  return (name, parts = {}) => {
    const found = texts[language][name];
    if (found === undefined) throw new Error(`messages/${language}.json has no "${name}"`);
    return fill(typeof found === "string" ? found : variant(found[0], parts, language), parts);
  };
}

/** The plural rules of the message format: one case for each form, `*` for the rest. */
function variant({ selectors, match }, parts, language) {
  const form = new Intl.PluralRules(language).select(parts.count);
  return match[`${selectors[0]}=${form}`] ?? match[`${selectors[0]}=*`];
}

function fill(text, parts) {
  return text.replace(/\{(\w+)\}/g, (_, part) => {
    if (!(part in parts)) throw new Error(`"${text}" needs ${part}`);
    return String(parts[part]);
  });
}
