import { describe, expect, it, vi } from "vitest";
import { hostOf, isOurs, leads, withScheme } from "./bookmarks";

describe("a bookmark", () => {
  it("is written as people write addresses, and leads only to the web", () => {
    expect(["example.com/plan", " https://example.com ", "http://a.example", "localhost:8080/x"].map(withScheme)).toEqual(["https://example.com/plan", "https://example.com", "http://a.example", "https://localhost:8080/x"]);
    expect(["https://example.com", "javascript:alert(1)", "data:text/html,x", "mailto:a@example.com", "https://", "https://a b"].map((one) => leads(withScheme(one)))).toEqual([true, false, false, false, false, false]);
    expect([hostOf("https://example.com:8443/a?b"), hostOf("nothing")]).toEqual(["example.com:8443", "nothing"]);
  });

  it("stays in the window where it leads within the house", () => {
    vi.stubGlobal("location", { origin: "https://madang.example" });
    expect(["https://madang.example/s/x", "https://madang.example.evil/", "https://example.com"].map(isOurs)).toEqual([true, false, false]);
    vi.unstubAllGlobals();
  });
});
