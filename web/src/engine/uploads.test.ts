import "fake-indexeddb/auto";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Device, settle, until, virtualTime } from "./double/device";
import { Server } from "./double/server";
import "./upload-tus";
import { newClientId } from "./ids";
import type { Upload } from "./view";

let server: Server;
let nari: Device;
beforeEach(async () => {
  virtualTime();
  server = new Server();
  server.space("garden", "nari", "joon");
  nari = await Device.start(server, "nari");
});
afterEach(() => void vi.useRealTimers());

const said = (): string[] => server.spaces.get("garden")!.events.flatMap((event) => (event.type === "message.posted" ? [event.body.text] : []));
const posted = () => server.spaces.get("garden")!.events.flatMap((event) => (event.type === "message.posted" ? [(event.body.files ?? []).map(({ name }) => name)] : []));
const tray = () => nari.follow("uploads", null).now().rows;
const asked = (what: string): string[] => server.requests.filter((it) => it.startsWith(what));

async function attach(name: string, content = name): Promise<Upload> {
  const blob = new Blob([content], { type: "text/plain" });
  const upload = { key: newClientId(), name, type: "text/plain", size: blob.size };
  await nari.call("attach", { ...upload, space: "garden", blob });
  return upload;
}
const post = (text: string, ...uploads: Upload[]): Promise<string> => nari.post({ space: "garden", text, uploads });
const ready = (): boolean => tray().every(({ state }) => state === "ready");
const failed = (): boolean => tray().every(({ state }) => state === "failed");
const arrived = (name: string): string | undefined => {
  const file = [...server.tus.files.values()].find((it) => it.name === name);
  return file && new TextDecoder().decode(file.bytes);
};

describe("uploads", () => {
  it("bring a file to the server while it lies in the tray, and the message takes it along", async () => {
    const plan = await attach("계획.txt", "the plan");
    await until(ready);
    expect(tray()).toMatchObject([{ key: plan.key, state: "ready", sent: 8 }]);
    await post("here", plan);
    await until(() => posted().length === 1);
    await settle();
    expect(posted()).toEqual([["계획.txt"]]);
    expect(arrived("계획.txt")).toBe("the plan");
    expect(tray()).toEqual([]);
  });

  it("let a message wait for its files, in the order they were chosen, without holding up others", async () => {
    server.fate = (method) => (method === "PATCH" ? "lost" : "fine");
    const window = await nari.window("garden");
    const files = [await attach("one"), await attach("two"), await attach("three")];
    const id = await post("all", ...files);
    await nari.post({ space: "garden", text: "meanwhile" });
    await until(() => asked("POST /uploads").length === 2 && said().length === 1);
    expect(said()).toEqual(["meanwhile"]);
    expect(window.now().rows.at(-1)).toMatchObject({ key: id, row: { files: files.map(({ key, name }) => ({ id: key, name })) }, send: { state: "queued", uploads: files } });
    server.fate = (method, path) => (method === "PATCH" && path.endsWith("u1") ? "lost" : "fine");
    await until(() => server.tus.files.size === 2);
    await settle();
    expect(window.now().rows.at(-1)).toMatchObject({ send: { uploads: [files[0]] } });
    server.fate = () => "fine";
    await nari.network(true);
    await until(() => posted().length === 2);
    expect(posted()).toEqual([[], ["one", "two", "three"]]);
  });

  it("go on where they stopped when the line broke", async () => {
    server.tus.breakAfter = 3;
    await attach("long.txt", "abcdefgh");
    await until(ready);
    expect(arrived("long.txt")).toBe("abcdefgh");
    expect([asked("POST /uploads").length, asked("HEAD").length]).toEqual([1, 1]);
  });

  it("survive a restart, with the message that waits for them", async () => {
    server.fate = (method) => (method === "PATCH" ? "lost" : "fine");
    const file = await attach("kept.txt", "kept");
    await post("after the restart", file);
    await until(() => asked("POST /uploads").length === 1);
    await settle();
    await nari.engine.stop();
    server.fate = () => "fine";
    await nari.restart();
    await until(() => posted().length === 1);
    expect(posted()).toEqual([["kept.txt"]]);
    expect(arrived("kept.txt")).toBe("kept");
    expect(asked("POST /uploads")).toHaveLength(1);
  });

  it("wait without a network and go on by themselves", async () => {
    await nari.network(false);
    const file = await attach("later.txt");
    await post("later", file);
    await settle(60_000);
    expect(said()).toEqual([]);
    await nari.network(true);
    await until(() => posted().length === 1);
    expect(posted()).toEqual([["later.txt"]]);
  });

  it("tell why a file was refused, and the message waits for the person", async () => {
    server.tus.most = 4;
    const window = await nari.window("garden");
    const file = await attach("large.txt", "too large");
    await until(failed);
    expect(tray()).toMatchObject([{ state: "failed", code: "too_large" }]);
    const id = await post("large", file);
    await settle();
    expect(window.now().rows.at(-1)).toMatchObject({ key: id, send: { state: "failed", code: "too_large" } });
    server.tus.most = 100;
    await nari.call("retry", { clientId: id });
    await until(() => posted().length === 1);
    expect(posted()).toEqual([["large.txt"]]);
  });

  it("can be taken back, out of the tray and out of a waiting message", async () => {
    server.fate = (method) => (method === "PATCH" ? "lost" : "fine");
    const [first, second, third] = [await attach("first"), await attach("second"), await attach("third")] as const;
    await nari.call("cancelUpload", { key: first.key });
    await post("", second, third);
    await nari.call("cancelUpload", { key: second.key });
    server.fate = () => "fine";
    await until(() => posted().length === 1);
    expect(posted()).toEqual([["third"]]);
    expect(arrived("second")).toBeUndefined();
    server.fate = (method) => (method === "PATCH" ? "lost" : "fine");
    const only = await attach("only");
    await post("", only);
    await nari.call("cancelUpload", { key: only.key });
    await settle();
    expect(nari.follow("outbox", null).now().rows).toEqual([]);
    expect(tray()).toEqual([]);
  });

  it("are dropped with a message that is given up", async () => {
    server.tus.most = 1;
    const id = await post("never", await attach("gone"));
    await until(failed);
    await nari.call("discard", { clientId: id });
    expect(tray()).toEqual([]);
  });

  it("are sent anew when the server has forgotten them", async () => {
    const file = await attach("old.txt", "old");
    await until(ready);
    server.tus.files.clear();
    const id = await post("old", file);
    await until(() => nari.engine.state().failed === 1);
    expect(said()).toEqual([]);
    await nari.call("retry", { clientId: id });
    await until(() => posted().length === 1);
    expect(posted()).toEqual([["old.txt"]]);
  });

  it("lie in the tray over a restart, and are sent anew after a day", async () => {
    const file = await attach("draft.txt");
    await until(ready);
    await nari.restart();
    expect(tray()).toMatchObject([{ key: file.key, state: "ready" }]);
    expect(await (await nari.call("uploadBlob", { key: file.key }) as Blob).text()).toBe("draft.txt");
    await vi.advanceTimersByTimeAsync(24 * 3_600_000);
    await nari.restart();
    await until(ready);
    expect(asked("POST /uploads")).toHaveLength(2);
    expect(tray()).toMatchObject([{ key: file.key, state: "ready" }]);
  });

  it("say the limit of the house, and take in a picture at once", async () => {
    expect(await nari.call("uploadLimit", undefined)).toBe(1_000_000);
    const file = nari.call("uploadWhole", { blob: new Blob(["face"]), name: "face.jpg", type: "image/jpeg" });
    await until(() => server.tus.files.size === 1);
    expect(await file).toMatchObject({ name: "face.jpg", size: 4 });
  });
});
