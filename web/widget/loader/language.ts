// Which of our languages the button speaks: what the site says for it, else what the page is written in, else what the
// browser asks for.
import { baseLocale, locales } from "../../src/paraglide/runtime.js";

export type Spoken = (typeof locales)[number];

export function spoken(wish: string | undefined, page: string, browser: readonly string[]): Spoken {
  for (const tag of [wish ?? "", page, ...browser]) {
    const base = tag.toLowerCase().split("-")[0];
    const found = locales.find((one) => one === base);
    if (found) return found;
  }
  return baseLocale;
}
