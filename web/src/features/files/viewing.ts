// What can be looked at one after the other: all pictures and films of the rows at hand, or all documents. Pure.
import type { FileRef, Id, Seq } from "../../engine/wire";
import type { Line } from "../space/lines";
import { lookOf } from "./kinds";

/** `seq` is 0 while its message is only on this device. */
export interface Viewed { file: FileRef; space: Id; seq: Seq; author: Id; /** Microseconds since 1970. */ at: number }

export const isMedia = (file: FileRef): boolean => ["picture", "video"].includes(lookOf(file) ?? "");

/** Those that are looked at together with this one, in their order. */
export function companions(all: readonly Viewed[], file: FileRef): Viewed[] {
  const media = isMedia(file);
  return all.filter((it) => it.file.id === file.id || (lookOf(it.file) && isMedia(it.file) === media));
}

/** A file of a reply that was also sent to the space stands there twice, and is shown once. */
export function filesOf(lines: readonly Line[], space: Id): Viewed[] {
  const found = new Map<Id, Viewed>();
  for (const line of lines) {
    if (line.kind !== "message" || line.shown.row.removed) continue;
    const { seq, author, at, files = [] } = line.shown.row;
    const coming = new Set(line.shown.send?.uploads?.map(({ key }) => key));
    for (const file of files) if (!coming.has(file.id)) found.set(file.id, { file, space, seq, author, at });
  }
  return [...found.values()];
}
