// What is worth a notification: read off the list of spaces as it was and as it is, and off new activity. Pure.
// How much a person wants to hear of a space is obeyed here; quiet hours and the device in use are not known here.
import type { SpaceItem } from "../../engine/view";
import type { Activity, Id, Last, Level, Seq } from "../../engine/wire";

/** What was known of a space when the list was last looked at. */
export interface Seen { last: Seq; mentions: number }

export interface News { space: Id; title: string; direct: boolean; mention: boolean; last: Last }

export const seenOf = (items: readonly SpaceItem[]): Map<Id, Seen> =>
  new Map(items.map((item) => [item.key, { last: item.last?.seq ?? 0, mentions: item.mentions }]));

/** New words of others, one line a space. A space that was not there before says nothing: its history is old. */
export function newsOf(before: ReadonlyMap<Id, Seen>, items: readonly SpaceItem[], me: Id): News[] {
  const news: News[] = [];
  for (const item of items) {
    const seen = before.get(item.key);
    const { last } = item;
    if (!seen || !last || last.removed || last.author === me || last.seq <= seen.last || last.seq <= item.read) continue;
    const mention = item.mentions > seen.mentions;
    if (!wanted(item.level, mention)) continue;
    news.push({ space: item.key, title: item.title, direct: item.summary.kind === "direct", mention, last });
  }
  return news;
}

/** The same for a list that is looked at for the first time: words since then. That the person is named counts where all that is unread names them. */
export function newsSince(then: number, items: readonly SpaceItem[], me: Id): News[] {
  const fresh = items.filter(({ last }) => last && last.at > then);
  const before = fresh.map((item): [Id, Seen] => [item.key, { last: item.last!.seq - 1, mentions: item.mentions - (item.mentions === item.unread ? 1 : 0) }]);
  return newsOf(new Map(before), items, me);
}

/** The server's time of the newest words in a list. */
export const newest = (items: readonly SpaceItem[]): number => Math.max(0, ...items.map((item) => item.last?.at ?? 0));

const wanted = (level: Level, named: boolean): boolean => level === "everything" || (level === "mentions" && named);

/** Activity that the list of spaces does not show: what happened in threads, reminders, being added. */
export function worthTelling(items: readonly Activity[], since: number, levelOf: (space: Id) => Level | undefined): Activity[] {
  return items.filter((one) => {
    if (one.at <= since || one.kind === "reaction") return false;
    const level = levelOf(one.space) ?? "everything";
    if (one.kind === "added" || one.kind === "due" || one.kind === "assigned") return true;
    if (one.kind === "reminder" || one.kind.startsWith("meeting_")) return level !== "nothing";
    // A reply that was also sent to the space is told by the list.
    return one.thread !== undefined && !one.also && wanted(level, one.kind !== "reply");
  });
}
