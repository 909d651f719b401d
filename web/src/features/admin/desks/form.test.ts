import { describe, expect, it } from "vitest";
import { complaints, formOf, isOrigin, listed, sameAgents, scriptTag, settingsOf, usual, type Complaint, type DeskForm } from "./form";

const named = (more: Partial<DeskForm> = {}): DeskForm => ({ ...usual("Asia/Seoul"), name: "기술 지원", ...more });
const strict = (selector: string): void => {
  if (selector.includes("[[")) throw new SyntaxError(selector);
};

describe("the form of a desk", () => {
  it("gives what it was given", () => {
    const settings = settingsOf(named({ skills: "환불, 배송", origins: "https://shop.example\nhttps://b.example", masks: ".secret", first_answer_minutes: "15", canned: [{ name: "인사", text: "안녕하세요, {visitor}님", tags: "", close: false }, { name: "스팸", text: "", tags: "스팸, 급함", close: true }] }));
    expect(settings.canned).toEqual([{ name: "인사", text: "안녕하세요, {visitor}님" }, { name: "스팸", text: "", tags: ["스팸", "급함"], close: true }]);
    expect(settings).toMatchObject({ skills: ["환불", "배송"], origins: ["https://shop.example", "https://b.example"], targets: { first_answer_minutes: 15 }, languages: ["ko", "en"] });
    expect(settingsOf(formOf(settings))).toEqual(settings);
  });

  it.each<[string, Partial<DeskForm>, Complaint[]]>([
    ["nothing", {}, []],
    ["no name", { name: "  " }, ["name"]],
    ["no language", { languages: { ko: false, en: false } }, ["languages"]],
    ["shifts that overlap", { hours: { zone: "Asia/Seoul", week: [{ days: [1], from: "09:00", to: "12:00" }, { days: [1], from: "11:00", to: "13:00" }] } }, ["hours"]],
    ["a holiday without a day", { hours: { zone: "Asia/Seoul", week: [], others: [{ from: "" }] } }, ["hours"]],
    ["a page in place of a site", { origins: "https://shop.example/cart" }, ["origins"]],
    ["numbers out of bounds", { ring_seconds: "4", per_agent: "x", waiting_most: "1001" }, ["ring_seconds", "per_agent", "waiting_most"]],
    ["a target of nothing", { close_minutes: "0" }, ["close_minutes"]],
    ["a selector that is none", { masks: ".a\n[[b" }, ["masks"]],
    ["a reply that says and does nothing", { canned: [{ name: "a", text: "", tags: " ,", close: false }] }, ["canned"]],
    ["a reply that only does something", { canned: [{ name: "a", text: "", tags: "", close: true }] }, []],
  ])("says that there is %s", (_, more, wrong) => expect(complaints(named(more), strict)).toEqual(wrong));

  it.each([["https://shop.example", true], ["https://*.shop.example", true], ["http://localhost:5173", true], ["https://shop.example/", true], ["shop.example", false], ["https://*", false], ["https://a b", false], ["javascript://x", false], ["https://a:0", false]])("takes %s for a site: %s", (text, is) => {
    expect(isOrigin(text)).toBe(is);
  });

  it("writes the tag that sites copy", () => {
    expect(scriptTag("https://house.example/h/abcdefghijkl", "abcdefghijkl")).toBe('<script src="https://house.example/w/madang.js" data-desk="abcdefghijkl" async></script>');
  });

  it("compares who stands there whatever their order", () => {
    const joon = { person: "joon", skills: ["a", "b"], languages: [] };
    expect(sameAgents([joon, { person: "mina", skills: [], languages: [] }], [{ person: "mina", skills: [], languages: [] }, { ...joon, skills: ["b", "a"] }])).toBe(true);
    expect(sameAgents([joon], [])).toBe(false);
    expect(listed("환불, 배송\n환불")).toEqual(["환불", "배송"]);
  });
});
