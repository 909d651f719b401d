// How the screen looks on this device: theme, text size, density, motion, contrast. Kept in localStorage
// and written to attributes of <html>, which tokens.css and theme.css read.

import { keep, kept } from "./kept";

export const themes = ["auto", "light", "dark"] as const;
export const textSizes = ["90", "100", "115", "130", "150", "200"] as const;
export const densities = ["cosy", "compact"] as const;

export type Appearance = {
  theme: (typeof themes)[number];
  text: (typeof textSizes)[number];
  density: (typeof densities)[number];
  lessMotion: boolean;
  moreContrast: boolean;
};

const KEY = "madang.appearance";
const usual: Appearance = { theme: "auto", text: "100", density: "cosy", lessMotion: false, moreContrast: false };

/** Reads what was stored, whatever that was: anything unknown falls back to the usual. */
export function parseAppearance(stored: string | null | undefined): Appearance {
  let raw: unknown;
  try {
    raw = JSON.parse(stored ?? "{}");
  } catch {
    return { ...usual };
  }
  const given = (raw && typeof raw === "object" ? raw : {}) as Record<string, unknown>;
  const oneOf = <T extends string>(list: readonly T[], value: unknown, or: T): T => list.find((x) => x === value) ?? or;
  return {
    theme: oneOf(themes, given["theme"], usual.theme),
    text: oneOf(textSizes, given["text"], usual.text),
    density: oneOf(densities, given["density"], usual.density),
    lessMotion: given["lessMotion"] === true,
    moreContrast: given["moreContrast"] === true,
  };
}

export const appearance = $state<Appearance>(parseAppearance(kept(KEY)));

/** Puts the appearance on the page and keeps it there; called once, from inside an effect root. */
export function wearAppearance(): void {
  $effect(() => {
    const set = (name: string, value: string | null) => {
      if (value === null) document.documentElement.removeAttribute(name);
      else document.documentElement.setAttribute(name, value);
    };
    set("data-theme", appearance.theme === "auto" ? null : appearance.theme);
    set("data-text", appearance.text === "100" ? null : appearance.text);
    set("data-density", appearance.density === "cosy" ? null : appearance.density);
    set("data-motion", appearance.lessMotion ? "reduce" : null);
    set("data-contrast", appearance.moreContrast ? "more" : null);
    keep(KEY, JSON.stringify(appearance));
  });
}
