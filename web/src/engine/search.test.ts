import "fake-indexeddb/auto";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Device, virtualTime } from "./double/device";
import { Server } from "./double/server";
import type { Held } from "./search";

let server: Server;
beforeEach(() => {
  virtualTime();
  server = new Server();
});
afterEach(() => void vi.useRealTimers());

it("finds held messages at once and offline, and no removed ones", async () => {
  const garden = server.space("garden", "nari", "joon");
  for (const text of ["내일 회의에서 봐요", "점심 회의", "Deploying tonight"]) server.say(garden, "joon", text);
  const nari = await Device.start(server, "nari");
  await nari.window("garden");
  await nari.network(false);
  const texts = async (...words: string[]) => ((await nari.call("search", { words })) as Held[]).map(({ row }) => (row.type === "message" ? row.text : ""));
  expect(await texts("회의")).toEqual(["점심 회의", "내일 회의에서 봐요"]);
  expect(await texts("회의", "내일")).toEqual(["내일 회의에서 봐요"]);
  expect(await texts("deploy")).toEqual(["Deploying tonight"]);
  expect(await texts("없는")).toEqual([]);
  expect(await texts()).toEqual([]);
});
