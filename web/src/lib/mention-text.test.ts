import { expect, test } from "vitest";
import { shown, stored, typedWord } from "./mention-text";

const people: Record<string, string> = { p1: "김지현", p2: "Mina", p3: "Mina Park" };

test("a stored text is shown with names and stored again with ids", () => {
  const names = new Map<string, string>();
  const text = shown("<@p1> 님, <@p3> and <@p9>: <!everyone>", (id) => people[id], names);
  expect(text).toBe("@김지현 님, @Mina Park and <@p9>: @everyone");
  expect(stored(text, names)).toBe("<@p1> 님, <@p3> and <@p9>: <!everyone>");
});

test("the longest name wins, and a Korean particle may follow a name", () => {
  const names = new Map([["Mina", "p2"], ["Mina Park", "p3"], ["김지현", "p1"]]);
  expect(stored("@Mina Park and @Mina", names)).toBe("<@p3> and <@p2>");
  expect(stored("@김지현님 확인", names)).toBe("<@p1>님 확인");
  expect(stored("mail@Mina.kr @Minas", names)).toBe("mail@Mina.kr @Minas");
});

test("a word is being typed after @ or : up to the caret", () => {
  expect(typedWord("안녕 @지", 5)).toEqual({ sign: "@", word: "지", start: 3 });
  expect(typedWord(":smi", 4)).toEqual({ sign: ":", word: "smi", start: 0 });
  expect(typedWord("a@b", 3)).toBeNull();
  expect(typedWord("12:30", 5)).toBeNull();
  expect(typedWord("@a b", 4)).toBeNull();
});
