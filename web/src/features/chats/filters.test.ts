import { expect, test } from "vitest";
import type { SpaceItem } from "../../engine/view";
import { counts, fits, isAside, keeps } from "./filters";

const item = (given: Partial<Omit<SpaceItem, "summary">> & { summary?: Partial<SpaceItem["summary"]> }): SpaceItem => ({
  key: "s", title: "Design Team", unread: 0, mentions: 0, level: "everything", failed: 0, typing: [], read: 0, head: 0, ...given,
  summary: { id: "s", workspace: "w", kind: "closed", name: "", description: "", head: { epoch: 1, seq: 0 }, members: 1, guests: 0, receipts: true, ...given.summary },
});

test("a search finds by any word of the name, whatever the case", () => {
  expect(fits(item({}), "team des")).toBe(true);
  expect(fits(item({ title: "제품팀" }), "제품")).toBe(true);
  expect(fits(item({}), "design x")).toBe(false);
  expect(fits(item({}), "")).toBe(true);
});

test("archived and deleted chats stand apart", () => {
  expect(isAside(item({}))).toBe(false);
  expect(isAside(item({ summary: { archived: true } }))).toBe(true);
  expect(isAside(item({ summary: { deleted_until: 1 } }))).toBe(true);
});

test("what waits for a person depends on how much they want to hear", () => {
  const unread = item({ unread: 2 });
  expect(counts([unread, { ...unread, level: "mentions" }, { ...unread, level: "nothing" }])).toBe(1);
  expect(counts([{ ...unread, level: "mentions", mentions: 1 }, { ...unread, level: "nothing", mentions: 1 }])).toBe(2);
});

test("the filters keep what their names say", () => {
  expect(keeps("unread", item({ failed: 1 }))).toBe(true);
  expect(keeps("unread", item({}))).toBe(false);
  expect(keeps("direct", item({ summary: { kind: "direct" } }))).toBe(true);
  expect(keeps("spaces", item({ summary: { kind: "direct" } }))).toBe(false);
});
