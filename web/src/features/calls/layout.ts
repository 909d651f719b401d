// How the tiles of a call share the room there is. Pure.
import type { Call, Id, Participant, Source, TrackName } from "../../engine/wire";

export interface Seat {
  key: TrackName;
  participant: Participant;
  source: Extract<Source, "camera" | "screen">;
}

export const trackOf = (participant: Id, source: Source): TrackName => `${participant}/${source}`;

/** Screens first, one's own among them, then the others in the order in which they came. */
export function seats(call: Call, me: Id): Seat[] {
  // Of a program that sends there is its screen, of one that shows nothing to see.
  const others = call.participants.filter(({ id, program }) => id !== me && !program);
  const seat = (participant: Participant, source: Seat["source"]): Seat => ({ key: trackOf(participant.id, source), participant, source });
  const screens = call.participants.filter(({ screen }) => screen).map((it) => seat(it, "screen"));
  return [...screens, ...others.map((it) => seat(it, "camera"))];
}

/** Which seats are on the page of a grid; who speaks or has a hand up is on the first one. */
export function page(all: readonly Seat[], most: number, at: number, speaker?: Id): { shown: Seat[]; pages: number } {
  const pages = Math.max(1, Math.ceil(all.length / most));
  const first = all.slice(0, most);
  const late = all.slice(most).filter(({ participant, source }) => source === "camera" && (participant.id === speaker || participant.hand !== undefined));
  if (at > 0 || !late.length) return { shown: all.slice(at * most, (at + 1) * most), pages };
  const guests = late.slice(0, Math.max(1, Math.floor(most / 2)));
  // They take the last places, so that nobody else moves.
  return { shown: [...first.slice(0, most - guests.length), ...guests], pages };
}

/** Who stands large: a pinned one, else a screen, else who speaks, else who stood there before. */
export function main(all: readonly Seat[], { pinned, speaker, before }: { pinned?: TrackName | undefined; speaker?: Id | null | undefined; before?: TrackName | undefined }): Seat | undefined {
  return (
    all.find(({ key }) => key === pinned) ??
    all.find(({ source }) => source === "screen") ??
    all.find(({ participant }) => participant.id === speaker) ??
    all.find(({ key }) => key === before) ??
    all[0]
  );
}

/** Columns and rows in which that many tiles of 4:3 to 16:9 are largest. */
export function grid(count: number, width: number, height: number): { columns: number; rows: number } {
  let best = { columns: 1, rows: Math.max(1, count) };
  let most = 0;
  for (let columns = 1; columns <= Math.max(1, count); columns++) {
    const rows = Math.ceil(count / columns);
    const w = width / columns;
    const h = height / rows;
    // A face needs no more than 16:9 across, and no more than 3:4 down.
    const seen = Math.min(w, (h * 16) / 9) * Math.min(h, (w * 4) / 3);
    // A last row that is half empty wastes room.
    const area = seen * (count / (columns * rows));
    if (area > most * 1.001) [best, most] = [{ columns, rows }, area];
  }
  return best;
}
