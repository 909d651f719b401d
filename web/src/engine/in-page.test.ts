import "fake-indexeddb/auto";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Api } from "./api";
import { Client } from "./client";
import { settle, virtualTime } from "./double/device";
import { Locks } from "./double/locks";
import { Server, ServerLine } from "./double/server";
import { openInPage } from "./in-page";
import { Remote } from "./remote";
import type { SpaceItem } from "./view";

let server: Server;
let locks: Locks;
let lines: ServerLine[];

beforeEach(() => {
  virtualTime();
  server = new Server();
  locks = new Locks();
  lines = [];
  server.signedIn.add("browser");
  server.say(server.space("garden", "nari", "joon"), "joon", "hello");
  vi.stubGlobal("navigator", { locks, onLine: true });
  vi.stubGlobal("document", { visibilityState: "visible", addEventListener: () => {} });
  vi.stubGlobal("addEventListener", () => {});
  vi.stubGlobal("location", { origin: "http://madang.test", protocol: "http:", host: "madang.test" });
  vi.stubGlobal("fetch", server.fetch("browser", "nari"));
  vi.stubGlobal("WebSocket", function () {
    const line = new ServerLine(server, "nari", "browser", true);
    lines.push(line);
    return line;
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

async function page(): Promise<{ client: Client; spaces(): SpaceItem[] }> {
  const remote = new Remote();
  await openInPage((port) => remote.attach(port));
  const client = new Client(remote, new Api((url, init) => fetch(url, init)));
  let spaces: SpaceItem[] = [];
  client.spaces((list) => (spaces = list));
  await settle(200);
  return { client, spaces: () => spaces };
}

describe("pages without a shared worker", () => {
  it("share the engine of the first one", async () => {
    const [first, second] = [await page(), await page()];
    expect(lines).toHaveLength(1);
    expect(second.spaces()).toMatchObject([{ key: "garden", unread: 1 }]);
    second.client.post({ space: "garden", text: "by way of the other page" });
    await settle(200);
    expect(first.spaces()).toMatchObject([{ last: { text: "by way of the other page" } }]);
    await settle(3_000);
    expect(lines).toHaveLength(1);
  });

  it("take the writer's place over when its page is closed", async () => {
    await page();
    const second = await page();
    // The closed page's engine is silent from here on: its line is cut and its lock is free.
    locks.drop("madang-engine");
    await settle(400);
    server.say(server.spaces.get("garden")!, "joon", "after");
    await settle(400);
    expect(lines.length).toBeGreaterThan(1);
    expect(second.spaces()).toMatchObject([{ last: { text: "after" } }]);
  });
});
