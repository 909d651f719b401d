// How long a page lives, told by a lock that it holds.

/** Holds a lock as long as this page lives, so that the engine learns of its end. Gives the lock's name. */
export function livingLock(locks: LockManager): Promise<string> {
  const name = `madang-tab-${crypto.getRandomValues(new Uint32Array(4)).join("-")}`;
  return new Promise((resolve) => {
    void locks.request(name, () => {
      resolve(name);
      return new Promise(() => {});
    });
  });
}
