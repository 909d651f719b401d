import "fake-indexeddb/auto";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Device, settle, virtualTime } from "./double/device";
import { Server } from "./double/server";
import type { Bookmark } from "./wire";

let server: Server;
beforeEach(() => {
  virtualTime();
  server = new Server();
});
afterEach(() => void vi.useRealTimers());

const plan: Bookmark = { id: "b1", title: "Plan", link: "https://example.com/plan", emoji: "tada", by: "joon", at: 1 };

describe("the links above a conversation", () => {
  it("come with it, change at once with what others do, and stand in the history", async () => {
    const space = server.space("garden", "nari", "joon");
    space.bookmarks = [plan];
    const nari = await Device.start(server, "nari");
    const item = nari.follow("space", { space: "garden" });
    expect(item.now()?.bookmarks).toBeUndefined();
    const window = await nari.window("garden");
    expect(item.now()?.bookmarks).toEqual([plan]);
    space.bookmarks = [{ ...plan, title: "The plan" }];
    const { id, link, emoji } = plan;
    server.append(space, "joon", { type: "bookmark.changed", body: { id, title: "The plan", link, emoji } });
    await settle();
    expect(item.now()?.bookmarks).toMatchObject([{ title: "The plan" }]);
    expect(window.now().rows.at(-1)?.row).toMatchObject({ type: "bookmark.changed", body: { title: "The plan" } });
  });

  it("are those of before without a network, also after a start, and asked for again with it", async () => {
    const space = server.space("garden", "nari", "joon");
    space.bookmarks = [plan];
    const nari = await Device.start(server, "nari");
    await nari.window("garden");
    await nari.network(false);
    await nari.restart();
    await nari.window("garden");
    const item = nari.follow("space", { space: "garden" });
    expect(item.now()?.bookmarks).toEqual([plan]);
    space.bookmarks = [];
    await nari.network(true);
    expect(item.now()?.bookmarks).toEqual([]);
  });

  it("are asked for where somebody looks, and nowhere else", async () => {
    const space = server.space("garden", "nari", "joon");
    server.space("kitchen", "nari", "joon");
    const nari = await Device.start(server, "nari");
    await nari.window("kitchen");
    server.append(space, "joon", { type: "bookmark.added", body: { id: "b1", title: "Plan", link: "https://example.com", emoji: null } });
    await settle();
    expect(server.requests.filter((it) => it.includes("bookmarks"))).toEqual(["GET /spaces/kitchen/bookmarks 200"]);
  });
});
