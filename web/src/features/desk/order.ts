// Which tickets stand where in the console, and which counts stand beside the views. Pure.
import type { Ticket, TicketCounts, TicketView } from "../../engine/wire-desk";

export const views: readonly TicketView[] = ["waiting", "mine", "open", "snoozed", "closed", "all"];

const newest = (ticket: Ticket): number => ticket.last?.at ?? ticket.opened_at;

/** Whoever waits stands as the router serves them; what sleeps by when it wakes; all else with the newest first. */
export function inOrder(view: TicketView, tickets: readonly Ticket[]): Ticket[] {
  const unique = [...new Map(tickets.map((one) => [one.space, one])).values()];
  if (view === "waiting") return unique.sort((a, b) => b.priority - a.priority || a.waiting_since - b.waiting_since || a.number - b.number);
  if (view === "snoozed") return unique.sort((a, b) => (a.snoozed_until ?? 0) - (b.snoozed_until ?? 0));
  return unique.sort((a, b) => newest(b) - newest(a));
}

export const summed = (all: readonly TicketCounts[]): TicketCounts =>
  all.reduce((sum, one) => ({ waiting: sum.waiting + one.waiting, mine: sum.mine + one.mine, open: sum.open + one.open, snoozed: sum.snoozed + one.snoozed }), { waiting: 0, mine: 0, open: 0, snoozed: 0 });

/** How long somebody has waited, in words that grow with it: 45 s, 12 min, 3 h. Both in microseconds. */
export function waited(since: number, now: number, say: (count: number, unit: "second" | "minute" | "hour" | "day") => string): string {
  const seconds = Math.max(0, Math.floor((now - since) / 1e6));
  if (seconds < 60) return say(seconds, "second");
  if (seconds < 3_600) return say(Math.floor(seconds / 60), "minute");
  return seconds < 86_400 ? say(Math.floor(seconds / 3_600), "hour") : say(Math.floor(seconds / 86_400), "day");
}

/** Which promise to the visitor is next, and whether it is broken. */
export function dueOf({ due, first_answer_at, state }: Pick<Ticket, "due" | "first_answer_at" | "state">, now: number): { at: number; what: "first_answer" | "close"; late: boolean } | undefined {
  if (state === "closed" || !due) return undefined;
  const what = due.first_answer_at !== undefined && first_answer_at === undefined ? "first_answer" : "close";
  const at = what === "close" ? due.close_at : due.first_answer_at;
  return at === undefined ? undefined : { at, what, late: at < now };
}

/** A reply that is kept, with who it is about. What is not known stays to be seen and mended. */
export const filled = (text: string, given: { visitor: string; agent: string; desk: string }): string =>
  text.replace(/\{(visitor|agent|desk)\}/g, (whole, name: keyof typeof given) => given[name] || whole);

/** Those whose name has what was typed after the slash; a name may hold spaces, what is typed may not. */
export function cannedFor<T extends { name: string }>(canned: readonly T[], word: string): T[] {
  const plain = (text: string) => text.toLocaleLowerCase().replace(/\s+/g, "");
  return canned.filter(({ name }) => plain(name).includes(plain(word)));
}
