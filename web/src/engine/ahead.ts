// The chats at the top open sooner than the database answers: their pages are in memory before they are pressed.
import { pageOf } from "./fold";
import type { Pages } from "./pages";
import type { Spaces } from "./spaces";

/** About as many as a screen shows. */
const CHATS = 12;

export async function readAhead(spaces: Spaces, pages: Pages, ended: () => boolean): Promise<void> {
  for (const { log, tally } of spaces.newest(CHATS)) {
    const end = pageOf(log.high);
    const begin = tally.unread > 0 ? pageOf(Math.min(tally.seq + 1, log.high)) : end;
    for (const page of new Set([begin, end, end - 1])) {
      if (ended()) return;
      if (page >= 0) await pages.held(log.space, page);
    }
  }
}
