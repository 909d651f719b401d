// What a live event changes in a space's summary: its name and state, who is in it, its last line, and what
// is unread. Pure; the server's own summary comes with every welcome and corrects what can only be guessed here.
import type { Event, Id, Last, Posted, Seq, SpaceSummary } from "./wire";

/** The value of the register `read/<space>`: what is unread after `seq` as of `head`. */
export interface Tally { seq: Seq; unread: number; mentions: number; head: Seq }

/** The summary after an event that it does not hold yet. */
export function foldSummary(summary: SpaceSummary, event: Event): SpaceSummary {
  if (event.seq <= summary.head.seq) return summary;
  const next: SpaceSummary = { ...summary, head: { ...summary.head, seq: event.seq } };
  switch (event.type) {
    case "space.changed": {
      const { name, description, picture } = event.body;
      if (name !== undefined) next.name = name;
      if (description !== undefined) next.description = description;
      if (picture?.file) next.picture = picture.file;
      else if (picture) delete next.picture;
      break;
    }
    case "space.archived":
      next.archived = true;
      break;
    case "space.unarchived":
      delete next.archived;
      break;
    case "space.deleted":
      next.deleted_until = event.body.until;
      break;
    case "space.restored":
      delete next.deleted_until;
      break;
    case "member.joined":
      next.members += 1;
      if (event.body.role === "guest") next.guests += 1;
      if (next.people) next.people = [...next.people.filter((it) => it !== event.body.person), event.body.person];
      break;
    case "member.left":
      next.members = Math.max(0, next.members - 1);
      if (next.people) next.people = next.people.filter((it) => it !== event.body.person);
      break;
    case "message.posted":
    case "message.edited":
    case "message.removed":
      foldLast(next, event);
      break;
  }
  return next;
}

function foldLast(summary: SpaceSummary, event: Event): void {
  if (event.type === "message.posted" && inMainLine(event.body)) {
    const { text, files, removed } = event.body;
    const last: Last = { seq: event.seq, at: event.at, author: event.author, text };
    summary.last = { ...last, ...(files?.length && { files: files.length }), ...(removed && { removed }) };
  } else if (event.type === "message.edited" && summary.last?.seq === event.body.message && !summary.last.removed) {
    summary.last = { ...summary.last, text: event.body.text };
  } else if (event.type === "message.removed" && summary.last?.seq === event.body.message) {
    // Which one is the last now only the server knows; see `Spaces.folded`.
    const { seq, at, author } = summary.last;
    summary.last = { seq, at, author, text: "", removed: true };
  }
}

export const inMainLine = (posted: Pick<Posted, "thread" | "also">): boolean => posted.thread === undefined || posted.also === true;

/** The event that posted what another removes, if it is recent and was folded before the message was blanked. */
export function postedOf(event: Event, recent: Event[]): Event | undefined {
  if (event.type !== "message.removed") return undefined;
  const posted = recent.find((it) => it.seq === event.body.message);
  return posted?.type === "message.posted" && !posted.body.removed ? posted : undefined;
}

/** The tally after an event that it does not count yet. `posted` is what the event removes, if it is known. */
export function count(tally: Tally, event: Event, me: Id, posted?: Event): Tally {
  if (event.seq <= tally.head) return tally;
  const next = { ...tally, head: event.seq };
  if (event.seq > tally.seq && countsFor(event, me)) {
    next.unread += 1;
    if (mentions(event, me)) next.mentions += 1;
  } else if (event.type === "message.removed" && event.body.message > tally.seq && wasCounted(event, me, posted)) {
    next.unread = Math.max(0, next.unread - 1);
    if (posted && mentions(posted, me)) next.mentions = Math.max(0, next.mentions - 1);
  }
  return next;
}

export const countsFor = (event: Event, me: Id): boolean =>
  event.type === "message.posted" && event.author !== me && !event.body.removed && inMainLine(event.body);

export const mentions = (event: Event, me: Id): boolean =>
  event.type === "message.posted" && (event.body.everyone === true || (event.body.mentions?.includes(me) ?? false));

/** Of a message that is not known it is assumed that whoever removed it had written it; see `guessed`. */
function wasCounted(event: Event & { type: "message.removed" }, me: Id, posted?: Event): boolean {
  return posted ? countsFor(posted, me) : event.author !== me && event.body.thread === undefined;
}

/** Whether counting this event takes a guess, so that the server should be asked. */
export const guessed = (tally: Tally, event: Event, posted?: Event): boolean =>
  event.type === "message.removed" && event.seq > tally.head && event.body.message > tally.seq && !posted;

/** What is unread after a marker set here, counted from the newest events if they reach back so far. */
export function recount(tally: Tally, seq: Seq, recent: Event[], high: Seq, me: Id): Tally {
  const gone = new Set(recent.map((event) => (event.type === "message.removed" ? event.body.message : 0)));
  const left = recent.filter((event) => event.seq > seq && !gone.has(event.seq) && countsFor(event, me));
  if (seq >= high) return { ...tally, seq, unread: 0, mentions: 0 };
  if ((recent[0]?.seq ?? high + 1) > seq + 1) return { ...tally, seq, unread: Math.max(tally.unread, left.length) };
  return { seq, unread: left.length, mentions: left.filter((event) => mentions(event, me)).length, head: high };
}

/** A tally of the server, led up to `high` by what was folded since. Nothing when that is not known well enough. */
export function caughtUp(tally: Tally, recent: Event[], high: Seq, me: Id): Tally | undefined {
  if (tally.head >= high) return tally;
  if ((recent[0]?.seq ?? high + 1) > tally.head + 1) return undefined;
  let so = tally;
  for (const event of recent) {
    const posted = postedOf(event, recent);
    if (guessed(so, event, posted)) return undefined;
    so = count(so, event, me, posted);
  }
  return so;
}
