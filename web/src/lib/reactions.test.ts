import { expect, test } from "vitest";
import { emojiByName } from "./emoji";
import { quickReactions, reactionChar } from "./reactions";

test("the usual reactions are seen without the table, and have the names of the table", () => {
  for (const name of quickReactions) expect(reactionChar(name, undefined), name).toBe(emojiByName(name));
});

test("others wait for the table; one without a name is itself", () => {
  expect(reactionChar("cat", undefined)).toBeUndefined();
  expect(reactionChar("cat", emojiByName)).toBe("🐱");
  expect(reactionChar("🫨🏽", undefined)).toBe("🫨🏽");
});
