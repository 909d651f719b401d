import { describe, expect, it } from "vitest";
import { agreed, factsOf, formOf, lineOf, shownOf, wrongLine } from "./facts";

describe("what is written down of a contact", () => {
  const facts = { name: "홍길동", email: "hong@x.example", company: "한빛", tags: ["vip", "단골"], attributes: { 등급: "금", 주소: "서울: 마포" } };

  it("goes through a form and comes back as it was", () => {
    expect(factsOf(formOf(facts))).toEqual(facts);
    expect(factsOf({ ...formOf(), name: " 홍 ", tags: "a, a, ,b" })).toEqual({ name: "홍", tags: ["a", "b"], attributes: {} });
  });

  it("tells the line that names nothing", () => {
    expect(wrongLine("등급: 금\n\n도시: 서울")).toBeUndefined();
    expect(wrongLine("등급: 금\n서울")).toBe(2);
    expect(wrongLine(": 금")).toBe(1);
    expect(wrongLine("등급:")).toBe(1);
  });

  it("calls somebody by what is known", () => {
    expect(shownOf({ name: "", phone: "010", tags: [], attributes: {} })).toBe("010");
    expect(lineOf({ name: "", email: "a@b.example", company: "한빛", tags: [], attributes: {} })).toBe("한빛");
  });

  it("lets the last word count", () => {
    const said = (to: string, given: boolean, at: number) => ({ to, given, at, words: "", by: "1" });
    expect(agreed([said("news", true, 1), said("call", true, 2), said("news", false, 3)])).toEqual([said("news", false, 3), said("call", true, 2)]);
  });
});
