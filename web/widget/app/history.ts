// What was said in a ticket, as the device holds it: rows in order, and how far they are folded (docs/protocol/sync.md,
// "Gaps"). Pure: answers what has to be fetched and is given it.
import { begin, foldRows, isMain, PAGE, pageOf } from "../../src/engine/fold";
import type { Event, Page, Row, Seq } from "../../src/engine/wire";

export interface History {
  rows: readonly Row[];
  /** Everything up to here is folded in. */
  high: Seq;
  /** The first page that is held; 0 has no page before it. */
  first: number;
  /** Came before what lies between. */
  ahead: readonly Event[];
}

/** More than this is not fetched event by event. */
const FAR = 512;

export const nothing: History = { rows: [], high: 0, first: 0, ahead: [] };

/** Begins with the newest page. Its `at` says how far it is folded. */
export const beginAt = (page: Page, ahead: readonly Event[] = []): History =>
  closeUp({ rows: page.rows, high: page.at, first: page.page, ahead });

/** The page before the first one that is held, brought up to where the others are by its own `at`. */
export function before(history: History, page: Page): History {
  if (page.page !== history.first - 1) return history;
  return { ...history, rows: [...page.rows, ...history.rows], first: page.page };
}

export function take(history: History, event: Event): History {
  if (event.seq <= history.high || history.ahead.some(({ seq }) => seq === event.seq)) return history;
  return closeUp({ ...history, ahead: [...history.ahead, event].sort((a, b) => a.seq - b.seq) });
}

export const takeAll = (history: History, events: readonly Event[]): History => events.reduce(take, history);

/** What must be asked for before what came can be shown: events after `high`, or all anew. */
export function missing(history: History, head: Seq): "nothing" | "events" | "anew" {
  const newest = Math.max(head, history.ahead.at(-1)?.seq ?? 0);
  if (newest <= history.high) return "nothing";
  return newest - history.high > FAR ? "anew" : "events";
}

function closeUp({ rows, high, first, ahead }: History): History {
  let shown = rows;
  let waiting = ahead.filter(({ seq }) => seq > high);
  while (waiting[0]?.seq === high + 1) {
    const [event] = waiting;
    shown = folded(shown, event, first);
    high = event.seq;
    waiting = waiting.slice(1);
  }
  return { rows: shown, high, first, ahead: waiting };
}

function folded(rows: readonly Row[], event: Event, first: number): readonly Row[] {
  const out = foldRows([...rows], event);
  // A row of a page that is not held would stand before a gap.
  return begin(event) && pageOf(event.seq) < first ? out.filter(({ seq }) => seq >= first * PAGE) : out;
}

/** What the visitor sees: messages of the main line, calls, and the turns of the ticket. */
export const visible = (rows: readonly Row[]): Row[] =>
  rows.filter((row) => (row.type === "message" ? isMain(row) : /^(call\.started|ticket\.(opened|assigned|closed)|consent\.)/.test(row.type)));
