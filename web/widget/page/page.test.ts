import { describe, expect, it, vi } from "vitest";
import { readAnswer, readPoint } from "../point";
import { Budget } from "./budget";
import { blocked, MASK } from "./secrets";
import { plain, sweep, type Node, type Recorded } from "./sweep";

const SECRET = "hunter2swordfish";
const element = (id: number, tagName: string, attributes: Record<string, unknown> = {}, childNodes: Node[] = []): Node => ({ type: 2, id, tagName, attributes, childNodes });
const text = (id: number, textContent: string): Node => ({ type: 3, id, textContent });
const whole = (...childNodes: Node[]): Recorded => ({ type: 2, timestamp: 1, data: { node: { type: 0, id: 1, childNodes } } });
const change = (more: Record<string, unknown>): Recorded => ({ type: 3, timestamp: 2, data: { source: 0, adds: [], removes: [], texts: [], attributes: [], ...more } });
const told = (events: Recorded[]): string => JSON.stringify(events);

describe("what leaves the page", () => {
  it("holds nothing of what pages copy out of their fields", () => {
    const copies = [
      element(2, "div", { "data-replicated-value": `${SECRET} ` }),
      element(2, "input", { type: "text", value: SECRET }),
      element(2, "input", { type: "hidden", value: "token" }),
      element(2, "div", {}, [text(3, ` ${SECRET}\n`)]),
    ];
    for (const copy of copies) expect(told(sweep(whole(copy), [SECRET]))).not.toMatch(/hunter2swordfish|token/);
    const later = change({ texts: [{ id: 3, value: SECRET }], attributes: [{ id: 2, attributes: { "data-value": SECRET } }], adds: [{ parentId: 1, nextId: null, node: text(9, SECRET) }] });
    expect(told(sweep(later, [SECRET]))).not.toContain(SECRET);
  });

  it("keeps the words of the page though somebody typed one of them", () => {
    const page = whole(element(2, "h1", { class: "shoes", title: "Bags" }, [text(3, "All shoes of this season")]), element(4, "input", { type: "submit", value: "Search" }));
    expect(sweep(page, ["shoes", "abc"])).toEqual([page]);
  });

  it("names no address with what may be secret in it, and brings nothing to fetch or to run", () => {
    const [meta] = sweep({ type: 4, timestamp: 1, data: { href: "https://u:p@shop.example/cart?token=1#2", width: 10, height: 10 } }, []);
    expect(meta!.data).toEqual({ href: "https://shop.example/cart", width: 10, height: 10 });
    const out = told(sweep(whole(element(2, "a", { href: "/x?token=1", onclick: "x()" }), element(3, "img", { src: "/p?token=1", srcset: "/q 2x", alt: "A" }), element(4, "use", { href: "#i" })), []));
    expect(out).not.toMatch(/token|onclick|srcset/);
    expect(out).toContain('"href":"#i"');
    expect(plain("javascript:alert(1)")).toBe("");
  });

  it("goes no deeper than readers of JSON do, and loses nothing by it", () => {
    let node = text(1_000, "deep");
    for (let id = 999; id > 1; id--) node = element(id, "p", {}, [node]);
    const events = sweep(whole(node), []);
    const depth = (it: unknown): number => (typeof it === "object" && it !== null ? 1 + Math.max(0, ...Object.values(it).map(depth)) : 0);
    expect(Math.max(...events.map(depth))).toBeLessThan(120);
    const ids = [...told(events).matchAll(/"id":(\d+)/g)].map(([, id]) => Number(id)).sort((a, b) => a - b);
    expect(ids).toEqual(Array.from({ length: 1_000 }, (_, n) => n + 1));
    const parents = events.slice(1).flatMap(({ data }) => (data["adds"] as { parentId: number }[]).map(({ parentId }) => parentId));
    expect(parents.every((parent, n) => told(events.slice(0, n + 1)).includes(`"id":${parent},`))).toBe(true);
  });
});

describe("what is hidden", () => {
  it("is what the desk says too, if it is a selector", () => {
    const warn = vi.spyOn(console, "warn").mockReturnValue();
    const all = blocked([".salary", "a[", " "], (it) => !it.includes("["));
    expect(all).toContain(",.salary");
    expect(all).not.toContain("a[");
    expect(warn).toHaveBeenCalledOnce();
    expect(MASK.length).toBe(6);
  });
});

describe("the budget", () => {
  it("is used up by five long readings within ten seconds, not by five in a minute", () => {
    const slow = new Budget();
    expect([0, 100, 200, 300, 400].map((at) => slow.took(60, at))).toEqual([false, false, false, false, true]);
    const now_and_then = new Budget();
    expect([0, 9_000, 18_000, 27_000, 36_000].some((at) => now_and_then.took(60, at))).toBe(false);
    const quick = new Budget();
    expect(Array.from({ length: 100 }, (_, at) => quick.took(50, at)).some(Boolean)).toBe(false);
  });
});

describe("what an agent shows", () => {
  it("is read before it is believed", () => {
    expect(readPoint({ kind: "pointer", node: 4, x: 0.5, y: 2, more: 1 })).toEqual({ kind: "pointer", node: 4, x: 0.5, y: 2 });
    expect(readPoint({ kind: "ink", id: "a", node: 4, points: [[0, 0], [1e9, 0.5]], colour: "puce" })).toEqual({ kind: "ink", id: "a", node: 4, points: [[0, 0], [100, 0.5]], done: false, colour: "red", stays: false });
    expect(readPoint({ kind: "clear" })).toEqual({ kind: "clear" });
    for (const wrong of [null, 4, [], {}, { kind: "pointer", x: "1", y: 0 }, { kind: "pointer", x: NaN, y: 0 }, { kind: "ink", id: "a", points: [] }, { kind: "ink", id: "a", points: [[0]] }, { kind: "show", node: "body" }, { kind: "show", node: -1 }, { kind: "click", node: 3 }, { kind: "run", code: "x" }]) expect(readPoint(wrong)).toBeUndefined();
    expect(readAnswer({ kind: "clicked", id: "a", done: 1 })).toEqual({ kind: "clicked", id: "a", done: false });
    expect(readAnswer({ kind: "clicked" })).toBeUndefined();
  });
});
