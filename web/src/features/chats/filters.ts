// Which chats a filter keeps, and which of them wait for the person. Pure.
import type { SpaceItem } from "../../engine/view";
import { m } from "../../lib/i18n.svelte";

export const filters = ["all", "unread", "spaces", "direct"] as const;
export type Filter = (typeof filters)[number];
export const filterNames = { all: m.filter_all, unread: m.filter_unread, spaces: m.filter_spaces, direct: m.filter_direct } as const;

/** A muted chat waits only when it names the person; of one with mentions only, only mentions count. */
export function isWaiting(item: SpaceItem): boolean {
  return item.level === "everything" ? item.unread > 0 || item.mentions > 0 : item.mentions > 0;
}

export function keeps(filter: Filter, item: SpaceItem): boolean {
  if (filter === "unread") return item.unread > 0 || item.mentions > 0 || item.failed > 0;
  if (filter === "spaces") return item.summary.kind !== "direct";
  return filter === "all" || item.summary.kind === "direct";
}

/** Archived and deleted chats stand apart, below the others. */
export const isAside = ({ summary }: SpaceItem): boolean => summary.archived === true || summary.deleted_until !== undefined;

/** Whether the words of a search are in its name, whatever their order and case. */
export function fits(item: SpaceItem, query: string): boolean {
  const title = item.title.toLocaleLowerCase();
  return query.toLocaleLowerCase().split(/\s+/).every((word) => title.includes(word));
}

export const counts = (items: readonly SpaceItem[]): number => items.filter(isWaiting).length;
