import { describe, expect, it } from "vitest";
import { mark, meant, onward, type Change } from "./marking";
import { hasMarks, marksOf, richOf } from "./marks";
import type { Rich, RichText } from "./shapes";

const text = (words: string, style?: object) => ({ type: "text", text: words, ...(style && { style }) });
const of = (words: string): Rich[] => richOf(words)?.elements ?? [];

describe("a text with marks", () => {
  it("becomes the rich text that it looks like", () => {
    expect(of("a *b _c_* ~d~ `e` [f](https://g.example)")).toEqual([{ type: "rich_text_section", elements: [
      text("a "), text("b ", { bold: true }), text("c", { bold: true, italic: true }), text(" "), text("d", { strike: true }), text(" "), text("e", { code: true }), text(" "),
      { type: "link", url: "https://g.example", text: "f" },
    ] }]);
    expect(of("> a\n> b\n```\nc\n```")).toEqual([{ type: "rich_text_quote", elements: [text("a\nb")] }, { type: "rich_text_preformatted", elements: [text("c")] }]);
    expect(of("a\n\nb")).toEqual([{ type: "rich_text_section", elements: [text("a\n\nb")] }]);
    expect(of("<@U1> <#C1> <!everyone>")).toEqual([{ type: "rich_text_section", elements: [{ type: "user", user_id: "U1" }, text(" "), { type: "channel", channel_id: "C1" }, text(" "), { type: "broadcast", range: "channel" }] }]);
    expect([richOf(""), richOf(" \n ")]).toEqual([null, null]);
  });

  it("has flat lists that say how deep they stand", () => {
    const item = (words: string) => ({ type: "rich_text_section", elements: [text(words)] });
    const list = (style: string, indent: number, ...words: string[]) => ({ type: "rich_text_list", style, indent, elements: words.map(item) });
    expect(of("- a\n  1. b\n  2. c\n- d")).toEqual([list("bullet", 0, "a"), list("ordered", 1, "b", "c"), list("bullet", 0, "d")]);
    expect(of("1. a\n  - b\n2. c")).toEqual([list("ordered", 0, "a"), list("bullet", 1, "b"), { ...list("ordered", 0, "c"), offset: 1 }]);
    expect(of("3. a\n4. b")).toEqual([{ ...list("ordered", 0, "a", "b"), offset: 2 }]);
  });

  it("comes back as it was written", () => {
    for (const words of ["a *b* _c_ ~d~ `e`", "한국어 *굵게* 그리고", "[f](https://g.example) https://h.example", "- a\n  1. b\n  2. c\n- d", "> a\n> b", "```\nc *d*\n```", "*_a_* <@U1>\n\nb", "1. a\n  - b\n2. c"]) {
      expect(marksOf(richOf(words))).toBe(words);
    }
  });

  it("keeps the words of what has no mark, and marks no blank space", () => {
    const given: RichText = { type: "rich_text", elements: [{ type: "rich_text_section", elements: [text(" a \nb ", { bold: true, underline: true }), { type: "date", timestamp: 1, format: "{date}", fallback: "then" }, { type: "future", text: "z" }] }] };
    expect(marksOf(given)).toBe(" *a* \n*b* thenz");
    expect(marksOf(null)).toBe("");
  });

  it("is looked at only where it is more than words", () => {
    expect([hasMarks(richOf("a\n\nb")), hasMarks(null), hasMarks(richOf("*a*")), hasMarks(richOf("- a"))]).toEqual([false, false, true, true]);
  });
});

describe("the buttons of the field", () => {
  const done = (words: string, { from, to, piece, start, end }: Change) => {
    const after = words.slice(0, from) + piece + words.slice(to);
    return `${after.slice(0, start)}‹${after.slice(start, end)}›${after.slice(end)}`;
  };
  const after = (given: string, what: Parameters<typeof mark>[3]) => {
    const from = given.indexOf("‹");
    const to = given.indexOf("›") - 1;
    const words = given.replace(/[‹›]/g, "");
    return done(words, mark(words, from, to, what));
  };

  it("mark what is selected, and take the mark away again", () => {
    expect(after("a ‹b c › d", "bold")).toBe("a *‹b c›*  d");
    expect(after("a *‹b›* c", "bold")).toBe("a ‹b› c");
    expect(after("a ‹*b*› c", "bold")).toBe("a ‹b› c");
    expect(after("a ‹›", "italic")).toBe("a _‹›_");
  });

  it("make a link, and select what is missing of it", () => {
    expect(after("‹a›", "link")).toBe("[a](‹https://›)");
    expect(after("‹https://a.example›", "link")).toBe("[‹›](https://a.example)");
  });

  it("begin lines, change one list into another, and take it away", () => {
    expect(after("x\n‹a\nb›", "bullets")).toBe("x\n‹- a\n- b›");
    expect(after("‹- a\n- b›", "numbers")).toBe("‹1. a\n2. b›");
    expect(after("‹1. a\n2. b›", "numbers")).toBe("‹a\nb›");
    expect(after("a‹›", "quote")).toBe("> a‹›");
  });

  it("go on with a list at Enter, and end it on an empty line", () => {
    const enter = (words: string) => { const change = onward(words, words.length); return change && done(words, change); };
    expect([enter("- a"), enter("  9. a"), enter("> a"), enter("- a\n- "), enter("a")]).toEqual(["- a\n- ‹›", "  9. a\n  10. ‹›", "> a\n> ‹›", "- a\n‹›", undefined]);
  });

  it("have keys that Korean layouts have too", () => {
    const key = (code: string, more: object = {}) => meant({ code, ctrlKey: true, metaKey: false, altKey: false, shiftKey: false, ...more });
    expect([key("KeyB"), key("KeyX"), key("KeyX", { shiftKey: true }), key("KeyB", { ctrlKey: false }), key("KeyB", { altKey: true })]).toEqual(["bold", undefined, "strike", undefined, undefined]);
  });
});
