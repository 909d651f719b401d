import { expect, test } from "vitest";
import { parseAppearance } from "./appearance.svelte";
import { browserLocale } from "./i18n.svelte";

test("whatever was stored, an appearance comes out", () => {
  const usual = { theme: "auto", text: "100", density: "cosy", lessMotion: false, moreContrast: false };
  for (const stored of [null, "", "nonsense", "null", "[]", '{"theme":"pink","text":7}']) {
    expect(parseAppearance(stored)).toEqual(usual);
  }
  expect(parseAppearance('{"theme":"dark","text":"150","lessMotion":true}')).toEqual({ ...usual, theme: "dark", text: "150", lessMotion: true });
});

test("the browser's first language that we speak wins", () => {
  expect(browserLocale(["ko-KR", "en"])).toBe("ko");
  expect(browserLocale(["fr", "ko"])).toBe("ko");
  expect(browserLocale(["fr"])).toBe("en");
  expect(browserLocale([])).toBe("en");
});
