import { expect, test } from "vitest";
import { splitEmails } from "./emails";

test("addresses are found in whatever was pasted, each once", () => {
  expect(splitEmails("Kim Ji <Kim@a.kr>, lee@b.co.kr; park@c.kr\nlee@b.co.kr")).toEqual({ good: ["kim@a.kr", "lee@b.co.kr", "park@c.kr"], bad: [] });
});

test("what is no address is left to be mended", () => {
  expect(splitEmails("alex@ joon@a.kr mina")).toEqual({ good: ["joon@a.kr"], bad: ["alex@", "mina"] });
  expect(splitEmails("")).toEqual({ good: [], bad: [] });
});
