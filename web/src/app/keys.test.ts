import { expect, test } from "vitest";
import { shortcutOf, stepTo } from "./keys";

const press = (key: string, more: Partial<Parameters<typeof shortcutOf>[0]> = {}) => ({ key, code: "", ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...more });

test("find is where K is, whatever script is being typed", () => {
  expect(shortcutOf(press("k", { code: "KeyK", ctrlKey: true }), true)).toBe("find");
  expect(shortcutOf(press("ㅏ", { code: "KeyK", metaKey: true }), true)).toBe("find");
});

test("plain keys are letters while a person types", () => {
  expect(shortcutOf(press("?", { shiftKey: true }), false)).toBe("help");
  expect(shortcutOf(press("?", { shiftKey: true }), true)).toBeNull();
  expect(shortcutOf(press("Escape"), true)).toBeNull();
  expect(shortcutOf(press("Escape"), false)).toBe("close");
});

test("Alt with an arrow walks the chats, with Shift those that are unread", () => {
  expect(shortcutOf(press("ArrowDown", { altKey: true }), true)).toBe("next");
  expect(shortcutOf(press("ArrowUp", { altKey: true }), false)).toBe("previous");
  expect(shortcutOf(press("ArrowDown", { altKey: true, shiftKey: true }), false)).toBe("nextUnread");
  expect(shortcutOf(press("ArrowDown"), false)).toBeNull();
});

test("a step goes round the end, passes what is not wanted, and starts at an end without a current one", () => {
  const list = ["a", "b", "c"];
  expect(stepTo(list, (one) => one === "c", 1)).toBe("a");
  expect(stepTo(list, (one) => one === "a", -1)).toBe("c");
  expect(stepTo(list, () => false, 1)).toBe("a");
  expect(stepTo(list, () => false, -1)).toBe("c");
  expect(stepTo(list, (one) => one === "a", 1, (one) => one === "c")).toBe("c");
  expect(stepTo(list, (one) => one === "a", 1, () => false)).toBeUndefined();
  expect(stepTo([], () => false, 1)).toBeUndefined();
});
