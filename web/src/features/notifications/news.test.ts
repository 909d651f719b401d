import { expect, test } from "vitest";
import type { SpaceItem } from "../../engine/view";
import type { Activity, Level, SpaceKind } from "../../engine/wire";
import { newest, newsOf, newsSince, seenOf, worthTelling } from "./news";

function item(given: { level?: Level; kind?: SpaceKind; seq?: number; author?: string; read?: number; mentions?: number; removed?: boolean }): SpaceItem {
  const { level = "everything", kind = "closed", seq = 0, author = "mina", read = 0, mentions = 0, removed } = given;
  return {
    key: "s1", title: "Design", unread: 1, mentions, level, failed: 0, typing: [], read, head: seq,
    summary: { id: "s1", workspace: "w", kind, name: "Design", description: "", head: { epoch: 1, seq }, members: 3, guests: 0, receipts: true },
    ...(seq && { last: { seq, at: seq, author, text: "hello", ...(removed && { removed }) } }),
  };
}
const told = (before: SpaceItem, after: SpaceItem) => newsOf(seenOf([before]), [after], "joon").length;

test("a new message of somebody else is told, once", () => {
  expect(told(item({ seq: 4 }), item({ seq: 5 }))).toBe(1);
  expect(told(item({ seq: 5 }), item({ seq: 5 }))).toBe(0);
});

test("one's own words, read ones and removed ones are not told", () => {
  expect(told(item({ seq: 4 }), item({ seq: 5, author: "joon" }))).toBe(0);
  expect(told(item({ seq: 4 }), item({ seq: 5, read: 5 }))).toBe(0);
  expect(told(item({ seq: 4 }), item({ seq: 5, removed: true }))).toBe(0);
});

test("how much one wants to hear is obeyed", () => {
  expect(told(item({ seq: 4, level: "mentions" }), item({ seq: 5, level: "mentions" }))).toBe(0);
  expect(told(item({ seq: 4, level: "mentions" }), item({ seq: 5, level: "mentions", mentions: 1 }))).toBe(1);
  expect(told(item({ seq: 4, level: "nothing" }), item({ seq: 5, level: "nothing", mentions: 1 }))).toBe(0);
  expect(told(item({ seq: 4, kind: "direct" }), item({ seq: 5, kind: "direct" }))).toBe(1);
});

test("the history of a space one has just come into is no news", () => {
  expect(newsOf(new Map(), [item({ seq: 9 })], "joon")).toEqual([]);
});

test("a list that is seen for the first time tells what came since the page was opened", () => {
  const since = (then: number, of: SpaceItem) => newsSince(then, [of], "joon").map(({ last, mention }) => [last.seq, mention]);
  expect(since(4, item({ seq: 5 }))).toEqual([[5, false]]);
  expect(since(5, item({ seq: 5 }))).toEqual([]);
  expect(since(4, item({ seq: 5, author: "joon" }))).toEqual([]);
  expect(since(4, item({ seq: 5, level: "mentions" }))).toEqual([]);
  expect(since(4, item({ seq: 5, level: "mentions", mentions: 1 }))).toEqual([[5, true]]);
  expect(newest([item({ seq: 3 }), item({ seq: 7 }), item({})])).toBe(7);
});

const activity = (kind: Activity["kind"], at: number, thread?: number): Activity => ({ id: `${kind}${at}`, kind, space: "s1", seq: at, actor: "mina", at, message: at, ...(thread !== undefined && { thread }) });
const kinds = (items: Activity[], level: Level | undefined) => worthTelling(items, 10, () => level).map((one) => one.kind);

test("of activity only what the list does not show is told, and only what is new", () => {
  const items = [activity("reply", 14, 3), activity("mention", 13), activity("reaction", 12), activity("added", 11), activity("reply", 9, 3)];
  expect(kinds(items, "everything")).toEqual(["reply", "added"]);
});

test("a muted space is silent in threads too; with mentions only, a reply is not told", () => {
  const items = [activity("reply", 14, 3), activity("mention", 13, 3), activity("reminder", 12)];
  expect(kinds(items, "mentions")).toEqual(["mention", "reminder"]);
  expect(kinds(items, "nothing")).toEqual([]);
});

test("a reply that was also sent to the space is told once, by the list", () => {
  const also: Activity[] = (["mention", "everyone", "reply"] as const).map((kind) => ({ ...activity(kind, 14, 3), also: true }));
  for (const level of ["everything", "mentions"] as const) {
    expect(kinds(also, level)).toEqual([]);
    expect(told(item({ seq: 4, level }), item({ seq: 14, level, mentions: 1 }))).toBe(1);
  }
});
