import "fake-indexeddb/auto";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Device, settle, virtualTime } from "./double/device";
import { Server } from "./double/server";
import { readGlimpse, type Glimpse } from "./glimpse";

let server: Server;
let garden: ReturnType<Server["space"]>;
let nari: Device;
beforeEach(async () => {
  virtualTime();
  server = new Server();
  garden = server.space("garden", "nari", "joon");
  server.say(garden, "joon", "hello");
  server.space("kitchen", "nari");
  nari = await Device.start(server, "nari");
});
afterEach(() => void vi.useRealTimers());

const of = (path: string, more: Partial<Glimpse> = {}): Glimpse => ({ path, person: "nari", spaces: ["garden", "kitchen"], at: 0, style: "/a.css", width: 360, root: {}, nodes: [["p", {}, ["hello"]]], ...more });
const kept = async (path: string): Promise<Glimpse | undefined> => {
  await settle();
  return readGlimpse(nari.name, path);
};
const everything = async (): Promise<(Glimpse | undefined)[]> => (await Promise.all([kept("/"), kept("/s/garden")])).filter((it) => it);

async function take(): Promise<void> {
  await nari.call("glimpse", of("/"));
  await nari.call("glimpse", of("/s/garden", { spaces: ["garden"] }));
  expect(await everything()).toHaveLength(2);
}

describe("a glimpse of the screen", () => {
  it("is there at the next start, of the list and of what was looked at last", async () => {
    await take();
    await nari.call("glimpse", of("/s/kitchen", { spaces: ["kitchen"] }));
    nari.online = false;
    await nari.restart();
    expect(await kept("/")).toEqual(of("/"));
    expect(await kept("/s/kitchen")).toMatchObject({ spaces: ["kitchen"] });
    expect(await kept("/s/garden")).toBeUndefined();
  });

  it("gives its place to the next one", async () => {
    await take();
    await nari.call("glimpse", of("/", { nodes: ["bye"] }));
    expect((await kept("/"))?.nodes).toEqual(["bye"]);
  });

  it("is gone when somebody has signed out", async () => {
    await take();
    await nari.call("signOut", undefined);
    expect(await everything()).toEqual([]);
  });

  it("is gone when the session was ended elsewhere", async () => {
    await take();
    await nari.network(false);
    server.signedIn.delete(nari.name);
    await nari.network(true);
    expect(await everything()).toEqual([]);
  });

  it("is gone when one is no longer in a space", async () => {
    await take();
    server.leave(garden, "nari");
    expect(await everything()).toEqual([]);
  });

  it("is gone when the server is another one, restored from a backup", async () => {
    await take();
    server.restore(garden, 2);
    await settle(5_000);
    expect(await everything()).toEqual([]);
  });

  it.each(["message.removed", "message.edited"] as const)("is gone when something that it may show was taken back (%s)", async (type) => {
    await take();
    const { seq } = server.say(garden, "joon", "my password is 1234");
    expect(await everything()).toHaveLength(2);
    server.append(garden, "joon", type === "message.removed" ? { type, body: { message: seq } } : { type, body: { message: seq, text: "…" } });
    expect(await everything()).toEqual([]);
  });

  it("of another person or of a space that is not one's own is not kept", async () => {
    await nari.call("glimpse", of("/", { person: "joon" }));
    await nari.call("glimpse", of("/s/garden", { spaces: ["garden", "cellar"] }));
    expect(await everything()).toEqual([]);
  });

  it("that a page took before it heard that a space is gone is not kept", async () => {
    await take();
    server.leave(garden, "nari");
    await settle();
    await nari.call("glimpse", of("/"));
    expect(await everything()).toEqual([]);
  });

  it("is not kept by somebody who has signed out", async () => {
    await nari.call("signOut", undefined);
    await expect(nari.call("glimpse", of("/"))).rejects.toMatchObject({ code: "signed_out" });
    expect(await everything()).toEqual([]);
  });
});
