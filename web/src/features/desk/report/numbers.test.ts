import { describe, expect, it } from "vitest";
import { everyDay, lasted, percent, rating, stretch } from "./numbers";
import type { Figures } from "../../../engine/wire-desk";

const S = 1_000_000;

describe("how long something took", () => {
  it.each([
    [4_240_000, "4.2 sec"],
    [42 * S, "42 sec"],
    [59.6 * S, "1 min"],
    [3 * 60 * S, "3 min"],
    [130 * 60 * S, "2 hr 10 min"],
    [26 * 3_600 * S, "26 hr"],
    [60 * 3_600 * S, "2.5 days"],
  ])("%i", (us, said) => expect(lasted(us, "en")).toBe(said));

  it("is said in Korean", () => expect(lasted(130 * 60 * S, "ko")).toBe("2시간 10분"));
});

it("counts stars", () => {
  expect(rating({ stars: [1, 0, 0, 0, 3] } as Figures)).toEqual({ average: 4, count: 4 });
  expect(rating({ stars: [0, 0, 0, 0, 0] } as Figures)).toBeNull();
  expect(percent({ of: 0, reached: 0 }, "en")).toBeNull();
  expect(percent({ of: 8, reached: 6 }, "en")).toBe("75%");
});

it("shows days on which nothing came, and one that the desk's clock is ahead", () => {
  const days = everyDay([{ day: "2026-11-25", n: 2 }, { day: "2026-11-28", n: 1 }], new Date(2026, 10, 24), new Date(2026, 10, 27), (day) => ({ day, n: 0 }));
  expect(days.map(({ day, n }) => `${day} ${n}`)).toEqual(["2026-11-24 0", "2026-11-25 2", "2026-11-26 0", "2026-11-27 0", "2026-11-28 1"]);
});

it("asks for whole days", () => {
  const { query } = stretch(7, new Date(2026, 10, 27, 15, 30));
  expect(new Date(query.from / 1_000)).toEqual(new Date(2026, 10, 21));
  expect(new Date(query.until / 1_000)).toEqual(new Date(2026, 10, 28));
});
