import { describe, expect, it, vi } from "vitest";
import { hostOf, leads, outOf, withScheme } from "./bookmarks";

describe("a bookmark", () => {
  it("is written as people write addresses, and leads only to the web", () => {
    expect(["example.com/plan", " https://example.com ", "http://a.example", "localhost:8080/x"].map(withScheme)).toEqual(["https://example.com/plan", "https://example.com", "http://a.example", "https://localhost:8080/x"]);
    expect(["https://example.com", "javascript:alert(1)", "data:text/html,x", "mailto:a@example.com", "https://", "https://a b"].map((one) => leads(withScheme(one)))).toEqual([true, false, false, false, false, false]);
    expect([hostOf("https://example.com:8443/a?b"), hostOf("nothing")]).toEqual(["example.com:8443", "nothing"]);
  });

  it("stays in the window where it leads within the house", () => {
    vi.stubGlobal("location", { origin: "https://madang.example" });
    expect([outOf("https://madang.example/s/x"), outOf("https://madang.example.evil/"), outOf("https://example.com")]).toEqual([{}, { target: "_blank", rel: "noopener noreferrer" }, { target: "_blank", rel: "noopener noreferrer" }]);
    vi.unstubAllGlobals();
  });
});
