import { expect, test } from "vitest";
import { next, patience } from "./recovery";

test("without an answer the same is tried again, and a line that cannot be mended is joined anew", () => {
  expect(next({ step: "mend", times: 1 })).toBe("mend");
  expect(next({ step: "mend", times: 3 })).toBe("join");
  expect(next({ step: "join", times: 9 })).toBe("join");
});

test("a participant whom the server has forgotten joins again", () => {
  expect(next({ step: "mend", times: 1, code: "participant_gone" })).toBe("join");
  expect(next({ step: "mend", times: 1, code: "call_over" })).toBe("join");
});

test("a call that went down with the server is started again, and one that is locked is left", () => {
  expect(next({ step: "join", times: 1, code: "call_over" })).toBe("start");
  expect(next({ step: "join", times: 1, code: "call_locked" })).toBe("give up");
  expect(next({ step: "start", times: 1, code: "not_a_member" })).toBe("give up");
});

test("attempts come soon at first, and never further apart than eight seconds", () => {
  expect(patience(0)).toBeLessThan(1_000);
  expect(patience(20)).toBe(8_000);
});
