import "fake-indexeddb/auto";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Device, settle, virtualTime } from "./double/device";
import { Server } from "./double/server";

let nari: Device;
beforeEach(async () => {
  virtualTime();
  nari = await Device.start(new Server(), "nari");
});
afterEach(() => void vi.useRealTimers());

const wake = async (visible: boolean) => {
  await nari.call("wake", { online: true, visible, language: "en" });
  await settle(1_000);
};
const told = () => nari.line!.heard.flatMap((frame) => (frame.type === "sight" ? [frame.visible] : []));

it("tells the server when somebody begins and stops to look, once each", async () => {
  expect(told()).toEqual([]);
  await wake(true);
  await wake(true);
  await wake(false);
  await wake(false);
  expect(told()).toEqual([true, false]);
});

it("tells it again on a new line, for the old one took it along", async () => {
  await wake(true);
  await nari.network(false);
  await nari.network(true);
  await settle(60_000);
  expect(told()).toEqual([true]);
});
