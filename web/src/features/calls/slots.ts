// Which of the few places where video is received shows whom. Pure. A place keeps whom it shows as long as they are
// wanted: every change of a place costs its viewer a keyframe.
import type { Id, Slot, TrackName, Want } from "../../engine/wire";

/** Why nothing is shown of somebody who is wanted; `key`: it cannot be opened yet. */
export type Missing = NonNullable<Slot["why"]> | "key";

/** Somebody's picture that is in sight: how high it is drawn, in device pixels, and how much it matters (0 to 3). */
export interface Sight { track: TrackName; height: number; priority: number }

/** Several tiles may show the same track: the largest and the most important of them count. */
export function gathered(sights: Iterable<Sight>): Sight[] {
  const all = new Map<TrackName, Sight>();
  for (const sight of sights) {
    const known = all.get(sight.track);
    all.set(sight.track, {
      track: sight.track,
      height: Math.max(sight.height, known?.height ?? 0),
      priority: Math.max(sight.priority, known?.priority ?? 0),
    });
  }
  return [...all.values()];
}

/** All places with what they shall show: the most important tracks, each where it was if it was anywhere. */
export function assign(mids: readonly string[], before: readonly Want[], sights: readonly Sight[]): Want[] {
  const wanted = [...sights].sort((a, b) => b.priority - a.priority || b.height - a.height).slice(0, mids.length);
  const kept = new Map<string, Sight>();
  const placed = new Set<TrackName>();
  for (const { mid, track } of before) {
    const sight = wanted.find((it) => it.track === track);
    if (!sight || placed.has(sight.track) || !mids.includes(mid)) continue;
    kept.set(mid, sight);
    placed.add(sight.track);
  }
  const waiting = wanted.filter(({ track }) => !placed.has(track));
  return mids.map((mid) => {
    const sight = kept.get(mid) ?? waiting.shift();
    return sight ? { mid, track: sight.track, height: Math.round(sight.height), priority: sight.priority } : { mid, track: null, height: 0, priority: 0 };
  });
}

/** Heights are told in steps: a window that is dragged larger does not ask anew for every pixel. */
export const step = (height: number): number => Math.max(90, Math.ceil(height / 90) * 90);

export const sameWants = (a: readonly Want[], b: readonly Want[]): boolean =>
  a.length === b.length && a.every((it, i) => it.mid === b[i]?.mid && it.track === b[i].track && it.height === b[i].height && it.priority === b[i].priority);

/** Where each track is received, and why a wanted one is not. */
export function bound(slots: readonly Slot[], wanted: readonly Want[]): { at: Map<TrackName, string>; why: Map<TrackName, Missing> } {
  const at = new Map<TrackName, string>();
  const why = new Map<TrackName, Missing>();
  for (const { mid, track, why: reason } of slots) {
    const meant = track ?? wanted.find((it) => it.mid === mid)?.track;
    if (meant && reason) why.set(meant, reason);
    else if (track) at.set(track, mid);
  }
  return { at, why };
}

/** Whether a picture is shown as this track. In a sealed call its key says whose it is (`sender`; none is known yet or
    in an open call): it stands under nobody else's name, whatever the server says. */
export const mayStand = (track: TrackName, sender: Id | null | undefined): boolean => !sender || track.startsWith(`${sender}/`);
