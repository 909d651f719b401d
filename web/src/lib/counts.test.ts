import { expect, test } from "vitest";
import { badgeCount, bytes, whole } from "./counts";

test("a badge says 99+ beyond two digits and nothing for nothing", () => {
  expect([0, -3, Number.NaN, 1, 99, 100, 4000].map((n) => badgeCount(n))).toEqual(["", "", "", "1", "99", "99+", "99+"]);
});

test("sizes are short, and read the same in both languages", () => {
  for (const locale of ["en", "ko"]) {
    const of = (n: number) => bytes(n, locale).replaceAll("\u00a0", " ");
    expect([0, 131, 812_400, 999_700, 1_440_000_000].map(of)).toEqual(["0 B", "131 B", "812 KB", "1 MB", "1.4 GB"]);
    expect(of(2_500_000_000_000_000)).toBe("2,500 TB");
  }
});

test("large numbers are grouped", () => {
  expect(whole(12345, "ko")).toBe("12,345");
});
