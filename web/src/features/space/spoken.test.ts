import { expect, test } from "vitest";
import type { ShownRow } from "../../engine/view";
import { stillSaid, toSay } from "./spoken";

const message = (seq: number, author: string, removed?: true): ShownRow => ({
  key: `k${seq}`,
  row: { type: "message", seq, at: seq, author, changed: seq, text: removed ? "" : `text ${seq}`, ...(removed && { removed }) },
});
const joined = (seq: number): ShownRow => ({
  key: `k${seq}`,
  row: { type: "member.joined", seq, at: seq, author: "nari", changed: seq, body: { person: "mina", role: "member" } },
});
const shown = (...rows: ShownRow[]) => ({ rows, last: rows.at(-1)?.row.seq ?? 0, head: 9, atStart: true, atEnd: true, loading: false, missing: false, gone: false });

test("the newest message of somebody else is said, one's own and notices are not", () => {
  expect(toSay(shown(message(1, "mina")), "joon")?.text).toBe("text 1");
  expect(toSay(shown(message(1, "joon")), "joon")).toBeUndefined();
  expect(toSay(shown(message(1, "mina"), joined(2)), "joon")).toBeUndefined();
  expect(toSay(shown(message(1, "mina", true)), "joon")).toBeUndefined();
});

test("what was said is to be found until its message is removed, and not after", () => {
  expect(stillSaid(shown(message(1, "mina"), message(2, "joon")), 1)).toBe(true);
  expect(stillSaid(shown(message(1, "mina", true), message(2, "joon")), 1)).toBe(false);
  expect(stillSaid(shown(message(2, "joon")), 1)).toBe(false);
});
