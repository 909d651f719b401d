// Folding: how an event changes the rows of a space. Pure, and exactly as docs/protocol/sync.md says;
// the vectors in testing/vectors/fold.json hold the Rust reference and this file to the same rows.
import { answered } from "./cards";
import type { Event, MessageRow, NoticeRow, Page, Replies, Row, Seq } from "./wire";

/** Rows of 64 neighbouring seqs make a page. */
export const PAGE = 64;
const REPLIERS = 5;

export const pageOf = (seq: Seq): number => Math.floor(seq / PAGE);

/** Whether a row stands in the space itself, not only in a thread. */
export const isMain = (row: Row): boolean => row.type !== "message" || row.thread === undefined || row.also === true;

/** The seqs of the rows that an event begins or changes. */
export function touches(event: Event): Seq[] {
  switch (event.type) {
    case "message.posted":
      return event.body.thread === undefined ? [event.seq] : [event.seq, event.body.thread];
    case "message.removed":
      return event.body.thread === undefined ? [event.body.message] : [event.body.message, event.body.thread];
    case "message.edited":
    case "message.unfurled":
    case "reaction.added":
    case "reaction.removed":
    case "message.pinned":
    case "message.unpinned":
    case "message.voted":
    case "message.counted":
    case "message.closed":
    case "message.checked":
    case "message.unchecked":
    case "message.assigned":
    case "message.confirmed":
      return [event.body.message];
    case "call.ended":
      return [event.body.started];
    case "meeting.changed":
    case "meeting.cancelled":
      return [event.seq, event.body.planned];
    case "hidden":
    case "meeting.due":
    case "message.reminded":
      return [];
    default:
      return [event.seq];
  }
}

/** The row that an event begins, or nothing if it changes an earlier one. */
export function begin(event: Event): Row | undefined {
  const base = { seq: event.seq, at: event.at, author: event.author, changed: event.seq, ...(event.staff && { staff: true }) };
  if (event.type === "message.posted") {
    const { text, thread, also, files, forward, card, app, removed } = event.body;
    return {
      ...base,
      type: "message",
      ...(event.client_id !== undefined && { client_id: event.client_id }),
      text,
      ...(thread !== undefined && { thread }),
      ...(also && { also }),
      ...(files?.length && { files }),
      ...(forward && { forward }),
      ...(card && { card }),
      ...(app && { app }),
      ...(removed && { removed }),
    };
  }
  if (/^(message|reaction)\./.test(event.type) || event.type === "call.ended" || event.type === "meeting.due" || event.type === "hidden") return undefined;
  return { ...base, type: event.type, body: event.body } as NoticeRow;
}

/** A held page after an event. What is already folded in is left alone. */
export function fold(page: Page, event: Event): Page {
  if (event.seq <= page.at) return page;
  const rows = foldRows(page.rows, event, page.page);
  if (rows === page.rows) return { ...page, at: event.seq };
  return { ...page, at: event.seq, version: event.seq, rows };
}

/** Rows in order of seq after an event; only rows of the page given, if one is given. The same array if none changed. */
export function foldRows(rows: Row[], event: Event, page?: number): Row[] {
  let out = rows;
  const begun = begin(event);
  if (begun && (page === undefined || pageOf(begun.seq) === page)) out = [...rows, begun];
  for (const seq of touches(event)) {
    if (seq === event.seq) continue;
    const at = out.findIndex((row) => row.seq === seq);
    const row = out[at];
    const next = row && foldRow(row, event);
    if (!next || next === row) continue;
    if (out === rows) out = [...rows];
    out[at] = next;
  }
  return out;
}

/** One row after an event about it: its own change, a reply to it, or a reply of it that was removed. */
export function foldRow(row: Row, event: Event): Row {
  switch (event.type) {
    case "message.posted":
      return row.type === "message" ? counted(row, event) : row;
    case "message.removed":
      return event.body.message === row.seq ? changed(row, event) : uncounted(row, event.seq);
    default:
      return changed(row, event);
  }
}

function counted(root: MessageRow, reply: Event): MessageRow {
  const { count, people }: Pick<Replies, "count" | "people"> = root.replies ?? { count: 0, people: [] };
  const joins = people.length < REPLIERS && !people.includes(reply.author);
  const replies = { count: count + 1, last: reply.seq, last_at: reply.at, people: joins ? [...people, reply.author] : people };
  return { ...root, replies, changed: reply.seq };
}

function uncounted(root: Row, seq: Seq): Row {
  if (root.type !== "message" || !root.replies) return { ...root, changed: seq };
  return { ...root, replies: { ...root.replies, count: root.replies.count - 1 }, changed: seq };
}

function changed(row: Row, event: Event): Row {
  if (event.type === "call.ended" && row.type === "call.started") {
    const { started: _, ...ending } = event.body;
    return { ...row, changed: event.seq, body: { ...row.body, ended: { at: event.at, ...ending } } };
  }
  if (row.type === "meeting.planned") {
    if (event.type === "meeting.cancelled") return { ...row, changed: event.seq, body: { ...row.body, cancelled: true } };
    if (event.type !== "meeting.changed") return row;
    const { planned: _, occurrence: __, ...body } = event.body;
    return { ...row, changed: event.seq, body };
  }
  if (row.type !== "message") return row;
  const next: MessageRow = { ...row, changed: event.seq };
  switch (event.type) {
    case "message.edited":
      next.edited_at = event.at;
      if (next.removed) break;
      next.text = event.body.text;
      delete next.app;
      if (event.body.app) next.app = event.body.app;
      break;
    case "message.unfurled":
      if (next.removed) break;
      delete next.unfurls;
      if (Object.keys(event.body.unfurls).length) next.unfurls = event.body.unfurls;
      break;
    case "message.removed":
      next.removed = true;
      next.text = "";
      delete next.files;
      delete next.forward;
      delete next.card;
      delete next.app;
      delete next.unfurls;
      delete next.pinned;
      delete next.reactions;
      break;
    case "reaction.added":
      if (!next.removed) react(next, event.body.emoji, event);
      break;
    case "reaction.removed":
      unreact(next, event.body.emoji, event);
      break;
    case "message.pinned":
      if (!next.removed) next.pinned = { by: event.author, at: event.at };
      break;
    case "message.unpinned":
      delete next.pinned;
      break;
    default:
      if (next.card) next.card = answered(next.card, event);
  }
  return next;
}

function react(row: MessageRow, emoji: string, event: Event): void {
  const kinds = row.reactions ?? [];
  const mine = kinds.find((it) => it.emoji === emoji);
  if (mine?.people.some(([person]) => person === event.author)) return;
  const given: [string, number] = [event.author, event.seq];
  row.reactions = mine
    ? kinds.map((it) => (it === mine ? { emoji, people: [...it.people, given] } : it))
    : [...kinds, { emoji, people: [given] }];
}

function unreact(row: MessageRow, emoji: string, event: Event): void {
  const kinds = (row.reactions ?? [])
    .map((it) => (it.emoji === emoji ? { emoji, people: it.people.filter(([person]) => person !== event.author) } : it))
    .filter((it) => it.people.length > 0)
    .sort((a, b) => (a.people[0]?.[1] ?? 0) - (b.people[0]?.[1] ?? 0));
  if (kinds.length) row.reactions = kinds;
  else delete row.reactions;
}
