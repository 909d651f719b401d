// Shows notifications while the app is open and out of sight, where the device is not told by push (push.svelte.ts).
// One tab of the device does it for all of them; a press on one opens the message (sw/push.ts).
import { href } from "../../app/nav.svelte";
import { nameOf, session } from "../../app/session.svelte";
import type { SpaceItem } from "../../engine/view";
import type { Activity, Id } from "../../engine/wire";
import { m } from "../../lib/i18n.svelte";
import { inUse, watchUse } from "../../lib/in-use";
import { oneLine } from "../../lib/words.svelte";
import { activityTitle, hrefOfActivity } from "../activity/about";
import { newest, newsOf, newsSince, seenOf, worthTelling, type News, type Seen } from "./news";
import { permission } from "./permission.svelte";
import { keepPush, push } from "./push.svelte";
import { isQuiet, parseQuiet, quietUntil } from "./quiet";

interface Words { title: string; body: string; tag: string; path: string }

/** Up to which words, in the server's time, a tab of this device has looked: the next one goes on from there. */
const LOOKED = "madang.looked";

/** Says that this tab is in sight, and watches for as long as it is the one that tells; answers how to stop. */
export function startNotifying(): () => void {
  const stop = new AbortController();
  const done = new Promise<void>((end) => stop.signal.addEventListener("abort", () => end()));
  void navigator.locks
    .request("madang-notifier", { signal: stop.signal }, async () => {
      const end = watch();
      await done;
      end();
    })
    .catch(() => undefined); // given up while it was waiting for its turn
  const stopUse = watchUse();
  return () => {
    stopUse();
    stop.abort();
  };
}

function watch(): () => void {
  const { client } = session;
  let seen: Map<Id, Seen> | undefined;
  let items: readonly SpaceItem[] = [];
  let kept: { quiet?: unknown; quiet_until?: unknown } | undefined;
  let unread: number | undefined;
  let since = Date.now() * 1000;
  // Showing and taking back, one after the other: what was read meanwhile is not shown afterwards.
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = (task: () => Promise<void>): void => void (turn = turn.then(task).catch(() => undefined));
  const waits = ({ space, last }: News): boolean => last.seq > (items.find((item) => item.key === space)?.read ?? 0);
  if (permission.on) void keepPush();

  const tell = async (all: Words[]) => {
    const now = new Date();
    if (!all.length || !permission.on || push.on || isQuiet(parseQuiet(kept?.quiet), now) || quietUntil(kept?.quiet_until, now) || (await inUse())) return;
    const registration = await navigator.serviceWorker.getRegistration();
    for (const { title, path, ...rest } of all) {
      // `renotify`: a second message of the same space takes the place of the first and is still heard.
      const options: NotificationOptions & { renotify: boolean } = { ...rest, renotify: true, icon: "/icons/mark-192.png", badge: "/icons/mark-192.png", data: { path } };
      await registration?.showNotification(title, options);
    }
  };

  const stops = [
    // Before the list, so that the hours are known when the first words are told.
    client.registers<NonNullable<typeof kept>>("settings", (settings) => (kept = settings)),
    client.spaces((next) => {
      const me = session.me?.id;
      if (!me) return;
      const news = seen ? newsOf(seen, next, me) : newsSince(began(), next, me);
      const before = items;
      seen = seenOf(next);
      items = next;
      looked(next);
      inTurn(() => takeBack(before, next));
      inTurn(() => tell(news.filter(waits).map(wordsOfNews)));
    }),
    client.registers<{ unread: number }>("activity", (activity) => {
      const more = (activity?.unread ?? 0) > (unread ?? Infinity);
      unread = activity?.unread ?? 0;
      if (more) void fromActivity();
    }),
  ];

  async function fromActivity(): Promise<void> {
    const from = since;
    const { items: lines } = await client.api.call("GET /activity").catch(() => ({ items: [] as Activity[] }));
    since = Math.max(since, ...lines.map((one) => one.at));
    const levels = new Map(items.map((item) => [item.key, item.level]));
    const titles = new Map(items.map((item) => [item.key, item.title]));
    const news = worthTelling(lines, from, (space) => levels.get(space)).reverse();
    inTurn(() => tell(news.map((one) => wordsOfActivity(one, titles.get(one.space)))));
  }

  return () => stops.forEach((end) => end());
}

/** Since when words are news to this tab: since it was opened, or since another tab looked last. */
const began = (): number => Math.max((performance.timeOrigin + session.state.skew) * 1_000, Number(localStorage.getItem(LOOKED)));

function looked(items: readonly SpaceItem[]): void {
  const now = newest(items);
  if (now > Number(localStorage.getItem(LOOKED))) localStorage.setItem(LOOKED, String(now));
}

/** What was read, here or on another device, needs no notification any more. */
async function takeBack(before: readonly SpaceItem[], after: readonly SpaceItem[]): Promise<void> {
  const waited = new Set(before.filter((item) => item.unread > 0).map((item) => item.key));
  const read = after.filter((item) => item.unread === 0 && waited.has(item.key));
  if (!read.length || !permission.on) return;
  const registration = await navigator.serviceWorker.getRegistration();
  for (const { key } of read) for (const one of (await registration?.getNotifications({ tag: key })) ?? []) one.close();
}

function wordsOfNews({ space, title, direct, mention, last }: News): Words {
  const who = nameOf(last.author);
  const where = direct && title === who ? who : `${who} · ${title}`;
  const body = oneLine(last.text) || (last.files ? m.chat_files({ count: last.files }) : m.message_forwarded());
  return { title: mention ? `${m.activity_mention({ who })} · ${title}` : where, body, tag: space, path: href("message", { space, seq: String(last.seq) }) };
}

function wordsOfActivity(one: Activity, space: string | undefined): Words {
  return { title: [activityTitle(one), space].filter(Boolean).join(" · "), body: one.text ? oneLine(one.text) : "", tag: `${one.space}/${one.seq}`, path: hrefOfActivity(one) };
}
