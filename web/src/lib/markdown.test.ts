import { beforeAll, describe, expect, it } from "vitest";
import house from "../../../crates/madang-model/src/text/emoji.txt?raw";
import written from "../../../testing/vectors/text.json";
import { allEmoji, emojiByName, loadKoreanWords, searchEmoji } from "./emoji";
import names from "./emoji-names";
import words from "./emoji-words-ko";
import { mentions, parse, plainText, type Block, type Mentions } from "./markdown";

interface Vector {
  name: string;
  text: string;
  nodes: Block[];
  plain: string;
  mentions: Mentions;
}

const vectors = written as Vector[];

describe("the shared vectors", () => {
  it("are at least eighty", () => expect(vectors.length).toBeGreaterThanOrEqual(80));

  it.each(vectors)("$name", (vector) => {
    const nodes = parse(vector.text, emojiByName);
    expect(nodes).toStrictEqual(vector.nodes);
    expect(plainText(nodes)).toBe(vector.plain);
    expect(mentions(vector.text)).toStrictEqual(vector.mentions);
  });
});

describe("a text", () => {
  it("names people and spaces in a preview", () => {
    const plain = plainText(parse("<@a1> <@b2> <#s1|old> <#s2|뜰> <!here>"), {
      person: (id) => (id === "a1" ? "나리" : undefined),
      space: (id) => (id === "s1" ? "광장" : undefined),
      everyone: "모두",
    });
    expect(plain).toBe("@나리 @b2 #광장 #뜰 @모두");
  });

  it("keeps emoji names as text until the table is there", () => {
    expect(plainText(parse(":wave: 안녕"))).toBe(":wave: 안녕");
  });

  it("of 40,000 hostile characters still has a tree", () => {
    for (const piece of ["*_~", "[a](https://a", "<@", "`a", "- a\n", "> ```\n", ":a", "\ud83d", "https://a("])
      expect(parse(piece.repeat(40_000 / piece.length), emojiByName).length).toBeGreaterThan(0);
  });
});

describe("the emoji table", () => {
  it("is the one of the house", () => {
    expect(names).toBe(house);
    expect(words.split("\n").length).toBe(allEmoji.length);
  });

  it("is small to load", async () => {
    for (const text of [names, words]) {
      const packed = new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"));
      expect((await new Response(packed).arrayBuffer()).byteLength).toBeLessThan(25 * 1024);
    }
  });

  it("gives characters by name, alias and skin tone", () => {
    expect(emojiByName("+1")).toBe("👍");
    expect(emojiByName("thumbsup")).toBe("👍");
    expect(emojiByName("wave::skin-tone-3")).toBe("👋🏼");
    expect(emojiByName("woman-heart-woman::skin-tone-2")).toBe("👩🏻‍❤️‍👩🏻");
    for (const name of ["nothing", "", "constructor", "wave::skin-tone-1", "tada::skin-tone-3", "wave::skin-tone-33"])
      expect(emojiByName(name)).toBeUndefined();
  });

  it("finds by the start of a name or of a part of it, the best first", () => {
    const found = searchEmoji("heart").map((e) => e.name);
    expect(found[0]).toBe("heart");
    expect(found).toContain("hearts");
    expect(searchEmoji(":par", 100).map((e) => e.name)).toContain("partying_face");
    expect(searchEmoji("")).toEqual([]);
    expect(searchEmoji("nosuchthing")).toEqual([]);
    expect(searchEmoji("a", 5).length).toBe(5);
  });
});

describe("the search in Korean", () => {
  beforeAll(loadKoreanWords);

  it("finds by Korean words", () => {
    expect(searchEmoji("축하", 50).map((e) => e.char)).toContain("🎉");
    expect(searchEmoji("최고", 50).map((e) => e.char)).toContain("👍");
  });

  it("finds while the last syllable is still being composed", () => {
    expect(searchEmoji("고야", 50).map((e) => e.char)).toContain("🐈");
  });

  it("finds flags by their country", () => {
    expect(searchEmoji("대한민국").map((e) => e.char)).toEqual(["🇰🇷"]);
  });
});
