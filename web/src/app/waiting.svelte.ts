// What waits for the person, tab by tab: the numbers on the tabs, before the page's title and on the app's icon.
// Followed by the shell, whichever tab is open.
import { counts } from "../features/chats/filters";
import type { SpaceItem } from "../engine/view";
import type { TabName } from "./screens";
import { live } from "./session.svelte";

export const waiting = $state<Record<TabName, number>>({ chats: 0, calls: 0, help: 0, activity: 0, me: 0 });

/** What stands behind the tab of help, told by features/desk/start.ts: without anything it is not shown. */
export const helping = $state({ shown: false, agent: false });

export const waitingInAll = (): number => waiting.chats + waiting.activity;

/** Call while the shell starts. */
export function watchWaiting(chats: () => readonly SpaceItem[]): void {
  const activity = live<{ unread: number } | undefined>((client, give) => client.registers<{ unread: number }>("activity", give));
  $effect(() => {
    waiting.chats = counts(chats());
  });
  $effect(() => {
    waiting.activity = activity.value?.unread ?? 0;
  });
  $effect(() => {
    const all = waitingInAll();
    // Where the app is not installed there is no icon to write on.
    void (all ? navigator.setAppBadge?.(all) : navigator.clearAppBadge?.())?.catch(() => undefined);
  });
}
