// What a browser keeps of a house on its disk: for stories that promise that something is gone.

/** The pages, summaries and glimpses that the device holds of a space, as `["pages", "spaces", "screens"]`. */
export const keptOf = (page, space) =>
  page.evaluate(async (space) => {
    const found = [];
    for (const { name } of await indexedDB.databases()) {
      const db = await new Promise((fine, broken) => {
        const asked = indexedDB.open(name);
        asked.onsuccess = () => fine(asked.result);
        asked.onerror = () => broken(asked.error);
      });
      for (const store of db.objectStoreNames) {
        const rows = await new Promise((fine, broken) => {
          const asked = db.transaction(store).objectStore(store).getAll();
          asked.onsuccess = () => fine(asked.result);
          asked.onerror = () => broken(asked.error);
        });
        // Registers say that one is out, and nothing else of the space.
        if (store !== "registers" && rows.some((one) => one && (one.space === space || one.id === space || one.spaces?.includes(space)))) found.push(store);
      }
      db.close();
    }
    return found;
  }, space);

/** Waits until the device holds nothing of a space. */
export async function keepsNothingOf(page, space) {
  const until = Date.now() + 10_000;
  for (;;) {
    const found = await keptOf(page, space);
    if (!found.length) return;
    if (Date.now() > until) throw new Error(`the device still holds ${found.join(", ")} of the space`);
    await page.evaluate(() => new Promise((next) => requestIdleCallback(next)));
  }
}

/** Names of the databases of the device that hold a row. */
export const databases = (page) => page.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name));
