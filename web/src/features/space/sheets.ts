// Lines stand in sheets, each a layer of its own on a phone: what comes above moves the sheets below, and none of them is
// painted again. Pure.
import type { Seq } from "../../engine/wire";
import { seqOf, type Line } from "./lines";

export type Sheet = { id: number; lines: Line[] };

/** So many places of the log are a sheet. */
const SPAN = 2;

/** A line stands in the same sheet whatever comes and goes around it. What has no place of its own, as a day, goes with what
 *  follows. What came after `end` stands in the last sheet, where it stood while it was sent. */
export function sheetsOf(lines: readonly Line[], end: Seq): Sheet[] {
  const sheets: Sheet[] = [];
  let held: Line[] = [];
  for (const line of lines) {
    held.push(line);
    const seq = seqOf(line);
    if (seq === undefined && line !== lines.at(-1)) continue;
    const id = Math.floor(Math.min(seq ?? 0, end) / SPAN);
    const now = sheets.at(-1);
    // What is not sent yet has no place (0), and stands at the end.
    if (now && id <= now.id) now.lines.push(...held);
    else sheets.push({ id, lines: held });
    held = [];
  }
  return sheets;
}

/** Where the sheet of the line at this place begins: above, lines come and go by whole sheets. */
export function beginOf(lines: readonly Line[], at: number): number {
  const sheet = numberOf(lines, at);
  while (at > 0 && numberOf(lines, at - 1) === sheet) at--;
  return at;
}

function numberOf(lines: readonly Line[], at: number): number | undefined {
  for (let next = at; next < lines.length; next++) {
    const seq = seqOf(lines[next]!);
    if (seq !== undefined) return Math.floor(seq / SPAN);
  }
  return undefined;
}
