import { describe, expect, it } from "vitest";
import { Seen } from "./seen";
import type { ClientFrame } from "./wire";
import type { SeenFrame } from "./wire-desk";

describe("a page that is shown", () => {
  it("is watched while somebody looks, again after a lost line, and goes to those who look at it", () => {
    const sent: ClientFrame[] = [];
    const seen = new Seen((frame) => sent.push(frame));
    const [one, two, elsewhere]: SeenFrame[][] = [[], [], []];
    const stop = seen.watch("a", (frame) => one!.push(frame));
    const stopTwo = seen.watch("a", (frame) => two!.push(frame));
    seen.watch("b", (frame) => elsewhere!.push(frame));
    const frame: SeenFrame = { type: "cobrowse", space: "a", n: 1, full: true, events: [] };
    seen.frame(frame);
    expect([one, two, elsewhere]).toEqual([[frame], [frame], []]);
    stop();
    stop();
    seen.frame(frame);
    expect([one!.length, two!.length]).toEqual([1, 2]);
    sent.length = 0;
    seen.welcome();
    stopTwo();
    expect(sent).toEqual([
      { type: "watch", space: "a", on: true },
      { type: "watch", space: "b", on: true },
      { type: "watch", space: "a", on: false },
    ]);
  });
});
