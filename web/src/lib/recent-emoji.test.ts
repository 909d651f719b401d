import { expect, test } from "vitest";
import { MOST_RECENT, withRecent } from "./recent-emoji";

test("what was used last comes first, each once, and the list does not grow for ever", () => {
  expect(withRecent(["tada", "+1"], "+1")).toEqual(["+1", "tada"]);
  const many = Array.from({ length: MOST_RECENT }, (_, n) => `e${n}`);
  expect(withRecent(many, "eyes")).toHaveLength(MOST_RECENT);
  expect(withRecent(many, "eyes")[0]).toBe("eyes");
});
