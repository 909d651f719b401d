import "fake-indexeddb/auto";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Device, settle, virtualTime } from "./double/device";
import { Server } from "./double/server";
import type { WindowState } from "./view";

let server: Server;
beforeEach(() => {
  virtualTime();
  server = new Server();
});
afterEach(() => void vi.useRealTimers());

const seqs = (state: WindowState): number[] => state.rows.map(({ row }) => row.seq);
const rising = (list: number[]): boolean => list.every((seq, i) => i === 0 || seq === list[i - 1]! + 1);

describe("a window over 100,000 messages", () => {
  it("moves to the start and back in steps, whole in between and never large", async () => {
    const space = server.space("garden", "nari", "joon");
    for (let i = 0; i < 100_000; i++) space.events.push({ space: "garden", seq: i + 4, at: i, author: "joon", type: "message.posted", body: { text: "" } });
    for (const event of space.events.slice(3)) space.rows.set(event.seq, { seq: event.seq, at: event.at, author: "joon", changed: event.seq, type: "message", text: `${event.seq}` });
    const nari = await Device.start(server, "nari");
    const window = await nari.window("garden", "end");
    expect(seqs(window.now()).at(-1)).toBe(100_003);
    expect(window.now().rows.length).toBeGreaterThanOrEqual(60);
    for (let step = 0; step < 12; step++) {
      const first = seqs(window.now())[0]!;
      await settleWhile(window.acts!.older());
      expect(seqs(window.now())[0]).toBeLessThan(first);
      expect(rising(seqs(window.now()))).toBe(true);
      expect(window.now().rows.length).toBeLessThanOrEqual(5 * 64);
    }
    expect(window.now().atEnd).toBe(false);
    await settleWhile(window.acts!.jump(50_000));
    expect(seqs(window.now())).toContain(50_000);
    expect(window.now()).toMatchObject({ atStart: false, atEnd: false });
    await settleWhile(window.acts!.newer());
    expect(rising(seqs(window.now()))).toBe(true);
    await settleWhile(window.acts!.jump(1));
    expect(window.now()).toMatchObject({ atStart: true });
    await settleWhile(window.acts!.jump("end"));
    expect(seqs(window.now()).at(-1)).toBe(100_003);
    expect(window.now().atEnd).toBe(true);
  });
});

describe("a window", () => {
  it("goes on through pages without anything in the main line until enough is visible", async () => {
    const space = server.space("garden", "nari", "joon");
    for (let i = 0; i < 100; i++) server.say(space, "joon", `early ${i}`);
    for (let i = 0; i < 1_000; i++) server.say(space, "joon", "reply", { thread: 4 });
    server.say(space, "joon", "late");
    const nari = await Device.start(server, "nari");
    const window = await nari.window("garden", "end");
    await settle(200);
    expect(window.texts().at(-1)).toBe("late");
    expect(window.now().rows.length).toBeGreaterThanOrEqual(60);
  });

  it("opens at the first unread message and keeps the line there while it is open", async () => {
    const space = server.space("garden", "nari", "joon");
    for (let i = 0; i < 400; i++) server.say(space, "joon", `line ${i}`);
    server.write("nari", "read/garden", { seq: 100, ...server.unread(space, "nari", 100), head: space.events.length });
    const nari = await Device.start(server, "nari");
    const window = await nari.window("garden", "unread");
    expect(window.now()).toMatchObject({ firstUnread: 101, atEnd: false });
    await nari.call("read", { space: "garden", seq: 120 });
    server.say(space, "joon", "new");
    await settle(1_500);
    expect(window.now().firstUnread).toBe(101);
    expect(nari.follow("space", { space: "garden" }).now()).toMatchObject({ unread: 403 - 120 + 1 });
  });

  it("takes in new pages as they begin while its end is shown", async () => {
    const space = server.space("garden", "nari", "joon");
    for (let i = 0; i < 58; i++) server.say(space, "joon", `line ${i}`);
    const nari = await Device.start(server, "nari");
    const window = await nari.window("garden", "end");
    for (let i = 0; i < 200; i++) server.say(space, "joon", `live ${i}`);
    await settle();
    expect(window.texts().at(-1)).toBe("live 199");
    expect(rising(seqs(window.now()))).toBe(true);
    expect(server.requests.filter((it) => it.includes("/pages/"))).toHaveLength(1);
  });

  it("takes in a page that begins with an event that is no row", async () => {
    const space = server.space("garden", "nari", "joon");
    for (let i = 0; i < 60; i++) server.say(space, "joon", `line ${i}`);
    const nari = await Device.start(server, "nari");
    const window = await nari.window("garden", "end");
    server.append(space, "joon", { type: "reaction.added", body: { message: 10, emoji: "👍" } });
    server.say(space, "joon", "after");
    await settle();
    expect(window.texts().at(-1)).toBe("after");
    expect(window.now().atEnd).toBe(true);
  });

  it("gives unchanged rows as the same objects", async () => {
    const space = server.space("garden", "nari", "joon");
    for (let i = 0; i < 10; i++) server.say(space, "joon", `line ${i}`);
    const nari = await Device.start(server, "nari");
    const window = await nari.window("garden", "end");
    const before = window.now().rows;
    server.append(space, "joon", { type: "message.edited", body: { message: 5, text: "edited" } });
    await settle();
    const same = window.now().rows.filter((row, i) => row === before[i]);
    expect(same).toHaveLength(before.length - 1);
  });

  it("looks into an open space without being in it, and keeps nothing of it", async () => {
    const space = server.space("square", "joon");
    server.say(space, "joon", "hear ye");
    const nari = await Device.start(server, "nari");
    const window = await nari.window("square", "end");
    expect(window.texts()).toEqual(["hear ye"]);
    expect(nari.follow("spaces", null).now().rows).toEqual([]);
    window.stop();
    nari.online = false;
    await nari.restart();
    expect((await nari.window("square", "end")).now()).toMatchObject({ missing: true, rows: [] });
  });
});

async function settleWhile(work: Promise<void>): Promise<void> {
  await settle(40);
  await work;
}
