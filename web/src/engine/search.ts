// Finding among what this device holds: at once, without the network, the newest first. Only message texts;
// names are known to the page, and everything else is asked of the server.
import { fold } from "../lib/search/fold";
import type { Session } from "./session";
import type { Id, MessageRow, Row } from "./wire";

/** A message that is held here. */
export interface Held { space: Id; row: Row }

/** As many are enough until the server has answered. */
const MOST = 50;

/** The newest held messages in whose texts all words stand. */
export async function searchHeld(session: Session, words: readonly string[]): Promise<Held[]> {
  const wanted = words.map(fold);
  if (!wanted.length) return [];
  const found: Held[] = [];
  for (const space of session.spaces.all().map((it) => it.log.space)) {
    const pages = await session.pages.from(space, 0);
    let here = 0;
    for (const page of pages.sort((a, b) => b.page - a.page)) {
      for (const row of [...page.rows].reverse()) {
        if (row.type !== "message" || (row as MessageRow).removed) continue;
        const text = fold((row as MessageRow).text);
        if (!wanted.every((word) => text.includes(word))) continue;
        found.push({ space, row });
        here += 1;
      }
      if (here >= MOST) break;
    }
  }
  return found.sort((a, b) => b.row.at - a.row.at).slice(0, MOST);
}
