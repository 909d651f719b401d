import "fake-indexeddb/auto";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Device, settle, virtualTime } from "./double/device";
import { Server } from "./double/server";
import { unreadOf } from "./receipts";
import { Spaces } from "./spaces";
import type { Event } from "./wire";

let server: Server;
beforeEach(() => {
  virtualTime();
  server = new Server();
});
afterEach(() => void vi.useRealTimers());

const fetched = (part: string): number => server.requests.filter((it) => it.includes(part)).length;
const garden = (...texts: string[]) => {
  const space = server.space("garden", "nari", "joon");
  for (const text of texts) server.say(space, "joon", text);
  return space;
};

describe("a device follows its spaces", () => {
  it("shows the newest rows and then what others post", async () => {
    const space = garden("one");
    const nari = await Device.start(server, "nari");
    const window = await nari.window("garden");
    expect(window.texts()).toEqual(["one"]);
    expect(window.now()).toMatchObject({ atStart: true, atEnd: true, loading: false, missing: false });
    server.say(space, "joon", "two");
    await settle();
    expect(window.texts()).toEqual(["one", "two"]);
    expect(nari.follow("spaces", null).now().rows).toMatchObject([{ key: "garden", unread: 2, last: { text: "two" } }]);
  });

  it("follows what it is in, although a look from outside was asked for before and answers late", async () => {
    const space = garden("one");
    const nari = new Device(server, "nari");
    let answer = (): void => {};
    const late = new Promise<void>((done) => (answer = done));
    server.fate = (_, path) => (path === "/spaces/garden" ? { after: late } : "fine");
    const window = await nari.window("garden");
    await nari.engine.start();
    await settle();
    answer();
    await settle();
    server.say(space, "joon", "two");
    await settle();
    expect(window.texts()).toEqual(["one", "two"]);
  });

  it("drops duplicates and puts early events in order without asking when they come soon", async () => {
    garden("one");
    const nari = await Device.start(server, "nari");
    const window = await nari.window("garden");
    const event = (seq: number, text: string): Event => ({ space: "garden", seq, at: seq, author: "joon", type: "message.posted", body: { text } });
    for (const seq of [4, 5, 6, 5, 4]) nari.line!.deliver({ type: "event", event: event(seq, seq === 4 ? "again" : `new ${seq}`) });
    await settle();
    expect(window.texts()).toEqual(["one", "new 5", "new 6"]);
  });

  it("fetches the events of a gap and folds them in order", async () => {
    const space = garden("one");
    const nari = await Device.start(server, "nari");
    const window = await nari.window("garden");
    nari.line!.welcomed = false;
    for (const text of ["two", "three", "four"]) server.say(space, "joon", text);
    nari.line!.welcomed = true;
    server.say(space, "joon", "five");
    await settle();
    expect(window.texts()).toEqual(["one", "two", "three", "four", "five"]);
    expect(fetched("/events?after=4")).toBe(1);
  });

  it("asks again for a gap when the answer is lost", async () => {
    const space = garden("one");
    const nari = await Device.start(server, "nari");
    const window = await nari.window("garden");
    server.fate = (_, path) => (path.includes("/events") ? "answer lost" : "fine");
    nari.line!.welcomed = false;
    server.say(space, "joon", "two");
    nari.line!.welcomed = true;
    server.say(space, "joon", "three");
    await settle();
    expect(window.texts()).toEqual(["one"]);
    server.fate = () => "fine";
    await settle(3_000);
    expect(window.texts()).toEqual(["one", "two", "three"]);
  });

  it("after a long absence takes the newest page and calls the held ones stale", async () => {
    const space = garden("old");
    const nari = await Device.start(server, "nari");
    (await nari.window("garden")).stop();
    await nari.network(false);
    server.append(space, "joon", { type: "message.edited", body: { message: 4, text: "old, edited" } });
    for (let i = 0; i < 600; i++) server.say(space, "joon", `line ${i}`);
    await nari.network(true);
    await settle(200);
    expect(fetched("/events")).toBe(0);
    const window = await nari.window("garden");
    expect(window.texts().at(-1)).toBe("line 599");
    const old = await nari.window("garden", 1);
    expect(old.texts()[0]).toBe("old, edited");
    expect(old.now().atEnd).toBe(false);
  });

  it("never folds live events into a stale page", async () => {
    const space = garden("old");
    const nari = await Device.start(server, "nari");
    (await nari.window("garden")).stop();
    await nari.network(false);
    server.append(space, "joon", { type: "reaction.added", body: { message: 4, emoji: "👍" } });
    for (let i = 0; i < 600; i++) server.say(space, "joon", `line ${i}`);
    await nari.network(true);
    server.append(space, "nari", { type: "reaction.added", body: { message: 4, emoji: "🎉" } });
    await settle(200);
    await nari.network(false);
    expect((await nari.window("garden", 1)).now()).toMatchObject({ missing: true });
    await nari.network(true);
    const window = await nari.window("garden", 1);
    expect(window.now().rows.find(({ row }) => row.seq === 4)?.row).toMatchObject({ reactions: [{ emoji: "👍" }, { emoji: "🎉" }] });
  });

  it("revalidates a stale page without fetching it when nothing has changed", async () => {
    const space = garden("old");
    for (let i = 0; i < 80; i++) server.say(space, "joon", `early ${i}`);
    const nari = await Device.start(server, "nari");
    (await nari.window("garden", 1)).stop();
    await nari.network(false);
    for (let i = 0; i < 600; i++) server.say(space, "joon", `line ${i}`);
    await nari.network(true);
    await settle(200);
    server.requests.length = 0;
    const window = await nari.window("garden", 1);
    expect(server.requests).toContain("GET /spaces/garden/pages/0 304");
    expect(window.now().loading).toBe(false);
    server.append(space, "joon", { type: "message.edited", body: { message: 4, text: "edited later" } });
    await settle();
    expect(window.texts()[0]).toBe("edited later");
  });

  it("leads a page that was slow on its way up to what happened meanwhile", async () => {
    const space = garden("one");
    const nari = await Device.start(server, "nari");
    const slow: (() => void)[] = [];
    const fetch = server.fetch(nari.name, "nari");
    nari.engine.api["fetch" as never] = (async (url: string, init: RequestInit) => {
      const answer = await fetch(url, init);
      if (url.includes("/pages/")) await new Promise<void>((resolve) => slow.push(resolve));
      return answer;
    }) as never;
    const window = await nari.window("garden");
    expect(window.now().loading).toBe(true);
    server.append(space, "joon", { type: "message.edited", body: { message: 4, text: "one, edited" } });
    server.say(space, "joon", "two");
    await settle();
    slow.forEach((go) => go());
    await settle();
    expect(window.texts()).toEqual(["one, edited", "two"]);
  });

  it("shows what it holds when it starts without network, and says what is missing", async () => {
    const space = garden();
    for (let i = 0; i < 300; i++) server.say(space, "joon", `line ${i}`);
    const nari = await Device.start(server, "nari");
    await nari.window("garden");
    await settle(600);
    nari.online = false;
    await nari.restart();
    expect(nari.engine.state()).toMatchObject({ phase: "ready", me: { id: "nari" } });
    const window = await nari.window("garden");
    expect(window.texts().at(-1)).toBe("line 299");
    await window.acts!.older();
    expect(window.now()).toMatchObject({ missing: true, atStart: false, atEnd: true });
    nari.online = true;
    await nari.network(true);
    await settle(200);
    expect(window.now()).toMatchObject({ missing: false });
  });

  it("deletes a space that the person has left, and its windows say so", async () => {
    const space = garden("one");
    const nari = await Device.start(server, "nari");
    const window = await nari.window("garden");
    server.leave(space, "nari");
    await settle(600);
    expect(window.now()).toMatchObject({ gone: true, rows: [] });
    expect(nari.follow("spaces", null).now().rows).toEqual([]);
    nari.online = false;
    await nari.restart();
    expect(nari.follow("spaces", null).now().rows).toEqual([]);
  });

  it("deletes a space that it was put out of while it was away", async () => {
    const space = garden("one");
    const nari = await Device.start(server, "nari");
    await nari.network(false);
    server.leave(space, "nari");
    await nari.network(true);
    expect(nari.follow("spaces", null).now().rows).toEqual([]);
  });

  it("shows a space from the moment of coming into it", async () => {
    garden("one");
    const mina = await Device.start(server, "mina");
    const window = await mina.window("garden");
    expect(window.texts()).toEqual(["one"]);
    server.join(server.spaces.get("garden")!, "mina");
    await settle();
    server.say(server.spaces.get("garden")!, "nari", "welcome");
    await settle();
    expect(window.texts()).toEqual(["one", "welcome"]);
    expect(mina.follow("spaces", null).now().rows).toMatchObject([{ key: "garden", unread: 1 }]);
  });

  it("after a restore from backup forgets the numbered things and keeps outbox and drafts", async () => {
    const space = garden("one", "lost later");
    const nari = await Device.start(server, "nari");
    const window = await nari.window("garden");
    await nari.network(false);
    await nari.post({ space: "garden", text: "still to send" });
    await nari.call("react", { space: "garden", target: 5, emoji: "👍", on: true, clientId: "react" });
    await nari.call("draft", { space: "garden", thread: 4, text: "half a thought" });
    server.restore(space, 4);
    server.say(space, "joon", "another five");
    await nari.network(true);
    await settle(3_000);
    expect(window.texts()).toEqual(["one", "another five", "still to send"]);
    expect(nari.follow("draft", { space: "garden", thread: 4 }).now()).toMatchObject({ text: "half a thought" });
    expect(nari.follow("outbox", null).now().rows).toMatchObject([{ clientId: "react", state: "failed", code: "restored" }]);
    expect(space.rows.get(5)).not.toHaveProperty("reactions");
  });
});

describe("counting what is unread", () => {
  const item = (device: Device) => device.follow("spaces", null).now().rows[0]!;

  it("starts from the server's counts and counts on with events", async () => {
    const space = garden("one", "two");
    const nari = await Device.start(server, "nari");
    expect(item(nari)).toMatchObject({ unread: 2, mentions: 0 });
    server.say(space, "joon", "you", { mentions: ["nari"] });
    server.say(space, "joon", "in a thread", { thread: 4 });
    server.say(space, "joon", "in both", { thread: 4, also: true });
    server.say(space, "nari", "mine");
    await settle();
    expect(item(nari)).toMatchObject({ unread: 4, mentions: 1 });
    server.append(space, "joon", { type: "message.removed", body: { message: 6 } });
    await settle();
    expect(item(nari)).toMatchObject({ unread: 3, mentions: 0 });
  });

  it("drops to nothing at once when the end was seen, tells the server once a second, and other devices hear of it", async () => {
    const space = garden("one", "two", "three");
    const nari = await Device.start(server, "nari");
    const phone = await Device.start(server, "nari");
    for (const seq of [4, 5, 6]) await nari.call("read", { space: "garden", seq });
    expect(item(nari).unread).toBe(0);
    await settle(1_500);
    expect(fetched("PUT /spaces/garden/read")).toBe(1);
    expect(item(phone).unread).toBe(0);
    server.say(space, "joon", "four");
    await settle();
    expect(item(phone).unread).toBe(1);
  });

  it("keeps a mark that was set without network", async () => {
    garden("one", "two");
    const nari = await Device.start(server, "nari");
    await nari.network(false);
    await nari.call("read", { space: "garden", seq: 5 });
    await settle(2_000);
    await nari.restart();
    await nari.network(true);
    await settle(2_000);
    expect(item(nari).unread).toBe(0);
    expect(server.registers.get("nari")!.get("read/garden")!.value).toMatchObject({ seq: 5 });
  });

  it("counts as another device has marked, although it was closed before it had kept the count", async () => {
    garden("one", "two");
    const nari = await Device.start(server, "nari");
    const phone = await Device.start(server, "nari");
    await settle(1_500);
    const save = vi.spyOn(Spaces.prototype, "save").mockResolvedValue(undefined);
    await phone.call("read", { space: "garden", seq: 5 });
    await settle(1_500);
    await nari.restart();
    save.mockRestore();
    expect(item(nari).unread).toBe(0);
  });

  it("shows the message before when the last one is removed", async () => {
    const space = garden("one", "two");
    const nari = await Device.start(server, "nari");
    server.append(space, "joon", { type: "message.removed", body: { message: 5 } });
    await settle(500);
    expect(item(nari)).toMatchObject({ unread: 1, last: { text: "one" } });
  });

  it("goes back when a message is marked unread", async () => {
    garden("one", "two", "three");
    const nari = await Device.start(server, "nari");
    await nari.call("read", { space: "garden", seq: 6 });
    await settle(1_500);
    await nari.call("unreadFrom", { space: "garden", seq: 5 });
    await settle();
    expect(item(nari).unread).toBe(2);
    expect((await nari.window("garden", "unread")).now().firstUnread).toBe(5);
  });

  it("counts who has not read, for those who look", async () => {
    const space = garden("one");
    server.join(space, "mina");
    const nari = await Device.start(server, "nari");
    const mina = await Device.start(server, "mina");
    const markers = nari.follow("markers", { space: "garden" });
    await settle();
    expect(unreadOf(markers.now().markers!)(4, "joon")).toBe(1);
    server.say(space, "joon", "two");
    await mina.call("read", { space: "garden", seq: 6 });
    await settle(1_500);
    expect(unreadOf(markers.now().markers!)(6, "joon")).toBe(1);
    expect(unreadOf(markers.now().markers!)(4, "joon")).toBe(1);
  });
});
