import { expect, test } from "vitest";
import { badgeCount, bytes, whole } from "./counts";

test("a badge says 99+ beyond two digits and nothing for nothing", () => {
  expect([0, -3, Number.NaN, 1, 99, 100, 4000].map((n) => badgeCount(n))).toEqual(["", "", "", "1", "99", "99+", "99+"]);
});

test("sizes are short and in the reader's language", () => {
  expect(bytes(0, "en")).toBe("0B");
  expect(bytes(812_400, "en")).toBe("812 kB");
  expect(bytes(999_700, "en")).toBe("1 MB");
  expect(bytes(1_440_000_000, "en")).toBe("1.4 GB");
});

test("large numbers are grouped", () => {
  expect(whole(12345, "ko")).toBe("12,345");
});
