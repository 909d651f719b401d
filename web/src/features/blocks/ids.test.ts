import { describe, expect, it } from "vitest";
import { fileOf, ours, personOf, spaceOf, stamp, theirs } from "./ids";

describe("ids", () => {
  it("goes from Slack's way of writing to ours and back", () => {
    // The same number: 266000000000000001.
    const own = "07c8557n2g001";
    expect(theirs("C", own)).toMatch(/^C[0-9A-Z]+$/);
    for (const id of [own, "0000000000001", "7zzzzzzzzzzzz"]) expect(spaceOf(theirs("C", id)), id).toBe(id);
    expect(theirs("U", "000000000000g")).toBe("UG");
    expect(personOf("UG")).toBe("000000000000g");
  });

  it("reads ours everywhere, and takes nothing for an id that is none", () => {
    expect(ours("U", "0000000000002")).toBe("0000000000002");
    for (const wrong of ["", "U", "U0A", "C12", "u12", "U1 2", "U-1", "UZZZZZZZZZZZZZZ", "USLACKBOT!"]) expect(personOf(wrong), wrong).toBeUndefined();
    expect(fileOf("F0")).toBe("0000000000000");
  });

  it("names a message by the microsecond it came at", () => {
    expect(stamp(1_774_600_000_000_042)).toBe("1774600000.000042");
  });
});
