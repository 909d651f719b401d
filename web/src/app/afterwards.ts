// What begins once the first screen stands, and is not needed for it: the keys of every screen, the picture of the
// screen for the next start, notifications, calls, desks, apps. One file for all of them.
import { startApps } from "../features/apps/start";
import { startCalls } from "../features/calls/start";
import { startDesks } from "../features/desk/start";
import { startNotifying } from "../features/notifications/notify";
import type { SpaceItem } from "../engine/view";
import { startGlimpses } from "./glimpse-take";
import { startShortcuts } from "./shortcuts";

/** Answers how to stop all of it. */
export function startTheRest(chats: () => readonly SpaceItem[]): () => void {
  const stops = [startShortcuts(chats), startGlimpses(), startNotifying(), startCalls(), startDesks(), startApps()];
  return () => stops.forEach((stop) => stop());
}
