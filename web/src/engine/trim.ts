// Keeps the device's share of pages small: what nobody has looked at for 30 days goes, and beyond a number
// of pages the longest unseen ones. Pages are a cache; the server has them all.
import type { Store } from "./store";

const AGE = 30 * 86_400_000;
/** About 200 MB at 20 KB a page. */
const MOST = 10_000;

export async function trim(store: Store, now: number): Promise<void> {
  const wanted = (await store.wanted()).sort((a, b) => b.at - a.at);
  const keys = wanted.filter(({ at }, i) => i >= MOST || now - at > AGE).map(({ space, page }) => [space, page]);
  if (keys.length === 0) return;
  await store.remove("pages", ...keys);
  await store.remove("wanted", ...keys);
}
