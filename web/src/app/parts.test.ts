import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { toasts } from "../ui/toasts.svelte";
import { part, pause, wanted } from "./parts";

const page = new EventTarget();
beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("addEventListener", page.addEventListener.bind(page));
  vi.stubGlobal("removeEventListener", page.removeEventListener.bind(page));
  toasts.length = 0;
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** A file that does not come so many times. */
function chunk(failures: number) {
  const load = vi.fn(async () => {
    if (load.mock.calls.length <= failures) throw new TypeError("Failed to fetch dynamically imported module");
    return "there";
  });
  return load;
}

describe("a part of a screen", () => {
  it("comes in the end, however often the line breaks", async () => {
    const load = chunk(7);
    const come = part(load);
    await vi.advanceTimersByTimeAsync(200_000);
    expect(await come).toBe("there");
    expect(load).toHaveBeenCalledTimes(8);
  });

  it("comes at once when the network is back", async () => {
    const load = chunk(1);
    const come = part(load);
    await vi.advanceTimersByTimeAsync(10);
    expect(load).toHaveBeenCalledTimes(1);
    page.dispatchEvent(new Event("online"));
    expect(await come).toBe("there");
  });

  it("waits longer and longer, and never longer than half a minute", async () => {
    let over = false;
    void pause(20).then(() => (over = true));
    await vi.advanceTimersByTimeAsync(29_999);
    expect(over).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(over).toBe(true);
  });
});

describe("what a person asked for", () => {
  it("is opened although the first try fails", async () => {
    const close = vi.fn();
    const come = wanted(chunk(2), close);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(await come).toBe("there");
    expect(close).not.toHaveBeenCalled();
  });

  it("is given up with a word after a few seconds, so that it can be asked for again", async () => {
    const close = vi.fn();
    void wanted(chunk(100), close);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(close).toHaveBeenCalledOnce();
    expect(toasts).toMatchObject([{ kind: "error" }]);
  });
});
