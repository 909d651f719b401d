import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Api } from "./api";
import { Desks } from "./desks";
import type { AgentNow, Ticket } from "./wire-desk";

const NOW = 1_000_000;
const offered = (space: string, inMs: number): Ticket => ({
  space, desk: "d", number: 1, round: 1, state: "offered", visitor: { id: "dara", name: "Dara", role: "visitor", active: true }, subject: "", offered: { agent: "joon", until: (NOW + inMs) * 1_000, reason: "first" },
  language: "ko", priority: 0, via: "page", wants: "chat", opened_at: 0, waiting_since: 0, tags: [], consents: [], overdue: [],
});

let answer: AgentNow | undefined;
let asked = 0;
let changes = 0;
const answering = (): Desks => {
  const api = new Api(async () => {
    asked += 1;
    if (!answer) throw new TypeError("no line");
    return new Response(JSON.stringify(answer));
  });
  return new Desks({ api, now: () => NOW, skew: () => 0, changed: () => (changes += 1) });
};

describe("desks on an agent's device", () => {
  beforeEach(() => {
    vi.useFakeTimers();
    answer = undefined;
    asked = changes = 0;
  });
  afterEach(() => vi.useRealTimers());

  it("rings until it is over, taken here, or its time is long up", async () => {
    const desks = answering();
    desks.frame({ type: "offer", ticket: offered("a", 20_000) });
    desks.frame({ type: "offer", ticket: offered("b", 20_000) });
    desks.frame({ type: "offer", ticket: offered("c", 20_000) });
    desks.frame({ type: "offer_over", space: "a" });
    desks.hush("b");
    expect(desks.now().offers.map((it) => it.space)).toEqual(["c"]);
    await vi.advanceTimersByTimeAsync(24_000);
    expect(desks.now().offers).toEqual([]);
  });

  it("does not ring for what has run out before it came", () => {
    const desks = answering();
    desks.frame({ type: "offer", ticket: offered("a", -1) });
    expect(desks.now().offers).toEqual([]);
  });

  it("asks after every connection, and once for many changes of queues", async () => {
    answer = { reachable: true, desks: 2, offers: [offered("a", 20_000)] };
    const desks = answering();
    desks.welcome();
    await vi.advanceTimersByTimeAsync(0);
    expect(desks.now()).toMatchObject({ agent: { reachable: true, desks: 2 }, turn: 1 });
    expect(desks.now().offers.map((it) => it.space)).toEqual(["a"]);
    answer = { reachable: false, desks: 2, offers: [] };
    for (let n = 0; n < 5; n++) desks.frame({ type: "desk", desk: "d" });
    expect(desks.now().turns).toEqual({ d: 5 });
    await vi.advanceTimersByTimeAsync(1_500);
    expect(asked).toBe(2);
    expect(desks.now()).toMatchObject({ agent: { reachable: false }, offers: [] });
  });

  it("knows at once that the switch was turned elsewhere, and whether the house did it", () => {
    const desks = answering();
    desks.know({ reachable: true, desks: 1, offers: [] });
    desks.turned({ reachable: false, why: "missed" });
    expect(desks.now().agent).toEqual({ reachable: false, desks: 1, why: "missed" });
    // An answer that is newer than the register.
    desks.know({ reachable: true, desks: 1, offers: [] });
    expect(desks.now().agent).toEqual({ reachable: true, desks: 1 });
  });

  it("keeps what it knows while there is no line", async () => {
    const desks = answering();
    desks.know({ reachable: true, desks: 1, offers: [] });
    desks.welcome();
    await vi.advanceTimersByTimeAsync(30_000);
    expect(desks.now().agent).toEqual({ reachable: true, desks: 1 });
  });
});
