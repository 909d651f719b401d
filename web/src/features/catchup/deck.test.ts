import { expect, test } from "vitest";
import type { SpaceItem } from "../../engine/view";
import { deckOf, deedOf } from "./deck";

const item = (key: string, more: Partial<SpaceItem>): SpaceItem =>
  ({ key, title: key, unread: 1, mentions: 0, level: "everything", summary: {}, last: { seq: 1, at: 1, author: "a", text: "" }, failed: 0, typing: [], read: 0, head: 1, ...more }) as SpaceItem;

test("the deck holds what waits, who is named first, then the newest", () => {
  const at = (at: number) => ({ last: { seq: 1, at, author: "a", text: "" } });
  const items = [
    item("old", at(1)),
    item("new", at(3)),
    item("named", { ...at(2), mentions: 1 }),
    item("read", { unread: 0 }),
    item("muted", { level: "nothing" }),
    item("archived", { summary: { archived: true } as SpaceItem["summary"] }),
  ];
  expect(deckOf(items).map(({ key }) => key)).toEqual(["named", "new", "old"]);
});

test("keys are where they are, whatever is typed", () => {
  expect(deedOf({ code: "KeyE", key: "ㄷ" })).toBe("read");
  expect(deedOf({ code: "ArrowLeft", key: "ArrowLeft" })).toBe("keep");
  expect(deedOf({ code: "Enter", key: "Enter" })).toBe("open");
  expect(deedOf({ code: "KeyZ", key: "z" })).toBe("undo");
  expect(deedOf({ code: "KeyA", key: "a" })).toBeUndefined();
});
