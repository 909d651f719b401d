// What the person keeps for later, as the registers of this device say it: saved messages, and messages that wait
// for their time. Followed from the first time somebody asks.
import { go, href } from "../../app/nav.svelte";
import { session, wordsOf } from "../../app/session.svelte";
import type { Client } from "../../engine/client";
import type { FileRef, Id, Register, Seq } from "../../engine/wire";
import { language, m } from "../../lib/i18n.svelte";
import { fullTime } from "../../lib/time";
import { toast } from "../../ui/toasts.svelte";

export interface SavedMark { at: number; remind_at?: number; told_at?: number }
export interface Scheduled { id: string; space: Id; text: string; thread?: Seq; also?: boolean; files?: FileRef[]; at: number; /** The code with which the house refused it at its time. */ refused?: string }

let following: Client | undefined;
let saved = $state.raw<ReadonlyMap<string, SavedMark>>(new Map());
let scheduled = $state.raw<readonly Scheduled[]>([]);

function follow(): void {
  if (following === session.client) return;
  following = session.client;
  following.registersUnder("saved", (rows) => {
    saved = new Map(rows.flatMap(({ key, value }) => (value ? [[key.slice("saved/".length), value as SavedMark] as const] : [])));
  });
  following.registersUnder("scheduled", (rows) => {
    scheduled = rows
      .flatMap(({ key, value }) => (value ? [{ ...(value as Omit<Scheduled, "id">), id: key.slice("scheduled/".length) }] : []))
      .sort((a, b) => a.at - b.at);
  });
}

/** How a message is kept, if it is. */
export function savedMark(space: Id, seq: Seq): SavedMark | undefined {
  follow();
  return saved.get(`${space}/${seq}`);
}

export function savedCount(): number {
  follow();
  return saved.size;
}

/** What is asked for anew when it changes: every change of what is saved. */
export function savedMarks(): ReadonlyMap<string, SavedMark> {
  follow();
  return saved;
}

export function scheduledMessages(): readonly Scheduled[] {
  follow();
  return scheduled;
}

async function take(call: Promise<{ register: Register | null }>): Promise<boolean> {
  try {
    const { register } = await call;
    if (register) await session.client.register(register);
    return true;
  } catch (error) {
    toast(wordsOf(error), { kind: "error" });
    return false;
  }
}

/** A moment as a notice says it. */
export const moment = (at: number | Date): string => fullTime(typeof at === "number" ? new Date(at / 1_000) : at, language.locale);

export async function save(space: Id, seq: Seq, remindAt?: Date): Promise<void> {
  const body = remindAt ? { remind_at: remindAt.getTime() * 1_000 } : {};
  if (!(await take(session.client.api.call("PUT /spaces/{id}/messages/{seq}/saved", { id: space, seq, body })))) return;
  const words = remindAt ? m.remind_set({ when: moment(remindAt) }) : m.saved_done();
  toast(words, { action: { label: m.saved_open(), run: () => go(href("saved")) } });
}

export async function unsave(space: Id, seq: Seq): Promise<void> {
  if (await take(session.client.api.call("DELETE /spaces/{id}/messages/{seq}/saved", { id: space, seq }))) toast(m.saved_gone());
}

/** Tells whether it is kept: only then may the text leave the box. */
export async function schedule({ id, at, space, text, thread, also, files }: Omit<Scheduled, "refused">): Promise<boolean> {
  const body = { space, text, at, ...(thread !== undefined && { thread }), ...(also && { also }), ...(files?.length && { files: files.map((file) => file.id) }) };
  if (!(await take(session.client.api.call("PUT /scheduled/{id}", { id, body })))) return false;
  toast(m.schedule_set({ when: moment(at) }), { action: { label: m.saved_open(), run: () => go(href("scheduled")) } });
  return true;
}

export const unschedule = (id: string): Promise<boolean> => take(session.client.api.call("DELETE /scheduled/{id}", { id }));

export async function sendNow(id: string): Promise<boolean> {
  try {
    await session.client.api.call("POST /scheduled/{id}/send", { id });
    toast(m.schedule_sent());
    return true;
  } catch (error) {
    toast(wordsOf(error), { kind: "error" });
    return false;
  }
}

/** Why the house did not send it, in words. */
export function refusal(code: string): string {
  switch (code) {
    case "not_found":
    case "not_a_member":
      return m.schedule_refused_out();
    case "space_archived":
      return m.schedule_refused_archived();
    case "space_deleted":
      return m.schedule_refused_deleted();
    case "message_removed":
      return m.schedule_refused_removed();
    case "file_not_usable":
      return m.schedule_refused_files();
    case "everyone_not_allowed":
      return m.everyone_hosts_only();
    default:
      return m.schedule_refused();
  }
}
