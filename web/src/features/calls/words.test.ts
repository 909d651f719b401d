import { expect, test } from "vitest";
import { clock, lasted } from "./words";

test("the time of a call reads as on a clock", () => {
  expect(clock(0)).toBe("0:00");
  expect(clock(272.9)).toBe("4:32");
  expect(clock(3872)).toBe("1:04:32");
});

test("how long a call was is told in the reader's language", () => {
  expect(lasted(32e6, "en")).toBe("32 sec");
  expect(lasted(260e6, "ko")).toBe("4분");
  expect(lasted(3_840e6, "en")).toBe("1 hr 4 min");
  expect(lasted(10, "en")).toBe("1 sec");
});
