import { describe, expect, it } from "vitest";
import written from "../../../../testing/vectors/search.json";
import { plainWords } from "./ask";
import { excerpt, fold } from "./fold";
import { matchesName } from "./names";

interface Vectors {
  fold: [string, string][];
  names: { name: string; found: string[]; missed: string[] }[];
  excerpts: { text: string; words: string[]; shown: string }[];
}
const vectors = written as unknown as Vectors;

describe("search has the rules of the house", () => {
  it("folds texts alike", () => {
    for (const [text, folded] of vectors.fold) expect(fold(text), text).toBe(folded);
  });

  it("finds names alike", () => {
    for (const { name, found, missed } of vectors.names) {
      for (const asked of found) expect(matchesName(name, asked), `${name} by ${asked}`).toBe(true);
      for (const asked of missed) expect(matchesName(name, asked), `${name} by ${asked}`).toBe(false);
    }
  });

  it("shows the same places", () => {
    for (const { text, words, shown } of vectors.excerpts) {
      expect(excerpt(text, words).map((part) => (part.hit ? `[${part.text}]` : part.text)).join("")).toBe(shown);
    }
  });

  it("leaves filters to the server", () => {
    expect(plainWords('회의 "봄 행사" deploy')).toEqual(["회의", "봄 행사", "deploy"]);
    expect(plainWords("https://madang.example 10:30")).toEqual(["https://madang.example", "10:30"]);
    for (const question of ["from:나리 회의", "회의 -취소", "HAS:file", "보낸사람:나리"]) expect(plainWords(question), question).toBeNull();
    expect(plainWords(" !! ")).toEqual([]);
  });
});
