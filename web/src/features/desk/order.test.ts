import { describe, expect, it } from "vitest";
import type { Ticket } from "../../engine/wire-desk";
import { cannedFor, dueOf, filled, inOrder, summed, waited } from "./order";

const ticket = (space: string, more: Partial<Ticket> = {}): Ticket => ({
  space, desk: "d", number: 1, round: 1, state: "waiting", visitor: { id: "dara", name: "Dara", role: "visitor", active: true }, subject: "", language: "ko",
  priority: 1, via: "page", wants: "chat", opened_at: 0, waiting_since: 0, tags: [], consents: [], overdue: [], ...more,
});
const names = (all: readonly Ticket[]) => all.map(({ space }) => space).join("");

describe("the console", () => {
  it("shows who waits in the order in which they are served", () => {
    const all = [ticket("a", { waiting_since: 30 }), ticket("b", { waiting_since: 20 }), ticket("c", { waiting_since: 40, priority: 3 }), ticket("d", { waiting_since: 20, number: 0 })];
    expect(names(inOrder("waiting", all))).toBe("cdba");
  });

  it("shows what sleeps by its waking and all else by its last word", () => {
    expect(names(inOrder("snoozed", [ticket("a", { snoozed_until: 2 }), ticket("b", { snoozed_until: 1 })]))).toBe("ba");
    expect(names(inOrder("mine", [ticket("a", { opened_at: 5 }), ticket("b", { last: { at: 9, author: "x", text: "" } }), ticket("a", { opened_at: 6 })]))).toBe("ba");
  });

  it("adds what several desks count", () => {
    expect(summed([{ waiting: 1, mine: 2, open: 3, snoozed: 4 }, { waiting: 1, mine: 0, open: 0, snoozed: 1 }])).toEqual({ waiting: 2, mine: 2, open: 3, snoozed: 5 });
    expect(summed([])).toEqual({ waiting: 0, mine: 0, open: 0, snoozed: 0 });
  });

  it.each([[-5, "0 second"], [59, "59 second"], [60, "1 minute"], [3_599, "59 minute"], [7_200, "2 hour"], [90_000, "1 day"]])("says that %d seconds are %s", (seconds, words) => {
    expect(waited(0, seconds * 1e6, (count, unit) => `${count} ${unit}`)).toBe(words);
  });

  it("knows which promise is next and whether it is broken", () => {
    const due = { first_answer_at: 10, close_at: 50 };
    expect(dueOf(ticket("a", { due }), 5)).toEqual({ at: 10, what: "first_answer", late: false });
    expect(dueOf(ticket("a", { due, first_answer_at: 8 }), 60)).toEqual({ at: 50, what: "close", late: true });
    expect(dueOf(ticket("a", { due, state: "closed" }), 5)).toBeUndefined();
    expect(dueOf(ticket("a", { due: {} }), 5)).toBeUndefined();
  });

  it("fills in who it is about, and leaves what it does not know", () => {
    expect(filled("{visitor}님, {agent}입니다. {desk} {phone}", { visitor: "다라", agent: "준호", desk: "" })).toBe("다라님, 준호입니다. {desk} {phone}");
  });

  it("finds a reply by any part of its name, whatever its spaces and case", () => {
    const all = [{ name: "Refund steps" }, { name: "환불 안내" }];
    expect(cannedFor(all, "undst")).toEqual([all[0]]);
    expect(cannedFor(all, "환불안")).toEqual([all[1]]);
    expect(cannedFor(all, "")).toHaveLength(2);
  });
});
