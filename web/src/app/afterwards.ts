// What begins once the first screen stands, and is not needed for it: the keys of every screen, the picture of the
// screen for the next start, notifications, calls, desks. One file for all of them.
import { startCalls } from "../features/calls/start";
import { startDesks } from "../features/desk/start";
import { startNotifying } from "../features/notifications/notify";
import type { SpaceItem } from "../engine/view";
import { startGlimpses } from "./glimpse-take";
import { startShortcuts } from "./shortcuts";

/** Answers how to stop all of it. */
export function startTheRest(chats: () => readonly SpaceItem[]): () => void {
  const stops = [startShortcuts(chats), startGlimpses(), startNotifying(), startCalls(), startDesks()];
  return () => stops.forEach((stop) => stop());
}
