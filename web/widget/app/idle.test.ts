import { expect, test } from "vitest";
import { idleAfter } from "./idle";

test("a kiosk that nobody uses asks nothing, and no call is broken off", () => {
  expect(idleAfter({ within: false, state: undefined, calling: false })).toBeUndefined();
  expect(idleAfter({ within: true, state: "open", calling: true })).toBeUndefined();
});

test("whoever waits may stand still for long, whoever is done is soon forgotten", () => {
  const after = (state: "waiting" | "open" | "closed") => idleAfter({ within: true, state, calling: false }) ?? 0;
  expect(after("waiting")).toBeGreaterThan(after("open"));
  expect(after("open")).toBeGreaterThan(after("closed"));
});
