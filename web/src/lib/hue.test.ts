import { expect, test } from "vitest";
import { hash, hue, initial } from "./hue";

test("the hash is FNV-1a, so a colour stays for good", () => {
  expect(hash("")).toBe(0x811c9dc5);
  expect(hash("a")).toBe(0xe40c292c);
  expect(hash("foobar")).toBe(0xbf9cf968);
});

test("hues are twelve steps of thirty degrees from fifteen", () => {
  const seen = new Set(Array.from({ length: 400 }, (_, i) => hue(`person-${i}`)));
  expect([...seen].sort((a, b) => a - b)).toEqual([15, 45, 75, 105, 135, 165, 195, 225, 255, 285, 315, 345]);
});

test("an initial is one letter as a reader sees it", () => {
  expect(initial("김지현")).toBe("김");
  expect(initial("  alex")).toBe("A");
  expect(initial("👩‍🚀 mina")).toBe("👩‍🚀");
  expect(initial("   ")).toBe("?");
  expect(initial("ä")).toBe("Ä");
  expect(initial("e\u0301lan")).toBe("E\u0301");
  expect(initial("\u1112\u1161\u11ab")).toBe("\u1112\u1161\u11ab");
  expect(initial("1\ufe0f\u20e3 first")).toBe("1\ufe0f\u20e3");
});
