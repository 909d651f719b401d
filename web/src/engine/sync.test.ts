import "fake-indexeddb/auto";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Device, settle, virtualTime } from "./double/device";
import { Server } from "./double/server";

let server: Server;
beforeEach(() => {
  virtualTime();
  server = new Server();
});
afterEach(() => void vi.useRealTimers());

const fetched = (part: string): number => server.requests.filter((it) => it.includes(part)).length;

describe("a device follows its spaces", () => {
  it("shows the newest rows and then what others post", async () => {
    const garden = server.space("garden", "nari", "joon");
    server.say(garden, "joon", "one");
    const nari = await Device.start(server, "nari");
    const window = await nari.window("garden");
    expect(window.texts()).toEqual(["one"]);
    expect(window.now()).toMatchObject({ atStart: true, atEnd: true, loading: false });
    server.say(garden, "joon", "two");
    await settle();
    expect(window.texts()).toEqual(["one", "two"]);
    expect(nari.follow("spaces", null).now().rows).toMatchObject([{ key: "garden", unread: 2, last: { text: "two" } }]);
  });

  it("replaces an optimistic row in place", async () => {
    server.space("garden", "nari", "joon");
    const nari = await Device.start(server, "nari");
    const window = await nari.window("garden");
    const id = await nari.post({ space: "garden", text: "hello" });
    const before = window.now().rows.at(-1);
    await settle();
    const after = window.now().rows.at(-1);
    expect(before).toMatchObject({ key: id, row: { text: "hello", seq: 0 } });
    expect(after).toMatchObject({ key: id, row: { text: "hello", seq: 4 } });
    expect(after?.send).toBeUndefined();
    expect(window.texts()).toEqual(["hello"]);
  });
});
