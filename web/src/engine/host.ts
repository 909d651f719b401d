// Finds the engine a place to run: the SharedWorker, or else one of the pages (in-page.ts).
import { livingLock } from "./life";
import { messagePort } from "./ports";
import type { EnginePort } from "./remote";
import { takeWorker } from "./spawn";

const LONGEST = 30_000;

export type Attach = (port: EnginePort) => void;

/** Gives a port to the engine, and another whenever the engine has moved. */
export async function openEngine(attach: Attach): Promise<void> {
  const { locks } = navigator as { locks?: LockManager };
  if (typeof SharedWorker === "function") {
    try {
      return openWorker(attach, locks);
    } catch {
      // Workers are forbidden here: the page will do.
    }
  }
  const { openInPage } = await import("./in-page");
  await openInPage(attach);
}

function openWorker(attach: Attach, locks: LockManager | undefined, failures = 0): void {
  const worker = takeWorker();
  // Its script did not come: what is asked meanwhile is asked again of the next one.
  worker.onerror = () => void setTimeout(() => openWorker(attach, locks, failures + 1), Math.min(LONGEST, 500 * 2 ** failures));
  const port: EnginePort = messagePort(worker.port);
  if (locks) void livingLock(locks).then((name) => port.send({ t: "lock", name }));
  attach(port);
}
