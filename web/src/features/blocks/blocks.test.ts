import { describe, expect, it } from "vitest";
import { dated } from "./dates";
import { fallbackOf } from "./fallback";
import { markdown } from "./markdown";
import { plain } from "./nodes";
import { pictureOf } from "./pictures";
import { rich } from "./rich";
import { wrongWith } from "./scene.svelte";
import type { Block, Element } from "./shapes";
import { initial, isEmpty, stateOf } from "./state";
import { plainNodes } from "./text";

const section = (...words: string[]) => ({ type: "rich_text_section", elements: words.map((text) => ({ type: "text", text })) });

describe("rich text", () => {
  it("puts flat lists into one another", () => {
    const list = (indent: number, style: string, ...items: string[]) => ({ type: "rich_text_list", style, indent, elements: items.map((item) => section(item)) });
    const [node, ...more] = rich([list(0, "bullet", "a", "b"), list(1, "ordered", "c"), list(2, "bullet", "d"), list(0, "bullet", "e")]);
    expect(more).toEqual([]);
    expect(node).toMatchObject({ t: "list", ordered: false, items: [{}, { c: [{ t: "p" }, { t: "list", ordered: true, items: [{ c: [{ t: "p" }, { t: "list" }] }] }] }, { c: [{ t: "p" }] }] });
  });

  it("wears all its styles, and leads nowhere unsafe", () => {
    const [node] = rich([{ type: "rich_text_section", elements: [{ type: "text", text: "x", style: { bold: true, italic: true } }, { type: "link", url: "javascript:x", text: "y" }, { type: "emoji", name: "wave", unicode: "1f44b-1f3fb" }, { type: "future", text: "z" }] }]);
    expect(node).toEqual({ t: "p", c: [{ t: "i", c: [{ t: "b", c: [{ t: "text", text: "x" }] }] }, { t: "text", text: "y" }, { t: "emoji", name: "wave", char: "👋🏻" }, { t: "text", text: "z" }] });
  });
});

describe("a call", () => {
  it("that cannot be shown says what it is called, and the way to it", () => {
    expect(fallbackOf({ type: "call", call: { v1: { name: "Stand-up", join_url: "https://meet.example/1" } } } as unknown as Block)).toBe("Stand-up\nhttps://meet.example/1");
  });
});

describe("Markdown", () => {
  it("knows tables, tasks and lists, and shows HTML as it was written", () => {
    expect(markdown("# A\n\n- [x] b\n- [ ] c\n\n| d | e |\n|---|--:|\n| 1 | 2 |").map((node) => node.t)).toEqual(["h", "list", "table"]);
    expect(markdown("- [x] b")).toEqual([{ t: "list", ordered: false, items: [{ done: true, c: [{ t: "p", c: [{ t: "text", text: "b" }] }] }] }]);
    expect(plain(markdown("a <b>x</b> <script>alert(1)</script>"))).toBe("a <b>x</b> <script>alert(1)</script>");
    expect(plain(markdown("<div onclick='x'>y</div>"))).toBe("<div onclick='x'>y</div>");
    expect(JSON.stringify(markdown("[x](javascript:alert(1)) ![y](file:///z)"))).not.toMatch(/href|src/);
  });
});

describe("dates", () => {
  const now = new Date(2026, 10, 27, 12, 0);
  const at = (day: number) => new Date(2026, 10, day, 14, 5).getTime() / 1000;
  it("speaks the language of the reader", () => {
    expect(dated(at(3), "{date_num} {time}", now, "en")).toMatch(/^2026-11-03 2:05.PM$/);
    expect(dated(at(3), "{date_short}", now, "ko")).toBe("2026년 11월 3일");
    expect(dated(at(26), "{date_pretty}", now, "en")).toBe("yesterday");
    expect(dated(at(27), "{date_long_pretty}", now, "ko")).toBe("오늘");
  });
  it("shows its fallback where it is none, and leaves what it does not know", () => {
    expect(dated(Number.NaN, "{date}", now, "en", "then")).toBe("then");
    expect(dated(at(3), "{nothing} x", now, "en")).toBe("{nothing} x");
  });
});

describe("what stands in the fields", () => {
  const option = { text: { type: "plain_text", text: "A" }, value: "a" };
  const blocks = [
    { type: "input", block_id: "i", element: { type: "plain_text_input", action_id: "t", initial_value: "x" } },
    { type: "section", block_id: "s", accessory: { type: "static_select", action_id: "o", initial_option: option } },
    { type: "actions", block_id: "a", elements: [{ type: "button", action_id: "b" }, { type: "multi_conversations_select", action_id: "c", default_to_current_conversation: true }] },
    { type: "container", block_id: "k", child_blocks: [{ type: "input", block_id: "n", element: { type: "number_input", action_id: "t" } }] },
  ] as unknown as Block[];

  it("is what the app put there until somebody changes it, each under its own block", () => {
    const changed = { n: { t: { type: "number_input", value: "4" } } };
    expect(stateOf(blocks, changed, "C1")).toEqual({
      i: { t: { type: "plain_text_input", value: "x" } },
      s: { o: { type: "static_select", selected_option: option } },
      a: { c: { type: "multi_conversations_select", selected_conversations: ["C1"] } },
      n: { t: { type: "number_input", value: "4" } },
    });
  });

  it("knows an empty field of every kind", () => {
    for (const type of ["plain_text_input", "static_select", "multi_users_select", "checkboxes", "datepicker", "file_input", "rich_text_input", "timepicker", "datetimepicker"]) expect(isEmpty(initial({ type })), type).toBe(true);
    expect(isEmpty({ type: "datepicker", selected_date: "2026-01-01" })).toBe(false);
    expect(initial({ type: "button" })).toBeUndefined();
  });

  it("says what is wrong with a value", () => {
    const wrong = (element: Partial<Element>, value: string) => wrongWith({ type: "plain_text_input", ...element }, { type: "x", value }) !== undefined;
    expect([wrong({ type: "number_input" }, "1.5"), wrong({ type: "number_input", is_decimal_allowed: true }, "1.5"), wrong({ type: "number_input", max_value: "3" }, "4")]).toEqual([true, false, true]);
    expect([wrong({ type: "email_text_input" }, "a"), wrong({ type: "email_text_input" }, "a@b.io"), wrong({ type: "url_text_input" }, "javascript:x"), wrong({ type: "url_text_input" }, "https://a.io")]).toEqual([true, false, true, false]);
    expect([wrong({ min_length: 3 }, "ab"), wrong({ max_length: 3 }, "abcd"), wrong({}, "abcd")]).toEqual([true, true, false]);
  });
});

describe("what cannot be shown as what it is", () => {
  it("shows its words", () => {
    expect(fallbackOf({ type: "new", title: { type: "plain_text", text: "A" }, elements: [{ type: "x", text: "B" }], child_blocks: [{ type: "y", alt_text: "C" }] } as unknown as Block)).toBe("A\nB\nC");
  });
  it("fetches pictures from outside by way of the house, and nothing else", () => {
    expect(pictureOf("https://a.io/x.png")).toBe("/api/v1/pictures/outside?url=https%3A%2F%2Fa.io%2Fx.png");
    expect(pictureOf({ slack_file: { id: "FG" } })).toBe("/api/v1/files/000000000000g/thumb?w=960");
    expect(pictureOf("data:image/png;base64,x")).toBeUndefined();
  });
  it("reads emoji in plain text, if the app lets it", () => {
    expect(plainNodes("a :tada:")).toEqual([{ t: "p", c: [{ t: "text", text: "a " }, { t: "emoji", name: "tada" }] }]);
    expect(plainNodes("a :tada:", false)).toEqual([{ t: "p", c: [{ t: "text", text: "a :tada:" }] }]);
  });
});
