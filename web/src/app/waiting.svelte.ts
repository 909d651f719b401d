// What waits for the person, tab by tab: the numbers on the tabs and on the app's icon. Features set them.
import type { TabName } from "./screens";

export const waiting = $state<Record<TabName, number>>({ chats: 0, activity: 0, me: 0 });
