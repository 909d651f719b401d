// The `/` commands of the house: what they are called in both languages, and what they do. Fetched when a line begins
// with a slash.
import { tick } from "svelte";
import { go, href } from "../../app/nav.svelte";
import { session, wordsOf } from "../../app/session.svelte";
import { m } from "../../lib/i18n.svelte";
import { spoken } from "../../lib/when";
import { toast } from "../../ui/toasts.svelte";
import { apps, loadApps, runCommand } from "../apps/apps.svelte";
import { stamp } from "../blocks/ids";
import { save } from "../later/later.svelte";
import { cannedFor } from "../desk/order";
import type { Conversation } from "./conversation.svelte";
import { schedule, sendToConfirm } from "./ways";

interface Command {
  /** The first is shown; all are understood. */
  names: readonly string[];
  hint: () => string;
  /** Whether it is of use here. */
  here?: (talk: Conversation) => boolean;
  /** `rest` is what was written after the name. */
  run: (talk: Conversation, rest: string) => void | Promise<void>;
}

const runs = (talk: Conversation): boolean => talk.item()?.summary.kind !== "direct" && !talk.deeds;

/** The box holds the rest of the line, and what is made of it is asked. */
async function make(talk: Conversation, what: "poll" | "checklist" | "schedule", rest: string): Promise<void> {
  if (rest) talk.quoted = rest;
  await tick();
  if (what === "schedule") schedule(talk);
  else talk.making = what;
}

function remind(talk: Conversation, rest: string): void {
  const last = talk.item()?.last?.seq;
  const at = spoken(rest.trim(), new Date());
  if (!last) toast(m.command_no_message());
  else if (!at) toast(m.command_remind_how());
  else void save(talk.space, last, at);
}

async function topic(talk: Conversation, rest: string): Promise<void> {
  try {
    await session.client.api.call("PATCH /spaces/{id}", { id: talk.space, body: { description: rest } });
    toast(m.command_topic_done());
  } catch (error) {
    toast(wordsOf(error), { kind: "error" });
  }
}

const commands: readonly Command[] = [
  { names: ["poll", "투표"], hint: m.command_poll, run: (talk, rest) => make(talk, "poll", rest) },
  { names: ["checklist", "할일"], hint: m.command_checklist, run: (talk, rest) => make(talk, "checklist", rest) },
  { names: ["schedule", "예약"], hint: m.command_schedule, run: (talk, rest) => make(talk, "schedule", rest) },
  { names: ["remind", "알림"], hint: m.command_remind, run: remind },
  { names: ["confirm", "확인"], hint: m.command_confirm, run: async (talk, rest) => { if (rest) talk.quoted = rest; await tick(); sendToConfirm(talk); } },
  { names: ["voice", "음성"], hint: m.command_voice, run: (talk) => void (talk.making = "voice") },
  { names: ["invite", "초대"], hint: m.command_invite, here: runs, run: (talk) => go(href("spacePeople", { space: talk.space })) },
  { names: ["topic", "주제"], hint: m.command_topic, run: topic },
  { names: ["now", "상황"], hint: m.command_now, run: (talk) => go(href("spaceStanding", { space: talk.space })) },
  { names: ["pins", "고정"], hint: m.command_pins, run: (talk) => go(href("spacePins", { space: talk.space })) },
  { names: ["files", "파일"], hint: m.command_files, run: (talk) => go(href("spaceFiles", { space: talk.space })) },
  { names: ["note", "메모"], hint: m.command_note, here: (talk) => !!talk.deeds, run: async (talk, rest) => { talk.note = true; if (rest) talk.quoted = rest; await tick(); } },
  { names: ["close", "종료"], hint: m.command_close, here: (talk) => !!talk.deeds, run: (talk) => talk.deeds?.ask("close") },
  { names: ["snooze", "미루기"], hint: m.command_snooze, here: (talk) => !!talk.deeds, run: (talk) => talk.deeds?.ask("snooze") },
  { names: ["transfer", "넘기기"], hint: m.command_transfer, here: (talk) => !!talk.deeds, run: (talk) => talk.deeds?.ask("transfer") },
  { names: ["leave", "나가기"], hint: m.command_leave, here: runs, run: (talk) => void (talk.making = "leave") },
];

/** What apps answer to; the house's own names go before theirs, where they mean something. */
const ofApps = (talk: Conversation): Command[] =>
  apps.list.flatMap((app) =>
    app.commands.map(({ command, description, usage_hint: usage }): Command => ({
      names: [command.replace(/^\//, "")],
      hint: () => [usage, description, app.name].filter(Boolean).join(" · "),
      here: (talk) => !talk.deeds,
      run: (talk, rest) => runCommand(talk.space, command, rest, talk.root && stamp(talk.root.row.at)),
    })),
  ).filter((one) => !commands.some((own) => (own.here?.(talk) ?? true) && own.names.includes(one.names[0] ?? "")));

/** Those that a beginning may stand for, in this conversation; none when it is whole, and Enter does it. */
export function commandsFor(talk: Conversation, word: string): readonly Command[] {
  const fits = [...commands, ...ofApps(talk)].filter((one) => (one.here?.(talk) ?? true) && one.names.some((name) => name.startsWith(word.toLowerCase())));
  return fits.some((one) => one.names.includes(word.toLowerCase())) ? [] : fits;
}

/** Resolves when it is known what apps there are, or that it cannot be known. */
export const known = loadApps;

/** Replies that are kept, whose name has what was typed. */
export const repliesFor = (talk: Conversation, word: string): readonly { name: string; text: string }[] => cannedFor(talk.replies?.() ?? [], word);

/** Does what a line says that begins with a slash; false if it is no command, and a message like any other. */
export async function run(talk: Conversation, line: string): Promise<boolean> {
  const [, name = "", rest = ""] = /^\/(\S+)\s*([\s\S]*)$/.exec(line) ?? [];
  const named = (all: readonly Command[]) => all.find((one) => one.names.includes(name.toLowerCase()) && (one.here?.(talk) ?? true));
  let command = named(commands);
  if (!command && name) {
    await loadApps();
    command = named(ofApps(talk));
  }
  if (!command) return false;
  talk.box?.empty();
  void command.run(talk, rest);
  return true;
}
