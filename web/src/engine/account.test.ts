import "fake-indexeddb/auto";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Device, settle, virtualTime } from "./double/device";
import { Server } from "./double/server";

let server: Server;
beforeEach(() => {
  virtualTime();
  server = new Server();
  server.say(server.space("garden", "nari", "joon"), "joon", "hello");
});
afterEach(() => void vi.useRealTimers());

const databases = async (device: Device): Promise<string[]> => (await indexedDB.databases()).map((it) => it.name ?? "").filter((name) => name.includes(device.name));

describe("signing in and out", () => {
  it("waits at the door for somebody to sign in, and what was open then shows itself", async () => {
    const nari = new Device(server, "nari");
    server.signedIn.delete(nari.name);
    await nari.engine.start();
    const window = await nari.window("garden");
    expect(nari.engine.state().phase).toBe("signed_out");
    server.signedIn.add(nari.name);
    await nari.call("signedIn", undefined);
    await settle();
    expect(nari.engine.state()).toMatchObject({ phase: "ready", connection: "open", me: { id: "nari" } });
    expect(window.texts()).toEqual(["hello"]);
  });

  it("keeps asking who is signed in until there is an answer", async () => {
    const nari = new Device(server, "nari");
    nari.online = false;
    void nari.engine.start();
    await settle(5_000);
    expect(nari.engine.state()).toMatchObject({ phase: "booting", connection: "waiting" });
    nari.online = true;
    await settle(30_000);
    expect(nari.engine.state().phase).toBe("ready");
  });

  it("leaves nothing on the device after signing out", async () => {
    const nari = await Device.start(server, "nari");
    const window = await nari.window("garden");
    await nari.call("draft", { space: "garden", text: "half" });
    await settle(1_000);
    expect(await databases(nari)).toHaveLength(1);
    await nari.call("signOut", undefined);
    await settle();
    expect(await databases(nari)).toEqual([]);
    expect(nari.engine.state()).toMatchObject({ phase: "signed_out", pending: 0 });
    expect(nari.engine.state()).not.toHaveProperty("me");
    expect(server.signedIn.has(nari.name)).toBe(false);
    window.stop();
  });

  it("stays signed in when the server cannot be told, since the cookie would still be good", async () => {
    const nari = await Device.start(server, "nari");
    await nari.network(false);
    await expect(nari.call("signOut", undefined)).rejects.toMatchObject({ code: "offline" });
    expect(nari.engine.state().phase).toBe("ready");
  });

  it("when the session is ended elsewhere forgets what it held, but not what was unsent", async () => {
    const nari = await Device.start(server, "nari");
    await nari.network(false);
    await nari.post({ space: "garden", text: "unsent" });
    server.signedIn.delete(nari.name);
    await nari.network(true);
    await settle();
    expect(nari.engine.state().phase).toBe("signed_out");
    nari.online = false;
    await nari.restart();
    expect(nari.engine.state()).toMatchObject({ phase: "booting" });
    server.signedIn.add(nari.name);
    nari.online = true;
    await nari.call("signedIn", undefined);
    await settle();
    expect(server.spaces.get("garden")!.events.at(-1)).toMatchObject({ author: "nari", body: { text: "unsent" } });
  });

  it("paints from the device before the network answers", async () => {
    const nari = await Device.start(server, "nari");
    await nari.window("garden");
    await settle(600);
    nari.online = false;
    await nari.restart();
    expect(nari.follow("spaces", null).now().rows).toMatchObject([{ key: "garden", unread: 1, last: { text: "hello" } }]);
    expect((await nari.window("garden")).texts()).toEqual(["hello"]);
    expect(nari.follow("people", null).now().rows.map((it) => it.id)).toContain("joon");
  });
});

describe("the line", () => {
  it("is given up when nothing comes any more, and made anew", async () => {
    const nari = await Device.start(server, "nari");
    const first = nari.line!;
    first.mute = true;
    await settle(36_000);
    expect(nari.line).not.toBe(first);
    expect(nari.engine.state().connection).toBe("open");
  });

  it("waits longer and longer, and not at all when the page comes back", async () => {
    const nari = await Device.start(server, "nari");
    nari.online = false;
    nari.line!.cut();
    await settle(60_000);
    const state = nari.engine.state();
    expect(state.connection).toBe("waiting");
    nari.online = true;
    await nari.network(true);
    expect(nari.engine.state()).toMatchObject({ connection: "open" });
  });

  it("is made anew when the page comes back while an attempt has no answer", async () => {
    const nari = await Device.start(server, "nari");
    nari.swallows = true;
    nari.line!.cut();
    await settle(8_000);
    expect(nari.engine.state().connection).toBe("connecting");
    nari.swallows = false;
    await nari.network(true);
    expect(nari.engine.state().connection).toBe("open");
  });

  it("that fell silent is given up within seconds when somebody looks again", async () => {
    const nari = await Device.start(server, "nari");
    const first = nari.line!;
    first.mute = true;
    await nari.network(true);
    await settle(6_000);
    expect(nari.line).not.toBe(first);
    expect(nari.engine.state().connection).toBe("open");
  });

  it("tells a version that is too old to load anew, and stays away", async () => {
    const nari = await Device.start(server, "nari");
    const { line } = nari;
    line!.deliver({ type: "bye", code: "too_old", retry: false });
    await settle(60_000);
    expect(nari.engine.state().outdated).toBe(true);
    expect(nari.line).toBe(line);
  });
});
