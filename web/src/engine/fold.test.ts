import { describe, expect, it } from "vitest";
import { begin, fold, foldRows, isMain, pageOf } from "./fold";
import type { Body, Event, Page, Row } from "./wire";

// Made by `madang-model`'s tests.
const vectors = import.meta.glob<{ name: string; events: Event[]; rows: Row[] }[]>("../../../testing/vectors/fold.json", { eager: true, import: "default" });

const SPACE = "space00000000";
let seq = 0;
const event = (author: string, body: Body, client_id?: string): Event => ({ space: SPACE, seq: ++seq, at: 1_000 * seq, author, ...(client_id && { client_id }), ...body }) as Event;
const story = (...steps: [string, Body][]): Row[] => {
  seq = 0;
  return steps.reduce<Row[]>((rows, [author, body]) => foldRows(rows, event(author, body)), []);
};
const post = (text: string, more: object = {}): Body => ({ type: "message.posted", body: { text, ...more } });

describe("folding", () => {
  it("gives exactly the rows of the vectors that the reference made", () => {
    const all = Object.values(vectors).flat();
    expect(all).not.toHaveLength(0);
    for (const { name, events, rows } of all) {
      expect(events.reduce<Row[]>((so, it) => foldRows(so, it), []), name).toEqual(rows);
      // Page by page gives the same as all at once.
      const pages = new Map<number, Page>();
      const last = Math.max(...events.map((it) => it.seq));
      for (let n = 0; n <= pageOf(last); n++) pages.set(n, { space: events[0]!.space, page: n, version: 0, at: 0, rows: [] });
      for (const it of events) for (const [n, page] of pages) pages.set(n, fold(page, it));
      expect([...pages.values()].flatMap((page) => page.rows), `${name}, by pages`).toEqual(rows);
    }
  });

  it("begins a row with what was posted and nothing else", () => {
    seq = 0;
    expect(begin(event("nari", post("hello"), "c1"))).toEqual({ seq: 1, at: 1_000, author: "nari", changed: 1, type: "message", client_id: "c1", text: "hello" });
  });

  it("marks a note, and leaves no row where something is not for one's eyes", () => {
    seq = 0;
    expect(begin({ ...event("nari", post("call her back", { note: true })), staff: true })).toMatchObject({ type: "message", staff: true });
    expect(story(["nari", post("a")], ["nari", { type: "hidden", body: {} }], ["dara", post("b")]).map((row) => row.seq)).toEqual([1, 3]);
  });

  it("shows what happens to a ticket as notices", () => {
    const rows = story(["dara", { type: "ticket.opened", body: { desk: "d", round: 1, via: "page", wants: "chat", language: "ko" } }], ["joon", { type: "ticket.assigned", body: { agent: "joon", why: "accepted" } }], ["dara", { type: "consent.given", body: { to: "page" } }]);
    expect(rows.map((row) => row.type)).toEqual(["ticket.opened", "ticket.assigned", "consent.given"]);
  });

  it("edits the text and says when, unless the message is gone", () => {
    const edit: Body = { type: "message.edited", body: { message: 1, text: "b" } };
    expect(story(["nari", post("a")], ["nari", edit])[0]).toMatchObject({ text: "b", edited_at: 2_000, changed: 2 });
    expect(story(["nari", post("a")], ["nari", { type: "message.removed", body: { message: 1 } }], ["nari", edit])[0]).toMatchObject({ text: "", removed: true });
  });

  it("holds what an app made of a message: an edit says all of it anew, and so does what its links show", () => {
    const blocks = [{ type: "divider" }];
    const edit = (more: object = {}): Body => ({ type: "message.edited", body: { message: 1, text: "b", ...more } });
    const shown = (unfurls: object): Body => ({ type: "message.unfurled", body: { message: 1, unfurls } }) as Body;
    expect(story(["bori", post("a", { app: { name: "Bori", blocks } })])[0]).toMatchObject({ app: { name: "Bori", blocks } });
    expect(story(["bori", post("a", { app: { blocks } })], ["bori", edit({ app: { name: "Bori" } })])[0]).toMatchObject({ text: "b", app: { name: "Bori" } });
    expect(story(["bori", post("a", { app: { blocks } })], ["bori", edit()])[0]).not.toHaveProperty("app");
    expect(story(["nari", post("a")], ["bori", shown({ x: { title: "1" } })], ["bori", shown({ y: { title: "2" }, x: { title: "3" } })])[0]).toMatchObject({ changed: 3, unfurls: { x: { title: "3" }, y: { title: "2" } } });
    expect(story(["nari", post("a")], ["bori", shown({ x: {} })], ["bori", shown({})])[0]).not.toHaveProperty("unfurls");
    const gone = story(["nari", post("a", { app: { blocks } })], ["bori", shown({ x: {} })], ["nari", { type: "message.removed", body: { message: 1 } }], ["nari", edit({ app: { blocks } })], ["bori", shown({ x: {} })])[0];
    expect(gone).not.toHaveProperty("app");
    expect(gone).not.toHaveProperty("unfurls");
  });

  it("empties a removed message and takes a removed reply off its root", () => {
    const rows = story(
      ["nari", post("root", { files: [{ id: "f", name: "f", type: "t", size: 1 }] })],
      ["joon", post("reply", { thread: 1 })],
      ["mina", { type: "reaction.added", body: { message: 1, emoji: "👍" } }],
      ["joon", { type: "message.removed", body: { message: 2, thread: 1 } }],
      ["nari", { type: "message.removed", body: { message: 1 } }],
    );
    expect(rows[0]).toEqual({ seq: 1, at: 1_000, author: "nari", changed: 5, type: "message", text: "", removed: true, replies: { count: 0, last: 2, last_at: 2_000, people: ["joon"] } });
    expect(rows[1]).toMatchObject({ removed: true, changed: 4, thread: 1 });
  });

  it("keeps a person once in a reaction, and orders kinds by their first after a removal", () => {
    const react = (emoji: string): Body => ({ type: "reaction.added", body: { message: 1, emoji } });
    const rows = story(["nari", post("a")], ["nari", react("👍")], ["joon", react("🎉")], ["nari", react("👍")], ["mina", react("👍")], ["nari", { type: "reaction.removed", body: { message: 1, emoji: "👍" } }]);
    expect(rows[0]).toMatchObject({ reactions: [{ emoji: "🎉", people: [["joon", 3]] }, { emoji: "👍", people: [["mina", 5]] }], changed: 6 });
  });

  it("leaves no trace of reactions and pins that are taken back", () => {
    const rows = story(
      ["nari", post("a")],
      ["nari", { type: "message.pinned", body: { message: 1 } }],
      ["nari", { type: "message.unpinned", body: { message: 1 } }],
      ["nari", { type: "reaction.added", body: { message: 1, emoji: "x" } }],
      ["nari", { type: "reaction.removed", body: { message: 1, emoji: "x" } }],
      ["nari", { type: "message.reminded", body: { message: 1, people: [] } }],
    );
    expect(rows).toEqual([{ seq: 1, at: 1_000, author: "nari", changed: 5, type: "message", text: "a" }]);
  });

  it("shows the first five different repliers", () => {
    const reply = (author: string): [string, Body] => [author, post("r", { thread: 1 })];
    const rows = story(["nari", post("root")], ...["a", "b", "a", "c", "d", "e", "f"].map(reply));
    expect(rows[0]).toMatchObject({ replies: { count: 7, last: 8, people: ["a", "b", "c", "d", "e"] } });
    expect(rows.filter(isMain)).toHaveLength(1);
  });

  it("folds an event into a page once, however often it comes", () => {
    seq = 0;
    const page: Page = { space: SPACE, page: 0, version: 0, at: 0, rows: [] };
    const events = [event("nari", post("root")), event("joon", post("reply", { thread: 1 }))];
    const once = events.reduce(fold, page);
    expect([...events, ...events].reduce(fold, page)).toEqual(once);
    expect(once).toMatchObject({ at: 2, version: 2 });
  });
});
