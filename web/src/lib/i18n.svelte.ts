// Which language the screen speaks. Paraglide's message functions ask here, and because the answer is
// state, every text on the screen changes at once when a person picks the other language.
import * as runtime from "../paraglide/runtime.js";
import { keep, kept } from "./kept";

export { m } from "../paraglide/messages.js";
export type Locale = (typeof runtime.locales)[number];
export const locales: readonly Locale[] = runtime.locales;

/** Each language by the name that its speakers know. */
export const languageNames: Readonly<Record<Locale, string>> = { en: "English", ko: "한국어" };

const KEY = "madang.language";

/** What the person chose on this device, or null to follow the browser. */
export function storedLocale(): Locale | null {
  const value = kept(KEY);
  return locales.find((locale) => locale === value) ?? null;
}

/** The first of the browser's languages that we speak; English when we speak none of them. */
export function browserLocale(wanted: readonly string[]): Locale {
  for (const tag of wanted) {
    const base = tag.toLowerCase().split("-")[0];
    const found = locales.find((locale) => locale === base);
    if (found) return found;
  }
  return "en";
}

let chosen = $state<Locale | null>(storedLocale());
let suggested = $state<Locale | null>(null);
const spoken = $derived(chosen ?? suggested ?? browserLocale(globalThis.navigator?.languages ?? []));

runtime.overwriteGetLocale(() => spoken);

export const language = {
  /** The language on the screen. */
  get locale(): Locale {
    return spoken;
  },
  /** The person's choice on this device; null follows the browser. */
  get choice(): Locale | null {
    return chosen;
  },
  choose(locale: Locale | null): void {
    chosen = locale;
    keep(KEY, locale);
  },
  /** What the page around us speaks; goes before the browser's languages, and behind the person's choice. */
  suggest(locale: Locale): void {
    suggested = locale;
  },
};
