import { expect, test } from "vitest";
import { splitEmails, takeEmails } from "./emails";

test("addresses are found in whatever was pasted, each once", () => {
  expect(splitEmails("Kim Ji <Kim@a.kr>, lee@b.co.kr; park@c.kr\nlee@b.co.kr")).toEqual({ good: ["kim@a.kr", "lee@b.co.kr", "park@c.kr"], bad: [] });
});

test("what is no address is left to be mended", () => {
  expect(splitEmails("alex@ joon@a.kr mina")).toEqual({ good: ["joon@a.kr"], bad: ["alex@", "mina"] });
  expect(splitEmails("")).toEqual({ good: [], bad: [] });
});

test("taking a text adds its addresses to those held, each once, and leaves the rest in the box", () => {
  expect(takeEmails("Joon@a.kr, mina", ["joon@a.kr", "sam@b.kr"])).toEqual({ emails: ["joon@a.kr", "sam@b.kr"], left: "mina" });
  expect(takeEmails("  ", ["joon@a.kr"])).toEqual({ emails: ["joon@a.kr"], left: "" });
});
