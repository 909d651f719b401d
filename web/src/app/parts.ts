// Parts of the app that come in files of their own, over a line that may break. What a screen shows by itself is
// fetched until it is there; what a person asked for is given up after a few seconds, with a word.
import { m } from "../lib/i18n.svelte";
import { toast } from "../ui/toasts.svelte";

const LONGEST = 30_000;
/** How often something that was asked for is tried before it is given up. */
const TRIES = 3;

// A style sheet that did not come is taken out: the build's loader would take it for one that is there.
globalThis.document?.addEventListener("error", ({ target }) => target instanceof HTMLLinkElement && target.rel === "stylesheet" && target.remove(), true);

/** Resolves after a pause that grows with the number of failures, or as soon as the network or the page is back. */
export function pause(failures: number): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      for (const name of ["online", "pageshow"]) globalThis.removeEventListener?.(name, done);
      resolve();
    };
    const timer = setTimeout(done, Math.min(LONGEST, 500 * 2 ** failures));
    for (const name of ["online", "pageshow"]) globalThis.addEventListener?.(name, done);
  });
}

/** Resolves in another task: a screen that is made in one go leaves no press in between on a slow phone. */
export const nextTask = (): Promise<unknown> => (globalThis as { scheduler?: { yield?(): Promise<void> } }).scheduler?.yield?.() ?? new Promise((next) => setTimeout(next));

/** `{#await part(() => import("./SpaceMenu.svelte")) then …}`: comes sooner or later. */
export async function part<T>(load: () => Promise<T>): Promise<T> {
  for (let failures = 0; ; failures++) {
    try {
      return await load();
    } catch {
      await pause(failures);
    }
  }
}

/** The same for what a person asked for: if it does not come soon, that is said and `close` is called. */
export async function wanted<T>(load: () => Promise<T>, close: () => void): Promise<T> {
  for (let failures = 0; failures < TRIES; failures++) {
    try {
      return await load();
    } catch {
      if (failures + 1 < TRIES) await pause(failures);
    }
  }
  toast(m.error_offline(), { kind: "error" });
  close();
  // Whoever waits for it has just been closed.
  return new Promise<never>(() => {});
}

/** Starts something once its code has come; answers how to stop it, whether it has or not. */
export function whenThere<T>(load: () => Promise<T>, start: (code: T) => () => void): () => void {
  let stop: (() => void) | undefined;
  let ended = false;
  void part(load).then((there) => {
    if (!ended) stop = start(there);
  });
  return () => {
    ended = true;
    stop?.();
  };
}
