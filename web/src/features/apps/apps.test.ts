import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Scene } from "../blocks/scene.svelte";
import type { Block } from "../blocks/shapes";
import { answered, apps, closeTop, heard, viewed } from "./apps.svelte";
import { tab } from "./methods";

const view = (id: string, title = id) => ({ id, type: "modal", title: { type: "plain_text", text: title }, blocks: [] });
const ids = () => apps.stack.map((one) => one.view.id);

describe("modals", () => {
  beforeEach(() => closeTop(true));

  it("opens in the tab that was pressed, and in no other", () => {
    heard({ type: "view", action: "open", view: view("V1"), client: "another tab" });
    expect(ids()).toEqual([]);
    heard({ type: "view", action: "open", view: view("V1"), client: tab });
    expect(ids()).toEqual(["V1"]);
  });

  it("stacks three at most, changes the one that is named, and closes it", () => {
    for (const id of ["V1", "V2", "V3", "V4"]) viewed(id === "V1" ? "open" : "push", view(id));
    expect(ids()).toEqual(["V2", "V3", "V4"]);
    const held = apps.stack[1];
    heard({ type: "view", action: "update", view: view("V3", "new") });
    expect(apps.stack[1]).toBe(held);
    expect(held?.view.title?.text).toBe("new");
    viewed("close", view("V4"));
    expect(ids()).toEqual(["V2", "V3"]);
    // The answer and the frame both tell of it.
    viewed("push", view("V3"));
    expect(ids()).toEqual(["V2", "V3"]);
  });
});

describe("what one person alone sees", () => {
  it("stands in its own conversation until it is gone, and is replaced as a whole", () => {
    const said = { type: "ephemeral" as const, space: "s", id: "e", at: 1, author: "b", text: "a", app: {} };
    heard(said);
    heard({ ...said, text: "b" });
    expect(apps.of("s").map((one) => one.text)).toEqual(["b"]);
    expect([apps.of("t"), apps.of("s", 4)]).toEqual([[], []]);
    heard({ type: "ephemeral_gone", space: "s", id: "e" });
    expect(apps.of("s")).toEqual([]);
  });
});

describe("what an app is doing", () => {
  afterEach(() => void vi.useRealTimers());
  const doing = (status: string, thread = 7) => heard({ type: "assistant", space: "s", thread, app: "a", status });

  it("stands in its thread until the app says that it is over, or two minutes long", () => {
    vi.useFakeTimers();
    doing("is thinking");
    doing("is reading");
    expect([apps.doing("s", 7).map((one) => one.status), apps.doing("s"), apps.doing("t", 7)]).toEqual([["is reading"], [], []]);
    doing("");
    expect(apps.doing("s", 7)).toEqual([]);
    doing("is thinking");
    vi.advanceTimersByTime(60_000);
    doing("is writing");
    vi.advanceTimersByTime(60_000);
    // The two minutes of the first say nothing of the second.
    expect(apps.doing("s", 7)).toMatchObject([{ status: "is writing" }]);
    vi.advanceTimersByTime(60_000);
    expect(apps.doing("s", 7)).toEqual([]);
  });

  it("may be asked for, with what it offers last, until one was asked", () => {
    const offer = (...titles: string[]) => heard({ type: "assistant_prompts", space: "s", app: "a", prompts: titles.map((title) => ({ title, message: title })) });
    offer("one");
    offer("two", "three");
    const [offered, ...more] = apps.prompts("s");
    expect([offered?.prompts.map((one) => one.title), more]).toEqual([["two", "three"], []]);
    answered(offered!);
    expect(apps.prompts("s")).toEqual([]);
  });
});

describe("a press", () => {
  afterEach(() => void vi.unstubAllGlobals());
  const option = (value: string) => ({ text: { type: "plain_text", text: value }, value });
  const select = { type: "static_select", action_id: "a", options: [option("x"), option("y")], initial_option: option("x") };
  const block = { type: "section", block_id: "b", accessory: select } as unknown as Block;
  const scene = () => new Scene(() => [block], { container: () => ({ type: "message", channel_id: "c", message_ts: "1.000001" }) });
  const answers = (answer: object) => {
    const asked: { url: string; body: Record<string, unknown> }[] = [];
    vi.stubGlobal("fetch", async (url: string, init: RequestInit) => {
      asked.push({ url, body: JSON.parse(String(init.body)) as Record<string, unknown> });
      return Response.json(answer);
    });
    return asked;
  };
  const value = { type: "static_select", selected_option: option("y") };

  it("goes to the app with where it was, what was chosen, and all that stands in the fields", async () => {
    const asked = answers({ ok: true });
    const one = scene();
    one.choose(block, select, value);
    expect(one.isBusy(block, select)).toBe(true);
    await vi.waitFor(() => expect(one.isBusy(block, select)).toBe(false));
    expect(asked).toEqual([{ url: "/api/blocks.actions", body: {
      container: { type: "message", channel_id: "c", message_ts: "1.000001" }, actions: [{ block_id: "b", action_id: "a", ...value }], state: { values: { b: { a: value } } }, client_token: tab,
    } }]);
    expect([one.of(block, select), one.fault]).toEqual([value, ""]);
  });

  it("that the app never heard of does not stay chosen, and that is said", async () => {
    answers({ ok: false, error: "post_error" });
    const one = scene();
    one.choose(block, select, value);
    await vi.waitFor(() => expect(one.fault).not.toBe(""));
    expect(one.of(block, select)).toMatchObject({ selected_option: { value: "x" } });
  });

  it("is asked about first where the app wants that", () => {
    const asked = answers({ ok: true });
    const one = scene();
    const button = { type: "button", action_id: "c", confirm: { title: { type: "plain_text", text: "Sure?" } } };
    one.choose(block, button, { type: "button" });
    expect(asked).toEqual([]);
    one.asking?.go();
    expect(asked).toHaveLength(1);
  });
});
