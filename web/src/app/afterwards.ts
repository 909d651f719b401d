// What begins once the first screen stands, and is not needed for it: the keys of every screen, the picture of the
// screen for the next start, notifications, calls, desks, apps. One file for all of them.
// What a conversation shows around its messages is fetched while nothing is done, so that none has to wait for it.
import { startApps } from "../features/apps/start";
import { startCalls } from "../features/calls/start";
import { startDesks } from "../features/desk/start";
import { startNotifying } from "../features/notifications/notify";
import type { SpaceItem } from "../engine/view";
import { fetchAhead } from "./Lazy.svelte";
import { space } from "./screens";
import { startGlimpses } from "./glimpse-take";
import { startShortcuts } from "./shortcuts";

function startParts(): () => void {
  const parts = [() => import("../features/space/SpaceActions.svelte"), () => import("../features/space/SpaceTop.svelte"), () => import("../features/files/Attach.svelte"), () => import("../features/space/NoticeLine.svelte")];
  const load = (): void => {
    // What does not come now comes when it is needed.
    for (const one of [() => fetchAhead(space), ...parts]) one().catch(() => {});
  };
  if (!globalThis.requestIdleCallback) return load(), () => {};
  const asked = requestIdleCallback(load);
  return () => cancelIdleCallback(asked);
}

/** Answers how to stop all of it. */
export function startTheRest(chats: () => readonly SpaceItem[]): () => void {
  const stops = [startShortcuts(chats), startGlimpses(), startNotifying(), startCalls(), startDesks(), startApps(), startParts()];
  return () => stops.forEach((stop) => stop());
}
