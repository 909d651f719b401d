import "fake-indexeddb/auto";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Device, settle, textsOf, virtualTime } from "./double/device";
import { Server } from "./double/server";
import { newClientId } from "./ids";

let server: Server;
let nari: Device;
beforeEach(async () => {
  virtualTime();
  server = new Server();
  server.space("garden", "nari", "joon");
  server.space("kitchen", "nari", "joon");
  nari = await Device.start(server, "nari");
});
afterEach(() => void vi.useRealTimers());

const said = (space: string): string[] => server.spaces.get(space)!.events.flatMap((event) => (event.type === "message.posted" ? [event.body.text] : []));
const outbox = () => nari.follow("outbox", null).now().rows;
const posts = (): string[] => server.requests.filter((it) => it.startsWith("POST"));

describe("the outbox", () => {
  it("replaces an optimistic row in place", async () => {
    const window = await nari.window("garden");
    const id = await nari.post({ space: "garden", text: "hello" });
    await settle(0);
    const before = window.now().rows.at(-1);
    await settle();
    const after = window.now().rows.at(-1);
    expect(before).toMatchObject({ key: id, row: { text: "hello" } });
    expect(after).toMatchObject({ key: id, row: { text: "hello", seq: 4 } });
    expect(after?.send).toBeUndefined();
    expect(window.texts()).toEqual(["hello"]);
  });

  it("repeats a message whose answer was lost under the same id, and the server holds it once", async () => {
    let lost = 2;
    server.fate = (method) => (method === "POST" && lost-- > 0 ? "answer lost" : "fine");
    const window = await nari.window("garden");
    await nari.post({ space: "garden", text: "once" });
    await settle(5_000);
    expect(said("garden")).toEqual(["once"]);
    expect(posts()).toHaveLength(3);
    expect(window.texts()).toEqual(["once"]);
    expect(outbox()).toEqual([]);
  });

  it("sends the messages of a space in order, however the network behaves", async () => {
    let turn = 0;
    server.fate = (method) => (method === "POST" ? ((["lost", "answer lost", "fine"] as const)[turn++ % 3] ?? "fine") : "fine");
    const texts = ["one", "two", "three", "four", "five"];
    for (const text of texts) await nari.post({ space: "garden", text });
    await settle(30_000);
    expect(said("garden")).toEqual(texts);
  });

  it("waits as long as the server asks", async () => {
    let busy = true;
    server.fate = (method) => (method === "POST" && busy ? { status: 429, code: "too_many", retryAfter: 20 } : "fine");
    await nari.post({ space: "garden", text: "patience" });
    await settle(19_000);
    busy = false;
    expect(posts()).toHaveLength(1);
    await settle(2_000);
    expect(said("garden")).toEqual(["patience"]);
  });

  it("keeps a refused message for the person without holding up what comes after it, here or elsewhere", async () => {
    const window = await nari.window("garden");
    const id = await nari.post({ space: "garden", text: "forbidden" });
    await nari.post({ space: "garden", text: "after" });
    await nari.post({ space: "kitchen", text: "elsewhere" });
    await settle();
    expect([said("garden"), said("kitchen")]).toEqual([["after"], ["elsewhere"]]);
    expect(window.now().rows.at(-1)).toMatchObject({ key: id, send: { state: "failed", code: "not_allowed", message: "not_allowed" } });
    expect(nari.engine.state()).toMatchObject({ pending: 0, failed: 1 });
    expect(nari.follow("spaces", null).now().rows.find(({ key }) => key === "garden")).toMatchObject({ failed: 1 });
    await nari.call("discard", { clientId: id });
    await settle();
    expect(textsOf(window.now())).toEqual(["after"]);
  });

  it("sends a refused message again when its text was changed", async () => {
    const id = await nari.post({ space: "garden", text: "forbidden" });
    await settle();
    await nari.call("edit", { space: "garden", target: id, text: "allowed", clientId: newClientId() });
    await settle();
    expect(said("garden")).toEqual(["allowed"]);
    expect(outbox()).toEqual([]);
  });

  it("survives a restart, and sends what was under way again under the same id", async () => {
    server.fate = (method) => (method === "POST" ? "answer lost" : "fine");
    await nari.post({ space: "garden", text: "one" });
    await settle();
    await nari.post({ space: "garden", text: "two" });
    server.fate = () => "fine";
    await nari.restart();
    await settle();
    expect(said("garden")).toEqual(["one", "two"]);
    expect((await nari.window("garden")).texts()).toEqual(["one", "two"]);
  });

  it("goes on at once when the network is back", async () => {
    await nari.network(false);
    await nari.post({ space: "garden", text: "offline" });
    await settle(100_000);
    expect(outbox()).toMatchObject([{ state: "queued" }]);
    await nari.network(true);
    await settle(40);
    expect(said("garden")).toEqual(["offline"]);
  });

  it("changes or drops in the queue what was not sent yet", async () => {
    await nari.network(false);
    const window = await nari.window("garden");
    const first = await nari.post({ space: "garden", text: "frist" });
    const second = await nari.post({ space: "garden", text: "second" });
    await nari.call("edit", { space: "garden", target: first, text: "first", clientId: newClientId() });
    await nari.call("remove", { space: "garden", target: second, clientId: newClientId() });
    await settle();
    expect(window.texts()).toEqual(["first"]);
    await nari.network(true);
    expect(server.spaces.get("garden")!.events.slice(3).map((event) => event.type)).toEqual(["message.posted"]);
    expect(said("garden")).toEqual(["first"]);
  });

  it("changes a message that may have arrived by an edit after it", async () => {
    server.fate = (method) => (method === "POST" ? "answer lost" : "fine");
    const window = await nari.window("garden");
    const id = await nari.post({ space: "garden", text: "frist" });
    await settle(40);
    await nari.call("edit", { space: "garden", target: id, text: "first", clientId: newClientId() });
    await nari.call("react", { space: "garden", target: id, emoji: "👍", on: true, clientId: newClientId() });
    server.fate = () => "fine";
    await settle(3_000);
    expect(server.spaces.get("garden")!.events.slice(3).map((event) => event.type)).toEqual(["message.posted", "message.edited", "reaction.added"]);
    expect(window.now().rows.at(-1)).toMatchObject({ key: id, row: { text: "first", reactions: [{ emoji: "👍" }] } });
    expect(outbox()).toEqual([]);
  });

  it("shows reactions, pins and removals before the server knows, and neither sends nor shows what was taken back", async () => {
    server.say(server.spaces.get("garden")!, "joon", "hello");
    const window = await nari.window("garden");
    await nari.network(false);
    const about = (emoji: string, on: boolean) => nari.call("react", { space: "garden", target: 4, emoji, on, clientId: newClientId() });
    await about("👍", true);
    await about("🎉", true);
    await about("👍", false);
    await nari.call("pin", { space: "garden", target: 4, on: true, clientId: newClientId() });
    await settle();
    expect(window.now().rows.at(-1)).toMatchObject({ row: { reactions: [{ emoji: "🎉" }], pinned: { by: "nari" }, changed: 4 }, send: { state: "queued", kind: "pin" } });
    await nari.network(true);
    await settle();
    expect(server.spaces.get("garden")!.events.slice(4).map((event) => event.type)).toEqual(["reaction.added", "message.pinned"]);
    expect(window.now().rows.at(-1)?.send).toBeUndefined();
  });

  it("shows replies in their thread and not in the main line", async () => {
    server.say(server.spaces.get("garden")!, "joon", "root");
    const window = await nari.window("garden");
    const thread = nari.follow("thread", { space: "garden", root: 4 });
    await settle();
    await nari.network(false);
    await nari.post({ space: "garden", text: "reply", thread: 4 });
    await settle();
    expect([textsOf(thread.now()), window.texts()]).toEqual([["reply"], ["root"]]);
    await nari.network(true);
    server.say(server.spaces.get("garden")!, "joon", "another", { thread: 4 });
    await settle();
    expect(textsOf(thread.now())).toEqual(["reply", "another"]);
    expect(thread.now()).toMatchObject({ root: { row: { text: "root", replies: { count: 2 } } }, loading: false, missing: false });
    expect(window.now().rows.at(-1)).toMatchObject({ row: { seq: 4, replies: { count: 2, people: ["nari", "joon"] } } });
  });
});

describe("drafts and typing", () => {
  it("tells a draft after a pause, gives it to other devices, and posting empties it everywhere", async () => {
    const phone = await Device.start(server, "nari");
    const draft = phone.follow("draft", { space: "garden" });
    for (const text of ["h", "he", "hel"]) await nari.call("draft", { space: "garden", text });
    await settle(500);
    expect(server.requests.filter((it) => it.includes("draft"))).toHaveLength(1);
    expect(draft.now()).toMatchObject({ text: "hel" });
    expect(phone.follow("space", { space: "garden" }).now()).toMatchObject({ draft: "hel" });
    await nari.post({ space: "garden", text: "hello" });
    await settle(500);
    expect(draft.now()).toBeNull();
  });

  it("does not bring back what was posted, when the frame of the draft comes late", async () => {
    const draft = nari.follow("draft", { space: "garden" });
    await nari.call("draft", { space: "garden", text: "hello" });
    await settle(500);
    const { at } = draft.now()!;
    await nari.post({ space: "garden", text: "hello" });
    await settle(1_000);
    nari.line!.deliver({ type: "register", key: "draft/garden", rev: 1_000, value: { text: "hello", at } });
    await settle();
    expect(draft.now()).toBeNull();
  });

  it("lets the later word win, also when the clock has stepped back in between", async () => {
    await nari.call("draft", { space: "garden", text: "hello" });
    await settle(500);
    vi.setSystemTime(Date.now() - 60_000);
    await nari.post({ space: "garden", text: "hello" });
    await settle(500);
    expect(server.registers.get("nari")!.get("draft/garden")).toMatchObject({ value: { text: "" } });
  });

  it("sends one word after the other, so that they arrive in their order", async () => {
    let told = 0;
    server.fate = (_, path) => (path.includes("draft") && ++told ? "no answer" : "fine");
    await nari.call("draft", { space: "garden", text: "hel" });
    await settle(500);
    await nari.post({ space: "garden", text: "hello" });
    await settle(1_000);
    expect(told).toBe(1);
  });

  it("keeps a draft over a restart without network", async () => {
    await nari.network(false);
    await nari.call("draft", { space: "garden", text: "half" });
    await settle(500);
    await nari.restart();
    expect(nari.follow("draft", { space: "garden" }).now()).toMatchObject({ text: "half" });
    await nari.network(true);
    await settle(500);
    expect(server.registers.get("nari")!.get("draft/garden")).toMatchObject({ value: { text: "half" } });
  });

  it("shows who types for five seconds, and tells one's own typing once in three", async () => {
    const item = nari.follow("space", { space: "garden" });
    nari.line!.deliver({ type: "typing", space: "garden", person: "joon" });
    await settle(40);
    expect(item.now()).toMatchObject({ typing: [{ person: "joon" }] });
    await settle(5_000);
    expect(item.now()).toMatchObject({ typing: [] });
    for (let key = 0; key < 5; key++) await nari.call("typing", { space: "garden" });
    expect(nari.line!.heard.filter((frame) => frame.type === "typing")).toHaveLength(1);
  });
});
