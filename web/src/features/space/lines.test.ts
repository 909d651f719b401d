import { expect, test } from "vitest";
import type { ShownRow } from "../../engine/view";
import { keptOf, linesOf } from "./lines";

const at = (day: number, hour: number, minute: number, second = 0) => new Date(2026, 10, day, hour, minute, second).getTime() * 1000;
const message = (seq: number, author: string, when: number): ShownRow => ({
  key: `k${seq}`,
  row: { type: "message", seq, at: when, author, changed: seq, text: `text ${seq}` },
});
const joined = (seq: number, when: number): ShownRow => ({
  key: `k${seq}`,
  row: { type: "member.joined", seq, at: when, author: "nari", changed: seq, body: { person: "mina", role: "member" } },
});
const words = (rows: ShownRow[], firstUnread?: number) =>
  linesOf(rows, "joon", firstUnread).map((line) =>
    line.kind === "message" ? `${line.mine ? "mine" : line.shown.row.author}${line.first ? " first" : ""}${line.last ? " last" : ""}` : line.kind,
  );

test("a day stands before its first row", () => {
  expect(words([message(1, "mina", at(21, 9, 0)), message(2, "mina", at(22, 9, 0))])).toEqual(["day", "mina first last", "day", "mina first last"]);
});

test("messages of one author within five minutes are one run, and a minute shows its time once", () => {
  const rows = [message(1, "mina", at(22, 9, 0, 5)), message(2, "mina", at(22, 9, 0, 40)), message(3, "mina", at(22, 9, 1)), message(4, "joon", at(22, 9, 1)), message(5, "joon", at(22, 9, 20))];
  expect(words(rows)).toEqual(["day", "mina first", "mina last", "mina last", "mine first last", "mine first last"]);
});

test("a notice ends a run, and so does the unread line", () => {
  const rows = [message(1, "mina", at(22, 9, 0, 1)), joined(2, at(22, 9, 0, 2)), message(3, "mina", at(22, 9, 0, 3)), message(4, "mina", at(22, 9, 0, 4))];
  expect(words(rows, 4)).toEqual(["day", "mina first last", "notice", "mina first", "unread", "mina first last"]);
});

test("a line that has not changed is the same object as before", () => {
  const rows = [message(1, "mina", at(22, 9, 0)), message(2, "mina", at(22, 9, 30))];
  const before = linesOf(rows, "joon");
  const after = keptOf(linesOf([...rows, message(3, "mina", at(22, 9, 30, 30))], "joon"), before);
  // The second is not the last of its minute any more.
  expect(after.map((line, n) => line === before[n])).toEqual([true, true, false, false]);
});
