import "fake-indexeddb/auto";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Client } from "./client";
import { Device, settle, textsOf, virtualTime } from "./double/device";
import { Server } from "./double/server";
import { messagePort } from "./ports";
import { Remote } from "./remote";
import { serve } from "./serve";
import type { SpaceItem, WindowState } from "./view";

let server: Server;
let device: Device;
beforeEach(async () => {
  virtualTime();
  server = new Server();
  const space = server.space("garden", "nari", "joon");
  for (let i = 0; i < 70; i++) server.say(space, "joon", `line ${i}`);
  device = await Device.start(server, "nari");
});
afterEach(() => void vi.useRealTimers());

const ends: (() => void)[] = [];
afterEach(() => ends.splice(0).forEach((end) => end()));

/** A page over a real message channel, which copies what goes through it. */
function page(remote = new Remote()): { client: Client; remote: Remote } {
  const { port1, port2 } = new MessageChannel();
  ends.push(serve(device.engine, messagePort(port2)));
  remote.attach(messagePort(port1));
  return { client: new Client(remote, device.engine.api), remote };
}

describe("two pages on one engine", () => {
  it("see the same, and one's wishes show in the other", async () => {
    const [one, two] = [page().client, page().client];
    let window: WindowState | undefined;
    let spaces: SpaceItem[] = [];
    two.window("garden", { around: "end" }, (state) => (window = state));
    two.spaces((list) => (spaces = list));
    await settle();
    const id = one.post({ space: "garden", text: "from one" });
    await settle();
    expect(window!.rows.at(-1)).toMatchObject({ key: id, row: { text: "from one" } });
    expect(spaces).toMatchObject([{ key: "garden", last: { text: "from one" } }]);
  });

  it("get unchanged rows as the same objects", async () => {
    const states: WindowState[] = [];
    page().client.window("garden", { around: "end" }, (state) => states.push(state));
    await settle();
    const before = states.at(-1)!.rows;
    server.append(server.spaces.get("garden")!, "joon", { type: "message.edited", body: { message: 60, text: "edited" } });
    await settle();
    const after = states.at(-1)!.rows;
    expect(after).not.toBe(before);
    expect(after.filter((row, i) => row !== before[i])).toMatchObject([{ row: { seq: 60, text: "edited" } }]);
  });

  it("hear of refusals with their code", async () => {
    const { client } = page();
    await device.network(false);
    await Promise.all([expect(client.involvement("garden", "nothing")).rejects.toMatchObject({ code: "offline", passing: true }), settle()]);
  });

  it("go on when the engine has moved elsewhere", async () => {
    const { client, remote } = page();
    let window: WindowState | undefined;
    const handle = client.window("garden", { around: "end" }, (state) => (window = state));
    await settle();
    const jumped = handle.jump(10);
    await settle();
    await jumped;
    await device.restart();
    page(remote);
    await settle();
    expect(textsOf(window!)[0]).toBe("line 0");
    client.post({ space: "garden", text: "after the move" });
    await settle();
    expect(textsOf(window!).at(-1)).toBe("after the move");
  });

  it("let go of what a page had open when it is gone", async () => {
    page();
    const { port1, port2 } = new MessageChannel();
    let gone = (): void => {};
    serve(device.engine, messagePort(port2), (_, whenGone) => (gone = whenGone));
    const remote = new Remote();
    remote.attach(messagePort(port1));
    let told = 0;
    new Client(remote, device.engine.api).spaces(() => told++);
    messagePort(port1).send({ t: "lock", name: "tab" });
    await settle();
    gone();
    const before = told;
    server.say(server.spaces.get("garden")!, "joon", "unheard");
    await settle();
    expect(told).toBe(before);
  });
});

describe("a page whose engine has gone", () => {
  it("keeps what was written meanwhile, and never sees the draft as it was before", async () => {
    const remote = new Remote();
    const { port1, port2 } = new MessageChannel();
    remote.attach(messagePort(port1));
    const client = new Client(remote, device.engine.api);
    const seen: (string | undefined)[] = [];
    client.draftOf("garden", undefined, (draft) => seen.push(draft?.text));
    void client.draft("garden", undefined, "half a sen");
    // Nobody answers there any more.
    port2.close();
    page(remote);
    await settle();
    expect(new Set(seen)).toEqual(new Set(["half a sen"]));
  });
});
