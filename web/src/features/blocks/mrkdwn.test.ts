import { describe, expect, it } from "vitest";
import { mrkdwn } from "./mrkdwn";
import type { Block, Inline as House } from "../../lib/markdown";
import { personOf, spaceOf } from "./ids";
import { plain, type Inline, type Node } from "./nodes";

// Made by the house's reader (crates/madang-slack/src/text): mrkdwn, and the nodes of the message that it becomes.
const vectors = Object.values(import.meta.glob<{ name: string; mrkdwn: string; nodes: Block[] }[]>("../../../../testing/vectors/mrkdwn.json", { eager: true, import: "default" })).flat();

/** Both trees as one line: the marks and the words. What our messages have no mark for is words there. */
const line = (inline: (node: never) => string, nodes: readonly (Node | Block)[]): string =>
  nodes
    .map((node): string => {
      if (node.t === "quote") return `quote(${line(inline, node.c)})`;
      if (node.t === "code") return `code(${"text" in node ? node.text : node.c.map(inline as never).join("")})`;
      if (node.t === "list") return node.items.map((item) => line(inline, "c" in item ? item.c : item)).join("\n");
      return "c" in node ? node.c.map(inline as never).join("") : "";
    })
    .join("\n");
function ofOurs(node: Inline): string {
  const c = "c" in node ? node.c.map(ofOurs).join("") : "";
  switch (node.t) {
    case "text": return node.text;
    case "person": return personOf(node.id) ? `mention(${personOf(node.id)})` : `@${node.name ?? node.id}`;
    case "space": return spaceOf(node.id) ? `space(${spaceOf(node.id)})` : `#${node.name ?? node.id}`;
    case "group": return `@${node.name}`;
    case "call": return "everyone()";
    case "emoji": return `:${node.name}:`;
    case "date": return node.href ? `link(${node.href} ${node.fallback})` : (node.fallback ?? "");
    case "link": return `link(${node.href} ${c})`;
    case "br": return "\n";
    default: return `${node.t}(${c})`;
  }
}
function ofTheirs(node: House): string {
  const c = "c" in node ? node.c.map(ofTheirs).join("") : "";
  switch (node.t) {
    case "text": return node.text;
    case "mention": case "space": return `${node.t}(${node.id})`;
    case "everyone": return "everyone()";
    case "emoji": return `:${node.name}:`;
    case "code": return `code(${node.text})`;
    case "link": return `link(${node.href} ${c})`;
    case "br": return "\n";
    default: return `${node.t}(${c})`;
  }
}
/** A joiner keeps words of ours from being marks; lists are words in mrkdwn. */
const bare = (words: string): string => words.replace(/\u2060/g, "").replace(/^ *(?:•|\d+\.) /gm, "").replace(/[ \n]*\n+/g, "\n").replace(/ +$/gm, "").trim();

const one = (text: string): Inline[] => {
  const [node] = mrkdwn(text);
  return node?.t === "p" ? node.c : [];
};
const text = (words: string): Inline => ({ t: "text", text: words });

describe("mrkdwn", () => {
  it("reads what the house reads", () => {
    expect(vectors).not.toHaveLength(0);
    for (const { name, mrkdwn: given, nodes } of vectors) expect(bare(line(ofOurs as never, mrkdwn(given))), name).toBe(bare(line(ofTheirs as never, nodes)));
  });

  it("knows bold, slanted, struck and code, within one another", () => {
    expect(one("*a _b_ c* ~d~ `*e*`")).toEqual([{ t: "b", c: [text("a "), { t: "i", c: [text("b")] }, text(" c")] }, text(" "), { t: "s", c: [text("d")] }, text(" "), { t: "code", c: [text("*e*")] }]);
    expect(one("*<https://a.io|label>*")).toEqual([{ t: "b", c: [{ t: "link", href: "https://a.io", c: [text("label")] }] }]);
  });

  it("takes marks inside words and beside spaces as they are", () => {
    for (const same of ["2*3*4", "snake_case_name", "a * b * c", "**", "~ no ~", "*"]) expect(one(same), same).toEqual([text(same)]);
  });

  it("knows neither headings nor lists nor Markdown's links", () => {
    for (const same of ["# no", "- no", "1. no", "[a](b)"]) expect(one(same), same).toEqual([text(same)]);
  });

  it("undoes the three escapes and no other", () => {
    expect(one("a &amp;&lt;b&gt; &quot; &amp;lt;")).toEqual([text("a &<b> &quot; &lt;")]);
  });

  it("reads what stands in angles", () => {
    expect(one("<@U12|nari> <@W9> <#C34|general> <!here> <!subteam^S5|@team> <mailto:a@b.io|mail>")).toEqual([
      { t: "person", id: "U12", name: "nari" }, text(" "), { t: "person", id: "W9" }, text(" "), { t: "space", id: "C34", name: "general" }, text(" "),
      { t: "call", whom: "here" }, text(" "), { t: "group", id: "S5", name: "team" }, text(" "), { t: "link", href: "mailto:a@b.io", c: [text("mail")] },
    ]);
    expect(one("<!date^1774600000^{date} {time}^https://x.io|then>")).toEqual([{ t: "date", at: 1_774_600_000, format: "{date} {time}", href: "https://x.io", fallback: "then" }]);
    expect(one("<!unknown|shown>")).toEqual([text("shown")]);
  });

  it("leads nowhere but to the web, mail and the telephone", () => {
    expect(one("<javascript:alert(1)|press>")).toEqual([text("press (javascript:alert(1))")]);
    expect(one("<data:text/html,x>")).toEqual([text("<data:text/html,x>")]);
  });

  it("finds bare addresses, unless the app wants them as they are", () => {
    expect(one("see https://a.io/x?a=1&amp;b=2.")).toEqual([text("see "), { t: "link", href: "https://a.io/x?a=1&b=2", c: [text("https://a.io/x?a=1&b=2")] }, text(".")]);
    expect(mrkdwn("https://a.io", true)).toEqual([{ t: "p", c: [text("https://a.io")] }]);
  });

  it("quotes lines, and everything after >>>", () => {
    expect(mrkdwn("a\n&gt; b\n> c\nd").map((node) => node.t)).toEqual(["p", "quote", "p"]);
    const [first, rest] = mrkdwn("a\n>>> b\n\nc ```d``` e");
    expect(first?.t).toBe("p");
    expect(rest).toMatchObject({ t: "quote", c: [{ t: "p" }, { t: "code" }, { t: "p" }] });
  });

  it("keeps code as it is, and a fence that nobody closes as text", () => {
    expect(mrkdwn("a\n```\n*b* &lt;c&gt;\n  d\n```\ne")).toEqual([{ t: "p", c: [text("a")] }, { t: "code", c: [text("*b* <c>\n  d")] }, { t: "p", c: [text("e")] }]);
    expect(plain(mrkdwn("a ```b"))).toBe("a ```b");
  });

  it("names emoji, and takes no time of day for one", () => {
    expect(one(":wave::skin-tone-3: 12:30:45")).toEqual([{ t: "emoji", name: "wave::skin-tone-3" }, text(" 12:30:45")]);
  });

  it("reads long and hostile texts in linear time", () => {
    for (const sign of ["*a ", "<", "```", "_", "> ", ":a", "&lt;", "<!date^"]) expect(() => mrkdwn(sign.repeat(20_000)), sign).not.toThrow();
  });
});
