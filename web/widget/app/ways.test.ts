import { expect, test } from "vitest";
import type { DeskOffers } from "../../src/engine/wire-desk";
import { offered } from "./ways";

const all: DeskOffers = { voice: true, video: "one_way", page: true, draw: true, act: true, camera: false };
const ways = (now: boolean, offers: Partial<DeskOffers> = {}) => offered({ open: { now }, offers: { ...all, ...offers } });

test("an open desk offers what it has, a face first", () => {
  expect(ways(true).map(({ wants }) => wants)).toEqual(["video", "voice", "chat"]);
  expect(ways(true, { voice: false, video: "none" }).map(({ wants }) => wants)).toEqual(["chat"]);
});

test("a visitor is told whether they are seen", () => {
  expect(ways(true)[0]?.oneWay).toBe(true);
  expect(ways(true, { video: "two_way" })[0]?.oneWay).toBe(false);
});

test("a closed desk takes a message", () => {
  expect(ways(false)).toEqual([{ wants: "chat", later: true, oneWay: false }]);
});
