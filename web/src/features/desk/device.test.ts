import { expect, it } from "vitest";
import { clockIn } from "./device";

it("tells the visitor's clock, and nothing of a zone that is none", () => {
  const noon = Date.UTC(2026, 0, 5, 12);
  expect(clockIn("Asia/Seoul", noon, "en")).toMatchObject({ place: "South Korea Time" });
  expect(clockIn("America/New_York", noon, "ko")?.time).toMatch(/7:00/);
  expect(clockIn("Middle-earth/Shire", noon, "en")).toBeUndefined();
});
