import { expect, test } from "vitest";
import type { Event, Page } from "../../src/engine/wire";
import { before, beginAt, missing, take, takeAll, visible, type History } from "./history";

const said = (seq: number, text = `word ${seq}`): Event => ({ space: "s", seq, at: seq * 1_000_000, author: "nari", type: "message.posted", body: { text } });
const page = (n: number, at: number, ...seqs: number[]): Page => ({ space: "s", page: n, version: at, at, rows: seqs.map((seq) => ({ seq, at: seq * 1_000_000, author: "nari", changed: seq, type: "message", text: `word ${seq}` })) });
const texts = (history: History) => history.rows.map((row) => (row.type === "message" ? row.text : row.type));

test("what comes in order is shown at once, twice is once", () => {
  const history = takeAll(beginAt(page(0, 2, 1, 2)), [said(3), said(3), said(2), said(4)]);
  expect(texts(history)).toEqual(["word 1", "word 2", "word 3", "word 4"]);
  expect(history.high).toBe(4);
});

test("what comes too early waits until the gap is filled", () => {
  const torn = take(beginAt(page(0, 2, 1, 2)), said(5));
  expect(texts(torn)).toEqual(["word 1", "word 2"]);
  expect(missing(torn, 2)).toBe("events");
  const whole = takeAll(torn, [said(3), said(4)]);
  expect(texts(whole)).toEqual(["word 1", "word 2", "word 3", "word 4", "word 5"]);
  expect(missing(whole, 5)).toBe("nothing");
});

test("whoever was away for long begins anew", () => {
  expect(missing(beginAt(page(0, 2, 1, 2)), 515)).toBe("anew");
  expect(missing(beginAt(page(0, 2, 1, 2)), 514)).toBe("events");
});

test("events that came while the page was on its way are folded into it", () => {
  expect(texts(beginAt(page(0, 2, 1, 2), [said(2), said(3)]))).toEqual(["word 1", "word 2", "word 3"]);
});

test("an earlier page stands before the rest, and only the one that is next", () => {
  const history = beginAt(page(2, 130, 128, 130));
  expect(before(history, page(0, 130, 1))).toBe(history);
  expect(texts(before(history, page(1, 130, 64)))).toEqual(["word 64", "word 128", "word 130"]);
});

test("an edit and a removal change what is shown", () => {
  const edited: Event = { ...said(3), type: "message.edited", body: { message: 1, text: "other" } };
  const removed: Event = { ...said(4), type: "message.removed", body: { message: 2 } };
  const { rows } = takeAll(beginAt(page(0, 2, 1, 2)), [edited, removed]);
  expect(rows).toMatchObject([{ text: "other", edited_at: 3_000_000 }, { text: "", removed: true }]);
});

test("replies in threads and what is for staff are not seen", () => {
  const reply: Event = { ...said(3), type: "message.posted", body: { text: "aside", thread: 1 } };
  const hidden = { ...said(4), type: "hidden", body: {} } as unknown as Event;
  expect(visible(takeAll(beginAt(page(0, 2, 1, 2)), [reply, hidden]).rows).map(({ seq }) => seq)).toEqual([1, 2]);
});
