import { describe, expect, it } from "vitest";
import { newClientId } from "./ids";
import { unread, unreadOf } from "./receipts";

describe("receipts", () => {
  it("count down and leave the author out", () => {
    // Markers of nari (author, at 3), joon (3), mina (7), sam (9), as in the Rust test.
    const sorted = [3, 3, 7, 9];
    expect([unread(sorted, 8, 3), unread(sorted, 8), unread(sorted, 3, 3), unread(sorted, 10, 9), unread([], 1)]).toEqual([2, 3, 0, 3, 0]);
    expect(unreadOf([["sam", 9], ["nari", 3], ["mina", 7], ["joon", 3]])(8, "nari")).toBe(2);
  });
});

describe("client ids", () => {
  it("are 26 characters of base 32 and all different", () => {
    const ids = new Set(Array.from({ length: 1_000 }, newClientId));
    expect(ids.size).toBe(1_000);
    for (const id of ids) expect(id).toMatch(/^[0-9a-hjkmnp-tv-z]{26}$/);
  });
});
