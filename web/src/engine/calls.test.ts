import { beforeEach, expect, test, vi } from "vitest";
import { Calls } from "./calls";
import type { Call, InCall } from "./wire";

const call = (id: string, more: Partial<Call> = {}): Call => ({ id, space: `s-${id}`, at: 1, by: "nari", video: true, locked: false, host: null, participants: [], ...more });
let changed: string[] = [];
let told = 0;
let calls: Calls;

beforeEach(() => {
  vi.useFakeTimers();
  changed = [];
  told = 0;
  calls = new Calls(() => (told += 1), (space) => changed.push(space));
  return () => vi.useRealTimers();
});

test("a space is told when a call begins and ends in it, and not for all that happens within", () => {
  calls.frame({ type: "call", call: call("a") });
  calls.frame({ type: "call", call: call("a", { speaker: "p" }) });
  expect(calls.in("s-a")).toBe("a");
  calls.frame({ type: "call", call: call("a", { ended: 9 }) });
  expect(calls.in("s-a")).toBeUndefined();
  expect(changed).toEqual(["s-a", "s-a"]);
  expect(told).toBe(3);
});

test("a welcome says which calls run; others are over, and so is their ringing", () => {
  calls.frame({ type: "ring", call: call("a"), from: "nari" });
  calls.welcome([call("b")]);
  expect(calls.now()).toEqual({ calls: [call("b")], rings: [] });
});

test("a call stops ringing when it is answered elsewhere, hushed here, or nobody says so for a minute", () => {
  for (const id of ["a", "b", "c"]) calls.frame({ type: "ring", call: call(id), from: "nari" });
  calls.frame({ type: "ring_over", call: "a", why: "answered" });
  calls.hush("b");
  expect(calls.now().rings.map((it) => it.call.id)).toEqual(["c"]);
  vi.advanceTimersByTime(60_000);
  expect(calls.now().rings).toEqual([]);
  expect(calls.now().calls).toHaveLength(3);
});

test("what concerns who is in a call is passed on as it comes: slots, signals, and that it is over", () => {
  const heard: InCall[] = [];
  const stop = calls.listen((frame) => heard.push(frame));
  const slots = { type: "call_slots" as const, call: "a", participant: "p", n: 1, slots: [] };
  calls.frame(slots);
  const over = { type: "call" as const, call: call("a", { ended: 9 }) };
  calls.frame({ type: "call", call: call("a") });
  calls.frame(over);
  stop();
  calls.frame({ ...slots, n: 2 });
  expect(heard).toEqual([slots, over]);
});
